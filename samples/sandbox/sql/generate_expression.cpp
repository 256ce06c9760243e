#include <algorithm>
#include <charconv>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::sandbox::sql {
namespace {

std::string power_of_ten(int exponent) {
    return "1" + std::string(static_cast<std::size_t>(exponent), '0');
}

typed make_typed(std::string sql, sql_type type) {
    typed out;
    out.sql = std::move(sql);
    out.type = type;
    return out;
}

// Long chains become balanced trees: SQLite limits the depth of an expression.
std::string join_balanced(std::span<const std::string> parts, const std::string& op) {
    if (parts.size() == 1) return parts[0];
    const auto half = parts.size() / 2;
    return "(" + join_balanced(parts.first(half), op) + op + join_balanced(parts.subspan(half), op) + ")";
}

std::string quote_number(const std::string& text) {
    return text.front() == '-' ? "(" + text + ")" : text;
}

std::string function_of(const sql_type& type) {
    switch (type.code) {
    case type_code::date: return "iris_date";
    case type_code::time: return "iris_time";
    default: return "iris_timestamp";
    }
}

} // namespace

void check_size(const std::string& sql) {
    constexpr std::size_t limit = 4U << 20U;
    if (sql.size() > limit) throw sql_error(1, "The SQL statement is too complex");
}

void generator::note_parameter(typed& value, const sql_type& type) {
    if (value.parameter == 0) return;
    const auto index = value.parameter - 1;
    if (parameter_known_[index]) return;
    parameter_known_[index] = true;
    parameters_[index].type = type;
}

typed generator::parameter_(const expression& in) {
    typed out;
    out.sql = "?" + std::to_string(in.parameter);
    out.type = {type_code::varchar, 50, 0};
    out.loose = true;
    out.parameter = in.parameter;
    const auto hint = in.parameter <= hints_.size() ? hints_[in.parameter - 1] : 0;
    out.words = hint >= 1 && hint <= 4; // a string literal that the client has replaced (wire-sql 2.8)
    return out;
}

typed generator::literal(const expression& in) {
    if (in.kind == expression_kind::string) {
        const auto length = static_cast<int>(std::max<std::size_t>(in.text.size(), 1));
        typed out = make_typed(quote_text(in.text), {type_code::varchar, length, 0});
        out.loose = true;
        out.nullable = false;
        out.text = in.text;
        out.words = !wire::parse_decimal(in.text).has_value();
        return out;
    }
    typed out;
    out.nullable = false;
    out.number = in.text;
    if (in.text.find_first_of("eE") != std::string::npos) {
        out.number.clear(); // DOUBLE, as its notation says
        out.sql = quote_number(in.text);
        out.type = real_type;
        return out;
    }
    if (in.text.find('.') == std::string::npos) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(in.text.data(), in.text.data() + in.text.size(), value);
        if (error == std::errc{} && end == in.text.data() + in.text.size()) {
            out.sql = quote_number(std::to_string(value));
            out.type = value <= 2147483647 && value >= -2147483648LL ? integer_type : bigint_type;
            return out;
        }
    }
    const auto number = wire::parse_decimal(in.text);
    if (!number) throw sql_error(1, "Invalid numeric literal " + in.text);
    if (number->exponent > 0 || number->exponent < -18) {
        out.sql = quote_number(in.text + (in.text.find('.') == std::string::npos ? ".0" : ""));
        out.type = real_type;
        return out;
    }
    out.sql = quote_number(std::to_string(number->mantissa));
    out.type = {type_code::numeric, 18, -number->exponent};
    return out;
}

