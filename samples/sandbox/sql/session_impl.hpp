#pragma once
// Inside of session and cursor; see engine.hpp for what they promise.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/sql/database.hpp"
#include "samples/sandbox/sql/plan.hpp"

namespace irislink::sandbox::sql {

void bind_value(sqlite3_stmt* statement, int index, const sql_value& value);

// Reads and writes of a session:
// - A query outside a transaction that has written borrows a reading connection: it sees what is
//   committed at its start, whatever its session does later.
// - The first write of a transaction takes the write lock and a writing connection; from then on all
//   statements of the session run there, until the end of the transaction.
// - Cursors hold their connection themselves. One that is open at a commit goes on reading; one that
//   is open at a rollback is closed, because what it reads is gone.
struct session::impl final : connection_user {
    using clock = std::chrono::steady_clock;

    static constexpr std::chrono::milliseconds look_interval{100};

    impl(database::state& state, std::string user_name, std::string ns, session_rights given, account_service* service)
        : shared(&state), user(std::move(user_name)), name_space(std::move(ns)), rights(std::move(given)), accounts(service) {}

    ~impl();

    // connection_user
    [[nodiscard]] bool must_stop() noexcept override;

    [[nodiscard]] std::optional<std::int64_t> identity() const noexcept override { return last_identity; }

    [[nodiscard]] std::string explain(std::string_view sql) override;

    // The connection that a statement of this session has to use now.
    [[nodiscard]] std::shared_ptr<connection> active();
    [[nodiscard]] std::shared_ptr<const catalog> tables(connection& on);
    [[nodiscard]] std::shared_ptr<const plan>
    compile(std::string_view sql, std::span<const std::int64_t> hints, connection& on, std::span<const variable_def> variables = {});
    // The plan for the schema as it is now: `made` itself, or made again. SQLCODE 404 when clients
    // would have to know about the difference.
    [[nodiscard]] std::shared_ptr<const plan> current(const std::shared_ptr<const plan>& made, connection& on);

    // SQLITE_INTERRUPT says that something stopped the statement; this says what.
    [[nodiscard]] sql_error reason(sql_error error);

    [[nodiscard]] std::unique_ptr<cursor> open(const std::shared_ptr<const plan>& made, std::span<const sql_value> parameters, std::int64_t max_rows);

    // session_procedure.cpp
    [[nodiscard]] const routine_def& routine(const catalog& tables, const table_name& name) const;
    [[nodiscard]] call_outcome run_routine(const table_name& name, std::span<const std::optional<sql_value>> arguments, const result_sink& results);
    // A condition of a body, as body_step::sql() has it.
    [[nodiscard]] bool holds(const std::string& condition, std::span<const variable_def> variables, std::span<const sql_value> values);
    [[nodiscard]] bool run_body_statement(
        const std::string& text, std::span<const variable_def> variables, std::vector<sql_value>& values, call_outcome& out, const result_sink& take
    );
    void run_call(const std::shared_ptr<const plan>& made, std::span<const sql_value> parameters, std::vector<sql_value>* variables);
    [[nodiscard]] std::vector<sql_value> first_row(const std::shared_ptr<const plan>& made, std::span<const sql_value> parameters);

    void begin();
    void finish(bool commit);
    void abandon() noexcept; // SQLite has rolled the transaction back by itself
    void close_cursors(bool all);
    template <class Work> void in_write(Work work);
    void run_transaction(const transaction_statement& in);
    void roll_back_to(const std::string& savepoint);
    void run_alter_user(const alter_user& in, std::size_t sets, std::span<const sql_value> parameters);
    void run_ddl(const std::shared_ptr<const plan>& made);
    void run_update(
        const std::shared_ptr<const plan>& made, std::size_t sets, std::span<const sql_value> parameters, std::vector<std::int64_t>& counts,
        std::optional<sql_error>& failure
    );

    // Which side of a foreign key a failed UPDATE has broken: 122 its own row's, 123 that of rows which
    // refer to it. The statement still has its parameters.
    [[nodiscard]] int broken_reference(const plan& compiled, sqlite3_stmt* statement);

    database::state* shared;
    std::string user;
    std::string name_space;
    session_rights rights;
    account_service* accounts;
    std::shared_ptr<connection> writer;        // while a transaction is open
    std::shared_ptr<const catalog> own_tables; // while the transaction has changed the schema
    bool schema_changed{false};
    std::vector<std::weak_ptr<cursor::impl>> cursors;
    std::vector<std::string> savepoints;
    bool autocommit{true};
    bool explicit_transaction{false}; // START TRANSACTION, until commit or rollback
    int isolation{1};
    std::optional<std::int64_t> last_identity;
    std::optional<std::int64_t> new_identity; // of the newest statement alone
    std::atomic<bool> interrupted{false};
    std::atomic<bool> ended{false};
    bool timed_out{false};
    std::optional<clock::time_point> deadline;
    std::function<bool()> nobody_waits;
    clock::time_point next_look;
    int call_depth{0}; // procedures that call procedures
};

struct cursor::impl {
    std::shared_ptr<const plan> compiled;
    std::shared_ptr<connection> lease;
    cached_statement statement;
    session::impl* owner{nullptr};
    bool in_transaction{false};
    std::int64_t rows_left{0};
    bool finished{false};
    bool rolled_back{false};

    ~impl() { close(); }

    [[nodiscard]] bool next();
    void close() noexcept;
    [[nodiscard]] cell get(std::size_t column) const;
};

} // namespace irislink::sandbox::sql
