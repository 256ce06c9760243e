#pragma once
// One-way password hashes: pbkdf2-sha512$iterations$salt$hash, salt and hash in hexadecimal
// (docs/protocol/security-behaviour.md, decision 25).

#include <cstdint>
#include <string>
#include <string_view>

namespace irislink::sandbox {

inline constexpr int default_iterations = 10000;

[[nodiscard]] std::string hash_password(std::string_view password, int iterations = default_iterations);

// Constant time in everything but the work factor. A malformed hash never matches. With `work` larger
// than the hash's own factor the difference is worked off as well, so that accounts of different factors,
// and names that are none, take the same time.
[[nodiscard]] bool verify_password(std::string_view password, std::string_view hash, int work = 0);

// The work factor of a hash; 0 when it is malformed.
[[nodiscard]] int hash_work(std::string_view hash);

// A hash that no password matches, of the given cost: unknown users take as long as known ones.
[[nodiscard]] std::string dummy_hash(int iterations = default_iterations);

// Iterations that this thread has done so far. Tests compare them: they are the time that tells.
[[nodiscard]] std::uint64_t hash_work_done() noexcept;

} // namespace irislink::sandbox
