// The sandbox's SQL functions that read a small language of their own - formats, patterns, table
// definitions - on arbitrary text: a value or an error, never anything else.
// Input: the function's number, then its arguments, one a line.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "samples/sandbox/sql/sqlite.hpp"

namespace {

using namespace irislink::sandbox::sql;

constexpr std::array calls{
    "SELECT iris_to_char(?1, ?2)",
    "SELECT iris_to_date(?1, ?2)",
    "SELECT iris_to_timestamp(?1, ?2)",
    "SELECT iris_matches(?1, ?2, ?3, 0)",
    "SELECT iris_like(?1, ?2, ?3, 0)",
    "SELECT iris_piece(?1, ?2, CAST(?3 AS INTEGER), CAST(?4 AS INTEGER))",
    "SELECT iris_translate(?1, ?2, ?3)",
    "SELECT iris_extract(?1, CAST(?2 AS INTEGER), CAST(?3 AS INTEGER))",
    "SELECT iris_find(?1, ?2, CAST(?3 AS INTEGER))",
    "SELECT iris_substring(?1, CAST(?2 AS INTEGER), CAST(?3 AS INTEGER))",
    "SELECT iris_with_not_null(?1, ?2)",
    "SELECT iris_without_constraint(?1, ?2)",
    "SELECT iris_with_constraint(?1, ?2)",
    "SELECT iris_cast(?1, 92, 8, 0, '')",
    "SELECT iris_scaled(?1, CAST(?2 AS INTEGER) % 19), iris_number(?1), iris_real(?1)",
    "SELECT iris_convert_text(?1, ?2), iris_convert_date(?1, ?2)",
    "SELECT iris_list_length(?1), iris_list_get(?1, -1, ?2), iris_list_to_string(?1, ?2)",
    "SELECT iris_list_element(iris_list_join(?1, iris_list_item(?2)), CAST(?3 AS INTEGER))",
    "SELECT iris_list_length(iris_list_from_string(?1, ?2))",
};

sqlite3* database() {
    static const sqlite_handle instance = [] {
        sqlite3* raw = nullptr;
        sqlite3_open(":memory:", &raw);
        sqlite_handle db(raw);
        register_functions(raw);
        return db;
    }();
    return instance.get();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto statement = prepare_sql(database(), calls[data[0] % calls.size()]);
    std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
    const int wanted = sqlite3_bind_parameter_count(statement.get());
    for (int i = 1; i <= wanted; ++i) {
        const auto end = i == wanted ? rest.size() : std::min(rest.find('\n'), rest.size());
        sqlite3_bind_text64(statement.get(), i, rest.data(), end, SQLITE_STATIC, SQLITE_UTF8);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    try {
        (void)step(statement.get());
    } catch (const sql_error&) {
        // What is no format, pattern or definition is said to be none.
    }
    return 0;
}
