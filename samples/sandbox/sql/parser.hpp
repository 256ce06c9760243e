#pragma once
// Recursive-descent parser of IRIS SQL. Throws sql_error with the SQLCODE a parse error has.

#include <string_view>

#include "samples/sandbox/sql/ast.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox::sql {

[[nodiscard]] statement parse(std::string_view sql);

// One parser for one statement; split over several source files by topic.
class parser {
public:
    explicit parser(std::string_view sql) : sql_(sql), tokens_(tokenize(sql)) {}

    statement parse_statement();

private:
    // parser_core.cpp
    [[nodiscard]] const token& current() const { return tokens_[at_]; }

    [[nodiscard]] const token& ahead(std::size_t n) const;
    [[nodiscard]] bool is_word(std::string_view word, std::size_t n = 0) const;
    [[nodiscard]] bool is_symbol(std::string_view symbol, std::size_t n = 0) const;
    bool accept_word(std::string_view word);
    bool accept_symbol(std::string_view symbol);
    void expect_word(std::string_view word);
    void expect_symbol(std::string_view symbol);
    [[noreturn]] void fail(int code, const std::string& what) const;
    [[noreturn]] void unexpected(std::string_view wanted) const;
    [[nodiscard]] bool is_name(std::size_t n = 0) const;
    std::string name(std::string_view what);
    table_name qualified_name(std::string_view what);
    std::vector<std::string> name_list();
    void skip_set_keywords();
    sql_type type();

    // parser_expression.cpp
    expression_ptr expression_();
    expression_ptr conjunction();
    expression_ptr chain(const char* word, expression_ptr (parser::*operand)());
    expression_ptr negation();
    expression_ptr predicate();
    expression_ptr predicate_tail(expression_ptr left);
    expression_ptr additive();
    expression_ptr multiplicative();
    expression_ptr unary();
    expression_ptr primary();
    expression_ptr braces();
    expression_ptr column_or_call();
    expression_ptr call(std::string function);
    expression_ptr call_arguments(std::string function);
    void window(expression& of);
    frame_bound bound();
    void deepen(expression& parent, const expression& child);
    expression_ptr case_expression();
    expression_ptr cast_expression();
    expression_ptr convert_call(bool odbc);
    expression_ptr make(expression_kind kind);
    expression_ptr make_call(std::string function, expression_ptr argument = nullptr);
    // Trees have a limited depth, so that nobody who walks them later runs out of stack.
    void adopt(expression& parent, expression_ptr child);
    void attach(expression& parent, query_ptr child);
    void limit_depth(int depth);

    // parser_query.cpp
    query_ptr parse_query();
    select_core core();
    select_item item();
    std::unique_ptr<table_reference> from_clause();
    std::unique_ptr<table_reference> joined_table();
    std::unique_ptr<table_reference> table_primary();
    void order_and_limit(query& out);
    std::vector<order_item> order_items();
    std::vector<std::vector<expression_ptr>> value_rows(bool of_insert = false);
    bool starts_query() const;

    // parser_statement.cpp
    insert_statement insert();
    expression_ptr new_value();
    update_statement update();
    delete_statement delete_();
    alter_user alter_user_();
    transaction_statement start();
    transaction_statement rollback();
    std::variant<transaction_statement, session_statement, assign_variable> set();

    // parser_definition.cpp
    std::variant<create_table, create_index, create_view, create_schema, create_routine> create();
    bool if_not_exists();
    create_table table_definition();
    bool starts_constraint() const;
    column_definition column();
    void references(table_constraint& into);
    table_constraint constraint();
    void checked(table_constraint& into); // what CHECK asks for
    std::string description();
    drop_statement drop();
    alter_table alter();

    // parser_procedure.cpp
    create_routine routine(bool or_replace);
    void routine_parameters(create_routine& into);
    void routine_characteristics(create_routine& into);
    void routine_body(create_routine& into);
    void body_block(create_routine& into, int depth);
    void body_statement(create_routine& into, int depth);
    void if_block(create_routine& into, int depth);
    void while_block(create_routine& into, int depth);
    [[nodiscard]] bool at_end_of_block() const;
    std::string condition_before(std::string_view word);
    std::string text_until(std::initializer_list<std::string_view> symbols, std::string_view word = {});
    call_statement call_();
    assign_variable assignment_(std::string variable);

    struct depth_guard {
        explicit depth_guard(parser& owner);

        ~depth_guard() { --owner_->depth_; }

        depth_guard(const depth_guard&) = delete;
        depth_guard& operator=(const depth_guard&) = delete;
        parser* owner_;
    };

    std::string_view sql_;
    std::vector<token> tokens_;
    std::size_t at_{0};
    std::uint32_t parameters_{0};
    int depth_{0};
    int deepest_{0}; // expression of the query that is being parsed
    int tables_{0};  // of the FROM clause that is being parsed
};

} // namespace irislink::sandbox::sql
