// Results of a statement.

#include <algorithm>

#include "odbc/bind/bookmark.hpp"
#include "odbc/handle/statement.hpp"
#include "odbc/info/type_table.hpp"

namespace irislink::odbc {

void statement::describe(const std::vector<column>& columns) {
    ird().set_count(static_cast<SQLSMALLINT>(columns.size()));
    const bool wide = telling().wide;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        auto each = columns[i];
        if (wide) each.type = wide_of(each.type);
        ird().record(static_cast<SQLSMALLINT>(i + 1)) = column_record(each);
    }
    std::optional<descriptor_record> bookmark;
    if (has_bookmarks()) {
        column row_number;
        row_number.type = use_bookmarks_ == SQL_UB_FIXED ? sql_type::bigint : sql_type::binary;
        row_number.precision = bookmark_bytes;
        row_number.nullable = SQL_NO_NULLS;
        bookmark = column_record(row_number);
    }
    ird().set_bookmark(std::move(bookmark));
}

descriptor& statement::described(bool wanted) {
    require_no_needs();
    if (state_ == state::allocated) fail("HY010", "The statement is neither prepared nor executed");
    if (wanted && ird().count() == 0) fail("07005", "The statement returns no rows");
    return ird();
}

bool statement::fetch_waits() {
    if (!cursor_) return false;
    const std::unique_lock lock(parent_.line, std::try_to_lock);
    return !lock.owns_lock() || !cursor_->is_at_hand(ard().header.array_size);
}

bool statement::data_waits(SQLUSMALLINT column) {
    if (!cursor_ || column == 0 || column > cursor_->columns().size()) return false;
    const std::unique_lock lock(parent_.line, std::try_to_lock);
    return !lock.owns_lock() || driver::is_long(cursor_->columns()[column - std::size_t{1}].type);
}

void statement::require_cursor() const {
    require_no_needs();
    if (state_ == state::allocated) fail("HY010", "The statement is not executed");
    if (!cursor_) fail("24000", "There is no open cursor");
}

SQLRETURN statement::fetch() {
    return scroll(SQL_FETCH_NEXT, 0);
}

SQLRETURN statement::scroll(SQLSMALLINT orientation, SQLLEN offset) {
    require_cursor();
    const auto bookmark = orientation == SQL_FETCH_BOOKMARK ? bookmarked_row(fetch_bookmark_) : SQLLEN{0};
    return fetch_rowset(orientation, offset, bookmark, {ard().header.array_size, ird().header.array_status_ptr, ird().header.rows_processed_ptr});
}

SQLRETURN statement::extended_fetch(SQLSMALLINT orientation, SQLLEN offset, SQLULEN* fetched, SQLUSMALLINT* status) {
    require_cursor();
    const rowset into{extended_rowset_size_, status, fetched, true};
    // ODBC 2 gives the bookmark itself where others give an offset.
    if (orientation == SQL_FETCH_BOOKMARK) return fetch_rowset(orientation, 0, bookmarked_row(&offset), into);
    return fetch_rowset(orientation, offset, 0, into);
}

statement::stepped statement::write_row(const rowset_writer::place& at, SQLUSMALLINT& status) {
    status = SQL_ROW_ERROR;
    auto out = stepped::failed;
    try {
        if (!cursor_->next()) return stepped::nowhere;
        out = stepped::onto_row;
        status = writer_.write(*cursor_, ard(), at, diag);
    } catch (const error& failed) {
        // The rows before it are good; the error belongs to this one. It stays until the cursor is closed.
        auto record = record_of(failed.record());
        record.row = static_cast<SQLLEN>(at.index) + 1;
        diag.add(std::move(record));
    }
    return out;
}