typed generator::column_(const expression& in, const scope* in_scope) {
    const auto wanted = to_upper(in.text);
    const auto& qualifier = in.qualifier;
    bool qualifier_found = qualifier.empty();
    for (const auto* at = in_scope; at != nullptr; at = at->parent) {
        const source_column* found = nullptr;
        const source_column* row_id = nullptr;
        for (const auto& each : at->sources) {
            if (!qualifier.empty() && !each.answers_to(qualifier)) continue;
            qualifier_found = true;
            for (const auto& column : each.columns) {
                if (column.hidden || (column.value.origin && column.value.origin->row_id)) row_id = row_id == nullptr ? &column : row_id;
                if (column.hidden || to_upper(column.name) != wanted) continue;
                if (found != nullptr) throw sql_error(27, "Field '" + in.text + "' is ambiguous among the applicable tables");
                found = &column;
            }
        }
        if (found != nullptr) return found->value;
        if (row_id != nullptr && (wanted == "ID" || wanted == "%ID")) return row_id->value;
    }
    if (qualifier.empty() && !in.delimited)
        if (const auto* const known = find_variable(in.text)) return variable_(*known);
    const auto shown = (in.qualifier.empty() ? "" : in.qualifier + ".") + in.text;
    if (!qualifier_found) throw sql_error(23, "Label '" + in.qualifier + "' is not listed among the applicable tables");
    throw sql_error(29, "Field '" + to_upper(shown) + "' not found in the applicable tables");
}

std::string generator::natural(const typed& value) const {
    if (value.type.is_numeric() && !value.loose) return "iris_dec_text(" + value.sql + "," + std::to_string(value.type.scale) + ")";
    return value.sql;
}

std::string generator::text_of(typed& value) {
    if (value.null_literal) return "NULL";
    if (value.loose) {
        note_parameter(value, {type_code::varchar, 50, 0});
        return value.parameter != 0 ? "iris_text(" + value.sql + ")" : value.sql;
    }
    if (value.type.is_numeric()) return natural(value);
    if (value.type.is_number() || value.type.is_binary()) return "iris_text(" + value.sql + ")";
    return value.sql;
}

// The value in the representation of `target`; lenient, for comparisons and for common types.
std::string generator::coerce(typed& value, const sql_type& target, bool soft) {
    if (value.null_literal) return "NULL";
    note_parameter(value, target);
    if (target.is_number()) count_moment(value);
    if (target.is_text()) return text_of(value);
    if (target.is_numeric()) {
        const auto scale = std::to_string(target.scale);
        if (value.loose || !value.type.is_number()) return "iris_scaled(" + text_of(value) + "," + scale + ")";
        if (value.type.is_real()) return "iris_scaled(" + value.sql + "," + scale + ")";
        const int shift = target.scale - value.type.fraction_digits();
        if (shift == 0) return value.sql;
        if (shift > 0) return (soft || value.soft ? "iris_mul_soft(" : "iris_mul(") + value.sql + "," + power_of_ten(shift) + ")";
        return "iris_rescale(" + value.sql + "," + std::to_string(-shift) + ")";
    }
    if (target.is_real()) {
        if (value.loose || !value.type.is_number()) return "iris_real(" + text_of(value) + ")";
        if (value.type.is_numeric()) return "iris_dec_real(" + value.sql + "," + std::to_string(value.type.scale) + ")";
        return value.type.is_real() ? value.sql : "CAST(" + value.sql + " AS REAL)";
    }
    if (target.is_integer()) {
        if (value.loose || !value.type.is_number()) return "iris_number(" + text_of(value) + ")";
        if (value.type.is_numeric()) return "iris_rescale(" + value.sql + "," + std::to_string(value.type.scale) + ")";
        return value.type.is_real() ? "CAST(" + value.sql + " AS INTEGER)" : value.sql;
    }
    if (target.is_temporal()) {
        if (value.type == target && !value.loose) return value.sql;
        return function_of(target) + "(" + text_of(value) + ")";
    }
    if (target.is_binary() && (value.loose || !value.type.is_binary())) return "iris_bytes(" + value.sql + ")";
    return value.sql;
}

std::string generator::merged(typed& value, const sql_type& target) {
    if (!value.loose || value.null_literal) return coerce(value, target);
    if (target.is_number()) {
        value.sql = "iris_checked_number(" + value.sql + ")";
    } else if (target.is_temporal()) {
        note_parameter(value, target);
        return "iris_cast(" + text_of(value) + "," + std::to_string(target.code) + "," + std::to_string(target.precision) + "," + std::to_string(target.scale) +
               ",'')";
    }
    return coerce(value, target);
}

