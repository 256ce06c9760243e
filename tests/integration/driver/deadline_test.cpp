// Deadlines are for whole steps, on a steady clock; a peer cannot stretch them byte by byte.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "driver/session/session.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/hello.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

TEST(Deadline, LoginAgainstASilentPeer) {
    scripted_peer peer([](peer_line& line) { line.drain(); });
    const stopwatch time;
    const auto why = failure_of([&] { connection db(peer.uri("LoginTimeout=1")); });
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_EQ(why.step, step::login);
    EXPECT_EQ(why.native, 450);
    EXPECT_GE(time.elapsed(), 900ms);
    EXPECT_LT(time.elapsed(), 3s);
}

// 27 bytes of an answer at 10 per second: each read is quick, the step is not.
TEST(Deadline, LoginAgainstAPeerThatTrickles) {
    scripted_peer peer([](peer_line& line) {
        const auto hello = line.read();
        line.send_slowly(peer_line::reply_to(hello, wire::hello_reply{}), 1, 100ms);
        line.drain();
    });
    const stopwatch time;
    const auto why = failure_of([&] { connection db(peer.uri("LoginTimeout=1")); });
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_LT(time.elapsed(), 2s);
}

// The time for connecting does not add to the time for the login.
TEST(Deadline, ConnectAndLoginHaveTheirOwn) {
    scripted_peer peer([](peer_line& line) { line.drain(); });
    const stopwatch time;
    const auto late = failure_of([&] { connection db(peer.uri("ConnectTimeout=30&LoginTimeout=1")); });
    EXPECT_EQ(late.sqlstate, "HYT00");
    EXPECT_LT(time.elapsed(), 3s);
}

// A statement that is late is cancelled on the server; when the server answers that, the connection
// lives on.
TEST(Deadline, StatementIsCancelledAndTheConnectionLives) {
    std::atomic<bool> cancelled{false};
    std::atomic<std::uint32_t> cancelled_statement{0};
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        if (line.number() == 1) {
            const auto stop = line.read();
            wire::cancel_request request;
            if (stop.code() == "EI" && !wire::decode_body(stop.body, wire::default_format, request) && request.job == 4711) {
                cancelled_statement = request.statement;
                line.answer_empty(stop);
                cancelled = true;
            }
            line.drain();
            return;
        }
        const auto update = line.read();
        while (!cancelled) std::this_thread::sleep_for(5ms);
        EXPECT_EQ(update.header.statement, cancelled_statement);
        line.answer_empty(update, 456);
        line.explain("query interrupted");
        line.answer_empty(line.read());
        line.drain();
    });
    connection db(peer.uri("QueryTimeout=1"));
    const stopwatch time;
    const auto why = failure_of([&] { db.execute("update T set N = 1"); });
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_FALSE(why.fatal);
    EXPECT_LT(time.elapsed(), 3s);
    EXPECT_TRUE(db.is_open());
    db.ping();
}

// A server that answers neither the statement nor the cancel: dead, and it says so.
TEST(Deadline, StatementOnADeadServer) {
    scripted_peer peer([](peer_line& line) {
        if (line.number() == 0) line.log_in();
        line.drain();
    });
    connect_options options(peer.uri("QueryTimeout=1&LoginTimeout=1"));
    auto settings = std::make_shared<driver::connection_settings>();
    const auto resolved = options.resolve();
    settings->endpoints = resolved->endpoints;
    settings->query_timeout = 300ms;
    settings->login_timeout = 1s;
    settings->cancel_grace = 200ms;
    const auto session = std::make_shared<driver::session>(settings);
    session->run(session->connect(), step::connect);
    const stopwatch time;
    const auto why = failure_of([&] { session->run(session->ping(), step::statement); });
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_TRUE(why.fatal);
    EXPECT_FALSE(session->alive());
    EXPECT_LT(time.elapsed(), 2s);
    EXPECT_EQ(failure_of([&] { session->run(session->ping(), step::statement); }).sqlstate, "08S01");
}

// What is known of the server stays, the password does not.
TEST(Deadline, AFailedConnectKeepsNoSettings) {
    scripted_peer peer([](peer_line& line) { line.drain(); });
    auto settings = connect_options(peer.uri("LoginTimeout=1")).resolve();
    const std::weak_ptr<const driver::connection_settings> kept = settings;
    connection db;
    EXPECT_EQ(failure_of([&] { db.connect(std::move(settings)); }).sqlstate, "HYT00");
    EXPECT_TRUE(kept.expired());
    EXPECT_EQ(db.server().address, "127.0.0.1:" + std::to_string(peer.port()));
    db.close();
    EXPECT_EQ(failure_of([&] { (void)db.server(); }).sqlstate, "08003");
}

