#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

// What DDL plans call: conditions, and changes of a table's definition as SQLite keeps it.

namespace irislink::sandbox::sql {
namespace {

// iris_require(condition, code, text): a DDL step that fails unless the condition holds.
void require(sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_int64(values[0]) != 0) {
        sqlite3_result_int(context, 1);
    } else {
        raise(context, sqlite3_value_int(values[1]), std::string(text_argument(values[2])));
    }
}

// A column or constraint within CREATE TABLE name(...): what lies between two of its outer commas.
struct clause {
    std::size_t first;
    std::size_t end;
};

// The clause that begins with `start`. Names and texts in quotes are skipped as what they are.
std::optional<clause> find_clause(std::string_view sql, std::string_view start) {
    int depth = 0;
    std::size_t first = 0;
    for (std::size_t at = 0; at < sql.size(); ++at) {
        const char c = sql[at];
        if (c == '\'' || c == '"') {
            while (++at < sql.size() && sql[at] != c) {
            }
            continue; // a doubled quote opens the next piece at once
        }
        if (c == '(' && ++depth == 1) first = at + 1;
        const bool ends = depth == 1 && (c == ',' || c == ')');
        if (ends) {
            auto text = sql.substr(first, at - first);
            while (text.starts_with(' ')) text.remove_prefix(1);
            if (text.starts_with(start)) return clause{first, at};
            first = at + 1;
        }
        if (c == ')') --depth;
    }
    return std::nullopt;
}

// iris_without_constraint(definition, quoted name)
void without_constraint(sqlite3_context* context, int, sqlite3_value** values) {
    const auto sql = text_argument(values[0]);
    const auto found = find_clause(sql, "CONSTRAINT " + std::string(text_argument(values[1])) + " ");
    if (!found) {
        raise(context, 317, "The constraint is part of a definition that cannot be changed");
        return;
    }
    return_text(context, std::string(sql.substr(0, found->first - 1)) + std::string(sql.substr(found->end)));
}

// iris_with_not_null(definition, quoted column)
void with_not_null(sqlite3_context* context, int, sqlite3_value** values) {
    const auto sql = text_argument(values[0]);
    const auto found = find_clause(sql, std::string(text_argument(values[1])) + " ");
    if (!found) {
        raise(context, 400, "The column is not found in the definition of its table");
        return;
    }
    return_text(context, std::string(sql.substr(0, found->end)) + " NOT NULL" + std::string(sql.substr(found->end)));
}

// iris_with_constraint(definition, constraint)
void with_constraint(sqlite3_context* context, int, sqlite3_value** values) {
    const auto sql = text_argument(values[0]);
    const auto end = sql.rfind(')');
    return_text(context, std::string(sql.substr(0, end)) + ", " + std::string(text_argument(values[1])) + std::string(sql.substr(std::min(end, sql.size()))));
}

} // namespace

void register_schema_functions(sqlite3* db) {
    register_function(db, "iris_require", 3, require, false);
    register_function(db, "iris_without_constraint", 2, without_constraint);
    register_function(db, "iris_with_not_null", 2, with_not_null);
    register_function(db, "iris_with_constraint", 2, with_constraint);
}

} // namespace irislink::sandbox::sql
