// The tables of "SQLFetchScroll", row by row.

#include <gtest/gtest.h>

#include <limits>

#include "odbc/bind/rowset_position.hpp"
#include "odbc/diag/odbc_error.hpp"

namespace irislink::odbc {
namespace {

using place = rowset_position::place;

constexpr SQLLEN before = 0;
constexpr SQLLEN after = -1;

rowset_position at(SQLLEN row, SQLLEN size) {
    if (row == before) return {place::before_start, 0, size};
    if (row == after) return {place::after_end, 0, size};
    return {place::rows, row, size};
}

struct expected {
    const char* rule;
    SQLSMALLINT orientation;
    SQLLEN offset;
    SQLLEN from;
    SQLLEN previous_size;
    SQLULEN size;
    SQLLEN rows;
    SQLLEN to;
    bool shortened;
};

constexpr bool cut = true;

const expected table[]{
    {"next: before start", SQL_FETCH_NEXT, 0, before, 5, 5, 100, 1, false},
    {"next: within", SQL_FETCH_NEXT, 0, 1, 5, 5, 100, 6, false},
    {"next: the rowset before it had another size", SQL_FETCH_NEXT, 0, 1, 5, 10, 100, 6, false},
    {"next: a part of a rowset is left", SQL_FETCH_NEXT, 0, 91, 8, 5, 100, 99, false},
    {"next: past the end", SQL_FETCH_NEXT, 0, 96, 5, 5, 100, after, false},
    {"next: after end", SQL_FETCH_NEXT, 0, after, 5, 5, 100, after, false},
    {"next: nothing there", SQL_FETCH_NEXT, 0, before, 5, 5, 0, after, false},
    {"prior: before start", SQL_FETCH_PRIOR, 0, before, 5, 5, 100, before, false},
    {"prior: at row 1", SQL_FETCH_PRIOR, 0, 1, 5, 5, 100, before, false},
    {"prior: less than a rowset before", SQL_FETCH_PRIOR, 0, 5, 5, 5, 100, 1, cut},
    {"prior: a rowset before", SQL_FETCH_PRIOR, 0, 6, 5, 5, 100, 1, false},
    {"prior: the new size counts", SQL_FETCH_PRIOR, 0, 50, 5, 20, 100, 30, false},
    {"prior: after end of a short result", SQL_FETCH_PRIOR, 0, after, 5, 5, 3, 1, cut},
    {"prior: after end", SQL_FETCH_PRIOR, 0, after, 5, 5, 100, 96, false},
    {"prior: after end, all rows in one", SQL_FETCH_PRIOR, 0, after, 5, 5, 5, 1, false},
    {"prior: nothing there", SQL_FETCH_PRIOR, 0, after, 5, 5, 0, before, false},
    {"first", SQL_FETCH_FIRST, 0, after, 5, 5, 100, 1, false},
    {"first: nothing there", SQL_FETCH_FIRST, 0, before, 5, 5, 0, after, false},
    {"last", SQL_FETCH_LAST, 0, before, 5, 5, 100, 96, false},
    {"last: a short result", SQL_FETCH_LAST, 0, before, 5, 5, 3, 1, false},
    {"last: nothing there", SQL_FETCH_LAST, 0, before, 5, 5, 0, after, false},
    {"absolute 0", SQL_FETCH_ABSOLUTE, 0, 50, 5, 5, 100, before, false},
    {"absolute: within", SQL_FETCH_ABSOLUTE, 100, before, 5, 5, 100, 100, false},
    {"absolute: beyond", SQL_FETCH_ABSOLUTE, 101, before, 5, 5, 100, after, false},
    {"absolute: from the end", SQL_FETCH_ABSOLUTE, -1, before, 5, 5, 100, 100, false},
    {"absolute: from the end to the first", SQL_FETCH_ABSOLUTE, -100, before, 5, 5, 100, 1, false},
    {"absolute: from the end, beyond, more than a rowset", SQL_FETCH_ABSOLUTE, -101, 1, 5, 5, 100, before, false},
    {"absolute: from the end, beyond, within a rowset", SQL_FETCH_ABSOLUTE, -4, 1, 5, 5, 3, 1, cut},
    {"absolute: from the end of nothing", SQL_FETCH_ABSOLUTE, -4, before, 5, 5, 0, before, false},
    {"relative: before start, on", SQL_FETCH_RELATIVE, 7, before, 5, 5, 100, 7, false},
    {"relative: before start, back", SQL_FETCH_RELATIVE, -7, before, 5, 5, 100, before, false},
    {"relative: before start, 0", SQL_FETCH_RELATIVE, 0, before, 5, 5, 100, before, false},
    {"relative: after end, back", SQL_FETCH_RELATIVE, -7, after, 5, 5, 100, 94, false},
    {"relative: after end, on", SQL_FETCH_RELATIVE, 0, after, 5, 5, 100, after, false},
    {"relative: at row 1, back", SQL_FETCH_RELATIVE, -1, 1, 5, 5, 100, before, false},
    {"relative: back too far, more than a rowset", SQL_FETCH_RELATIVE, -6, 3, 5, 5, 100, before, false},
    {"relative: back too far, within a rowset", SQL_FETCH_RELATIVE, -5, 3, 5, 5, 100, 1, cut},
    {"relative: back", SQL_FETCH_RELATIVE, -2, 3, 5, 5, 100, 1, false},
    {"relative: the same again", SQL_FETCH_RELATIVE, 0, 3, 5, 5, 100, 3, false},
    {"relative: on", SQL_FETCH_RELATIVE, 97, 3, 5, 5, 100, 100, false},
    {"relative: on, beyond", SQL_FETCH_RELATIVE, 98, 3, 5, 5, 100, after, false},
    {"offsets without bounds", SQL_FETCH_RELATIVE, std::numeric_limits<SQLLEN>::max(), 3, 5, 5, 100, after, false},
    {"offsets without bounds", SQL_FETCH_RELATIVE, std::numeric_limits<SQLLEN>::min(), 3, 5, 5, 100, before, false},
    {"offsets without bounds", SQL_FETCH_ABSOLUTE, std::numeric_limits<SQLLEN>::min(), 3, 5, 5, 100, before, false},
    {"sizes without bounds", SQL_FETCH_LAST, 0, 3, 5, std::numeric_limits<SQLULEN>::max(), 100, 1, false},
};

TEST(RowsetPosition, IsThatOfTheReference) {
    for (const auto& each : table) {
        const auto moved = move_rowset(at(each.from, each.previous_size), each.orientation, each.offset, each.size, each.rows);
        const auto found = moved.to.on_rows() ? moved.to.start : moved.to.at == place::before_start ? before : after;
        EXPECT_EQ(found, each.to) << each.rule;
        EXPECT_EQ(moved.shortened, each.shortened) << each.rule;
    }
}

TEST(RowsetPosition, FromABookmark) {
    const auto moved = [](SQLLEN bookmark, SQLLEN offset) { return move_rowset(at(50, 5), SQL_FETCH_BOOKMARK, offset, 5, 100, bookmark).to; };
    EXPECT_EQ(moved(10, 0).start, 10);
    EXPECT_EQ(moved(10, -9).start, 1);
    EXPECT_EQ(moved(10, 90).start, 100);
    EXPECT_EQ(moved(10, -10).at, place::before_start);
    EXPECT_EQ(moved(10, 91).at, place::after_end);
}

TEST(RowsetPosition, OtherOrientationsAreNone) {
    EXPECT_THROW((void)move_rowset({}, 7, 0, 1, 1), odbc_error);
    EXPECT_THROW((void)move_rowset({}, -1, 0, 1, 1), odbc_error);
}

} // namespace
} // namespace irislink::odbc
