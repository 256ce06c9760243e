#include "odbc/info/type_info.hpp"

#include <algorithm>
#include <array>

#include "driver/value/convert.hpp"
#include "odbc/info/type_table.hpp"

namespace irislink::odbc {
namespace {

column make_column(const char* name, sql_type type, std::int64_t precision, bool nullable) {
    column out;
    out.name = out.label = name;
    out.type = type;
    out.precision = precision;
    out.scale = 0;
    out.nullable = nullable ? SQL_NULLABLE : SQL_NO_NULLS;
    return out;
}

// "SQLGetTypeInfo", ODBC reference.
std::vector<column> type_info_columns() {
    const auto name = [](const char* label, bool nullable = true) { return make_column(label, sql_type::varchar, 128, nullable); };
    const auto small = [](const char* label, bool nullable = true) { return make_column(label, sql_type::smallint, 5, nullable); };
    const auto number = [](const char* label) { return make_column(label, sql_type::integer, 10, true); };
    return {name("TYPE_NAME", false),      small("DATA_TYPE", false),        number("COLUMN_SIZE"),
            name("LITERAL_PREFIX"),        name("LITERAL_SUFFIX"),           name("CREATE_PARAMS"),
            small("NULLABLE", false),      small("CASE_SENSITIVE", false),   small("SEARCHABLE", false),
            small("UNSIGNED_ATTRIBUTE"),   small("FIXED_PREC_SCALE", false), small("AUTO_UNIQUE_VALUE"),
            name("LOCAL_TYPE_NAME"),       small("MINIMUM_SCALE"),           small("MAXIMUM_SCALE"),
            small("SQL_DATA_TYPE", false), small("SQL_DATETIME_SUB"),        number("NUM_PREC_RADIX"),
            small("INTERVAL_PRECISION")};
}

value number_or_null(SQLINTEGER in) {
    if (in == not_applicable) return null;
    return std::int64_t{in};
}

value text_or_null(std::string_view in) {
    if (in.empty()) return null;
    return std::string(in);
}

} // namespace

type_info make_type_info(SQLSMALLINT type, const wire::session_format& format, bool wide) {
    type_info out;
    out.columns = type_info_columns();
    std::vector<const type_facts*> chosen;
    const auto asked = modern_code_of(type);
    for (const auto& each : type_table()) {
        const bool wanted = type == SQL_ALL_TYPES ? each.offered : asked == static_cast<SQLSMALLINT>(each.type);
        // The wide type stands for the narrow one: the server has one of each name.
        if (wanted) chosen.push_back(wide && type == SQL_ALL_TYPES ? &facts_of(wide_of(each.type)) : &each);
    }
    std::ranges::stable_sort(chosen, {}, [](const type_facts* each) { return static_cast<int>(each->type); });
    wire::writer items(out.items, format);
    for (const auto* const each : chosen) {
        const auto code = static_cast<SQLSMALLINT>(each->type);
        const auto verbose = verbose_of(code);
        const std::array<value, 19> row{
            std::string(each->name),
            std::int64_t{code},
            std::int64_t{each->size},
            text_or_null(each->quote_before),
            text_or_null(each->quote_after),
            text_or_null(each->create_parameters),
            std::int64_t{SQL_NULLABLE},
            std::int64_t{each->case_sensitive ? 1 : 0},
            std::int64_t{each->searchable},
            number_or_null(each->is_unsigned),
            std::int64_t{SQL_FALSE},
            each->is_unsigned == not_applicable ? value(null) : value(std::int64_t{0}),
            std::string(each->name),
            number_or_null(each->minimum_scale),
            number_or_null(each->maximum_scale),
            std::int64_t{verbose.type},
            verbose.type == SQL_DATETIME ? value(std::int64_t{verbose.code}) : value(null),
            number_or_null(each->radix),
            null,
        };
        for (const auto& cell : row) driver::write_value(items, cell);
    }
    return out;
}

} // namespace irislink::odbc
