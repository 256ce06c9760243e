#include "driver/session/session_io.hpp"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include "driver/error/sqlstate_table.hpp"

namespace irislink::driver {
namespace {

using std::chrono::milliseconds;

// A cancel connection that takes longer than this is of no use to anybody.
constexpr milliseconds cancel_limit{10'000};

// How often a waiting call looks around.
constexpr milliseconds look_around{50};

// Upkeep is one short exchange; a server that takes longer for it is as good as gone.
constexpr milliseconds longest_upkeep{5'000};

} // namespace

void session::run_own_context() {
    own_context_->restart();
    if (!while_waiting_) {
        own_context_->run();
        return;
    }
    while (!own_context_->stopped()) {
        own_context_->run_for(look_around);
        if (!own_context_->stopped()) while_waiting_();
    }
}

milliseconds session::upkeep_limit() const noexcept {
    auto out = longest_upkeep;
    for (const auto each : {settings_->connect_timeout, settings_->login_timeout})
        if (each.count() > 0) out = std::min(out, each);
    return out;
}

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
    case step::disconnect: return upkeep_limit();
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
    if (limit.count() <= 0 && end == no_end) {
        timer.cancel();
        return;
    }
    timer.expires_at(limit.count() > 0 ? std::min(end, time_point::clock::now() + limit) : end);
    timer.async_wait([self = weak_from_this()](boost::system::error_code stopped) {
        const auto state = self.lock();
        // A wait that ended in time may find the timer set anew before it is told.
        if (!state || stopped || state->finished || state->timer.expiry() > asio::steady_timer::clock_type::now()) return;
        state->expired();
    });
}

void session::run_state::begin() {
    check();
    begun = true;
}

void session::run_state::check() const {
    if (unwanted || timed_out)
        throw error(diagnostic{errc::cancelled, "HY008", native::cancelled, at, "The operation was cancelled before it was sent", "", false, 0});
}

// Connecting is done as a whole or not at all.
void session::still_wanted() const {
    const auto state = current_run_.lock();
    if (state && (state->at == step::statement || state->at == step::fetch)) state->check();
}

void session::run_state::expired() {
    timed_out = true;
    if (time_point::clock::now() < end) {
        stop(true);
    } else if (!over && !aborted) {
        stop_now();
    }
}

void session::run_state::leave() noexcept {
    over = true;
}

void session::run_state::stop_wished(asio::cancellation_type kind) {
    // What has not begun finds `unwanted` when it does.
    if (begun && kind != asio::cancellation_type::none) stop((kind & asio::cancellation_type::terminal) != asio::cancellation_type::none);
}

void session::run_state::stop(bool even_the_line) {
    if (finished || over || aborted) return;
    const bool statement = (at == step::statement || at == step::fetch) && owner->running_serial_ == serial && owner->job_ != 0;
    if (!statement) {
        if (!even_the_line) return;
        // An answer to something older is on its way; still_wanted() comes after it.
        if (!owner->settling_) {
            stop_now();
        } else if (!std::exchange(line_at_stake, true)) {
            stop_after(owner->settings_->cancel_grace);
        }
        return;
    }
    // The server may just be about to answer; it is asked to stop all the same.
    if (even_the_line && !std::exchange(line_at_stake, true)) stop_after(owner->settings_->cancel_grace);
    if (std::exchange(cancel_sent, true)) return;
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
    timer.expires_at(std::min(end, time_point::clock::now() + grace));
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
        record.native = native::timeout;
        record.step = at;
        record.fatal = !owner->alive();
        record.text = record.fatal ? "Timeout: the server did not answer in time" : "Timeout: the statement took too long and was stopped";
        record.hint = at == step::kerberos ? "The KDC or the server does not answer: check both, and [realms] in krb5.conf; or raise ConnectTimeout."
                      : record.fatal       ? "Check the server, or raise ConnectTimeout, LoginTimeout or QueryTimeout."
                                           : "Raise QueryTimeout.";
    } else if (aborted) {
        record.code = errc::cancelled;
        record.sqlstate = "HY008";
        record.native = native::cancelled;
        record.fatal = true;
        record.text = "The operation was cancelled before the server had answered: the connection is closed";
        record.hint = "Connect again.";
    } else {
        return failure;
    }
    return std::make_exception_ptr(error(std::move(record)));
}

void session::stop() {
    // Among the executor's handlers, though the thread is its own (set_while_waiting): Asio hands an emission on by a
    // handler, which would find nothing any more where the end of the line has ended the operation before it runs.
    asio::dispatch(executor_, [stopped = current_run_] {
        if (const auto state = stopped.lock(); state && !state->finished) state->stop_now();
    });
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
