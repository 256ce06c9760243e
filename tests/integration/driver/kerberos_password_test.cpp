// Tickets by name and password, and by a callback: from a real KDC, for a connection, its cancel and a pool.

#include <atomic>
#include <filesystem>
#include <thread>

#include "tests/integration/driver/kerberos_fixture.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class KerberosPassword : public kerberos_fixture {
protected:
    static void SetUpTestSuite() {
        kerberos_fixture::SetUpTestSuite();
        // The default cache of every test: none.
        ::setenv("KRB5CCNAME", default_cache().c_str(), 1);
    }

    static void TearDownTestSuite() {
        ::unsetenv("KRB5CCNAME");
        kerberos_fixture::TearDownTestSuite();
    }

    static std::string default_cache() { return "FILE:" + kdc->path("default-cache"); }

    static connect_options by_password(std::uint16_t port, const std::string& user, const std::string& password, int level = 3) {
        connect_options out("iris://localhost:" + std::to_string(port) + "/USER");
        out.set("Security Level", std::to_string(level)).user(user).password(password).set("Service Principal Name", "iris/localhost");
        return out;
    }

    // A port with nobody behind it: whoever gets as far as connecting fails at another step.
    static diagnostic judged(const std::string& user, const std::string& password) {
        int met = 0;
        diagnostic out;
        {
            tls_peer peer([&](int line) { met += read_to_end(line).empty() ? 1 : 100; });
            out = failure_of([&] { connection db(by_password(peer.port(), user, password)); });
        }
        EXPECT_EQ(met, 0) << "the server was called before there was a ticket";
        EXPECT_EQ(out.step, step::kerberos) << out.text;
        EXPECT_FALSE(out.hint.empty());
        EXPECT_EQ(out.message().find(password), std::string::npos) << out.message();
        return out;
    }

    // Of a callback; counts.
    std::function<kerberos_credentials()> answering(const kerberos_credentials& with) {
        return [this, with] {
            ++asked;
            return with;
        };
    }

    std::atomic<int> asked{0};
};

TEST_F(KerberosPassword, EveryLevelLogsInAndLeavesNoCacheBehind) {
    const sandbox_runner server({}, section());
    for (const int level : {1, 2, 3}) {
        SCOPED_TRACE(level);
        auto from = by_password(server.port(), "alice", "alice", level);
        std::string log;
        from.log([&log](int, std::string_view line) { log += std::string(line) + "\n"; });
        connection db(from);
        EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
        EXPECT_EQ(db.server().kerberos_principal, "alice@SANDBOX.TEST");
        EXPECT_NE(log.find("kerberos principal=alice@SANDBOX.TEST"), std::string::npos) << log;
    }
    EXPECT_FALSE(std::filesystem::exists(kdc->path("default-cache")));
}

TEST_F(KerberosPassword, TheNameIsThePrincipalOrElseTheUser) {
    const sandbox_runner server({}, section());
    EXPECT_EQ(connection(by_password(server.port(), "alice@SANDBOX.TEST", "alice")).server().kerberos_principal, "alice@SANDBOX.TEST");
    auto both = by_password(server.port(), "somebody", "alice");
    both.set("KerberosPrincipal", "alice");
    EXPECT_EQ(connection(both).server().kerberos_principal, "alice@SANDBOX.TEST");
}

TEST_F(KerberosPassword, WhatTheKdcRefusesIsSaid) {
    kdc->admin("addprinc -pw canary-word +requires_preauth proven");
    kdc->admin("addprinc -pw canary-word -pwexpire 2020-01-01 stale");
    kdc->admin("addprinc -pw canary-word -expire 2020-01-01 gone");
    kdc->admin("addprinc -pw canary-word -allow_tix locked");
    for (const std::string name : {"alice", "proven"}) {
        const auto why = judged(name, "canary-wrong");
        EXPECT_EQ(why.code, errc::login_refused);
        EXPECT_EQ(why.sqlstate, "28000");
        EXPECT_NE(why.text.find("password of " + name + "@SANDBOX.TEST is wrong"), std::string::npos) << why.text;
    }
    const auto unknown = judged("nobody", "canary-word");
    EXPECT_EQ(unknown.sqlstate, "28000");
    EXPECT_NE(unknown.text.find("does not know nobody@SANDBOX.TEST"), std::string::npos) << unknown.text;
    const auto stale = judged("stale", "canary-word");
    EXPECT_EQ(stale.code, errc::password_change_required);
    EXPECT_EQ(stale.sqlstate, "28000");
    EXPECT_NE(stale.hint.find("kpasswd"), std::string::npos) << stale.hint;
    EXPECT_NE(judged("gone", "canary-word").text.find("has expired"), std::string::npos);
    const auto locked = judged("locked", "canary-word");
    EXPECT_EQ(locked.sqlstate, "28000");
    EXPECT_NE(locked.text.find("locked"), std::string::npos) << locked.text;
}

