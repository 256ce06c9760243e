#pragma once
// An account as the configuration describes it. What logins do to it (failures, last login, lockout)
// is the account_store's. Plain values. Sources: security-behaviour 3.5 and 3.6.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/auth/second_factor.hpp"

namespace irislink::sandbox {

// A login by a mechanism of another type fails even when the credentials are right (3.5).
enum class account_type { password, kerberos, delegated, ldap, os };

[[nodiscard]] std::string_view type_name(account_type type) noexcept;
[[nodiscard]] std::optional<account_type> type_named(std::string_view name) noexcept;

struct account {
    std::string name;
    std::string password; // hash
    bool enabled{true};
    std::vector<std::string> roles;
    factor_setup factor;
    account_type type{account_type::password};
    std::optional<std::int64_t> expires; // unix time from which the account is no longer good
    bool change_password{false};         // on next login
    bool password_never_expires{false};
    std::int64_t password_changed{0}; // unix time; 0: not known
};

using account_table = std::map<std::string, account>; // by name in capitals

// Names that mean something to the server.
inline constexpr std::string_view unknown_user = "UnknownUser"; // who comes in without authentication
inline constexpr std::string_view public_user = "_PUBLIC";      // its roles are everybody's; never logs in

// Up to 128 characters, without control characters, '*' and, in a single-domain instance, '@'.
[[nodiscard]] bool is_user_name(std::string_view name, bool multi_domain) noexcept;

// What a client said, fit for a line of a log: control characters replaced, no longer than `limit`.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 160);

// "2027-01-31" as the unix time of its beginning, and back.
[[nodiscard]] std::optional<std::int64_t> parse_day(std::string_view text) noexcept;
[[nodiscard]] std::string show_day(std::int64_t time);

} // namespace irislink::sandbox
