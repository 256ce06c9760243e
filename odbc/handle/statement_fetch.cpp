// Results of a statement.

#include "odbc/handle/statement.hpp"
#include "odbc/info/type_table.hpp"

namespace irislink::odbc {

void statement::describe(const std::vector<column>& columns) {
    ird().set_count(static_cast<SQLSMALLINT>(columns.size()));
    for (std::size_t i = 0; i < columns.size(); ++i) ird().record(static_cast<SQLSMALLINT>(i + 1)) = column_record(columns[i]);
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

SQLRETURN statement::fetch() {
    require_no_needs();
    if (state_ == state::allocated) fail("HY010", "The statement is not executed");
    if (!cursor_) fail("24000", "There is no open cursor");
    auto& bindings = ard();
    writer_.plan(bindings, cursor_->columns());
    const auto size = bindings.header.array_size;
    auto* const status = ird().header.array_status_ptr;
    auto* const fetched = ird().header.rows_processed_ptr;
    reader_.forget();
    row_is_there_ = false;
    if (fetched != nullptr) *fetched = 0;
    for (SQLULEN i = 0; status != nullptr && i < size; ++i) status[i] = SQL_ROW_NOROW;
    SQLULEN rows = 0;
    SQLULEN failed_rows = 0;
    on_line([&](driver::session&) {
        for (SQLULEN i = 0; i < size; ++i) {
            SQLUSMALLINT row_status = SQL_ROW_ERROR;
            bool stepped = false;
            try {
                if (!cursor_->next()) break;
                stepped = row_is_there_ = true;
                row_status = writer_.write(*cursor_, bindings, i, size > 1, diag);
            } catch (const error& failed) {
                // The rows before it are good; the error belongs to this one. It stays until the cursor is closed.
                auto record = record_of(failed.record());
                record.row = static_cast<SQLLEN>(i) + 1;
                diag.add(std::move(record));
            }
            ++rows;
            if (status != nullptr) status[i] = row_status;
            if (row_status == SQL_ROW_ERROR) ++failed_rows;
            if (!stepped || !cursor_->session().alive()) break;
        }
    });
    if (fetched != nullptr) *fetched = rows;
    if (rows == 0) {
        row_is_there_ = false;
        return SQL_NO_DATA;
    }
    return failed_rows == rows ? SQL_ERROR : SQL_SUCCESS;
}

SQLRETURN statement::get_data(SQLUSMALLINT column, SQLSMALLINT c_type, target to) {
    require_no_needs();
    if (!cursor_ || !row_is_there_) fail("24000", "There is no current row: fetch one first");
    if (column == 0 || column > cursor_->columns().size()) fail("07009", "There is no column " + std::to_string(column));
    // The last row of a larger rowset is what the cursor stands on; there is no SQLSetPos to choose one.
    if (ard().header.array_size > 1) not_implemented("SQLGetData with a rowset of more than one row");
    if (c_type == SQL_ARD_TYPE) {
        const auto* const record = ard().find(static_cast<SQLSMALLINT>(column));
        if (record == nullptr) fail("07009", "Column " + std::to_string(column) + " has no descriptor record");
        c_type = record->concise_type;
        to.precision = record->precision;
        to.scale = record->scale;
    } else if (!is_c_type(c_type)) {
        fail("HY003", "There is no C type " + std::to_string(c_type));
    }
    if (to.capacity < 0) fail("HY090", "The buffer length is negative");
    return on_line([&](driver::session&) { return reader_.read(*cursor_, column - std::size_t{1}, c_type, to, diag); });
}

void statement::close_cursor(bool quietly) {
    require_no_needs();
    if (!cursor_) {
        if (!quietly) fail("24000", "There is no open cursor");
        return;
    }
    const auto closing = std::exchange(cursor_, nullptr);
    row_is_there_ = false;
    reader_.forget();
    writer_.forget();
    const std::lock_guard lock(parent_.line);
    closing->close();
}

} // namespace irislink::odbc