TEST_F(KerberosPassword, AKdcThatIsNotThereIsNamed) {
    const kerberos_config more(kdc->path("more.conf"), "[realms]\nNOWHERE.TEST = {\n kdc = 127.0.0.1:1\n}\n");
    const auto why = judged("alice@NOWHERE.TEST", "canary-word");
    EXPECT_EQ(why.code, errc::kerberos_failed);
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_EQ(why.native, 459);
    EXPECT_NE(why.hint.find("No KDC of the realm answers"), std::string::npos) << why.hint;
    const auto unknown = judged("alice@UNHEARD.TEST", "canary-word");
    EXPECT_EQ(unknown.sqlstate, "08S01");
    EXPECT_NE(unknown.hint.find("[realms]"), std::string::npos) << unknown.hint;
}

TEST_F(KerberosPassword, ASilentKdcCountsAgainstConnectTimeout) {
    // Takes connections and says nothing.
    std::atomic<bool> over{false};
    tls_peer silent([&over](int) {
        for (int i = 0; i < 1000 && !over; ++i) std::this_thread::sleep_for(10ms);
    });
    const kerberos_config more(kdc->path("more.conf"), "[realms]\nSILENT.TEST = {\n kdc = 127.0.0.1:" + std::to_string(silent.port()) + "\n}\n");
    auto from = by_password(1, "alice@SILENT.TEST", "canary-word");
    from.set("ConnectTimeout", "1");
    const stopwatch watch;
    const auto why = failure_of([&] { connection db(from); });
    EXPECT_EQ(why.sqlstate, "HYT00") << why.text;
    EXPECT_EQ(why.step, step::kerberos);
    EXPECT_NE(why.hint.find("KDC"), std::string::npos) << why.hint;
    over = true;
    EXPECT_GE(watch.elapsed(), 900ms);
    EXPECT_LT(watch.elapsed(), 8s);
}

TEST_F(KerberosPassword, ACallbackIsAskedOnceForAllThatComesOfTheSettings) {
    const sandbox_runner server({}, section());
    auto from = by_password(server.port(), "", "");
    from.kerberos(answering({"alice", "alice", ""}));
    connection_pool pool(from, {.max_size = 3});
    auto one = pool.acquire();
    auto two = pool.acquire();
    EXPECT_EQ(flat(one->query("SELECT $USERNAME")), "alice");
    EXPECT_EQ(flat(two->query("SELECT $USERNAME")), "alice");
    one->execute("CREATE TABLE N (N INTEGER)");
    for (int i = 0; i < 10; ++i) one->execute("INSERT INTO N VALUES (?)", i);
    std::thread later([&] {
        for (int i = 0; i < 1000 && !one->cancel(); ++i) std::this_thread::sleep_for(10ms);
    });
    const auto why = failure_of([&] { (void)one->query("SELECT COUNT(*) FROM N a, N b, N c, N d, N e, N f, N g, N h, N i, N j WHERE a.N + j.N < 0"); });
    later.join();
    EXPECT_EQ(why.sqlstate, "HY008") << why.text;
    EXPECT_EQ(asked, 1);
}

TEST_F(KerberosPassword, ThreadsOfAPoolAskOnePersonOnce) {
    const sandbox_runner server({}, section());
    auto from = by_password(server.port(), "alice", "");
    from.kerberos([this] {
        ++asked;
        std::this_thread::sleep_for(300ms);
        return kerberos_credentials{"", "alice", ""};
    });
    connection_pool pool(from, {.max_size = 4});
    std::vector<pooled_connection> all(4);
    std::vector<std::thread> threads;
    for (auto& each : all) threads.emplace_back([&pool, &each] { each = pool.acquire(); });
    for (auto& each : threads) each.join();
    for (auto& each : all) EXPECT_EQ(flat(each->query("SELECT $USERNAME")), "alice");
    EXPECT_EQ(asked, 1);
}

TEST_F(KerberosPassword, ACallbackMayTakeItsTimeAndGiveACache) {
    const sandbox_runner server({}, section());
    auto from = by_password(server.port(), "", "");
    from.set("ConnectTimeout", "1").kerberos([this] {
        ++asked;
        std::this_thread::sleep_for(1500ms);
        return kerberos_credentials{"", "", kdc->cache()};
    });
    connection db(from);
    EXPECT_EQ(db.server().kerberos_principal, "alice@SANDBOX.TEST");
    EXPECT_EQ(asked, 1);
}

