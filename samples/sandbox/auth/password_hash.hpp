#pragma once
// One-way password hashes: pbkdf2-sha512$iterations$salt$hash, salt and hash in hexadecimal
// (docs/protocol/security-behaviour.md, decision 25).

#include <string>
#include <string_view>

namespace irislink::sandbox {

inline constexpr int default_iterations = 10000;

[[nodiscard]] std::string hash_password(std::string_view password, int iterations = default_iterations);

// Constant time in everything but the work factor. A malformed hash never matches.
[[nodiscard]] bool verify_password(std::string_view password, std::string_view hash);

// A hash that no password matches, of the given cost: unknown users take as long as known ones.
[[nodiscard]] std::string dummy_hash(int iterations = default_iterations);

} // namespace irislink::sandbox
