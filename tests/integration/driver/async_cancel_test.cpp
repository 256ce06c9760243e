// The cancellation slot of the caller's handler, against the sandbox: the statement ends on the server,
// the connection stays in step, the handler is called once.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "tests/integration/driver/coroutine.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

class AsyncCancel : public ::testing::Test {
protected:
    AsyncCancel() {
        connection db(server_.uri());
        db.execute("create table T (N integer)");
        std::vector<std::tuple<int>> sets;
        for (int i = 0; i < 1000; ++i) sets.emplace_back(i);
        db.batch("insert into T values (?)", sets);
    }

    void run(asio::awaitable<void> work) { run_to_end(context_, std::move(work)); }

    asio::awaitable<void> connect() {
        connect_options options(server_.uri());
        co_await db_.async_connect(std::move(options), asio::use_awaitable);
    }

    // The next statements must get their own answers.
    asio::awaitable<void> expect_in_step() {
        for (std::int64_t i = 0; i < 5; ++i) {
            std::vector<value> values{i};
            auto outcome = co_await db_.async_run("select ?", std::move(values), asio::use_awaitable);
            auto& rows = std::get<result>(outcome);
            EXPECT_TRUE(rows.next_in_block());
            EXPECT_EQ(rows.current().get<std::int64_t>(0), i);
        }
    }

    // A thousand million combinations: minutes.
    static constexpr const char* endless = "select count(*) from T a, T b, T c where a.N + b.N + c.N < 0";

    sandbox_runner server_;
    asio::io_context context_;
    connection db_{context_.get_executor()};
};

TEST_F(AsyncCancel, EndsTheStatementOnTheServer) {
    run(connect());
    for (const auto kind : {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::cancellation_signal stop;
        asio::steady_timer timer(context_, 200ms);
        timer.async_wait([&](boost::system::error_code) { stop.emit(kind); });
        int calls = 0;
        diagnostic why;
        const stopwatch time;
        db_.async_run(endless, {}, asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr failed, auto) {
                          ++calls;
                          why = failure_of([&] { std::rethrow_exception(failed); });
                      }));
        context_.restart();
        context_.run();
        EXPECT_EQ(calls, 1);
        EXPECT_EQ(why.code, errc::cancelled);
        EXPECT_EQ(why.sqlstate, "HY008");
        EXPECT_EQ(why.native, -456);
        EXPECT_FALSE(why.fatal);
        EXPECT_LT(time.elapsed(), 5s);
        EXPECT_TRUE(db_.is_open());
        // What comes late hurts nobody.
        stop.emit(asio::cancellation_type::terminal);
        run(expect_in_step());
    }
}

// async_run(...) || timer, as programs with coroutines have it.
TEST_F(AsyncCancel, TheFirstOfTwoAwaitedThings) {
    run([&]() -> asio::awaitable<void> {
        co_await connect();
        asio::steady_timer timer(context_, 200ms);
        const auto late = co_await (db_.async_run(endless, {}, asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
        EXPECT_TRUE(std::holds_alternative<std::monostate>(late));
        EXPECT_TRUE(db_.is_open());
        co_await expect_in_step();
        timer.expires_after(30s);
        const auto early = co_await (db_.async_run("select 1", {}, asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
        EXPECT_TRUE(std::holds_alternative<result>(early));
        co_await expect_in_step();
    }());
}

TEST_F(AsyncCancel, DuringAFetch) {
    run([&]() -> asio::awaitable<void> {
        co_await connect();
        // Some blocks, and then the search goes on for minutes.
        const std::string slow = "select a.N, b.N, c.N from T a, T b, T c where (a.N = 0 and b.N < 20) or a.N + b.N + c.N < 0";
        auto outcome = co_await db_.async_run(slow, {}, asio::use_awaitable);
        auto rows = std::get<result>(std::move(outcome));
        asio::cancellation_signal stop;
        asio::steady_timer timer(context_, 500ms);
        timer.async_wait([&](boost::system::error_code) { stop.emit(asio::cancellation_type::terminal); });
        int count = 0;
        bool stopped = false;
        try {
            do {
                while (rows.next_in_block()) ++count;
            } while (co_await db_.async_next_block(rows, asio::bind_cancellation_slot(stop.slot(), asio::use_awaitable)));
        } catch (const error& failed) {
            stopped = true;
            EXPECT_EQ(failed.sqlstate(), "HY008") << failed.what();
            EXPECT_EQ(failed.step(), step::fetch);
            EXPECT_FALSE(failed.is_fatal());
        }
        EXPECT_TRUE(stopped);
        EXPECT_GT(count, 0);
        co_await expect_in_step();
    }());
}

// At any moment of a statement's life: it gives its own answer or the cancel error, once.
TEST_F(AsyncCancel, StormOfCancels) {
    std::mt19937 random(20240229);
    int answered = 0;
    int stopped = 0;
    run([&]() -> asio::awaitable<void> {
        co_await connect();
        asio::steady_timer timer(context_);
        const stopwatch time;
        for (std::int64_t i = 0; time.elapsed() < 5s; ++i) {
            asio::cancellation_signal stop;
            timer.expires_after(std::chrono::microseconds(random() % 400'000));
            timer.async_wait([&](boost::system::error_code ended) {
                if (!ended) stop.emit(asio::cancellation_type::terminal);
            });
            std::vector<value> values{i};
            try {
                // Quick ones, and those that take about as long as a cancel does.
                const std::string sql =
                    i % 2 == 0 ? "select count(*) + ? from T a where a.N < 0" : "select count(*) + ? from T a, T b, T c where a.N + b.N + c.N < 0 and c.N < 4";
                auto outcome = co_await db_.async_run(sql, std::move(values), asio::bind_cancellation_slot(stop.slot(), asio::use_awaitable));
                auto& rows = std::get<result>(outcome);
                EXPECT_TRUE(rows.next_in_block());
                EXPECT_EQ(rows.current().get<std::int64_t>(0), i);
                ++answered;
            } catch (const error& failed) {
                EXPECT_EQ(failed.sqlstate(), "HY008") << failed.what();
                EXPECT_FALSE(failed.is_fatal()) << failed.what();
                ++stopped;
            }
            timer.cancel();
            // The timer's handler looks at this turn's signal.
            co_await asio::post(context_, asio::use_awaitable);
        }
        co_await expect_in_step();
    }());
    EXPECT_GT(answered, 0);
    EXPECT_GT(stopped, 0);
}

} // namespace
} // namespace irislink::test
