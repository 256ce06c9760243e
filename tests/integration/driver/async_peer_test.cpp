// Asynchronous calls against a server that answers wrongly, or not at all: the handler is called once,
// with the reason, whatever happens.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"

namespace irislink::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

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

// The line is not up yet when the second comes: the first goes on all the same.
TEST_F(AsyncPeer, ASecondConnectDoesNotTakeThePlaceOfTheFirst) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        line.drain();
    });
    calls first;
    calls second;
    db_.async_connect(connect_options(peer.uri()), first.handler());
    db_.async_connect(connect_options(peer.uri()), second.handler());
    run();
    EXPECT_EQ(first.count, 1);
    EXPECT_FALSE(first.failure);
    EXPECT_EQ(second.count, 1);
    EXPECT_EQ(second.why().sqlstate, "08002");
    EXPECT_TRUE(db_.is_open());
    EXPECT_EQ(peer.connections(), 1U);
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

// --- the cancellation slot of the handler -----------------------------------------------------

class AsyncPeerCancel : public AsyncPeer {
protected:
    // As `db_.async_...(..., bound(made))`, stopped after a moment.
    auto bound(calls& into) { return asio::bind_cancellation_slot(stop_.slot(), into.handler()); }

    void emit_after(std::chrono::milliseconds time, asio::cancellation_type kind = asio::cancellation_type::terminal) {
        timer_.expires_after(time);
        timer_.async_wait([this, kind](boost::system::error_code) { stop_.emit(kind); });
    }

    // The call was cancelled, once, and the line does the next one.
    void expect_cancelled_in_step(calls& made) {
        EXPECT_EQ(made.count, 1);
        EXPECT_EQ(made.why().code, errc::cancelled);
        EXPECT_FALSE(made.why().fatal);
        calls after;
        db_.async_commit(after.handler());
        run();
        EXPECT_FALSE(after.failure);
    }

    asio::cancellation_signal stop_;
    asio::steady_timer timer_{context_};
};

TEST_F(AsyncPeerCancel, SendsEiForItsStatementOnASecondConnection) {
    std::atomic<bool> cancelled{false};
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        if (line.number() == 1) {
            const auto asked = line.read();
            wire::cancel_request request;
            EXPECT_EQ(asked.code(), "EI");
            EXPECT_FALSE(wire::decode_body(asked.body, wire::default_format, request));
            EXPECT_EQ(request.job, 4711);
            EXPECT_EQ(request.statement, 1U);
            line.answer_empty(asked);
            cancelled = true;
            line.drain();
            return;
        }
        const auto update = line.read();
        while (!cancelled) std::this_thread::sleep_for(2ms);
        line.answer_empty(update, wire::status::cancelled);
        line.explain("query interrupted");
        line.answer_empty(line.read());
        line.drain();
    });
    connect(peer);
    calls made;
    db_.async_run("update T set N = 1", {}, bound(made));
    emit_after(50ms);
    run();
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().code, errc::cancelled);
    EXPECT_EQ(made.why().text, "query interrupted");
    EXPECT_FALSE(made.why().fatal);
    calls after;
    db_.async_commit(after.handler());
    run();
    EXPECT_EQ(after.count, 1);
    EXPECT_FALSE(after.failure);
    EXPECT_EQ(peer.connections(), 2U);
}

// The statement was through when the cancel came: its answer is its own, and comes after the cancel
// connection is gone, so that no later statement is hit.
TEST_F(AsyncPeerCancel, AnAnswerThatIsUnderWayIsGiven) {
    std::atomic<bool> asked_to_cancel{false};
    std::atomic<bool> cancelled{false};
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        const auto asked = line.read();
        if (line.number() == 1) {
            asked_to_cancel = true;
            std::this_thread::sleep_for(200ms);
            cancelled = true;
            line.answer_empty(asked);
        } else {
            while (!asked_to_cancel) std::this_thread::sleep_for(1ms);
            wire::direct_update_reply out;
            out.counts = {3};
            line.answer(asked, out);
        }
        line.drain();
    });
    connect(peer);
    int count = 0;
    std::int64_t rows = 0;
    bool after_cancel = false;
    db_.async_run("update T set N = 1", {}, asio::bind_cancellation_slot(stop_.slot(), [&](std::exception_ptr failed, auto outcome) {
                      ++count;
                      EXPECT_FALSE(failed);
                      rows = std::get<execute_result>(outcome).rows;
                      after_cancel = cancelled;
                  }));
    emit_after(50ms);
    run();
    EXPECT_EQ(count, 1);
    EXPECT_EQ(rows, 3);
    EXPECT_TRUE(after_cancel);
    EXPECT_TRUE(db_.is_open());
}

// A server that takes the cancel and still does not answer: after the grace time the connection is dead.
TEST_F(AsyncPeerCancel, AServerThatDoesNotAnswerLosesTheConnection) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        if (line.number() > 0) line.answer_empty(line.read());
        line.drain();
    });
    connect(peer);
    calls made;
    const stopwatch time;
    db_.async_run("update T set N = 1", {}, bound(made));
    emit_after(20ms);
    run();
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().sqlstate, "HY008");
    EXPECT_TRUE(made.why().fatal);
    EXPECT_FALSE(db_.is_open());
    EXPECT_LT(time.elapsed(), 20s);
    calls after;
    db_.async_commit(after.handler());
    run();
    EXPECT_EQ(after.why().sqlstate, "08S01");
}

