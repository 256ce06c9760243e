#include <algorithm>
#include <array>

#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

namespace irislink::sandbox::sql {

expression_ptr parser::make(expression_kind kind) {
    auto out = std::make_unique<expression>();
    out->kind = kind;
    out->position = current().position;
    return out;
}

expression_ptr parser::make_call(std::string function, expression_ptr argument) {
    auto out = make(expression_kind::call);
    out->text = std::move(function);
    if (argument) adopt(*out, std::move(argument));
    return out;
}

void parser::limit_depth(int depth) {
    constexpr int limit = 400;
    if (depth > limit) fail(1, "SQL statement is nested too deeply");
    deepest_ = std::max(deepest_, depth);
}

void parser::deepen(expression& parent, const expression& child) {
    parent.depth = std::max(parent.depth, child.depth + 1);
    limit_depth(parent.depth);
}

void parser::adopt(expression& parent, expression_ptr child) {
    parent.args.push_back(std::move(child));
    deepen(parent, *parent.args.back());
}

void parser::attach(expression& parent, query_ptr child) {
    parent.depth = std::max(parent.depth, child->depth + 1);
    parent.subquery = std::move(child);
    limit_depth(parent.depth);
}

expression_ptr parser::expression_() {
    const depth_guard guard(*this);
    return chain("OR", &parser::conjunction);
}

expression_ptr parser::conjunction() {
    return chain("AND", &parser::negation);
}

// One node for as many operands as `word` joins, so that a long chain is not a deep tree.
expression_ptr parser::chain(const char* word, expression_ptr (parser::*operand)()) {
    auto left = (this->*operand)();
    if (!is_word(word)) return left;
    auto node = make(expression_kind::logical);
    node->text = word;
    adopt(*node, std::move(left));
    while (accept_word(word)) adopt(*node, (this->*operand)());
    return node;
}

expression_ptr parser::negation() {
    if (!is_word("NOT")) return predicate();
    const depth_guard guard(*this);
    auto node = make(expression_kind::logical);
    ++at_;
    node->text = "NOT";
    adopt(*node, negation());
    return node;
}

expression_ptr parser::predicate() {
    if (is_word("EXISTS")) {
        auto node = make(expression_kind::exists);
        ++at_;
        expect_symbol("(");
        attach(*node, parse_query());
        expect_symbol(")");
        return node;
    }
    auto left = additive();
    while (true) {
        const auto before = at_;
        left = predicate_tail(std::move(left));
        if (at_ == before) return left;
    }
}

expression_ptr parser::predicate_tail(expression_ptr left) {
    static constexpr std::array comparisons{"=", "<>", "!=", "^=", "<", ">", "<=", ">="};
    if (is_symbol("[")) {
        auto node = make(expression_kind::contains);
        ++at_;
        adopt(*node, std::move(left));
        adopt(*node, additive());
        return node;
    }
    if (current().kind == token_kind::symbol) {
        const auto* const found = std::ranges::find(comparisons, std::string_view(current().text));
        if (found == comparisons.end()) return left;
        auto node = make(expression_kind::binary);
        node->text = current().text;
        if (node->text == "!=" || node->text == "^=") node->text = "<>";
        ++at_;
        if ((is_word("ALL") || is_word("ANY") || is_word("SOME")) && is_symbol("(", 1)) {
            node->kind = expression_kind::quantified;
            node->qualifier = is_word("ALL") ? "ALL" : "ANY";
            ++at_;
            expect_symbol("(");
            attach(*node, parse_query());
            expect_symbol(")");
            adopt(*node, std::move(left));
            return node;
        }
        adopt(*node, std::move(left));
        adopt(*node, additive());
        return node;
    }
    if (is_word("IS")) {
        auto node = make(expression_kind::is_null);
        ++at_;
        node->negated = accept_word("NOT");
        expect_word("NULL");
        adopt(*node, std::move(left));
        return node;
    }
    const bool negated =
        is_word("NOT") && (is_word("IN", 1) || is_word("BETWEEN", 1) || is_word("LIKE", 1) || is_word("%STARTSWITH", 1) || is_word("%MATCHES", 1));
    if (negated) ++at_;
    if (accept_word("IN")) {
        expect_symbol("(");
        if (starts_query()) {
            auto node = make(expression_kind::in_query);
            node->negated = negated;
            attach(*node, parse_query());
            expect_symbol(")");
            adopt(*node, std::move(left));
            return node;
        }
        auto node = make(expression_kind::in_list);
        node->negated = negated;
        adopt(*node, std::move(left));
        do {
            adopt(*node, expression_());
        } while (accept_symbol(","));
        expect_symbol(")");
        return node;
    }
    if (accept_word("BETWEEN")) {
        auto node = make(expression_kind::between);
        node->negated = negated;
        adopt(*node, std::move(left));
        adopt(*node, additive());
        expect_word("AND");
        adopt(*node, additive());
        return node;
    }
    if (accept_word("LIKE")) {
        auto node = make(expression_kind::like);
        node->negated = negated;
        adopt(*node, std::move(left));
        adopt(*node, additive());
        if (is_symbol("{") && is_word("ESCAPE", 1)) {
            at_ += 2;
            adopt(*node, additive());
            expect_symbol("}");
        } else if (accept_word("ESCAPE")) {
            adopt(*node, additive());
        }
        return node;
    }
    if (accept_word("%STARTSWITH")) {
        auto node = make(expression_kind::starts_with);
        node->negated = negated;
        adopt(*node, std::move(left));
        adopt(*node, additive());
        return node;
    }
    if (accept_word("%MATCHES")) {
        auto node = make(expression_kind::matches);
        node->negated = negated;
        adopt(*node, std::move(left));
        adopt(*node, additive());
        if (accept_word("ESCAPE")) adopt(*node, additive());
        return node;
    }
    for (const auto* const word : {"%CONTAINS", "%PATTERN", "%INLIST", "%FIND"})
        if (is_word(word)) fail(1, std::string(word) + " is not supported by the sandbox");
    return left;
}

expression_ptr parser::additive() {
    auto left = multiplicative();
    while (is_symbol("+") || is_symbol("-") || is_symbol("||")) {
        auto node = make(expression_kind::binary);
        node->text = tokens_[at_++].text;
        adopt(*node, std::move(left));
        adopt(*node, multiplicative());
        left = std::move(node);
    }
    return left;
}

expression_ptr parser::multiplicative() {
    auto left = unary();
    while (is_symbol("*") || is_symbol("/") || is_symbol("\\") || is_symbol("#")) {
        auto node = make(expression_kind::binary);
        node->text = tokens_[at_++].text;
        adopt(*node, std::move(left));
        adopt(*node, unary());
        left = std::move(node);
    }
    return left;
}

expression_ptr parser::unary() {
    if (accept_symbol("+")) {
        const depth_guard guard(*this);
        return unary();
    }
    if (!is_symbol("-")) return primary();
    const depth_guard guard(*this);
    auto node = make(expression_kind::unary);
    ++at_;
    node->text = "-";
    auto operand = unary();
    if (operand->kind == expression_kind::number && operand->text.front() != '-') {
        operand->text.insert(0, 1, '-'); // so that the lowest BIGINT is a literal
        return operand;
    }
    adopt(*node, std::move(operand));
    return node;
}

expression_ptr parser::primary() {
    const auto& t = current();
    switch (t.kind) {
    case token_kind::string: {
        auto node = make(expression_kind::string);
        node->text = t.text;
        ++at_;
        return node;
    }
    case token_kind::number: {
        auto node = make(expression_kind::number);
        node->text = t.text;
        ++at_;
        return node;
    }
    case token_kind::parameter: {
        auto node = make(expression_kind::parameter);
        node->parameter = t.number;
        parameters_ = std::max(parameters_, t.number);
        ++at_;
        return node;
    }
    case token_kind::symbol:
        if (t.text == "{") return braces();
        if (t.text == "(") {
            const depth_guard guard(*this);
            ++at_;
            if (starts_query()) {
                auto node = make(expression_kind::scalar_query);
                attach(*node, parse_query());
                expect_symbol(")");
                return node;
            }
            auto inner = expression_();
            expect_symbol(")");
            return inner;
        }
        break;
    case token_kind::variable: {
        auto node = make(expression_kind::variable);
        node->text = t.text;
        ++at_;
        return node;
    }
    case token_kind::identifier:
    case token_kind::delimited: return column_or_call();
    default: break;
    }
    fail(
        12, "A term was expected, " + (t.kind == token_kind::end ? std::string("end of statement") : "'" + t.text + "'") + " found at position " +
                std::to_string(t.position)
    );
}

// {fn f(...)}, {d '...'}, {t '...'}, {ts '...'}
expression_ptr parser::braces() {
    const depth_guard guard(*this);
    expect_symbol("{");
    expression_ptr out;
    if (accept_word("FN")) {
        if (is_word("CONVERT")) {
            ++at_;
            out = convert_call(true);
        } else {
            out = column_or_call();
        }
    } else {
        int code = 0;
        if (accept_word("D")) code = type_code::date;
        if (code == 0 && accept_word("T")) code = type_code::time;
        if (code == 0 && accept_word("TS")) code = type_code::timestamp;
        if (code == 0) fail(40, "ODBC escape extension not supported: {" + current().text);
        out = make(expression_kind::cast);
        out->type = {code, code == type_code::date ? 10 : code == type_code::time ? 8 : 29, code == type_code::timestamp ? 9 : 0};
        adopt(*out, primary());
    }
    expect_symbol("}");
    return out;
}

expression_ptr parser::column_or_call() {
    const auto& t = current();
    if (t.kind == token_kind::identifier) {
        if (t.upper == "NULL") {
            auto node = make(expression_kind::null);
            ++at_;
            return node;
        }
        if (t.upper == "CASE") return case_expression();
        if (t.upper == "CAST") return cast_expression();
        if (t.upper == "CONVERT") {
            ++at_;
            return convert_call(false);
        }
        // Functions that stand without parentheses.
        static constexpr std::array bare{"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "USER",      "SYSDATE",
                                         "CURRENT_USER",      "$USERNAME",    "$ROLES",       "$NAMESPACE"};
        if (std::ranges::find(bare, std::string_view(t.upper)) != bare.end()) {
            auto node = make_call(t.upper);
            ++at_;
            if (accept_symbol("(")) {
                if (!is_symbol(")")) adopt(*node, expression_());
                expect_symbol(")");
            }
            return node;
        }
        // Words that are reserved and functions as well: LEFT(...), RIGHT(...).
        if (is_symbol("(", 1)) {
            auto function = t.upper;
            ++at_;
            return call(std::move(function));
        }
        if (t.upper == "DEFAULT") fail(1, "DEFAULT is not supported in this place");
    }
    if (!is_name()) {
        fail(12, "A term was expected, IDENTIFIER (" + t.text + ") found: it is a reserved word");
    }
    auto node = make(expression_kind::column);
    node->delimited = t.kind == token_kind::delimited;
    node->text = name("column name");
    while (is_symbol(".")) {
        ++at_;
        node->qualifier += (node->qualifier.empty() ? "" : ".") + dotted({node->text});
        node->delimited = current().kind == token_kind::delimited;
        if (current().kind == token_kind::identifier || current().kind == token_kind::delimited) {
            node->text = tokens_[at_++].text;
        } else {
            unexpected("column name");
        }
        if (is_symbol("(")) return call(node->qualifier + "." + dotted({node->text}));
    }
    for (const auto* const word : {"%EXACT", "%SQLUPPER", "%SQLSTRING", "%STRING", "%UPPER", "%ALPHAUP"})
        if (node->qualifier.empty() && !node->delimited && to_upper(node->text) == word) {
            // Collation functions may be written without parentheses: %EXACT Name
            return make_call(to_upper(node->text), unary());
        }
    return node;
}

expression_ptr parser::call(std::string function) {
    const depth_guard guard(*this);
    auto node = call_arguments(std::move(function));
    if ((is_word("IGNORE") || is_word("RESPECT")) && is_word("NULLS", 1)) fail(1, current().upper + " NULLS is not supported by the sandbox");
    if (is_word("OVER")) window(*node);
    return node;
}

// OVER ([PARTITION BY ...] [ORDER BY ...] [ROWS | RANGE frame])
void parser::window(expression& of) {
    expect_word("OVER");
    expect_symbol("(");
    of.window = std::make_unique<window_definition>();
    auto& out = *of.window;
    if (accept_word("PARTITION")) {
        expect_word("BY");
        do {
            out.partition_by.push_back(expression_());
            deepen(of, *out.partition_by.back());
        } while (accept_symbol(","));
    }
    if (accept_word("ORDER")) {
        expect_word("BY");
        out.order_by = order_items();
        for (const auto& each : out.order_by) deepen(of, *each.value);
    }
    if (is_word("ROWS") || is_word("RANGE")) {
        out.unit = tokens_[at_++].upper;
        out.last.kind = frame_bound::form::current_row;
        if (accept_word("BETWEEN")) {
            out.first = bound();
            expect_word("AND");
            out.last = bound();
        } else {
            out.first = bound();
        }
    }
    expect_symbol(")");
}

frame_bound parser::bound() {
    using form = frame_bound::form;
    frame_bound out;
    if (accept_word("CURRENT")) {
        expect_word("ROW");
        out.kind = form::current_row;
        return out;
    }
    const bool unbounded = accept_word("UNBOUNDED");
    if (!unbounded) out.rows = primary();
    const bool preceding = accept_word("PRECEDING");
    if (!preceding) expect_word("FOLLOWING");
    out.kind = unbounded ? (preceding ? form::unbounded_preceding : form::unbounded_following) : preceding ? form::preceding : form::following;
    return out;
}

expression_ptr parser::call_arguments(std::string function) {
    auto node = make_call(std::move(function));
    expect_symbol("(");
    if (accept_symbol(")")) return node;
    if (is_symbol("*") && is_symbol(")", 1)) {
        ++at_;
        adopt(*node, make(expression_kind::star));
        expect_symbol(")");
        return node;
    }
    if (node->text == "TRIM" && (is_word("LEADING") || is_word("TRAILING") || is_word("BOTH"))) {
        node->qualifier = tokens_[at_++].upper;
        if (!is_word("FROM")) {
            auto characters = additive();
            expect_word("FROM");
            adopt(*node, additive());
            adopt(*node, std::move(characters));
        } else {
            ++at_;
            adopt(*node, additive());
        }
        expect_symbol(")");
        return node;
    }
    if (accept_word("DISTINCT")) {
        node->distinct = true;
    } else {
        accept_word("ALL");
    }
    static constexpr std::array with_part{"TIMESTAMPADD", "TIMESTAMPDIFF", "EXTRACT", "DATEADD", "DATEDIFF", "DATEPART", "DATENAME"};
    if (std::ranges::find(with_part, std::string_view(node->text)) != with_part.end() && current().kind == token_kind::identifier &&
        (is_symbol(",", 1) || is_word("FROM", 1))) {
        auto part = make(expression_kind::string);
        part->text = tokens_[at_++].text;
        adopt(*node, std::move(part));
        if (!accept_word("FROM")) expect_symbol(",");
    }
    do {
        adopt(*node, node->text == "POSITION" && node->args.empty() ? additive() : expression_());
        if (node->text == "POSITION" && accept_word("IN")) adopt(*node, expression_());
        if (node->text == "SUBSTRING" && accept_word("FROM")) adopt(*node, expression_());
        if (node->text == "SUBSTRING" && accept_word("FOR")) adopt(*node, expression_());
    } while (accept_symbol(","));
    expect_symbol(")");
    return node;
}

expression_ptr parser::case_expression() {
    const depth_guard guard(*this);
    auto node = make(expression_kind::case_when);
    expect_word("CASE");
    if (!is_word("WHEN")) {
        node->has_operand = true;
        adopt(*node, expression_());
    }
    if (!is_word("WHEN")) unexpected("WHEN");
    while (accept_word("WHEN")) {
        adopt(*node, expression_());
        expect_word("THEN");
        adopt(*node, expression_());
    }
    if (accept_word("ELSE")) {
        node->has_else = true;
        adopt(*node, expression_());
    }
    expect_word("END");
    return node;
}

expression_ptr parser::cast_expression() {
    const depth_guard guard(*this);
    auto node = make(expression_kind::cast);
    expect_word("CAST");
    expect_symbol("(");
    adopt(*node, expression_());
    expect_word("AS");
    node->type = type();
    if (node->type.is_text() && node->type.precision == 1) node->type.precision = 30;
    expect_symbol(")");
    return node;
}

// CONVERT(type, value [, format]) or {fn CONVERT(value, SQL_TYPE)}
expression_ptr parser::convert_call(bool odbc) {
    const depth_guard guard(*this);
    auto node = make(expression_kind::cast);
    expect_symbol("(");
    const bool value_first = odbc || current().kind != token_kind::identifier || ahead(1).kind != token_kind::symbol || is_symbol(".", 1);
    if (value_first) {
        adopt(*node, expression_());
        expect_symbol(",");
        node->type = type();
    } else {
        node->type = type();
        expect_symbol(",");
        adopt(*node, expression_());
        if (accept_symbol(",")) adopt(*node, expression_()); // the style of dates as text
    }
    if (node->type.is_text() && node->type.precision == 1) node->type.precision = 32749;
    expect_symbol(")");
    return node;
}

} // namespace irislink::sandbox::sql