// A checked assignment to a column: wrong values are SQLCODE 104/105, 146, 147.
std::string generator::store(typed& value, const sql_type& target, const std::string& field) {
    if (value.null_literal) return "NULL";
    note_parameter(value, target);
    if (target.is_number()) count_moment(value);
    if (!value.loose && value.type == target && (target.is_integer() || target.is_temporal())) return value.sql;
    return "iris_store(" + natural(value) + "," + std::to_string(target.code) + "," + std::to_string(target.precision) + "," + std::to_string(target.scale) +
           "," + quote_text(field) + ")";
}

// What `value`, text or a literal, becomes next to a number of type `target`: an integer (scaled for
// NUMERIC) that gives the comparison the outcome the value itself would give. So it stays exact, and
// the side of the column stays as an index has it.
std::string generator::bound(typed& value, const sql_type& target, const std::string& op, bool on_left) {
    note_parameter(value, target);
    const bool less = op == (on_left ? ">" : "<") || op == (on_left ? "<=" : ">=");
    const bool more = op == (on_left ? "<" : ">") || op == (on_left ? ">=" : "<=");
    const auto text = value.number.empty() ? text_of(value) : quote_text(value.number);
    return "iris_bound(" + text + "," + std::to_string(target.fraction_digits()) + "," + (less ? "1" : more ? "-1" : "0") + ")";
}

sql_type generator::common_type(const std::vector<typed>& values) const {
    std::optional<sql_type> out;
    int longest = 1;
    bool words = false;
    for (const auto& value : values) {
        if (value.null_literal) continue;
        words = words || value.words;
        if (value.type.is_text()) longest = std::max(longest, value.type.precision);
        if (value.loose) continue;
        if (!out) {
            out = value.type;
            continue;
        }
        const auto& other = value.type;
        if (*out == other) continue;
        if (out->is_number() && other.is_number()) {
            if (out->is_real() || other.is_real()) {
                out = real_type;
            } else if (out->is_numeric() || other.is_numeric()) {
                const int scale = std::max(out->fraction_digits(), other.fraction_digits());
                out = sql_type{type_code::numeric, 18, scale};
            } else if (other.precision > out->precision) {
                out = other;
            }
        } else if (out->code == other.code) {
            out->precision = std::max(out->precision, other.precision);
            out->scale = std::max(out->scale, other.scale);
        } else if (out->is_temporal() && other.is_temporal()) {
            out = sql_type{type_code::timestamp, 29, 9};
        } else {
            out = sql_type{type_code::varchar, std::max({longest, out->precision, other.precision}), 0};
        }
    }
    if (!out) return {type_code::varchar, std::max(longest, 50), 0};
    // A word among numbers makes all of them text; among dates a text may be a date.
    const auto no_moment = [&](const typed& value) {
        if (!value.words || value.parameter != 0) return false;
        return out->code == type_code::time ? !wire::parse_time(value.text) : !wire::parse_timestamp(value.text);
    };
    if ((words && out->is_number()) || (out->is_temporal() && std::ranges::any_of(values, no_moment)))
        return {type_code::varchar, std::max({longest, out->precision + 2, 29}), 0};
    if (out->is_text()) out->precision = std::max(out->precision, longest);
    return *out;
}

