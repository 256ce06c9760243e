#include "wire/types/guid.hpp"

namespace irislink::wire {
namespace {

// The longest text that is looked at: digits, braces and some blanks.
constexpr std::size_t longest = 64;

int digit_of(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::optional<guid> parse_guid(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    if (text.size() != 36) return std::nullopt;
    guid out{};
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int digit = digit_of(text[i]);
        if (digit < 0) return std::nullopt;
        auto& byte = out[digits++ / 2];
        byte = byte << 4U | static_cast<std::byte>(digit);
    }
    return out;
}

coercion to_guid(const item& in, guid& out) noexcept {
    if (in.is_null()) return coercion::null;
    if (in.code != item_code::text8 && in.code != item_code::text16) return coercion::not_convertible;
    std::array<char, longest> room{};
    std::string_view text;
    if (!ascii_of_text(in, room, text)) return coercion::bad_literal;
    const auto parsed = parse_guid(text);
    if (!parsed) return coercion::bad_literal;
    out = *parsed;
    return coercion::ok;
}

} // namespace irislink::wire
