#pragma once
// RAII around the SQLite C interface; failures become sql_error through one mapping.

#include <memory>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "samples/sandbox/sql/sql_error.hpp"

namespace irislink::sandbox::sql {

struct close_database {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};

struct finalize_statement {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};

using sqlite_handle = std::unique_ptr<sqlite3, close_database>;
using sqlite_statement = std::unique_ptr<sqlite3_stmt, finalize_statement>;

// insert_or_update: an INSERT whose row takes the place of one that has its key.
enum class dml_kind : std::uint8_t { none, insert, insert_or_update, update, delete_ };

// The error of the last call on `db` in IRIS terms (wire-sql 6.4, mapping hint).
[[nodiscard]] sql_error error_of(sqlite3* db, int result, dml_kind kind, std::string location);

void execute_sql(sqlite3* db, const std::string& sql, dml_kind kind = dml_kind::none);
// Changes rows of sqlite_schema: the way to a constraint that SQLite's ALTER TABLE does not offer, without
// copying a table that others refer to (sqlite.org/lang_altertable.html, part 7). Within a transaction.
void edit_schema(sqlite3* db, const std::string& sql);
[[nodiscard]] sqlite_statement prepare_sql(sqlite3* db, std::string_view sql);
// True for a row, false at the end.
bool step(sqlite3_stmt* statement, dml_kind kind = dml_kind::none);
[[nodiscard]] std::string column_text(sqlite3_stmt* statement, int column);

// The message that functions of ours raise: "\x1F" code "\x1F" text.
void raise(sqlite3_context* context, int code, const std::string& text) noexcept;

// Registers collation IRIS and every iris_... function.
void register_functions(sqlite3* db);

} // namespace irislink::sandbox::sql
