#pragma once
// TwoFactorCommand: a program that prints the one-time code. No shell, standard input closed, at most
// 30 seconds and 256 bytes; the first line counts.

#include <string>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::driver {

// Throws error (step second factor) when the program fails, prints nothing or takes too long.
[[nodiscard]] wire::secret run_token_command(const std::vector<std::string>& command);

} // namespace irislink::driver
