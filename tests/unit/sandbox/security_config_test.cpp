#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "samples/sandbox/auth/login_policy.hpp"
#include "samples/sandbox/auth/password_hash.hpp"
#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::sandbox {
namespace {

TEST(SecurityConfig, EverySettingIsRead) {
    const auto config = parse_config(R"(
[security]
unauthenticated = true
password = false
kerberos = false
access_token = false
password_pattern = "8.20AN"
password_expires_days = 30
inactive_limit_days = 365
invalid_login_limit = 64
disable_account = true
required_role = "Connect"
public_resources = ["%DB_USER"]
multi_domain = true
default_domain = "example.com"
[service]
enabled = false
unauthenticated = false
password = false
allowed_addresses = ["10.0.0.0/8"]
[roles]
Reports = ["%Service_SQL"]
[audit]
login = false
file = "audit.jsonl"
table_rows = 10
[users."al@example.com"]
password = "x"
type = "kerberos"
expires = 2027-01-31
change_password_on_next_login = true
password_never_expires = true
password_changed = 1700000000
)");
    const auto& rules = config.security;
    EXPECT_TRUE(rules.instance.unauthenticated);
    EXPECT_FALSE(rules.instance.password || rules.instance.kerberos || rules.instance.access_token);
    EXPECT_EQ(rules.pattern.text(), "8.20AN");
    EXPECT_EQ(rules.password_days, 30);
    EXPECT_EQ(rules.inactive_days, 365);
    EXPECT_EQ(rules.failures.limit, 64);
    EXPECT_TRUE(rules.failures.disable);
    EXPECT_EQ(rules.required_role, "Connect");
    EXPECT_EQ(rules.public_resources, std::vector<std::string>{"%DB_USER"});
    EXPECT_TRUE(rules.multi_domain);
    EXPECT_TRUE(config.kerberos.multi_domain) << "one switch for both";
    EXPECT_EQ(rules.default_domain, "example.com");
    EXPECT_FALSE(rules.service_enabled);
    EXPECT_FALSE(rules.service.unauthenticated || rules.service.password);
    EXPECT_TRUE(rules.service.kerberos && rules.service.access_token);
    EXPECT_TRUE(rules.allowed.allows("10.1.1.1"));
    EXPECT_FALSE(rules.allowed.allows("11.1.1.1"));
    EXPECT_EQ(rules.roles.at("Reports"), std::vector<std::string>{"%Service_SQL"});
    EXPECT_TRUE(rules.audit.enabled) << "a section switches it on";
    EXPECT_FALSE(rules.audit.login);
    EXPECT_EQ(rules.audit.file, "audit.jsonl");
    EXPECT_EQ(rules.audit.table_rows, 10);
    const auto& user = config.users.at("AL@EXAMPLE.COM");
    EXPECT_EQ(user.type, account_type::kerberos);
    EXPECT_EQ(user.expires, parse_day("2027-01-31"));
    EXPECT_TRUE(user.change_password && user.password_never_expires);
    EXPECT_EQ(user.password_changed, 1700000000);
}

TEST(SecurityConfig, NothingSaidIsTheDocumentedDefault) {
    const auto rules = parse_config("").security;
    EXPECT_FALSE(rules.instance.unauthenticated);
    EXPECT_TRUE(rules.instance.password);
    EXPECT_EQ(rules.failures.limit, 5);
    EXPECT_FALSE(rules.failures.disable);
    EXPECT_EQ(rules.password_days, 0);
    EXPECT_EQ(rules.inactive_days, 0);
    EXPECT_EQ(rules.pattern.text(), "3.32ANP");
    EXPECT_TRUE(rules.service_enabled);
    EXPECT_FALSE(rules.audit.enabled);
    EXPECT_FALSE(rules.public_resources);
}

TEST(SecurityConfig, DaysOfExpiryAreNeverLost) {
    for (const auto* const text : {"0005-01-01", "1969-12-31", "9999-12-31", "\"2027-01-31\""}) {
        const auto config = parse_config("[users.a]\nexpires = " + std::string(text));
        EXPECT_TRUE(config.users.at("A").expires) << text;
    }
    EXPECT_LT(*parse_config("[users.a]\nexpires = 0005-01-01").users.at("A").expires, 0);
}

TEST(SecurityConfig, FaultsAreNamed) {
    for (const auto& [text, word] : std::vector<std::pair<std::string, std::string>>{
             {"security = 1", "[security]"},
             {"[security]\nunauthenticated = 1", "unauthenticated"},
             {"[security]\nlogin_limit = 3", "login_limit"},
             {"[security]\npassword_pattern = \"3-32\"", "password_pattern"},
             {"[security]\ninvalid_login_limit = 65", "0 to 64"},
             {"[security]\ninactive_limit_days = 366", "0 to 365"},
             {"[security]\npassword_expires_days = 100000", "0 to 99999"},
             {"[security]\npassword_expires_days = \"7\"", "password_expires_days"},
             {"[security]\npublic_resources = \"%DB_USER\"", "public_resources"},
             {"[security]\ndefault_domain = \"a@b\"", "default_domain"},
             {"[security]\nmulti_domain = true", "default_domain"},
             {"[service]\nallowed_addresses = [\"10.0.0.0/99\"]", "10.0.0.0/99"},
             {"[service]\nenabled = \"yes\"", "enabled"},
             {"[service]\nname = \"x\"", "name"},
             {"[roles]\nA = \"x\"", "'A'"},
             {"[roles]\n\"%all\" = []", "%All"},
             {"[roles]\n\"a,b\" = []", "comma"},
             {"[audit]\ntable_rows = 0", "table_rows"},
             {"[audit]\nevents = []", "events"},
             {"[users.a]\ntype = \"token\"", "type"},
             {"[users.a]\nexpires = \"soon\"", "expires"},
             {"[users.a]\nexpires = 5", "expires"},
             {"[users.a]\nadmin = true", "admin"},
             {"[users.a]\n[users.A]", "twice"},
             {"users = 3", "[users]"},
         }) {
        try {
            (void)parse_config(text);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const config_error& error) {
            EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << text << "\n" << error.what();
        }
    }
}

login_outcome offer(const sandbox_config& config, std::string_view user, std::string_view password) {
    connection_facts facts;
    facts.address = "127.0.0.1";
    return login_policy(config).decide({"USER", user, password, facts});
}

TEST(StartingConfig, MinimalAsksForNothing) {
    const auto config = parse_config(starting_config("minimal"));
    EXPECT_EQ(config.security.pattern.text(), "3.32ANP");
    EXPECT_EQ(config.security.inactive_days, 0);
    for (const auto* const user : {"_SYSTEM", "SuperUser", "Admin", "CSPSystem", "UnknownUser"}) EXPECT_TRUE(offer(config, user, "SYS").accepted) << user;
    EXPECT_FALSE(offer(config, "_PUBLIC", "SYS").accepted);
    const auto nobody = offer(config, "", "");
    EXPECT_TRUE(nobody.accepted);
    EXPECT_EQ(nobody.roles, std::vector<std::string>{"%All"});
}

TEST(StartingConfig, NormalAuthenticatesEverybody) {
    const auto config = parse_config(starting_config("normal", "chosen"));
    EXPECT_EQ(config.security.pattern.text(), "3.32ANP");
    EXPECT_EQ(config.security.inactive_days, 90);
    EXPECT_FALSE(offer(config, "", "").accepted);
    EXPECT_FALSE(offer(config, "_SYSTEM", "SYS").accepted);
    EXPECT_TRUE(offer(config, "_SYSTEM", "chosen").accepted);
    EXPECT_EQ(offer(config, "UnknownUser", "chosen").roles, std::vector<std::string>{});
    EXPECT_TRUE(offer(config, "CSPSystem", "chosen").accepted) << "service and namespaces are public";
    EXPECT_FALSE(config.security.audit.enabled) << "off by default";
    const auto without = parse_config(starting_config("normal"));
    for (const auto* const user : {"_SYSTEM", "SuperUser", "_PUBLIC"})
        for (const auto* const password : {"", "SYS", "chosen"}) EXPECT_FALSE(offer(without, user, password).accepted) << user;
}

TEST(StartingConfig, LockedDownOpensNothingByItself) {
    auto config = parse_config(starting_config("locked-down", "chosen-well"));
    EXPECT_EQ(config.security.pattern.text(), "8.32ANP");
    EXPECT_EQ(config.security.inactive_days, 90);
    EXPECT_EQ(offer(config, "SuperUser", "chosen-well").reason, "Logins for Service %Service_Bindings are disabled");
    config.security.service_enabled = true;
    EXPECT_TRUE(offer(config, "SuperUser", "chosen-well").accepted);
    EXPECT_EQ(offer(config, "_SYSTEM", "chosen-well").reason, "User _SYSTEM account is disabled");
    EXPECT_EQ(offer(config, "CSPSystem", "chosen-well").reason, "User not authorized for service");
    EXPECT_FALSE(offer(config, "", "").accepted);
}

class SecurityFile : public ::testing::Test {
protected:
    SecurityFile() {
        file = folder / "sandbox.toml";
        write(
            "# mine\n[server]\nhash_iterations = 1000\n[users.alice]  # by hand\npassword = \"" + hash_password("secret", 1000) +
            "\"\nroles = [\"A\"]\n\n[users.'Bob Q']\npassword = \"\"\n"
        );
    }

