// The types themselves: codes, names, families, sizes. Data of odbc/convert/table.hpp.

#include <algorithm>

#include "odbc/convert/table.hpp"

namespace irislink::odbc {
namespace {

// "Default C Data Types": https://learn.microsoft.com/sql/odbc/reference/appendixes/default-c-data-types
constexpr std::array sql_types{
    sql_type_row{SQL_UNKNOWN_TYPE, "unknown (0)", sql_family::character, SQL_C_CHAR},
    sql_type_row{SQL_CHAR, "SQL_CHAR", sql_family::character, SQL_C_CHAR},
    sql_type_row{SQL_VARCHAR, "SQL_VARCHAR", sql_family::character, SQL_C_CHAR},
    sql_type_row{SQL_LONGVARCHAR, "SQL_LONGVARCHAR", sql_family::character, SQL_C_CHAR},
    sql_type_row{SQL_WCHAR, "SQL_WCHAR", sql_family::character, SQL_C_WCHAR},
    sql_type_row{SQL_WVARCHAR, "SQL_WVARCHAR", sql_family::character, SQL_C_WCHAR},
    sql_type_row{SQL_WLONGVARCHAR, "SQL_WLONGVARCHAR", sql_family::character, SQL_C_WCHAR},
    sql_type_row{SQL_NUMERIC, "SQL_NUMERIC", sql_family::exact, SQL_C_CHAR},
    sql_type_row{SQL_DECIMAL, "SQL_DECIMAL", sql_family::exact, SQL_C_CHAR},
    sql_type_row{SQL_TINYINT, "SQL_TINYINT", sql_family::integer, SQL_C_STINYINT},
    sql_type_row{SQL_SMALLINT, "SQL_SMALLINT", sql_family::integer, SQL_C_SSHORT},
    sql_type_row{SQL_INTEGER, "SQL_INTEGER", sql_family::integer, SQL_C_SLONG},
    sql_type_row{SQL_BIGINT, "SQL_BIGINT", sql_family::integer, SQL_C_SBIGINT},
    sql_type_row{SQL_REAL, "SQL_REAL", sql_family::approximate, SQL_C_FLOAT},
    sql_type_row{SQL_FLOAT, "SQL_FLOAT", sql_family::approximate, SQL_C_DOUBLE},
    sql_type_row{SQL_DOUBLE, "SQL_DOUBLE", sql_family::approximate, SQL_C_DOUBLE},
    sql_type_row{SQL_BIT, "SQL_BIT", sql_family::bit, SQL_C_BIT},
    sql_type_row{SQL_BINARY, "SQL_BINARY", sql_family::binary, SQL_C_BINARY},
    sql_type_row{SQL_VARBINARY, "SQL_VARBINARY", sql_family::binary, SQL_C_BINARY},
    sql_type_row{SQL_LONGVARBINARY, "SQL_LONGVARBINARY", sql_family::binary, SQL_C_BINARY},
    sql_type_row{SQL_TYPE_DATE, "SQL_TYPE_DATE", sql_family::date, SQL_C_TYPE_DATE},
    sql_type_row{SQL_TYPE_TIME, "SQL_TYPE_TIME", sql_family::time, SQL_C_TYPE_TIME},
    sql_type_row{SQL_TYPE_TIMESTAMP, "SQL_TYPE_TIMESTAMP", sql_family::timestamp, SQL_C_TYPE_TIMESTAMP},
    sql_type_row{SQL_DATE, "SQL_DATE (ODBC 2)", sql_family::date, SQL_C_TYPE_DATE},
    sql_type_row{SQL_TIME, "SQL_TIME (ODBC 2)", sql_family::time, SQL_C_TYPE_TIME},
    sql_type_row{SQL_TIMESTAMP, "SQL_TIMESTAMP (ODBC 2)", sql_family::timestamp, SQL_C_TYPE_TIMESTAMP},
    sql_type_row{SQL_GUID, "SQL_GUID", sql_family::guid, SQL_C_GUID},
    sql_type_row{SQL_INTERVAL_YEAR, "SQL_INTERVAL_YEAR", sql_family::interval, SQL_C_INTERVAL_YEAR},
    sql_type_row{SQL_INTERVAL_MONTH, "SQL_INTERVAL_MONTH", sql_family::interval, SQL_C_INTERVAL_MONTH},
    sql_type_row{SQL_INTERVAL_DAY, "SQL_INTERVAL_DAY", sql_family::interval, SQL_C_INTERVAL_DAY},
    sql_type_row{SQL_INTERVAL_HOUR, "SQL_INTERVAL_HOUR", sql_family::interval, SQL_C_INTERVAL_HOUR},
    sql_type_row{SQL_INTERVAL_MINUTE, "SQL_INTERVAL_MINUTE", sql_family::interval, SQL_C_INTERVAL_MINUTE},
    sql_type_row{SQL_INTERVAL_SECOND, "SQL_INTERVAL_SECOND", sql_family::interval, SQL_C_INTERVAL_SECOND},
    sql_type_row{SQL_INTERVAL_YEAR_TO_MONTH, "SQL_INTERVAL_YEAR_TO_MONTH", sql_family::interval, SQL_C_INTERVAL_YEAR_TO_MONTH},
    sql_type_row{SQL_INTERVAL_DAY_TO_HOUR, "SQL_INTERVAL_DAY_TO_HOUR", sql_family::interval, SQL_C_INTERVAL_DAY_TO_HOUR},
    sql_type_row{SQL_INTERVAL_DAY_TO_MINUTE, "SQL_INTERVAL_DAY_TO_MINUTE", sql_family::interval, SQL_C_INTERVAL_DAY_TO_MINUTE},
    sql_type_row{SQL_INTERVAL_DAY_TO_SECOND, "SQL_INTERVAL_DAY_TO_SECOND", sql_family::interval, SQL_C_INTERVAL_DAY_TO_SECOND},
    sql_type_row{SQL_INTERVAL_HOUR_TO_MINUTE, "SQL_INTERVAL_HOUR_TO_MINUTE", sql_family::interval, SQL_C_INTERVAL_HOUR_TO_MINUTE},
    sql_type_row{SQL_INTERVAL_HOUR_TO_SECOND, "SQL_INTERVAL_HOUR_TO_SECOND", sql_family::interval, SQL_C_INTERVAL_HOUR_TO_SECOND},
    sql_type_row{SQL_INTERVAL_MINUTE_TO_SECOND, "SQL_INTERVAL_MINUTE_TO_SECOND", sql_family::interval, SQL_C_INTERVAL_MINUTE_TO_SECOND},
};

constexpr c_kind interval_kind(std::size_t shape) noexcept {
    return static_cast<c_kind>(static_cast<std::size_t>(c_kind::first_interval) + shape);
}

constexpr SQLLEN interval_size = sizeof(SQL_INTERVAL_STRUCT);

// The first row of a kind gives its name; what follows are other codes for it.
constexpr std::array c_types{
    c_type_row{SQL_C_CHAR, "SQL_C_CHAR", c_kind::character, 0},
    c_type_row{SQL_C_WCHAR, "SQL_C_WCHAR", c_kind::wide2, 0},
    c_type_row{SQL_C_BIT, "SQL_C_BIT", c_kind::bit, 1},
    c_type_row{SQL_C_NUMERIC, "SQL_C_NUMERIC", c_kind::numeric, sizeof(SQL_NUMERIC_STRUCT)},
    c_type_row{SQL_C_STINYINT, "SQL_C_STINYINT, SQL_C_TINYINT", c_kind::stinyint, 1},
    c_type_row{SQL_C_TINYINT, "", c_kind::stinyint, 1},
    c_type_row{SQL_C_UTINYINT, "SQL_C_UTINYINT", c_kind::utinyint, 1},
    c_type_row{SQL_C_SSHORT, "SQL_C_SSHORT, SQL_C_SHORT", c_kind::sshort, 2},
    c_type_row{SQL_C_SHORT, "", c_kind::sshort, 2},
    c_type_row{SQL_C_USHORT, "SQL_C_USHORT", c_kind::ushort, 2},
    c_type_row{SQL_C_SLONG, "SQL_C_SLONG, SQL_C_LONG", c_kind::slong, 4},
    c_type_row{SQL_C_LONG, "", c_kind::slong, 4},
    c_type_row{SQL_C_ULONG, "SQL_C_ULONG", c_kind::ulong, 4},
    c_type_row{SQL_C_SBIGINT, "SQL_C_SBIGINT", c_kind::sbigint, 8},
    c_type_row{SQL_C_UBIGINT, "SQL_C_UBIGINT, SQL_C_BOOKMARK", c_kind::ubigint, 8},
    c_type_row{SQL_C_FLOAT, "SQL_C_FLOAT", c_kind::single, 4},
    c_type_row{SQL_C_DOUBLE, "SQL_C_DOUBLE", c_kind::binary64, 8},
    c_type_row{SQL_C_BINARY, "SQL_C_BINARY, SQL_C_VARBOOKMARK", c_kind::binary, 0},
    c_type_row{SQL_C_TYPE_DATE, "SQL_C_TYPE_DATE", c_kind::date, sizeof(SQL_DATE_STRUCT)},
    c_type_row{SQL_C_DATE, "", c_kind::date, sizeof(SQL_DATE_STRUCT)},
    c_type_row{SQL_C_TYPE_TIME, "SQL_C_TYPE_TIME", c_kind::time, sizeof(SQL_TIME_STRUCT)},
    c_type_row{SQL_C_TIME, "", c_kind::time, sizeof(SQL_TIME_STRUCT)},
    c_type_row{SQL_C_TYPE_TIMESTAMP, "SQL_C_TYPE_TIMESTAMP", c_kind::timestamp, sizeof(SQL_TIMESTAMP_STRUCT)},
    c_type_row{SQL_C_TIMESTAMP, "", c_kind::timestamp, sizeof(SQL_TIMESTAMP_STRUCT)},
    c_type_row{SQL_C_GUID, "SQL_C_GUID", c_kind::guid, sizeof(SQLGUID)},
    c_type_row{SQL_C_INTERVAL_YEAR, "SQL_C_INTERVAL_YEAR", interval_kind(0), interval_size},
    c_type_row{SQL_C_INTERVAL_MONTH, "SQL_C_INTERVAL_MONTH", interval_kind(1), interval_size},
    c_type_row{SQL_C_INTERVAL_DAY, "SQL_C_INTERVAL_DAY", interval_kind(2), interval_size},
    c_type_row{SQL_C_INTERVAL_HOUR, "SQL_C_INTERVAL_HOUR", interval_kind(3), interval_size},
    c_type_row{SQL_C_INTERVAL_MINUTE, "SQL_C_INTERVAL_MINUTE", interval_kind(4), interval_size},
    c_type_row{SQL_C_INTERVAL_SECOND, "SQL_C_INTERVAL_SECOND", interval_kind(5), interval_size},
    c_type_row{SQL_C_INTERVAL_YEAR_TO_MONTH, "SQL_C_INTERVAL_YEAR_TO_MONTH", interval_kind(6), interval_size},
    c_type_row{SQL_C_INTERVAL_DAY_TO_HOUR, "SQL_C_INTERVAL_DAY_TO_HOUR", interval_kind(7), interval_size},
    c_type_row{SQL_C_INTERVAL_DAY_TO_MINUTE, "SQL_C_INTERVAL_DAY_TO_MINUTE", interval_kind(8), interval_size},
    c_type_row{SQL_C_INTERVAL_DAY_TO_SECOND, "SQL_C_INTERVAL_DAY_TO_SECOND", interval_kind(9), interval_size},
    c_type_row{SQL_C_INTERVAL_HOUR_TO_MINUTE, "SQL_C_INTERVAL_HOUR_TO_MINUTE", interval_kind(10), interval_size},
    c_type_row{SQL_C_INTERVAL_HOUR_TO_SECOND, "SQL_C_INTERVAL_HOUR_TO_SECOND", interval_kind(11), interval_size},
    c_type_row{SQL_C_INTERVAL_MINUTE_TO_SECOND, "SQL_C_INTERVAL_MINUTE_TO_SECOND", interval_kind(12), interval_size},
};

const c_type_row* find_kind(c_kind kind) noexcept {
    const auto* const found = std::find_if(c_types.begin(), c_types.end(), [kind](const c_type_row& each) { return each.kind == kind; });
    return found == c_types.end() ? nullptr : found;
}

template <std::size_t N> void states_of(std::string& out, std::string_view states, bool has, bool is_default, const char (&none)[N]) {
    if (!has) {
        out += none;
        return;
    }
    out += is_default ? "**default** " : "yes ";
    out += states;
    while (out.back() == ' ') out.pop_back();
}

constexpr std::string_view family_heads[] = {"character", "NUMERIC, DECIMAL", "integers", "REAL, FLOAT, DOUBLE", "BIT", "binary", "DATE", "TIME", "TIMESTAMP",
                                             "GUID",      "intervals"};

template <class Row> void put_table(std::string& out, const std::array<Row, c_kinds>& table, bool fetch) {
    out += "| C type |";
    for (std::size_t i = 0; i < table.front().size(); ++i) (out += ' ').append(family_heads[i]) += " |";
    out += "\n|---|";
    for (std::size_t i = 0; i < table.front().size(); ++i) out += "---|";
    out += '\n';
    for (std::size_t kind = 0; kind < c_kinds; ++kind) {
        const auto* const type = find_kind(static_cast<c_kind>(kind));
        if (type == nullptr) continue; // the four-byte SQL_C_WCHAR is like the other
        out.append("| ").append(type->name) += " |";
        for (std::size_t i = 0; i < table[kind].size(); ++i) {
            const auto& each = table[kind][i];
            const bool is_default = fetch && std::any_of(sql_types.begin(), sql_types.end(), [&](const sql_type_row& sql) {
                                        const auto* const resolved = find_c_type(sql.default_c_type);
                                        return static_cast<std::size_t>(sql.family) == i && resolved != nullptr && resolved->kind == type->kind;
                                    });
            out += ' ';
            states_of(out, each.states, each.run != nullptr, is_default, "—");
            out += " |";
        }
        out += '\n';
    }
}

} // namespace

const sql_type_row* find_sql_type(SQLSMALLINT code) noexcept {
    const auto* const found = std::find_if(sql_types.begin(), sql_types.end(), [code](const sql_type_row& each) { return each.code == code; });
    return found == sql_types.end() ? nullptr : found;
}

const c_type_row* find_c_type(SQLSMALLINT code) noexcept {
    const auto* const found = std::find_if(c_types.begin(), c_types.end(), [code](const c_type_row& each) { return each.code == code; });
    return found == c_types.end() ? nullptr : found;
}

std::optional<c_kind> row_of_c_type(SQLSMALLINT code, wide_width width) noexcept {
    const auto* const found = find_c_type(code);
    if (found == nullptr) return std::nullopt;
    return found->kind == c_kind::wide2 && width == wide_width::four ? c_kind::wide4 : found->kind;
}

SQLSMALLINT default_c_type(sql_type from) noexcept {
    const auto* const row = find_sql_type(static_cast<SQLSMALLINT>(from));
    return row == nullptr ? SQLSMALLINT{SQL_C_CHAR} : row->default_c_type;
}

SQLLEN size_of_c_type(SQLSMALLINT c_type) noexcept {
    const auto* const row = find_c_type(c_type);
    return row == nullptr ? 0 : row->size;
}

bool is_c_type(SQLSMALLINT c_type) noexcept {
    return c_type == SQL_C_DEFAULT || find_c_type(c_type) != nullptr;
}

std::string types_page() {
    std::string out = "# Types and conversions of the ODBC driver\n\n"
                      "Generated from `odbc/convert/table.cpp` and `odbc/convert/types.cpp`; a test compares. Every SQL type and C type of "
                      "ODBC's Appendix D is decided: *yes* is a conversion, *default* the one that `SQL_C_DEFAULT` stands for, — is none "
                      "(`07006`). The SQLSTATEs behind are those a conversion may end with beside success.\n\n"
                      "## SQL types\n\n| SQL type | code | family | `SQL_C_DEFAULT` |\n|---|---|---|---|\n";
    for (const auto& each : sql_types) {
        out.append("| ").append(each.name).append(" | ").append(std::to_string(each.code)).append(" | ");
        out.append(family_heads[static_cast<std::size_t>(each.family)]).append(" | ");
        const auto name = find_kind(find_c_type(each.default_c_type)->kind)->name;
        out.append(name.substr(0, name.find(','))).append(" |\n");
    }
    out += "\n## From a column to a C type\n\n";
    put_table(out, fetch_table, true);
    out += "\n- SQL NULL sets the indicator to `SQL_NULL_DATA`; without an indicator it is `22002`.\n"
           "- `SQL_C_CHAR` is UTF-8. `SQL_C_WCHAR` is UTF-16 under unixODBC and UTF-32 under iODBC. A terminator is written also "
           "when text is cut (`01004`), no character is ever split, and the length told is what was left before the call, in bytes.\n"
           "- `01000`: the text holds what is no character (half of a surrogate pair); it is delivered as U+FFFD. "
           "`SQL_C_WCHAR` gets such text unchanged.\n"
           "- `HY090`: `SQLGetData` into a buffer that has no room for the next character; more calls would not get further.\n"
           "- Numbers are exact: decimals and 64-bit integers never pass through a double. Fractions are cut, not rounded (`01S07`). "
           "A NUMERIC shows at least the fraction digits of its column's scale.\n"
           "- `SQL_C_NUMERIC` has precision and scale of the ARD record (38 and 0 unless set). The fraction of "
           "`SQL_TIMESTAMP_STRUCT` is in nanoseconds, the fraction of an interval's seconds in units of the record's precision (6 "
           "unless set).\n"
           "- `SQL_C_BINARY` of anything but text and binary is the C structure of that type; less room than it needs is `22003`.\n"
           "- A TIME becomes a timestamp of today.\n"
           "- Text is read as a number, date, time, interval or GUID with blanks around it; dates also as ODBC escapes, intervals "
           "bare (`3 12:30:45.5`) or as literals (`INTERVAL '5-3' YEAR TO MONTH`).\n"
           "- `22018`: the text is not such a value. `HY000`: the server sent an item that contradicts the column's type.\n"
           "\n## From a C type to a parameter\n\n";
    put_table(out, parameter_table, false);
    out += "\n- `SQL_NULL_DATA` is NULL; text without characters is the empty string, which is not NULL.\n"
           "- Text longer than the declared column size is an error (`22001`), never cut; so is a fraction that an integer type "
           "would lose when it came as text. Column size 0 is not checked. Sizes count UTF-16 units, as the server's VARCHAR does.\n"
           "- Malformed UTF-8 or UTF-16 is `22018`; a length that is neither a size nor `SQL_NTS` or `SQL_NULL_DATA` is `HY090`.\n"
           "- `SQL_C_NUMERIC` takes its scale from the APD record, as ODBC demands; the structure's own fields are not read.\n"
           "- A number with more digits than the wire's decimals have is sent as its digits.\n"
           "- `HYC00`: the server has no interval types. Send intervals as text or, of a single field, as numbers.\n";
    return out;
}

} // namespace irislink::odbc
