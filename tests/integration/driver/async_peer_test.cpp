// Asynchronous calls against a server that answers wrongly, or not at all: the handler is called once,
// with the reason, whatever happens.

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"

namespace irislink::test {
namespace {

namespace asio = boost::asio;

// What handlers were called with.
struct calls {
    int count{0};
    std::exception_ptr failure;

    [[nodiscard]] diagnostic why() const {
        return failure_of([this] {
            if (failure) std::rethrow_exception(failure);
        });
    }

    auto handler() {
        return [this](std::exception_ptr failed, auto&&...) {
            ++count;
            failure = std::move(failed);
        };
    }
};

class AsyncPeer : public ::testing::Test {
protected:
    void connect(scripted_peer& peer) {
        calls made;
        db_.async_connect(connect_options(peer.uri()), made.handler());
        run();
        ASSERT_EQ(made.count, 1);
        if (made.failure) std::rethrow_exception(made.failure);
    }

    void run() {
        context_.restart();
        context_.run();
    }

    asio::io_context context_;
    connection db_{context_.get_executor()};
};

// Status 0 with the mark of a failed set is a failed statement.
TEST_F(AsyncPeer, AMarkedSetIsAFailureOfTheHandler) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        wire::direct_update_reply out;
        out.counts = {wire::update_counts_reply::failed_set};
        line.answer(line.read(), out);
        line.answer_empty(line.read());
        line.drain();
    });
    connect(peer);
    calls made;
    db_.async_run("update T set N = 1", {}, made.handler());
    run();
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().sqlstate, "HY000");
    EXPECT_FALSE(made.why().fatal);
    // The connection goes on.
    calls after;
    db_.async_commit(after.handler());
    run();
    EXPECT_EQ(after.count, 1);
    EXPECT_FALSE(after.failure);
}

TEST_F(AsyncPeer, WhatKeepsAnOperationFromStartingReachesTheHandler) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.drain();
    });
    calls early;
    db_.async_run("select 1", {}, early.handler());
    EXPECT_EQ(early.count, 0);
    run();
    EXPECT_EQ(early.count, 1);
    EXPECT_EQ(early.why().sqlstate, "08003");

    calls settings;
    db_.async_connect(connect_options("iris://127.0.0.1/USER?Port=nonsense"), settings.handler());
    run();
    EXPECT_EQ(settings.count, 1);
    EXPECT_EQ(settings.why().step, step::settings);

    connect(peer);
    calls text;
    db_.async_run("select ?", {std::string("\xff")}, text.handler());
    run();
    EXPECT_EQ(text.count, 1);
    EXPECT_EQ(text.why().sqlstate, "22021");

    calls again;
    db_.async_connect(connect_options(peer.uri()), again.handler());
    run();
    EXPECT_EQ(again.count, 1);
    EXPECT_EQ(again.why().sqlstate, "08002");
    EXPECT_TRUE(db_.is_open());

    result none;
    calls rows;
    db_.async_next_block(none, rows.handler());
    run();
    EXPECT_EQ(rows.count, 1);
    EXPECT_FALSE(rows.failure);
}

// An awaiting coroutine gets it too, where an exception of the starting function would be lost.
TEST_F(AsyncPeer, ACoroutineGetsWhatKeptItsOperationFromStarting) {
    std::string state;
    asio::co_spawn(
        context_,
        [&]() -> asio::awaitable<void> {
            std::vector<value> values{std::string("\xff")};
            try {
                (void)co_await db_.async_run("select ?", std::move(values), asio::use_awaitable);
            } catch (const error& failed) {
                state = failed.sqlstate();
            }
        },
        [](std::exception_ptr failed) { EXPECT_FALSE(failed); }
    );
    run();
    EXPECT_EQ(state, "08003");
}

TEST_F(AsyncPeer, ABlockingConnectionRefusesAsynchronousCalls) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.drain();
    });
    connection blocking(peer.uri());
    calls made;
    blocking.async_commit(asio::bind_executor(context_, made.handler()));
    const auto busy = asio::make_work_guard(context_);
    context_.run_one_for(std::chrono::seconds(5));
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().sqlstate, "HY010");
}

// The handler's executor, not the connection's, is where handlers run, and it waits for them.
TEST_F(AsyncPeer, HandlersRunOnTheirOwnExecutor) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.answer_empty(line.read());
        line.drain();
    });
    connect(peer);
    asio::io_context other;
    calls made;
    db_.async_commit(asio::bind_executor(other, made.handler()));
    run();
    EXPECT_EQ(made.count, 0);
    other.run();
    EXPECT_EQ(made.count, 1);
    EXPECT_FALSE(made.failure);
}

} // namespace
} // namespace irislink::test