std::string generator::comparison(const std::string& op, typed left, typed right) {
    if (left.null_literal || right.null_literal) return "NULL";
    const bool both_loose = left.loose && right.loose;
    // Next to a number a date is its day number.
    if (left.type.is_number() && !left.loose) count_moment(right);
    if (right.type.is_number() && !right.loose) count_moment(left);
    const sql_type& lead = left.loose ? right.type : left.type;
    const auto exact_number = [](const typed& value) { return !value.loose && value.number.empty() && value.type.is_exact(); };
    const auto adapts = [](const typed& value) { return value.loose || value.type.is_text() || !value.number.empty(); };
    if (exact_number(left) && adapts(right)) return "(" + left.sql + " " + op + " " + bound(right, left.type, op, false) + ")";
    if (adapts(left) && exact_number(right)) return "(" + bound(left, right.type, op, true) + " " + op + " " + right.sql + ")";
    if (!both_loose && (lead.is_number() || (!left.loose && !right.loose && right.type.is_number()))) {
        sql_type target = common_type({left, right});
        if (!target.is_number()) target = left.type.is_number() ? left.type : right.type;
        return "(" + coerce(left, target, true) + " " + op + " " + coerce(right, target, true) + ")";
    }
    if (!both_loose && lead.is_temporal()) {
        const auto target = common_type({left, right});
        if (target.is_temporal()) return "(" + coerce(left, target) + " " + op + " " + coerce(right, target) + ")";
    }
    if (!both_loose && lead.is_binary()) {
        return "(" + coerce(left, lead) + " " + op + " " + coerce(right, lead) + ")";
    }
    const bool exact = left.exact || right.exact;
    note_parameter(left, right.loose ? sql_type{type_code::varchar, 50, 0} : right.type);
    note_parameter(right, left.loose ? sql_type{type_code::varchar, 50, 0} : left.type);
    return "(" + text_of(left) + (exact ? " COLLATE BINARY " : " COLLATE IRIS ") + op + " " + text_of(right) + ")";
}

std::string generator::condition(const expression& in, const scope* in_scope) {
    auto value = expression_(in, in_scope);
    if (value.loose) return "(iris_number(" + text_of(value) + ") <> 0)";
    return value.sql;
}

typed generator::case_(const expression& in, const scope* in_scope) {
    std::size_t at = 0;
    std::optional<typed> operand;
    if (in.has_operand) operand = expression_(*in.args[at++], in_scope);
    const std::size_t last = in.args.size() - (in.has_else ? 1 : 0);
    std::vector<std::string> conditions;
    std::vector<typed> results;
    while (at + 1 < last + 1 && at + 2 <= last) {
        if (operand) {
            conditions.push_back(comparison("=", *operand, expression_(*in.args[at], in_scope)));
        } else {
            conditions.push_back(condition(*in.args[at], in_scope));
        }
        results.push_back(expression_(*in.args[at + 1], in_scope));
        at += 2;
    }
    if (in.has_else) results.push_back(expression_(*in.args.back(), in_scope));
    const auto type = common_type(results);
    std::string sql = "CASE";
    for (std::size_t i = 0; i < conditions.size(); ++i) sql += " WHEN " + conditions[i] + " THEN " + merged(results[i], type);
    if (in.has_else) sql += " ELSE " + merged(results.back(), type);
    return make_typed("(" + sql + " END)", type);
}

typed generator::cast_(const expression& in, const sql_type& type, const scope* in_scope) {
    auto value = expression_(*in.args[0], in_scope);
    if (value.null_literal) return make_typed("NULL", type);
    if (in.args.size() > 1) { // CONVERT with a style: of dates as text, on either side
        auto style = expression_(*in.args[1], in_scope);
        const bool temporal = value.type.is_temporal() && !value.loose;
        if (type.is_text() && temporal) {
            value.sql = "iris_convert_text(" + value.sql + "," + text_of(style) + ")";
            value.type = {type_code::varchar, 50, 0};
        } else if (type.is_temporal() && !temporal) {
            value.sql = "iris_convert_date(" + text_of(value) + "," + text_of(style) + ")";
            value.type = {type_code::timestamp, 29, 9};
            value.loose = false;
        }
    }
    note_parameter(value, type);
    if (type.is_number()) count_moment(value);
    auto out = make_typed({}, type);
    if (type.is_text()) {
        out.sql = "substr(" + text_of(value) + ",1," + std::to_string(type.precision) + ")";
    } else {
        out.sql =
            "iris_cast(" + natural(value) + "," + std::to_string(type.code) + "," + std::to_string(type.precision) + "," + std::to_string(type.scale) + ",'')";
    }
    out.nullable = value.nullable;
    return out;
}

