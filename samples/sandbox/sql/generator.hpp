#pragma once
// From the syntax tree to SQLite SQL, with types. A NUMERIC(p,s) is a scaled 64-bit integer inside
// SQLite, so no value of it ever passes through binary floating point.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "samples/sandbox/sql/catalog.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/plan.hpp"

namespace irislink::sandbox::sql {

// A generated expression. `sql` yields the representation of `type`: integers and scaled integers,
// REAL, TEXT (text and temporal), BLOB.
struct typed {
    std::string sql;
    sql_type type;
    bool loose{false};   // a parameter or string literal: takes the type of what it meets
    bool negated{false}; // loose, with a minus sign: a number, of whatever type
    bool words{false};   // loose, and no number as far as can be told: a literal, or what was one
    std::string text;    // of a string literal
    bool soft{false};    // a number of guessed scale: it may outgrow 64 bits, and is REAL then
    std::string number;  // of a number literal: its text
    bool null_literal{false};
    bool exact{false};
    bool nullable{true};
    std::uint32_t parameter{0};
    std::optional<column_info> origin; // set for a plain column
};

struct source_column {
    std::string name;
    typed value;
    bool hidden{false};
};

struct source {
    std::string alias;  // what the statement calls it
    std::string schema; // of a base table
    std::string table;
    std::vector<source_column> columns;

    // `qualifier`: as dotted() joins it. A table that has an alias has no other name.
    [[nodiscard]] bool answers_to(std::string_view qualifier) const {
        return dotted({alias}) == qualifier || (!schema.empty() && dotted({schema, alias}) == qualifier);
    }
};

struct scope {
    std::vector<source> sources;
    const scope* parent{nullptr};
};

class generator {
public:
    // `hints`: the literal formats of PARAMINFO (10 integer, 11 other number), may be empty.
    // `variables`: what a statement of a routine's body knows by name.
    generator(
        const catalog& tables, std::string user, std::string name_space, session_rights rights, std::span<const std::int64_t> hints,
        std::span<const variable_def> variables = {}
    );

    [[nodiscard]] plan generate(const statement& in);

private:
    struct generated_query {
        std::string sql;
        std::vector<typed> columns;
        std::vector<std::string> labels;
    };

    // generate_query.cpp
    generated_query query_(const query& in, const scope* parent);
    generated_query core_(const select_core& in, const scope* parent, const query* tail);
    generated_query values_(const select_core& in, const scope* parent);
    std::string from_(const table_reference& in, scope& into, const scope* parent);
    std::string table_(const table_reference& in, scope& into, const scope* parent);
    std::string join_(const table_reference& in, scope& into, const scope* parent);
    void expand_star(const select_item& item, const scope& in, std::vector<typed>& values, std::vector<std::string>& labels) const;
    std::string order_by(const query& in, const generated_query& made, const scope* scope_);
    std::string limit_(const expression* count, const expression* offset);
    std::vector<column_info> describe(const generated_query& in) const;

    // generate_expression.cpp
    typed expression_(const expression& in, const scope* in_scope);
    typed expression_of_kind(const expression& in, const scope* in_scope);
    std::string condition(const expression& in, const scope* in_scope);
    typed column_(const expression& in, const scope* in_scope);
    typed literal(const expression& in);
    typed parameter_(const expression& in);
    typed arithmetic(const std::string& op, typed left, typed right);
    typed divide(const std::string& op, typed left, typed right);
    void settle(typed& value, const typed& partner);
    static void count_moment(typed& value);
    std::string bound(typed& value, const sql_type& target, const std::string& op, bool on_left);
    std::string comparison(const std::string& op, typed left, typed right);
    typed case_(const expression& in, const scope* in_scope);
    typed cast_(const expression& in, const sql_type& type, const scope* in_scope);
    std::string like_(const expression& in, const scope* in_scope);
    std::string in_(const expression& in, const scope* in_scope);
    sql_type common_type(const std::vector<typed>& values) const;
    std::string coerce(typed& value, const sql_type& target, bool soft = false);
    // As a value that stands beside others of one type, the common one: what does not fit is an error.
    std::string merged(typed& value, const sql_type& target);
    std::string natural(const typed& value) const; // scaled integers become text
    std::string text_of(typed& value);
    // Checked assignment; `field` is what an error names.
    std::string store(typed& value, const sql_type& target, const std::string& field = {});
    void note_parameter(typed& value, const sql_type& type);

