// Positions within a rowset, and rows by their bookmarks.

#include <cstring>

#include "odbc/bind/bookmark.hpp"
#include "odbc/handle/statement.hpp"

namespace irislink::odbc {

void statement::require_static(const char* sqlstate, const char* what) const {
    if (!cursor_->is_kept()) fail(sqlstate, std::string(what) + " needs a static cursor, and this one is forward-only");
}

SQLLEN statement::bookmarked_row(const void* bookmark) const {
    if (!has_bookmarks()) fail("HY106", "SQL_FETCH_BOOKMARK needs SQL_ATTR_USE_BOOKMARKS");
    require_static("HY106", "SQL_FETCH_BOOKMARK");
    const auto row = row_of_bookmark(bookmark, static_cast<SQLLEN>(cursor_->rows()));
    if (row == 0) fail("HY111", "There is no such bookmark in this result");
    return row;
}

// Conversions read the row that the cursor stands on, which after a fetch is the rowset's last.
void statement::stand_on_current() {
    cursor_->stand_on(cursor_->is_kept() ? static_cast<std::size_t>(current_row()) - 1 : static_cast<std::size_t>(current_));
}

SQLRETURN statement::set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock) {
    require_cursor();
    if (!row_is_there_) fail("24000", "There is no rowset: fetch one first");
    if (operation > SQL_ADD) fail("HY092", "SQLSetPos has no operation " + std::to_string(operation));
    if (lock > SQL_LOCK_UNLOCK) fail("HY092", "SQLSetPos has no kind of lock " + std::to_string(lock));
    if (operation != SQL_POSITION && operation != SQL_REFRESH) not_implemented("Changing rows through a cursor");
    if (lock != SQL_LOCK_NO_CHANGE) not_implemented("Locking rows through a cursor");
    if (operation == SQL_REFRESH) require_static("HY109", "SQL_REFRESH");
    if (row > rowset_->size) fail("HY107", "The rowset has " + std::to_string(rowset_->size) + " rows; there is no row " + std::to_string(row));
    if (row > rowset_rows_) fail("HY109", "Row " + std::to_string(row) + " of the rowset is beyond the result's last one");
    if (operation == SQL_POSITION) {
        if (row == 0) fail("HY109", "Rows of a rowset count from 1");
        reader_.forget();
        current_ = row - 1;
        return SQL_SUCCESS;
    }
    writer_.plan(ard(), cursor_->columns(), has_bookmarks());
    const auto* const skip = row == 0 ? ard().header.array_status_ptr : nullptr;
    const auto first = row == 0 ? SQLULEN{0} : row - 1;
    const auto end = row == 0 ? rowset_rows_ : row;
    auto* const statuses = rowset_->extended ? rowset_->status : ird().header.array_status_ptr;
    SQLULEN done = 0;
    SQLULEN failed = 0;
    reader_.forget();
    on_line([&](driver::session&) {
        for (auto i = first; i < end; ++i) {
            if (skip != nullptr && skip[i] == SQL_ROW_IGNORE) continue;
            SQLUSMALLINT status = SQL_ROW_ERROR;
            cursor_->seek(static_cast<std::size_t>(position_.start) - 1 + i);
            // "SQL_REFRESH does not refresh bookmarks."
            write_row({i, rowset_->size > 1, 0}, status);
            if (statuses != nullptr) statuses[i] = status;
            if (status == SQL_ROW_ERROR) ++failed;
            ++done;
        }
    });
    if (row != 0) current_ = row - 1;
    if (auto* const processed = ird().header.rows_processed_ptr) *processed = done;
    return done > 0 && failed == done ? SQL_ERROR : SQL_SUCCESS;
}

SQLRETURN statement::bulk_operations(SQLSMALLINT operation) {
    require_cursor();
    switch (operation) {
    case SQL_ADD:
    case SQL_UPDATE_BY_BOOKMARK:
    case SQL_DELETE_BY_BOOKMARK: not_implemented("Changing rows through a cursor");
    case SQL_FETCH_BY_BOOKMARK: break;
    default: fail("HY092", "SQLBulkOperations has no operation " + std::to_string(operation));
    }
    if (!has_bookmarks()) fail("HY092", "SQL_FETCH_BY_BOOKMARK needs SQL_ATTR_USE_BOOKMARKS");
    require_static("HYC00", "SQL_FETCH_BY_BOOKMARK");
    auto& bindings = ard();
    writer_.plan(bindings, cursor_->columns(), true);
    if (bindings.find(0)->data_ptr == nullptr) fail("HY111", "Column 0 is not bound: it says which rows are wanted");
    const auto size = bindings.header.array_size;
    auto* const statuses = ird().header.array_status_ptr;
    SQLULEN failed = 0;
    reader_.forget();
    on_line([&](driver::session&) {
        for (SQLULEN i = 0; i < size; ++i) {
            SQLUSMALLINT status = SQL_ROW_ERROR;
            const auto bookmark = bookmark_target(bindings, i);
            SQLLEN bytes = bookmark_bytes;
            if (bookmark.length != nullptr) std::memcpy(&bytes, static_cast<const void*>(bookmark.length), sizeof bytes); // it may lie anywhere
            const bool whole = bytes >= bookmark_bytes;
            const auto wanted = whole ? row_of_bookmark(bookmark.data, static_cast<SQLLEN>(cursor_->rows())) : SQLLEN{0};
            if (wanted == 0) {
                auto record = diag_record{"HY111", 0, "There is no such bookmark in this result"};
                record.row = static_cast<SQLLEN>(i) + 1;
                diag.add(std::move(record));
            } else {
                cursor_->seek(static_cast<std::size_t>(wanted) - 1);
                write_row({i, size > 1, 0}, status);
            }
            if (statuses != nullptr) statuses[i] = status;
            if (status == SQL_ROW_ERROR) ++failed;
        }
    });
    if (auto* const processed = ird().header.rows_processed_ptr) *processed = size;
    return failed == size ? SQL_ERROR : SQL_SUCCESS;
}

} // namespace irislink::odbc
