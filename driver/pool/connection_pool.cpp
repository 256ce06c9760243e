#include "irislink/connection_pool.hpp"

#include <algorithm>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <list>
#include <mutex>

#include "driver/error/sqlstate_table.hpp"
#include "driver/session/policy.hpp"
#include "driver/session/session.hpp"

namespace irislink {

namespace asio = boost::asio;

using clock_type = std::chrono::steady_clock;

namespace {

// One operation of a connection: a blocking connection does it here and now, an asynchronous one on its
// executor, which is that of whoever waits. A wait that is cancelled ends the operation, and its line; so does
// an operation that is not through at `end`.
asio::awaitable<void> perform(std::shared_ptr<driver::session> on, asio::awaitable<void> work, step at, clock_type::time_point end) {
    if (on->blocking()) {
        on->run(std::move(work), at, end);
        co_return;
    }
    const auto begin = [on, at, end](auto handler, asio::awaitable<bool> operation) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        if (auto slot = asio::get_associated_cancellation_slot(*shared); slot.is_connected()) slot.assign([on](asio::cancellation_type) { on->stop(); });
        const auto done = [shared](std::exception_ptr failure, bool) {
            if (auto slot = asio::get_associated_cancellation_slot(*shared); slot.is_connected()) slot.clear();
            std::move (*shared)(std::move(failure));
        };
        on->start<bool>(std::move(operation), at, done, {}, end);
    };
    auto operation = driver::as_bool(std::move(work));
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(begin, asio::use_awaitable, std::move(operation));
}

} // namespace

// Waiting is a coroutine, whoever waits: acquire() runs it in its thread, async_acquire() on the pool's
// executor.
struct connection_pool::state : std::enable_shared_from_this<connection_pool::state> {
    struct member {
        connection db;
        clock_type::time_point made{clock_type::now()};
        clock_type::time_point used{clock_type::now()};
        bool clean{true}; // nobody has used it since it was reset
    };

    // Somebody in the queue. What is handed over is handed over under the mutex, and so is the call to wake
    // up: its executor may be gone as soon as it knows.
    struct waiter {
        explicit waiter(const asio::any_io_executor& executor) : alarm(executor) {}

        asio::steady_timer alarm;
        bool served{false};
        std::unique_ptr<member> what; // none: a place for a new one
    };

    // A connection or a place in the hand of somebody who may still fail.
    struct claim {
        explicit claim(std::shared_ptr<state> from) : home(std::move(from)) {}

        ~claim() {
            if (held) home->leave(std::move(what));
        }

        claim(const claim&) = delete;
        claim& operator=(const claim&) = delete;

        void hold(std::unique_ptr<member> given) noexcept {
            what = std::move(given);
            held = true;
        }

        std::unique_ptr<member> keep() noexcept {
            held = false;
            return std::move(what);
        }

        std::shared_ptr<state> home;
        std::unique_ptr<member> what;
        bool held{false};
    };

    state(std::shared_ptr<const driver::connection_settings> with, pool_settings wanted, asio::any_io_executor on)
        : settings(std::move(with)), limits(wanted), executor(std::move(on)), key(driver::policy_fingerprint(*settings)) {}

    [[nodiscard]] bool blocking() const noexcept { return !executor; }

    // Nothing that waits for the network happens under the mutex.
    [[nodiscard]] static asio::awaitable<pooled_connection> take(std::shared_ptr<state> self, clock_type::time_point until, bool wait);
    [[nodiscard]] asio::awaitable<void> turn_of(std::shared_ptr<waiter> one, clock_type::time_point until, claim& into);
    [[nodiscard]] asio::awaitable<std::unique_ptr<member>> connect(clock_type::time_point until);
    [[nodiscard]] asio::awaitable<bool> usable(member& one, clock_type::time_point until) const;
    [[nodiscard]] static asio::awaitable<void> take_back(std::shared_ptr<claim> back);
    void give_back(std::unique_ptr<member> back) noexcept;
    // Back into the pool, or closed where it is of no more use.
    void leave(std::unique_ptr<member> what) noexcept;
    // Mutex held: to the first who waits, or to the rest.
    void pass_on(std::unique_ptr<member> what);
    // Those that nobody wanted for too long; mutex held.
    [[nodiscard]] std::vector<std::unique_ptr<member>> take_stale();
    void require(bool blocks) const;

