// The asynchronous forms: the same code path, with Asio completion tokens.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "tests/integration/driver/coroutine.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

namespace asio = boost::asio;

class Async : public ::testing::Test {
protected:
    void run(asio::awaitable<void> work) { run_to_end(context_, std::move(work)); }

    sandbox_runner server_;
    asio::io_context context_;
};

TEST_F(Async, CoroutinesConnectQueryAndCommit) {
    std::int64_t sum = 0;
    run([&]() -> asio::awaitable<void> {
        connection db(context_.get_executor());
        connect_options options(server_.uri("AutoCommit=0"));
        co_await db.async_connect(options, asio::use_awaitable);
        (void)co_await db.async_run("create table T (N integer)", {}, asio::use_awaitable);
        for (std::int64_t i = 0; i < 100; ++i) {
            std::vector<value> values{i};
            (void)co_await db.async_run("insert into T values (?)", std::move(values), asio::use_awaitable);
        }
        co_await db.async_commit(asio::use_awaitable);
        auto outcome = co_await db.async_run("select a.N from T a, T b, T c where c.N < 10", {}, asio::use_awaitable);
        auto rows = std::get<result>(std::move(outcome));
        do {
            while (rows.next_in_block()) sum += rows.current().get<std::int64_t>(0);
        } while (co_await db.async_next_block(rows, asio::use_awaitable));
    }());
    EXPECT_EQ(sum, std::int64_t{4950} * 1000);
}

TEST_F(Async, ErrorsArriveAsExceptions) {
    const auto why = failure_of([&] {
        run([&]() -> asio::awaitable<void> {
            connection db(context_.get_executor());
            connect_options options(server_.uri());
            co_await db.async_connect(options, asio::use_awaitable);
            (void)co_await db.async_run("select * from NoSuchTable", {}, asio::use_awaitable);
        }());
    });
    EXPECT_EQ(why.native, -30);
}

TEST_F(Async, ManyConnectionsInOneThread) {
    int done = 0;
    for (int i = 0; i < 20; ++i)
        asio::co_spawn(
            context_,
            [&, i]() -> asio::awaitable<void> {
                connection db(context_.get_executor());
                connect_options options(server_.uri());
                co_await db.async_connect(options, asio::use_awaitable);
                std::vector<value> values{std::int64_t{i}};
                auto outcome = co_await db.async_run("select ?", std::move(values), asio::use_awaitable);
                auto& rows = std::get<result>(outcome);
                if (rows.next_in_block() && rows.current().get<int>(0) == i) ++done;
            },
            asio::detached
        );
    context_.run();
    EXPECT_EQ(done, 20);
}

// One operation at a time: the second is refused and does not disturb the first.
TEST_F(Async, SecondOperationIsRefused) {
    connection db(context_.get_executor());
    connect_options options(server_.uri());
    auto connected = db.async_connect(options, asio::use_future);
    context_.run();
    connected.get();
    auto first = db.async_run("select 1", {}, asio::use_future);
    auto second = db.async_run("select 2", {}, asio::use_future);
    EXPECT_EQ(failure_of([&] { db.ping(); }).sqlstate, "HY010");
    context_.restart();
    context_.run();
    EXPECT_EQ(failure_of([&] { (void)second.get(); }).sqlstate, "HY010");
    auto outcome = first.get();
    auto& rows = std::get<result>(outcome);
    ASSERT_TRUE(rows.next_in_block());
    EXPECT_EQ(rows.current().get<int>(0), 1);
}

TEST_F(Async, CallbacksToo) {
    connection db(context_.get_executor());
    int called = 0;
    db.async_connect(connect_options(server_.uri()), [&](std::exception_ptr failed) {
        EXPECT_FALSE(failed);
        db.async_rollback([&](std::exception_ptr again) {
            EXPECT_FALSE(again);
            ++called;
        });
    });
    context_.run();
    EXPECT_EQ(called, 1);
}

} // namespace
} // namespace irislink::test
