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

// A name that statements of a routine's body know; its value is the parameter of the same position.
// The one without a name is what the routine returns.
struct variable_def {
    std::string name;
    sql_type type;
    friend bool operator==(const variable_def&, const variable_def&) = default;
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
    std::optional<alter_user> password;                       // what ALTER USER is to change
    std::optional<std::size_t> target;                        // SET, RETURN: the variable that takes the value
    std::optional<table_name> routine;                        // CALL; the query yields the arguments
    std::vector<std::optional<std::size_t>> argument_targets; // CALL: variables that are arguments
    bool constant{false};                                     // does not depend on the schema: transactions, SET

    // What it was made from, to make it again after DDL.
    std::string source;
    std::vector<std::int64_t> hints;
    std::vector<variable_def> variables;
};

// As described_alike() has it.
[[nodiscard]] bool described_alike(const plan& left, const plan& right) noexcept;

} // namespace irislink::sandbox::sql
