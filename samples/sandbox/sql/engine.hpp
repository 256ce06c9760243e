#pragma once
// The SQL engine of the sandbox: IRIS SQL on SQLite.
//
// database: one WAL file shared by all sessions; thread-safe. session: one per connection, used by
// one thread at a time except interrupt(). Every session has SQLite connections of its own, so that
// what another session has not committed stays invisible. Errors are sql_error.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/sql/sql_error.hpp"
#include "samples/sandbox/sql/value.hpp"

namespace irislink::sandbox::sql {

enum class statement_kind { query, update, ddl, transaction, other, call, assign };

struct column_info {
    std::string name;
    std::string label;
    std::string table;
    std::string schema;
    sql_type type;
    int nullable{1};
    bool identity{false};
    bool row_id{false};
    bool unique{false};
    bool key{false};
    bool case_sensitive{false};
    bool expression{false};
    bool aliased{false};
};

struct parameter_info {
    sql_type type;
    int nullable{1};
};

class database {
public:
    struct options {
        std::string path; // empty: a private temporary file, removed at the end
        int lock_timeout_ms{10000};
        std::string audit{}; // the SQLite file that %SYS.Audit reads; empty: there is no such table
    };

    explicit database(options settings);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    struct state;

    [[nodiscard]] state& shared() noexcept { return *state_; }

private:
    std::unique_ptr<state> state_;
};

struct plan;

// A parsed, resolved, translated statement. Immutable; may be shared between sessions.
class prepared {
public:
    explicit prepared(std::shared_ptr<const plan> compiled) : plan_(std::move(compiled)) {}

    [[nodiscard]] statement_kind kind() const noexcept;
    [[nodiscard]] const std::vector<column_info>& columns() const noexcept;
    [[nodiscard]] const std::vector<parameter_info>& parameters() const noexcept;

    [[nodiscard]] const plan& compiled() const noexcept { return *plan_; }

    [[nodiscard]] const std::shared_ptr<const plan>& shared() const noexcept { return plan_; }

private:
    std::shared_ptr<const plan> plan_;
};

// True when clients that were told of one may execute the other: kind, columns and parameters agree.
[[nodiscard]] bool described_alike(const prepared& left, const prepared& right) noexcept;

enum class cell_kind : std::uint8_t { null, integer, real, fixed, text, bytes };

// A view of one value of the current row.
struct cell {
    cell_kind kind{cell_kind::null};
    std::int64_t integer{0};
    double real{0};
    decimal dec{};           // of kind fixed
    std::string_view text{}; // text or bytes
};

class session;

// Rows of an open query, stepped on demand: nothing is built ahead.
class cursor {
public:
    struct impl;

    explicit cursor(std::shared_ptr<impl> rows);
    ~cursor();
    cursor(const cursor&) = delete;
    cursor& operator=(const cursor&) = delete;

    [[nodiscard]] bool next();                        // false at the end
    [[nodiscard]] cell get(std::size_t column) const; // valid until next()
    [[nodiscard]] std::size_t columns() const noexcept;

private:
    std::shared_ptr<impl> impl_;
};

// What clients see of a stored procedure.
struct routine_info {
    struct parameter {
        std::string name;
        sql_type type;
        int mode{1}; // 1 in, 2 in/out, 4 out
    };

    enum class results { none, one, many };

    std::string name; // schema and name, each a delimited identifier
    std::optional<sql_type> returns;
    std::vector<parameter> parameters;
    results rows{results::none};
    std::vector<column_info> columns; // of `one`
    std::int64_t schema_version{0};
};

// What a call has left behind.
struct call_outcome {
    std::vector<sql_value> values; // of the parameters, in their types
    sql_value returned;
    std::int64_t changed{0}; // rows that its statements have changed
};

// Takes a result set of a call. What is not `last` must be read before the function returns: the
// statements that follow may change what it reads.
using result_sink = std::function<void(std::vector<column_info> columns, std::unique_ptr<cursor> rows, bool last)>;

// What the login has given the user of a session.
struct session_rights {
    std::string roles; // as $ROLES shows them
    bool reads_audit{false};
};

// Who changes passwords for ALTER USER. Throws sql_error.
class account_service {
public:
    account_service() = default;
    account_service(const account_service&) = delete;
    account_service& operator=(const account_service&) = delete;
    virtual ~account_service() = default;

    virtual void change_password(std::string_view user, std::string_view password) = 0;
};

class session {
public:
    // Without an account service ALTER USER is refused; it must outlive the session.
    session(database& shared, std::string user, std::string name_space, session_rights rights = {}, account_service* accounts = nullptr);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    // `hints`: the literal formats of PARAMINFO (10 integer, 11 other number); may be empty.
    [[nodiscard]] std::shared_ptr<prepared> prepare(std::string_view sql, std::span<const std::int64_t> hints = {});
    // True when DDL since its preparation made the statement stale: prepare it again.
    [[nodiscard]] bool stale(const prepared& statement);

    [[nodiscard]] std::unique_ptr<cursor> open(const prepared& statement, std::span<const sql_value> parameters, std::int64_t max_rows = 0);

    // Executes `sets` times. One count per set; -3 for the failed one, with the reason in `failure`.
    // Several sets are one transaction in auto-commit mode: the rows before the failed one stay.
    [[nodiscard]] std::vector<std::int64_t>
    execute(const prepared& statement, std::size_t sets, std::span<const sql_value> parameters, std::optional<sql_error>& failure);

    // Throws sql_error 428 when there is no such procedure. `name`: as in SQL, without arguments.
    [[nodiscard]] routine_info describe_routine(std::string_view name);
    // True when DDL has overtaken the description.
    [[nodiscard]] bool stale(const routine_info& routine);
    // Runs the procedure; every statement of it as if a client had sent it. An argument that is not
    // given takes its DEFAULT, or NULL. Throws sql_error, with what ran before left as it is.
    [[nodiscard]] call_outcome call(const routine_info& routine, std::span<const std::optional<sql_value>> arguments, const result_sink& results);

    [[nodiscard]] std::optional<std::int64_t> last_identity() const noexcept;
    // The identity that the newest execute() gave to a row; none when it gave none.
    [[nodiscard]] std::optional<std::int64_t> new_identity() const noexcept;

    void set_autocommit(bool on); // switching on commits what is open
    [[nodiscard]] bool autocommit() const noexcept;
    void commit();
    void rollback();
    [[nodiscard]] bool in_transaction() const noexcept;
    void set_isolation(int level);
    [[nodiscard]] int isolation() const noexcept;
    void reset(); // rollback, auto-commit on, default isolation

    // Any thread. The running statement ends with code 456, and so does every later one until
    // clear_interrupt().
    void interrupt() noexcept;
    void clear_interrupt() noexcept;
    // Any thread. As interrupt(), and for good.
    void end() noexcept;
    [[nodiscard]] bool ended() const noexcept;
    // `nobody_waits` is asked ten times a second while a statement runs or waits for a lock, in its thread, and
    // must not throw. Once it says true, that is as end().
    void watch(std::function<bool()> nobody_waits);
    // The running and following statements end with code 450 once the time is past.
    void set_deadline(std::optional<std::chrono::steady_clock::time_point> deadline) noexcept;

    [[nodiscard]] std::string current_schema() const { return "SQLUser"; }

    struct impl;

private:
    std::unique_ptr<impl> impl_;
};

} // namespace irislink::sandbox::sql
