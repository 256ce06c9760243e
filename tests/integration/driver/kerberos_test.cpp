// Security levels 1 to 3 of the client: against the sandbox with a real KDC, and against peers that are
// not what they should be.

#include <thread>

#include "tests/integration/driver/kerberos_fixture.hpp"
#include "tests/integration/driver/pool_use.hpp"
#include "tests/integration/driver/relay.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

class ClientKerberos : public kerberos_fixture {};

TEST_F(ClientKerberos, EveryLevelLogsInAndCarriesLongText) {
    const sandbox_runner server({}, section());
    for (const int level : {1, 2, 3}) {
        SCOPED_TRACE(level);
        connection db(options(server.port(), level));
        EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
        EXPECT_EQ(db.server().kerberos_principal, "alice@SANDBOX.TEST");
        EXPECT_EQ(db.server().kerberos_service, "iris/localhost");
        db.execute("CREATE TABLE L" + std::to_string(level) + " (T LONGVARCHAR)");
        const std::string text(1'200'000, 'x');
        db.execute("INSERT INTO L" + std::to_string(level) + " VALUES (?)", text);
        auto rows = db.query("SELECT T FROM L" + std::to_string(level));
        ASSERT_TRUE(rows.next());
        EXPECT_TRUE(rows.current().get<std::string>(0) == text);
    }
}

TEST_F(ClientKerberos, NothingOfTheLoginIsReadableAtLevelThree) {
    const sandbox_runner server({}, section());
    connect_options with_trace = options(server.port(), 3);
    std::string log;
    with_trace.log([&log](int, std::string_view line) { log += std::string(line) + "\n"; });
    connection db(with_trace);
    EXPECT_NE(log.find("kerberos principal=alice@SANDBOX.TEST"), std::string::npos) << log;
    EXPECT_EQ(log.find("canary"), std::string::npos);
}

TEST_F(ClientKerberos, AKeytabGetsATicketOfItsOwn) {
    const sandbox_runner server({}, section("principal = \"iris/localhost\"\n") + "\n[users.\"iris/other\"]\npassword = \"\"\n");
    connect_options from("iris://localhost:" + std::to_string(server.port()) + "/USER");
    from.set("Security Level", "3").set("KerberosKeytab", kdc->path("other.keytab")).set("KerberosPrincipal", "iris/other");
    {
        connection db(from);
        EXPECT_EQ(db.server().kerberos_principal, "iris/other@SANDBOX.TEST");
        EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "iris/other");
    }
    from.set("KerberosKeytab", kdc->path("absent.keytab"));
    EXPECT_NE(refused(from).text.find("absent.keytab"), std::string::npos);
}

TEST_F(ClientKerberos, WhatIsMissingIsNamed) {
    const sandbox_runner server({}, section());
    auto no_ticket = options(server.port(), 3);
    no_ticket.set("KerberosCcache", "FILE:" + kdc->path("no-cache"));
    EXPECT_NE(refused(no_ticket).hint.find("kinit"), std::string::npos);

    auto wrong_service = options(server.port(), 3);
    wrong_service.set("Service Principal Name", "iris/unknown.example.com");
    const auto unknown = refused(wrong_service);
    EXPECT_NE(unknown.text.find("iris/unknown.example.com"), std::string::npos) << unknown.text;
    EXPECT_NE(unknown.hint.find("Service Principal Name"), std::string::npos) << unknown.hint;

    auto other_service = options(server.port(), 3);
    other_service.set("Service Principal Name", "iris/other");
    (void)refused(other_service);
}

TEST_F(ClientKerberos, AnExpiredTicketIsNamed) {
    const auto cache = "FILE:" + kdc->path("short");
    ASSERT_EQ(std::system(("echo alice | kinit -l 1s -c " + cache + " alice >/dev/null 2>&1").c_str()), 0);
    std::this_thread::sleep_for(2500ms);
    const sandbox_runner server({}, section());
    auto from = options(server.port(), 3);
    from.set("KerberosCcache", cache);
    const auto why = refused(from);
    EXPECT_NE(why.text.find("expired"), std::string::npos) << why.text;
    EXPECT_NE(why.hint.find("kinit"), std::string::npos) << why.hint;
}

TEST_F(ClientKerberos, ALevelBelowTheServersIsRefusedAndNeverRaised) {
    const sandbox_runner server({}, section("instance_levels = [3]\n"));
    const auto why = refused(options(server.port(), 2));
    EXPECT_NE(why.hint.find("Security Level 2"), std::string::npos) << why.hint;
    connection db(options(server.port(), 3));
    EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
}

