#pragma once
// Text by code unit: what a cell may hold on one side, what a C type wants on the other. Decoders give
// one character at a time and never fail: what is no character is U+FFFD, and `replaced` says so.

#include <cstring>

#include "wire/codec/charset_tables.hpp"
#include "wire/codec/format.hpp"
#include "wire/codec/item.hpp"

namespace irislink::odbc {

inline constexpr char32_t replacement_character = 0xFFFD;

// 8-bit text in the session's character set.
struct narrow_in {
    const char16_t* upper; // bytes 80..FF
    bool latin1;
    bool replaced{false};

    explicit narrow_in(wire::charset set) noexcept
        : upper(wire::charset_tables[static_cast<std::size_t>(set)].upper.data()), latin1(set == wire::charset::latin1) {}

    char32_t next(const std::byte*& at, const std::byte*) noexcept {
        const auto byte = std::to_integer<unsigned>(*at++);
        if (byte < 0x80) return byte;
        const char32_t c = upper[byte - 0x80U];
        return c == 0 ? replacement_character : c;
    }
};

struct utf16_in {
    bool replaced{false};

    char32_t next(const std::byte*& at, const std::byte* end) noexcept {
        if (end - at < 2) {
            at = end;
            replaced = true;
            return replacement_character;
        }
        const char32_t unit = wire::load_u16(at);
        at += 2;
        if (unit < 0xD800 || unit > 0xDFFF) return unit;
        if (unit < 0xDC00 && end - at >= 2) {
            const char32_t low = wire::load_u16(at);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                at += 2;
                return 0x10000U + ((unit - 0xD800U) << 10U) + (low - 0xDC00U);
            }
        }
        replaced = true;
        return replacement_character;
    }
};

// The same for a C type that is UTF-16 itself: a lone surrogate stays what it is.
struct utf16_kept_in {
    static constexpr bool replaced = false;

    static char32_t next(const std::byte*& at, const std::byte* end) noexcept {
        utf16_in checked;
        const auto* const first = at;
        const auto c = checked.next(at, end);
        return checked.replaced && at - first == 2 ? wire::load_u16(first) : c;
    }
};

struct utf8_in {
    bool replaced{false};

    char32_t next(const std::byte*& at, const std::byte* end) noexcept {
        if (std::to_integer<unsigned>(*at) < 0x80) return std::to_integer<unsigned char>(*at++);
        std::size_t used = 0;
        const auto c = wire::next_utf8(wire::as_text({at, end}), used);
        if (c) {
            at += used;
            return *c;
        }
        ++at;
        replaced = true;
        return replacement_character;
    }
};

// Binary as hexadecimal digits. A "character" is one byte: its two digits are delivered together.
struct hex_in {
    bool replaced{false};

    char32_t next(const std::byte*& at, const std::byte*) noexcept { return std::to_integer<unsigned char>(*at++); }
};

template <class Unit> inline std::byte* put_unit(std::byte* to, char32_t value) noexcept {
    const auto unit = static_cast<Unit>(value);
    std::memcpy(to, &unit, sizeof unit);
    return to + sizeof unit;
}

// SQL_C_CHAR.
struct utf8_out {
    static constexpr std::size_t unit = 1;

    static std::size_t units(char32_t c) noexcept { return c < 0x80 ? 1U : c < 0x800 ? 2U : c < 0x10000 ? 3U : 4U; }

    static std::byte* put(std::byte* to, char32_t c) noexcept {
        if (c < 0x80) return put_unit<unsigned char>(to, c);
        if (c < 0x800) {
            to = put_unit<unsigned char>(to, 0xC0U | c >> 6U);
        } else {
            if (c < 0x10000) {
                to = put_unit<unsigned char>(to, 0xE0U | c >> 12U);
            } else {
                to = put_unit<unsigned char>(to, 0xF0U | c >> 18U);
                to = put_unit<unsigned char>(to, 0x80U | (c >> 12U & 0x3FU));
            }
            to = put_unit<unsigned char>(to, 0x80U | (c >> 6U & 0x3FU));
        }
        return put_unit<unsigned char>(to, 0x80U | (c & 0x3FU));
    }
};

// SQL_C_WCHAR of two bytes.
struct utf16_out {
    static constexpr std::size_t unit = 2;

    static std::size_t units(char32_t c) noexcept { return c < 0x10000 ? 1U : 2U; }

    static std::byte* put(std::byte* to, char32_t c) noexcept {
        if (c < 0x10000) return put_unit<char16_t>(to, c);
        to = put_unit<char16_t>(to, 0xD800U + ((c - 0x10000U) >> 10U));
        return put_unit<char16_t>(to, 0xDC00U + ((c - 0x10000U) & 0x3FFU));
    }
};

// SQL_C_WCHAR of four bytes.
struct utf32_out {
    static constexpr std::size_t unit = 4;

    static std::size_t units(char32_t) noexcept { return 1; }

    static std::byte* put(std::byte* to, char32_t c) noexcept { return put_unit<char32_t>(to, c); }
};

// Two digits per byte, in the units of another encoding.
template <class Out> struct hex_out {
    static constexpr std::size_t unit = Out::unit;

    static std::size_t units(char32_t) noexcept { return 2; }

    static std::byte* put(std::byte* to, char32_t byte) noexcept {
        static constexpr char digits[] = "0123456789ABCDEF";
        to = Out::put(to, static_cast<unsigned char>(digits[byte >> 4U]));
        return Out::put(to, static_cast<unsigned char>(digits[byte & 0xFU]));
    }
};

} // namespace irislink::odbc
