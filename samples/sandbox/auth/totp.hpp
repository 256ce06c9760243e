#pragma once
// Time-based one-time codes (RFC 6238): SHA-1, six digits, 30 s steps, a key of 160 bits in base 32,
// good in the current and the previous step (security-behaviour, decision 19). What was used is
// remembered by the account store; these functions keep nothing. Thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

inline constexpr std::int64_t totp_step_seconds = 30;
inline constexpr std::size_t totp_key_octets = 20;

// A fresh key from the system's generator, in base 32. Throws std::runtime_error when there is none.
[[nodiscard]] wire::secret make_totp_key();

// Base 32 of at least 128 bits; blanks and lower case are fine, as people type them.
[[nodiscard]] bool is_totp_key(std::string_view key);

// The six digits of a step (unix time / 30); empty when the key is none.
[[nodiscard]] wire::secret totp_code(std::string_view key, std::int64_t step);

// The step that `code` belongs to when it is good at `now` (unix time) and later than `last_used`;
// the caller records it, so that a code works once. Constant time in the code.
[[nodiscard]] std::optional<std::int64_t> match_totp(std::string_view key, std::string_view code, std::int64_t now, std::int64_t last_used);

// otpauth://totp/Issuer:account?secret=...: what authenticator programs read.
[[nodiscard]] wire::secret totp_uri(std::string_view issuer, std::string_view account, std::string_view key);

// The text as a QR code of half blocks, light on dark, for a terminal. Throws std::runtime_error when
// it is too long for one.
[[nodiscard]] wire::secret qr_code(std::string_view text);

} // namespace irislink::sandbox
