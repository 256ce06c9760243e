#pragma once
// Access tokens (wire-session 4.7): where the token of a connection comes from.

#include "driver/session/settings.hpp"

namespace irislink::driver {

// The token to log in with, empty when none is configured. AccessTokenFile is read anew each time,
// so that a renewed token counts. Throws error (step login) when the file gives none.
[[nodiscard]] wire::secret access_token_of(const connection_settings& settings);

} // namespace irislink::driver