    const std::shared_ptr<const driver::connection_settings> settings;
    const pool_settings limits;
    const asio::any_io_executor executor; // none: connections block
    const std::string key;
    mutable std::mutex mutex;
    std::deque<std::unique_ptr<member>> idle; // the one used last at the back; empty while somebody waits
    std::list<std::shared_ptr<waiter>> queue; // who came first at the front
    pool_statistics counts;                   // idle and waiting are taken from the queues
    bool closed{false};
};

struct pooled_connection::lent {
    std::shared_ptr<connection_pool::state> home;
    std::unique_ptr<connection_pool::state::member> what;
};

namespace {

[[noreturn]] void is_closed() {
    throw error(diagnostic{errc::not_connected, "08003", driver::native::not_connected, step::connect, "The pool is closed", "", false, 0});
}

// Runs it in this thread.
template <class T> T run_here(asio::awaitable<T> work) {
    asio::io_context context(1);
    std::exception_ptr failure;
    T out{};
    asio::co_spawn(context, std::move(work), [&](std::exception_ptr why, T result) {
        failure = std::move(why);
        out = std::move(result);
    });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return out;
}

} // namespace

void connection_pool::state::require(bool blocks) const {
    if (blocks == blocking()) return;
    throw error(diagnostic{
        errc::out_of_sequence, "HY010", 0, step::connect, blocks ? "A blocking call on an asynchronous pool" : "An asynchronous call on a blocking pool",
        blocks ? "Use async_acquire." : "Make the pool with an executor.", false, 0});
}

asio::awaitable<std::unique_ptr<connection_pool::state::member>> connection_pool::state::connect(clock_type::time_point until) {
    auto out = std::make_unique<member>();
    const auto session = blocking() ? std::make_shared<driver::session>(settings) : std::make_shared<driver::session>(settings, executor);
    if (!blocking()) out->db = connection(executor);
    auto work = session->connect();
    co_await perform(session, std::move(work), step::connect, until);
    out->db.session_ = session;
    co_return out;
}

asio::awaitable<bool> connection_pool::state::usable(member& one, clock_type::time_point until) const {
    const auto now = clock_type::now();
    if (!one.db.is_open() || (limits.max_lifetime.count() > 0 && now - one.made >= limits.max_lifetime)) co_return false;
    if (now - one.used < limits.ping_after) co_return true;
    const auto session = one.db.session();
    try {
        auto work = session->ping();
        const auto end = std::min(until, session->end_of_upkeep());
        co_await perform(session, std::move(work), step::statement, end);
    } catch (const std::exception&) {
        co_return false;
    }
    co_return true;
}

std::vector<std::unique_ptr<connection_pool::state::member>> connection_pool::state::take_stale() {
    std::vector<std::unique_ptr<member>> out;
    if (limits.idle_timeout.count() == 0) return out;
    const auto oldest = clock_type::now() - limits.idle_timeout;
    while (!idle.empty() && counts.open > limits.min_size && idle.front()->used <= oldest) {
        out.push_back(std::move(idle.front()));
        idle.pop_front();
        --counts.open;
        ++counts.dropped;
    }
    return out;
}

void connection_pool::state::pass_on(std::unique_ptr<member> what) {
    if (!queue.empty()) {
        const auto first = queue.front();
        queue.pop_front();
        first->what = std::move(what);
        first->served = true;
        asio::post(first->alarm.get_executor(), [first] { first->alarm.cancel(); });
    } else if (what) {
        idle.push_back(std::move(what));
    } else {
        --counts.open;
    }
}

