#pragma once
// A password from the terminal, without echo, or from standard input.

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

[[nodiscard]] wire::secret read_password(bool from_stdin);

} // namespace irislink::sandbox
