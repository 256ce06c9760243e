#include "samples/sandbox/sql/session_impl.hpp"

#include <algorithm>
#include <limits>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/parser.hpp"

namespace irislink::sandbox::sql {

void bind_value(sqlite3_stmt* statement, int index, const sql_value& value) {
    struct binder {
        sqlite3_stmt* statement;
        int index;

        int text(std::string_view v) const { return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_TRANSIENT, SQLITE_UTF8); }

        int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }

        int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }

        int operator()(double v) const { return sqlite3_bind_double(statement, index, v); }

        // As text: SQLite has no decimals, and every place that expects a number reads text.
        int operator()(const decimal& v) const { return text(wire::to_text(v)); }

        int operator()(const std::string& v) const { return text(v); }

        int operator()(const std::vector<std::byte>& v) const {
            const void* const data = v.empty() ? "" : static_cast<const void*>(v.data());
            return sqlite3_bind_blob64(statement, index, data, v.size(), SQLITE_TRANSIENT);
        }
    };

    if (std::visit(binder{statement, index}, value) != SQLITE_OK)
        throw sql_error(104, "The value of parameter " + std::to_string(index) + " is too long", "ServerLoop");
}

bool described_alike(const plan& left, const plan& right) noexcept {
    return left.kind == right.kind &&
           std::ranges::equal(left.columns, right.columns, [](const column_info& a, const column_info& b) { return a.name == b.name && a.type == b.type; }) &&
           std::ranges::equal(left.parameters, right.parameters, {}, &parameter_info::type, &parameter_info::type);
}

session::impl::~impl() {
    close_cursors(true);
    if (!writer) return;
    sqlite3_exec(writer->db(), "ROLLBACK", nullptr, nullptr, nullptr);
    abandon();
}

bool session::impl::must_stop() noexcept {
    if (interrupted.load(std::memory_order_relaxed) || ended.load(std::memory_order_relaxed)) return true;
    if (!deadline && !nobody_waits) return false;
    const auto now = clock::now();
    if (nobody_waits && now >= next_look) {
        next_look = now + look_interval;
        if (nobody_waits()) {
            ended = true;
            return true;
        }
    }
    if (!deadline || now < *deadline) return false;
    timed_out = true;
    return true;
}

sql_error session::impl::reason(sql_error error) {
    if (error.code != 456 || !timed_out) return error;
    timed_out = false;
    return {450, "Request timed out due to user timeout", error.location};
}

std::shared_ptr<connection> session::impl::active() {
    return writer ? writer : shared->readers.borrow(this);
}

std::shared_ptr<const catalog> session::impl::tables(connection& on) {
    if (!schema_changed) return shared->committed_tables(on);
    // Version numbers of a transaction that may be rolled back mean nothing to others: what is loaded
    // here gets a number that is used once.
    if (!own_tables) own_tables = catalog::load(on.db(), --shared->private_versions);
    return own_tables;
}

std::shared_ptr<const plan>
session::impl::compile(std::string_view sql, std::span<const std::int64_t> hints, connection& on, std::span<const variable_def> variables) {
    constexpr std::size_t cached_text = 16384;
    const auto schema = tables(on);
    std::string key;
    const bool cached = !schema_changed && sql.size() <= cached_text && hints.size() <= cached_text;
    if (cached) {
        key.reserve(sql.size() + hints.size() + 64);
        key += std::to_string(schema->loaded_version()) + '\0' + user + '\0' + name_space + '\0' + rights.roles + '\0' + (rights.reads_audit ? 'a' : ' ');
        for (const auto hint : hints) key.push_back(hint == 10 ? 'i' : hint == 11 ? 'n' : hint >= 1 && hint <= 4 ? 't' : ' ');
        for (const auto& each : variables)
            key += '\1' + each.name + '\1' + std::to_string(each.type.code) + ',' + std::to_string(each.type.precision) + ',' + std::to_string(each.type.scale);
        key.push_back('\0');
        key += sql;
        if (auto found = shared->plans.find(key)) return found;
    }
    const auto parsed = parse(sql);
    generator make(*schema, user, name_space, rights, hints, variables);
    auto made = std::make_shared<plan>(make.generate(parsed));
    if (made->password) return made; // kept nowhere but here
    made->source = sql;
    made->hints.assign(hints.begin(), hints.end());
    made->variables.assign(variables.begin(), variables.end());
    // SQLite sees what we cannot: misplaced aggregates and the like are errors of the statement.
    if (!made->sql.empty()) (void)on.statement(made->sql);
    if (cached && made->kind != statement_kind::ddl) shared->plans.store(key, made);
    return made;
}

std::shared_ptr<const plan> session::impl::current(const std::shared_ptr<const plan>& made, connection& on) {
    if (made->constant || made->schema_version == tables(on)->loaded_version()) return made;
    auto again = compile(made->source, made->hints, on, made->variables);
    if (!described_alike(*made, *again)) throw sql_error(404, "The statement has changed with the schema: prepare it again", "ServerLoop");
    return again;
}