std::string generator::like_(const expression& in, const scope* in_scope) {
    auto value = expression_(*in.args[0], in_scope);
    auto pattern = expression_(*in.args[1], in_scope);
    const bool exact = value.exact || pattern.exact;
    const std::string mode = exact ? "1" : "0";
    std::string sql;
    if (in.kind == expression_kind::starts_with) {
        sql = "iris_starts_with(" + text_of(value) + "," + text_of(pattern) + "," + mode + ")";
    } else if (in.kind == expression_kind::contains) { // exact, whatever the collation
        sql = "(instr(" + text_of(value) + "," + text_of(pattern) + ") > 0)";
    } else {
        std::string escape = "NULL";
        if (in.args.size() > 2) {
            auto third = expression_(*in.args[2], in_scope);
            escape = text_of(third);
        }
        const std::string function = in.kind == expression_kind::matches ? "iris_matches(" : "iris_like(";
        sql = function + text_of(value) + "," + text_of(pattern) + "," + escape + "," + mode + ")";
    }
    return in.negated ? "(NOT " + sql + ")" : sql;
}

std::string generator::in_(const expression& in, const scope* in_scope) {
    auto value = expression_(*in.args[0], in_scope);
    if (in.kind == expression_kind::in_query) {
        auto inner = query_(*in.subquery, in_scope);
        if (inner.columns.size() != 1) throw sql_error(10, "The subquery must have exactly one item");
        // Through EXISTS, so that types meet as in any other comparison.
        auto& column = inner.columns[0];
        typed other = column;
        const auto alias = fresh_alias();
        other.sql = alias + ".c1";
        other.parameter = 0;
        std::string sql;
        if (!value.loose && value.type == column.type && !value.type.is_text()) {
            sql = value.sql + " IN (" + inner.sql + ")";
        } else {
            const auto test = comparison("=", other, value);
            sql = "(EXISTS (SELECT 1 FROM (" + inner.sql + ") " + alias + " WHERE " + test + "))";
        }
        return in.negated ? "(NOT " + sql + ")" : "(" + sql + ")";
    }
    std::vector<typed> items;
    for (std::size_t i = 1; i < in.args.size(); ++i) items.push_back(expression_(*in.args[i], in_scope));
    const bool exact_number = value.type.is_exact();
    const bool plain = !value.loose && !value.null_literal &&
                       std::ranges::all_of(items, [&](const typed& item) { return item.loose || item.null_literal || (exact_number && !item.number.empty()); });
    if (plain) { // SQLite looks a value up in a list faster than in a chain of comparisons
        std::string list;
        for (auto& item : items) {
            const auto element = item.null_literal ? "NULL" : exact_number ? bound(item, value.type, "=", false) : coerce(item, value.type);
            list += (list.empty() ? "" : ",") + element;
            check_size(list);
        }
        const auto collation = !value.type.is_text() ? "" : value.exact ? " COLLATE BINARY" : " COLLATE IRIS";
        return "(" + value.sql + collation + (in.negated ? " NOT IN (" : " IN (") + list + "))";
    }
    std::vector<std::string> tests;
    tests.reserve(items.size());
    for (const auto& item : items) tests.push_back(comparison("=", value, item));
    return std::string(in.negated ? "(NOT (" : "((") + join_balanced(tests, " OR ") + "))";
}

typed generator::expression_(const expression& in, const scope* in_scope) {
    auto out = expression_of_kind(in, in_scope);
    check_size(out.sql);
    return out;
}

