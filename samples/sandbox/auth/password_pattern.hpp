#pragma once
// What new passwords must look like: X.Y[ANP], from X to Y characters out of the named classes
// (security-behaviour 3.6). A plain value.

#include <optional>
#include <string>
#include <string_view>

namespace irislink::sandbox {

struct password_pattern {
    int shortest{3};
    int longest{32};
    bool alphabetic{true};
    bool numeric{true};
    bool punctuation{true};

    // Empty when the password is fine, else what is wrong with it, without a part of it. Characters
    // beyond ASCII count as alphabetic. Control characters are never allowed.
    [[nodiscard]] std::string fault(std::string_view password) const;

    [[nodiscard]] std::string text() const;
};

// "3.32ANP". Nothing when it is no such pattern.
[[nodiscard]] std::optional<password_pattern> parse_password_pattern(std::string_view text) noexcept;

} // namespace irislink::sandbox
