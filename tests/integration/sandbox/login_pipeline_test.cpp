// The login pipeline over real connections: for every reason what the client is told, to the byte, and
// what the audit says.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/auth/totp.hpp"
#include "samples/sandbox/server/server.hpp"
#include "tests/integration/sandbox/raw_client.hpp"
#include "tests/support/temporary_folder/temporary_folder.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr std::string_view key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

struct answer {
    int status{-1};
    std::string body;
};

class LoginPipeline : public ::testing::Test {
protected:
    LoginPipeline() {
        config.port = 0;
        config.hash_iterations = 1000;
        config.account_state = (folder / "state").string();
        config.audit_table = (folder / "audit").string();
        config.used_codes = (folder / "used").string();
        config.security.audit.enabled = true;
        config.security.audit.file = (folder / "audit.jsonl").string();
        add("alice").roles = {"%Developer"};
        add("boss").roles = {"%Manager"};
    }

    ~LoginPipeline() override { server.reset(); }

    sandbox::account& add(const std::string& name, const std::string& password = "secret") {
        sandbox::account made;
        made.name = name;
        made.password = sandbox::hash_password(password, 1000);
        std::string upper;
        for (const char c : name) upper.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
        return config.users[upper] = made;
    }

    void start() {
        server.reset();
        server = std::make_unique<sandbox::server>(config);
        server->start();
    }

