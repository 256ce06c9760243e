#include <algorithm>
#include <array>
#include <charconv>

#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/sql_error.hpp"

namespace irislink::sandbox::sql {
namespace {

// Words that cannot be names unless delimited.
constexpr std::array reserved{
    "ALL",     "ALTER",   "AND",     "ANY",        "AS",     "ASC",     "BETWEEN",  "BY",           "CASE",         "CAST",
    "CHECK",   "COLLATE", "COMMIT",  "CONSTRAINT", "CREATE", "CROSS",   "CURRENT",  "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP",
    "DEFAULT", "DELETE",  "DESC",    "DISTINCT",   "DROP",   "ELSE",    "END",      "EXCEPT",       "EXISTS",       "FALSE",
    "FOREIGN", "FROM",    "FULL",    "GRANT",      "GROUP",  "HAVING",  "IN",       "INNER",        "INSERT",       "INTERSECT",
    "INTO",    "IS",      "JOIN",    "LEFT",       "LIKE",   "NATURAL", "NOT",      "NULL",         "ON",           "OR",
    "ORDER",   "OUTER",   "PRIMARY", "REFERENCES", "REVOKE", "RIGHT",   "ROLLBACK", "SELECT",       "SET",          "SOME",
    "TABLE",   "THEN",    "TO",      "TOP",        "TRUE",   "UNION",   "UNIQUE",   "UPDATE",       "USER",         "USING",
    "VALUES",  "WHEN",    "WHERE",   "WITH",
};

constexpr int depth_limit = 200;

struct type_row {
    std::string_view name;
    int code;
    int precision;
    int scale;
    int arguments; // how many of (precision, scale) may follow
};

constexpr std::array types{
    type_row{"BIT", type_code::bit, 1, 0, 0},
    type_row{"BOOLEAN", type_code::bit, 1, 0, 0},
    type_row{"TINYINT", type_code::tinyint, 3, 0, 1},
    type_row{"SMALLINT", type_code::smallint, 5, 0, 1},
    type_row{"INT", type_code::integer, 10, 0, 1},
    type_row{"INTEGER", type_code::integer, 10, 0, 1},
    type_row{"MEDIUMINT", type_code::integer, 10, 0, 1},
    type_row{"SERIAL", type_code::bigint, 19, 0, 0},
    type_row{"BIGINT", type_code::bigint, 19, 0, 1},
    type_row{"NUMERIC", type_code::numeric, 15, 0, 2},
    type_row{"NUMBER", type_code::numeric, 15, 0, 2},
    type_row{"DECIMAL", type_code::numeric, 15, 0, 2},
    type_row{"DEC", type_code::numeric, 15, 0, 2},
    type_row{"MONEY", type_code::numeric, 18, 4, 0},
    type_row{"SMALLMONEY", type_code::numeric, 18, 4, 0},
    type_row{"DOUBLE", type_code::real, 20, 0, 1},
    type_row{"FLOAT", type_code::real, 20, 0, 1},
    type_row{"REAL", type_code::real, 20, 0, 0},
    type_row{"VARCHAR", type_code::varchar, 1, 0, 1},
    type_row{"VARCHAR2", type_code::varchar, 1, 0, 1},
    type_row{"NVARCHAR", type_code::varchar, 1, 0, 1},
    type_row{"CHAR", type_code::varchar, 1, 0, 1},
    type_row{"CHARACTER", type_code::varchar, 1, 0, 1},
    type_row{"NCHAR", type_code::varchar, 1, 0, 1},
    type_row{"STRING", type_code::varchar, 32749, 0, 1},
    type_row{"LONGVARCHAR", type_code::longvarchar, 2147483647, 0, 1},
    type_row{"LONG", type_code::longvarchar, 2147483647, 0, 1},
    type_row{"CLOB", type_code::longvarchar, 2147483647, 0, 1},
    type_row{"TEXT", type_code::longvarchar, 2147483647, 0, 1},
    type_row{"NTEXT", type_code::longvarchar, 2147483647, 0, 1},
    type_row{"VARBINARY", type_code::varbinary, 32749, 0, 1},
    type_row{"BINARY", type_code::varbinary, 1, 0, 1},
    type_row{"RAW", type_code::varbinary, 32749, 0, 1},
    type_row{"LONGVARBINARY", type_code::longvarbinary, 2147483647, 0, 1},
    type_row{"BLOB", type_code::longvarbinary, 2147483647, 0, 1},
    type_row{"IMAGE", type_code::longvarbinary, 2147483647, 0, 1},
    type_row{"DATE", type_code::date, 10, 0, 0},
    type_row{"TIME", type_code::time, 8, 0, 1},
    type_row{"TIMESTAMP", type_code::timestamp, 29, 9, 1},
    type_row{"TIMESTAMP2", type_code::timestamp, 29, 9, 1},
    type_row{"POSIXTIME", type_code::timestamp, 26, 6, 0},
    type_row{"DATETIME", type_code::timestamp, 29, 9, 0},
    type_row{"DATETIME2", type_code::timestamp, 29, 9, 1},
    type_row{"SMALLDATETIME", type_code::timestamp, 19, 0, 0},
    type_row{"UNIQUEIDENTIFIER", type_code::guid, 36, 0, 0},
    type_row{"ROWVERSION", type_code::bigint, 19, 0, 0},
    type_row{"SQL_BIT", type_code::bit, 1, 0, 0},
    type_row{"SQL_TINYINT", type_code::tinyint, 3, 0, 0},
    type_row{"SQL_SMALLINT", type_code::smallint, 5, 0, 0},
    type_row{"SQL_INTEGER", type_code::integer, 10, 0, 0},
    type_row{"SQL_BIGINT", type_code::bigint, 19, 0, 0},
    type_row{"SQL_NUMERIC", type_code::numeric, 15, 0, 0},
    type_row{"SQL_DECIMAL", type_code::numeric, 15, 0, 0},
    type_row{"SQL_DOUBLE", type_code::real, 20, 0, 0},
    type_row{"SQL_FLOAT", type_code::real, 20, 0, 0},
    type_row{"SQL_REAL", type_code::real, 20, 0, 0},
    type_row{"SQL_VARCHAR", type_code::varchar, 32749, 0, 0},
    type_row{"SQL_CHAR", type_code::varchar, 32749, 0, 0},
    type_row{"SQL_WVARCHAR", type_code::varchar, 32749, 0, 0},
    type_row{"SQL_LONGVARCHAR", type_code::longvarchar, 2147483647, 0, 0},
    type_row{"SQL_VARBINARY", type_code::varbinary, 32749, 0, 0},
    type_row{"SQL_BINARY", type_code::varbinary, 32749, 0, 0},
    type_row{"SQL_DATE", type_code::date, 10, 0, 0},
    type_row{"SQL_TIME", type_code::time, 8, 0, 0},
    type_row{"SQL_TIMESTAMP", type_code::timestamp, 29, 9, 0},
};

} // namespace

parser::depth_guard::depth_guard(parser& owner) : owner_(&owner) {
    if (++owner.depth_ > depth_limit) {
        --owner.depth_;
        owner.fail(1, "SQL statement is nested too deeply");
    }
}

const token& parser::ahead(std::size_t n) const {
    return tokens_[std::min(at_ + n, tokens_.size() - 1)];
}

bool parser::is_word(std::string_view word, std::size_t n) const {
    const auto& t = ahead(n);
    return t.kind == token_kind::identifier && t.upper == word;
}

bool parser::is_symbol(std::string_view symbol, std::size_t n) const {
    const auto& t = ahead(n);
    return t.kind == token_kind::symbol && t.text == symbol;
}

bool parser::accept_word(std::string_view word) {
    if (!is_word(word)) return false;
    ++at_;
    return true;
}

bool parser::accept_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    ++at_;
    return true;
}

