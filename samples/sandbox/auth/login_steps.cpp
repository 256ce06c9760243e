#include "samples/sandbox/auth/login_steps.hpp"

#include <algorithm>
#include <array>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

constexpr std::int64_t day = 86400;

bool fits(login_mechanism mechanism, account_type type) noexcept {
    switch (mechanism) {
    case login_mechanism::password: return type == account_type::password;
    // Without delegated authorization a Kerberos user is one of type password as well (3.8).
    case login_mechanism::kerberos: return type == account_type::kerberos || type == account_type::password;
    case login_mechanism::access_token: return type == account_type::password || type == account_type::delegated;
    default: return true;
    }
}

bool has(const mechanism_switches& in, login_mechanism mechanism) {
    switch (mechanism) {
    case login_mechanism::kerberos: return in.kerberos;
    case login_mechanism::access_token: return in.access_token;
    case login_mechanism::password: return in.password;
    case login_mechanism::unauthenticated: return in.unauthenticated;
    default: return false;
    }
}

} // namespace

login_steps::login_steps(const login_policy& policy, const login_attempt& offered)
    : policy_(&policy), offered_(&offered), view_(policy.directory_->current()), now_(policy.now_()) {
    out_.user = printable(offered.user);
    // old NUL new asks for another password with the login. No password holds a NUL.
    const auto nul = offered.password.find('\0');
    old_password_ = offered.password.substr(0, nul);
    if (nul != std::string_view::npos) new_password_ = offered.password.substr(nul + 1);
}

login_outcome login_steps::run() {
    static constexpr std::array<step, 6> steps{&login_steps::check_address, &login_steps::check_service,       &login_steps::find_mechanism,
                                               &login_steps::compute_roles, &login_steps::check_service_right, &login_steps::check_namespace};
    for (const auto each : steps) {
        auto reason = (this->*each)();
        if (reason.empty()) continue;
        refuse(std::move(reason));
        return std::move(out_);
    }
    out_.accepted = true;
    out_.user = user_->name;
    out_.factor = user_->factor;
    out_.reads_audit = view_->may(out_.roles, audit_resource);
    out_.manages_users = view_->may(out_.roles, secure_resource);
    if (!new_password_.empty()) out_.new_password = wire::secret(new_password_);
    return std::move(out_);
}

void login_steps::refuse(std::string reason) {
    if (out_.client_text.empty()) out_.client_text = "Access Denied";
    // Every refusal of somebody who was named counts, whatever it was for: what does not count would
    // tell that the password was right.
    if (counts_) {
        policy_->accounts_->note_failure(name_, user_ != nullptr, view_->rules.failures, reason);
    } else if (user_ != nullptr && view_->find(user_->name) != nullptr) {
        policy_->accounts_->note_refusal(user_->name, reason);
    }
    out_.reason = std::move(reason);
}

std::string login_steps::check_address() {
    return policy_->refuse_address(offered_->facts);
}

std::string login_steps::check_service() {
    return view_->rules.service_enabled ? std::string() : "Logins for Service " + std::string(service_name) + " are disabled";
}

// In the order of the cascade (3.4). A name with a password, or a token, that is wrong is a refusal and
// never becomes somebody else: only who offered neither can come in without authentication.
std::vector<login_mechanism> login_steps::offered_mechanisms() const {
    std::vector<login_mechanism> out;
    const bool named = !offered_->user.empty();
    const bool proof = !offered_->password.empty();
    const bool kerberos = offered_->facts.kerberos_level > 0;
    if (!named && proof) return {login_mechanism::access_token}; // decision 29
    if (kerberos) out.push_back(login_mechanism::kerberos);
    if (!named && !proof) out.push_back(login_mechanism::unauthenticated);
    // On a Kerberos line the name of the login message means nothing (decision 4). Without
    // unauthenticated access nobody is a wrong password of UnknownUser.
    if (!kerberos) out.push_back(login_mechanism::password);
    return out;
}

