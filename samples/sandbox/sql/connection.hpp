#pragma once
// SQLite connections and who uses them. Sessions own none: a query borrows one for its cursor, a
// transaction borrows one until its end. So idle sessions cost nothing, an open cursor never pins
// what its session sees next, and statements compiled once serve everybody.

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox::sql {

// What a connection asks of the session that uses it, while a statement runs.
class connection_user {
public:
    connection_user() = default;
    connection_user(const connection_user&) = delete;
    connection_user& operator=(const connection_user&) = delete;

    // True when the running statement has to end: cancelled, or its time is over.
    [[nodiscard]] virtual bool must_stop() noexcept = 0;
    [[nodiscard]] virtual std::optional<std::int64_t> identity() const noexcept = 0;
    // The plan of a query as %SYSTEM.QUERY_PLAN shows it. Throws sql_error.
    [[nodiscard]] virtual std::string explain(std::string_view sql) = 0;

protected:
    ~connection_user() = default;
};

class connection;

// A compiled statement out of the cache of its connection; goes back there, reset, at the end.
class cached_statement {
public:
    cached_statement() = default;
    cached_statement(connection& owner, std::string key, sqlite_statement statement);
    cached_statement(cached_statement&& other) noexcept;
    cached_statement& operator=(cached_statement&& other) noexcept;
    ~cached_statement();

    [[nodiscard]] sqlite3_stmt* get() const noexcept { return statement_.get(); }

    void release() noexcept;

private:
    connection* owner_{nullptr};
    std::string key_;
    sqlite_statement statement_;
};

class connection {
public:
    explicit connection(sqlite_handle db);
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    [[nodiscard]] sqlite3* db() const noexcept { return db_.get(); }

    [[nodiscard]] connection_user* user() const noexcept { return user_; }

    void set_user(connection_user* user) noexcept { user_ = user; }

    [[nodiscard]] cached_statement statement(std::string_view sql);
    void run(std::string_view sql); // a statement without rows, such as BEGIN

private:
    friend class cached_statement;

    static constexpr std::size_t cache_limit = 64;

    void keep(std::string key, sqlite_statement statement) noexcept;

    sqlite_handle db_;
    connection_user* user_{nullptr};
    // Idle statements, the last used first. A statement in use is not here, so that a second cursor
    // on the same text compiles its own.
    std::list<std::pair<std::string, sqlite_statement>> idle_;
};

// Connections of one kind. Thread-safe; must outlive what it lends.
class connection_pool {
public:
    // `audit`: another file, attached for reading as iris_audit; empty: none.
    connection_pool(std::string path, std::string audit, int busy_timeout_ms, bool durable, bool read_only)
        : path_(std::move(path)), audit_(std::move(audit)), busy_timeout_ms_(busy_timeout_ms), durable_(durable), read_only_(read_only) {}

    [[nodiscard]] std::shared_ptr<connection> borrow(connection_user* user);
    void clear();

private:
    static constexpr std::size_t idle_limit = 32;

    [[nodiscard]] sqlite_handle open() const;
    void give_back(std::unique_ptr<connection> used) noexcept;

    std::string path_;
    std::string audit_;
    int busy_timeout_ms_;
    bool durable_;
    bool read_only_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<connection>> idle_;
};

} // namespace irislink::sandbox::sql
