#pragma once
// Text of a cell that is to be read as a number, a date or an interval: such text is ASCII.

#include <array>
#include <optional>
#include <string_view>

#include "wire/codec/ascii.hpp"
#include "wire/codec/bytes.hpp"
#include "wire/codec/item.hpp"

namespace irislink::odbc {

using wire::is_digit;

[[nodiscard]] inline std::string_view trim_blanks(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// Takes `c`, or a word in any case (given in lower case), off the front.
[[nodiscard]] inline bool take(std::string_view& text, char c) noexcept {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

[[nodiscard]] inline bool take_word(std::string_view& text, std::string_view lower) noexcept {
    if (text.size() < lower.size() || !wire::equal_ignoring_case(text.substr(0, lower.size()), lower)) return false;
    text.remove_prefix(lower.size());
    return true;
}

using ascii_storage = std::array<char, 512>;

// 8-bit text as it is; 16-bit text narrowed into `storage` without the blanks around it. Nothing when
// a character is not ASCII, when the text is longer than any value's, or when the item is no text.
[[nodiscard]] inline std::optional<std::string_view> ascii_of(const wire::item& in, ascii_storage& storage) noexcept {
    if (in.code == wire::item_code::text8) return wire::as_text(in.text_data());
    if (in.code != wire::item_code::text16 || in.data.size() % 2 != 0) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = 0; i < in.data.size(); i += 2) {
        const auto unit = wire::load_u16(in.data.data() + i);
        if (unit == ' ' && size == 0) continue;
        if (unit >= 0x80) return std::nullopt;
        if (size == storage.size()) {
            if (unit != ' ') return std::nullopt;
            continue;
        }
        storage[size++] = static_cast<char>(unit);
    }
    return std::string_view(storage.data(), size);
}

} // namespace irislink::odbc
