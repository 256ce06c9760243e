// The pool with completion tokens: lent in order, with deadlines and cancellation, by the code that blocks elsewhere.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>

#include "driver/session/session.hpp"
#include "tests/integration/driver/coroutine.hpp"
#include "tests/integration/driver/pool_use.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

class AsyncPool : public ::testing::Test {
protected:
    void run(asio::awaitable<void> work) { run_to_end(context_, std::move(work)); }

    // What an acquire ended with; "" for success, in `into`.
    static std::function<void(std::exception_ptr, pooled_connection)> record(diagnostic& into, pooled_connection* got = nullptr) {
        return [&into, got](std::exception_ptr failure, pooled_connection db) {
            if (got != nullptr) *got = std::move(db);
            into.sqlstate.clear();
            if (failure) into = failure_of([&] { std::rethrow_exception(failure); });
        };
    }

    asio::awaitable<void> pause(std::chrono::milliseconds time) {
        asio::steady_timer timer(context_, time);
        co_await timer.async_wait(asio::use_awaitable);
    }

    sandbox_runner server_;
    connect_options options_{server_.uri()};
    asio::io_context context_{1};
};

TEST_F(AsyncPool, CoroutinesShareConnections) {
    use_from_coroutines(options_);
}

TEST_F(AsyncPool, AFutureWillDoAsToken) {
    connection_pool pool(context_.get_executor(), options_);
    auto future = pool.async_acquire(asio::use_future);
    context_.run();
    EXPECT_TRUE(future.get()->is_open());
}

TEST_F(AsyncPool, WhatComesBackIsAsNew) {
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1});
    run([&]() -> asio::awaitable<void> {
        std::int64_t job = 0;
        {
            auto db = co_await pool.async_acquire(asio::use_awaitable);
            job = db->server().job;
            (void)co_await db->async_run("create table T (N integer)", {}, asio::use_awaitable);
            (void)co_await db->async_run("start transaction", {}, asio::use_awaitable);
            (void)co_await db->async_run("insert into T values (1)", {}, asio::use_awaitable);
        }
        auto db = co_await pool.async_acquire(asio::use_awaitable);
        EXPECT_EQ(db->server().job, job);
        EXPECT_EQ(co_await async_number(*db, "select count(*) from T where N = ?", 1), 0);
    }());
    EXPECT_EQ(pool.statistics().connected, 1U);
}

TEST_F(AsyncPool, WhoCameFirstIsServedFirst) {
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1});
    std::string order;
    run([&]() -> asio::awaitable<void> {
        auto held = co_await pool.async_acquire(asio::use_awaitable);
        for (const char name : {'a', 'b', 'c'})
            pool.async_acquire([&order, name](std::exception_ptr failure, pooled_connection) {
                EXPECT_EQ(failure, nullptr);
                order.push_back(name);
            });
        co_await pause(20ms);
        EXPECT_EQ(pool.statistics().waiting, 3U);
        held.release();
    }());
    EXPECT_EQ(order, "abc");
    EXPECT_EQ(pool.statistics().connected, 1U);
}

TEST_F(AsyncPool, TheDeadlineEndsTheWait) {
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1});
    diagnostic why;
    const stopwatch time;
    run([&]() -> asio::awaitable<void> {
        const auto held = co_await pool.async_acquire(asio::use_awaitable);
        pool.async_acquire(150ms, record(why));
        co_await pause(400ms);
        EXPECT_EQ(why.sqlstate, "HYT00");
    }());
    EXPECT_EQ(why.code, errc::timed_out);
    EXPECT_EQ(pool.statistics().timed_out, 1U);
    EXPECT_EQ(pool.statistics().waiting, 0U);
    EXPECT_LT(time.elapsed(), 8s);
}

TEST_F(AsyncPool, ACancelledWaitTakesNothing) {
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1});
    asio::cancellation_signal stop;
    diagnostic why;
    run([&]() -> asio::awaitable<void> {
        auto held = co_await pool.async_acquire(asio::use_awaitable);
        pool.async_acquire(asio::bind_cancellation_slot(stop.slot(), record(why)));
        co_await pause(20ms);
        EXPECT_EQ(pool.statistics().waiting, 1U);
        stop.emit(asio::cancellation_type::total);
        co_await pause(20ms);
        EXPECT_EQ(why.sqlstate, "HY008");
        EXPECT_EQ(pool.statistics().waiting, 0U);
        held.release();
        auto again = co_await pool.async_acquire(asio::use_awaitable);
        EXPECT_TRUE(again->is_open());
    }());
    EXPECT_EQ(why.code, errc::cancelled);
    EXPECT_EQ(pool.statistics().connected, 1U);
}

