#include "driver/session/session_io.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace irislink::driver {

std::chrono::milliseconds session::limit_of(step at) const noexcept {
    switch (at) {
    case step::resolve:
    case step::connect:
    case step::tls:
    case step::kerberos:
    case step::hello:
    case step::login:
    case step::second_factor: return settings_->connect_timeout + settings_->login_timeout;
    case step::cancel: return settings_->connect_timeout + settings_->login_timeout;
    case step::disconnect: return std::chrono::seconds(5);
    default: return settings_->query_timeout;
    }
}

void session::run_state::arm(std::chrono::milliseconds limit) {
    timer.expires_after(limit);
    timer.async_wait([self = weak_from_this()](boost::system::error_code stopped) {
        if (const auto state = self.lock(); state && !stopped && !state->finished) state->expired();
    });
}

void session::run_state::expired() {
    timed_out = true;
    const bool statement = (at == step::statement || at == step::fetch) && owner->running_ && owner->job_ != 0;
    if (!statement) {
        stop_after(std::chrono::milliseconds(0));
        return;
    }
    // The server has the same limit and may just be about to answer; then it is asked to stop.
    stop_after(cancel_grace);
    auto helper = std::make_shared<session>(owner->settings_, owner->executor_);
    asio::co_spawn(
        owner->executor_,
        [helper, job = owner->job_.load(), id = owner->running_statement_.load()]() -> asio::awaitable<void> {
            (void)co_await helper->cancel_job(job, id);
        },
        [helper](std::exception_ptr) {}
    );
}

void session::run_state::stop_after(std::chrono::milliseconds grace) {
    if (grace.count() == 0) {
        aborted = true;
        owner->die();
        signal.emit(asio::cancellation_type::terminal);
        return;
    }
    timer.expires_after(grace);
    timer.async_wait([self = weak_from_this()](boost::system::error_code stopped) {
        if (const auto state = self.lock(); state && !stopped && !state->finished) state->stop_after(std::chrono::milliseconds(0));
    });
}

std::exception_ptr session::run_state::explain(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const error& known) {
        if (timed_out && (known.record().code == errc::cancelled || known.record().code == errc::timed_out || aborted)) {
            auto record = known.record();
            record.code = errc::timed_out;
            record.sqlstate = "HYT00";
            if (aborted) record.text = "Timeout: the server did not answer in time";
            return std::make_exception_ptr(error(std::move(record)));
        }
        return failure;
    } catch (const boost::system::system_error& broken) {
        owner->die();
        diagnostic record{errc::connection_lost, "08S01", 461, at, "Communication link failure: " + broken.code().message(), "", true, 0};
        if (timed_out) {
            record.code = errc::timed_out;
            record.sqlstate = "HYT00";
            record.native = 450;
            record.text = "Timeout: the server did not answer in time";
            record.hint = "Raise ConnectTimeout, LoginTimeout or QueryTimeout, or check the server.";
        } else if (aborted) {
            record.code = errc::cancelled;
            record.sqlstate = "HY008";
            record.text = "The operation was cancelled and the server did not answer: the connection is closed";
        }
        return std::make_exception_ptr(error(std::move(record)));
    } catch (...) {
        owner->die();
        return failure;
    }
}

bool session::cancel() {
    if (!running_ || job_ == 0) return false;
    // A connection of its own with the same settings, run in this thread.
    auto helper = std::make_shared<session>(settings_);
    helper->run<std::int64_t>(helper->cancel_job(job_, running_statement_), step::cancel);
    // The target answers its own request now; should it not, its line is closed after a grace time.
    asio::post(executor_, [self = weak_from_this()] {
        const auto target = self.lock();
        if (!target) return;
        if (const auto state = target->current_run_.lock(); state && !state->finished && target->running_) state->stop_after(cancel_grace);
    });
    return true;
}

}  // namespace irislink::driver
