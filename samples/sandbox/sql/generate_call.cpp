#include <algorithm>
#include <array>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox::sql {
namespace {

// Functions that are a template. Argument classes: t text, i integer, r real, n natural value,
// d date, m timestamp, l a $LIST, e an element of one, encoded. Small letters are required, capitals optional. $1.. are
// the arguments, $* all of them.
struct function_row {
    std::string_view name;
    std::string_view arguments;
    std::string_view sql; // several forms by argument count are joined by '~'
    int type;
    int precision;
};

constexpr std::array functions{
    function_row{"UPPER", "t", "iris_upper($1)", 12, 32749},
    function_row{"UCASE", "t", "iris_upper($1)", 12, 32749},
    function_row{"LOWER", "t", "iris_lower($1)", 12, 32749},
    function_row{"LCASE", "t", "iris_lower($1)", 12, 32749},
    function_row{"%SQLUPPER", "tI", "iris_upper($1)~substr(iris_upper($1),1,$2)", 12, 32749},
    function_row{"%UPPER", "t", "iris_upper($1)", 12, 32749},
    function_row{"%ALPHAUP", "t", "iris_upper($1)", 12, 32749},
    function_row{"LENGTH", "t", "length($1)", 4, 10},
    function_row{"LEN", "t", "length($1)", 4, 10},
    function_row{"CHAR_LENGTH", "t", "length($1)", 4, 10},
    function_row{"CHARACTER_LENGTH", "t", "length($1)", 4, 10},
    function_row{"DATALENGTH", "t", "length($1)", 4, 10},
    function_row{"OCTET_LENGTH", "t", "length(CAST($1 AS BLOB))", 4, 10},
    function_row{"SUBSTRING", "tiI", "iris_substring($1,$2,NULL)~iris_substring($1,$2,$3)", 12, 32749},
    function_row{"SUBSTR", "tiI", "substr($1,$2)~substr($1,$2,$3)", 12, 32749},
    function_row{"LEFT", "ti", "substr($1,1,$2)", 12, 32749},
    function_row{"RIGHT", "ti", "iris_right($1,$2)", 12, 32749},
    function_row{"LOCATE", "ttI", "iris_locate($1,$2,1)~iris_locate($1,$2,$3)", 4, 10},
    function_row{"CHARINDEX", "ttI", "iris_locate($1,$2,1)~iris_locate($1,$2,$3)", 4, 10},
    function_row{"POSITION", "tt", "iris_locate($1,$2,1)", 4, 10},
    function_row{"INSTR", "ttI", "iris_locate($2,$1,1)~iris_locate($2,$1,$3)", 4, 10},
    function_row{"STUFF", "tiit", "(substr($1,1,$2-1) || $4 || substr($1,$2+$3))", 12, 32749},
    function_row{"$EXTRACT", "tII", "iris_extract($1,1,1)~iris_extract($1,$2,$2)~iris_extract($1,$2,$3)", 12, 32749},
    function_row{"$FIND", "ttI", "iris_find($1,$2,1)~iris_find($1,$2,$3)", 4, 10},
    function_row{"$LENGTH", "tT", "length($1)~iris_pieces($1,$2)", 4, 10},
    function_row{"$PIECE", "ttII", "iris_piece($1,$2,1,1)~iris_piece($1,$2,$3,$3)~iris_piece($1,$2,$3,$4)", 12, 32749},
    function_row{"$TRANSLATE", "ttT", "iris_translate($1,$2,'')~iris_translate($1,$2,$3)", 12, 32749},
    function_row{"$LISTBUILD", "eEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE", "iris_list_join($*)", -3, 32749},
    function_row{"$LISTFROMSTRING", "tT", "iris_list_from_string($1,',')~iris_list_from_string($1,$2)", -3, 32749},
    function_row{"$LISTTOSTRING", "lT", "iris_list_to_string($1,',')~iris_list_to_string($1,$2)", 12, 32749},
    function_row{"$LISTLENGTH", "l", "iris_list_length($1)", 4, 10},
    function_row{"$LIST", "lI", "iris_list_element($1,1)~iris_list_element($1,$2)", 12, 32749},
    function_row{"$LISTGET", "lIT", "iris_list_get($1,1,NULL)~iris_list_get($1,$2,NULL)~iris_list_get($1,$2,$3)", 12, 32749},
    function_row{"REPLACE", "ttt", "replace($1,$2,$3)", 12, 32749},
    function_row{"CONCAT", "tt", "($1 || $2)", 12, 32749},
    function_row{"STRING", "tTTTTTTT", "*||", 12, 32749},
    function_row{"LTRIM", "tT", "ltrim($1)~ltrim($1,$2)", 12, 32749},
    function_row{"RTRIM", "tT", "rtrim($1)~rtrim($1,$2)", 12, 32749},
    function_row{"REPEAT", "ti", "iris_repeat($1,$2)", 12, 32749},
    function_row{"REPLICATE", "ti", "iris_repeat($1,$2)", 12, 32749},
    function_row{"SPACE", "i", "iris_repeat(' ',$1)", 12, 32749},
    function_row{"REVERSE", "t", "iris_reverse($1)", 12, 32749},
    function_row{"ASCII", "t", "unicode($1)", 4, 10},
    function_row{"CHAR", "i", "char($1)", 12, 1},
    function_row{"LPAD", "tiT", "iris_pad($1,$2,' ',1)~iris_pad($1,$2,$3,1)", 12, 32749},
    function_row{"RPAD", "tiT", "iris_pad($1,$2,' ',0)~iris_pad($1,$2,$3,0)", 12, 32749},
    function_row{"POWER", "rr", "pow($1,$2)", 8, 20},
    function_row{"SQRT", "r", "sqrt($1)", 8, 20},
    function_row{"EXP", "r", "exp($1)", 8, 20},
    function_row{"LOG", "r", "ln($1)", 8, 20},
    function_row{"LOG10", "r", "log10($1)", 8, 20},
    function_row{"SIN", "r", "sin($1)", 8, 20},
    function_row{"COS", "r", "cos($1)", 8, 20},
    function_row{"TAN", "r", "tan($1)", 8, 20},
    function_row{"COT", "r", "(1.0/tan($1))", 8, 20},
    function_row{"ASIN", "r", "asin($1)", 8, 20},
    function_row{"ACOS", "r", "acos($1)", 8, 20},
    function_row{"ATAN", "r", "atan($1)", 8, 20},
    function_row{"ATAN2", "rr", "atan2($1,$2)", 8, 20},
    function_row{"DEGREES", "r", "degrees($1)", 8, 20},
    function_row{"RADIANS", "r", "radians($1)", 8, 20},
    function_row{"PI", "", "pi()", 8, 20},
    function_row{"CURDATE", "", "iris_now(91,0)", 91, 10},
    function_row{"CURRENT_DATE", "", "iris_now(91,0)", 91, 10},
    function_row{"SYSDATE", "", "iris_now(93,0)", 93, 29},
    function_row{"NOW", "", "iris_now(93,0)", 93, 29},
    function_row{"GETDATE", "I", "iris_now(93,0)~iris_now(93,$1)", 93, 29},
    function_row{"GETUTCDATE", "I", "iris_now(93,0)~iris_now(93,$1)", 93, 29},
    function_row{"CURRENT_TIMESTAMP", "I", "iris_now(93,0)~iris_now(93,$1)", 93, 29},
    function_row{"CURTIME", "I", "iris_now(92,0)~iris_now(92,$1)", 92, 8},
    function_row{"CURRENT_TIME", "I", "iris_now(92,0)~iris_now(92,$1)", 92, 8},
    function_row{"YEAR", "n", "iris_part('YYYY',$1)", 4, 10},
    function_row{"QUARTER", "n", "iris_part('QQ',$1)", 4, 10},
    function_row{"MONTH", "n", "iris_part('MM',$1)", 4, 10},
    function_row{"WEEK", "n", "iris_part('WK',$1)", 4, 10},
    function_row{"DAY", "n", "iris_part('DD',$1)", 4, 10},
    function_row{"DAYOFMONTH", "n", "iris_part('DD',$1)", 4, 10},
    function_row{"DAYOFYEAR", "n", "iris_part('DY',$1)", 4, 10},
    function_row{"DAYOFWEEK", "n", "iris_part('DW',$1)", 4, 10},
    function_row{"HOUR", "n", "iris_part('HH',$1)", 4, 10},
    function_row{"MINUTE", "n", "iris_part('MI',$1)", 4, 10},
    function_row{"SECOND", "n", "iris_part('SS',$1)", 4, 10},
    function_row{"DATEPART", "tn", "iris_part($1,$2)", 4, 10},
    function_row{"EXTRACT", "tn", "iris_part($1,$2)", 4, 10},
    function_row{"DATENAME", "tn", "iris_part_name($1,$2)", 12, 20},
    function_row{"MONTHNAME", "n", "iris_part_name('MM',$1)", 12, 20},
    function_row{"DAYNAME", "n", "iris_part_name('DW',$1)", 12, 20},
    function_row{"TIMESTAMPADD", "tin", "iris_date_add($1,$2,$3)", 93, 29},
    function_row{"DATEADD", "tin", "iris_date_add($1,$2,$3)", 93, 29},
    function_row{"TIMESTAMPDIFF", "tnn", "iris_date_diff($1,$2,$3)", -5, 19},
    function_row{"DATEDIFF", "tnn", "iris_date_diff($1,$2,$3)", -5, 19},
    function_row{"TO_DATE", "tT", "iris_cast($1,91,10,0,'')~iris_to_date($1,$2)", 91, 10},
    function_row{"TO_TIMESTAMP", "tT", "iris_cast($1,93,29,9,'')~iris_to_timestamp($1,$2)", 93, 29},
    function_row{"TO_NUMBER", "r", "$1", 8, 20},
    function_row{"TO_CHAR", "nT", "iris_text($1)~iris_to_char($1,$2)", 12, 32749},
    function_row{"LAST_IDENTITY", "", "iris_last_identity()", -5, 19},
    function_row{"%SYSTEM.QUERY_PLAN", "tTTT", "iris_query_plan($1)", 12, 32749},
    function_row{"LAST_DAY", "n", "iris_last_day($1)", 91, 10},
};

std::string replace_arguments(std::string_view pattern, const std::vector<std::string>& arguments) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '$' && i + 1 < pattern.size()) {
            if (pattern[i + 1] == '*') {
                for (std::size_t each = 0; each < arguments.size(); ++each) out += (each > 0 ? "," : "") + arguments[each];
                ++i;
                continue;
            }
            const auto index = static_cast<std::size_t>(pattern[i + 1] - '1');
            if (index < arguments.size()) {
                out += arguments[index];
                ++i;
                continue;
            }
        }
        out.push_back(pattern[i]);
    }
    return out;
}

