#pragma once
// Bookmarks: the number of a row in its static cursor, from 1, as eight bytes. The variable-length form
// (SQL_C_VARBOOKMARK) and ODBC 2's fixed one (SQL_C_BOOKMARK) hold the same.

#include <cstring>

#include "odbc/convert/place.hpp"

namespace irislink::odbc {

inline constexpr SQLLEN bookmark_bytes = sizeof(BOOKMARK);

[[nodiscard]] constexpr bool is_bookmark_type(SQLSMALLINT c_type) noexcept {
    return c_type == SQL_C_VARBOOKMARK || c_type == SQL_C_BOOKMARK || c_type == SQL_C_DEFAULT;
}

// `c_type` is SQL_C_BOOKMARK, or one that stands for SQL_C_VARBOOKMARK.
[[nodiscard]] inline outcome put_bookmark(SQLLEN row, SQLSMALLINT c_type, target& to) noexcept {
    const auto value = static_cast<BOOKMARK>(row);
    if (c_type == SQL_C_BOOKMARK) return place_value(to, value);
    std::byte bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    return place_bytes(bytes, to);
}

// The row that a program's bookmark names; 0 for none. `data` has bookmark_bytes.
[[nodiscard]] inline SQLLEN row_of_bookmark(const void* data, SQLLEN rows) noexcept {
    if (data == nullptr) return 0;
    BOOKMARK value = 0;
    std::memcpy(&value, data, sizeof value);
    return value <= static_cast<BOOKMARK>(rows) ? static_cast<SQLLEN>(value) : 0;
}

} // namespace irislink::odbc