    static answer log_in(raw_client& client, std::string_view user, std::string_view password, std::string_view name_space = "USER") {
        client.request(wire::hello_request{}, 1);
        (void)client.receive();
        wire::login_request login;
        login.name_space = name_space;
        login.user = wire::secret(user);
        login.password = wire::secret(password);
        login.os_user = "os\nuser";
        // As the vendor's newest Python client ends them, with a NUL.
        login.machine = "machine\0"s;
        login.application = "tool\0"s;
        client.request(login, 3);
        const auto in = client.receive(20'000);
        if (!in) return {};
        return {in->status(), std::string(wire::as_text(in->body))};
    }

    answer offer(std::string_view user, std::string_view password, std::string_view name_space = "USER") const {
        raw_client client(server->port());
        return log_in(client, user, password, name_space);
    }

    // The text that a refused client reads.
    static std::string text_of(const answer& in) {
        wire::refusal_reply reply;
        wire::session_format format;
        EXPECT_FALSE(wire::decode_body(wire::as_bytes(in.body), format, reply));
        return reply.text;
    }

    static int update(raw_client& client, const std::string& sql) {
        wire::direct_update_request request;
        request.sql.text = sql;
        client.request(request, 9, 1);
        const auto in = client.receive();
        return in ? in->status() : -1;
    }

    static answer query(raw_client& client, const std::string& sql) {
        wire::direct_query_request request;
        request.sql.text = sql;
        client.request(request, 9, 1);
        const auto first = client.receive();
        if (!first) return {};
        if (first->status() != 0) return {first->status(), {}};
        const auto rows = client.receive();
        return {first->status(), rows ? std::string(wire::as_text(rows->body)) : std::string()};
    }

    [[nodiscard]] std::vector<nlohmann::json> audit() const {
        std::vector<nlohmann::json> out;
        std::ifstream in(folder / "audit.jsonl");
        for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
        return out;
    }

    // Waits for what another thread writes.
    [[nodiscard]] std::vector<nlohmann::json> audit_of(std::size_t count) const {
        for (int i = 0; i < 500 && audit().size() < count; ++i) std::this_thread::sleep_for(10ms);
        return audit();
    }

    void expect_failure(std::string_view user, std::string_view reason, std::string_view authentication = "Password") const {
        const auto records = audit();
        ASSERT_FALSE(records.empty());
        const auto& last = records.back();
        EXPECT_EQ(last["event"], "%System/%Login/LoginFailure");
        EXPECT_EQ(last["user"], user);
        EXPECT_EQ(last["description"], reason);
        EXPECT_EQ(last["authentication"], authentication);
        EXPECT_EQ(last["status"], 417);
        EXPECT_EQ(last["address"], "127.0.0.1");
    }

    temporary_folder folder;
    sandbox::sandbox_config config;
    std::unique_ptr<sandbox::server> server;
};

TEST_F(LoginPipeline, EveryRefusalIsTheSameBytesAndItsOwnRecord) {
    add("locked").enabled = false;
    add("expired").expires = 1000;
    add("kerb").type = sandbox::account_type::kerberos;
    add("_PUBLIC");
    start();

    struct row {
        std::string user;
        std::string password;
        std::string name_space;
        std::string reason;
        std::string authentication;
    };

    answer first;
    for (const auto& each : std::vector<row>{
             {"alice", "wrong", "USER", "User alice invalid name or password", "Password"},
             {"nobody", "wrong", "USER", "User nobody does not exist", "Password"},
             {"a*b", "wrong", "USER", "Username a*b is invalid", "Password"},
             {"locked", "secret", "USER", "User locked account is disabled", "Password"},
             {"locked", "wrong", "USER", "User locked invalid name or password", "Password"},
             {"expired", "secret", "USER", "User expired account has expired", "Password"},
             {"kerb", "secret", "USER", "User kerb is of type kerberos and cannot log in by Password", "Password"},
             {"_PUBLIC", "secret", "USER", "User _PUBLIC is not authorized", "Password"},
             {"alice", "secret", "NOWHERE", "namespace 'NOWHERE' does not exist", "Password"},
             {"", "", "USER", "User UnknownUser invalid name or password", "Password"},
             {"", "a.b.c", "USER", "access tokens are not accepted", "AccessToken"},
         }) {
        const auto got = offer(each.user, each.password, each.name_space);
        EXPECT_EQ(got.status, 417) << each.reason;
        EXPECT_EQ(text_of(got), "Access Denied") << each.reason;
        if (first.status < 0) first = got;
        EXPECT_EQ(got.body, first.body) << each.reason;
        expect_failure(each.user.empty() && each.password.empty() ? "UnknownUser" : each.user, each.reason, each.authentication);
    }
    const auto last = audit().back();
    EXPECT_EQ(last["os_user"], "os?user");
    EXPECT_EQ(last["machine"], "machine");
    EXPECT_EQ(last["executable"], "tool");
    EXPECT_EQ(last["level"], 0);
    EXPECT_GT(last["job"], 1000);
    EXPECT_EQ(last["namespace"], "USER");
}

TEST_F(LoginPipeline, RulesOfTheServiceAreHeardAsAccessDenied) {
    const auto expect_refused = [&](const std::string& reason, const std::string& authentication = "Password") {
        start();
        const auto got = offer("alice", "secret");
        EXPECT_EQ(text_of(got), "Access Denied") << reason;
        expect_failure("alice", reason, authentication);
        config.security = {};
        config.security.audit.enabled = true;
        config.security.audit.file = (folder / "audit.jsonl").string();
    };
    config.security.service_enabled = false;
    expect_refused("Logins for Service %Service_Bindings are disabled", "");
    config.security.instance.password = false;
    expect_refused("authentication by Password is not enabled for the instance", "");
    config.security.required_role = "Connect";
    expect_refused("User alice is not authorized: the role Connect is required");
    config.security.public_resources = std::vector<std::string>{"%DB_USER"};
    config.users.at("ALICE").roles = {};
    expect_refused("User not authorized for service");
    config.security.public_resources = std::vector<std::string>{"%Service_SQL"};
    expect_refused("User alice has no privilege for namespace USER");
    start();
    EXPECT_EQ(offer("alice", "secret").status, 0);
}

TEST_F(LoginPipeline, AnAddressThatIsNotAllowedIsDroppedUnheard) {
    config.security.allowed = sandbox::allowed_addresses({"192.0.2.0/24"});
    start();
    raw_client client(server->port());
    client.request(wire::hello_request{}, 1);
    EXPECT_FALSE(client.receive());
    const auto records = audit_of(1);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["description"], "the address 127.0.0.1 is not allowed for Service %Service_Bindings");
}

TEST_F(LoginPipeline, ALoginIsRecordedWithItsEnd) {
    config.security.roles["Reports"] = {};
    add("_PUBLIC").roles = {"Reports", "Undefined"};
    start();
    {
        raw_client client(server->port());
        ASSERT_EQ(log_in(client, "ALICE", "secret").status, 0);
        const auto row = query(client, "SELECT $USERNAME || '/' || $ROLES");
        EXPECT_NE(row.body.find("alice/%Developer,Reports"), std::string::npos);
    }
    const auto records = audit_of(2);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[0]["event"], "%System/%Login/Login");
    EXPECT_EQ(records[0]["user"], "alice");
    EXPECT_EQ(records[0]["roles"], "%Developer,Reports");
    EXPECT_EQ(records[0]["authentication"], "Password");
    EXPECT_EQ(records[0]["status"], 0);
    EXPECT_EQ(records[1]["event"], "%System/%Login/Logout");
    EXPECT_EQ(records[1]["user"], "alice");
    EXPECT_EQ(records[1]["job"], records[0]["job"]);
}

