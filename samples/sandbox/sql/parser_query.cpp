#include <algorithm>
#include <utility>

#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

namespace irislink::sandbox::sql {

bool parser::starts_query() const {
    std::size_t n = 0;
    while (is_symbol("(", n)) ++n;
    return is_word("SELECT", n) || is_word("WITH", n) || (n == 0 && is_word("VALUES"));
}

query_ptr parser::parse_query() {
    const depth_guard guard(*this);
    auto out = std::make_unique<query>();
    const int outer = std::exchange(deepest_, 0);
    const int outer_tables = tables_;
    if (accept_word("WITH")) {
        out->recursive = accept_word("RECURSIVE");
        do {
            common_table table;
            table.name = name("common table expression name");
            if (is_symbol("(")) table.columns = name_list();
            expect_word("AS");
            expect_symbol("(");
            table.body = parse_query();
            expect_symbol(")");
            out->with.push_back(std::move(table));
        } while (accept_symbol(","));
    }
    out->cores.push_back(core());
    while (true) {
        std::string op;
        if (accept_word("UNION")) {
            op = accept_word("ALL") ? "UNION ALL" : "UNION";
            accept_word("DISTINCT");
        } else if (accept_word("EXCEPT") || accept_word("MINUS")) {
            op = "EXCEPT";
        } else if (accept_word("INTERSECT")) {
            op = "INTERSECT";
        } else {
            break;
        }
        // Which of them comes first is a matter of taste; parentheses are not.
        if (!out->operators.empty() && (op == "INTERSECT") != (out->operators.back() == "INTERSECT"))
            fail(1, "INTERSECT beside UNION or EXCEPT is not supported by the sandbox");
        out->operators.push_back(std::move(op));
        out->cores.push_back(core());
    }
    order_and_limit(*out);
    for (const auto& each : out->cores)
        if (each.top && (out->limit || out->offset)) fail(386, "TOP cannot be combined with LIMIT, OFFSET or FETCH");
    // Without ORDER BY the limit is that of the last SELECT, unless this one is in parentheses.
    if (out->cores.size() > 1 && (out->limit || out->offset) && out->order_by.empty() && !out->cores.back().parenthesised) {
        out->cores.back().top = std::move(out->limit);
        out->cores.back().offset = std::move(out->offset);
    }
    out->depth = deepest_ + 1;
    tables_ = outer_tables;
    limit_depth(std::max(outer, out->depth));
    return out;
}

std::vector<order_item> parser::order_items() {
    std::vector<order_item> out;
    do {
        auto& item = out.emplace_back();
        item.value = expression_();
        item.descending = accept_word("DESC");
        if (!item.descending) accept_word("ASC");
    } while (accept_symbol(","));
    return out;
}

void parser::order_and_limit(query& out) {
    if (accept_word("ORDER")) {
        expect_word("BY");
        out.order_by = order_items();
    }
    bool fetch = false;
    while (true) {
        if (accept_word("LIMIT")) {
            if (out.limit) fail(386, "LIMIT is given twice, or with FETCH");
            accept_word("ALL");
            out.limit = primary();
        } else if (accept_word("OFFSET")) {
            out.offset = primary();
            if (!accept_word("ROWS")) accept_word("ROW");
        } else if (is_word("FETCH")) {
            ++at_;
            if (out.limit) fail(386, fetch ? "FETCH is given twice" : "LIMIT cannot be combined with FETCH");
            fetch = true;
            if (!accept_word("FIRST")) accept_word("NEXT");
            out.limit = primary();
            if (!accept_word("ROWS")) accept_word("ROW");
            accept_word("ONLY");
        } else if (is_word("FOR") && is_word("UPDATE", 1)) {
            at_ += 2;
        } else {
            return;
        }
    }
}

std::vector<std::vector<expression_ptr>> parser::value_rows(bool of_insert) {
    std::vector<std::vector<expression_ptr>> out;
    do {
        auto& row = out.emplace_back();
        expect_symbol("(");
        do {
            row.push_back(of_insert ? new_value() : expression_());
        } while (accept_symbol(","));
        expect_symbol(")");
    } while (accept_symbol(","));
    return out;
}

select_core parser::core() {
    const depth_guard guard(*this);
    select_core out;
    if (accept_symbol("(")) { // a parenthesised select inside a UNION
        out = core();
        out.parenthesised = true;
        expect_symbol(")");
        return out;
    }
    if (accept_word("VALUES")) {
        out.values = value_rows();
        return out;
    }
    expect_word("SELECT");
    skip_set_keywords();
    while (true) {
        if (accept_word("DISTINCT")) {
            if (is_word("BY") && is_symbol("(", 1)) {
                at_ += 2;
                do {
                    out.distinct_by.push_back(expression_());
                } while (accept_symbol(","));
                expect_symbol(")");
            } else {
                out.distinct = true;
            }
        } else if (accept_word("TOP")) {
            if (!accept_word("ALL")) {
                const bool parenthesised = accept_symbol("(");
                out.top = primary();
                if (parenthesised) expect_symbol(")");
            }
        } else if (!accept_word("ALL")) {
            break;
        }
    }
    skip_set_keywords();
    do {
        out.items.push_back(item());
    } while (accept_symbol(","));
    if (accept_word("INTO")) fail(422, "SELECT INTO needs embedded SQL");
    tables_ = 0;
    if (accept_word("FROM")) out.from = from_clause();
    if (accept_word("WHERE")) out.where = expression_();
    if (accept_word("GROUP")) {
        expect_word("BY");
        do {
            out.group_by.push_back(expression_());
        } while (accept_symbol(","));
    }
    if (accept_word("HAVING")) out.having = expression_();
    return out;
}

select_item parser::item() {
    select_item out;
    if (accept_symbol("*")) {
        out.all = true;
        return out;
    }
    // t.* and schema.t.*
    std::size_t n = 0;
    std::string qualifier;
    while (is_name(n) && is_symbol(".", n + 1)) {
        qualifier += (qualifier.empty() ? "" : ".") + dotted({ahead(n).text});
        n += 2;
    }
    if (n > 0 && is_symbol("*", n)) {
        at_ += n + 1;
        out.all = true;
        out.qualifier = std::move(qualifier);
        return out;
    }
    out.value = expression_();
    if (accept_word("AS")) {
        if (current().kind == token_kind::string) {
            out.label = tokens_[at_++].text;
        } else {
            out.label = name("column alias");
        }
    } else if (is_name()) {
        out.label = name("column alias");
    }
    return out;
}

std::unique_ptr<table_reference> parser::from_clause() {
    skip_set_keywords();
    auto left = joined_table();
    while (accept_symbol(",")) {
        auto node = std::make_unique<table_reference>();
        node->kind = table_reference::form::join;
        node->join = "CROSS";
        node->left = std::move(left);
        node->right = joined_table();
        left = std::move(node);
    }
    return left;
}

std::unique_ptr<table_reference> parser::joined_table() {
    auto left = table_primary();
    while (true) {
        const bool natural = accept_word("NATURAL");
        std::string join;
        if (accept_word("CROSS")) {
            join = "CROSS";
        } else if (accept_word("INNER") || is_word("JOIN")) {
            join = "INNER";
        } else if (is_word("LEFT") || is_word("RIGHT") || is_word("FULL")) {
            join = tokens_[at_++].upper;
            accept_word("OUTER");
        } else {
            if (natural) unexpected("JOIN");
            return left;
        }
        expect_word("JOIN");
        auto node = std::make_unique<table_reference>();
        node->kind = table_reference::form::join;
        node->join = std::move(join);
        node->natural = natural;
        node->left = std::move(left);
        node->right = table_primary();
        if (accept_word("ON")) {
            node->on = expression_();
        } else if (accept_word("USING")) {
            node->using_columns = name_list();
        } else if (node->join != "CROSS" && !natural) {
            fail(1, "ON or USING expected after JOIN");
        }
        left = std::move(node);
    }
}

std::unique_ptr<table_reference> parser::table_primary() {
    const depth_guard guard(*this);
    if (accept_symbol("{")) { // {oj a LEFT OUTER JOIN b ON ...}
        if (!accept_word("OJ")) fail(40, "ODBC escape extension not supported in FROM");
        auto inner = joined_table();
        expect_symbol("}");
        return inner;
    }
    constexpr int join_limit = 64; // what SQLite joins at most
    if (++tables_ > join_limit) fail(1, "More than 64 tables in a FROM clause");
    auto node = std::make_unique<table_reference>();
    if (is_symbol("(")) {
        if (starts_query() || is_word("VALUES", 1)) {
            ++at_;
            node->kind = table_reference::form::query;
            node->subquery = parse_query();
            expect_symbol(")");
        } else {
            ++at_;
            auto inner = from_clause();
            expect_symbol(")");
            return inner;
        }
    } else {
        node->kind = table_reference::form::table;
        node->name = qualified_name("table name");
    }
    const auto goes_on = [this] { return is_word("LIMIT") || is_word("OFFSET") || is_word("FETCH") || is_word("MINUS") || is_word("FOR"); };
    if (accept_word("AS") || (is_name() && !goes_on())) node->alias = name("table alias");
    if (!node->alias.empty() && is_symbol("(") && node->kind == table_reference::form::query) node->column_aliases = name_list();
    return node;
}

} // namespace irislink::sandbox::sql
