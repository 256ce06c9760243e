#include "irislink/connection_pool.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

#include "driver/error/sqlstate_table.hpp"
#include "driver/session/policy.hpp"
#include "driver/session/settings.hpp"

namespace irislink {

using clock_type = std::chrono::steady_clock;

struct connection_pool::state {
    struct member {
        connection db;
        clock_type::time_point made{clock_type::now()};
        clock_type::time_point used{clock_type::now()};
    };

    state(std::shared_ptr<const driver::connection_settings> with, pool_settings wanted)
        : settings(std::move(with)), limits(wanted), key(driver::policy_fingerprint(*settings)) {}

    // Nothing that waits for the network happens under the mutex.
    std::unique_ptr<member> take(clock_type::time_point until, bool wait);
    void give_back(std::unique_ptr<member> back) noexcept;
    void drop(std::unique_ptr<member> gone) noexcept;
    [[nodiscard]] std::unique_ptr<member> connect() const;
    [[nodiscard]] bool usable(member& one) const noexcept;
    // Those that nobody wanted for too long; mutex held.
    [[nodiscard]] std::vector<std::unique_ptr<member>> take_stale();

    const std::shared_ptr<const driver::connection_settings> settings;
    const pool_settings limits;
    const std::string key;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::unique_ptr<member>> idle; // the one used last at the back
    pool_statistics counts;                   // idle is taken from the queue
    bool closed{false};
};

struct pooled_connection::lent {
    std::shared_ptr<connection_pool::state> home;
    std::unique_ptr<connection_pool::state::member> what;
};

std::unique_ptr<connection_pool::state::member> connection_pool::state::connect() const {
    auto out = std::make_unique<member>();
    out->db.connect(settings);
    return out;
}

bool connection_pool::state::usable(member& one) const noexcept {
    const auto now = clock_type::now();
    if (!one.db.is_open() || (limits.max_lifetime.count() > 0 && now - one.made >= limits.max_lifetime)) return false;
    if (now - one.used < limits.ping_after) return true;
    try {
        one.db.ping();
        return true;
    } catch (const std::exception&) {
        return false;
    }
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

void connection_pool::state::drop(std::unique_ptr<member> gone) noexcept {
    gone->db.close();
    {
        const std::lock_guard hold(mutex);
        --counts.open;
        ++counts.dropped;
    }
    changed.notify_one();
}

std::unique_ptr<connection_pool::state::member> connection_pool::state::take(clock_type::time_point until, bool wait) {
    for (;;) {
        std::unique_ptr<member> found;
        std::vector<std::unique_ptr<member>> stale; // closed after the mutex is free
        {
            std::unique_lock hold(mutex);
            const auto free = [this] { return closed || !idle.empty() || counts.open < limits.max_size; };
            stale = take_stale();
            if (!free() && !wait) return nullptr;
            ++counts.waiting;
            const bool came = changed.wait_until(hold, until, free);
            --counts.waiting;
            if (!came) {
                ++counts.timed_out;
                throw error(diagnostic{
                    errc::timed_out, "HYT00", driver::native::timeout, step::connect,
                    "All " + std::to_string(limits.max_size) + " connections of the pool are lent, and none came back in time",
                    "Give connections back sooner, or raise max_size or acquire_timeout.", false, 0});
            }
            if (closed) throw error(diagnostic{errc::not_connected, "08003", driver::native::not_connected, step::connect, "The pool is closed", "", false, 0});
            if (idle.empty()) {
                ++counts.open;
            } else {
                found = std::move(idle.back());
                idle.pop_back();
            }
        }
        if (found) {
            if (!usable(*found)) {
                drop(std::move(found));
                continue;
            }
        } else {
            try {
                found = connect();
            } catch (...) {
                {
                    const std::lock_guard hold(mutex);
                    --counts.open;
                }
                changed.notify_one();
                throw;
            }
            const std::lock_guard hold(mutex);
            ++counts.connected;
        }
        const std::lock_guard hold(mutex);
        ++counts.acquired;
        return found;
    }
}

void connection_pool::state::give_back(std::unique_ptr<member> back) noexcept {
    bool keep = back->db.is_open();
    {
        const std::lock_guard hold(mutex);
        keep = keep && !closed;
    }
    if (keep && limits.max_lifetime.count() > 0) keep = clock_type::now() - back->made < limits.max_lifetime;
    try {
        if (keep) back->db.reset();
        back->used = clock_type::now();
        if (keep) {
            const std::lock_guard hold(mutex);
            if (!closed) idle.push_back(std::move(back));
        }
    } catch (const std::exception&) {
        // What cannot be reset is not lent again.
    }
    if (back) {
        drop(std::move(back));
    } else {
        changed.notify_one();
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

connection_pool::connection_pool(const connect_options& options, pool_settings limits) {
    auto settings = options.resolve();
    if (!settings->two_factor_token.empty())
        throw error(diagnostic{
            errc::bad_settings, "HY000", driver::native::contradiction, step::settings,
            "A pool cannot use a stored TwoFactorToken: a code is good for one login", "Set TwoFactorCommand or a callback.", false, 0});
    if (limits.max_size == 0 || limits.min_size > limits.max_size)
        throw error(diagnostic{
            errc::bad_settings, "HY024", driver::native::bad_setting, step::settings, "max_size of a pool is at least 1 and not less than min_size", "", false,
            0});
    state_ = std::make_shared<state>(std::move(settings), limits);
    for (std::size_t i = 0; i < limits.min_size; ++i) {
        state_->idle.push_back(state_->connect());
        ++state_->counts.open;
        ++state_->counts.connected;
    }
}

connection_pool::~connection_pool() {
    close();
}

pooled_connection connection_pool::acquire() {
    return acquire(state_->limits.acquire_timeout);
}

pooled_connection connection_pool::acquire(std::chrono::milliseconds patience) {
    auto found = state_->take(clock_type::now() + patience, true);
    return pooled_connection(std::make_shared<pooled_connection::lent>(pooled_connection::lent{state_, std::move(found)}));
}

std::optional<pooled_connection> connection_pool::try_acquire() {
    auto found = state_->take(clock_type::now(), false);
    if (!found) return std::nullopt;
    return pooled_connection(std::make_shared<pooled_connection::lent>(pooled_connection::lent{state_, std::move(found)}));
}

void connection_pool::close() noexcept {
    std::deque<std::unique_ptr<state::member>> gone;
    {
        const std::lock_guard hold(state_->mutex);
        state_->closed = true;
        gone.swap(state_->idle);
        state_->counts.open -= gone.size();
    }
    state_->changed.notify_all();
}

pool_statistics connection_pool::statistics() const {
    const std::lock_guard hold(state_->mutex);
    auto out = state_->counts;
    out.idle = state_->idle.size();
    return out;
}

const std::string& connection_pool::key() const noexcept {
    return state_->key;
}

} // namespace irislink
