#include <algorithm>
#include <array>

#include "samples/sandbox/sql/generator.hpp"

// Window functions: name(...) OVER (PARTITION BY ... ORDER BY ... frame).

namespace irislink::sandbox::sql {
namespace {

struct window_function {
    std::string_view name;
    std::size_t least; // arguments
    std::size_t most;
    sql_type type; // of functions without a value argument
    bool of_value; // the result is a value of the first argument
};

constexpr std::array window_functions{
    window_function{"ROW_NUMBER", 0, 0, bigint_type, false},
    window_function{"RANK", 0, 0, bigint_type, false},
    window_function{"DENSE_RANK", 0, 0, bigint_type, false},
    window_function{"PERCENT_RANK", 0, 0, real_type, false},
    window_function{"CUME_DIST", 0, 0, real_type, false},
    window_function{"NTILE", 1, 1, bigint_type, false},
    window_function{"FIRST_VALUE", 1, 1, {}, true},
    window_function{"LAST_VALUE", 1, 1, {}, true},
    window_function{"NTH_VALUE", 2, 2, {}, true},
    window_function{"LAG", 1, 3, {}, true},
    window_function{"LEAD", 1, 3, {}, true},
};

} // namespace

bool is_window_function(std::string_view name) {
    return std::ranges::find(window_functions, name, &window_function::name) != window_functions.end();
}

bool is_aggregate(std::string_view name) {
    static constexpr std::array<std::string_view, 12> names{"COUNT",  "SUM",         "AVG",        "MIN",      "MAX",      "LIST",
                                                            "STDDEV", "STDDEV_SAMP", "STDDEV_POP", "VARIANCE", "VAR_SAMP", "VAR_POP"};
    return std::ranges::find(names, name) != names.end();
}

bool aggregates(const expression& in) {
    if (in.kind == expression_kind::call && !in.window && is_aggregate(in.text)) return true;
    return std::ranges::any_of(in.args, [](const auto& each) { return aggregates(*each); });
}

bool windowed(const expression& in) {
    return in.window != nullptr || std::ranges::any_of(in.args, [](const auto& each) { return windowed(*each); });
}

// What rows are sorted and grouped by: text without regard to case, unless it is exact.
std::string generator::sort_key(typed value) {
    const auto* const collation = !value.type.is_text() ? "" : value.exact ? " COLLATE BINARY" : " COLLATE IRIS";
    return (value.loose ? text_of(value) : value.sql) + collation;
}

std::string generator::whole_number(const expression& in, const scope* in_scope) {
    auto value = expression_(in, in_scope);
    return "CAST(" + coerce(value, integer_type) + " AS INTEGER)";
}

std::string generator::over_(const window_definition& in, const scope* in_scope) {
    std::string out = " OVER (";
    for (std::size_t i = 0; i < in.partition_by.size(); ++i) out += (i == 0 ? "PARTITION BY " : ", ") + sort_key(expression_(*in.partition_by[i], in_scope));
    for (std::size_t i = 0; i < in.order_by.size(); ++i) {
        const auto& item = in.order_by[i];
        out += (i == 0 ? " ORDER BY " : ", ") + sort_key(expression_(*item.value, in_scope)) + (item.descending ? " DESC" : "");
    }
    if (!in.unit.empty()) {
        // SQLite takes no function calls here, as the conversion of whole_number() is.
        const auto rows = [&](const expression& count) {
            if (count.kind != expression_kind::number && count.kind != expression_kind::parameter)
                throw sql_error(1, "The rows of a frame are given by a number");
            auto value = expression_(count, nullptr);
            note_parameter(value, integer_type);
            return "CAST(" + value.sql + " AS INTEGER)";
        };
        const auto bound = [&](const frame_bound& each) -> std::string {
            if (each.rows && in.unit == "RANGE") throw sql_error(1, "RANGE with a number is not supported by the sandbox: use ROWS");
            switch (each.kind) {
            case frame_bound::form::unbounded_preceding: return "UNBOUNDED PRECEDING";
            case frame_bound::form::preceding: return rows(*each.rows) + " PRECEDING";
            case frame_bound::form::current_row: return "CURRENT ROW";
            case frame_bound::form::following: return rows(*each.rows) + " FOLLOWING";
            case frame_bound::form::unbounded_following: break;
            }
            return "UNBOUNDED FOLLOWING";
        };
        out += " " + in.unit + " BETWEEN " + bound(in.first) + " AND " + bound(in.last);
    }
    return out + ")";
}

typed generator::windowed_call(const expression& in, const scope* in_scope) {
    const auto over = over_(*in.window, in_scope);
    if (in.distinct) throw sql_error(1, "DISTINCT in a window function is not supported");
    if (in.text != "LIST") {
        if (auto out = aggregate(in, in_scope, over)) return *std::move(out);
    }
    const auto* const row = std::ranges::find(window_functions, std::string_view(in.text), &window_function::name);
    if (row == window_functions.end()) throw sql_error(1, in.text + " is not supported as a window function");
    if (in.args.size() < row->least || in.args.size() > row->most) throw sql_error(1, "Wrong number of arguments for function " + in.text);
    typed out;
    out.type = row->type;
    out.sql = in.text + "(";
    if (!row->of_value) {
        if (!in.args.empty()) out.sql += whole_number(*in.args[0], in_scope);
        out.sql += ")" + over;
        return out;
    }
    std::vector<typed> values{expression_(*in.args[0], in_scope)};
    if (in.args.size() > 2) values.push_back(expression_(*in.args[2], in_scope)); // for rows that are not there
    out.type = common_type(values);
    out.exact = values[0].exact;
    out.sql += coerce(values[0], out.type);
    if (in.args.size() > 1) out.sql += "," + whole_number(*in.args[1], in_scope);
    if (values.size() > 1) out.sql += "," + merged(values[1], out.type);
    out.sql += ")" + over;
    return out;
}

} // namespace irislink::sandbox::sql
