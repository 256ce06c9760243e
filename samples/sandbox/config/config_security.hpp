#pragma once
// The tables of the sandbox's file that say who may log in: [security], [service], [roles], [audit] and
// [users]. Internal to config.

#include "samples/sandbox/config/toml.hpp"

#include "samples/sandbox/config/config.hpp"

namespace irislink::sandbox {

// Throws config_error.
[[nodiscard]] wire::secret read_file(const std::filesystem::path& file);

[[nodiscard]] security_config read_security(const toml::table& root);
[[nodiscard]] account_table read_users(const toml::table& users);

[[nodiscard]] std::string toml_text(std::string_view text);
// A user's table as the file holds it.
[[nodiscard]] std::string user_section(const account& user);

// Of a starting file: the tables above, and the accounts that an instance begins with.
[[nodiscard]] std::string starting_security(std::string_view preset, std::string_view password, int iterations);

} // namespace irislink::sandbox