std::unique_ptr<cursor> session::impl::open(const std::shared_ptr<const plan>& made, std::span<const sql_value> parameters, std::int64_t max_rows) {
    auto rows = std::make_shared<cursor::impl>();
    rows->owner = this;
    rows->lease = active();
    rows->in_transaction = rows->lease == writer;
    rows->rows_left = max_rows > 0 ? max_rows : std::numeric_limits<std::int64_t>::max();
    rows->compiled = current(made, *rows->lease);
    const auto& compiled = *rows->compiled;
    if (compiled.kind != statement_kind::query && compiled.kind != statement_kind::assign && compiled.kind != statement_kind::call)
        throw sql_error(400, "The statement is not a query", "ServerLoop - Query Open()");
    if (parameters.size() != compiled.parameters.size())
        throw sql_error(
            400, "The query has " + std::to_string(compiled.parameters.size()) + " parameters, " + std::to_string(parameters.size()) + " values were given",
            "ServerLoop - Query Open()"
        );
    rows->statement = rows->lease->statement(compiled.sql);
    for (std::size_t i = 0; i < parameters.size(); ++i) bind_value(rows->statement.get(), static_cast<int>(i) + 1, parameters[i]);
    std::erase_if(cursors, [](const auto& each) { return each.expired(); });
    cursors.push_back(rows);
    return std::make_unique<cursor>(std::move(rows));
}

void session::impl::close_cursors(bool all) {
    for (auto& each : cursors) {
        const auto rows = each.lock();
        if (!rows || rows->finished || (!all && !rows->in_transaction)) continue;
        rows->close();
        rows->rolled_back = true;
    }
    std::erase_if(cursors, [](const auto& each) { return each.expired(); });
}

void session::impl::begin() {
    if (writer) return;
    const auto until = clock::now() + std::chrono::milliseconds(shared->settings.lock_timeout_ms);
    if (!shared->writer.acquire(until, [this] { return must_stop(); })) {
        if (must_stop()) throw sql_error(456, "SQL query execution interrupted by user", "ServerLoop");
        throw sql_error(110, "Locking conflict in filing: another transaction holds the lock", "ServerLoop");
    }
    try {
        writer = shared->writers.borrow(this);
        writer->run("BEGIN IMMEDIATE");
    } catch (...) {
        writer.reset();
        shared->writer.release();
        throw;
    }
}

void session::impl::abandon() noexcept {
    writer.reset();
    own_tables.reset();
    schema_changed = false;
    explicit_transaction = false;
    savepoints.clear();
    shared->writer.release();
}