TEST_F(ClientKerberos, AStatementIsCancelledOverASecondContext) {
    const sandbox_runner server({}, section());
    connection db(options(server.port(), 3));
    db.execute("CREATE TABLE N (N INTEGER)");
    for (int i = 0; i < 10; ++i) db.execute("INSERT INTO N VALUES (?)", i);
    // Ten thousand million combinations: minutes.
    const std::string endless =
        "SELECT COUNT(*) FROM N a, N b, N c, N d, N e, N f, N g, N h, N i, N j WHERE a.N + b.N + c.N + d.N + e.N + f.N + g.N + h.N + i.N + j.N < 0";
    std::thread later([&db] {
        for (int i = 0; i < 1000 && !db.cancel(); ++i) std::this_thread::sleep_for(10ms);
    });
    const auto why = failure_of([&] { (void)db.query(endless); });
    later.join();
    EXPECT_EQ(why.sqlstate, "HY008") << why.text;
    EXPECT_EQ(flat(db.query("SELECT 42")), "42");
}

// What a cancel meets is not the server of the connection: it gets the preamble of the same level, a ticket,
// and nothing of the session.
TEST_F(ClientKerberos, ACancelIsNeverWeakerThanItsConnection) {
    const sandbox_runner server({}, section());
    const std::string hello = "\x0D\0\0\0\1\0\0\0\0\0\0\0\0\0\x45\0\3\0\x09\1Unicode"s;
    std::string heard;
    std::optional<relay> between(std::in_place, server.port(), [&](int line) {
        (void)::send(line, hello.data(), hello.size(), MSG_NOSIGNAL);
        ::shutdown(line, SHUT_WR);
        heard = read_to_end(line);
    });
    connection db(options(between->port(), 3));
    std::thread running([&db] { EXPECT_THROW((void)db.query(endless_query(db)), error); });
    const auto why = failure_of_cancel(db);
    EXPECT_EQ(why.step, step::kerberos) << why.text;
    EXPECT_EQ(why.sqlstate, "08S01") << why.text;
    EXPECT_EQ(between->connections(), 2);
    between.reset();
    running.join();
    ASSERT_GE(heard.size(), 5U);
    EXPECT_EQ(heard.substr(0, 5), "\0\0\x7F\1\3"s);
    EXPECT_EQ(heard.find("\0\0\0\0HS"s), std::string::npos);
}

TEST_F(ClientKerberos, APoolIsSharedByThreadsAndByCoroutines) {
    const sandbox_runner server({}, section());
    for (const int level : {1, 3}) {
        SCOPED_TRACE(level);
        use_from_threads(options(server.port(), level));
        use_from_coroutines(options(server.port(), level));
    }
}

TEST_F(ClientKerberos, HostilePeersGetNoLoginOutOfIt) {
    const std::string hello = "\x0D\0\0\0\1\0\0\0\0\0\0\0\0\0\x45\0\3\0\x09\1Unicode"s;
    for (const auto& bytes : {""s, hello, "\xFF\xFF\xFF\xFF"s, "\0\0\0\0"s, "\0\0\0\x08garbage!"s, "\0\0\1\0short"s, "HTTP/1.1 400 Bad Request\r\n\r\n"s}) {
        for (const int level : {1, 3}) {
            std::string heard;
            (void)refused_by_peer(bytes, heard, level);
            ASSERT_GE(heard.size(), 5U);
            EXPECT_EQ(heard.substr(0, 5), "\0\0\x7F\1"s + static_cast<char>(level));
            // The end of a hello's header; its two letters alone turn up in a ticket now and then.
            EXPECT_EQ(heard.find("\0\0\0\0HS"s), std::string::npos);
            EXPECT_EQ(heard.find("canary"), std::string::npos);
        }
    }
}

TEST_F(ClientKerberos, ASilentPeerEndsWithTheConnectTimeout) {
    tls_peer peer([](int line) { (void)read_to_end(line); });
    auto from = options(peer.port(), 3);
    from.set("Service Principal Name", "iris/localhost").set("ConnectTimeout", "1");
    const stopwatch watch;
    const auto why = failure_of([&] { connection db(from); });
    EXPECT_EQ(why.sqlstate, "HYT00") << why.text;
    EXPECT_EQ(why.step, step::kerberos);
    EXPECT_LT(watch.elapsed(), 8s);
}

} // namespace
} // namespace irislink::test