TEST_F(LoginPipeline, NobodyIsUnknownUserWhereThatIsAllowed) {
    config.security.instance.unauthenticated = true;
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "", "").status, 0);
    EXPECT_NE(query(client, "SELECT $USERNAME").body.find("UnknownUser"), std::string::npos);
    EXPECT_EQ(audit().back()["authentication"], "Unauthenticated");
    EXPECT_EQ(update(client, "ALTER USER UnknownUser IDENTIFY BY 'mine'"), 99) << "nobody has no own password";
    EXPECT_EQ(offer("alice", "wrong").status, 417);
}

TEST_F(LoginPipeline, TheAuditIsReadBySqlByThoseWhoMay) {
    start();
    (void)offer("nobody", "wrong");
    raw_client boss(server->port());
    ASSERT_EQ(log_in(boss, "boss", "secret").status, 0);
    const auto rows = query(boss, "SELECT Description FROM %SYS.Audit WHERE Event = 'LoginFailure'");
    EXPECT_NE(rows.body.find("User nobody does not exist"), std::string::npos);
    raw_client alice(server->port());
    ASSERT_EQ(log_in(alice, "alice", "secret").status, 0);
    EXPECT_EQ(query(alice, "SELECT * FROM %SYS.Audit").status, 99);
}

TEST_F(LoginPipeline, ALockoutSurvivesARestartAndEndsWithUnlock) {
    config.security.failures = {2, true, 1000ms};
    start();
    for (int i = 0; i < 2; ++i) EXPECT_EQ(offer("alice", "wrong").status, 417);
    EXPECT_EQ(offer("alice", "secret").status, 417);
    expect_failure("alice", "User alice account is disabled");
    start();
    EXPECT_EQ(offer("alice", "secret").status, 417);
    sandbox::account_store(config.account_state).unlock("alice");
    EXPECT_EQ(offer("alice", "secret").status, 0) << "at once, in the running server";
}

TEST_F(LoginPipeline, FailuresDelayAndTheDelaySurvivesARestart) {
    config.security.failures = {2, false, 1500ms};
    start();
    (void)offer("alice", "wrong");
    // The delay counts from the failure: how long a restart takes on a busy machine is no matter.
    const auto begin = std::chrono::steady_clock::now();
    (void)offer("alice", "wrong");
    start();
    EXPECT_EQ(offer("alice", "secret").status, 0);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 1450ms);
    const auto again = std::chrono::steady_clock::now();
    EXPECT_EQ(offer("alice", "secret").status, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - again, 1400ms) << "a success ends it";
}

TEST_F(LoginPipeline, TheServerStopsWhileLoginsWait) {
    config.security.failures = {1, false, 60'000ms};
    start();
    (void)offer("alice", "wrong");
    raw_client client(server->port());
    std::thread waiting([&] { (void)log_in(client, "alice", "secret"); });
    std::this_thread::sleep_for(100ms);
    const auto begin = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
    waiting.join();
}

TEST_F(LoginPipeline, AChangeThatIsDueIsToldAndMadeWithTheLogin) {
    config.users.at("ALICE").change_password = true;
    start();
    EXPECT_EQ(text_of(offer("alice", "wrong")), "Access Denied");
    EXPECT_EQ(text_of(offer("alice", "secret")), "Password change required");
    expect_failure("alice", "Password change required");
    EXPECT_EQ(text_of(offer("alice", "secret\0x"s)), "Password change required");
    EXPECT_EQ(text_of(offer("alice", "wrong\0brandnew"s)), "Access Denied");
    EXPECT_EQ(offer("alice", "secret\0brandnew"s).status, 0);
    EXPECT_EQ(offer("alice", "brandnew").status, 0);
    EXPECT_EQ(offer("alice", "secret").status, 417);
    std::ostringstream text;
    text << std::ifstream(folder / "audit.jsonl").rdbuf();
    EXPECT_NE(text.str().find("%System/%Security/UserChange"), std::string::npos);
    for (const auto* const password : {"brandnew", "\"secret", "wrong"}) EXPECT_EQ(text.str().find(password), std::string::npos) << password;
}

TEST_F(LoginPipeline, ANewPasswordWaitsForTheSecondFactor) {
    auto& user = config.users.at("ALICE");
    user.factor = {sandbox::factor_kind::totp, std::string(key), {}, {}};
    config.second_factor.totp = true;
    if (std::time(nullptr) % 30 >= 26) std::this_thread::sleep_for(5s);
    start();
    {
        raw_client thief(server->port());
        ASSERT_EQ(log_in(thief, "alice", "secret\0stolen"s).status, 0);
        thief.request(wire::second_factor_token{wire::secret("abcdef")}, 7);
        const auto refused = thief.receive();
        ASSERT_TRUE(refused);
        EXPECT_EQ(refused->status(), 417);
    }
    expect_failure("alice", "the two-factor code is wrong", "Password+TOTP");
    EXPECT_EQ(offer("alice", "stolen").status, 417);
    raw_client owner(server->port());
    ASSERT_EQ(log_in(owner, "alice", "secret\0chosen"s).status, 0);
    owner.request(wire::second_factor_token{wire::secret(sandbox::totp_code(key, std::time(nullptr) / 30).reveal())}, 7);
    const auto accepted = owner.receive();
    ASSERT_TRUE(accepted);
    EXPECT_EQ(accepted->status(), 0);
    EXPECT_EQ(audit().back()["event"], "%System/%Login/Login");
    EXPECT_EQ(audit().back()["authentication"], "Password+TOTP");
    EXPECT_EQ(offer("alice", "secret").status, 417);
    EXPECT_EQ(offer("alice", "chosen").status, 0);
}

TEST_F(LoginPipeline, WrongCodesLockTheAccount) {
    config.users.at("ALICE").factor = {sandbox::factor_kind::totp, std::string(key), {}, {}};
    config.second_factor.totp = true;
    config.security.failures = {2, true, 1000ms};
    start();
    for (int i = 0; i < 2; ++i) {
        raw_client client(server->port());
        ASSERT_EQ(log_in(client, "alice", "secret").status, 0);
        client.request(wire::second_factor_token{wire::secret("abcdef")}, 7);
        (void)client.receive();
    }
    EXPECT_EQ(offer("alice", "secret").status, 417);
    expect_failure("alice", "User alice account is disabled");
}

TEST_F(LoginPipeline, NoCodeAtAllIsAFailure) {
    config.users.at("ALICE").factor = {sandbox::factor_kind::totp, std::string(key), {}, {}};
    config.second_factor.totp = true;
    start();
    {
        raw_client client(server->port());
        ASSERT_EQ(log_in(client, "alice", "secret").status, 0);
        EXPECT_TRUE(audit().empty()) << "not a login yet";
    }
    const auto records = audit_of(1);
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0]["event"], "%System/%Login/LoginFailure");
    EXPECT_EQ(records[0]["description"], "no two-factor code came");
}

