#pragma once
// From a parameter buffer of the application to the value that is sent. The rules are the other table
// of ODBC's Appendix D, "Converting Data from C to SQL Data Types": text that would be cut is an error
// here, not a warning.

#include "irislink/value.hpp"
#include "odbc/convert/convert.hpp"
#include "odbc/convert/outcome.hpp"
#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

// One parameter of one row: the APD record's buffer and the IPD record's type. Data at execution comes
// here once its pieces are together.
struct parameter {
    const void* data{nullptr};
    // *SQL_DESC_INDICATOR_PTR: SQL_NULL_DATA is NULL; SQL_NTS or a size in bytes are the length. Without
    // an indicator or length pointer the caller gives SQL_NTS.
    SQLLEN length{SQL_NTS};
    SQLSMALLINT sql_code{SQL_VARCHAR}; // SQL_DESC_CONCISE_TYPE of the IPD: ranges of the integer types
    SQLLEN capacity{0};                // bytes of `data`; bounds the search for a terminator when positive
    SQLULEN column_size{0};            // SQL_DESC_LENGTH or SQL_DESC_PRECISION of the IPD; 0: not declared
    SQLSMALLINT decimals{-1};          // SQL_DESC_SCALE, or SQL_DESC_PRECISION of times; -1: not declared
    SQLSMALLINT precision{38};         // APD: SQL_C_NUMERIC
    SQLSMALLINT scale{0};              // APD: SQL_C_NUMERIC
};

// Replaces `out`; leaves it alone when the outcome is an error. Throws std::bad_alloc, nothing else.
// NULL becomes null, text without characters becomes text without characters (wire-sql 1.3).
using parameter_fn = outcome (*)(const parameter& in, value& out);

// Null: no such conversion (07006). `sql_code` is SQLBindParameter's ParameterType; a type that the
// server has not (intervals) gives a function whose outcome is not_supported.
[[nodiscard]] parameter_fn find_parameter_conversion(SQLSMALLINT c_type, SQLSMALLINT sql_code, wide_width width = wide_width::two) noexcept;

} // namespace irislink::odbc
