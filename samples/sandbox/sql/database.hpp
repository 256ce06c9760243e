#pragma once
// What sessions share: the connections, the right to write, the schema and compiled plans.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "samples/sandbox/sql/catalog.hpp"
#include "samples/sandbox/sql/connection.hpp"
#include "samples/sandbox/sql/engine.hpp"

namespace irislink::sandbox::sql {

// SQLite has one writer at a time and lets the others poll. A queue is fairer: with hundreds of
// sessions nobody starves, only the next in line is woken, and a waiter notices a cancel at once.
class write_lock {
public:
    using clock = std::chrono::steady_clock;

    // False when the time is over or `give_up` says so.
    [[nodiscard]] bool acquire(clock::time_point until, const std::function<bool()>& give_up);
    void release() noexcept;

private:
    struct waiter {
        std::condition_variable granted;
        bool mine{false};
    };

    std::mutex mutex_;
    bool taken_{false};
    std::deque<waiter*> waiting_;
};

// Plans by what they depend on, the last used first. Thread-safe.
class plan_cache {
public:
    [[nodiscard]] std::shared_ptr<const plan> find(const std::string& key);
    void store(const std::string& key, std::shared_ptr<const plan> made);

private:
    static constexpr std::size_t limit = 500;
    using entry = std::pair<std::string, std::shared_ptr<const plan>>;

    std::mutex mutex_;
    std::list<entry> order_;
    std::unordered_map<std::string_view, std::list<entry>::iterator> index_;
};

// Holds the path of the database file; makes and removes the folder of a private one.
struct database_file {
    explicit database_file(const std::string& wanted);
    ~database_file();
    database_file(const database_file&) = delete;
    database_file& operator=(const database_file&) = delete;

    std::string path;
    std::string folder;
};

struct database::state {
    explicit state(options given);

    // The schema that everybody sees, of the version `db` has now.
    [[nodiscard]] std::shared_ptr<const catalog> committed_tables(connection& on);

    options settings;
    database_file file;
    connection_pool readers;
    connection_pool writers;
    write_lock writer;
    plan_cache plans;
    std::shared_ptr<connection> keeper; // keeps the WAL alive while nobody is connected
    std::atomic<std::int64_t> private_versions{0};

private:
    std::mutex tables_mutex_;
    std::shared_ptr<const catalog> tables_;
};

} // namespace irislink::sandbox::sql
