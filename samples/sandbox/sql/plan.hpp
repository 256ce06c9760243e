#pragma once
// What a statement has become: SQLite SQL and the description that clients see.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samples/sandbox/sql/ast.hpp"
#include "samples/sandbox/sql/engine.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox::sql {

// One statement of a DDL plan.
struct ddl_step {
    ddl_step(std::string text) : sql(std::move(text)) {}

    ddl_step(const char* text) : sql(text) {}

    // A change of the text in which SQLite keeps the definition of a table.
    static ddl_step edit(const std::string& table, const std::string& new_definition) {
        ddl_step out("UPDATE sqlite_schema SET sql = " + new_definition + " WHERE type = 'table' AND name = " + table);
        out.edits_schema = true;
        return out;
    }

    std::string sql;
    bool edits_schema{false};
};

struct plan {
    statement_kind kind{statement_kind::other};
    dml_kind dml{dml_kind::none};
    std::string sql;             // query or DML
    std::string table;           // DML: quoted name of the table
    bool sets_reference{false};  // UPDATE: assigns to columns of a foreign key
    bool sets_referenced{false}; // UPDATE: assigns to columns that foreign keys refer to
    std::vector<ddl_step> steps; // DDL, in order
    transaction_statement transaction;
    std::vector<column_info> columns;
    std::vector<parameter_info> parameters;
    std::int64_t schema_version{0};
    std::optional<alter_user> password; // what ALTER USER is to change
    bool constant{false};               // does not depend on the schema: transactions, SET

    // What it was made from, to make it again after DDL.
    std::string source;
    std::vector<std::int64_t> hints;
};

} // namespace irislink::sandbox::sql
