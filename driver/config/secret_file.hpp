#pragma once
// Files that hold secrets: tokens, data sources with passwords, the passphrases of the TLS settings file.

#include <cstddef>
#include <string>

#include "wire/codec/secret.hpp"

namespace irislink::driver {

struct secret_file {
    enum class outcome : unsigned char { read, unreadable, too_large };

    outcome state{outcome::unreadable};
    wire::secret text; // of a file that was read
};

// The whole of `path`, of `limit` bytes at most, without a stream whose buffer would keep a copy.
[[nodiscard]] secret_file read_secret_file(const std::string& path, std::size_t limit);

} // namespace irislink::driver
