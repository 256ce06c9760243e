#pragma once
// The server's SQL types as ODBC has them: source of SQLGetTypeInfo and of the column fields that
// follow from the type. Sizes as wire-sql 8.6 and 8.7 and Appendix D of the ODBC reference have them.

#include <span>
#include <string_view>

#include "irislink/value.hpp"
#include "odbc/descriptor/descriptor.hpp"

namespace irislink::odbc {

inline constexpr SQLINTEGER not_applicable = -1; // NULL in SQLGetTypeInfo

struct type_facts {
    sql_type type;
    std::string_view name;
    SQLINTEGER size; // the greatest column size
    std::string_view quote_before;
    std::string_view quote_after;
    std::string_view create_parameters;
    bool case_sensitive;
    SQLSMALLINT searchable;
    SQLINTEGER is_unsigned; // 0, 1 or not_applicable
    SQLINTEGER minimum_scale;
    SQLINTEGER maximum_scale;
    SQLINTEGER radix;        // or not_applicable
    SQLINTEGER display_size; // 0: the column size
    SQLLEN octet_length;     // 0: the column size
    bool offered;            // in SQLGetTypeInfo
};

[[nodiscard]] std::span<const type_facts> type_table() noexcept;
// Those of VARCHAR for a type that is not in the table.
[[nodiscard]] const type_facts& facts_of(sql_type type) noexcept;

// What types are called towards the program: ODBC 2's codes of dates for its programs, wide types for text where
// "Unicode SQLTypes" is on. Both may be told of a type that was told already.
struct type_telling {
    bool odbc2{false};
    bool wide{false};

    [[nodiscard]] SQLSMALLINT operator()(SQLSMALLINT concise) const noexcept;
};

// The size that ODBC gives to a type of fixed size (Appendix D, "Column Size"): servers say how many digits a DOUBLE
// may be written with (20), programs want to know how many it keeps (15). `said` for types that have sizes of their own.
[[nodiscard]] std::int64_t told_size(sql_type type, std::int64_t said) noexcept;

// The wide type of narrow text; any other type is itself.
[[nodiscard]] sql_type wide_of(sql_type type) noexcept;

// The IRD record of a column.
[[nodiscard]] descriptor_record column_record(const column& in);
// What SQLDescribeCol and SQLDescribeParam call column size and decimal digits.
[[nodiscard]] SQLULEN column_size_of(const descriptor_record& in) noexcept;
[[nodiscard]] SQLSMALLINT decimal_digits_of(const descriptor_record& in) noexcept;

} // namespace irislink::odbc
