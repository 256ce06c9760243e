#pragma once
// The line of an asynchronous connection: the session, which belongs to the network's thread, and the results that
// are to be buried in there. Every operation is given a token, and answers by the mailbox under it. irislink/aio sees
// to it that a connection has one operation at a time, and reads rows only when it has none.

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/mailbox.hpp"
#include "driver/session/session.hpp"

namespace irislink::python {

namespace asio = boost::asio;

using token_type = std::uint64_t;

class async_line : public std::enable_shared_from_this<async_line> {
public:
    using time_point = driver::session::time_point;

    async_line(std::shared_ptr<const driver::connection_settings> settings, std::shared_ptr<mailbox> box);
    ~async_line(); // any thread
    async_line(const async_line&) = delete;
    async_line& operator=(const async_line&) = delete;

    [[nodiscard]] const std::shared_ptr<driver::session>& session() const noexcept { return session_; }

    // Starts what `make` makes; `give` makes a Python object of what became of it, in the loop's thread. Throws
    // HY010 in a child of fork(), where nobody would do it.
    template <class T, class Make, class Give> void start(token_type token, step at, Make make, Give give, time_point end = driver::session::no_end) {
        require_own_process();
        const auto stop = std::make_shared<asio::cancellation_signal>();
        stop_ = stop;
        asio::post(session_->executor(), [self = shared_from_this(), token, at, end, stop, make = std::move(make), give = std::move(give)]() mutable {
            const auto& session = self->session_;
            const auto answer = [self, token, stop](std::exception_ptr failed, std::function<py::object()> value) {
                self->box_->put({token, std::move(failed), std::move(value)});
            };
            try {
                auto gone = self->drop_buried();
                auto work = gone.empty() ? make(*session) : after<T>(session, std::move(gone), make(*session));
                session->template start<T>(
                    std::move(work), at,
                    [answer, give = std::move(give)](std::exception_ptr failed, T out) {
                        if (failed) return answer(std::move(failed), {});
                        const auto kept = std::make_shared<T>(std::move(out));
                        answer({}, [give, kept] { return give(std::move(*kept)); });
                    },
                    stop->slot(), end
                );
            } catch (...) {
                answer(std::current_exception(), {});
            }
        });
    }

    // For what gives nothing.
    template <class Make> void start(token_type token, step at, Make make, time_point end = driver::session::no_end) {
        start<bool>(
            token, at, [make = std::move(make)](driver::session& on) { return driver::as_bool(make(on)); }, [](bool) -> py::object { return py::none(); }, end
        );
    }

    // Stops the operation that was started last, should it be under way.
    void stop();
    // Ends the line without a word, and with it what is under way.
    void abort();
    void bury(std::shared_ptr<driver::result_state> gone);
    void bury(std::shared_ptr<driver::call_state> gone);

    [[nodiscard]] const std::shared_ptr<mailbox>& box() const noexcept { return box_; }

    [[nodiscard]] bool of_this_process() const noexcept;
    void require_own_process() const;

private:
    using calls = std::vector<std::shared_ptr<driver::call_state>>;

    // Gives the calls that have to be ended by asking the server.
    [[nodiscard]] calls drop_buried();
    [[nodiscard]] static asio::awaitable<void> end(std::shared_ptr<driver::session> on, calls gone);

    template <class T> static asio::awaitable<T> after(std::shared_ptr<driver::session> on, calls gone, asio::awaitable<T> work) {
        auto before = end(std::move(on), std::move(gone));
        co_await std::move(before);
        co_return co_await std::move(work);
    }

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<mailbox> box_;
    std::shared_ptr<asio::cancellation_signal> stop_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<driver::result_state>> buried_;
    calls buried_calls_;
    int process_;
};

} // namespace irislink::python