// What has not begun leaves no trace: nothing is sent, nothing is closed.
TEST_F(AsyncPeerCancel, BeforeItBegan) {
    std::atomic<int> messages{0};
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        const auto asked = line.read();
        ++messages;
        line.answer_empty(asked);
        line.drain();
    });
    connect(peer);
    calls made;
    db_.async_run("update T set N = 1", {}, bound(made));
    stop_.emit(asio::cancellation_type::total);
    run();
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().code, errc::cancelled);
    EXPECT_FALSE(made.why().fatal);
    EXPECT_EQ(messages, 0);
    calls after;
    db_.async_commit(after.handler());
    run();
    EXPECT_FALSE(after.failure);
    EXPECT_EQ(messages, 1);
    EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(AsyncPeerCancel, WhileConnecting) {
    scripted_peer peer([](peer_line& line) { line.drain(); });
    calls made;
    const stopwatch time;
    db_.async_connect(connect_options(peer.uri()), bound(made));
    emit_after(50ms);
    run();
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().code, errc::cancelled);
    EXPECT_EQ(made.why().sqlstate, "HY008");
    EXPECT_TRUE(made.why().fatal);
    EXPECT_FALSE(db_.is_open());
    EXPECT_LT(time.elapsed(), 5s);
}

// A commit cannot be stopped on the server: a terminal cancellation ends the line, a lesser one waits.
TEST_F(AsyncPeerCancel, ACommitIsAllOrNothing) {
    scripted_peer peer([](peer_line& line) {
        line.log_in();
        const auto first = line.read();
        std::this_thread::sleep_for(200ms);
        line.answer_empty(first);
        line.drain();
    });
    connect(peer);
    calls patient;
    db_.async_commit(bound(patient));
    emit_after(50ms, asio::cancellation_type::total);
    run();
    EXPECT_EQ(patient.count, 1);
    EXPECT_FALSE(patient.failure);
    calls made;
    db_.async_commit(bound(made));
    emit_after(50ms);
    run();
    EXPECT_EQ(made.count, 1);
    EXPECT_EQ(made.why().sqlstate, "HY008");
    EXPECT_TRUE(made.why().fatal);
    EXPECT_FALSE(db_.is_open());
    EXPECT_EQ(peer.connections(), 1U);
}

// The cancel finds the statement being prepared: nothing runs on the server yet, and nothing will.
TEST_F(AsyncPeerCancel, BetweenPreparingAndExecuting) {
    std::atomic<bool> cancelled{false};
    std::string next;
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        const auto asked = line.read();
        if (line.number() == 1) {
            line.answer_empty(asked);
            cancelled = true;
        } else {
            EXPECT_EQ(asked.code(), "PP");
            while (!cancelled) std::this_thread::sleep_for(2ms);
            wire::prepare_update_reply out;
            out.parameters.parameters.resize(1);
            line.answer(asked, out);
            const auto after = line.read();
            next = after.code();
            line.answer_empty(after);
        }
        line.drain();
    });
    connect(peer);
    calls made;
    db_.async_run("update T set N = ?", {std::int64_t{1}}, bound(made));
    emit_after(50ms);
    run();
    expect_cancelled_in_step(made);
    EXPECT_EQ(next, "TC");
}

// The cancel comes while the block of another result is awaited: that block is taken in and kept.
TEST_F(AsyncPeerCancel, WhileAnOlderAnswerIsUnderWay) {
    std::string next;
    scripted_peer peer([&](peer_line& line) {
        line.log_in();
        const auto query = line.read();
        line.send_raw(peer_line::columns(query));
        line.send_raw(peer_line::rows(query, {1, 2}, 0));
        const auto fetch = line.read();
        std::this_thread::sleep_for(200ms);
        line.send_raw(peer_line::rows(fetch, {3}, 100));
        const auto after = line.read();
        next = after.code();
        line.answer_empty(after);
        line.drain();
    });
    connect(peer);
    result rows;
    db_.async_run("select N from T", {}, [&](std::exception_ptr failed, auto outcome) {
        EXPECT_FALSE(failed);
        rows = std::get<result>(std::move(outcome));
    });
    run();
    calls made;
    db_.async_run("update T set N = 1", {}, bound(made));
    emit_after(50ms);
    run();
    expect_cancelled_in_step(made);
    EXPECT_EQ(next, "TC");
    EXPECT_EQ(peer.connections(), 1U);
    std::vector<int> read;
    bool more = true;
    while (more) {
        while (rows.next_in_block()) read.push_back(rows.current().get<int>(0));
        db_.async_next_block(rows, [&](std::exception_ptr failed, bool block) {
            EXPECT_FALSE(failed);
            more = block;
        });
        run();
    }
    EXPECT_EQ(read, (std::vector<int>{1, 2, 3}));
}

} // namespace
} // namespace irislink::test
