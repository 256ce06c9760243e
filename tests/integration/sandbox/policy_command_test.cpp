// irislink-sandbox init and user, as a person runs them: accounts, their properties and their state.

#include <gtest/gtest.h>

#include "samples/sandbox/auth/account_store.hpp"
#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/config/config.hpp"
#include "tests/support/sandbox_runner/sandbox_command.hpp"

namespace irislink::sandbox {
namespace {

class PolicyCommand : public ::testing::Test, protected test::sandbox_command {
protected:
    PolicyCommand() { run("init --preset normal --password-stdin", "installed"); }

    [[nodiscard]] account user(const std::string& key) const { return load_config(config).users.at(key); }
};

TEST_F(PolicyCommand, TheFirstAccountsHaveThePasswordOfTheInstallation) {
    for (const auto* const key : {"_SYSTEM", "SUPERUSER", "ADMIN", "CSPSYSTEM", "UNKNOWNUSER"})
        EXPECT_TRUE(verify_password("installed", user(key).password)) << key;
    EXPECT_EQ(user("_PUBLIC").password, "");
    EXPECT_FALSE(user("_PUBLIC").enabled);
}

TEST_F(PolicyCommand, AUserIsAddedWithItsProperties) {
    run("user add carol --password-stdin --roles '%SQL,Reports' --expires 2031-02-03 --change-password --password-never-expires", "secret");
    ASSERT_EQ(code, 0);
    const auto carol = user("CAROL");
    EXPECT_EQ(carol.roles, (std::vector<std::string>{"%SQL", "Reports"}));
    EXPECT_EQ(carol.expires, parse_day("2031-02-03"));
    EXPECT_TRUE(carol.change_password && carol.password_never_expires);
    EXPECT_TRUE(verify_password("secret", carol.password));
    EXPECT_GT(carol.password_changed, 1'700'000'000);
    run("user edit carol --expires never --roles ''");
    EXPECT_EQ(code, 0);
    EXPECT_FALSE(user("CAROL").expires);
    EXPECT_TRUE(user("CAROL").roles.empty());
    EXPECT_TRUE(user("CAROL").change_password) << "what is not said stays";
    run("user passwd carol --password-stdin", "other1");
    EXPECT_FALSE(user("CAROL").change_password);
}

TEST_F(PolicyCommand, UsersOfOtherTypesHaveNoPassword) {
    run("user add kerb --type kerberos");
    ASSERT_EQ(code, 0);
    EXPECT_EQ(user("KERB").type, account_type::kerberos);
    EXPECT_EQ(user("KERB").password, "");
    run("user add odd --type token");
    EXPECT_NE(code, 0);
}

TEST_F(PolicyCommand, RulesHoldForPasswordsAndNames) {
    EXPECT_NE(run("user add bob --password-stdin", "ab").find("3.32ANP"), std::string::npos);
    EXPECT_EQ(code, 2);
    run("user add bob --password-stdin", "");
    EXPECT_EQ(code, 2);
    run("user add 'a*b' --password-stdin", "secret");
    EXPECT_EQ(code, 2);
    run("user add bob --password-stdin --expires soon", "secret");
    EXPECT_EQ(code, 2);
    EXPECT_EQ(load_config(config).users.count("BOB"), 0U);
}

TEST_F(PolicyCommand, UnlockEndsLockoutAndDisabling) {
    run("user add carol --password-stdin --disabled", "secret");
    const auto state = config.string() + ".state";
    {
        account_store store(state);
        for (int i = 0; i < 5; ++i) store.note_failure("carol", true, {5, true, std::chrono::seconds(1)}, "User carol invalid name or password");
    }
    const auto list = run("user list");
    EXPECT_NE(list.find("carol  (disabled, locked after failed logins, last refusal: User carol invalid name or password)"), std::string::npos) << list;
    run("user unlock carol");
    EXPECT_EQ(code, 0);
    EXPECT_TRUE(user("CAROL").enabled);
    EXPECT_FALSE(account_store(state).state("carol").disabled);
    EXPECT_EQ(account_store(state).state("carol").failures, 0);
}

TEST_F(PolicyCommand, ANameThatIsUsedAgainStartsAnew) {
    run("user add carol --password-stdin", "secret");
    const auto state = config.string() + ".state";
    account_store(state).note_failure("carol", true, {1, true, std::chrono::seconds(1)}, "wrong");
    run("user remove carol");
    run("user add carol --password-stdin", "secret");
    EXPECT_FALSE(account_store(state).state("carol").disabled);
}

TEST_F(PolicyCommand, SomebodyMustHaveAllRights) {
    run("user remove SuperUser");
    EXPECT_EQ(code, 0);
    for (const auto* const last : {"user remove _SYSTEM", "user edit _SYSTEM --disabled", "user edit _SYSTEM --roles %SQL"}) {
        EXPECT_NE(run(last).find("last enabled user"), std::string::npos) << last;
        EXPECT_EQ(code, 2);
    }
    EXPECT_TRUE(user("_SYSTEM").enabled);
}

} // namespace
} // namespace irislink::sandbox
