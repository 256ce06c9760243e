#include "samples/sandbox/auth/login_policy.hpp"

#include <chrono>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {

login_policy::login_policy(const sandbox_config& config) : config_(&config), dummy_(dummy_hash(config.hash_iterations)) {
    if (config.access_tokens.enabled) tokens_ = std::make_unique<token_checker>(config.access_tokens);
}

std::string login_policy::account_of_token(std::string_view token, const connection_facts& facts, std::string& reason) const {
    if (!tokens_) {
        reason = "access tokens are not accepted";
        return {};
    }
    // A token that has crossed a line in clear is anybody's by now (wire-session 4.7, decision 18).
    const bool local = facts.address.starts_with("127.") || facts.address == "::1" || facts.address.starts_with("::ffff:127.");
    if (!facts.sealed() && !local && !tokens_->settings().over_clear) {
        reason = "access tokens are not accepted over an unprotected line";
        return {};
    }
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    auto verdict = tokens_->check(token, now.count());
    reason = verdict.reason;
    return verdict.account;
}

login_outcome login_policy::decide(const wire::login_request& request, const connection_facts& facts) const {
    login_outcome out;
    out.client_text = "Access Denied";
    // A password without a user is an access token (decision 29).
    const bool by_token = request.user.empty() && !request.password.empty();
    const auto name = by_token ? account_of_token(request.password.reveal(), facts, out.reason) : std::string(request.user.reveal());
    if (by_token && name.empty()) return out;
    const auto found = config_->users.find(sql::to_upper(name));
    const bool known = found != config_->users.end();
    // The password is always checked, against a hash nothing matches when there is no such user, so
    // that the time of an answer says nothing.
    const bool matches = by_token || verify_password(request.password.reveal(), known ? found->second.password : dummy_);
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
    out.factor = found->second.factor;
    return out;
}

} // namespace irislink::sandbox