TEST_F(KerberosPassword, AnAnswerOfNoUseIsNotUsedTwice) {
    const sandbox_runner server({}, section());
    auto from = by_password(server.port(), "alice", "");
    from.kerberos([this] {
        switch (asked++) {
        case 0: return kerberos_credentials{"", "canary-wrong", ""};
        case 1: return kerberos_credentials{"", "", "FILE:" + kdc->path("no-such-cache")};
        case 2: return kerberos_credentials{};
        case 3: throw std::runtime_error("dismissed");
        default: return kerberos_credentials{"", "alice", ""};
        }
    });
    const auto settings = from.resolve();
    const auto failed = [&] { return failure_of([&] { connection().connect(settings); }); };
    EXPECT_EQ(failed().sqlstate, "28000");
    EXPECT_EQ(failed().sqlstate, "08S01");
    EXPECT_NE(failed().text.find("gave neither"), std::string::npos);
    EXPECT_THROW(connection().connect(settings), std::runtime_error);
    connection db;
    db.connect(settings);
    EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
    EXPECT_EQ(asked, 5);
}

TEST_F(KerberosPassword, ACancelAsksNobody) {
    sandbox_runner server({}, section());
    // Shorter than what is worth keeping: every connection needs a new one.
    const kerberos_config more(kdc->path("more.conf"), "[libdefaults]\nticket_lifetime = 30s\n");
    auto from = by_password(server.port(), "", "");
    from.kerberos(answering({"alice", "alice", ""}));
    connection db(from);
    EXPECT_EQ(asked, 1);
    db.execute("CREATE TABLE N (N INTEGER)");
    for (int i = 0; i < 10; ++i) db.execute("INSERT INTO N VALUES (?)", i);
    std::thread running([&] {
        EXPECT_THROW((void)db.query("SELECT COUNT(*) FROM N a, N b, N c, N d, N e, N f, N g, N h, N i, N j WHERE a.N + j.N < 0"), error);
    });
    diagnostic why;
    for (int i = 0; i < 1000 && why.text.empty(); ++i) {
        std::this_thread::sleep_for(10ms);
        try {
            (void)db.cancel();
        } catch (const error& failed) {
            why = failed.record();
        }
    }
    EXPECT_EQ(why.step, step::kerberos);
    EXPECT_NE(why.text.find("asks nobody"), std::string::npos) << why.text;
    server.kill();
    running.join();
    EXPECT_EQ(asked, 1);
}

TEST_F(KerberosPassword, ACacheThatWillDoComesFirstWhenAskedFor) {
    const sandbox_runner server({}, section() + "\n[users.carol]\npassword = \"\"\n");
    kdc->admin("addprinc -pw carol carol");
    const auto who = [&](connect_options from) {
        connection db(from);
        return db.server().kerberos_principal;
    };
    auto carol = by_password(server.port(), "carol", "canary-wrong");
    carol.set("KerberosCredentials", "cache-then-password");
    // No cache: the password counts, and is wrong.
    EXPECT_EQ(failure_of([&] { (void)who(carol); }).sqlstate, "28000");
    // One of carol's: it is not needed.
    kdc->ticket("carol", "carol", "default-cache");
    EXPECT_EQ(who(carol), "carol@SANDBOX.TEST");
    // Of somebody else: it will not do.
    kdc->ticket("alice", "alice", "default-cache");
    EXPECT_EQ(failure_of([&] { (void)who(carol); }).sqlstate, "28000");
    EXPECT_EQ(who(carol.password("carol")), "carol@SANDBOX.TEST");
    // Expired: neither.
    kdc->ticket("carol", "carol", "default-cache", "-l 1s");
    std::this_thread::sleep_for(2500ms);
    EXPECT_EQ(failure_of([&] { (void)who(carol.password("canary-wrong")); }).sqlstate, "28000");
    // A password that nobody asked to be second is never passed over for a cache.
    kdc->ticket("carol", "carol", "default-cache");
    EXPECT_EQ(failure_of([&] { (void)who(by_password(server.port(), "carol", "canary-wrong")); }).sqlstate, "28000");
    // And one that must not be used is not.
    EXPECT_EQ(who(by_password(server.port(), "carol", "canary-wrong").set("KerberosCredentials", "cache")), "carol@SANDBOX.TEST");
    std::filesystem::remove(kdc->path("default-cache"));
}

} // namespace
} // namespace irislink::test
