// data table
#include "odbc/info/type_table.hpp"

#include <algorithm>
#include <array>

namespace irislink::odbc {
namespace {

constexpr SQLINTEGER none = not_applicable;

// clang-format off
constexpr std::array table{
    //                                                size            quotes          create       case   searchable           unsigned scale  radix display octets offered
    type_facts{sql_type::guid,             "UNIQUEIDENTIFIER", 36,    "'", "'",       "",          false, SQL_SEARCHABLE,      none, none, none, none, 36, 16, true},
    type_facts{sql_type::wlongvarchar,     "LONGVARCHAR", 2147483647, "'", "'",       "",          true,  SQL_PRED_CHAR,       none, none, none, none, 0, 0, false},
    type_facts{sql_type::wvarchar,         "VARCHAR",     32749,      "'", "'",       "max length", true, SQL_SEARCHABLE,      none, none, none, none, 0, 0, false},
    type_facts{sql_type::wchar,            "CHAR",        32749,      "'", "'",       "length",    true,  SQL_SEARCHABLE,      none, none, none, none, 0, 0, false},
    type_facts{sql_type::bit,              "BIT",         1,          "", "",         "",          false, SQL_PRED_BASIC,      none, none, none, none, 1, 1, true},
    type_facts{sql_type::tinyint,          "TINYINT",     3,          "", "",         "",          false, SQL_PRED_BASIC,      0,    0,    0,    10,   4, 1, true},
    type_facts{sql_type::bigint,           "BIGINT",      19,         "", "",         "",          false, SQL_PRED_BASIC,      0,    0,    0,    10,   20, 8, true},
    type_facts{sql_type::longvarbinary,    "LONGVARBINARY", 2147483647, "", "",       "",          false, SQL_PRED_NONE,       none, none, none, none, 0, 0, true},
    type_facts{sql_type::varbinary,        "VARBINARY",   32632,      "", "",         "max length", false, SQL_PRED_BASIC,     none, none, none, none, 0, 0, true},
    type_facts{sql_type::binary,           "BINARY",      32632,      "", "",         "length",    false, SQL_PRED_BASIC,      none, none, none, none, 0, 0, false},
    type_facts{sql_type::longvarchar,      "LONGVARCHAR", 2147483647, "'", "'",       "",          true,  SQL_PRED_CHAR,       none, none, none, none, 0, 0, true},
    type_facts{sql_type::character,        "CHAR",        32749,      "'", "'",       "length",    true,  SQL_SEARCHABLE,      none, none, none, none, 0, 0, true},
    type_facts{sql_type::numeric,          "NUMERIC",     18,         "", "",         "precision,scale", false, SQL_PRED_BASIC, 0,   0,    18,   10,   0, 0, true},
    type_facts{sql_type::decimal_type,     "DECIMAL",     18,         "", "",         "precision,scale", false, SQL_PRED_BASIC, 0,   0,    18,   10,   0, 0, false},
    type_facts{sql_type::integer,          "INTEGER",     10,         "", "",         "",          false, SQL_PRED_BASIC,      0,    0,    0,    10,   11, 4, true},
    type_facts{sql_type::smallint,         "SMALLINT",    5,          "", "",         "",          false, SQL_PRED_BASIC,      0,    0,    0,    10,   6, 2, true},
    type_facts{sql_type::floating,         "DOUBLE",      15,         "", "",         "",          false, SQL_PRED_BASIC,      0,    none, none, 10,   24, 8, false},
    type_facts{sql_type::real,             "REAL",        7,          "", "",         "",          false, SQL_PRED_BASIC,      0,    none, none, 10,   14, 4, false},
    type_facts{sql_type::double_precision, "DOUBLE",      15,         "", "",         "",          false, SQL_PRED_BASIC,      0,    none, none, 10,   24, 8, true},
    type_facts{sql_type::varchar,          "VARCHAR",     32749,      "'", "'",       "max length", true, SQL_SEARCHABLE,      none, none, none, none, 0, 0, true},
    type_facts{sql_type::date,             "DATE",        10,         "{d '", "'}",   "",          false, SQL_PRED_BASIC,      none, none, none, none, 10, 6, true},
    type_facts{sql_type::time,             "TIME",        18,         "{t '", "'}",   "",          false, SQL_PRED_BASIC,      none, 0,    9,    none, 18, 6, true},
    type_facts{sql_type::timestamp,        "TIMESTAMP",   29,         "{ts '", "'}",  "",          false, SQL_PRED_BASIC,      none, 0,    9,    none, 29, 16, true},
};

// clang-format on

bool is_exact(sql_type type) {
    return type == sql_type::numeric || type == sql_type::decimal_type;
}

bool is_wide(sql_type type) {
    return type == sql_type::wchar || type == sql_type::wvarchar || type == sql_type::wlongvarchar;
}

// Text, binary: whatever the column's own length counts for.
bool is_sized(sql_type type) {
    switch (type) {
    case sql_type::character:
    case sql_type::varchar:
    case sql_type::longvarchar:
    case sql_type::wchar:
    case sql_type::wvarchar:
    case sql_type::wlongvarchar:
    case sql_type::binary:
    case sql_type::varbinary:
    case sql_type::longvarbinary: return true;
    default: return false;
    }
}

bool is_bytes(sql_type type) {
    return type == sql_type::binary || type == sql_type::varbinary || type == sql_type::longvarbinary;
}

} // namespace

std::span<const type_facts> type_table() noexcept {
    return table;
}

const type_facts& facts_of(sql_type type) noexcept {
    const auto* const found = std::ranges::find(table, type, &type_facts::type);
    return found == table.end() ? *std::ranges::find(table, sql_type::varchar, &type_facts::type) : *found;
}

std::int64_t told_size(sql_type type, std::int64_t said) noexcept {
    return type == sql_type::double_precision || type == sql_type::floating || type == sql_type::real ? facts_of(type).size : said;
}

sql_type wide_of(sql_type type) noexcept {
    switch (type) {
    case sql_type::character: return sql_type::wchar;
    case sql_type::varchar: return sql_type::wvarchar;
    case sql_type::longvarchar: return sql_type::wlongvarchar;
    default: return type;
    }
}

SQLSMALLINT type_telling::operator()(SQLSMALLINT concise) const noexcept {
    const auto told = odbc2 ? old_code_of(concise) : concise;
    return wide ? static_cast<SQLSMALLINT>(wide_of(static_cast<sql_type>(told))) : told;
}

descriptor_record column_record(const column& in) {
    const auto& facts = facts_of(in.type);
    descriptor_record out;
    const auto verbose = verbose_of(static_cast<SQLSMALLINT>(facts.type));
    out.concise_type = static_cast<SQLSMALLINT>(facts.type);
    out.type = verbose.type;
    out.datetime_interval_code = verbose.code;
    const bool fraction = in.type == sql_type::time || in.type == sql_type::timestamp;
    const bool own_size = is_sized(facts.type) || is_exact(facts.type);
    auto size = static_cast<SQLLEN>(facts.size);
    if (own_size && in.precision > 0) size = in.precision;
    const auto scale = static_cast<SQLSMALLINT>(std::clamp(in.scale, 0, 38));
    if (fraction) {
        // A scale that is not said is up to nine digits: whoever makes room must have enough.
        const int digits = in.scale < 0 || in.scale > 9 ? 9 : in.scale;
        size = (in.type == sql_type::time ? 8 : 19) + (digits > 0 ? digits + 1 : 0);
        out.precision = static_cast<SQLSMALLINT>(digits);
    } else if (facts.radix != none) {
        out.precision = static_cast<SQLSMALLINT>(size);
        out.scale = is_exact(facts.type) ? scale : SQLSMALLINT{0};
        out.num_prec_radix = facts.radix;
    }
    out.length = static_cast<SQLULEN>(size);
    out.octet_length = facts.octet_length != 0 ? facts.octet_length : size;
    out.display_size = facts.display_size != 0 ? facts.display_size : size;
    if (fraction) out.display_size = size;
    if (is_exact(facts.type)) out.octet_length = out.display_size = size + 2; // sign and point
    if (is_sized(facts.type)) {
        // One character may take four bytes of UTF-8, or two UTF-16 units.
        const SQLLEN limit = 2147483647;
        if (is_bytes(facts.type)) {
            out.display_size = std::min(size * 2, limit);
        } else {
            out.octet_length = std::min(size * (is_wide(facts.type) ? static_cast<SQLLEN>(sizeof(SQLWCHAR)) : 4), limit);
            // Programs of narrow calls (PDO_ODBC, DBD::ODBC) make a buffer of so many bytes and no more.
            if (!is_wide(facts.type)) out.display_size = out.octet_length;
        }
    }
    out.name = out.label = in.label;
    out.unnamed = in.label.empty() ? SQL_UNNAMED : SQL_NAMED;
    out.base_column_name = in.name;
    out.base_table_name = out.table_name = in.table;
    out.schema_name = in.schema;
    out.type_name = out.local_type_name = facts.name;
    out.literal_prefix = facts.quote_before;
    out.literal_suffix = facts.quote_after;
    out.nullable = static_cast<SQLSMALLINT>(std::clamp(in.nullable, 0, 2));
    out.auto_unique_value = in.auto_increment ? SQL_TRUE : SQL_FALSE;
    out.case_sensitive = facts.case_sensitive ? SQL_TRUE : SQL_FALSE;
    out.searchable = facts.searchable;
    out.is_unsigned = facts.is_unsigned == 0 ? SQL_FALSE : SQL_TRUE; // "or nonnumeric"
    return out;
}

SQLULEN column_size_of(const descriptor_record& in) noexcept {
    return in.length;
}

SQLSMALLINT decimal_digits_of(const descriptor_record& in) noexcept {
    return in.type == SQL_DATETIME ? in.precision : in.scale;
}

} // namespace irislink::odbc
