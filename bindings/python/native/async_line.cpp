#include "bindings/python/native/async_line.hpp"

#include <unistd.h>

namespace irislink::python {

async_line::async_line(std::shared_ptr<const driver::connection_settings> settings, std::shared_ptr<mailbox> box)
    : session_(std::make_shared<driver::session>(std::move(settings), network_thread().get_executor())), box_(std::move(box)), process_(::getpid()) {}

async_line::~async_line() {
    if (of_this_process()) {
        abort();
    } else {
        // Its socket is registered with the epoll instance of the parent, which a child must not touch.
        new std::shared_ptr<driver::session>(std::move(session_));
    }
}

bool async_line::of_this_process() const noexcept {
    return ::getpid() == process_;
}

void async_line::require_own_process() const {
    if (!of_this_process()) fail_call("HY010", "The connection belongs to the process that made it", "Connect anew after fork().", errc::out_of_sequence);
}

void async_line::stop() {
    if (stop_ && of_this_process()) asio::post(session_->executor(), [signal = stop_] { signal->emit(asio::cancellation_type::terminal); });
}

void async_line::abort() {
    if (!of_this_process()) return;
    asio::post(session_->executor(), [gone = session_] {
        if (gone->busy()) gone->stop();
        gone->shut_down();
    });
}

void async_line::bury(std::shared_ptr<driver::result_state> gone) {
    const std::lock_guard lock(mutex_);
    buried_.push_back(std::move(gone));
}

void async_line::bury(std::shared_ptr<driver::call_state> gone) {
    const std::lock_guard lock(mutex_);
    buried_calls_.push_back(std::move(gone));
}

asio::awaitable<void> async_line::end(std::shared_ptr<driver::session> on, calls gone) {
    for (const auto& each : gone) {
        try {
            auto work = on->close_call(each);
            co_await std::move(work);
        } catch (const error&) {
            // Whoever uses the line next hears what is wrong with it.
        }
    }
}

async_line::calls async_line::drop_buried() {
    std::vector<std::shared_ptr<driver::result_state>> gone;
    calls left;
    {
        const std::lock_guard lock(mutex_);
        gone.swap(buried_);
        left.swap(buried_calls_);
    }
    for (const auto& each : left)
        if (each->rows && !each->more) gone.push_back(each->rows);
    for (const auto& each : gone)
        if (!each->closed) session_->abandon(*each);
    std::erase_if(left, [](const auto& each) { return !each->more; });
    return left;
}

} // namespace irislink::python
