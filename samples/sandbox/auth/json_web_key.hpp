#pragma once
// The keys access tokens are checked with: a JWKS file (RFC 7517), PEM public keys, and one shared
// secret for HS256 where it is configured. A key knows the one algorithm it serves, and nothing else
// is ever done with it (decision 29). Immutable once read, so thread-safe.

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

enum class token_algorithm { rs256, es256, eddsa, hs256 };

// RS256, ES256, EdDSA, HS256, in exactly these letters; "none" is not among them.
[[nodiscard]] std::optional<token_algorithm> find_token_algorithm(std::string_view name);

struct web_key {
    std::string id; // empty: serves tokens whatever key they name
    token_algorithm algorithm{token_algorithm::rs256};
    std::shared_ptr<EVP_PKEY> key;              // public; not for HS256
    std::shared_ptr<const wire::secret> shared; // HS256 alone
};

// True when `signature` over `text` was made by the key. False for anything malformed.
[[nodiscard]] bool verify_signature(const web_key& key, std::string_view text, std::string_view signature);

using key_set = std::vector<web_key>;

// Both throw std::invalid_argument saying what is wrong. Keys of a JWKS that are not for signatures or
// of a kind not served here are passed over; private keys and weak ones (RSA below 2048 bits) are
// faults. Shared keys ("oct") are read only when `with_shared`.
[[nodiscard]] key_set read_jwks(std::string_view text, bool with_shared);
[[nodiscard]] key_set read_pem_keys(std::string_view text);

[[nodiscard]] web_key make_shared_key(std::string_view secret);

// Strict base64url without padding (RFC 7515): nothing for any other character, a length no encoder
// makes, or bits set that no octet has.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

} // namespace irislink::sandbox
