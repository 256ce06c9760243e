#pragma once
// What can be wrong with a message of security levels 2 and 3. The line must end then.

#include <system_error>

namespace irislink::driver {

enum class gss_errc : int { damaged = 1, not_sealed, cannot_seal, bad_length };

[[nodiscard]] const std::error_category& gss_category() noexcept;

[[nodiscard]] inline std::error_code make_error_code(gss_errc code) noexcept {
    return {static_cast<int>(code), gss_category()};
}

} // namespace irislink::driver

template <> struct std::is_error_code_enum<irislink::driver::gss_errc> : std::true_type {};
