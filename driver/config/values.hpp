#pragma once
// From the text of a setting to its value. All throw error (step settings, HY024) naming the keyword
// and what is allowed; the text of a secret is never part of the message.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "driver/config/keywords.hpp"
#include "driver/session/settings.hpp"

namespace irislink::driver {

// HY024, or another native code of driver/error/sqlstate_table.
[[noreturn]] void bad_settings(int native, const std::string& text, const std::string& hint = {});
[[noreturn]] void bad_value(const keyword& row, std::string_view text);

[[nodiscard]] std::int64_t number_value(const keyword& row, std::string_view text, std::int64_t low, std::int64_t high);
[[nodiscard]] bool flag_value(const keyword& row, std::string_view text);
[[nodiscard]] tls_version version_value(const keyword& row, std::string_view text);
[[nodiscard]] tls_check check_value(const keyword& row, std::string_view text); // TlsMode but "disable"
// TlsPin: lower-case hexadecimal digests.
[[nodiscard]] std::vector<std::string> pin_values(const keyword& row, std::string_view text);
// host, host:port, [v6]:port, v6; several separated by commas.
[[nodiscard]] std::vector<endpoint> endpoint_values(std::string_view text, std::uint16_t port);
// A command line in words; double quotes keep blanks. No other expansion.
[[nodiscard]] std::vector<std::string> word_values(std::string_view text);

[[nodiscard]] bool same_text(std::string_view left, std::string_view right) noexcept; // without case
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;

} // namespace irislink::driver