void parser::expect_word(std::string_view word) {
    if (!accept_word(word)) unexpected(word);
}

void parser::expect_symbol(std::string_view symbol) {
    if (!accept_symbol(symbol)) unexpected(symbol);
}

void parser::fail(int code, const std::string& what) const {
    throw sql_error(code, what);
}

void parser::unexpected(std::string_view wanted) const {
    const auto& t = current();
    std::string found = "end of statement";
    if (t.kind == token_kind::parameter) {
        found = "host variable";
    } else if (t.kind != token_kind::end) {
        found = t.kind == token_kind::identifier ? "IDENTIFIER (" + t.text + ")" : "'" + t.text + "'";
    }
    fail(1, std::string(wanted) + " expected, " + found + " found at position " + std::to_string(t.position));
}

bool parser::is_name(std::size_t n) const {
    const auto& t = ahead(n);
    if (t.kind == token_kind::delimited) return true;
    if (t.kind != token_kind::identifier) return false;
    return !std::ranges::binary_search(reserved, std::string_view(t.upper), {}, [](const auto& word) { return std::string_view(word); });
}

std::string parser::name(std::string_view what) {
    if (!is_name()) unexpected(what);
    return tokens_[at_++].text;
}

table_name parser::qualified_name(std::string_view what) {
    table_name out;
    out.name = name(what);
    while (accept_symbol(".")) {
        out.schema = out.schema.empty() ? out.name : out.schema + "_" + out.name;
        out.name = name(what);
    }
    return out;
}