std::string login_steps::check_switch(login_mechanism mechanism) const {
    const std::string name(mechanism_name(mechanism));
    if (!has(view_->rules.instance, mechanism)) return "authentication by " + name + " is not enabled for the instance";
    if (!has(view_->rules.service, mechanism)) return "authentication by " + name + " is not enabled for Service " + std::string(service_name);
    return {};
}

std::string login_steps::find_mechanism() {
    std::string switched_off;
    for (const auto mechanism : offered_mechanisms()) {
        if (auto off = check_switch(mechanism); !off.empty()) {
            if (switched_off.empty()) switched_off = std::move(off);
            continue;
        }
        if (out_.mechanism != login_mechanism::none) out_.before.push_back({out_.mechanism, out_.user, out_.reason});
        out_.mechanism = mechanism;
        out_.client_text.clear();
        user_ = nullptr;
        out_.reason = prove(mechanism);
        if (out_.reason.empty()) out_.reason = check_account();
        if (out_.reason.empty()) return {};
        if (mechanism == login_mechanism::password || mechanism == login_mechanism::unauthenticated) break;
    }
    if (out_.mechanism == login_mechanism::none) return switched_off;
    return std::move(out_.reason);
}

std::string login_steps::prove(login_mechanism mechanism) {
    switch (mechanism) {
    case login_mechanism::kerberos: return prove_kerberos();
    case login_mechanism::access_token: return prove_token();
    case login_mechanism::password: return prove_password();
    default: return prove_nothing();
    }
}

// The account that a name means. In a single-domain instance the name of another domain is nobody's; in a
// multi-domain one the default domain is added where there is none (3.5).
void login_steps::claim(std::string_view given) {
    out_.user = printable(given);
    const auto& rules = view_->rules;
    const auto at = given.rfind('@');
    std::string name(given);
    if (!rules.multi_domain && at != std::string_view::npos && !rules.default_domain.empty() &&
        sql::to_upper(given.substr(at + 1)) == sql::to_upper(rules.default_domain))
        name.resize(at);
    // The accounts that every instance has belong to no domain.
    if (rules.multi_domain && at == std::string_view::npos && !rules.default_domain.empty() && view_->find(given) == nullptr)
        name += "@" + rules.default_domain;
    name_ = is_user_name(name, rules.multi_domain) ? name : std::string();
    user_ = name_.empty() ? nullptr : view_->find(name_);
}

std::string login_steps::prove_kerberos() {
    const auto& facts = offered_->facts;
    if (facts.kerberos_account.empty()) return "the Kerberos context has no initiator";
    claim(facts.kerberos_account);
    return {};
}