SQLRETURN statement::fetch_rowset(SQLSMALLINT orientation, SQLLEN offset, SQLLEN bookmark, const rowset& into) {
    const bool kept = cursor_->is_kept();
    if (rowset_ && rowset_->extended != into.extended) fail("HY010", "SQLExtendedFetch and the other ways to fetch do not mix in one cursor");
    if (!kept && orientation != SQL_FETCH_NEXT) fail("HY106", "The cursor is forward-only: only SQL_FETCH_NEXT is possible");
    writer_.plan(ard(), cursor_->columns(), has_bookmarks());
    rowset_move move;
    if (kept) {
        move = move_rowset(position_, orientation, offset, into.size, static_cast<SQLLEN>(cursor_->rows()), bookmark);
    } else {
        // Whether there are such rows is seen when they are asked for.
        move.to = {rowset_position::place::rows, position_.on_rows() ? position_.start + static_cast<SQLLEN>(rowset_rows_) : 1, 0};
    }
    reader_.forget();
    row_is_there_ = false;
    position_ = move.to;
    rowset_ = into;
    rowset_rows_ = current_ = 0;
    if (into.fetched != nullptr) *into.fetched = 0;
    if (into.status != nullptr) std::fill_n(into.status, into.size, SQLUSMALLINT{SQL_ROW_NOROW});
    if (!position_.on_rows()) return SQL_NO_DATA;
    if (move.shortened) diag.warn("01S06", "There were fewer rows before; the first rowset was fetched");
    if (kept) cursor_->seek(static_cast<std::size_t>(position_.start) - 1);
    cursor_->begin_rowset(into.size > 1, parent_.settings().static_cursor_limit);
    SQLULEN failed_rows = 0;
    on_line([&](driver::session&) {
        for (SQLULEN i = 0; i < into.size; ++i) {
            SQLUSMALLINT status = SQL_ROW_ERROR;
            const auto step = write_row({i, into.size > 1, position_.start + static_cast<SQLLEN>(i)}, status);
            if (step == stepped::nowhere) break;
            row_is_there_ = row_is_there_ || step == stepped::onto_row;
            ++rowset_rows_;
            if (into.status != nullptr) into.status[i] = status;
            if (status == SQL_ROW_ERROR) ++failed_rows;
            if (step == stepped::failed || !cursor_->session().alive()) break;
        }
    });
    if (into.fetched != nullptr) *into.fetched = rowset_rows_;
    if (rowset_rows_ == 0) return SQL_NO_DATA;
    return failed_rows == rowset_rows_ ? SQL_ERROR : SQL_SUCCESS;
}

SQLRETURN statement::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, target to) {
    require_no_needs();
    if (work_.streams) return get_stream_data(column, c_type, to);
    if (!cursor_ || !row_is_there_) fail("24000", "There is no current row: fetch one first");
    if (column > cursor_->columns().size() || (column == 0 && !has_bookmarks())) fail("07009", "There is no column " + std::to_string(column));
    if (c_type == SQL_ARD_TYPE) {
        const auto* const record = ard().find(static_cast<SQLSMALLINT>(column));
        if (record == nullptr) fail("07009", "Column " + std::to_string(column) + " has no descriptor record");
        c_type = record->concise_type;
        to.precision = record->precision;
        to.scale = record->scale;
    } else if (!is_c_type(c_type) || (column == 0 && !is_bookmark_type(c_type))) {
        fail("HY003", "There is no C type " + std::to_string(c_type) + (column == 0 ? " of bookmarks" : ""));
    }
    if (to.capacity < 0) fail("HY090", "The buffer length is negative");
    if (column == 0) return reader_.read_bookmark(static_cast<SQLLEN>(current_row()), c_type, to, diag);
    return on_line([&](driver::session&) {
        stand_on_current();
        return reader_.read(*cursor_, column - std::size_t{1}, c_type, to, diag);
    });
}

void statement::close_cursor(bool quietly) {
    require_no_needs();
    if (!cursor_ && !quietly) fail("24000", "There is no open cursor");
    end_work();
}

} // namespace irislink::odbc