void session::impl::finish(bool commit) {
    explicit_transaction = false;
    if (!writer) return;
    std::optional<sql_error> failure;
    if (commit) {
        for (auto& each : cursors)
            if (const auto rows = each.lock()) rows->in_transaction = false;
        try {
            writer->run("COMMIT");
        } catch (const sql_error& error) {
            failure = error;
        }
    }
    if (!commit || failure) {
        close_cursors(false);
        sqlite3_exec(writer->db(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    abandon();
    if (failure) throw *failure;
}

// Runs `work` in the open transaction, or in one of its own in auto-commit mode.
template <class Work> void session::impl::in_write(Work work) {
    const bool own = !writer && autocommit && !explicit_transaction;
    begin();
    try {
        work();
    } catch (sql_error& error) {
        // A few failures make SQLite roll back all of the transaction (cancelled write, full disk).
        if (sqlite3_get_autocommit(writer->db()) != 0) {
            close_cursors(false);
            abandon();
            if (!own) error.message += " (the transaction was rolled back)";
        } else if (own) {
            finish(false);
        }
        throw;
    }
    if (own) finish(true);
}

void session::impl::roll_back_to(const std::string& savepoint) {
    const auto wanted = to_upper(savepoint);
    const auto found = wanted.empty() ? (savepoints.empty() ? savepoints.end() : savepoints.end() - 1) : std::ranges::find(savepoints, wanted);
    if (found == savepoints.end()) throw sql_error(301, "Savepoint '" + savepoint + "' does not exist", "ServerLoop");
    close_cursors(false);
    writer->run("ROLLBACK TO " + quote_name("sp_" + *found));
    savepoints.erase(found + 1, savepoints.end());
    own_tables.reset();
}

void session::impl::run_transaction(const transaction_statement& in) {
    using form = transaction_statement::form;
    switch (in.kind) {
    case form::start:
        explicit_transaction = true;
        if (in.level != 0) isolation = in.level;
        break;
    case form::commit: finish(true); break;
    case form::rollback: finish(false); break;
    case form::savepoint: {
        const auto name = to_upper(in.name);
        if (name.starts_with("SYS")) throw sql_error(302, "Savepoint names beginning with SYS are reserved", "ServerLoop");
        explicit_transaction = explicit_transaction || autocommit;
        begin();
        writer->run("SAVEPOINT " + quote_name("sp_" + name));
        std::erase(savepoints, name); // a name used again means the newest
        savepoints.push_back(name);
        break;
    }
    case form::rollback_to: roll_back_to(in.name); break;
    case form::isolation:
        if (in.level != 0) isolation = in.level;
        break;
    }
}

void session::impl::run_alter_user(const alter_user& in, std::size_t sets, std::span<const sql_value> parameters) {
    if (accounts == nullptr) throw sql_error(400, "This session cannot change passwords", "ServerLoop");
    if (in.parameter == 0) {
        if (!parameters.empty()) throw sql_error(400, "The statement has no parameters", "ServerLoop");
        accounts->change_password(in.user, in.password);
        return;
    }
    if (sets != 1 || parameters.size() != 1) throw sql_error(400, "ALTER USER takes one password", "ServerLoop");
    const auto* const text = std::get_if<std::string>(&parameters[0]);
    if (text == nullptr) throw sql_error(400, "The password must be a text", "ServerLoop");
    accounts->change_password(in.user, *text);
}

void session::impl::run_ddl(const std::shared_ptr<const plan>& made) {
    in_write([&] {
        const auto plan = current(made, *writer); // two sessions may want to create the same table
        if (plan->steps.empty()) return;
        writer->run("SAVEPOINT ddl");
        try {
            for (const auto& each : plan->steps) {
                if (each.edits_schema) {
                    edit_schema(writer->db(), each.sql);
                } else {
                    execute_sql(writer->db(), each.sql);
                }
            }
        } catch (...) {
            sqlite3_exec(writer->db(), "ROLLBACK TO ddl; RELEASE ddl", nullptr, nullptr, nullptr);
            throw;
        }
        writer->run("RELEASE ddl");
        schema_changed = true;
        own_tables.reset();
    });
}

void session::impl::run_update(
    const std::shared_ptr<const plan>& made, std::size_t sets, std::span<const sql_value> parameters, std::vector<std::int64_t>& counts,
    std::optional<sql_error>& failure
) {
    const std::size_t width = made->parameters.size();
    if (parameters.size() != sets * width)
        throw sql_error(400, "The statement has " + std::to_string(width) + " parameters for each set of values", "ServerLoop");
    in_write([&] {
        const auto compiled = current(made, *writer);
        auto* const db = writer->db();
        const auto statement = writer->statement(compiled->sql);
        for (std::size_t set = 0; set < sets; ++set) {
            for (std::size_t i = 0; i < width; ++i) bind_value(statement.get(), static_cast<int>(i) + 1, parameters[set * width + i]);
            const auto before = sqlite3_total_changes64(db);
            std::int64_t row_id = 0;
            try {
                while (step(statement.get(), compiled->dml)) row_id = sqlite3_column_int64(statement.get(), 0);
            } catch (const sql_error& error) {
                sqlite3_reset(statement.get());
                if (sqlite3_get_autocommit(db) != 0) {
                    counts.assign(set, 0); // SQLite has taken back the rows before, too
                    throw;
                }
                failure = reason(error);
                if (failure->code == 122) failure->code = broken_reference(*compiled, statement.get());
                counts.push_back(-3);
                return; // what went before stays; in auto-commit mode it is committed
            }
            sqlite3_reset(statement.get());
            const bool changed = sqlite3_total_changes64(db) != before;
            counts.push_back(changed ? sqlite3_changes64(db) : 0);
            if (changed && compiled->dml == dml_kind::insert) last_identity = new_identity = sqlite3_last_insert_rowid(db);
            if (changed && compiled->dml == dml_kind::insert_or_update) last_identity = new_identity = row_id;
        }
    });
}

int session::impl::broken_reference(const plan& compiled, sqlite3_stmt* statement) {
    if (compiled.sets_reference != compiled.sets_referenced) return compiled.sets_reference ? 122 : 123;
    // The statement may have broken either: let it run with the checks put off, and look.
    writer->run("SAVEPOINT probe");
    int code = 123;
    try {
        execute_sql(writer->db(), "PRAGMA defer_foreign_keys=ON");
        while (step(statement, compiled.dml)) {
        }
        const auto orphans = prepare_sql(writer->db(), "PRAGMA foreign_key_check(" + compiled.table + ")");
        if (step(orphans.get())) code = 122;
    } catch (const sql_error&) {
        code = 122;
    }
    sqlite3_reset(statement);
    execute_sql(writer->db(), "ROLLBACK TO probe; RELEASE probe; PRAGMA defer_foreign_keys=OFF");
    return code;
}

std::string session::impl::explain(std::string_view sql) {
    const auto on = active();
    const auto made = compile(sql, {}, *on);
    const auto escape = [](std::string_view text) {
        std::string out;
        for (const char c : text) {
            if (c == '<') {
                out += "&lt;";
            } else if (c == '&') {
                out += "&amp;";
            } else {
                out.push_back(c);
            }
        }
        return out;
    };
    std::string out = "<plans><plan><sql>" + escape(sql) + "</sql>";
    if (!made->sql.empty()) {
        const auto steps = on->statement("EXPLAIN QUERY PLAN " + made->sql);
        while (step(steps.get())) out += "<step>" + escape(column_text(steps.get(), 3)) + "</step>";
    }
    return out + "</plan></plans>";
}

} // namespace irislink::sandbox::sql
