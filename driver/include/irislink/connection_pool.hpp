#pragma once
// Connections that are logged in already, lent out one at a time.
//
//     irislink::connection_pool pool(irislink::connect_options("iris://demo@localhost/USER"), {.max_size = 8});
//     auto db = pool.acquire();
//     db->execute("insert into T values (?)", 1); // goes back when db goes
//
// The options are resolved once: every connection of a pool is made from the same immutable settings,
// so none has less protection or another identity than the first. A connection that comes back is
// reset (wire-session 6.5): its transaction is rolled back, statements and cursors are closed,
// auto-commit and isolation are as the options say. One that is broken, or cannot be reset within ConnectTimeout,
// LoginTimeout or 5 seconds, whichever is shortest, is dropped.
//
// Who waits is served in the order of arrival. Any thread may use a pool; a handle belongs to one thread at a time and may outlive the pool.
// Errors are irislink::error: those of connecting; HYT00 (errc::timed_out) when all connections are
// lent until the deadline; 08003 (errc::not_connected) when the pool is closed. Options with a stored
// TwoFactorToken are refused, since a code is good for one login (decision 17).

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "irislink/connection.hpp"

namespace irislink {

struct pool_settings {
    std::size_t min_size{0}; // opened by the constructor, and kept when idle
    std::size_t max_size{10};
    std::chrono::milliseconds acquire_timeout{30'000};
    std::chrono::milliseconds idle_timeout{600'000};   // 0: none; looked at when the pool is used
    std::chrono::milliseconds max_lifetime{3'600'000}; // 0: none
    std::chrono::milliseconds ping_after{5'000};       // idle longer than this: asked for a sign of life before it is lent
};

struct pool_statistics {
    std::size_t open{0}; // lent, idle and being connected
    std::size_t idle{0};
    std::size_t waiting{0};
    std::uint64_t acquired{0};
    std::uint64_t connected{0};
    std::uint64_t dropped{0}; // broken, too old or idle for too long
    std::uint64_t timed_out{0};
};

// A connection on loan. Gives it back when it goes.
class pooled_connection {
public:
    pooled_connection() = default;

    ~pooled_connection() { release(); }

    pooled_connection(pooled_connection&&) noexcept = default;
    pooled_connection& operator=(pooled_connection&& other) noexcept;
    pooled_connection(const pooled_connection&) = delete;
    pooled_connection& operator=(const pooled_connection&) = delete;

    [[nodiscard]] connection& operator*() const noexcept;

    [[nodiscard]] connection* operator->() const noexcept { return &**this; }

    explicit operator bool() const noexcept { return lent_ != nullptr; }

    // Gives it back now. Results of it must be gone.
    void release() noexcept;

    struct lent;

private:
    friend class connection_pool;

    explicit pooled_connection(std::shared_ptr<lent> what) : lent_(std::move(what)) {}

    std::shared_ptr<lent> lent_;
};

class connection_pool {
public:
    explicit connection_pool(const connect_options& options, pool_settings limits = {});
    // Asynchronous: async_acquire() lends connections for the async_ functions, which belong to `executor`. It
    // must not run two handlers at once (an io_context of one thread, or a strand), and outlives the pool and
    // what is lent; handles are used and given back in its thread. Nothing is opened by the constructor.
    connection_pool(boost::asio::any_io_executor executor, const connect_options& options, pool_settings limits = {});
    ~connection_pool();
    connection_pool(const connection_pool&) = delete;
    connection_pool& operator=(const connection_pool&) = delete;

    // A connection within acquire_timeout or `patience`: waiting for a free one, asking it for a sign of life
    // and making a new one, which keeps to the time limits of connecting besides.
    [[nodiscard]] pooled_connection acquire();
    [[nodiscard]] pooled_connection acquire(std::chrono::milliseconds patience);

    // Nothing when it failed.
    [[nodiscard]] pooled_connection acquire(std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [this] { return acquire(); });
    }

    [[nodiscard]] pooled_connection acquire(std::chrono::milliseconds patience, std::error_code& failed, diagnostics& why) {
        return detail::returning_errors(failed, why, [&] { return acquire(patience); });
    }

    // The same without blocking, for a pool with an executor; from any thread. A wait that is cancelled (total
    // or terminal) is an error HY008 (errc::cancelled) and takes nothing from the pool.
    // void(std::exception_ptr, pooled_connection)
    template <class Token> auto async_acquire(std::chrono::milliseconds patience, Token&& token) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, pooled_connection)>(
            [this](auto handler, std::chrono::milliseconds time) { start_acquire(time, std::move(handler)); }, token, patience
        );
    }

    template <class Token> auto async_acquire(Token&& token) { return async_acquire(patience(), std::forward<Token>(token)); }

    // Does not wait for others: nothing when all are lent. Connecting has acquire_timeout.
    [[nodiscard]] std::optional<pooled_connection> try_acquire();
    // Those who wait get an error; what is lent is closed when it comes back. Any number of times.
    void close() noexcept;
    [[nodiscard]] pool_statistics statistics() const;
    // What the connections have in common, as a digest that is good within this process: endpoints,
    // protection, identity, factor. Pools with equal keys give interchangeable connections.
    [[nodiscard]] const std::string& key() const noexcept;

    struct state;

private:
    using acquire_handler = boost::asio::any_completion_handler<void(std::exception_ptr, pooled_connection)>;

    [[nodiscard]] std::chrono::milliseconds patience() const noexcept;
    void start_acquire(std::chrono::milliseconds patience, acquire_handler handler);

    std::shared_ptr<state> state_;
};

} // namespace irislink
