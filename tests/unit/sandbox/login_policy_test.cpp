// Every rule of a login, one at a time: what is refused, for which reason, and what the client hears.

#include "samples/sandbox/auth/login_policy.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "samples/sandbox/auth/password_hash.hpp"

namespace irislink::sandbox {
namespace {

using namespace std::chrono_literals;
using names = std::vector<std::string>;

constexpr std::int64_t day = 86400;

class LoginPolicy : public ::testing::Test {
protected:
    LoginPolicy() {
        config.hash_iterations = 1000;
        config.security.failures.first_delay = 5ms;
        facts.address = "127.0.0.1";
        add("alice", "secret");
    }

    account& add(const std::string& name, const std::string& password, int iterations = 1000) {
        account made;
        made.name = name;
        if (!password.empty()) made.password = hash_password(password, iterations);
        std::string key;
        for (const char c : name) key.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
        return config.users[key] = made;
    }

    account& alice() { return config.users.at("ALICE"); }

    login_policy& policy() {
        if (!made) made = std::make_unique<login_policy>(config, [this] { return now; });
        return *made;
    }

    login_outcome offer(std::string_view user, std::string_view password, std::string_view name_space = "USER") {
        return policy().decide({name_space, user, password, facts});
    }

    // A whole login: decided, and completed when it may be.
    std::string log_in(std::string_view user, std::string_view password, std::string_view name_space = "USER") {
        const auto out = offer(user, password, name_space);
        return out.accepted ? policy().complete(out) : out.reason;
    }

    void expect_denied(const login_outcome& out, const std::string& reason) {
        EXPECT_FALSE(out.accepted);
        EXPECT_EQ(out.reason, reason);
        EXPECT_EQ(out.client_text, "Access Denied");
        EXPECT_EQ(out.status, 417);
    }

    void expect_change(const login_outcome& out, const std::string& reason) {
        EXPECT_FALSE(out.accepted);
        EXPECT_EQ(out.reason, reason);
        EXPECT_EQ(out.client_text, "Password change required");
        EXPECT_EQ(out.status, 417);
    }

