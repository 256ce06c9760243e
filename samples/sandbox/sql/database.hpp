#pragma once
// What sessions share: the file and the right to write to it.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "samples/sandbox/sql/engine.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox::sql {

// SQLite has one writer at a time and lets the others poll. A queue is fairer: with hundreds of
// sessions nobody starves, and a waiter notices a cancel at once.
class write_lock {
public:
    using clock = std::chrono::steady_clock;

    // False when the time is over or `give_up` says so. `owner` is any address of the caller's.
    [[nodiscard]] bool acquire(
        const void* owner, clock::time_point until, const std::function<bool()>& give_up
    );
    void release(const void* owner) noexcept;

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    const void* owner_{nullptr};
    std::deque<const void*> waiting_;
};

struct database::state {
    explicit state(options settings);
    ~state();
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    [[nodiscard]] sqlite_handle connect(bool read_only) const;

    options settings;
    std::string path;
    std::string folder;  // of a private database, removed at the end
    write_lock writer;
    sqlite_handle keeper;  // keeps the WAL alive between sessions
};

}  // namespace irislink::sandbox::sql
