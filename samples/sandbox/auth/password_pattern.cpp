#include "samples/sandbox/auth/password_pattern.hpp"

namespace irislink::sandbox {
namespace {

constexpr int most = 128;

// Takes a number from 0 to `most` off the front.
std::optional<int> take_number(std::string_view& from) noexcept {
    int out = 0;
    std::size_t length = 0;
    while (length < from.size() && from[length] >= '0' && from[length] <= '9') {
        out = out * 10 + (from[length] - '0');
        if (out > most) return std::nullopt;
        ++length;
    }
    if (length == 0) return std::nullopt;
    from.remove_prefix(length);
    return out;
}

bool is_letter(unsigned char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

bool is_digit(unsigned char c) noexcept {
    return c >= '0' && c <= '9';
}

} // namespace

std::string password_pattern::fault(std::string_view password) const {
    int length = 0;
    for (const char each : password) {
        const auto c = static_cast<unsigned char>(each);
        if (c < 0x20 || c == 0x7F) return "the password must not hold control characters";
        if ((c & 0xC0U) != 0x80U) ++length;
        const bool allowed = is_letter(c) ? alphabetic : is_digit(c) ? numeric : punctuation;
        if (!allowed) return "the password holds characters that the pattern " + text() + " does not permit";
    }
    if (length < shortest) return "the password is shorter than the pattern " + text() + " permits";
    if (length > longest) return "the password is longer than the pattern " + text() + " permits";
    return {};
}

std::string password_pattern::text() const {
    return std::to_string(shortest) + "." + std::to_string(longest) + (alphabetic ? "A" : "") + (numeric ? "N" : "") + (punctuation ? "P" : "");
}

std::optional<password_pattern> parse_password_pattern(std::string_view text) noexcept {
    password_pattern out{0, 0, false, false, false};
    const auto least = take_number(text);
    if (!least || text.empty() || text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
    const auto longest = take_number(text);
    if (!longest || text.empty()) return std::nullopt;
    for (const char c : text) {
        bool* const kind = c == 'A' ? &out.alphabetic : c == 'N' ? &out.numeric : c == 'P' ? &out.punctuation : nullptr;
        if (kind == nullptr || *kind) return std::nullopt;
        *kind = true;
    }
    out.shortest = *least;
    out.longest = *longest;
    if (out.shortest < 1 || out.longest < out.shortest) return std::nullopt;
    return out;
}

} // namespace irislink::sandbox