typed generator::expression_of_kind(const expression& in, const scope* in_scope) {
    switch (in.kind) {
    case expression_kind::null: {
        auto out = make_typed("NULL", {type_code::varchar, 50, 0});
        out.null_literal = true;
        return out;
    }
    case expression_kind::default_value: throw sql_error(1, "DEFAULT is not supported in this place");
    case expression_kind::string:
    case expression_kind::number: return literal(in);
    case expression_kind::parameter: return parameter_(in);
    case expression_kind::variable: {
        const auto* const known = find_variable(in.text);
        if (known == nullptr) throw sql_error(28, "Host variable ':" + in.text + "' is not known: a client names its parameters :%qpar(n)");
        return variable_(*known);
    }
    case expression_kind::column: return column_(in, in_scope);
    case expression_kind::star: throw sql_error(12, "A term was expected, '*' found");
    case expression_kind::unary: {
        auto value = expression_(*in.args[0], in_scope);
        value.origin.reset();
        value.number.clear();
        if (value.loose || value.null_literal) { // clients may leave the sign of a literal outside
            value.sql = "iris_negate(" + value.sql + ")";
            value.negated = true;
            return value;
        }
        if (!value.type.is_number()) settle(value, value);
        value.sql = value.type.is_real() ? "(-" + value.sql + ")" : "iris_sub(0," + value.sql + ")";
        return value;
    }
    case expression_kind::binary: {
        auto left = expression_(*in.args[0], in_scope);
        auto right = expression_(*in.args[1], in_scope);
        if (in.text == "+" || in.text == "-" || in.text == "*" || in.text == "/" || in.text == "\\" || in.text == "#" || in.text == "||")
            return arithmetic(in.text, std::move(left), std::move(right));
        return make_typed(comparison(in.text, std::move(left), std::move(right)), boolean_type);
    }
    case expression_kind::logical:
        if (in.text == "NOT") return make_typed("(NOT " + condition(*in.args[0], in_scope) + ")", boolean_type);
        {
            std::vector<std::string> parts;
            for (const auto& each : in.args) parts.push_back(condition(*each, in_scope));
            return make_typed(join_balanced(parts, " " + in.text + " "), boolean_type);
        }
    case expression_kind::is_null: {
        auto value = expression_(*in.args[0], in_scope);
        return make_typed("(" + value.sql + (in.negated ? " IS NOT NULL)" : " IS NULL)"), boolean_type);
    }
    case expression_kind::in_list:
    case expression_kind::in_query: return make_typed(in_(in, in_scope), boolean_type);
    case expression_kind::between: {
        auto value = expression_(*in.args[0], in_scope);
        const auto sql =
            "(" + comparison(">=", value, expression_(*in.args[1], in_scope)) + " AND " + comparison("<=", value, expression_(*in.args[2], in_scope)) + ")";
        return make_typed(in.negated ? "(NOT " + sql + ")" : sql, boolean_type);
    }
    case expression_kind::like:
    case expression_kind::contains:
    case expression_kind::matches:
    case expression_kind::starts_with: return make_typed(like_(in, in_scope), boolean_type);
    case expression_kind::exists: {
        const auto inner = query_(*in.subquery, in_scope);
        return make_typed("(EXISTS (" + inner.sql + "))", boolean_type);
    }
    case expression_kind::scalar_query: {
        auto inner = query_(*in.subquery, in_scope);
        if (inner.columns.size() != 1) throw sql_error(10, "The subquery must have exactly one item");
        auto out = make_typed("(" + inner.sql + ")", inner.columns[0].type);
        return out;
    }
    case expression_kind::quantified: {
        auto value = expression_(*in.args[0], in_scope);
        auto inner = query_(*in.subquery, in_scope);
        if (inner.columns.size() != 1) throw sql_error(10, "The subquery must have exactly one item");
        typed other = inner.columns[0];
        const auto alias = fresh_alias();
        other.sql = alias + ".c1";
        const auto test = comparison(in.text, value, other);
        const bool all = in.qualifier == "ALL";
        return make_typed(
            std::string(all ? "(NOT EXISTS" : "(EXISTS") + " (SELECT 1 FROM (" + inner.sql + ") " + alias + " WHERE " + test + (all ? " IS NOT 1" : "") + "))",
            boolean_type
        );
    }
    case expression_kind::call: return call_(in, in_scope);
    case expression_kind::cast: return cast_(in, in.type, in_scope);
    case expression_kind::case_when: return case_(in, in_scope);
    }
    throw sql_error(12, "A term was expected");
}

} // namespace irislink::sandbox::sql
