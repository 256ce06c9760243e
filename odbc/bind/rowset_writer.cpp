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

item_source::item_source(driver::row_storage& row, std::size_t column)
    : item_(driver::item_at(row, column)), source_{item_, *row.format, (*row.columns)[column], driver::content_of(row, column) != nullptr} {
    // Content has no markers: the empty value is no bytes.
    if (source_.loaded && driver::content_of(row, column)->content.empty()) item_.data = {};
}

void rowset_writer::plan(const descriptor& ard, const std::vector<column>& columns, bool bookmarks) {
    if (planned_for_ == &ard && changes_ == ard.changes) return;
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
        columns_.push_back({index, &record, convert, fixed != 0 ? fixed : record.octet_length, driver::is_long(type)});
    }
    planned_for_ = &ard;
    changes_ = ard.changes;
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

SQLUSMALLINT rowset_writer::write(result_cursor& from, const descriptor& ard, place at, diag_area& diag) {
    SQLUSMALLINT status = SQL_ROW_SUCCESS;
    auto& row = from.row();
    const auto row_number = at.rowset ? static_cast<SQLLEN>(at.index) + 1 : SQLLEN{1};
    const auto judge = [&](outcome done, SQLINTEGER column) {
        diag.add(record_of(done, row_number, column));
        if (is_error(done)) {
            status = SQL_ROW_ERROR;
        } else if (status == SQL_ROW_SUCCESS) {
            status = SQL_ROW_SUCCESS_WITH_INFO;
        }
    };
    if (bookmark_ != nullptr && at.bookmark > 0) {
        auto to = bookmark_target(ard, at.index);
        if (const auto done = put_bookmark(at.bookmark, bookmark_->concise_type, to); done != outcome::ok) judge(done, 0);
    }
    for (const auto& each : columns_) {
        const auto& record = *each.record;
        if (each.content) driver::load_long(row, each.column);
        const item_source from_row(row, each.column);
        auto to = target_of(record, ard, at.index, each.element);
        to.precision = record.precision;
        to.scale = record.scale;
        to.leading_precision = static_cast<SQLSMALLINT>(record.datetime_interval_precision);
        if (const auto done = each.convert(from_row.get(), to); done != outcome::ok) judge(done, static_cast<SQLINTEGER>(each.column) + 1);
    }
    return status;
}

} // namespace irislink::odbc