// Work that nobody asked for by name has an end though statements have none: each of these used to wait for ever.
TEST(Deadline, AResultOfASilentServerGoes) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        line.send_raw(peer_line::rows(query, {1}, 0));
        line.drain(); // the next block is asked for, and never comes
    });
    connection db(peer.uri("LoginTimeout=1"));
    const stopwatch time;
    {
        auto rows = db.query("select N from T");
        EXPECT_TRUE(rows.next());
    }
    EXPECT_GE(time.elapsed(), 900ms);
    EXPECT_LT(time.elapsed(), 3s);
    EXPECT_FALSE(db.is_open());
}

TEST(Deadline, AConnectionOfThePoolGoesBackToASilentServer) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.drain();
    });
    connection_pool pool(connect_options(peer.uri("LoginTimeout=1")), {.max_size = 1});
    auto db = pool.acquire();
    const stopwatch time;
    db.release();
    EXPECT_GE(time.elapsed(), 900ms);
    EXPECT_LT(time.elapsed(), 3s);
    EXPECT_EQ(pool.statistics().open, 0U);
    EXPECT_EQ(pool.statistics().dropped, 1U);
}

// Neither asking the idle one nor making another takes longer than the patience given.
TEST(Deadline, PatienceWithThePoolCoversThePingAndTheConnect) {
    std::atomic<bool> pinged{false};
    scripted_peer peer([&](peer_line& line) {
        if (line.number() == 0) {
            line.log_in();
            while (line.read().code() != "RN") {
            }
            line.answer_empty(line.read()); // the ping behind the reset
            (void)line.read();
            pinged = true;
        }
        line.drain();
    });
    connection_pool pool(connect_options(peer.uri()), {.max_size = 1, .ping_after = 0ms});
    pool.acquire().release();
    EXPECT_EQ(pool.statistics().idle, 1U);
    for (int i = 0; i < 2; ++i) {
        const stopwatch time;
        EXPECT_EQ(failure_of([&] { (void)pool.acquire(200ms); }).sqlstate, "HYT00");
        EXPECT_GE(time.elapsed(), 190ms);
        EXPECT_LT(time.elapsed(), 2s);
        EXPECT_TRUE(pinged);
        EXPECT_EQ(pool.statistics().open, 0U);
    }
}

TEST(Deadline, SeveralAddressesAreTriedInOrder) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.drain();
    });
    // Nothing listens on port 1; the second host answers.
    connection db("iris://demo:demo@127.0.0.1:1,127.0.0.1:" + std::to_string(peer.port()) + "/USER");
    EXPECT_EQ(db.server().address, "127.0.0.1:" + std::to_string(peer.port()));
    EXPECT_EQ(db.server().job, 4711);
}

// An address that swallows packets takes its share of the time, not all of it.
TEST(Deadline, AnAddressThatSwallowsPacketsLeavesTimeForTheNext) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.drain();
    });
    const stopwatch time;
    // A listener whose queue is full: the kernel drops further connection requests, on loopback too.
    const int silent = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(silent, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(silent, 0), 0);
    ASSERT_EQ(::getsockname(silent, reinterpret_cast<sockaddr*>(&address), &size), 0);
    std::vector<int> fillers;
    for (int i = 0; i < 4; ++i) {
        fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        (void)::connect(fillers.back(), reinterpret_cast<sockaddr*>(&address), size);
    }
    connection db(
        "iris://demo:demo@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + ",127.0.0.1:" + std::to_string(peer.port()) + "/USER?ConnectTimeout=2"
    );
    for (const int each : fillers) ::close(each);
    ::close(silent);
    EXPECT_TRUE(db.is_open());
    EXPECT_LT(time.elapsed(), 2s);
}

TEST(Deadline, NoServerAtAll) {
    const auto refused = failure_of([] { connection db("iris://demo:demo@127.0.0.1:1/USER"); });
    EXPECT_EQ(refused.sqlstate, "08001");
    EXPECT_EQ(refused.step, step::connect);
    EXPECT_NE(refused.text.find("127.0.0.1:1"), std::string::npos) << refused.text;
    EXPECT_FALSE(refused.hint.empty());
    const auto unknown = failure_of([] { connection db("iris://demo:demo@no-such-host.invalid/USER?ConnectTimeout=5"); });
    EXPECT_EQ(unknown.sqlstate, "08001");
    EXPECT_EQ(unknown.step, step::resolve);
}

// Protection that is not there is refused before a byte is sent.
TEST(Deadline, NeverLessProtectionThanAskedFor) {
    std::atomic<std::size_t> bytes{0};
    scripted_peer peer([&](peer_line& line) {
        (void)line.read();
        ++bytes;
    });
    for (const auto* const level : {"1", "2", "3"}) {
        const auto why = failure_of([&] { connection db(peer.uri(std::string("Security Level=") + level + "&LoginTimeout=2")); });
        EXPECT_EQ(why.step, step::kerberos) << why.text;
    }
    EXPECT_EQ(bytes, 0U);
}

} // namespace
} // namespace irislink::test
