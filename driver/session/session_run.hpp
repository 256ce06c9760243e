#pragma once
// How operations run: with a deadline for the whole step, on a steady clock. Included by session.hpp.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>

#include "driver/session/session.hpp"

namespace irislink::driver {

// One operation under way. Shared by the operation's handler, its timer and cancel requests. Lives on
// the executor's thread.
struct session::run_state : std::enable_shared_from_this<session::run_state> {
    run_state(session& session_owner, step where, std::uint64_t number) : owner(&session_owner), at(where), serial(number), timer(session_owner.executor_) {}

    // The operation goes over to another step with a deadline of its own; 0 is none but `end`.
    void enter(step where, std::chrono::milliseconds limit);
    // The coroutine runs from here to there. Throws when the operation was stopped before.
    void begin();
    void leave() noexcept;
    // Throws when the operation was stopped.
    void check() const;
    void expired();
    // The caller's wish, by the slot of its handler.
    void stop_wished(asio::cancellation_type kind);
    // What it means depends on the step: a statement is cancelled on the server first, so that the
    // session can live on; anything else ends the line, unless that is more than was asked for.
    void stop(bool even_the_line);
    // Waits for the server's answer to a cancel request, then ends the line.
    void stop_after(std::chrono::milliseconds grace);
    void stop_now();
    // What an exception of the operation means, given what the timer did.
    [[nodiscard]] std::exception_ptr explain(std::exception_ptr failure);
    // Hands the outcome over, once no cancel connection of ours is left that could hit a later statement.
    void finish();

    session* owner;
    step at;
    std::uint64_t serial;
    time_point end{no_end}; // of all steps together
    asio::steady_timer timer;
    asio::cancellation_signal signal;
    std::atomic<bool> unwanted{false}; // by the caller's slot; set by any thread
    bool begun{false};
    bool over{false}; // there is nothing left to stop
    bool timed_out{false};
    bool cancel_sent{false};
    bool line_at_stake{false}; // ends when the server does not answer the cancel request
    bool aborted{false};
    bool finished{false};
    bool helper_running{false};
    std::function<void()> deliver;
};

// Whoever stops an operation that has not begun need not end the line for it.
template <class T> asio::awaitable<T> session::guarded(asio::awaitable<T> work, std::shared_ptr<run_state> state) {
    state->begin();
    const std::unique_ptr<run_state, void (*)(run_state*)> at_end(state.get(), [](run_state* which) { which->leave(); });
    auto out = co_await std::move(work);
    co_return out;
}

template <class T>
void session::start(asio::awaitable<T> work, step at, std::function<void(std::exception_ptr, T)> done, asio::cancellation_slot stop, time_point end) {
    if (busy_.exchange(true))
        throw error(diagnostic{
            errc::out_of_sequence, "HY010", 0, at, "Another operation of this connection is under way", "Wait for it, or use a connection per thread.", false,
            0});
    auto state = std::make_shared<run_state>(*this, at, ++runs_);
    current_run_ = state;
    state->end = end;
    state->enter(at, limit_of(at));
    // Emissions come from wherever the caller's executor is. One that comes late finds nothing.
    if (stop.is_connected())
        stop.assign([to = std::weak_ptr(state), home = executor_](asio::cancellation_type kind) {
            if (const auto target = to.lock(); target && kind != asio::cancellation_type::none) target->unwanted = true;
            asio::dispatch(home, [to, kind] {
                if (const auto target = to.lock()) target->stop_wished(kind);
            });
        });
    asio::co_spawn(
        executor_, guarded(std::move(work), state),
        asio::bind_cancellation_slot(
            state->signal.slot(),
            [this, state, done = std::move(done)](std::exception_ptr failure, T result) {
                state->finished = true;
                state->timer.cancel();
                running_serial_ = 0;
                if (failure) failure = state->explain(std::move(failure));
                auto kept = std::make_shared<T>(std::move(result));
                state->deliver = [this, done, failure, kept] {
                    busy_ = false;
                    done(failure, std::move(*kept));
                };
                state->finish();
            }
        )
    );
}

template <class T> T session::run(asio::awaitable<T> work, step at, time_point end) {
    if (!own_context_)
        throw error(diagnostic{errc::out_of_sequence, "HY010", 0, at, "A blocking call on an asynchronous connection", "Use the async form.", false, 0});
    std::exception_ptr failure;
    std::optional<T> out;
    const auto done = [&](std::exception_ptr e, T result) {
        failure = std::move(e);
        out = std::move(result);
    };
    start<T>(std::move(work), at, done, {}, end);
    run_own_context();
    if (failure) std::rethrow_exception(failure);
    return *std::move(out);
}

// One signature for both: nothing becomes a bool.
inline asio::awaitable<bool> as_bool(asio::awaitable<void> work) {
    co_await std::move(work);
    co_return true;
}

inline void session::run(asio::awaitable<void> work, step at, time_point end) {
    (void)run<bool>(as_bool(std::move(work)), at, end);
}

} // namespace irislink::driver
