#include "odbc/bind/rowset_writer.hpp"

#include "odbc/bind/bookmark.hpp"

namespace irislink::odbc {

std::byte* address_of(void* base, const descriptor_header& header, SQLULEN index, SQLLEN element) noexcept {
    if (base == nullptr) return nullptr;
    auto* out = static_cast<std::byte*>(base);
    if (header.bind_offset_ptr != nullptr) out += *header.bind_offset_ptr;
    return out + static_cast<SQLLEN>(index) * (header.bind_type == SQL_BIND_BY_COLUMN ? element : SQLLEN{header.bind_type});
}

diag_record record_of(outcome what, SQLLEN row, SQLINTEGER column) {
    diag_record out;
    out.sqlstate = sqlstate_of(what);
    out.text = text_of(what);
    if (row > 0) out.row = row;
    out.column = column;
    return out;
}

const wire::item& item_source::loaded(driver::row_storage& row, std::size_t column) {
    const auto* const read = driver::content_of(row, column);
    if (read == nullptr) return row.cells[column];
    content_ = driver::item_at(row, column);
    // Content has no markers: the empty value is no bytes.
    if (read->content.empty()) content_.data = {};
    return content_;
}

void rowset_writer::plan(const descriptor& ard, const std::vector<column>& columns, bool bookmarks) {
    if (planned_for_ != &ard || changes_ != ard.changes) choose(ard, columns, bookmarks);
    aim(ard.header, 0);
}

void rowset_writer::choose(const descriptor& ard, const std::vector<column>& columns, bool bookmarks) {
    planned_for_ = nullptr;
    columns_.clear();
    const auto& bookmark = *ard.find(0);
    if (bookmark.is_bound() && !bookmarks) fail("07009", "Column 0 is bound, and SQL_ATTR_USE_BOOKMARKS is off");
    bookmark_ = bookmark.is_bound() ? &bookmark : nullptr;
    for (SQLSMALLINT i = 1; i <= ard.count(); ++i) {
        const auto& record = *ard.find(i);
        if (!record.is_bound()) continue;
        const auto index = static_cast<std::size_t>(i) - 1;
        if (index >= columns.size()) fail("07009", "Column " + std::to_string(i) + " is bound, and the result has " + std::to_string(columns.size()));
        const auto type = columns[index].type;
        const auto c_type = record.concise_type == SQL_C_DEFAULT ? default_c_type(type) : record.concise_type;
        auto* const convert = find_conversion(type, c_type, own_width);
        if (convert == nullptr) {
            diag_record refused = record_of(outcome::not_convertible, 0, i);
            throw odbc_error(std::move(refused));
        }
        const auto fixed = size_of_c_type(c_type);
        auto& each = columns_.emplace_back(bound_column{index, &record, convert, fixed != 0 ? fixed : record.octet_length, driver::is_long(type)});
        each.to.capacity = record.octet_length;
        each.to.precision = record.precision;
        each.to.scale = record.scale;
        each.to.leading_precision = static_cast<SQLSMALLINT>(record.datetime_interval_precision);
    }
    planned_for_ = &ard;
    changes_ = ard.changes;
}

void rowset_writer::aim(const descriptor_header& header, SQLULEN index) noexcept {
    // Where there is no first buffer there is none for the rows that follow.
    const auto step_of = [&header](const void* base, SQLLEN element) {
        return base == nullptr ? SQLLEN{0} : header.bind_type == SQL_BIND_BY_COLUMN ? element : SQLLEN{header.bind_type};
    };
    for (auto& each : columns_) {
        const auto& record = *each.record;
        each.to.data = address_of(record.data_ptr, header, index, each.element);
        each.to.length = reinterpret_cast<SQLLEN*>(address_of(record.octet_length_ptr, header, index, sizeof(SQLLEN)));
        each.to.indicator = reinterpret_cast<SQLLEN*>(address_of(record.indicator_ptr, header, index, sizeof(SQLLEN)));
        each.data_step = step_of(record.data_ptr, each.element);
        each.length_step = step_of(record.octet_length_ptr, sizeof(SQLLEN));
        each.indicator_step = step_of(record.indicator_ptr, sizeof(SQLLEN));
    }
    aimed_at_ = index;
}

namespace {

inline target target_of(const descriptor_record& record, const descriptor& ard, SQLULEN index, SQLLEN element) {
    target to;
    to.data = address_of(record.data_ptr, ard.header, index, element);
    to.capacity = record.octet_length;
    to.length = reinterpret_cast<SQLLEN*>(address_of(record.octet_length_ptr, ard.header, index, sizeof(SQLLEN)));
    to.indicator = reinterpret_cast<SQLLEN*>(address_of(record.indicator_ptr, ard.header, index, sizeof(SQLLEN)));
    return to;
}

} // namespace

target bookmark_target(const descriptor& ard, SQLULEN index) {
    const auto& record = *ard.find(0);
    return target_of(record, ard, index, record.concise_type == SQL_C_BOOKMARK ? bookmark_bytes : record.octet_length);
}

void rowset_writer::judge(outcome done, SQLINTEGER column, const place& at, diag_area& diag, SQLUSMALLINT& status) {
    diag.add(record_of(done, at.rowset ? static_cast<SQLLEN>(at.index) + 1 : SQLLEN{1}, column));
    if (is_error(done)) {
        status = SQL_ROW_ERROR;
    } else if (status == SQL_ROW_SUCCESS) {
        status = SQL_ROW_SUCCESS_WITH_INFO;
    }
}

SQLUSMALLINT rowset_writer::write(result_cursor& from, const descriptor& ard, const place& at, diag_area& diag) {
    SQLUSMALLINT status = SQL_ROW_SUCCESS;
    auto& row = from.row();
    if (bookmark_ != nullptr && at.bookmark > 0) {
        auto to = bookmark_target(ard, at.index);
        if (const auto done = put_bookmark(at.bookmark, bookmark_->concise_type, to); done != outcome::ok) judge(done, 0, at, diag, status);
    }
    if (aimed_at_ != at.index) aim(ard.header, at.index);
    const bool longs = !row.longs.empty();
    const auto& columns = *row.columns;
    for (auto& each : columns_) {
        auto done = outcome::ok;
        if (longs) [[unlikely]] {
            if (each.content) driver::load_long(row, each.column);
            done = each.convert(item_source(row, each.column).get(), each.to);
        } else {
            done = each.convert({row.cells[each.column], *row.format, columns[each.column]}, each.to);
        }
        if (done != outcome::ok) [[unlikely]]
            judge(done, static_cast<SQLINTEGER>(each.column) + 1, at, diag, status);
        each.aim_at_next();
    }
    ++aimed_at_;
    return status;
}

} // namespace irislink::odbc
