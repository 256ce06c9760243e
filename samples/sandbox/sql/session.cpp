#include <algorithm>
#include <limits>

#include "samples/sandbox/sql/catalog.hpp"
#include "samples/sandbox/sql/database.hpp"
#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/parser.hpp"

namespace irislink::sandbox::sql {

using clock = std::chrono::steady_clock;

namespace {

struct free_value {
    void operator()(sqlite3_value* value) const noexcept { sqlite3_value_free(value); }
};

using owned_value = std::unique_ptr<sqlite3_value, free_value>;

void bind(sqlite3_stmt* statement, int index, const sql_value& value) {
    struct binder {
        sqlite3_stmt* statement;
        int index;

        int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
        int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
        int operator()(double v) const { return sqlite3_bind_double(statement, index, v); }

        int operator()(const decimal& v) const {
            const auto text = wire::to_text(v);
            return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }

        int operator()(const std::string& v) const {
            return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }

        int operator()(const std::vector<std::byte>& v) const {
            return sqlite3_bind_blob64(statement, index, v.empty() ? "" : static_cast<const void*>(v.data()), v.size(), SQLITE_TRANSIENT);
        }
    };

    std::visit(binder{statement, index}, value);
}

}  // namespace

struct cursor::impl {
    std::shared_ptr<const plan> compiled;
    sqlite_statement statement;
    session::impl* owner{nullptr};
    bool on_writer{false};
    std::int64_t rows_left{std::numeric_limits<std::int64_t>::max()};
    bool finished{false};
    // Rows taken out of SQLite when a commit or rollback would have ended the statement.
    std::deque<std::vector<owned_value>> kept;
    std::vector<owned_value> row;
    bool detached{false};

    bool next();
    void detach();
    [[nodiscard]] cell get(std::size_t column) const;
};

struct session::impl {
    impl(database::state& state, std::string user_name, std::string ns)
        : shared(&state), user(std::move(user_name)), name_space(std::move(ns)) {}

    ~impl() {
        if (open_transaction) shared->writer.release(this);
    }

    sqlite3* reader() {
        if (!reader_handle) reader_handle = open(true);
        return reader_handle.get();
    }

    sqlite3* writer() {
        if (!writer_handle) writer_handle = open(false);
        return writer_handle.get();
    }

    sqlite3* active() { return open_transaction ? writer() : reader(); }

    sqlite_handle open(bool read_only) {
        auto db = shared->connect(read_only);
        sqlite3_progress_handler(db.get(), 1000, &impl::progress, this);
        sqlite3_create_function_v2(
            db.get(), "iris_last_identity", 0, SQLITE_UTF8, this,
            [](sqlite3_context* context, int, sqlite3_value**) {
                const auto* self = static_cast<impl*>(sqlite3_user_data(context));
                if (self->identity) sqlite3_result_int64(context, *self->identity);
            },
            nullptr, nullptr, nullptr
        );
        return db;
    }

    static int progress(void* self) { return static_cast<impl*>(self)->must_stop() ? 1 : 0; }

    bool must_stop() {
        if (interrupted.load(std::memory_order_relaxed)) return true;
        if (deadline && clock::now() >= *deadline) {
            timed_out = true;
            return true;
        }
        return false;
    }

    // SQLITE_INTERRUPT says that something stopped the statement; this says what.
    [[nodiscard]] sql_error explain(sql_error error) {
        if (error.code == 456 && timed_out) {
            timed_out = false;
            return {450, "Request timed out due to user timeout", error.location};
        }
        return error;
    }

    std::shared_ptr<const catalog> tables() {
        auto* const db = active();
        const auto version = catalog::version(db);
        if (!cached || cached->loaded_version() != version) cached = catalog::load(db);
        return cached;
    }

