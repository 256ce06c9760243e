#pragma once
// Files that hold keys, or password hashes and one-time keys: the sandbox's own file and those of access
// tokens. Thread-safe.

#include <filesystem>
#include <optional>

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

// The whole file, octet by octet as it is. What was needed on the way is overwritten. Nothing when it
// cannot be read.
[[nodiscard]] std::optional<wire::secret> read_secret_file(const std::filesystem::path& file);

} // namespace irislink::sandbox
