#include <algorithm>

#include "samples/sandbox/sql/generator.hpp"

namespace irislink::sandbox::sql {
namespace {

// Of a number whose scale nobody knows before it comes.
const sql_type guessed_type{type_code::numeric, 18, 6};
const sql_type described_type{type_code::numeric, 18, 9};

} // namespace

// A date is the day number and a time the seconds since midnight that IRIS keeps of them (wire-sql 8.4);
// a timestamp is no number.
void generator::count_moment(typed& value) {
    if (value.loose || value.null_literal || !value.type.is_temporal()) return;
    if (value.type.code == type_code::timestamp)
        throw sql_error(1, "Arithmetic with TIMESTAMP values is not supported by the sandbox: use DATEADD and DATEDIFF");
    const bool is_date = value.type.code == type_code::date;
    value.sql = (is_date ? "iris_day(" : "iris_seconds(") + value.sql + ")";
    value.type = is_date ? integer_type : sql_type{type_code::numeric, 14, 9};
    value.origin.reset();
}

// Gives a loose or text operand a number type. What a literal is, its sender said (PARAMINFO format);
// what a ? will be, nobody knows, so it is a NUMERIC that may become REAL when its value asks for it.
void generator::settle(typed& value, const typed& partner) {
    if (value.null_literal) {
        value.type = integer_type;
        return;
    }
    count_moment(value);
    if (value.type.is_number() && !value.loose) return;
    const auto hint = value.parameter != 0 && value.parameter <= hints_.size() ? hints_[value.parameter - 1] : 0;
    const bool settled_partner = !partner.loose && !partner.null_literal;
    sql_type target = guessed_type;
    if (hint == 10) {
        target = bigint_type;
    } else if (settled_partner && partner.type.is_real()) {
        target = real_type;
    } else if (settled_partner && partner.type.is_integer() && partner.type.precision > 10) {
        // No room for a fraction beside a BIGINT: whole numbers stay exact, others become REAL.
        value.sql = coerce(value, bigint_type);
        target = {type_code::numeric, 18, 0};
        value.type = target;
        value.loose = false;
        value.soft = true;
        return;
    }
    note_parameter(value, target.is_numeric() ? described_type : target);
    value.sql = coerce(value, target);
    value.type = target;
    value.loose = false;
    value.soft = !target.is_real();
}

// / is never a division of integers. The result is DOUBLE; the operands meet as the exact numbers they are.
typed generator::divide(const std::string& op, typed left, typed right) {
    typed out;
    out.nullable = left.nullable || right.nullable;
    const bool exact = left.type.is_exact() && right.type.is_exact();
    if (op == "/") {
        out.type = real_type;
        out.sql = exact ? "iris_divide(" + left.sql + "," + right.sql + "," + std::to_string(right.type.fraction_digits() - left.type.fraction_digits()) + ")"
                        : "iris_divide(" + coerce(left, real_type) + "," + coerce(right, real_type) + ",0)";
        return out;
    }
    const int scale = std::max(left.type.fraction_digits(), right.type.fraction_digits());
    const sql_type common = !exact ? real_type : scale > 0 ? sql_type{type_code::numeric, 18, scale} : bigint_type;
    const auto a = coerce(left, common, true);
    const auto b = coerce(right, common, true);
    if (op == "\\") {
        out.type = bigint_type;
        out.sql = "CAST(iris_quotient(" + a + "," + b + ") AS INTEGER)";
    } else {
        out.type = common;
        out.soft = left.soft || right.soft;
        out.sql = "iris_modulo(" + a + "," + b + ")";
    }
    return out;
}

typed generator::arithmetic(const std::string& op, typed left, typed right) {
    typed out;
    out.nullable = left.nullable || right.nullable;
    if (op == "||") {
        out.sql = "(" + text_of(left) + " || " + text_of(right) + ")";
        out.type.precision = std::min(left.type.precision + right.type.precision, 32749);
        return out;
    }
    settle(left, right);
    settle(right, left);
    if (op == "/" || op == "\\" || op == "#") return divide(op, std::move(left), std::move(right));
    const auto real = [&] {
        out.type = real_type;
        out.sql = "(" + coerce(left, real_type) + " " + op + " " + coerce(right, real_type) + ")";
        return out;
    };
    if (left.type.is_real() || right.type.is_real()) return real();
    out.soft = left.soft || right.soft;
    const std::string function = (op == "+" ? "iris_add" : op == "-" ? "iris_sub" : "iris_mul") + std::string(out.soft ? "_soft(" : "(");
    const int left_scale = left.type.fraction_digits();
    const int right_scale = right.type.fraction_digits();
    const int scale = op == "*" ? left_scale + right_scale : std::max(left_scale, right_scale);
    if (scale > 18) return real();
    out.type = left.type.is_numeric() || right.type.is_numeric() ? sql_type{type_code::numeric, 18, scale} : bigint_type;
    if (op == "*") {
        out.sql = function + left.sql + "," + right.sql + ")";
    } else {
        out.sql = function + coerce(left, out.type, out.soft) + "," + coerce(right, out.type, out.soft) + ")";
    }
    return out;
}

} // namespace irislink::sandbox::sql