    void begin() {
        if (open_transaction) return;
        const auto until = clock::now() + std::chrono::milliseconds(shared->settings.lock_timeout_ms);
        if (!shared->writer.acquire(this, until, [this] { return must_stop(); })) {
            if (must_stop()) throw explain({456, "SQL query execution interrupted by user", "ServerLoop"});
            throw sql_error(110, "Locking conflict in filing: another session holds the lock", "ServerLoop");
        }
        try {
            execute_sql(writer(), "BEGIN IMMEDIATE");
        } catch (...) {
            shared->writer.release(this);
            throw;
        }
        open_transaction = true;
    }

    void finish(bool commit) {
        explicit_transaction = false;
        savepoints.clear();
        if (!open_transaction) return;
        for (auto& each : cursors)
            if (auto rows = each.lock(); rows && rows->on_writer) rows->detach();
        std::erase_if(cursors, [](const auto& each) { return each.expired(); });
        int result = sqlite3_exec(writer(), commit ? "COMMIT" : "ROLLBACK", nullptr, nullptr, nullptr);
        std::optional<sql_error> failure;
        if (result != SQLITE_OK && commit) {
            failure = error_of(writer(), result, dml_kind::none, "ServerLoop");
            sqlite3_exec(writer(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
        open_transaction = false;
        shared->writer.release(this);
        // Version numbers of what was rolled back will be used again for something else.
        if (!commit || failure) cached.reset();
        if (failure) throw *failure;
    }

    // Runs `work` in the open transaction, or in one of its own in auto-commit mode.
    template <class Work>
    void in_write(Work work) {
        const bool own = !open_transaction && autocommit && !explicit_transaction;
        begin();
        try {
            work();
        } catch (...) {
            if (own) finish(false);
            throw;
        }
        if (own) finish(true);
    }

    void run_transaction(const transaction_statement& in) {
        using form = transaction_statement::form;
        const auto savepoint = quote_name("sp_" + to_upper(in.name));
        switch (in.kind) {
        case form::start: explicit_transaction = true; break;
        case form::commit: finish(true); break;
        case form::rollback: finish(false); break;
        case form::savepoint:
            explicit_transaction = explicit_transaction || autocommit;
            begin();
            execute_sql(writer(), "SAVEPOINT " + savepoint);
            savepoints.push_back(to_upper(in.name));
            break;
        case form::rollback_to:
            if (in.name.empty() && !savepoints.empty()) {
                execute_sql(writer(), "ROLLBACK TO " + quote_name("sp_" + savepoints.back()));
            } else {
                if (std::ranges::find(savepoints, to_upper(in.name)) == savepoints.end())
                    throw sql_error(301, "Savepoint '" + in.name + "' does not exist", "ServerLoop");
                execute_sql(writer(), "ROLLBACK TO " + savepoint);
            }
            cached.reset();
            break;
        case form::isolation:
            if (in.level != 0) isolation = in.level;
            break;
        }
    }

    void run_ddl(const plan& compiled) {
        if (compiled.steps.empty()) return;
        in_write([&] {
            execute_sql(writer(), "SAVEPOINT ddl");
            try {
                for (const auto& each : compiled.steps) execute_sql(writer(), each);
            } catch (...) {
                sqlite3_exec(writer(), "ROLLBACK TO ddl; RELEASE ddl", nullptr, nullptr, nullptr);
                throw;
            }
            execute_sql(writer(), "RELEASE ddl");
        });
    }

    database::state* shared;
    std::string user;
    std::string name_space;
    sqlite_handle reader_handle;
    sqlite_handle writer_handle;
    std::shared_ptr<const catalog> cached;
    std::vector<std::weak_ptr<cursor::impl>> cursors;
    std::vector<std::string> savepoints;
    bool autocommit{true};
    bool explicit_transaction{false};  // START TRANSACTION, until commit or rollback
    bool open_transaction{false};      // SQLite has one, and we hold the write lock
    int isolation{1};
    std::optional<std::int64_t> identity;
    std::atomic<bool> interrupted{false};
    bool timed_out{false};
    std::optional<clock::time_point> deadline;
};

// --- prepared, cursor -------------------------------------------------------------------------

statement_kind prepared::kind() const noexcept {
    return plan_->kind;
}

const std::vector<column_info>& prepared::columns() const noexcept {
    return plan_->columns;
}

const std::vector<parameter_info>& prepared::parameters() const noexcept {
    return plan_->parameters;
}

bool cursor::impl::next() {
    if (finished) return false;
    if (rows_left-- <= 0) {
        finished = true;
        statement.reset();
        return false;
    }
    if (detached) {
        if (kept.empty()) {
            finished = true;
            return false;
        }
        row = std::move(kept.front());
        kept.pop_front();
        return true;
    }
    try {
        if (step(statement.get())) return true;
    } catch (const sql_error& error) {
        finished = true;
        statement.reset();
        throw owner->explain(error);
    }
    finished = true;
    statement.reset();  // gives the read snapshot back at once
    return false;
}

void cursor::impl::detach() {
    if (detached || finished || !statement) return;
    const int width = sqlite3_column_count(statement.get());
    const auto copy = [&] {
        std::vector<owned_value> out;
        for (int i = 0; i < width; ++i) out.emplace_back(sqlite3_value_dup(sqlite3_column_value(statement.get(), i)));
        return out;
    };
    row = copy();
    while (sqlite3_step(statement.get()) == SQLITE_ROW) kept.push_back(copy());
    statement.reset();
    detached = true;
}

cell cursor::impl::get(std::size_t column) const {
    auto* const value = detached ? row[column].get() : sqlite3_column_value(statement.get(), static_cast<int>(column));
    const auto& type = compiled->columns[column].type;
    cell out;
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL: return out;
    case SQLITE_INTEGER:
        out.integer = sqlite3_value_int64(value);
        out.kind = cell_kind::integer;
        if (type.is_numeric()) {
            out.kind = cell_kind::fixed;
            out.dec = {out.integer, static_cast<std::int16_t>(-type.scale)};
            while (out.dec.exponent < 0 && out.dec.mantissa % 10 == 0) {
                out.dec.mantissa /= 10;
                ++out.dec.exponent;
            }
        } else if (type.is_real()) {
            out.kind = cell_kind::real;
            out.real = static_cast<double>(out.integer);
        } else if (!type.is_integer()) {
            out.kind = cell_kind::text;
            out.text = {reinterpret_cast<const char*>(sqlite3_value_text(value)), static_cast<std::size_t>(sqlite3_value_bytes(value))};
        }
        return out;
    case SQLITE_FLOAT:
        out.kind = cell_kind::real;
        out.real = sqlite3_value_double(value);
        if (type.is_numeric())
            for (int i = 0; i < type.scale; ++i) out.real /= 10;
        return out;
    case SQLITE_BLOB: {
        out.kind = cell_kind::bytes;
        const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
        out.text = data == nullptr ? std::string_view{} : std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
        return out;
    }
    default: {
        out.kind = cell_kind::text;
        const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
        out.text = {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
        return out;
    }
    }
}

cursor::cursor(std::shared_ptr<impl> rows) : impl_(std::move(rows)) {}

cursor::~cursor() = default;

bool cursor::next() {
    return impl_->next();
}

cell cursor::get(std::size_t column) const {
    return impl_->get(column);
}

std::size_t cursor::columns() const noexcept {
    return impl_->compiled->columns.size();
}

// --- session ----------------------------------------------------------------------------------

session::session(database& shared, std::string user, std::string name_space)
    : impl_(std::make_unique<impl>(shared.shared(), std::move(user), std::move(name_space))) {}

session::~session() {
    try {
        rollback();
    } catch (const sql_error&) {
        // The connection goes away with everything that is left of the transaction.
    }
}

std::shared_ptr<prepared> session::prepare(std::string_view sql, std::span<const std::int64_t> hints) {
    const auto parsed = parse(sql);
    const auto tables = impl_->tables();
    generator make(*tables, impl_->user, impl_->name_space, hints);
    auto compiled = std::make_shared<plan>(make.generate(parsed));
    // SQLite sees what we cannot: misplaced aggregates and the like are errors of the statement.
    if (!compiled->sql.empty()) {
        sqlite3* const db = impl_->active();
        (void)prepare_sql(db, compiled->sql);
    }
    return std::make_shared<prepared>(std::move(compiled));
}

bool session::stale(const prepared& statement) {
    return statement.compiled().schema_version != catalog::version(impl_->active());
}

std::unique_ptr<cursor> session::open(
    const prepared& statement, std::span<const sql_value> parameters, std::int64_t max_rows
) {
    auto rows = std::make_shared<cursor::impl>();
    rows->compiled = statement.shared();
    rows->owner = impl_.get();
    rows->on_writer = impl_->open_transaction;
    if (max_rows > 0) rows->rows_left = max_rows;
    rows->statement = prepare_sql(impl_->active(), statement.compiled().sql);
    for (std::size_t i = 0; i < parameters.size(); ++i) bind(rows->statement.get(), static_cast<int>(i) + 1, parameters[i]);
    if (rows->on_writer) {
        std::erase_if(impl_->cursors, [](const auto& each) { return each.expired(); });
        impl_->cursors.push_back(rows);
    }
    return std::make_unique<cursor>(std::move(rows));
}

std::vector<std::int64_t> session::execute(
    const prepared& statement, std::size_t sets, std::span<const sql_value> parameters,
    std::optional<sql_error>& failure
) {
    const auto& compiled = statement.compiled();
    std::vector<std::int64_t> counts;
    try {
        switch (compiled.kind) {
        case statement_kind::transaction: impl_->run_transaction(compiled.transaction); break;
        case statement_kind::ddl: impl_->run_ddl(compiled); break;
        case statement_kind::query: throw sql_error(400, "A query was sent as an update", "ServerLoop");
        default: break;
        }
        if (compiled.kind != statement_kind::update) return std::vector<std::int64_t>(sets, 0);
        const std::size_t width = compiled.parameters.size();
        impl_->in_write([&] {
            auto* const db = impl_->writer();
            const auto made = prepare_sql(db, compiled.sql);
            for (std::size_t set = 0; set < sets; ++set) {
                for (std::size_t i = 0; i < width; ++i) bind(made.get(), static_cast<int>(i) + 1, parameters[set * width + i]);
                const auto before = sqlite3_total_changes64(db);
                try {
                    while (step(made.get(), compiled.dml)) {
                    }
                } catch (const sql_error& error) {
                    sqlite3_reset(made.get());
                    failure = impl_->explain(error);
                    counts.push_back(-3);
                    return;  // what went before stays; in auto-commit mode it is committed
                }
                sqlite3_reset(made.get());
                const bool changed = sqlite3_total_changes64(db) != before;
                counts.push_back(changed ? sqlite3_changes64(db) : 0);
                if (changed && compiled.dml == dml_kind::insert) impl_->identity = sqlite3_last_insert_rowid(db);
            }
        });
    } catch (const sql_error& error) {
        failure = impl_->explain(error);
        if (counts.empty()) counts.push_back(-3);
    }
    return counts;
}

std::optional<std::int64_t> session::last_identity() const noexcept {
    return impl_->identity;
}

void session::set_autocommit(bool on) {
    if (on && !impl_->autocommit) commit();
    impl_->autocommit = on;
}

bool session::autocommit() const noexcept {
    return impl_->autocommit;
}

void session::commit() {
    impl_->finish(true);
}

void session::rollback() {
    impl_->finish(false);
}

bool session::in_transaction() const noexcept {
    return impl_->open_transaction || impl_->explicit_transaction;
}

void session::set_isolation(int level) {
    impl_->isolation = level;
}

int session::isolation() const noexcept {
    return impl_->isolation;
}

void session::reset() {
    rollback();
    impl_->autocommit = true;
    impl_->isolation = 1;
    impl_->identity.reset();
    impl_->deadline.reset();
}

void session::interrupt() noexcept {
    impl_->interrupted = true;
}

void session::clear_interrupt() noexcept {
    impl_->interrupted = false;
    impl_->timed_out = false;
}

void session::set_deadline(std::optional<clock::time_point> deadline) noexcept {
    impl_->deadline = deadline;
}

}  // namespace irislink::sandbox::sql
