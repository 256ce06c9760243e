#pragma once
// How operations run: with a deadline for the whole step, on a steady clock. Included by session.hpp.

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include "driver/session/session.hpp"

namespace irislink::driver {

inline constexpr std::chrono::seconds cancel_grace{5};

// One operation under way. Shared by the operation's handler, its timer and cancel requests.
struct session::run_state : std::enable_shared_from_this<session::run_state> {
    run_state(session& session_owner, step where) : owner(&session_owner), at(where), timer(session_owner.executor_) {}

    // Arms the deadline. What happens at its end depends on the step: a statement is cancelled on
    // the server first, so that the session can live on; anything else ends the line.
    void arm(std::chrono::milliseconds limit);
    void expired();
    void stop_after(std::chrono::milliseconds grace);
    // What an exception of the operation means, given what the timer did.
    [[nodiscard]] std::exception_ptr explain(std::exception_ptr failure);

    session* owner;
    step at;
    asio::steady_timer timer;
    asio::cancellation_signal signal;
    bool timed_out{false};
    bool aborted{false};
    bool finished{false};
};

template <class T>
void session::start(asio::awaitable<T> work, step at, std::function<void(std::exception_ptr, T)> done) {
    auto state = std::make_shared<run_state>(*this, at);
    current_run_ = state;
    if (const auto limit = limit_of(at); limit.count() > 0) state->arm(limit);
    asio::co_spawn(
        executor_, std::move(work),
        asio::bind_cancellation_slot(
            state->signal.slot(),
            [this, state, done = std::move(done)](std::exception_ptr failure, T result) {
                state->finished = true;
                state->timer.cancel();
                running_ = false;
                done(failure ? state->explain(failure) : nullptr, std::move(result));
            }
        )
    );
}

template <class T>
T session::run(asio::awaitable<T> work, step at) {
    if (!own_context_)
        throw error(diagnostic{errc::out_of_sequence, "HY010", 0, at, "A blocking call on an asynchronous connection", "Use the async form.", false, 0});
    std::exception_ptr failure;
    std::optional<T> out;
    start<T>(std::move(work), at, [&](std::exception_ptr e, T result) {
        failure = std::move(e);
        out = std::move(result);
    });
    own_context_->restart();
    own_context_->run();
    if (failure) std::rethrow_exception(failure);
    return *std::move(out);
}

inline void session::run(asio::awaitable<void> work, step at) {
    // One signature for both: nothing becomes a bool.
    const auto wrap = [](asio::awaitable<void> inner) -> asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    };
    (void)run<bool>(wrap(std::move(work)), at);
}

}  // namespace irislink::driver
