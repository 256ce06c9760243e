#pragma once
// What makes two connections interchangeable: endpoints, protection, identity, factor and session
// settings, as one digest. Secrets go in under a key that is made for this process, so that the
// digest says nothing about them. A pool's key.

#include <string>

#include "driver/session/settings.hpp"

namespace irislink::driver {

// 64 hexadecimal digits. Callbacks cannot be compared: two settings with callbacks are never equal,
// but for copies of one resolve() (the settings' address counts).
[[nodiscard]] std::string policy_fingerprint(const connection_settings& settings);

} // namespace irislink::driver
