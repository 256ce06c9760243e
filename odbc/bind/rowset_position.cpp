#include "odbc/bind/rowset_position.hpp"

#include <algorithm>
#include <string>

#include "odbc/diag/odbc_error.hpp"

namespace irislink::odbc {
namespace {

using place = rowset_position::place;

// Programs may ask for any offset and size; no result is as long as this, and sums of two do not overflow.
constexpr SQLLEN farthest = SQLLEN{1} << 60;

// One fetch: the names are those of the reference's tables.
struct fetch {
    rowset_position from;
    SQLLEN offset;
    SQLLEN rowset_size;
    SQLLEN last_row;

    [[nodiscard]] rowset_move before() const { return {{place::before_start, 0, rowset_size}}; }

    [[nodiscard]] rowset_move after() const { return {{place::after_end, 0, rowset_size}}; }

    [[nodiscard]] rowset_move row(SQLLEN number) const {
        if (number < 1) return before();
        if (number > last_row) return after();
        return {{place::rows, number, rowset_size}};
    }

    // Asked for rows before the first, but not for a whole rowset of them.
    [[nodiscard]] rowset_move shortened() const {
        if (last_row == 0) return before();
        auto out = row(1);
        out.shortened = true;
        return out;
    }

    [[nodiscard]] rowset_move next() const {
        switch (from.at) {
        case place::before_start: return row(1);
        case place::rows: return row(from.start + from.size);
        default: return after();
        }
    }

    [[nodiscard]] rowset_move prior() const {
        switch (from.at) {
        case place::before_start: return before();
        case place::rows:
            if (from.start == 1) return before();
            return from.start <= rowset_size ? shortened() : row(from.start - rowset_size);
        default: return last_row < rowset_size ? shortened() : row(last_row - rowset_size + 1);
        }
    }

    [[nodiscard]] rowset_move absolute() const {
        if (offset >= 0) return row(offset);
        if (-offset <= last_row) return row(last_row + offset + 1);
        return -offset > rowset_size ? before() : shortened();
    }

    [[nodiscard]] rowset_move relative() const {
        switch (from.at) {
        case place::before_start: return offset > 0 ? absolute() : before();
        case place::after_end: return offset < 0 ? absolute() : after();
        default: break;
        }
        if (from.start + offset >= 1) return row(from.start + offset);
        return from.start == 1 || -offset > rowset_size ? before() : shortened();
    }
};

[[noreturn]] void no_orientation(SQLSMALLINT orientation) {
    fail("HY106", "There is no fetch orientation " + std::to_string(orientation));
}

} // namespace

void require_orientation(SQLSMALLINT orientation) {
    const bool known = (orientation >= SQL_FETCH_NEXT && orientation <= SQL_FETCH_RELATIVE) || orientation == SQL_FETCH_BOOKMARK;
    if (!known) no_orientation(orientation);
}

rowset_move move_rowset(const rowset_position& from, SQLSMALLINT orientation, SQLLEN offset, SQLULEN size, SQLLEN rows, SQLLEN bookmark) {
    const auto rowset_size = static_cast<SQLLEN>(std::min<SQLULEN>(size, farthest));
    const fetch wanted{from, std::clamp(offset, -farthest, farthest), rowset_size, rows};
    switch (orientation) {
    case SQL_FETCH_NEXT: return wanted.next();
    case SQL_FETCH_PRIOR: return wanted.prior();
    case SQL_FETCH_FIRST: return wanted.row(1);
    case SQL_FETCH_LAST: return wanted.row(std::max<SQLLEN>(rows - rowset_size + 1, 1));
    case SQL_FETCH_ABSOLUTE: return wanted.absolute();
    case SQL_FETCH_RELATIVE: return wanted.relative();
    case SQL_FETCH_BOOKMARK: return wanted.row(bookmark + wanted.offset);
    default: no_orientation(orientation);
    }
}

} // namespace irislink::odbc