bool login_steps::is_local() const {
    const auto& address = offered_->facts.address;
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

std::string login_steps::prove_token() {
    if (!policy_->tokens_) return "access tokens are not accepted";
    // A token that has crossed a line in clear is anybody's by now (wire-session 4.7, decision 18).
    if (!offered_->facts.sealed() && !is_local() && !policy_->tokens_->settings().over_clear) return "access tokens are not accepted over an unprotected line";
    const auto verdict = policy_->tokens_->check(offered_->password, static_cast<double>(now_));
    if (!verdict.accepted) return verdict.reason.empty() ? "the access token is not good" : verdict.reason;
    new_password_ = {};
    claim(verdict.account);
    return {};
}

std::string login_steps::prove_password() {
    const bool nobody = offered_->user.empty();
    claim(nobody ? unknown_user : offered_->user);
    // What is no name at all is nobody's account either, so nothing is counted; nor for UnknownUser (23).
    counts_ = !name_.empty() && sql::to_upper(name_) != sql::to_upper(unknown_user);
    if (counts_) {
        gate_.emplace(*policy_->accounts_, name_, view_->rules.failures);
        if (!gate_->refusal().empty()) {
            counts_ = false;
            return gate_->refusal();
        }
    }
    // The password is always checked, against a hash nothing matches where there is no other, and
    // always at the same cost, so that the time of an answer says nothing.
    const bool usable = user_ != nullptr && fits(login_mechanism::password, user_->type) && hash_work(user_->password) > 0;
    const bool matches = verify_password(
        old_password_, usable ? std::string_view(user_->password) : std::string_view(policy_->dummy_), std::max(view_->work, hash_work(policy_->dummy_))
    );
    if (nobody) return "User " + out_.user + " invalid name or password";
    if (matches && usable) return {};
    if (name_.empty()) return "Username " + out_.user + " is invalid";
    if (user_ == nullptr) return "User " + out_.user + " does not exist";
    if (!fits(login_mechanism::password, user_->type)) return {}; // check_account says it
    return "User " + out_.user + " invalid name or password";
}

std::string login_steps::prove_nothing() {
    new_password_ = {};
    claim(unknown_user);
    if (user_ == nullptr) {
        nobody_.name = unknown_user;
        user_ = &nobody_;
    }
    return {};
}

std::string login_steps::check_account() {
    const std::string who = "User " + out_.user;
    if (name_.empty()) return "Username " + out_.user + " is invalid";
    if (user_ == nullptr) return who + " does not exist";
    if (sql::to_upper(user_->name) == public_user) return who + " is not authorized";
    if (!fits(out_.mechanism, user_->type))
        return who + " is of type " + std::string(type_name(user_->type)) + " and cannot log in by " + std::string(mechanism_name(out_.mechanism));
    const auto state = policy_->accounts_->state(user_->name);
    if (!user_->enabled || state.disabled) return who + " account is disabled";
    if (user_->expires && now_ >= *user_->expires) return who + " account has expired";
    const auto& rules = view_->rules;
    if (rules.inactive_days > 0 && state.last_login && now_ - *state.last_login >= rules.inactive_days * day) return who + " account is inactive";
    return check_password_age();
}

std::string login_steps::check_password_age() {
    if (out_.mechanism != login_mechanism::password) return {};
    const auto& rules = view_->rules;
    bool due = user_->change_password;
    if (rules.password_days > 0 && !user_->password_never_expires) {
        // The days count from the moment they were set, for passwords that are older.
        const auto since = policy_->accounts_->remember("password_expires_days", std::to_string(rules.password_days), now_);
        due = due || now_ >= std::max(since, user_->password_changed) + rules.password_days * day;
    }
    const bool asked = old_password_.size() != offered_->password.size();
    if (!due && !asked) return {};
    if (asked && !offered_->facts.sealed() && !is_local()) return "a new password is not accepted over an unprotected line";
    // The one thing besides a refusal that a client is told. The password was right, so nothing is
    // given away, and nothing to be counted.
    out_.client_text = "Password change required";
    counts_ = false;
    if (!asked) return "Password change required";
    if (auto fault = rules.pattern.fault(new_password_); !fault.empty()) return "Password change required: " + fault;
    if (new_password_ == old_password_) return "Password change required: the new password is the old one";
    out_.client_text.clear();
    counts_ = true;
    return {};
}

std::string login_steps::compute_roles() {
    out_.roles = view_->roles.at_login(user_->roles, view_->public_roles);
    const auto& wanted = view_->rules.required_role;
    if (wanted.empty()) return {};
    const bool held = std::ranges::any_of(out_.roles, [&](const auto& each) { return sql::to_upper(each) == sql::to_upper(wanted); });
    return held ? std::string() : "User " + out_.user + " is not authorized: the role " + wanted + " is required";
}

std::string login_steps::check_service_right() {
    return view_->may(out_.roles, service_resource) ? std::string() : "User not authorized for service";
}

std::string login_steps::check_namespace() {
    for (const auto& each : view_->namespaces)
        if (sql::to_upper(each) == sql::to_upper(offered_->name_space)) out_.name_space = each;
    if (out_.name_space.empty()) return "namespace '" + printable(offered_->name_space) + "' does not exist";
    if (view_->may(out_.roles, namespace_resource(out_.name_space))) return {};
    return "User " + out_.user + " has no privilege for namespace " + out_.name_space;
}

} // namespace irislink::sandbox
