#include "samples/sandbox/auth/login_policy.hpp"

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {

login_policy::login_policy(const sandbox_config& config) : config_(&config), dummy_(dummy_hash(config.hash_iterations)) {}

login_outcome login_policy::decide(const wire::login_request& request) const {
    login_outcome out;
    out.client_text = "Access Denied";
    const auto found = config_->users.find(sql::to_upper(request.user.reveal()));
    const bool known = found != config_->users.end();
    // The password is always checked, against a hash nothing matches when there is no such user, so
    // that the time of an answer says nothing.
    const bool matches = verify_password(request.password.reveal(), known ? found->second.password : dummy_);
    if (request.user.empty() && !request.password.empty()) {
        out.reason = "access tokens are not accepted";
        return out;
    }
    if (!known) {
        out.reason = "user does not exist";
        return out;
    }
    if (!matches) {
        out.reason = "invalid password";
        return out;
    }
    if (!found->second.enabled) {
        out.reason = "user account is disabled";
        return out;
    }
    for (const auto& each : config_->namespaces)
        if (sql::to_upper(each) == sql::to_upper(request.name_space)) out.name_space = each;
    if (out.name_space.empty()) {
        out.reason = "namespace '" + request.name_space + "' does not exist or may not be used";
        return out;
    }
    out.accepted = true;
    out.user = found->second.name;
    return out;
}

} // namespace irislink::sandbox