std::vector<std::string> parser::name_list() {
    std::vector<std::string> out;
    expect_symbol("(");
    do {
        out.push_back(name("column name"));
    } while (accept_symbol(","));
    expect_symbol(")");
    return out;
}

// %NOLOCK, %NOINDEX and their like say how to run a statement; they change no result here.
void parser::skip_set_keywords() {
    static constexpr std::array known{"%NOLOCK",   "%NOCHECK", "%NOINDEX",  "%NOTRIGGER",    "%NOJOURN",    "%NOFPLAN",   "%NORUNTIME",
                                      "%PARALLEL", "%FULL",    "%INORDER",  "%IGNOREINDEX",  "%ALLINDEX",   "%NOFLATTEN", "%NOMERGE",
                                      "%NOREDUCE", "%NOSVSO",  "%NOTOPOPT", "%NOUNIONOROPT", "%STARTTABLE", "%FIRSTTABLE"};
    while (current().kind == token_kind::identifier && std::ranges::find(known, std::string_view(current().upper)) != known.end()) ++at_;
}

sql_type parser::type() {
    if (current().kind != token_kind::identifier) unexpected("data type");
    const auto& word = current();
    const auto* const row = std::ranges::find(types, std::string_view(word.upper), &type_row::name);
    if (row == types.end()) fail(1, "Unknown data type '" + word.text + "'");
    ++at_;
    sql_type out{row->code, row->precision, row->scale};
    if (word.upper == "DOUBLE") accept_word("PRECISION");
    if (word.upper == "LONG") {
        accept_word("VARCHAR");
        if (accept_word("VARBINARY") || accept_word("RAW")) out.code = type_code::longvarbinary;
    }
    if (word.upper == "CHAR" || word.upper == "CHARACTER") accept_word("VARYING");
    if (word.upper == "BINARY") accept_word("VARYING");
    if (!accept_symbol("(")) return out;
    if (row->arguments == 0) fail(1, "Data type '" + word.text + "' takes no length");
    int index = 0;
    do {
        if (current().kind != token_kind::number || index >= row->arguments) unexpected("length");
        int number = 0;
        const auto& text = current().text;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{} || end != text.data() + text.size() || number < 0) fail(1, "Invalid length '" + text + "'");
        ++at_;
        const bool temporal = out.code == type_code::time || out.code == type_code::timestamp;
        if (out.is_integer() || out.is_real() || out.code == type_code::longvarchar || out.code == type_code::longvarbinary) {
            // A display width; the type's own range stays.
        } else if (temporal) {
            if (number > 9) fail(1, "Precision of a time must not exceed 9");
            out.scale = number;
            out.precision = (out.code == type_code::time ? 8 : 19) + (number > 0 ? number + 1 : 0);
        } else if (index == 0) {
            out.precision = number;
        } else {
            out.scale = number;
        }
        ++index;
    } while (accept_symbol(","));
    expect_symbol(")");
    if (out.is_numeric() && (out.precision < 1 || out.precision > 18 || out.scale > out.precision)) {
        // 19 digits fit a 64-bit mantissa only in part: 18 is what every value of the type can have.
        out.precision = std::clamp(out.precision, 1, 18);
        out.scale = std::min(out.scale, out.precision);
    }
    return out;
}

statement parse(std::string_view sql) {
    return parser(sql).parse_statement();
}

} // namespace irislink::sandbox::sql
