#pragma once
// The rules of the instance and of its one service, %Service_Bindings: what [security], [service],
// [roles] and [audit] of the sandbox's file say. Plain values; without these tables configured users
// log in by password and nothing else is asked of them. Sources: security-behaviour 3.2 to 3.6, 3.11.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "samples/sandbox/auth/account_store.hpp"
#include "samples/sandbox/auth/allowed_addresses.hpp"
#include "samples/sandbox/auth/password_pattern.hpp"

namespace irislink::sandbox {

// A mechanism is in use when the instance and the service both have it (3.3). Access tokens are on for
// the instance with [access_tokens]; the kinds of second factor have their switches in [two_factor].
struct mechanism_switches {
    bool unauthenticated{false};
    bool password{true};
    bool kerberos{true};
    bool access_token{true};
};

struct audit_settings {
    bool enabled{false};
    bool login{true};
    bool login_failure{true};
    bool logout{true};
    bool user_change{true};
    std::string file;       // JSON lines; empty: the table alone
    int table_rows{100000}; // the newest ones are kept

    friend bool operator==(const audit_settings&, const audit_settings&) = default;
};

struct security_config {
    mechanism_switches instance;

    bool service_enabled{true};
    mechanism_switches service{true, true, true, true}; // takes part in what the instance has
    allowed_addresses allowed;                          // who may connect at all

    password_pattern pattern;
    int password_days{0}; // 0: passwords do not expire
    int inactive_days{0}; // 0: no limit
    failure_rule failures;

    std::string required_role; // to connect; empty: none
    // What needs no role. Nothing: the service and every namespace.
    std::optional<std::vector<std::string>> public_resources;
    std::map<std::string, std::vector<std::string>> roles; // defined ones: their resources

    bool multi_domain{false};   // accounts are called user@domain
    std::string default_domain; // of names without one

    audit_settings audit;
};

} // namespace irislink::sandbox
