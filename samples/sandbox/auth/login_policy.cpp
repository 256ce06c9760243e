#include "samples/sandbox/auth/login_policy.hpp"

#include <spdlog/spdlog.h>

#include <ctime>

#include "samples/sandbox/auth/login_steps.hpp"
#include "samples/sandbox/auth/password_hash.hpp"

namespace irislink::sandbox {

std::string_view mechanism_name(login_mechanism mechanism) noexcept {
    switch (mechanism) {
    case login_mechanism::kerberos: return "Kerberos";
    case login_mechanism::access_token: return "AccessToken";
    case login_mechanism::password: return "Password";
    case login_mechanism::unauthenticated: return "Unauthenticated";
    default: return "";
    }
}

login_policy::login_policy(const sandbox_config& config, clock now)
    : directory_(std::make_unique<security_directory>(config)), accounts_(std::make_unique<account_store>(config.account_state)),
      dummy_(dummy_hash(config.hash_iterations)), now_(std::move(now)) {
    if (!now_) now_ = [] { return static_cast<std::int64_t>(std::time(nullptr)); };
    if (config.access_tokens.enabled) tokens_ = std::make_unique<token_checker>(config.access_tokens);
    // From this moment on, and not from the first login: the setting counts when it is made.
    const auto days = config.security.password_days;
    if (days > 0) (void)accounts_->remember("password_expires_days", std::to_string(days), now_());
}

login_policy::~login_policy() = default;

std::string login_policy::refuse_address(const connection_facts& facts) const {
    if (directory_->current()->rules.allowed.allows(facts.address)) return {};
    return "the address " + facts.address + " is not allowed for Service " + std::string(service_name);
}

login_outcome login_policy::decide(const login_attempt& offered) const {
    try {
        return login_steps(*this, offered).run();
    } catch (const std::exception& error) {
        // What cannot be decided, for want of a disk that works, is refused.
        login_outcome out;
        out.user = printable(offered.user);
        out.client_text = "Access Denied";
        out.reason = std::string("the login could not be decided: ") + error.what();
        return out;
    }
}

login_outcome login_policy::decide(const wire::login_request& request, const connection_facts& facts) const {
    return decide({request.name_space, request.user.reveal(), request.password.reveal(), facts});
}

std::string login_policy::complete(const login_outcome& outcome) const {
    try {
        if (!outcome.new_password.empty()) directory_->set_password(outcome.user, outcome.new_password.reveal(), now_());
        accounts_->note_success(outcome.user, now_());
        return {};
    } catch (const std::exception& error) {
        return std::string("the login cannot be completed: ") + error.what();
    }
}

std::string login_policy::check_factor(const std::string& user, const std::function<std::string()>& check) const {
    const auto view = directory_->current();
    const account_store::attempt gate(*accounts_, user, view->rules.failures);
    if (!gate.refusal().empty()) return gate.refusal();
    if (accounts_->state(user).disabled) return "User " + user + " account is disabled";
    auto reason = check();
    if (!reason.empty()) accounts_->note_failure(user, true, view->rules.failures, reason);
    return reason;
}

std::string login_policy::change_password(std::string_view name, std::string_view password) const {
    const auto view = directory_->current();
    const auto* const user = view->find(name);
    if (user == nullptr) return "User " + printable(name) + " does not exist";
    if (user->type != account_type::password) return "User " + user->name + " has no password here";
    if (auto fault = view->rules.pattern.fault(password); !fault.empty()) return fault;
    try {
        directory_->set_password(user->name, password, now_());
        return {};
    } catch (const std::exception& error) {
        spdlog::error("a new password for '{}' could not be stored: {}", user->name, error.what());
        return "the new password could not be stored";
    }
}

} // namespace irislink::sandbox
