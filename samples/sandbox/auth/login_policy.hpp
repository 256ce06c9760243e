#pragma once
// Who may log in: one pipeline from what a client offered to an account or a refusal, in the order of
// security-behaviour 3.14. The client is told "Access Denied" whatever the reason, or "Password change
// required" (decision 24); the true reason goes to the audit and the log.
//
// Thread-safe. decide() takes its time: it hashes, and it waits where failures have earned a delay.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/auth/account_store.hpp"
#include "samples/sandbox/auth/security_view.hpp"
#include "samples/sandbox/config/config.hpp"
#include "samples/sandbox/server/connection_facts.hpp"
#include "wire/messages/login.hpp"

namespace irislink::sandbox {

inline constexpr std::string_view service_name = "%Service_Bindings";

enum class login_mechanism { none, kerberos, access_token, password, unauthenticated };

[[nodiscard]] std::string_view mechanism_name(login_mechanism mechanism) noexcept;

// What a client offered. Views of the login message.
struct login_attempt {
    std::string_view name_space;
    std::string_view user;
    std::string_view password; // or access token
    const connection_facts& facts;
};

struct failed_mechanism {
    login_mechanism mechanism{login_mechanism::none};
    std::string user; // as claimed
    std::string reason;
};

struct login_outcome {
    bool accepted{false};
    login_mechanism mechanism{login_mechanism::none};
    std::string user;       // $USERNAME; of a refusal: whoever it claimed to be
    std::string name_space; // as configured
    std::vector<std::string> roles;
    factor_setup factor;                  // of the account
    bool reads_audit{false};              // the audit table
    bool manages_users{false};            // other people's passwords
    std::vector<failed_mechanism> before; // tried, and failed, before the one that decided

    // Of a refusal
    std::string client_text;
    std::string reason; // the true one
    int status{417};

    wire::secret new_password; // asked for with the login; set by complete()
};

class login_policy {
public:
    using clock = std::function<std::int64_t()>; // unix time

    // Throws what its parts throw: std::invalid_argument for keys, std::runtime_error for the state.
    explicit login_policy(const sandbox_config& config, clock now = {});
    ~login_policy();

    // Before anything is read from the client. Empty, or the reason of the refusal.
    [[nodiscard]] std::string refuse_address(const connection_facts& facts) const;

    [[nodiscard]] login_outcome decide(const login_attempt& offered) const;
    [[nodiscard]] login_outcome decide(const wire::login_request& request, const connection_facts& facts) const;

    // The last step of a login, when a second factor that was due is right: sets a new password and
    // notes the success. Empty, or why the login cannot be completed after all.
    [[nodiscard]] std::string complete(const login_outcome& outcome) const;

    // Whether a second factor is right, under the same limit as passwords (decision 21). `check` gives
    // the reason when it is wrong.
    [[nodiscard]] std::string check_factor(const std::string& user, const std::function<std::string()>& check) const;

    // A new password for an account, by the rules. Empty, or what is wrong.
    [[nodiscard]] std::string change_password(std::string_view name, std::string_view password) const;

    [[nodiscard]] security_directory& directory() const noexcept { return *directory_; }

    [[nodiscard]] account_store& accounts() const noexcept { return *accounts_; }

private:
    friend class login_steps;

    std::unique_ptr<security_directory> directory_;
    std::unique_ptr<account_store> accounts_;
    std::unique_ptr<token_checker> tokens_; // nothing: access tokens are off
    std::string dummy_;                     // a hash nothing matches
    clock now_;
};

} // namespace irislink::sandbox
