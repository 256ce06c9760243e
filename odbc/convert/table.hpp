#pragma once
// The table of both directions, and the types it speaks of. One row per C type, one column per family
// of SQL types; an empty cell is a decision (07006). docs/types.md shows it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "odbc/convert/convert.hpp"
#include "odbc/convert/parameter.hpp"

namespace irislink::odbc {

// SQL types that convert alike.
enum class sql_family : std::uint8_t { character, exact, integer, approximate, bit, binary, date, time, timestamp, guid, interval };
inline constexpr std::size_t sql_families = 11;
inline constexpr std::size_t fetched_families = 10; // intervals are no column's type

struct sql_type_row {
    SQLSMALLINT code;
    std::string_view name;
    sql_family family;
    SQLSMALLINT default_c_type;
};

// C types; the two widths of SQL_C_WCHAR apart. Thirteen intervals follow `first_interval`.
enum class c_kind : std::uint8_t {
    character,
    wide2,
    wide4,
    bit,
    numeric,
    stinyint,
    utinyint,
    sshort,
    ushort,
    slong,
    ulong,
    sbigint,
    ubigint,
    single,
    binary64,
    binary,
    date,
    time,
    timestamp,
    guid,
    first_interval,
};
inline constexpr std::size_t c_kinds = static_cast<std::size_t>(c_kind::first_interval) + 13;

struct c_type_row {
    SQLSMALLINT code;
    std::string_view name;
    c_kind kind;
    SQLLEN size; // 0: as long as the buffer
};

// One cell: what runs, and the SQLSTATEs it may end with beside success. Null: 07006.
template <class Function> struct cell {
    Function run{nullptr};
    std::string_view states{};
};

using fetch_row = std::array<cell<convert_fn>, fetched_families>;
using parameter_row = std::array<cell<parameter_fn>, sql_families>;

extern const std::array<fetch_row, c_kinds> fetch_table;
extern const std::array<parameter_row, c_kinds> parameter_table;

[[nodiscard]] const sql_type_row* find_sql_type(SQLSMALLINT code) noexcept;
[[nodiscard]] const c_type_row* find_c_type(SQLSMALLINT code) noexcept;
// The table's row for a C type, SQL_C_WCHAR as wide as `width` says; nothing when there is no such type.
[[nodiscard]] std::optional<c_kind> row_of_c_type(SQLSMALLINT code, wide_width width) noexcept;

// docs/types.md, made from the tables.
[[nodiscard]] std::string types_page();

} // namespace irislink::odbc
