#pragma once
// One $LIST item (wire-sql 1): header forms and type codes. Parsing is inline and allocation-free
// because every cell of every row passes here.

#include <cstddef>
#include <cstdint>

#include "wire/codec/bytes.hpp"

namespace irislink::wire {

enum class item_code : std::uint8_t {
    placeholder = 0,
    text8 = 1,
    text16 = 2,
    text_extended = 3,
    positive = 4,
    negative = 5,
    decimal_positive = 6,
    decimal_negative = 7,
    real = 8,
    compact_real = 9,
    object8 = 0x19,
    object16 = 0x1A,
    old_object8 = 0xFB,
    old_object16 = 0xFC,
};

inline constexpr std::uint8_t by_reference_bit = 0x20;
inline constexpr std::size_t short_item_limit = 253; // data bytes of the one-byte length form

// A view of one item; valid as long as the bytes it was read from.
struct item {
    item_code code{item_code::placeholder};
    bool omitted{false};      // the lone byte 01: undefined, "not supplied"
    bool by_reference{false}; // Native API arguments only
    bytes_view data{};

    // SQL NULL: omitted, the placeholder, or 8-bit text without any byte (wire-sql 1.3).
    [[nodiscard]] bool is_null() const noexcept { return data.empty() && (code == item_code::placeholder || code == item_code::text8); }

    // The SQL empty string travels as one zero byte.
    [[nodiscard]] bool is_empty_text() const noexcept { return code == item_code::text8 && data.size() == 1 && data[0] == std::byte{0}; }

    // Text content: the empty-string marker is taken off.
    [[nodiscard]] bytes_view text_data() const noexcept { return is_empty_text() ? bytes_view{} : data; }
};

enum class item_status : std::uint8_t { ok, truncated, malformed };

// Reads the item header at `at` and returns the position after the item, or nullptr (see `status`).
// Codes are not judged here: known_item_code() says which ones have a meaning.
[[nodiscard]] inline const std::byte* parse_item(const std::byte* at, const std::byte* end, item& out, item_status& status) noexcept {
    const auto left = static_cast<std::size_t>(end - at);
    status = item_status::truncated;
    if (left == 0) return nullptr;
    std::size_t length = std::to_integer<std::size_t>(at[0]); // of code + data
    std::size_t header = 1;
    if (length >= 2) [[likely]] {
        length -= 1;
    } else if (length == 1) {
        out = item{};
        out.omitted = true;
        status = item_status::ok;
        return at + 1;
    } else {
        if (left < 3) return nullptr;
        length = load_u16(at + 1);
        header = 3;
        if (length == 0) {
            if (left < 7) return nullptr;
            length = load_u32(at + 3);
            header = 7;
            if (length == 0) {
                status = item_status::malformed;
                return nullptr;
            }
        }
    }
    if (left - header < length) return nullptr;
    auto code = std::to_integer<std::uint8_t>(at[header]);
    out.omitted = false;
    out.by_reference = code >= by_reference_bit && code < 2 * by_reference_bit;
    if (out.by_reference) code = static_cast<std::uint8_t>(code - by_reference_bit);
    out.code = static_cast<item_code>(code);
    out.data = {at + header + 1, length - 1};
    status = item_status::ok;
    return at + header + length;
}

// Codes that readers of SQL traffic understand (wire-sql 1.2).
[[nodiscard]] constexpr bool known_item_code(item_code code) noexcept {
    const auto value = static_cast<std::uint8_t>(code);
    return value <= 9 || code == item_code::object8 || code == item_code::object16 || code == item_code::old_object8 || code == item_code::old_object16;
}

[[nodiscard]] constexpr bool is_text_code(item_code code) noexcept {
    return code == item_code::text8 || code == item_code::text16 || code == item_code::object8 || code == item_code::object16 ||
           code == item_code::old_object8 || code == item_code::old_object16;
}

// True for the codes whose data is UTF-16LE.
[[nodiscard]] constexpr bool is_wide_code(item_code code) noexcept {
    return code == item_code::text16 || code == item_code::object16 || code == item_code::old_object16;
}

} // namespace irislink::wire