void connection_pool::state::leave(std::unique_ptr<member> what) noexcept {
    std::unique_ptr<member> gone; // closed after the mutex is free
    bool keep = what && what->clean && what->db.is_open();
    if (keep && limits.max_lifetime.count() > 0) keep = clock_type::now() - what->made < limits.max_lifetime;
    if (what && !keep) {
        what->db.close(); // before its place is anybody's
        gone = std::move(what);
    }
    const std::lock_guard hold(mutex);
    if (what && closed) gone = std::move(what);
    if (gone) ++counts.dropped;
    pass_on(std::move(what));
}

asio::awaitable<void> connection_pool::state::turn_of(std::shared_ptr<waiter> one, clock_type::time_point until, claim& into) {
    one->alarm.expires_at(until);
    boost::system::error_code ended;
    co_await one->alarm.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    const std::lock_guard hold(mutex);
    if (one->served) {
        into.hold(std::move(one->what));
        co_return;
    }
    if (closed) is_closed();
    queue.remove(one);
    if (ended) throw boost::system::system_error(ended);
    ++counts.timed_out;
    throw error(diagnostic{
        errc::timed_out, "HYT00", driver::native::timeout, step::connect,
        "All " + std::to_string(limits.max_size) + " connections of the pool are lent, and none came back in time",
        "Give connections back sooner, or raise max_size or acquire_timeout.", false, 0});
}

asio::awaitable<pooled_connection> connection_pool::state::take(std::shared_ptr<state> self, clock_type::time_point until, bool wait) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    const auto here = co_await asio::this_coro::executor;
    try {
        for (;;) {
            claim got(self);
            std::shared_ptr<waiter> waiting;
            std::vector<std::unique_ptr<member>> stale; // closed after the mutex is free
            {
                const std::lock_guard hold(self->mutex);
                stale = self->take_stale();
                if (self->closed) is_closed();
                if (!self->idle.empty()) {
                    got.hold(std::move(self->idle.back()));
                    self->idle.pop_back();
                } else if (self->counts.open < self->limits.max_size) {
                    ++self->counts.open;
                    got.hold(nullptr);
                } else if (wait) {
                    waiting = std::make_shared<waiter>(here);
                    self->queue.push_back(waiting);
                } else {
                    co_return pooled_connection();
                }
            }
            stale.clear();
            if (waiting) co_await self->turn_of(waiting, until, got);
            if (!got.what) {
                got.what = co_await self->connect(until);
                const std::lock_guard hold(self->mutex);
                ++self->counts.connected;
            } else if (!co_await self->usable(*got.what, until)) {
                got.what->db.close();
                const auto end = co_await asio::this_coro::cancellation_state;
                if (end.cancelled() != asio::cancellation_type::none) throw boost::system::system_error(asio::error::operation_aborted);
                continue;
            }
            {
                const std::lock_guard hold(self->mutex);
                ++self->counts.acquired;
            }
            got.what->clean = false;
            auto out = std::make_shared<pooled_connection::lent>(pooled_connection::lent{self, got.keep()});
            co_return pooled_connection(std::move(out));
        }
    } catch (const boost::system::system_error& stopped) {
        if (stopped.code() != asio::error::operation_aborted) throw;
    }
    throw error(diagnostic{
        errc::cancelled, "HY008", driver::native::cancelled, step::connect, "The wait for a connection of the pool was cancelled", "", false, 0});
}

// As new, or closed.
asio::awaitable<void> connection_pool::state::take_back(std::shared_ptr<claim> back) {
    auto& one = *back->what;
    const auto session = one.db.session();
    // A reset would leave it in the namespace of whoever had it.
    bool good = one.db.is_open() && !session->namespace_changed();
    {
        const std::lock_guard hold(back->home->mutex);
        good = good && !back->home->closed;
    }
    if (!good) co_return;
    try {
        auto work = session->reset();
        const auto end = session->end_of_upkeep();
        co_await perform(session, std::move(work), step::statement, end);
        one.used = clock_type::now();
        one.clean = true;
    } catch (const std::exception&) {
        // What cannot be reset is not lent again.
    }
}

