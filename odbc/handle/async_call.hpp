#pragma once
// A call of a statement that returned SQL_STILL_EXECUTING: it goes on in a thread of its own until the
// program, calling the same function again, is given its outcome. Meanwhile the statement takes nothing
// but that, SQLCancel and the reading of diagnostics; these see records of their own, as the statement's
// belong to the call under way.
//
// (The client's operations could do without a thread: a poll would run what is ready on the session's
// io_context. But the work of a call goes beyond its operations, rows written and values converted, and a
// program that polls twice a second would have it done in steps of half a second.)

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "odbc/diag/diag_area.hpp"

namespace irislink::odbc {

class async_call {
public:
    // Of one connection; a call beyond them is done before it returns, as calls of others are.
    static constexpr unsigned most = 64; // SQL_MAX_ASYNC_CONCURRENT_STATEMENTS

    // `of_connection` counts the calls that were begun and not ended.
    explicit async_call(std::atomic<unsigned>& of_connection) : of_connection_(of_connection) {}

    ~async_call() { wait(); }

    async_call(const async_call&) = delete;
    async_call& operator=(const async_call&) = delete;

    // Any thread.
    [[nodiscard]] bool outstanding() const noexcept { return function_ != 0; }

    // False when there is no thread to be had: the caller does the work itself. `work` throws nothing. With
    // the statement's lock.
    [[nodiscard]] bool begin(SQLUSMALLINT function, std::function<SQLRETURN()> work);
    // The outcome, once it is there, or SQL_STILL_EXECUTING; HY010 for another function. Any thread.
    [[nodiscard]] SQLRETURN poll(SQLUSMALLINT function) noexcept;
    // HY010 for any other call. Any thread.
    [[nodiscard]] SQLRETURN refuse() noexcept;

    // What is going to be sent is not to be; nothing when the call is over, however lately. Any thread.
    void ask_to_stop() noexcept;

    [[nodiscard]] bool stop_asked() const noexcept { return stop_asked_; }

    void wait() noexcept;

    // Of the calls made meanwhile.
    std::mutex mutex;
    diag_area diag;

private:
    void end() noexcept;

    std::atomic<unsigned>& of_connection_;
    std::atomic<SQLUSMALLINT> function_{0};
    std::atomic<bool> stop_asked_{false};
    std::atomic<bool> done_{false};
    SQLRETURN outcome_{SQL_SUCCESS};
    std::thread worker_;
};

} // namespace irislink::odbc