// Served and cancelled at once: the connection is not lost.
TEST_F(AsyncPool, ACancelThatComesTooLateLosesNothing) {
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1, .ping_after = 0ms});
    run([&]() -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) {
            asio::cancellation_signal stop;
            diagnostic why;
            pooled_connection got;
            auto held = co_await pool.async_acquire(asio::use_awaitable);
            pool.async_acquire(asio::bind_cancellation_slot(stop.slot(), record(why, &got)));
            co_await pause(1ms);
            held.release();
            co_await pause(std::chrono::milliseconds(i % 3));
            stop.emit(asio::cancellation_type::terminal);
            co_await pause(5ms);
            got.release();
            auto next = co_await pool.async_acquire(2s, asio::use_awaitable);
            EXPECT_EQ(co_await async_number(*next, "select ?", i), i);
        }
    }());
    EXPECT_EQ(pool.statistics().open, 1U);
    EXPECT_EQ(pool.statistics().idle, 1U);
}

TEST_F(AsyncPool, ACancelEndsConnecting) {
    server_.stop(); // it takes connections and says nothing
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1});
    asio::cancellation_signal stop;
    diagnostic why;
    const stopwatch time;
    run([&]() -> asio::awaitable<void> {
        pool.async_acquire(asio::bind_cancellation_slot(stop.slot(), record(why)));
        co_await pause(100ms);
        stop.emit(asio::cancellation_type::terminal);
    }());
    server_.resume();
    EXPECT_EQ(why.sqlstate, "HY008") << why.text;
    EXPECT_EQ(why.code, errc::cancelled);
    EXPECT_LT(time.elapsed(), 5s);
    EXPECT_EQ(pool.statistics().open, 0U);
}

TEST_F(AsyncPool, CloseEndsTheWait) {
    std::optional<connection_pool> pool(std::in_place, context_.get_executor(), options_, pool_settings{.max_size = 1});
    diagnostic why;
    run([&]() -> asio::awaitable<void> {
        auto held = co_await pool->async_acquire(asio::use_awaitable);
        pool->async_acquire(record(why));
        co_await pause(20ms);
        pool.reset();
        co_await pause(20ms);
        EXPECT_EQ(why.sqlstate, "08003");
        EXPECT_EQ(co_await async_number(*held, "select ?", 5), 5);
    }());
}

TEST_F(AsyncPool, ADeadConnectionIsReplaced) {
    connection_pool pool(context_.get_executor(), options_, {.max_size = 1, .ping_after = 0ms});
    run([&]() -> asio::awaitable<void> {
        {
            auto db = co_await pool.async_acquire(asio::use_awaitable);
            db->session()->shut_down();
        }
        auto db = co_await pool.async_acquire(asio::use_awaitable);
        EXPECT_EQ(co_await async_number(*db, "select ?", 5), 5);
    }());
    EXPECT_EQ(pool.statistics().connected, 2U);
    EXPECT_EQ(pool.statistics().dropped, 1U);
}

TEST_F(AsyncPool, FailuresOfConnectingArrive) {
    connection_pool pool(context_.get_executor(), connect_options(server_.uri()).password("wrong"), {.max_size = 1});
    diagnostic first;
    diagnostic second;
    pool.async_acquire(record(first));
    pool.async_acquire(record(second)); // gets the place that the first could not use
    context_.run();
    EXPECT_EQ(first.sqlstate, "28000");
    EXPECT_EQ(second.sqlstate, "28000");
    EXPECT_EQ(pool.statistics().open, 0U);
}

TEST_F(AsyncPool, APoolIsOfOneKind) {
    connection_pool quick(context_.get_executor(), options_);
    EXPECT_EQ(failure_of([&] { (void)quick.acquire(); }).sqlstate, "HY010");
    EXPECT_EQ(failure_of([&] { (void)quick.try_acquire(); }).sqlstate, "HY010");
    connection_pool slow(options_);
    EXPECT_EQ(failure_of([&] { slow.async_acquire([](std::exception_ptr, pooled_connection) {}); }).sqlstate, "HY010");
}

} // namespace
} // namespace irislink::test
