#include "samples/sandbox/sql/sqlite.hpp"

#include <charconv>
#include <new>

namespace irislink::sandbox::sql {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

} // namespace

void raise(sqlite3_context* context, int code, const std::string& text) noexcept {
    try {
        const auto message = "\x1F" + std::to_string(code) + "\x1F" + text;
        sqlite3_result_error(context, message.c_str(), static_cast<int>(message.size()));
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context); // not even for its text
    }
}

sql_error error_of(sqlite3* db, int result, dml_kind kind, std::string location) {
    const std::string_view text = sqlite3_errmsg(db);
    if (!text.empty() && text.front() == '\x1F') {
        int code = 400;
        const auto end = text.find('\x1F', 1);
        std::from_chars(text.data() + 1, text.data() + end, code);
        if (code == 104 && kind == dml_kind::update) code = 105;
        return {code, std::string(text.substr(end + 1)), std::move(location)};
    }
    const int extended = sqlite3_extended_errcode(db);
    const bool update = kind == dml_kind::update;
    switch (result & 0xFF) {
    case SQLITE_CONSTRAINT:
        switch (extended) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID: {
            // A key that INSERT OR UPDATE finds is no failure; one that its update then meets is.
            const bool updated = update || kind == dml_kind::insert_or_update;
            return {updated ? 120 : 119, std::string(text), std::move(location)};
        }
        case SQLITE_CONSTRAINT_NOTNULL: {
            const auto dot = text.rfind('.');
            const auto column = dot == std::string_view::npos ? text : text.substr(dot + 1);
            return {108, "'" + std::string(column) + "' required", std::move(location)};
        }
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            return {kind == dml_kind::delete_ ? 124 : update ? 122 : 121, "At least one foreign key constraint is violated", std::move(location)};
        default: return {update ? 105 : 104, std::string(text), std::move(location)};
        }
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {110, "Unable to acquire the lock in time", std::move(location)};
    case SQLITE_INTERRUPT: return {456, "SQL query execution interrupted by user", std::move(location)};
    case SQLITE_NOMEM: return {462, "Memory allocation failure", std::move(location)};
    case SQLITE_TOOBIG: return {104, "Value too long", std::move(location)};
    case SQLITE_FULL: return {415, "The disk of the sandbox is full", std::move(location)};
    case SQLITE_MISMATCH: return {update ? 105 : 104, std::string(text), std::move(location)};
    default: break;
    }
    if (starts_with(text, "ambiguous column name")) return {27, std::string(text), std::move(location)};
    if (starts_with(text, "misuse of aggregate")) return {19, std::string(text), std::move(location)};
    return {400, std::string(text), std::move(location)};
}

void execute_sql(sqlite3* db, const std::string& sql, dml_kind kind) {
    const int result = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) throw error_of(db, result, kind, "ServerLoop");
}

void edit_schema(sqlite3* db, const std::string& sql) {
    struct permission {
        explicit permission(sqlite3* on) : db(on) { set(true); }

        ~permission() { set(false); }

        permission(const permission&) = delete;
        permission& operator=(const permission&) = delete;

        void set(bool allowed) const {
            sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, allowed ? 0 : 1, nullptr);
            sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, allowed ? 1 : 0, nullptr);
        }

        sqlite3* db;
    };

    const permission allowed(db);
    execute_sql(db, sql);
    if (sqlite3_changes64(db) != 1) throw sql_error(400, "The definition of the table was not found", "ServerLoop");
    std::int64_t version = 0;
    {
        const auto stored = prepare_sql(db, "PRAGMA schema_version");
        if (step(stored.get())) version = sqlite3_column_int64(stored.get(), 0);
    }
    // Every connection, this one too, reads the schema anew.
    execute_sql(db, "PRAGMA schema_version=" + std::to_string(version + 1));
}

sqlite_statement prepare_sql(sqlite3* db, std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (result != SQLITE_OK) throw error_of(db, result, dml_kind::none, "Prepare");
    return sqlite_statement(statement);
}

bool step(sqlite3_stmt* statement, dml_kind kind) {
    const int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) return true;
    if (result == SQLITE_DONE) return false;
    throw error_of(sqlite3_db_handle(statement), result, kind, "ServerLoop");
}

std::string column_text(sqlite3_stmt* statement, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
    return text == nullptr ? std::string{} : std::string(text, size);
}

} // namespace irislink::sandbox::sql
