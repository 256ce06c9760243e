// cancel() from any thread: afterwards the connection is in step or dead, never one answer behind.

#include <thread>

#include "driver/session/session.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class Cancel : public ::testing::Test {
protected:
    Cancel() { fill(); }

    void fill() {
        db_.execute("create table T (N integer)");
        std::vector<std::tuple<int>> sets;
        for (int i = 0; i < 1000; ++i) sets.emplace_back(i);
        db_.batch("insert into T values (?)", sets);
    }

    // The next statement must get its own answer.
    void expect_in_step() {
        for (int i = 0; i < 5; ++i) EXPECT_EQ(flat(db_.query("select ?", i)), std::to_string(i));
    }

    // A thousand million combinations: minutes.
    static constexpr const char* endless = "select count(*) from T a, T b, T c where a.N + b.N + c.N < 0";

    sandbox_runner server_;
    connection db_{server_.uri()};
};

TEST_F(Cancel, NothingToCancel) {
    EXPECT_FALSE(db_.cancel());
    db_.ping();
    EXPECT_FALSE(db_.cancel());
    EXPECT_FALSE(connection().cancel());
}

TEST_F(Cancel, RunningStatementEndsWith456) {
    const stopwatch time;
    std::thread killer([&] {
        std::this_thread::sleep_for(200ms);
        while (!db_.cancel()) std::this_thread::sleep_for(10ms);
    });
    const auto why = failure_of([&] { (void)db_.query(endless); });
    killer.join();
    EXPECT_EQ(why.sqlstate, "HY008");
    EXPECT_EQ(why.code, errc::cancelled);
    EXPECT_EQ(why.native, -456);
    EXPECT_FALSE(why.fatal);
    EXPECT_LT(time.elapsed(), 5s);
    expect_in_step();
}

TEST_F(Cancel, PreparedStatementEndsWith456) {
    std::thread killer([&] {
        std::this_thread::sleep_for(200ms);
        while (!db_.cancel()) std::this_thread::sleep_for(10ms);
    });
    const auto why = failure_of([&] { (void)db_.query(std::string(endless) + " and a.N > ?", -1); });
    killer.join();
    EXPECT_EQ(why.sqlstate, "HY008");
    expect_in_step();
}

TEST_F(Cancel, QueryTimeout) {
    connection quick(server_.uri("QueryTimeout=1"));
    const stopwatch time;
    const auto why = failure_of([&] { (void)quick.query(endless); });
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_FALSE(why.fatal);
    EXPECT_GE(time.elapsed(), 900ms);
    EXPECT_LT(time.elapsed(), 6s);
    EXPECT_EQ(flat(quick.query("select 42")), "42");
}

// Cancelling again and again while statements come and go: every statement either gives its own answer
// or the cancel error.
TEST_F(Cancel, StormOfCancels) {
    std::atomic<bool> over{false};
    std::thread killer([&] {
        while (!over) {
            try {
                (void)db_.cancel();
            } catch (const error& failed) {
                ADD_FAILURE() << failed.what();
            }
        }
    });
    int answered = 0;
    int stopped = 0;
    const stopwatch time;
    for (int i = 0; time.elapsed() < 3s; ++i) {
        try {
            EXPECT_EQ(flat(db_.query("select count(*) + ? from T a, T b where a.N = b.N", i)), std::to_string(1000 + i));
            ++answered;
        } catch (const error& failed) {
            EXPECT_EQ(failed.sqlstate(), "HY008") << failed.what();
            EXPECT_FALSE(failed.is_fatal());
            ++stopped;
        }
    }
    over = true;
    killer.join();
    EXPECT_GT(answered + stopped, 10);
    expect_in_step();
}

TEST_F(Cancel, DuringAFetch) {
    std::atomic<bool> over{false};
    std::thread killer([&] {
        std::this_thread::sleep_for(50ms);
        while (!over && !db_.cancel()) {
        }
    });
    std::int64_t count = 0;
    try {
        for (const auto& row : db_.query("select a.N, b.N from T a, T b")) count += row.get<int>(0) >= 0 ? 1 : 0;
        EXPECT_EQ(count, 1'000'000);
    } catch (const error& failed) {
        EXPECT_EQ(failed.sqlstate(), "HY008") << failed.what();
        EXPECT_LT(count, 1'000'000);
    }
    over = true;
    killer.join();
    expect_in_step();
}

// A server that takes the cancel and still does not answer: after the grace time the line is closed
// and the error says so.
TEST(CancelUnanswered, EndsTheLine) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        if (line.number() > 0) line.answer_empty(line.read());
        line.drain();
    });
    const auto resolved = connect_options(peer.uri()).resolve();
    auto settings = std::make_shared<driver::connection_settings>();
    settings->endpoints = resolved->endpoints;
    settings->cancel_grace = 200ms;
    const auto session = std::make_shared<driver::session>(settings);
    session->run(session->connect(), step::connect);
    std::thread killer([&] {
        while (!session->cancel()) std::this_thread::sleep_for(5ms);
    });
    const stopwatch time;
    const auto why =
        failure_of([&] { (void)session->run<driver::execution>(session->execute(driver::scan_statement("select 1"), {}, false, 0), step::statement); });
    killer.join();
    EXPECT_EQ(why.sqlstate, "HY008");
    EXPECT_TRUE(why.fatal);
    EXPECT_NE(why.text.find("closed"), std::string::npos);
    EXPECT_FALSE(session->alive());
    EXPECT_LT(time.elapsed(), 2s);
}

} // namespace
} // namespace irislink::test
