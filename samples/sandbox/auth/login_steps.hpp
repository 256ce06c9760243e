#pragma once
// The steps of one login, each with the reason it refuses for. Internal to login_policy. The texts of
// the documented states are those of security-behaviour 3.9.5.

#include <optional>

#include "samples/sandbox/auth/login_policy.hpp"

namespace irislink::sandbox {

class login_steps {
public:
    login_steps(const login_policy& policy, const login_attempt& offered);

    [[nodiscard]] login_outcome run();

private:
    // Every step: empty, or the reason of the refusal.
    using step = std::string (login_steps::*)();

    std::string check_address();
    std::string check_service();
    std::string find_mechanism(); // the cascade, with the account checks in it
    std::string compute_roles();
    std::string check_service_right();
    std::string check_namespace();

    // Of the mechanisms
    [[nodiscard]] std::vector<login_mechanism> offered_mechanisms() const;
    [[nodiscard]] std::string check_switch(login_mechanism mechanism) const;
    std::string prove(login_mechanism mechanism);
    std::string prove_kerberos();
    std::string prove_token();
    std::string prove_password();
    std::string prove_nothing();
    void claim(std::string_view given);

    // Of the account
    std::string check_account();
    std::string check_password_age();

    [[nodiscard]] bool is_local() const;
    void refuse(std::string reason);

    const login_policy* policy_;
    const login_attempt* offered_;
    std::shared_ptr<const security_view> view_;
    std::int64_t now_;
    login_outcome out_;
    std::string name_;              // of the claimed account, by the rules of domains; empty: no such name
    const account* user_{nullptr};  // nothing: no such account
    account nobody_;                // UnknownUser where none is configured
    std::string_view old_password_; // parts of what was offered
    std::string_view new_password_;
    std::optional<account_store::attempt> gate_;
    bool counts_{false}; // a refusal counts towards the limit
};

} // namespace irislink::sandbox
