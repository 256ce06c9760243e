#pragma once
// Access tokens: JSON Web Tokens in compact form (RFC 7519), checked as decision 29 says. The reason
// of a refusal is for the audit; a client is never told it.
//
// read_access_token() is what looks at a peer's bytes; token_checker adds the keys and the rules and is
// thread-safe.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/auth/json_web_key.hpp"

namespace irislink::sandbox {

inline constexpr std::size_t longest_access_token = std::size_t{16} * 1024;

struct access_token_claims {
    std::string algorithm; // as the header names it
    std::string key_id;
    std::string issuer;
    std::vector<std::string> audience;
    std::string account; // the configured claim
    std::optional<double> expires;
    std::optional<double> not_before;
    std::string_view signed_text; // of the token
    std::string signature;
};

// The parts of a token, nothing verified. Nothing when it is malformed, and then `reason` says how.
[[nodiscard]] std::optional<access_token_claims> read_access_token(std::string_view token, std::string_view account_claim, std::string& reason);

struct access_token_settings {
    bool enabled{false};
    std::string issuer;
    std::string audience;
    std::string account_claim{"sub"};
    std::filesystem::path key_set;                  // JWKS
    std::vector<std::filesystem::path> public_keys; // PEM
    std::filesystem::path shared_key;               // HS256, only when this is set
    bool over_clear{false};                         // accepted from other machines without protection
    std::chrono::seconds skew{60};
};

struct token_verdict {
    bool accepted{false};
    std::string account;
    std::string reason; // of a refusal
};

class token_checker {
public:
    // Reads the keys. Throws std::invalid_argument naming the file at fault.
    explicit token_checker(access_token_settings settings);

    // `now` is unix time in seconds. A key set that changed on disk is read anew; one that became
    // unreadable leaves the old keys in force.
    [[nodiscard]] token_verdict check(std::string_view token, double now);

    [[nodiscard]] const access_token_settings& settings() const noexcept { return settings_; }

private:
    using stamps = std::vector<std::filesystem::file_time_type>;

    [[nodiscard]] stamps look() const;
    [[nodiscard]] std::shared_ptr<const key_set> read() const;
    [[nodiscard]] std::shared_ptr<const key_set> current();

    access_token_settings settings_;
    std::mutex mutex_;
    stamps seen_;
    std::shared_ptr<const key_set> keys_;
};

} // namespace irislink::sandbox