TEST_F(LoginPipeline, AlterUserChangesTheOwnPasswordAndWithTheRightAnothers) {
    start();
    raw_client alice(server->port());
    ASSERT_EQ(log_in(alice, "alice", "secret").status, 0);
    EXPECT_EQ(update(alice, "ALTER USER alice IDENTIFY BY 'mine now'"), 0);
    EXPECT_EQ(audit().back()["event"], "%System/%Security/UserChange");
    EXPECT_EQ(audit().back()["description"], "the password of alice was changed by ALTER USER");
    EXPECT_EQ(update(alice, "ALTER USER alice IDENTIFY BY 'x'"), 400) << "the pattern";
    EXPECT_EQ(update(alice, "ALTER USER boss IDENTIFY BY 'mine too'"), 99);
    EXPECT_EQ(update(alice, "ALTER USER nobody IDENTIFY BY 'mine too'"), 99) << "who may not change it does not learn who there is";
    raw_client boss(server->port());
    ASSERT_EQ(log_in(boss, "boss", "secret").status, 0);
    EXPECT_EQ(update(boss, "ALTER USER ALICE IDENTIFIED BY given2"), 0);
    EXPECT_EQ(update(boss, "ALTER USER nobody IDENTIFY BY 'whatever'"), 400);
    EXPECT_EQ(offer("alice", "mine now").status, 417);
    EXPECT_EQ(offer("alice", "given2").status, 0);
    EXPECT_EQ(offer("boss", "secret").status, 0);
}

// Decision 24, as somebody with a clock sees it. The work itself is counted in login_policy_test; here it
// is the quickest of several answers, taken in turns, so that a busy machine is busy for all of them.
TEST_F(LoginPipeline, LoginsOfNobodyTakeTheTimeOfLoginsOfSomebody) {
    add("dear").password = sandbox::hash_password("secret", 30'000); // thirty times the others
    start();
    std::map<std::string, double> quickest;
    for (int i = 0; i < 7; ++i) {
        for (const auto* const user : {"alice", "nobody", "dear"}) {
            sandbox::account_store(config.account_state).unlock(user);
            const auto begin = std::chrono::steady_clock::now();
            EXPECT_EQ(offer(user, "wrong").status, 417);
            const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            const auto [at, first] = quickest.try_emplace(user, took);
            at->second = std::min(at->second, took);
        }
    }
    for (const auto* const user : {"nobody", "dear"}) {
        EXPECT_LT(quickest[user], quickest["alice"] * 4) << user;
        EXPECT_GT(quickest[user], quickest["alice"] / 4) << user;
    }
}

} // namespace
} // namespace irislink::test
