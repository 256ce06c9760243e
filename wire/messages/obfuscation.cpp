#include "wire/messages/obfuscation.hpp"

#include <algorithm>
#include <bit>

namespace irislink::wire {
namespace {

constexpr unsigned key = 0xA7;

std::uint8_t scramble(unsigned low, std::size_t k) noexcept {
    return std::rotl(static_cast<std::uint8_t>((low ^ key) + k), 5);
}

std::uint8_t unscramble(unsigned low, std::size_t k) noexcept {
    const unsigned t = std::rotr(static_cast<std::uint8_t>(low), 5);
    return static_cast<std::uint8_t>((t - k) & 0xFFU) ^ key;
}

void wipe(byte_buffer& buffer) noexcept {
    if (!buffer.empty()) secure_zero(buffer.data(), buffer.size());
}

} // namespace

void write_obfuscated(writer& out, std::string_view utf8) {
    if (utf8.empty()) {
        out.null();
        return;
    }
    const bool wide = out.format().unicode;
    byte_buffer plain;
    plain.reserve(2 * utf8.size()); // no reallocation, so no unwiped copy is left behind
    const bool valid = wide ? append_utf16(plain, utf8) : append_charset(plain, utf8, out.format().locale);
    if (!valid) {
        wipe(plain);
        out.fail(wire_errc::bad_text);
        return;
    }
    const std::size_t width = wide ? 2 : 1;
    const std::size_t units = plain.size() / width;
    byte_buffer scrambled(plain.size());
    bool narrow = true;
    for (std::size_t i = 0; i < units; ++i) {
        const std::size_t k = units - 1 - i;
        scrambled[k * width] = static_cast<std::byte>(scramble(std::to_integer<unsigned>(plain[i * width]), k));
        if (wide) {
            scrambled[k * 2 + 1] = plain[i * 2 + 1];
            narrow = narrow && plain[i * 2 + 1] == std::byte{0};
        }
    }
    wipe(plain);
    // One zero byte would read back as the empty string ("§" scrambles to it); UTF-16 keeps it.
    if (units == 1 && scrambled[0] == std::byte{0}) narrow = false;
    if (wide && narrow) {
        for (std::size_t i = 0; i < units; ++i) scrambled[i] = scrambled[2 * i];
        scrambled.resize(units);
    }
    out.item_bytes(wide && !narrow ? item_code::text16 : item_code::text8, scrambled);
    wipe(scrambled);
}

secret read_obfuscated(reader& in) {
    const auto field = in.next();
    if (in.failed() || field.is_null()) return {};
    if (field.code != item_code::text8 && field.code != item_code::text16) {
        in.fail(wire_errc::bad_value);
        return {};
    }
    if (field.is_empty_text()) {
        // One zero byte is the empty string; an 8-bit scrambled character that happens to be 00 (the
        // character A7) cannot be told from it.
        return {};
    }
    const std::size_t width = field.code == item_code::text16 ? 2 : 1;
    if (field.data.size() % width != 0) {
        in.fail(wire_errc::bad_text);
        return {};
    }
    const std::size_t units = field.data.size() / width;
    byte_buffer plain(field.data.size());
    for (std::size_t k = 0; k < units; ++k) {
        const std::size_t i = units - 1 - k;
        plain[i * width] = static_cast<std::byte>(unscramble(std::to_integer<unsigned>(field.data[k * width]), k));
        if (width == 2) plain[i * 2 + 1] = field.data[k * 2 + 1];
    }
    std::string text;
    text.reserve(3 * units + 1);
    bool valid = true;
    if (width == 2) {
        valid = append_utf8_from_utf16(text, plain);
    } else {
        append_utf8(text, plain, in.format().locale);
    }
    wipe(plain);
    if (!valid) in.fail(wire_errc::bad_text);
    secret out(text);
    secure_zero(text.data(), text.size());
    return out;
}

void write_secret_text(writer& out, std::string_view utf8) {
    const auto narrow = fits_latin1(utf8);
    if (!narrow || utf8.empty()) { // the writer's own rules for malformed and empty text
        out.text(utf8);
        return;
    }
    const bool nul = utf8.size() == 1 && utf8.front() == '\0';
    const bool wide = out.format().unicode && (!*narrow || nul);
    byte_buffer plain;
    plain.reserve(2 * utf8.size());
    const auto set = out.format().unicode ? charset::latin1 : out.format().locale;
    const bool valid = wide ? append_utf16(plain, utf8) : append_charset(plain, utf8, set);
    if (!valid) out.fail(wire_errc::bad_text);
    out.item_bytes(wide ? item_code::text16 : item_code::text8, plain);
    wipe(plain);
}

secret read_secret_text(reader& in) {
    const auto field = in.next();
    if (in.failed() || field.is_null()) return {};
    std::string text;
    text.reserve(3 * field.data.size() + 64); // no reallocation; 64: digits of a number
    const auto got = to_text(field, in.format(), text);
    if (got != coercion::ok) in.fail(wire_errc::bad_text);
    secret out(text);
    secure_zero(text.data(), text.size());
    return out;
}

} // namespace irislink::wire
