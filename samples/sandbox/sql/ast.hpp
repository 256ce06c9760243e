#pragma once
// The syntax tree of a statement. Nodes own their children; names are as written.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "samples/sandbox/sql/value.hpp"

namespace irislink::sandbox::sql {

struct expression;
struct query;
struct window_definition;
using expression_ptr = std::unique_ptr<expression>;
using query_ptr = std::unique_ptr<query>;

enum class expression_kind : std::uint8_t {
    null,
    default_value, // DEFAULT, as a value of INSERT and UPDATE
    string,
    number,
    parameter,
    variable, // :name, in the body of a routine
    column,   // [qualifier.]name
    star,     // COUNT(*)
    unary,
    binary,
    logical, // NOT, or AND, OR with two and more arguments
    is_null,
    in_list,
    in_query,
    between,
    like,        // args: value, pattern [, escape]
    starts_with, // %STARTSWITH
    contains,    // [
    matches,     // %MATCHES: * ? [abc] and an escape
    exists,
    scalar_query,
    quantified, // op ALL/ANY (query)
    call,
    cast,
    case_when, // args: [operand], when, then, ..., [else]
};

struct expression {
    expression_kind kind{expression_kind::null};
    std::string text;      // operator, function name (upper case), literal, column name
    std::string qualifier; // column: what stands before it, as dotted() joins it; calls: TRIM's side, "ALL" or "ANY"
    std::uint32_t parameter{0};
    bool negated{false};  // NOT IN, NOT LIKE, IS NOT NULL ...
    bool distinct{false}; // aggregate
    bool has_operand{false};
    bool has_else{false};
    bool delimited{false};
    sql_type type; // cast
    std::vector<expression_ptr> args;
    query_ptr subquery;
    std::unique_ptr<window_definition> window; // call: OVER (...)
    std::size_t position{0};
    int depth{1}; // of the tree below, subqueries included; the parser limits it
};

struct select_item {
    expression_ptr value;
    std::string label;     // AS
    bool all{false};       // * or t.*
    std::string qualifier; // of t.*, as dotted() joins it
};

struct table_name {
    std::string schema;
    std::string name;
};

struct table_reference {
    enum class form : std::uint8_t { table, query, join };
    form kind{form::table};
    table_name name;
    std::string alias;
    std::vector<std::string> column_aliases;
    query_ptr subquery;
    std::string join; // "INNER", "LEFT", "RIGHT", "FULL", "CROSS"
    std::unique_ptr<table_reference> left;
    std::unique_ptr<table_reference> right;
    expression_ptr on;
    std::vector<std::string> using_columns;
    bool natural{false};
};

struct order_item {
    expression_ptr value;
    bool descending{false};
};

// One end of a frame: UNBOUNDED, CURRENT ROW or a number of rows.
struct frame_bound {
    enum class form : std::uint8_t { unbounded_preceding, preceding, current_row, following, unbounded_following };
    form kind{form::unbounded_preceding};
    expression_ptr rows;
};

struct window_definition {
    std::vector<expression_ptr> partition_by;
    std::vector<order_item> order_by;
    std::string unit; // "ROWS" or "RANGE"; empty: no frame is given
    frame_bound first;
    frame_bound last;
};

struct select_core {
    bool distinct{false};
    std::vector<expression_ptr> distinct_by; // DISTINCT BY (...): one row for each of their values
    bool parenthesised{false};
    expression_ptr top; // also the LIMIT of the last SELECT of a UNION
    expression_ptr offset;
    std::vector<select_item> items;
    std::unique_ptr<table_reference> from;
    expression_ptr where;
    std::vector<expression_ptr> group_by;
    expression_ptr having;
    std::vector<std::vector<expression_ptr>> values; // VALUES (...)
};

struct common_table {
    std::string name;
    std::vector<std::string> columns;
    query_ptr body;
};

struct query {
    std::vector<common_table> with;
    bool recursive{false};
    std::vector<select_core> cores;     // joined by the operators
    std::vector<std::string> operators; // "UNION", "UNION ALL", "EXCEPT", "INTERSECT"
    std::vector<order_item> order_by;
    expression_ptr limit;
    expression_ptr offset;
    int depth{1};
};

struct table_constraint {
    enum class form : std::uint8_t { primary_key, unique, foreign_key, check };
    form kind{form::unique};
    std::string name; // empty: none was given
    std::vector<std::string> columns;
    table_name references;
    std::vector<std::string> references_columns;
    std::string on_delete; // "CASCADE" ...; empty: NO ACTION
    std::string on_update;
    expression_ptr check;
    std::string check_text; // as written
};

struct column_definition {
    std::string name;
    sql_type type;
    bool identity{false};
    bool not_null{false};
    bool row_version{false};
    expression_ptr default_value;
    std::vector<table_constraint> constraints; // of this column alone
    std::string collation;
    std::string description;
};

struct insert_statement {
    table_name table;
    bool or_update{false};
    bool default_values{false};
    std::vector<std::string> columns;
    query_ptr source; // VALUES or SELECT
};

struct assignment {
    std::string column;
    expression_ptr value;
};

struct update_statement {
    table_name table;
    std::string alias;
    std::vector<assignment> assignments;
    std::unique_ptr<table_reference> from;
    expression_ptr where;
};

struct delete_statement {
    table_name table;
    std::string alias;
    expression_ptr where;
    bool truncate{false};
};

struct create_table {
    table_name table;
    bool if_not_exists{false};
    std::vector<column_definition> columns;
    std::vector<table_constraint> constraints;
    std::string description;
};

struct create_index {
    std::string name;
    table_name table;
    std::vector<std::string> columns;
    bool unique{false};
    bool if_not_exists{false};
};

struct create_view {
    table_name view;
    std::vector<std::string> columns;
    query_ptr body;
    std::string text; // SELECT as written
    bool or_replace{false};
};

struct drop_statement {
    enum class form : std::uint8_t { table, view, index, schema, procedure, function };
    form kind{form::table};
    table_name name;
    std::optional<table_name> on;
    bool if_exists{false};
    bool cascade{false};
};

struct alter_table {
    enum class form : std::uint8_t { add, drop_column, drop_constraint, drop_foreign_key, drop_primary_key, rename_column, rename_table };
    form kind{form::add};
    table_name table;
    std::vector<column_definition> added;
    std::vector<table_constraint> constraints; // added
    std::string name;                          // of the column or constraint
    std::string new_name;
    bool cascade{false};
};

struct create_schema {
    std::string name;
    bool if_not_exists{false};
};

struct transaction_statement {
    enum class form : std::uint8_t { start, commit, rollback, savepoint, rollback_to, isolation };
    form kind{form::start};
    std::string name;
    int level{0};
};

// ALTER USER name IDENTIFY BY password. The password is a literal, or a parameter when it has a number.
struct alter_user {
    std::string user;
    std::string password;
    std::uint32_t parameter{0};
};

// How a routine uses a parameter; the numbers are those of a description (wire-sql 3.3).
enum class parameter_mode : std::uint8_t { local = 0, in = 1, inout = 2, out = 4 };

// A parameter of a routine, or a variable that its body declares.
struct routine_parameter {
    std::string name;
    parameter_mode mode{parameter_mode::in};
    sql_type type;
    std::string default_text; // SQL as written; empty: it has no DEFAULT
};

// CREATE PROCEDURE and CREATE FUNCTION. The statements of the body are kept as text and compiled when
// the routine runs, as those of clients are.
struct create_routine {
    table_name name;
    bool or_replace{false};
    bool function{false};
    bool many_results{false};                  // RESULT SETS
    std::vector<routine_parameter> parameters; // the variables of the body after them
    std::optional<sql_type> returns;
    std::vector<std::string> statements;
    std::string text; // as written
};

// SET variable = value, or RETURN (without a name); both in a body alone.
struct assign_variable {
    std::string name;
    expression_ptr value; // nothing: RETURN alone
};

struct call_statement {
    table_name routine;
    std::vector<expression_ptr> arguments;
};

// Accepted and without effect here: SET OPTION, USE, TUNE, LOCK.
struct session_statement {
    std::string what;
};

struct statement {
    std::variant<
        query_ptr, insert_statement, update_statement, delete_statement, create_table, create_index, create_view, create_schema, drop_statement, alter_table,
        transaction_statement, session_statement, alter_user, create_routine, assign_variable, call_statement>
        body;
    std::uint32_t parameters{0}; // highest position used
};

} // namespace irislink::sandbox::sql
