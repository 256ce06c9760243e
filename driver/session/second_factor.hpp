#pragma once
// Whether session::connect() asks the server for a second factor by itself, so that nobody asks twice.

#include "driver/session/settings.hpp"

namespace irislink::driver {

// There is a code to give.
[[nodiscard]] inline bool has_second_factor(const connection_settings& in) {
    return !in.two_factor_token.empty() || !in.two_factor_command.empty() || in.two_factor || in.two_factor_async;
}

// Settings that are sent after the login count too: a server that waits for a code drops whoever sends
// anything else.
[[nodiscard]] inline bool asks_for_second_factor(const connection_settings& in) {
    return has_second_factor(in) || in.fetch_bytes > 0 || in.isolation > 1;
}

} // namespace irislink::driver