    void write(const std::string& text) const { std::ofstream(file) << text; }

    [[nodiscard]] std::string text() const {
        std::ostringstream out;
        out << std::ifstream(file).rdbuf();
        return out.str();
    }

    // Files that change within the grain of the clock look the same unless their size differs.
    void touch() const { std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + std::chrono::seconds(2)); }

    [[nodiscard]] static bool accepts(const login_policy& policy, std::string_view user, std::string_view password) {
        connection_facts facts;
        facts.address = "127.0.0.1";
        return policy.decide({"USER", user, password, facts}).accepted;
    }

    test::temporary_folder folder;
    std::filesystem::path file;
};

TEST_F(SecurityFile, EditsKeepWhatIsNotTheirs) {
    (void)change_user(file, "ALICE", [](account& user) {
        user.type = account_type::os;
        user.expires = parse_day("2030-05-06");
        user.change_password = user.password_never_expires = true;
        user.password_changed = 5;
        user.enabled = false;
    });
    (void)change_user(file, "bob q", [](account& user) { user.roles = {"B\"\\"}; });
    const auto after = load_config(file);
    const auto& alice = after.users.at("ALICE");
    EXPECT_EQ(alice.type, account_type::os);
    EXPECT_EQ(alice.expires, parse_day("2030-05-06"));
    EXPECT_TRUE(alice.change_password && alice.password_never_expires && !alice.enabled);
    EXPECT_EQ(alice.password_changed, 5);
    EXPECT_EQ(alice.roles, std::vector<std::string>{"A"});
    EXPECT_EQ(after.users.at("BOB Q").roles, std::vector<std::string>{"B\"\\"});
    EXPECT_EQ(after.users.size(), 2U);
    EXPECT_TRUE(text().starts_with("# mine\n[server]\n"));
    EXPECT_THROW((void)change_user(file, "carol", [](account&) {}), config_error);
    remove_user(file, "alice");
    EXPECT_EQ(load_config(file).users.size(), 1U);
}

TEST_F(SecurityFile, ChangesCountAtTheNextLogin) {
    const login_policy policy(load_config(file));
    EXPECT_TRUE(accepts(policy, "alice", "secret"));
    (void)change_user(file, "alice", [](account& user) { user.enabled = false; });
    touch();
    EXPECT_FALSE(accepts(policy, "alice", "secret"));
    (void)change_user(file, "alice", [](account& user) { user.enabled = true; });
    touch();
    EXPECT_TRUE(accepts(policy, "alice", "secret"));
    write("this is no TOML [");
    touch();
    EXPECT_TRUE(accepts(policy, "alice", "secret")) << "the rules of before stay in force";
}

TEST_F(SecurityFile, NewPasswordsAreWrittenDown) {
    {
        const login_policy policy(load_config(file));
        EXPECT_EQ(policy.change_password("alice", "another"), "");
        touch();
        EXPECT_TRUE(accepts(policy, "alice", "another"));
    }
    const auto after = load_config(file);
    EXPECT_TRUE(verify_password("another", after.users.at("ALICE").password));
    EXPECT_GT(after.users.at("ALICE").password_changed, 1'700'000'000);
    EXPECT_EQ(text().find("another"), std::string::npos);
}

} // namespace
} // namespace irislink::sandbox