// The value as the list of itself alone; a number keeps its digits.
std::string list_item(const typed& value) {
    if (value.type.is_numeric() && !value.loose) return "iris_list_number(" + value.sql + "," + std::to_string(value.type.scale) + ")";
    return "iris_list_item(" + value.sql + ")";
}

[[noreturn]] void wrong_count(const std::string& function) {
    throw sql_error(1, "Wrong number of arguments for function " + function);
}

} // namespace

typed generator::table_call(const expression& in, const scope* in_scope) {
    const auto* const row = std::ranges::find(functions, std::string_view(in.text), &function_row::name);
    if (row == functions.end()) return user_function(in, in_scope);
    const auto required = static_cast<std::size_t>(std::ranges::count_if(row->arguments, [](char c) { return c >= 'a' && c <= 'z'; }));
    if (in.args.size() < required || in.args.size() > row->arguments.size()) wrong_count(in.text);
    std::vector<std::string> arguments;
    typed out;
    out.type = {row->type, row->precision, row->type == type_code::timestamp ? 9 : 0};
    for (std::size_t i = 0; i < in.args.size(); ++i) {
        auto value = expression_(*in.args[i], in_scope);
        switch (row->arguments[i] | 0x20) {
        case 't': arguments.push_back(text_of(value)); break;
        case 'i': arguments.push_back("CAST(" + coerce(value, integer_type) + " AS INTEGER)"); break;
        case 'r': arguments.push_back(coerce(value, real_type)); break;
        case 'l':
            note_parameter(value, {type_code::varbinary, 32749, 0});
            arguments.push_back(value.sql);
            break;
        case 'e': arguments.push_back(list_item(value)); break;
        default:
            if (value.parameter != 0) value.sql = "iris_text(" + value.sql + ")";
            arguments.push_back(natural(value));
        }
    }
    if (row->sql == "*||") {
        for (const auto& each : arguments) out.sql += (out.sql.empty() ? "(coalesce(" : " || coalesce(") + each + ",'')";
        out.sql += ")";
        return out;
    }
    // Forms by count: the first serves the required arguments, each further one another argument.
    std::string_view form = row->sql;
    for (std::size_t extra = in.args.size() - required; extra > 0; --extra) {
        const auto mark = form.find('~');
        if (mark == std::string_view::npos) break;
        form.remove_prefix(mark + 1);
    }
    form = form.substr(0, form.find('~'));
    out.sql = replace_arguments(form, arguments);
    if (row->type == type_code::real && !arguments.empty()) { // SQLite has NULL and infinity where IRIS has errors
        out.sql = "iris_in_domain(" + out.sql;
        for (const auto& each : arguments) out.sql += "," + each;
        out.sql += ")";
    }
    return out;
}