void connection_pool::state::give_back(std::unique_ptr<member> back) noexcept {
    auto returned = std::make_shared<claim>(shared_from_this());
    returned->hold(std::move(back));
    try {
        auto work = take_back(std::move(returned));
        if (blocking()) {
            auto whole = driver::as_bool(std::move(work));
            (void)run_here<bool>(std::move(whole));
        } else {
            asio::co_spawn(executor, std::move(work), asio::detached);
        }
    } catch (const std::exception&) {
        // The claim has closed what was not made as new.
    }
}

pooled_connection& pooled_connection::operator=(pooled_connection&& other) noexcept {
    if (this != &other) {
        release();
        lent_ = std::move(other.lent_);
    }
    return *this;
}

connection& pooled_connection::operator*() const noexcept {
    return lent_->what->db;
}

void pooled_connection::release() noexcept {
    if (const auto back = std::exchange(lent_, nullptr)) back->home->give_back(std::move(back->what));
}

namespace {

std::shared_ptr<const driver::connection_settings> checked(const connect_options& options, const pool_settings& limits) {
    auto settings = options.resolve();
    if (!settings->two_factor_token.empty())
        throw error(diagnostic{
            errc::bad_settings, "HY000", driver::native::contradiction, step::settings,
            "A pool cannot use a stored TwoFactorToken: a code is good for one login", "Set TwoFactorCommand or a callback.", false, 0});
    if (limits.max_size == 0 || limits.min_size > limits.max_size)
        throw error(diagnostic{
            errc::bad_settings, "HY024", driver::native::bad_setting, step::settings, "max_size of a pool is at least 1 and not less than min_size", "", false,
            0});
    return settings;
}

} // namespace

connection_pool::connection_pool(const connect_options& options, pool_settings limits)
    : state_(std::make_shared<state>(checked(options, limits), limits, boost::asio::any_io_executor())) {
    for (std::size_t i = 0; i < limits.min_size; ++i) {
        state_->idle.push_back(run_here(state_->connect(driver::session::no_end)));
        ++state_->counts.open;
        ++state_->counts.connected;
    }
}

connection_pool::connection_pool(boost::asio::any_io_executor executor, const connect_options& options, pool_settings limits)
    : state_(std::make_shared<state>(checked(options, limits), limits, std::move(executor))) {}

connection_pool::~connection_pool() {
    close();
}

pooled_connection connection_pool::acquire() {
    return acquire(state_->limits.acquire_timeout);
}

pooled_connection connection_pool::acquire(std::chrono::milliseconds patience) {
    state_->require(true);
    return run_here(state::take(state_, clock_type::now() + patience, true));
}

std::optional<pooled_connection> connection_pool::try_acquire() {
    state_->require(true);
    auto found = run_here(state::take(state_, clock_type::now() + patience(), false));
    if (!found) return std::nullopt;
    return found;
}

std::chrono::milliseconds connection_pool::patience() const noexcept {
    return state_->limits.acquire_timeout;
}

void connection_pool::start_acquire(std::chrono::milliseconds patience, acquire_handler handler) {
    state_->require(false);
    asio::co_spawn(state_->executor, state::take(state_, clock_type::now() + patience, true), std::move(handler));
}

void connection_pool::close() noexcept {
    auto gone = std::make_shared<std::deque<std::unique_ptr<state::member>>>();
    {
        const std::lock_guard hold(state_->mutex);
        state_->closed = true;
        gone->swap(state_->idle);
        state_->counts.open -= gone->size();
        for (const auto& each : state_->queue) asio::post(each->alarm.get_executor(), [each] { each->alarm.cancel(); });
        state_->queue.clear();
    }
    // Lines of an executor are closed in its thread.
    if (!state_->blocking() && !gone->empty()) asio::post(state_->executor, [gone] { gone->clear(); });
}

pool_statistics connection_pool::statistics() const {
    const std::lock_guard hold(state_->mutex);
    auto out = state_->counts;
    out.idle = state_->idle.size();
    out.waiting = state_->queue.size();
    return out;
}

const std::string& connection_pool::key() const noexcept {
    return state_->key;
}

} // namespace irislink
