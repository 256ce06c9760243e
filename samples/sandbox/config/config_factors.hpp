#pragma once
// The tables [two_factor] and [access_tokens] of the sandbox's file. Internal to config.

#include "samples/sandbox/config/toml.hpp"

#include "samples/sandbox/config/config.hpp"

namespace irislink::sandbox {

[[nodiscard]] second_factor_settings read_second_factor(const toml::table& from);
[[nodiscard]] access_token_settings read_access_tokens(const toml::table& from);
// Of a user's table: two_factor, totp_key, phone, provider.
[[nodiscard]] factor_setup read_factor_setup(const toml::table& from);

} // namespace irislink::sandbox
