#include <algorithm>

#include "samples/sandbox/sql/body_step.hpp"
#include "samples/sandbox/sql/catalog.hpp"
#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

// CREATE PROCEDURE and FUNCTION, CALL, and the statements that a body alone may have.

namespace irislink::sandbox::sql {
namespace {

constexpr int block_limit = 32;
constexpr auto no_host_variables = "Host variables are not allowed in the body of a routine: name its parameters";

} // namespace

create_routine parser::routine(bool or_replace) {
    create_routine out;
    out.or_replace = or_replace;
    out.text = std::string(sql_);
    out.function = is_word("FUNCTION");
    ++at_;
    out.name = qualified_name("procedure name");
    if (accept_symbol("(") && !accept_symbol(")")) {
        routine_parameters(out);
        expect_symbol(")");
    }
    routine_characteristics(out);
    expect_word("BEGIN");
    routine_body(out);
    expect_word("END");
    if (out.function && !out.returns) fail(1, "RETURNS expected: a function has a value");
    return out;
}

// [IN | OUT | INOUT] name type [DEFAULT value], ...
void parser::routine_parameters(create_routine& into) {
    do {
        routine_parameter each;
        if (accept_word("OUT")) {
            each.mode = parameter_mode::out;
        } else if (accept_word("INOUT")) {
            each.mode = parameter_mode::inout;
        } else if (accept_word("IN")) {
            if (accept_word("OUT")) each.mode = parameter_mode::inout;
        }
        each.name = name("parameter name");
        each.type = type();
        if (accept_word("DEFAULT")) each.default_text = text_until({",", ")"});
        if (into.function && each.mode != parameter_mode::in) fail(1, "Parameter '" + each.name + "': a function has IN parameters only");
        into.parameters.push_back(std::move(each));
    } while (accept_symbol(","));
}

// RETURNS type, [DYNAMIC] RESULT SETS [n], and what says how other databases are to run the body.
void parser::routine_characteristics(create_routine& into) {
    while (!is_word("BEGIN") && current().kind == token_kind::identifier) {
        if (accept_word("RETURNS")) {
            into.returns = type();
        } else if (is_word("DYNAMIC") || is_word("RESULT")) {
            accept_word("DYNAMIC");
            expect_word("RESULT");
            if (!accept_word("SETS")) expect_word("SET");
            into.many_results = true;
            if (current().kind == token_kind::number) ++at_;
        } else if (accept_word("LANGUAGE")) {
            if (!accept_word("SQL")) fail(1, "LANGUAGE " + current().upper + " is not supported by the sandbox");
        } else if (accept_word("NOT") || accept_word("DETERMINISTIC") || accept_word("FINAL") || accept_word("PUBLIC")) {
        } else if (accept_word("MODIFIES") || accept_word("READS")) {
            expect_word("SQL");
            accept_word("DATA");
        } else if (accept_word("CONTAINS")) {
            expect_word("SQL");
        } else {
            unexpected("BEGIN");
        }
    }
}

// Statements up to the last END.
void parser::routine_body(create_routine& into) {
    body_block(into, 0);
    std::vector<std::string> names;
    for (const auto& each : into.parameters) names.push_back(to_upper(each.name));
    std::ranges::sort(names);
    if (std::ranges::adjacent_find(names) != names.end()) fail(1, "Parameter or variable '" + *std::ranges::adjacent_find(names) + "' is declared twice");
}

bool parser::at_end_of_block() const {
    return is_word("END") || is_word("ELSE") || is_word("ELSEIF");
}

// Statements, each with a semicolon behind it but for the last, up to what ends them.
void parser::body_block(create_routine& into, int depth) {
    if (depth > block_limit) fail(1, "Blocks are nested too deeply");
    while (true) {
        while (accept_symbol(";")) {
        }
        if (at_end_of_block()) return;
        if (current().kind == token_kind::end) unexpected("END");
        if (is_word("IF")) {
            if_block(into, depth);
        } else if (is_word("WHILE")) {
            while_block(into, depth);
        } else {
            body_statement(into, depth);
        }
        if (!is_symbol(";") && !is_word("END")) unexpected("';'");
    }
}

// DECLARE makes a variable of the routine, its DEFAULT a SET.
void parser::body_statement(create_routine& into, int depth) {
    if (accept_word("DECLARE")) {
        routine_parameter local;
        local.mode = parameter_mode::local;
        local.name = name("variable name");
        local.type = type();
        if (accept_word("DEFAULT")) into.statements.push_back("SET " + quote_name(local.name) + " = " + text_until({";"}));
        into.parameters.push_back(std::move(local));
        return;
    }
    // Before it is parsed: bodies within bodies would be recursion without a limit.
    const std::size_t kind = is_word("CREATE") ? (is_word("OR", 1) ? 3 : 1) : 0;
    if (kind != 0 && (is_word("PROCEDURE", kind) || is_word("FUNCTION", kind))) fail(1, "A routine cannot be created within another");
    auto text = text_until({";"});
    const auto parsed = parse(text);
    if (parsed.parameters != 0) fail(148, no_host_variables);
    // It may give any number of results, none among them.
    if (depth > 0 && std::holds_alternative<query_ptr>(parsed.body)) into.many_results = true;
    into.statements.push_back(std::move(text));
}

// Up to the word, which is taken too.
std::string parser::condition_before(std::string_view word) {
    auto out = text_until({";"}, word);
    expect_word(word);
    if (parse(step_of(jump_unless(out, 0)).sql()).parameters != 0) fail(148, no_host_variables);
    return out;
}

// IF condition THEN ... [ELSEIF condition THEN ...] [ELSE ...] END IF
void parser::if_block(create_routine& into, int depth) {
    auto& steps = into.statements;
    std::vector<std::size_t> to_the_end;
    ++at_;
    while (true) {
        const auto condition = condition_before("THEN");
        const auto unless = steps.size();
        steps.emplace_back();
        body_block(into, depth + 1);
        if (!is_word("END")) {
            to_the_end.push_back(steps.size());
            steps.emplace_back();
        }
        steps[unless] = jump_unless(condition, steps.size());
        if (accept_word("ELSEIF")) continue;
        if (accept_word("ELSE")) body_block(into, depth + 1);
        break;
    }
    for (const auto each : to_the_end) steps[each] = jump_to(steps.size());
    expect_word("END");
    expect_word("IF");
}

// WHILE condition DO ... END WHILE
void parser::while_block(create_routine& into, int depth) {
    auto& steps = into.statements;
    const auto start = steps.size();
    ++at_;
    const auto condition = condition_before("DO");
    steps.emplace_back();
    body_block(into, depth + 1);
    steps.push_back(jump_to(start));
    steps[start] = jump_unless(condition, steps.size());
    expect_word("END");
    expect_word("WHILE");
}

// The text from here to one of the symbols or the word outside parentheses, or to the END of the block.
std::string parser::text_until(std::initializer_list<std::string_view> symbols, std::string_view word) {
    const auto first = current().position;
    int depth = 0;
    int cases = 0;
    while (current().kind != token_kind::end) {
        if (depth == 0 && std::ranges::any_of(symbols, [this](std::string_view each) { return is_symbol(each); })) break;
        if (depth == 0 && cases == 0 && !word.empty() && is_word(word)) break;
        if (is_symbol("(") || is_symbol("{")) ++depth;
        if (is_symbol(")") || is_symbol("}")) --depth;
        if (is_word("CASE")) ++cases;
        if (is_word("END") && cases-- == 0) break;
        ++at_;
    }
    auto text = sql_.substr(first, current().position - first);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t')) text.remove_suffix(1);
    if (text.empty()) unexpected("expression");
    return std::string(text);
}

call_statement parser::call_() {
    call_statement out;
    out.routine = qualified_name("procedure name");
    if (!accept_symbol("(") || accept_symbol(")")) return out;
    do {
        out.arguments.push_back(expression_());
    } while (accept_symbol(","));
    expect_symbol(")");
    return out;
}

assign_variable parser::assignment_(std::string variable) {
    return {std::move(variable), expression_()};
}

} // namespace irislink::sandbox::sql
