#include "odbc/text/text.hpp"

#include <algorithm>
#include <cstring>

#include "driver/config/value_builder.hpp"
#include "wire/codec/charset.hpp"

namespace irislink::odbc {
namespace {

constexpr char32_t replacement = 0xFFFD;

constexpr bool is_high(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}

constexpr bool is_low(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

// iODBC's are signed.
constexpr std::uint32_t unit_of(SQLWCHAR unit) {
    return static_cast<std::uint32_t>(unit);
}

template <class Char> std::size_t length_of(const Char* text, SQLLEN length) {
    if (text == nullptr) return 0;
    if (length == SQL_NTS) {
        std::size_t count = 0;
        while (text[count] != 0) ++count;
        return count;
    }
    if (length < 0) fail("HY090", "The text length " + std::to_string(length) + " is negative");
    // Some programs (Qt 6 up to 6.5) count the terminator into the length.
    auto count = static_cast<std::size_t>(length);
    while (count > 0 && text[count - 1] == 0) --count;
    return count;
}

// One character of the text; what is malformed counts as one byte and U+FFFD.
char32_t take_character(std::string_view utf8, std::size_t& at) noexcept {
    const auto start = at;
    if (const auto character = wire::next_utf8(utf8, at)) return *character;
    at = start + 1;
    return replacement;
}

template <class Take> void each_character(const SQLWCHAR* text, std::size_t count, Take&& take) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t unit = unit_of(text[i]);
        if (sizeof(SQLWCHAR) == 2 && is_high(unit) && i + 1 < count && is_low(unit_of(text[i + 1]))) {
            unit = 0x10000 + ((unit - 0xD800) << 10U) + (unit_of(text[i + 1]) - 0xDC00);
            ++i;
        }
        const bool valid = !is_high(unit) && !is_low(unit) && unit <= 0x10FFFF;
        take(valid ? static_cast<char32_t>(unit) : replacement);
    }
}

constexpr std::size_t longest_character = 4; // bytes of UTF-8

} // namespace

std::string to_utf8(const SQLCHAR* text, SQLLEN length) {
    const auto count = length_of(text, length);
    return {reinterpret_cast<const char*>(text), count};
}

std::string to_utf8(const SQLWCHAR* text, SQLLEN length) {
    const auto count = length_of(text, length);
    std::string out;
    out.reserve(count);
    each_character(text, count, [&](char32_t character) { wire::append_utf8(out, character); });
    return out;
}

wire::secret to_secret(const SQLCHAR* text, SQLLEN length) {
    const auto count = length_of(text, length);
    return wire::secret({reinterpret_cast<const char*>(text), count});
}

wire::secret to_secret(const SQLWCHAR* text, SQLLEN length) {
    const auto count = length_of(text, length);
    driver::value_builder out(longest_character * count);
    std::string one; // character; never more than its small buffer holds
    each_character(text, count, [&](char32_t character) {
        one.clear();
        wire::append_utf8(one, character);
        for (const char byte : one) out.push_back(byte);
    });
    one.resize(longest_character);
    wire::secure_zero(one.data(), one.size());
    return out.take();
}

copied_text copy_text(std::string_view utf8, SQLCHAR* to, std::int64_t capacity) noexcept {
    copied_text out;
    out.units = static_cast<std::int64_t>(utf8.size());
    out.whole = out.units < capacity;
    if (to == nullptr || capacity <= 0) return out;
    auto fits = static_cast<std::size_t>(std::min(out.units, capacity - 1));
    // Not into a sequence: back to its first byte.
    while (!out.whole && fits > 0 && (static_cast<unsigned char>(utf8[fits]) & 0xC0U) == 0x80U) --fits;
    std::memcpy(to, utf8.data(), fits);
    to[fits] = 0;
    return out;
}

copied_text copy_text(std::string_view utf8, SQLWCHAR* to, std::int64_t capacity) noexcept {
    copied_text out;
    std::int64_t written = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto character = static_cast<std::uint32_t>(take_character(utf8, at));
        const bool pair = sizeof(SQLWCHAR) == 2 && character > 0xFFFF;
        const std::int64_t needs = pair ? 2 : 1;
        if (written == out.units && out.units + needs < capacity && to != nullptr) {
            if (pair) {
                to[written] = static_cast<SQLWCHAR>(0xD800 + ((character - 0x10000) >> 10U));
                to[written + 1] = static_cast<SQLWCHAR>(0xDC00 + ((character - 0x10000) & 0x3FFU));
            } else {
                to[written] = static_cast<SQLWCHAR>(character);
            }
            written += needs;
        }
        out.units += needs;
    }
    if (to != nullptr && capacity > 0) to[written] = 0;
    out.whole = out.units < capacity;
    return out;
}

} // namespace irislink::odbc