    // generate_call.cpp
    typed call_(const expression& in, const scope* in_scope);
    // `over`: the OVER clause, or nothing.
    std::optional<typed> aggregate(const expression& in, const scope* in_scope, const std::string& over);
    std::optional<typed> special_call(const expression& in, const scope* in_scope);
    typed table_call(const expression& in, const scope* in_scope);

    // generate_window.cpp
    typed windowed_call(const expression& in, const scope* in_scope);
    std::string over_(const window_definition& in, const scope* in_scope);
    std::string sort_key(typed value);
    std::string whole_number(const expression& in, const scope* in_scope);

    // generate_procedure.cpp
    struct variable {
        std::string name; // in capitals; empty: what the routine returns
        sql_type type;
        std::uint32_t parameter{0};   // that holds its value
        std::optional<typed> value{}; // instead: of a function that is expanded
    };

    plan create_routine_(const create_routine& in);
    plan drop_routine_(const drop_statement& in);
    plan assign_(const assign_variable& in);
    plan call_statement_(const call_statement& in);
    void check_body(const create_routine& in, const std::vector<variable_def>& variables) const;
    [[nodiscard]] const variable* find_variable(std::string_view name) const;
    typed variable_(const variable& in);
    typed user_function(const expression& in, const scope* in_scope);

    // generate_dml.cpp
    plan insert_(const insert_statement& in);
    [[nodiscard]] std::vector<const column_def*> insert_columns(const insert_statement& in, const table_def& table) const;
    static std::string or_update(const table_def& table, const std::vector<const column_def*>& columns, std::vector<std::string>& values, std::string& list);
    std::string assigned(const expression& value, const table_def& table, const column_def& column, const scope* in_scope);
    plan update_(const update_statement& in);
    plan delete_(const delete_statement& in);
    const table_def& writable(const table_name& name);
    source source_of(const table_def& table, const std::string& alias, const std::string& ref);

    // generate_ddl.cpp
    plan create_index_(const create_index& in);
    plan create_view_(const create_view& in);
    plan create_schema_(const create_schema& in);
    plan drop_(const drop_statement& in);
    plan drop_index_(const drop_statement& in);
    plan drop_schema(const drop_statement& in);
    static void drop_table_steps(plan& out, const table_def& table);

    // generate_table.cpp
    plan create_table_(const create_table& in);
    plan alter_(const alter_table& in);
    void add_column(plan& out, table_def& table, const column_definition& in);
    void add_constraint(plan& out, table_def& table, const table_constraint& in, const std::string& id, std::string* body);
    void drop_column(plan& out, const table_def& table, const alter_table& in);
    void drop_constraint(plan& out, const table_def& table, const alter_table& in);
    static void drop_foreign_key(plan& out, const table_def& table, const std::string& name); // or a CHECK
    void rename_table(plan& out, const table_def& table, const std::string& name);
    static void rename_column(plan& out, const table_def& table, const alter_table& in);
    [[nodiscard]] foreign_key_def foreign_key_of(const table_def& table, const table_constraint& in, std::vector<std::string> columns) const;
    void keep_referenced(const table_def& table, const index_def& index) const;
    static std::string no_duplicates(const table_def& table, const std::vector<std::string>& columns, const std::string& name);
    std::string column_ddl(const column_definition& in, bool not_null);
    static std::string column_metadata(const std::string& table_id, std::size_t ordinal, const column_definition& in, bool not_null, bool hidden);
    std::string constant(const expression& in, const sql_type& type);

    [[nodiscard]] const table_def& table_named(const table_name& name) const;

    std::string fresh_alias() { return "t" + std::to_string(++aliases_); }

    const catalog* tables_;
    std::string user_;
    std::string name_space_;
    session_rights rights_;
    std::span<const std::int64_t> hints_;
    std::vector<parameter_info> parameters_;
    std::vector<bool> parameter_known_;
    std::vector<std::vector<std::pair<std::string, generated_query>>> with_;
    int aliases_{0};
    int view_depth_{0};
    std::vector<variable> variables_;
    int function_depth_{0};
};

// Functions that are nothing without OVER: ROW_NUMBER, LAG ...
[[nodiscard]] bool is_window_function(std::string_view name);
[[nodiscard]] bool is_aggregate(std::string_view name);
// Whether an aggregate, or a call with OVER, stands in the expression outside of subqueries.
[[nodiscard]] bool aggregates(const expression& in);
[[nodiscard]] bool windowed(const expression& in);

[[nodiscard]] std::string display_name(const table_name& name);

// Stops statements whose translation grows out of all proportion (names that double what they name).
void check_size(const std::string& sql);

} // namespace irislink::sandbox::sql
