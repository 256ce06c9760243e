#pragma once
// From an item to the value a reader wants, whatever code the sender chose (wire-sql 1.9, 8.3-8.5).
// Every conversion says what happened; nothing is narrowed or guessed silently. Pure, thread-safe.

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "wire/codec/decimal.hpp"
#include "wire/codec/format.hpp"
#include "wire/codec/item.hpp"

namespace irislink::wire {

enum class coercion : std::uint8_t {
    ok,
    null,               // the item is SQL NULL; the output is untouched
    fraction_truncated, // delivered, but fraction digits were lost
    out_of_range,       // the whole part does not fit
    bad_literal,        // text that is not such a value
    not_convertible,    // no meaning for this code (an unknown code, binary asked from a double, ...)
};

// Any item; to_integer() and to_decimal() below take the usual ones by themselves.
[[nodiscard]] coercion integer_of_item(const item& in, std::int64_t& out) noexcept;
[[nodiscard]] coercion decimal_of_item(const item& in, decimal& out) noexcept;
[[nodiscard]] coercion to_real(const item& in, double& out) noexcept;

// True when a code 8 item carries a binary32, whose shortest text differs from the binary64's.
[[nodiscard]] bool is_single(const item& in) noexcept;

// Of a text item that can only be ASCII: its characters without the blanks at both ends, in `room` where they came as
// UTF-16. False where there are others, or more than `room` has place for.
[[nodiscard]] bool ascii_of_text(const item& in, std::span<char> room, std::string_view& out) noexcept;

// Appends UTF-8 to `out`. bad_literal for malformed UTF-16 (the text then holds U+FFFD).
[[nodiscard]] coercion to_text(const item& in, const session_format& format, std::string& out);
// The same, in place of what `out` held. assign_text() below takes plain ASCII by itself.
[[nodiscard]] coercion text_of_item(const item& in, const session_format& format, std::string& out);

// The raw bytes of 8-bit text / binary. UTF-16 text gives its UTF-8 (through `storage`), integers
// their digits; doubles and decimals are not convertible.
[[nodiscard]] coercion to_bytes(const item& in, std::string& storage, bytes_view& out);

// Shortest round-trip text of a double: "0.1", "1e+300"; Infinity and NaN by name.
void append_text(std::string& out, double value);
void append_text(std::string& out, float value);

// What follows is inline because every cell of every row passes here: the forms that servers send by
// far the most often, each falling back to the general function.

namespace detail {

// Up to eight little-endian bytes, by overlapping loads instead of one after the other.
[[nodiscard]] inline std::uint64_t load_short(const std::byte* at, std::size_t size) noexcept {
    const auto byte = [at](std::size_t i) { return std::to_integer<std::uint64_t>(at[i]); };
    if (size >= 4) return load_u32(at) | std::uint64_t{load_u32(at + size - 4)} << (8 * (size - 4));
    if (size == 0) return 0;
    return byte(0) | byte(size / 2) << (8 * (size / 2)) | byte(size - 1) << (8 * (size - 1));
}

// A two's complement number of at most eight bytes whose sign the item's code says.
[[nodiscard]] inline bool load_signed(const std::byte* at, std::size_t size, bool negative, std::int64_t& out) noexcept {
    if (size > 8) [[unlikely]]
        return false;
    auto bits = load_short(at, size);
    if (negative && size < 8) bits |= ~std::uint64_t{0} << (8 * size);
    out = static_cast<std::int64_t>(bits);
    return (out < 0) == negative;
}

// The exponent of a decimal item: one byte, two's complement.
[[nodiscard]] inline std::int16_t load_exponent(std::byte in) noexcept {
    return static_cast<std::int16_t>((std::to_integer<int>(in) ^ 0x80) - 0x80);
}

} // namespace detail

[[nodiscard]] inline coercion to_integer(const item& in, std::int64_t& out) noexcept {
    std::int64_t value = 0;
    if ((in.code == item_code::positive || in.code == item_code::negative) &&
        detail::load_signed(in.data.data(), in.data.size(), in.code == item_code::negative, value)) [[likely]] {
        out = value;
        return coercion::ok;
    }
    return integer_of_item(in, out);
}

[[nodiscard]] inline coercion to_decimal(const item& in, decimal& out) noexcept {
    std::int64_t value = 0;
    if ((in.code == item_code::decimal_positive || in.code == item_code::decimal_negative) && !in.data.empty() &&
        detail::load_signed(in.data.data() + 1, in.data.size() - 1, in.code == item_code::decimal_negative, value)) [[likely]] {
        out.mantissa = value;
        out.exponent = detail::load_exponent(in.data[0]);
        return coercion::ok;
    }
    return decimal_of_item(in, out);
}

// Text in place of what `out` held.
[[nodiscard]] inline coercion assign_text(const item& in, const session_format& format, std::string& out) {
    const auto size = in.data.size();
    // Short ASCII is copied and checked in one go, by words of which the last one overlaps.
    if (in.code == item_code::text8 && size >= 8 && size <= 128) [[likely]] {
        if (out.size() != size) out.resize(size);
        std::uint64_t seen = 0;
        const auto move = [&seen, from = in.data.data(), to = out.data()](std::size_t at) {
            std::uint64_t word = 0;
            std::memcpy(&word, from + at, sizeof word);
            std::memcpy(to + at, &word, sizeof word);
            seen |= word;
        };
        for (std::size_t at = 0; at + 8 < size; at += 8) move(at);
        move(size - 8);
        if ((seen & 0x8080808080808080U) == 0) [[likely]]
            return coercion::ok;
    }
    return text_of_item(in, format, out);
}

} // namespace irislink::wire