std::optional<typed> generator::aggregate(const expression& in, const scope* in_scope, const std::string& over) {
    const auto& name = in.text;
    const bool count = name == "COUNT";
    if (!is_aggregate(name)) return std::nullopt;
    typed out;
    const std::string distinct = in.distinct ? "DISTINCT " : "";
    if (in.args.empty()) wrong_count(name);
    if (count && in.args[0]->kind == expression_kind::star) {
        out.sql = "COUNT(*)" + over;
        out.type = bigint_type;
        out.nullable = false;
        return out;
    }
    if (in.args.size() != 1) wrong_count(name);
    auto value = expression_(*in.args[0], in_scope);
    if (count) {
        const bool folded = in.distinct && value.type.is_text() && !value.exact;
        out.sql = "COUNT(" + distinct + value.sql + (folded ? " COLLATE IRIS" : "") + ")" + over;
        out.type = bigint_type;
        out.nullable = false;
        return out;
    }
    if (name == "LIST") {
        out.sql = in.distinct ? "GROUP_CONCAT(DISTINCT " + text_of(value) + (value.type.is_text() && !value.exact ? " COLLATE IRIS)" : ")")
                              : "GROUP_CONCAT(" + text_of(value) + ",',')";
        out.type = {type_code::varchar, 32749, 0};
        return out;
    }
    if (name == "STDDEV" || name == "STDDEV_SAMP" || name == "STDDEV_POP" || name == "VARIANCE" || name == "VAR_SAMP" || name == "VAR_POP") {
        out.type = real_type;
        const std::string function = name.starts_with("STD") ? "iris_stddev" : "iris_var";
        out.sql = function + (name.ends_with("_POP") ? "_pop(" : "_samp(") + distinct + coerce(value, real_type) + ")" + over;
        return out;
    }
    if (name == "MIN" || name == "MAX") {
        out.type = value.type;
        const auto text = value.type.is_text() && !value.exact;
        out.sql = name + "(" + (value.loose ? text_of(value) : value.sql) + (text ? " COLLATE IRIS" : "") + ")" + over;
        return out;
    }
    count_moment(value);
    if (!value.type.is_number() || value.loose) {
        value.sql = coerce(value, real_type);
        value.type = real_type;
        value.loose = false;
    }
    if (name == "SUM") {
        out.type = value.type.is_integer() ? bigint_type : value.type;
        if (value.type.is_numeric()) out.type.precision = 18;
        out.sql = (value.type.is_exact() ? "iris_sum(" : "SUM(") + distinct + value.sql + ")" + over;
        return out;
    }
    if (value.type.is_numeric()) {
        // As many digits more as 18 can hold: the average is no larger than the largest value.
        const int digits = std::clamp(18 - value.type.precision, 0, 18 - value.type.scale);
        out.type = {type_code::numeric, 18, value.type.scale + digits};
        out.sql = "iris_average_" + std::to_string(digits) + "(" + distinct + value.sql + ")" + over;
        return out;
    }
    out.type = real_type;
    out.sql = "AVG(" + distinct + value.sql + ")" + over;
    return out;
}

