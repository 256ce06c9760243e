#include "wire/codec/charset.hpp"

#include <cstring>

#include "wire/codec/ascii.hpp"
#include "wire/codec/charset_tables.hpp"

namespace irislink::wire {
namespace {

const charset_table& table_of(charset set) noexcept {
    return charset_tables[static_cast<std::size_t>(set)];
}

// Number of leading bytes below 0x80, eight at a time where possible.
std::size_t ascii_prefix(const unsigned char* text, std::size_t size) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    const auto load = [text](std::size_t at) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text + at, sizeof eight);
        return eight;
    };
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8)
        if ((load(at) & high_bits) != 0) break;
    // The rest by one load that overlaps what is known already.
    if (size >= 8 && at + 8 > size && (load(size - 8) & high_bits) == 0) return size;
    while (at < size && text[at] < 0x80) ++at;
    return at;
}

std::byte to_charset(char32_t character, charset set) noexcept {
    if (character < 0x80) return static_cast<std::byte>(character);
    const auto& upper = table_of(set).upper;
    for (std::size_t i = 0; i < upper.size(); ++i)
        if (upper[i] == character) return static_cast<std::byte>(0x80 + i);
    return std::byte{'?'};
}

} // namespace

charset charset_of_locale(std::string_view locale_name) noexcept {
    for (std::size_t i = 0; i < charset_tables.size(); ++i)
        if (equal_ignoring_case(charset_tables[i].locale, locale_name)) return static_cast<charset>(i);
    return charset::latin1;
}

std::string_view locale_of_charset(charset set) noexcept {
    return table_of(set).locale;
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0U | c >> 6U);
        put(0x80U | (c & 0x3FU));
    } else if (c < 0x10000) {
        put(0xE0U | c >> 12U);
        put(0x80U | (c >> 6U & 0x3FU));
        put(0x80U | (c & 0x3FU));
    } else {
        put(0xF0U | c >> 18U);
        put(0x80U | (c >> 12U & 0x3FU));
        put(0x80U | (c >> 6U & 0x3FU));
        put(0x80U | (c & 0x3FU));
    }
}

void append_utf8(std::string& out, bytes_view text, charset set) {
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = at + text.size();
    const auto plain = ascii_prefix(at, text.size());
    if (plain == text.size()) { // most text by far
        out.append(reinterpret_cast<const char*>(at), plain);
        return;
    }
    // Room for the worst case, then straight writes: a character of these sets takes up to three bytes.
    const auto before = out.size();
    out.resize(before + plain + 3 * (text.size() - plain));
    char* to = out.data() + before;
    std::memcpy(to, at, plain);
    to += plain;
    const auto& upper = table_of(set).upper;
    for (at += plain; at != end; ++at) {
        if (*at < 0x80) {
            *to++ = static_cast<char>(*at);
            continue;
        }
        const unsigned c = upper[*at - 0x80U] == 0 ? unsigned{replacement_character} : upper[*at - 0x80U];
        if (c < 0x800) {
            *to++ = static_cast<char>(0xC0U | c >> 6U);
        } else {
            *to++ = static_cast<char>(0xE0U | c >> 12U);
            *to++ = static_cast<char>(0x80U | (c >> 6U & 0x3FU));
        }
        *to++ = static_cast<char>(0x80U | (c & 0x3FU));
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
}

bool append_utf8_from_utf16(std::string& out, bytes_view text) {
    bool valid = text.size() % 2 == 0;
    const auto units = text.size() / 2;
    const auto unit = [&text](std::size_t i) { return load_u16(text.data() + 2 * i); };
    for (std::size_t i = 0; i < units; ++i) {
        const char32_t c = unit(i);
        if (c < 0xD800 || c > 0xDFFF) {
            append_utf8(out, c);
            continue;
        }
        if (c < 0xDC00 && i + 1 < units) {
            const char32_t low = unit(i + 1);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                append_utf8(out, 0x10000U + ((c - 0xD800U) << 10U) + (low - 0xDC00U));
                ++i;
                continue;
            }
        }
        append_utf8(out, replacement_character);
        valid = false;
    }
    if (text.size() % 2 != 0) append_utf8(out, replacement_character);
    return valid;
}

std::optional<char32_t> next_utf8(std::string_view text, std::size_t& at) noexcept {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(at);
    if (lead < 0x80) {
        ++at;
        return lead;
    }
    std::size_t more = 0;
    char32_t c = 0;
    char32_t least = 0;
    if (lead >= 0xC2 && lead < 0xE0) {
        more = 1;
        c = lead & 0x1FU;
        least = 0x80;
    } else if (lead >= 0xE0 && lead < 0xF0) {
        more = 2;
        c = lead & 0x0FU;
        least = 0x800;
    } else if (lead >= 0xF0 && lead < 0xF5) {
        more = 3;
        c = lead & 0x07U;
        least = 0x10000;
    } else {
        return std::nullopt;
    }
    if (text.size() - at <= more) return std::nullopt;
    for (std::size_t i = 1; i <= more; ++i) {
        const unsigned next = byte(at + i);
        if ((next & 0xC0U) != 0x80U) return std::nullopt;
        c = c << 6U | (next & 0x3FU);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
    at += more + 1;
    return c;
}

std::optional<std::size_t> utf16_length(std::string_view utf8) noexcept {
    std::size_t length = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = next_utf8(utf8, at);
        if (!c) return std::nullopt;
        length += *c >= 0x10000 ? 2 : 1;
    }
    return length;
}

std::optional<bool> fits_latin1(std::string_view utf8) noexcept {
    const auto* data = reinterpret_cast<const unsigned char*>(utf8.data());
    std::size_t at = ascii_prefix(data, utf8.size());
    bool fits = true;
    while (at < utf8.size()) {
        const auto c = next_utf8(utf8, at);
        if (!c) return std::nullopt;
        fits = fits && *c <= 0xFF;
    }
    return fits;
}

bool append_utf16(byte_buffer& out, std::string_view utf8) {
    const auto before = out.size();
    const auto put = [&out](char32_t unit) {
        out.push_back(static_cast<std::byte>(unit & 0xFFU));
        out.push_back(static_cast<std::byte>(unit >> 8U));
    };
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = next_utf8(utf8, at);
        if (!c) {
            out.resize(before);
            return false;
        }
        if (*c < 0x10000) {
            put(*c);
        } else {
            put(0xD800U + ((*c - 0x10000U) >> 10U));
            put(0xDC00U + ((*c - 0x10000U) & 0x3FFU));
        }
    }
    return true;
}

bool append_charset(byte_buffer& out, std::string_view utf8, charset set) {
    const auto before = out.size();
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = next_utf8(utf8, at);
        if (!c) {
            out.resize(before);
            return false;
        }
        out.push_back(to_charset(*c, set));
    }
    return true;
}

} // namespace irislink::wire
