#pragma once
// Where a scrollable cursor's rowset begins, and where a fetch takes it: the tables of "SQLFetchScroll",
// ODBC reference, as one function. Rows count from 1. No state of its own; any thread.

#include <cstdint>

#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

struct rowset_position {
    enum class place : std::uint8_t { before_start, rows, after_end };

    place at{place::before_start};
    SQLLEN start{0}; // the rowset's first row, when there is one
    SQLLEN size{1};  // the rowset size of the fetch that led here

    [[nodiscard]] bool on_rows() const noexcept { return at == place::rows; }
};

struct rowset_move {
    rowset_position to;
    bool shortened{false}; // 01S06: there were fewer rows before than asked for, the first rowset was taken
};

// Throws HY106 for what is no orientation of SQLFetchScroll.
void require_orientation(SQLSMALLINT orientation);

// `size`: the rowset size of this fetch; `rows`: how many the result has. With
// SQL_FETCH_BOOKMARK, `bookmark` is the row that the bookmark names. Throws HY106.
[[nodiscard]] rowset_move move_rowset(const rowset_position& from, SQLSMALLINT orientation, SQLLEN offset, SQLULEN size, SQLLEN rows, SQLLEN bookmark = 0);

} // namespace irislink::odbc