// Functions whose result type depends on their arguments, and those without any.
std::optional<typed> generator::special_call(const expression& in, const scope* in_scope) {
    const auto& name = in.text;
    const auto values_of = [&] {
        std::vector<typed> out;
        for (const auto& each : in.args) out.push_back(expression_(*each, in_scope));
        return out;
    };
    typed out;
    if (name == "USER" || name == "CURRENT_USER" || name == "$USERNAME" || name == "DATABASE" || name == "$NAMESPACE" || name == "$ROLES") {
        const bool space = name == "DATABASE" || name == "$NAMESPACE";
        out.sql = quote_text(space ? name_space_ : name == "$ROLES" ? rights_.roles : user_);
        out.type = {type_code::varchar, name == "$ROLES" ? 4096 : 128, 0};
        out.nullable = false;
        return out;
    }
    if (name == "COALESCE" || name == "NVL" || name == "ISNULL" || name == "IFNULL") {
        auto values = values_of();
        if (values.size() < 2 || (name != "COALESCE" && values.size() > 3)) wrong_count(name);
        if (name == "IFNULL" && values.size() == 3) { // IFNULL(a, when null, otherwise)
            out.type = common_type({values[1], values[2]});
            out.sql = "(CASE WHEN " + values[0].sql + " IS NULL THEN " + merged(values[1], out.type) + " ELSE " + merged(values[2], out.type) + " END)";
            return out;
        }
        out.type = common_type(values);
        out.sql = "coalesce(";
        for (std::size_t i = 0; i < values.size(); ++i) out.sql += (i > 0 ? "," : "") + merged(values[i], out.type);
        out.sql += ")";
        return out;
    }
    if (name == "NULLIF") {
        auto values = values_of();
        if (values.size() != 2) wrong_count(name);
        out.type = values[0].loose ? values[1].type : values[0].type;
        const auto test = comparison("=", values[0], values[1]);
        const auto sql = coerce(values[0], out.type);
        out.sql = "(CASE WHEN " + test + " THEN NULL ELSE " + sql + " END)";
        return out;
    }
    if (name == "DECODE") { // DECODE(value, search, result, ... [, otherwise]); NULL finds NULL
        const auto values = values_of();
        if (values.size() < 3) wrong_count(name);
        std::vector<typed> results;
        for (std::size_t i = 2; i < values.size(); i += 2) results.push_back(values[i]);
        if (values.size() % 2 == 0) results.push_back(values.back());
        out.type = common_type(results);
        out.sql = "(CASE";
        for (std::size_t i = 1; i + 1 < values.size(); i += 2) {
            const auto both_null = "(" + values[0].sql + " IS NULL AND " + values[i].sql + " IS NULL)";
            out.sql += " WHEN " + comparison("=", values[0], values[i]) + " OR " + both_null + " THEN " + merged(results[i / 2], out.type);
        }
        if (values.size() % 2 == 0) out.sql += " ELSE " + merged(results.back(), out.type);
        out.sql += " END)";
        return out;
    }
    if (name == "LEAST" || name == "GREATEST") {
        auto values = values_of();
        if (values.size() < 2) wrong_count(name);
        out.type = common_type(values);
        out.sql = name == "LEAST" ? "min(" : "max(";
        for (std::size_t i = 0; i < values.size(); ++i) out.sql += (i > 0 ? "," : "") + merged(values[i], out.type);
        out.sql += ")";
        return out;
    }
    if (name == "ABS" || name == "MOD") {
        auto values = values_of();
        if (values.size() != (name == "ABS" ? 1U : 2U)) wrong_count(name);
        if (name == "MOD") return arithmetic("#", std::move(values[0]), std::move(values[1]));
        settle(values[0], values[0]);
        out.type = values[0].type;
        out.soft = values[0].soft;
        out.sql = "abs(" + values[0].sql + ")";
        return out;
    }
    if (name == "FLOOR" || name == "CEILING" || name == "CEIL" || name == "SIGN") {
        auto values = values_of();
        if (values.size() != 1) wrong_count(name);
        auto& value = values[0];
        settle(value, value);
        out.type = name == "SIGN" ? integer_type : bigint_type;
        if (name == "SIGN") {
            out.sql = "iris_sign(" + value.sql + ")";
        } else if (value.type.is_real()) {
            out.sql = std::string("CAST(") + (name == "FLOOR" ? "floor(" : "ceil(") + value.sql + ") AS INTEGER)";
        } else {
            out.sql = "iris_floor(" + value.sql + "," + std::to_string(value.type.scale) + "," + (name == "FLOOR" ? "0)" : "1)");
        }
        return out;
    }
    if (name == "ROUND" || name == "TRUNCATE" || name == "%TRUNCATE") {
        auto values = values_of();
        if (values.empty() || values.size() > 3) wrong_count(name);
        const std::string digits = values.size() > 1 ? "CAST(" + coerce(values[1], integer_type) + " AS INTEGER)" : "0";
        // ROUND's third argument: anything but 0 truncates.
        const std::string truncate = name != "ROUND" ? "1" : values.size() > 2 ? "(" + coerce(values[2], integer_type) + " <> 0)" : "0";
        const bool exact = values[0].type.is_exact() && !values[0].loose;
        // An integer rounded may have one digit more than its type.
        out.type = !exact ? real_type : values[0].type.is_integer() ? bigint_type : values[0].type;
        const auto scale = std::to_string(exact ? out.type.fraction_digits() : -1);
        out.sql = "iris_round(" + coerce(values[0], out.type) + "," + digits + "," + scale + "," + truncate + ")";
        return out;
    }
    if (name == "%EXACT" || name == "%SQLSTRING" || name == "%STRING") {
        auto values = values_of();
        if (values.empty()) wrong_count(name);
        out = values[0];
        out.origin.reset();
        auto text = text_of(values[0]);
        if (values.size() > 1) text = "substr(" + text + ",1,CAST(" + coerce(values[1], integer_type) + " AS INTEGER))";
        out.sql = "(" + text + " COLLATE BINARY)";
        out.loose = false;
        out.parameter = 0;
        out.exact = true;
        if (!out.type.is_text()) out.type = {type_code::varchar, 50, 0};
        return out;
    }
    if (name == "TRIM") {
        auto values = values_of();
        if (values.empty() || values.size() > 2) wrong_count(name);
        const std::string function = in.qualifier == "LEADING" ? "ltrim(" : in.qualifier == "TRAILING" ? "rtrim(" : "trim(";
        out.type = {type_code::varchar, 32749, 0};
        out.sql = function + text_of(values[0]) + (values.size() > 1 ? "," + text_of(values[1]) : "") + ")";
        return out;
    }
    return std::nullopt;
}

typed generator::call_(const expression& in, const scope* in_scope) {
    if (in.window) return windowed_call(in, in_scope);
    if (auto out = aggregate(in, in_scope, {})) return *std::move(out);
    if (is_window_function(in.text)) throw sql_error(1, in.text + " needs OVER (...)");
    if (auto out = special_call(in, in_scope)) return *std::move(out);
    return table_call(in, in_scope);
}

} // namespace irislink::sandbox::sql
