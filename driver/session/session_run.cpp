#include "driver/session/session_io.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace irislink::driver {
namespace {

using std::chrono::milliseconds;

// A cancel connection that takes longer than this is of no use to anybody.
constexpr milliseconds cancel_limit{10'000};

} // namespace

milliseconds session::limit_of(step at) const noexcept {
    switch (at) {
    case step::resolve:
    case step::connect:
    case step::tls:
    case step::kerberos: return settings_->connect_timeout;
    case step::hello:
    case step::login:
    case step::second_factor: return settings_->login_timeout;
    case step::cancel: {
        const auto both = settings_->connect_timeout + settings_->login_timeout;
        return both.count() > 0 ? std::min(both, cancel_limit) : cancel_limit;
    }
    case step::disconnect: return std::chrono::seconds(5);
    default: return query_timeout_;
    }
}

// The operation under way goes over to the next step of connecting, with that step's time limit.
void session::enter(step at) {
    if (const auto state = current_run_.lock(); state && state->at != step::cancel) state->enter(at, limit_of(at));
}

void session::mark(step at) {
    if (const auto state = current_run_.lock(); state && state->at != step::cancel) state->at = at;
}

void session::run_state::enter(step where, milliseconds limit) {
    at = where;
    if (limit.count() <= 0) {
        timer.cancel();
        return;
    }
    timer.expires_after(limit);
    timer.async_wait([self = weak_from_this()](boost::system::error_code stopped) {
        const auto state = self.lock();
        // A wait that ended in time may find the timer set anew before it is told.
        if (!state || stopped || state->finished || state->timer.expiry() > asio::steady_timer::clock_type::now()) return;
        state->expired();
    });
}

void session::run_state::expired() {
    timed_out = true;
    const bool statement = (at == step::statement || at == step::fetch) && owner->running_serial_ == serial && owner->job_ != 0;
    if (!statement) {
        stop_now();
        return;
    }
    // The server has the same limit and may just be about to answer; it is asked to stop all the same.
    stop_after(owner->settings_->cancel_grace);
    helper_running = true;
    auto helper = std::make_shared<session>(owner->settings_, owner->executor_);
    helper->start<std::int64_t>(
        helper->cancel_job(owner->job_, owner->running_statement_), step::cancel,
        [self = shared_from_this(), helper](std::exception_ptr, std::int64_t) {
            self->helper_running = false;
            self->finish();
        }
    );
}

void session::run_state::stop_after(milliseconds grace) {
    timer.expires_after(grace);
    timer.async_wait([self = weak_from_this()](boost::system::error_code stopped) {
        const auto state = self.lock();
        if (state && !stopped && !state->finished) state->stop_now();
    });
}

void session::run_state::stop_now() {
    aborted = true;
    owner->die();
    signal.emit(asio::cancellation_type::terminal);
}

void session::run_state::finish() {
    if (!finished || helper_running || !deliver) return;
    const auto hand_over = std::exchange(deliver, nullptr);
    hand_over();
}

std::exception_ptr session::run_state::explain(std::exception_ptr failure) {
    diagnostic record;
    try {
        std::rethrow_exception(failure);
    } catch (const error& known) {
        record = known.record();
    } catch (const boost::system::system_error& broken) {
        owner->die();
        record = {errc::connection_lost, "08S01", 461, at, "Communication link failure: " + broken.code().message(), "", true, 0};
    } catch (...) {
        owner->die();
        return failure;
    }
    const bool stopped = record.code == errc::cancelled || record.code == errc::timed_out;
    if (timed_out && (aborted || stopped)) {
        record.code = errc::timed_out;
        record.sqlstate = "HYT00";
        record.native = 450;
        record.step = at;
        record.fatal = !owner->alive();
        record.text = record.fatal ? "Timeout: the server did not answer in time" : "Timeout: the statement took too long and was stopped";
        record.hint = record.fatal ? "Check the server, or raise ConnectTimeout, LoginTimeout or QueryTimeout." : "Raise QueryTimeout.";
    } else if (aborted) {
        record.code = errc::cancelled;
        record.sqlstate = "HY008";
        record.native = 456;
        record.fatal = true;
        record.text = "The operation was cancelled and the server did not answer: the connection is closed";
        record.hint = "Connect again.";
    } else {
        return failure;
    }
    return std::make_exception_ptr(error(std::move(record)));
}

bool session::cancel() {
    const auto serial = running_serial_.load();
    if (serial == 0 || job_ == 0) return false;
    // A connection of its own with the same settings, run in this thread.
    auto helper = std::make_shared<session>(settings_);
    helper->run<std::int64_t>(helper->cancel_job(job_, running_statement_), step::cancel);
    // The target answers its own request now; should it not, its line is closed after a grace time. A
    // later operation of the target is none of our business.
    asio::post(executor_, [self = weak_from_this(), serial] {
        const auto target = self.lock();
        if (!target) return;
        if (const auto state = target->current_run_.lock(); state && state->serial == serial && !state->finished)
            state->stop_after(target->settings_->cancel_grace);
    });
    return true;
}

} // namespace irislink::driver
