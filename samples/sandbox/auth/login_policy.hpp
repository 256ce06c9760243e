#pragma once
// Who may log in: one pipeline from what a client offered to an account or a refusal. The client is
// told "Access Denied" whatever the reason; the true reason goes to the log (decision 24).
// Thread-safe.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "samples/sandbox/config/config.hpp"
#include "samples/sandbox/server/connection_facts.hpp"
#include "wire/messages/login.hpp"

namespace irislink::sandbox {

struct login_outcome {
    bool accepted{false};
    std::string user;        // the account's own spelling
    std::string name_space;  // as configured
    std::string client_text; // of a refusal
    std::string reason;      // the true one, for the log
    factor_setup factor;     // of the account
    int status{417};
};

class login_policy {
public:
    explicit login_policy(const sandbox_config& config);

    [[nodiscard]] login_outcome decide(const wire::login_request& request, const connection_facts& facts) const;

private:
    [[nodiscard]] std::string account_of_token(std::string_view token, const connection_facts& facts, std::string& reason) const;

    const sandbox_config* config_;
    std::string dummy_;
    std::unique_ptr<token_checker> tokens_; // nothing: access tokens are off
};

} // namespace irislink::sandbox