    sandbox_config config;
    connection_facts facts;
    std::int64_t now{1'800'000'000};
    std::unique_ptr<login_policy> made;
};

TEST_F(LoginPolicy, WithoutRulesConfiguredUsersLogInByPassword) {
    const auto out = offer("ALICE", "secret", "user");
    EXPECT_TRUE(out.accepted) << out.reason;
    EXPECT_EQ(out.user, "alice");
    EXPECT_EQ(out.name_space, "USER");
    EXPECT_EQ(out.mechanism, login_mechanism::password);
    EXPECT_EQ(out.roles, names{});
    EXPECT_FALSE(out.reads_audit);
    EXPECT_FALSE(out.manages_users);
    EXPECT_TRUE(out.before.empty());
}

TEST_F(LoginPolicy, ReasonsAreTrueAndClientsHearOneText) {
    add("nopassword", "");
    expect_denied(offer("alice", "wrong"), "User alice invalid name or password");
    expect_denied(offer("alice", ""), "User alice invalid name or password");
    expect_denied(offer("bob", "secret"), "User bob does not exist");
    expect_denied(offer("a*b", "secret"), "Username a*b is invalid");
    expect_denied(offer("nopassword", ""), "User nopassword invalid name or password");
    expect_denied(offer("alice", "secret", "NOWHERE"), "namespace 'NOWHERE' does not exist");
}

TEST_F(LoginPolicy, EveryRefusalCostsTheSame) {
    add("dear", "secret", 5000);
    add("locked", "secret").enabled = false;
    add("kerb", "").type = account_type::kerberos;
    add("nopassword", "");
    std::uint64_t first = 0;
    for (const auto& [user, password] : std::vector<std::pair<std::string, std::string>>{
             {"alice", "wrong"},
             {"dear", "wrong"},
             {"nobody", "wrong"},
             {"locked", "secret"},
             {"locked", "wrong"},
             {"kerb", "x"},
             {"nopassword", "x"},
             {"a*b", "x"},
             {std::string(1000, 'n'), "x"},
             {"_PUBLIC", "x"}}) {
        const auto before = hash_work_done();
        EXPECT_FALSE(offer(user, password).accepted) << user;
        const auto cost = hash_work_done() - before;
        if (first == 0) first = cost;
        EXPECT_EQ(cost, first) << user;
    }
    EXPECT_EQ(first, 5000U);
}

TEST_F(LoginPolicy, TheAddressComesFirst) {
    config.security.allowed = allowed_addresses({"192.0.2.0/24"});
    config.security.service_enabled = false;
    expect_denied(offer("alice", "secret"), "the address 127.0.0.1 is not allowed for Service %Service_Bindings");
    EXPECT_NE(policy().refuse_address(facts), "");
    facts.address = "192.0.2.9";
    EXPECT_EQ(policy().refuse_address(facts), "");
    expect_denied(offer("alice", "secret"), "Logins for Service %Service_Bindings are disabled");
}

TEST_F(LoginPolicy, MechanismsNeedInstanceAndService) {
    config.security.instance.password = false;
    expect_denied(offer("alice", "secret"), "authentication by Password is not enabled for the instance");
    config.security.instance.password = true;
    config.security.service.password = false;
    made.reset();
    expect_denied(offer("alice", "secret"), "authentication by Password is not enabled for Service %Service_Bindings");
    facts.kerberos_level = 2;
    facts.protection = line_protection::kerberos;
    facts.kerberos_account = "alice";
    EXPECT_TRUE(offer("", "").accepted);
    config.security.service.kerberos = false;
    made.reset();
    expect_denied(offer("", ""), "authentication by Kerberos is not enabled for Service %Service_Bindings");
    expect_denied(offer("", "a.b.c"), "access tokens are not accepted");
    config.security.service.access_token = false;
    made.reset();
    expect_denied(offer("", "a.b.c"), "authentication by AccessToken is not enabled for Service %Service_Bindings");
}

TEST_F(LoginPolicy, NothingOfferedIsUnknownUser) {
    expect_denied(offer("", ""), "User UnknownUser invalid name or password");
    config.security.instance.unauthenticated = true;
    made.reset();
    auto out = offer("", "");
    EXPECT_TRUE(out.accepted) << out.reason;
    EXPECT_EQ(out.user, "UnknownUser");
    EXPECT_EQ(out.mechanism, login_mechanism::unauthenticated);
    EXPECT_EQ(out.roles, names{});
    EXPECT_EQ(policy().complete(out), "");
    add("UnknownUser", "SYS").roles = {"%All"};
    made.reset();
    out = offer("", "");
    EXPECT_EQ(out.roles, names{"%All"});
    // Somebody who was named is never let in as nobody.
    expect_denied(offer("alice", "wrong"), "User alice invalid name or password");
    expect_denied(offer("", "a.b.c"), "access tokens are not accepted");
    config.users.at("UNKNOWNUSER").enabled = false;
    made.reset();
    expect_denied(offer("", ""), "User UnknownUser account is disabled");
    config.users.at("UNKNOWNUSER").enabled = true;
    config.security.service.unauthenticated = false;
    made.reset();
    expect_denied(offer("", ""), "User UnknownUser invalid name or password");
    config.security.service.password = false;
    made.reset();
    expect_denied(offer("", ""), "authentication by Unauthenticated is not enabled for Service %Service_Bindings");
}

TEST_F(LoginPolicy, UnknownUserIsNeverCounted) {
    config.security.failures = {1, true, 1000ms};
    for (int i = 0; i < 5; ++i) expect_denied(offer("", ""), "User UnknownUser invalid name or password");
    add("UnknownUser", "SYS");
    made.reset();
    for (int i = 0; i < 5; ++i) (void)offer("unknownuser", "wrong");
    EXPECT_EQ(log_in("UnknownUser", "SYS"), "");
}

TEST_F(LoginPolicy, OnAKerberosLineTheInitiatorIsTheUser) {
    facts.kerberos_level = 1;
    facts.protection = line_protection::kerberos;
    facts.kerberos_account = "alice";
    EXPECT_EQ(offer("", "").user, "alice");
    EXPECT_EQ(offer("somebody", "else").user, "alice") << "the name of the login message means nothing";
    EXPECT_EQ(offer("", "").mechanism, login_mechanism::kerberos);
    facts.kerberos_account = "stranger";
    expect_denied(offer("", ""), "User stranger does not exist");
    expect_denied(offer("alice", "secret"), "User stranger does not exist");
    facts.kerberos_account = "alice@OTHER.REALM";
    expect_denied(offer("", ""), "Username alice@OTHER.REALM is invalid");
    facts.kerberos_account.clear();
    expect_denied(offer("", ""), "the Kerberos context has no initiator");
}

TEST_F(LoginPolicy, KerberosThatFailsCascadesToUnauthenticatedAndIsRemembered) {
    config.security.instance.unauthenticated = true;
    facts.kerberos_level = 3;
    facts.kerberos_account = "stranger";
    const auto out = offer("", "");
    EXPECT_TRUE(out.accepted) << out.reason;
    EXPECT_EQ(out.user, "UnknownUser");
    ASSERT_EQ(out.before.size(), 1U);
    EXPECT_EQ(out.before[0].mechanism, login_mechanism::kerberos);
    EXPECT_EQ(out.before[0].user, "stranger");
    EXPECT_EQ(out.before[0].reason, "User stranger does not exist");
    EXPECT_FALSE(offer("alice", "secret").accepted) << "who names somebody is not nobody";
}

TEST_F(LoginPolicy, TypesMustFitTheMechanism) {
    for (const auto type : {account_type::kerberos, account_type::delegated, account_type::ldap, account_type::os}) {
        alice().type = type;
        made.reset();
        facts.kerberos_level = 0;
        expect_denied(offer("alice", "secret"), "User alice is of type " + std::string(type_name(type)) + " and cannot log in by Password");
        facts.kerberos_level = 2;
        facts.kerberos_account = "alice";
        if (type == account_type::kerberos) {
            EXPECT_TRUE(offer("", "").accepted);
        } else {
            expect_denied(offer("", ""), "User alice is of type " + std::string(type_name(type)) + " and cannot log in by Kerberos");
        }
    }
}

TEST_F(LoginPolicy, AccountStatesAreNamed) {
    alice().enabled = false;
    expect_denied(offer("alice", "secret"), "User alice account is disabled");
    alice().enabled = true;
    alice().expires = now + 1;
    made.reset();
    EXPECT_TRUE(offer("alice", "secret").accepted);
    ++now;
    expect_denied(offer("alice", "secret"), "User alice account has expired");
    alice().expires.reset();
    config.security.inactive_days = 90;
    made.reset();
    EXPECT_EQ(log_in("alice", "secret"), "") << "somebody who never logged in is not inactive";
    now += 90 * day - 1;
    EXPECT_TRUE(offer("alice", "secret").accepted) << "not completed: no login";
    now += 1;
    expect_denied(offer("alice", "secret"), "User alice account is inactive");
    policy().accounts().unlock("alice");
    EXPECT_EQ(log_in("alice", "secret"), "");
    EXPECT_EQ(policy().accounts().state("alice").last_login, now);
}

TEST_F(LoginPolicy, PublicIsNobody) {
    add("_PUBLIC", "secret");
    expect_denied(offer("_PUBLIC", "secret"), "User _PUBLIC is not authorized");
    facts.kerberos_level = 2;
    facts.kerberos_account = "_public";
    expect_denied(offer("", ""), "User _public is not authorized");
}

TEST_F(LoginPolicy, TheLimitDisablesTheAccount) {
    config.security.failures = {3, true, 1000ms};
    for (int i = 0; i < 2; ++i) (void)offer("alice", "wrong");
    EXPECT_EQ(log_in("alice", "secret"), "");
    for (int i = 0; i < 3; ++i) expect_denied(offer("alice", "wrong"), "User alice invalid name or password");
    expect_denied(offer("alice", "secret"), "User alice account is disabled");
    facts.kerberos_level = 2;
    facts.kerberos_account = "alice";
    expect_denied(offer("", ""), "User alice account is disabled");
    facts.kerberos_level = 0;
    policy().accounts().unlock("alice");
    EXPECT_EQ(log_in("alice", "secret"), "");
}

TEST_F(LoginPolicy, EveryRefusalByPasswordCounts) {
    config.security.failures = {3, true, 1000ms};
    alice().enabled = false;
    for (int i = 0; i < 2; ++i) (void)offer("alice", "secret");
    EXPECT_EQ(policy().accounts().state("alice").failures, 2) << "what does not count would tell that the password was right";
    (void)offer("nobody", "x");
    EXPECT_EQ(policy().accounts().state("nobody").failures, 1) << "and so would names that have no counter";
}

TEST_F(LoginPolicy, TheLimitDelaysEveryAttempt) {
    config.security.failures = {2, false, 40ms};
    const auto time_of = [this](std::string_view user, std::string_view password) {
        const auto begin = std::chrono::steady_clock::now();
        (void)log_in(user, password);
        return std::chrono::steady_clock::now() - begin;
    };
    for (const auto* const user : {"alice", "nobody"}) {
        (void)time_of(user, "wrong");
        (void)time_of(user, "wrong");
        EXPECT_GE(time_of(user, "wrong"), 35ms) << user;
        EXPECT_GE(time_of(user, "wrong"), 75ms) << user;
    }
    EXPECT_EQ(log_in("alice", "secret"), "") << "who waits gets in";
    EXPECT_EQ(policy().accounts().state("alice").failures, 0);
}

TEST_F(LoginPolicy, AWrongSecondFactorCountsAsWell) {
    config.security.failures = {2, true, 1000ms};
    EXPECT_TRUE(offer("alice", "secret").accepted);
    EXPECT_EQ(policy().check_factor("alice", [] { return std::string("wrong"); }), "wrong");
    EXPECT_EQ(policy().accounts().state("alice").failures, 1);
    EXPECT_TRUE(offer("alice", "secret").accepted);
    EXPECT_EQ(policy().accounts().state("alice").failures, 1) << "a password alone is no success";
    EXPECT_EQ(policy().check_factor("alice", [] { return std::string("wrong"); }), "wrong");
    bool asked = false;
    EXPECT_EQ(
        policy().check_factor(
            "alice",
            [&] {
                asked = true;
                return std::string();
            }
        ),
        "User alice account is disabled"
    );
    EXPECT_FALSE(asked) << "a locked account learns nothing of its code";
    expect_denied(offer("alice", "secret"), "User alice account is disabled");
}

TEST_F(LoginPolicy, ChangeOnNextLoginIsToldToWhoKnowsThePasswordAlone) {
    alice().change_password = true;
    expect_denied(offer("alice", "wrong"), "User alice invalid name or password");
    expect_change(offer("alice", "secret"), "Password change required");
    EXPECT_EQ(policy().accounts().state("alice").failures, 1) << "of the wrong one";
    alice().enabled = false;
    made.reset();
    expect_denied(offer("alice", "secret"), "User alice account is disabled");
}

TEST_F(LoginPolicy, PasswordsExpireCountedFromTheSettingOrTheChange) {
    config.security.password_days = 30;
    alice().password_changed = now - 300 * day;
    EXPECT_TRUE(offer("alice", "secret").accepted) << "the days begin when they are set";
    now += 30 * day - 1;
    EXPECT_TRUE(offer("alice", "secret").accepted);
    now += 1;
    expect_change(offer("alice", "secret"), "Password change required");
    EXPECT_EQ(policy().change_password("alice", "another"), "");
    EXPECT_TRUE(offer("alice", "another").accepted);
    now += 30 * day;
    expect_change(offer("alice", "another"), "Password change required");
    alice().password_never_expires = true;
    add("fresh", "secret").change_password = true;
    config.security.password_days = 0;
    made.reset();
    expect_change(offer("fresh", "secret"), "Password change required");
}

TEST_F(LoginPolicy, NeverExpiresMeansIt) {
    config.security.password_days = 1;
    alice().password_never_expires = true;
    (void)policy();
    now += 1000 * day;
    EXPECT_TRUE(offer("alice", "secret").accepted);
}

TEST_F(LoginPolicy, ALoginCanBringTheNewPassword) {
    using namespace std::string_literals;
    alice().change_password = true;
    expect_denied(offer("alice", "wrong\0brandnew"s), "User alice invalid name or password");
    expect_change(offer("alice", "secret\0x"s), "Password change required: the password is shorter than the pattern 3.32ANP permits");
    expect_change(offer("alice", "secret\0secret"s), "Password change required: the new password is the old one");
    expect_change(offer("alice", "secret\0new\0er"s), "Password change required: the password must not hold control characters");
    auto out = offer("alice", "secret\0brandnew"s);
    ASSERT_TRUE(out.accepted) << out.reason;
    expect_change(offer("alice", "secret"), "Password change required");
    EXPECT_EQ(policy().complete(out), "");
    EXPECT_TRUE(offer("alice", "brandnew").accepted) << "set by completion, and not before";
    expect_denied(offer("alice", "secret"), "User alice invalid name or password");
}

TEST_F(LoginPolicy, TheNewPasswordIsNotForOtherRefusalsAndNotForOpenLines) {
    using namespace std::string_literals;
    EXPECT_FALSE(offer("alice", "secret\0brandnew"s, "NOWHERE").accepted);
    EXPECT_TRUE(offer("alice", "secret").accepted) << "unchanged";
    facts.address = "192.0.2.7";
    expect_denied(offer("alice", "secret\0brandnew"s), "a new password is not accepted over an unprotected line");
    facts.protection = line_protection::kerberos;
    facts.protection = line_protection::tls;
    EXPECT_TRUE(offer("alice", "secret\0brandnew"s).accepted);
}

TEST_F(LoginPolicy, RolesAreComputedAtLogin) {
    alice().roles = {"reports", "Undefined", "%Manager"};
    config.security.roles["Reports"] = {"%DB_USER"};
    add("_PUBLIC", "").roles = {"%SQL", "Reports"};
    const auto out = offer("alice", "secret");
    EXPECT_EQ(out.roles, (names{"Reports", "%Manager", "%SQL"}));
    EXPECT_TRUE(out.reads_audit);
    EXPECT_TRUE(out.manages_users);
}

TEST_F(LoginPolicy, TheRequiredRoleMustBeHeld) {
    config.security.required_role = "connect";
    config.security.roles["Connect"] = {};
    expect_denied(offer("alice", "secret"), "User alice is not authorized: the role connect is required");
    alice().roles = {"Connect"};
    made.reset();
    EXPECT_TRUE(offer("alice", "secret").accepted);
}

TEST_F(LoginPolicy, ServiceAndNamespaceNeedTheirResources) {
    config.security.public_resources = names{};
    expect_denied(offer("alice", "secret"), "User not authorized for service");
    alice().roles = {"%SQL"};
    made.reset();
    expect_denied(offer("alice", "secret"), "User alice has no privilege for namespace USER");
    alice().roles = {"%SQL", "%DB_USER"};
    made.reset();
    EXPECT_TRUE(offer("alice", "secret").accepted);
    expect_denied(offer("alice", "secret", "%SYS"), "User alice has no privilege for namespace %SYS");
    config.security.public_resources = names{"%db_%sys"};
    made.reset();
    EXPECT_TRUE(offer("alice", "secret", "%SYS").accepted);
    alice().roles = {"%All"};
    made.reset();
    EXPECT_TRUE(offer("alice", "secret").accepted);
}

TEST_F(LoginPolicy, ASingleDomainKnowsNoOther) {
    config.security.default_domain = "example.com";
    EXPECT_EQ(offer("alice@Example.COM", "secret").user, "alice");
    EXPECT_EQ(offer("alice", "secret").user, "alice");
    expect_denied(offer("alice@other.com", "secret"), "Username alice@other.com is invalid");
    config.security.default_domain.clear();
    made.reset();
    expect_denied(offer("alice@example.com", "secret"), "Username alice@example.com is invalid");
}

TEST_F(LoginPolicy, SeveralDomainsKeepTheirAccountsApart) {
    config.security.multi_domain = true;
    config.security.default_domain = "example.com";
    add("carol@example.com", "here");
    add("carol@other.com", "there");
    add("_SYSTEM", "SYS");
    EXPECT_EQ(offer("carol", "here").user, "carol@example.com");
    EXPECT_EQ(offer("carol@other.com", "there").user, "carol@other.com");
    expect_denied(offer("carol", "there"), "User carol invalid name or password");
    expect_denied(offer("carol@third.com", "here"), "User carol@third.com does not exist");
    EXPECT_EQ(offer("_system", "SYS").user, "_SYSTEM") << "the accounts of the instance have no domain";
    facts.kerberos_level = 3;
    facts.kerberos_account = "carol@OTHER.COM";
    EXPECT_EQ(offer("", "").user, "carol@other.com");
}

TEST_F(LoginPolicy, RefusalsAreRememberedAtTheAccount) {
    config.security.required_role = "Nothing";
    (void)offer("alice", "secret");
    EXPECT_EQ(policy().accounts().state("alice").reason, "User alice is not authorized: the role Nothing is required");
}

TEST_F(LoginPolicy, NewPasswordsFollowTheRules) {
    add("kerb", "").type = account_type::kerberos;
    EXPECT_EQ(policy().change_password("nobody", "whatever"), "User nobody does not exist");
    EXPECT_EQ(policy().change_password("kerb", "whatever"), "User kerb has no password here");
    EXPECT_NE(policy().change_password("alice", "x"), "");
    EXPECT_TRUE(offer("alice", "secret").accepted);
}

} // namespace
} // namespace irislink::sandbox
