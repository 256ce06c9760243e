// Bindings and attributes of a statement.

#include <algorithm>

#include "odbc/bind/bookmark.hpp"
#include "odbc/descriptor/attribute_map.hpp"
#include "odbc/descriptor/field_table.hpp"
#include "odbc/handle/statement.hpp"

namespace irislink::odbc {
namespace {

constexpr std::size_t longest_cursor_name = 128;     // SQL_MAX_CURSOR_NAME_LEN
constexpr SQLULEN longest_query_timeout = 1'000'000; // seconds, as the QueryTimeout setting has it

} // namespace

void statement::bind_column(SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity, SQLLEN* length) {
    require_no_needs();
    const auto number = static_cast<SQLSMALLINT>(column);
    if (column > 32767) fail("07009", "There is no column " + std::to_string(column));
    if (!is_c_type(c_type)) fail("HY003", "There is no C type " + std::to_string(c_type));
    if (capacity < 0) fail("HY090", "The buffer length " + std::to_string(capacity) + " is negative");
    if (data == nullptr && length == nullptr) return ard().unbind(number);
    if (column == 0 && !has_bookmarks()) fail("07009", "Column 0 is the bookmark's, and SQL_ATTR_USE_BOOKMARKS is off");
    if (column == 0 && !is_bookmark_type(c_type)) fail("HY003", "A bookmark has C type SQL_C_VARBOOKMARK, not " + std::to_string(c_type));
    auto& record = ard().ensure(number);
    ard().set_type(record, c_type);
    record.octet_length = capacity;
    record.octet_length_ptr = record.indicator_ptr = length;
    record.data_ptr = data;
    ++ard().changes;
}

void statement::bind_parameter(SQLUSMALLINT number, const parameter_binding& binding) {
    require_no_needs();
    if (number < 1 || number > 32767) fail("07009", "Parameters count from 1");
    if (!is_parameter_type(binding.direction)) fail("HY105", "There is no such kind of parameter");
    if (!is_c_type(binding.c_type)) fail("HY003", "There is no C type " + std::to_string(binding.c_type));
    if (binding.data == nullptr && binding.length == nullptr) fail("HY009", "A parameter needs a buffer or an indicator");
    if (binding.capacity < 0) fail("HY090", "The buffer length " + std::to_string(binding.capacity) + " is negative");
    const auto index = static_cast<SQLSMALLINT>(number);
    auto& buffer = apd().ensure(index);
    apd().set_type(buffer, binding.c_type);
    buffer.octet_length = binding.capacity;
    buffer.octet_length_ptr = buffer.indicator_ptr = binding.length;
    buffer.data_ptr = binding.data;
    auto& declared = ipd().ensure(index);
    ipd().set_type(declared, binding.sql_code);
    declared.parameter_type = binding.direction;
    declared.length = binding.column_size;
    if (declared.type == SQL_DATETIME || declared.type == SQL_INTERVAL) {
        declared.precision = binding.decimals;
    } else {
        declared.precision = static_cast<SQLSMALLINT>(std::min<SQLULEN>(binding.column_size, 32767));
        declared.scale = binding.decimals;
    }
    ++apd().changes;
    ++ipd().changes;
}

void statement::reset_parameters() {
    require_no_needs();
    apd().set_count(0);
    ipd().set_count(0);
}

void statement::set_cursor_name(std::string name) {
    require_no_needs();
    if (cursor_) fail("24000", "A cursor is open");
    if (name.empty() || name.size() > longest_cursor_name || name.starts_with("SQLCUR") || name.starts_with("SQL_CUR"))
        fail("34000", "A cursor name has 1 to 128 characters and does not begin with SQLCUR or SQL_CUR");
    parent_.name_cursor(*this, std::move(name));
}

std::string statement::cursor_name() {
    return parent_.cursor_name(*this);
}

void statement::forget(const descriptor& gone) noexcept {
    if (ard_ == &gone) ard_ = &own_[0];
    if (apd_ == &gone) apd_ = &own_[1];
    writer_.forget();
}

namespace {

descriptor* explicit_descriptor(SQLPOINTER raw, descriptor& own, connection& parent) {
    if (raw == nullptr) return &own;
    auto* const given = handle_cast<descriptor>(raw);
    if (given == nullptr) fail("HY024", "The attribute wants a descriptor handle");
    if (given == &own) return given;
    if (given->owner() == nullptr) fail("HY017", "The descriptor belongs to a statement");
    if (given->owner() != &parent) fail("HY024", "The descriptor belongs to another connection");
    return given;
}

} // namespace

void statement::require_before_cursor() const {
    if (cursor_) fail("24000", "A cursor is open: this attribute is set before");
    if (state_ != state::allocated && keep_) fail("HY011", "The statement is prepared: this attribute is set before");
}

void statement::set_cursor_type(SQLULEN type) {
    require_before_cursor();
    switch (type) {
    case SQL_CURSOR_FORWARD_ONLY:
    case SQL_CURSOR_STATIC: cursor_type_ = type; return;
    case SQL_CURSOR_KEYSET_DRIVEN:
    case SQL_CURSOR_DYNAMIC:
        cursor_type_ = SQL_CURSOR_STATIC;
        diag.warn("01S02", "This kind of cursor is not supported; a static one was taken");
        return;
    default: fail("HY024", "There is no cursor type " + std::to_string(type));
    }
}

void statement::set_bookmarks(SQLULEN use) {
    require_before_cursor();
    if (use != SQL_UB_OFF && use != SQL_UB_FIXED && use != SQL_UB_VARIABLE) fail("HY024", "There is no such use of bookmarks");
    use_bookmarks_ = use;
}

SQLRETURN statement::set_attribute(SQLINTEGER attribute, SQLPOINTER value) {
    require_no_needs();
    if (const auto* const place = find_attribute_place(attribute)) {
        descriptor* const all[]{ard_, apd_, &ird(), &ipd()};
        set_field(*all[static_cast<std::size_t>(place->descriptor)], 0, place->field, value);
        return SQL_SUCCESS;
    }
    const auto number = static_cast<SQLULEN>(reinterpret_cast<std::uintptr_t>(value));
    // Stores what there is instead of what was asked for, and says so.
    const auto only = [&](SQLULEN supported, const char* what) -> SQLRETURN {
        if (number != supported) diag.warn("01S02", std::string(what) + " is not supported; the attribute keeps its value");
        return SQL_SUCCESS;
    };
    switch (attribute) {
    case SQL_ATTR_QUERY_TIMEOUT:
        query_timeout_ = std::min(number, longest_query_timeout);
        query_timeout_set_ = true;
        if (number > longest_query_timeout)
            diag.warn("01S02", "The statement timeout is too long; " + std::to_string(longest_query_timeout) + " seconds were taken");
        if (!parent_.settings().honour_query_timeout && number != 0) diag.warn("01S02", "The connection's settings ignore statement timeouts");
        return SQL_SUCCESS;
    case SQL_ATTR_MAX_ROWS: max_rows_ = number; return SQL_SUCCESS;
    case SQL_ATTR_MAX_LENGTH: return only(0, "A maximum length of columns");
    case SQL_ATTR_NOSCAN: noscan_ = number; return SQL_SUCCESS;
    case SQL_ATTR_METADATA_ID:
        if (number != SQL_TRUE && number != SQL_FALSE) fail("HY024", "SQL_ATTR_METADATA_ID is true or false");
        metadata_id_ = number;
        return SQL_SUCCESS;
    case SQL_ATTR_APP_ROW_DESC:
        ard_ = explicit_descriptor(value, own_[0], parent_);
        writer_.forget();
        return SQL_SUCCESS;
    case SQL_ATTR_APP_PARAM_DESC: apd_ = explicit_descriptor(value, own_[1], parent_); return SQL_SUCCESS;
    case SQL_ATTR_IMP_ROW_DESC:
    case SQL_ATTR_IMP_PARAM_DESC: fail("HY017", "The descriptors of the driver cannot be replaced");
    // These three say the same: "Cursor Characteristics and Cursor Type", ODBC reference.
    case SQL_ATTR_CURSOR_TYPE: set_cursor_type(number); return SQL_SUCCESS;
    case SQL_ATTR_CURSOR_SCROLLABLE:
        if (number != SQL_NONSCROLLABLE && number != SQL_SCROLLABLE) fail("HY024", "A cursor is scrollable or not");
        set_cursor_type(number == SQL_SCROLLABLE ? SQLULEN{SQL_CURSOR_STATIC} : SQLULEN{SQL_CURSOR_FORWARD_ONLY});
        return SQL_SUCCESS;
    case SQL_ATTR_CURSOR_SENSITIVITY:
        if (number > SQL_SENSITIVE) fail("HY024", "There is no such sensitivity of cursors");
        if (number == SQL_INSENSITIVE) set_cursor_type(SQL_CURSOR_STATIC);
        if (number == SQL_SENSITIVE) diag.warn("01S02", "A sensitive cursor is not supported; the attribute keeps its value");
        return SQL_SUCCESS;
    case SQL_ATTR_CONCURRENCY: return only(SQL_CONCUR_READ_ONLY, "Changing rows through a cursor");
    case SQL_ATTR_USE_BOOKMARKS: set_bookmarks(number); return SQL_SUCCESS;
    case SQL_ATTR_FETCH_BOOKMARK_PTR: fetch_bookmark_ = value; return SQL_SUCCESS;
    case SQL_ROWSET_SIZE:
        if (number < 1) fail("HY024", "The rowset size must be at least 1");
        extended_rowset_size_ = number;
        return SQL_SUCCESS;
    case SQL_ATTR_KEYSET_SIZE: return only(0, "A keyset");
    case SQL_ATTR_SIMULATE_CURSOR: return only(SQL_SC_NON_UNIQUE, "Positioned statements");
    case SQL_ATTR_RETRIEVE_DATA: return only(SQL_RD_ON, "Fetching without data");
    case SQL_ATTR_ENABLE_AUTO_IPD: return only(SQL_FALSE, "Filling the IPD automatically");
    case SQL_ATTR_ASYNC_ENABLE:
        if (number != SQL_ASYNC_ENABLE_OFF && number != SQL_ASYNC_ENABLE_ON) fail("HY024", "Asynchronous execution is on or off");
        asynchronous_ = number;
        return SQL_SUCCESS;
    case SQL_GET_BOOKMARK:
    case SQL_ATTR_ROW_NUMBER: fail("HY092", "The row number cannot be set");
    default: fail("HY092", "There is no statement attribute " + std::to_string(attribute));
    }
}

statement::attribute_value statement::attribute(SQLINTEGER attribute) {
    constexpr auto wide = static_cast<std::uint8_t>(sizeof(SQLULEN));
    const auto address = [](const void* in) { return attribute_value{reinterpret_cast<std::uintptr_t>(in), sizeof(void*)}; };
    if (const auto* const place = find_attribute_place(attribute)) {
        descriptor* const all[]{ard_, apd_, &ird(), &ipd()};
        const auto field = get_field(*all[static_cast<std::size_t>(place->descriptor)], 0, place->field);
        if (const auto* const pointer = std::get_if<SQLPOINTER>(&field)) return address(*pointer);
        if (const auto* const integer = std::get_if<SQLINTEGER>(&field)) return {static_cast<std::uint64_t>(*integer), wide};
        return {std::get<SQLULEN>(field), wide};
    }
    switch (attribute) {
    case SQL_ATTR_APP_ROW_DESC: return address(to_raw(*ard_));
    case SQL_ATTR_APP_PARAM_DESC: return address(to_raw(*apd_));
    case SQL_ATTR_IMP_ROW_DESC: return address(to_raw(ird()));
    case SQL_ATTR_IMP_PARAM_DESC: return address(to_raw(ipd()));
    case SQL_ATTR_QUERY_TIMEOUT: return {query_timeout_, wide};
    case SQL_ATTR_MAX_ROWS: return {max_rows_, wide};
    case SQL_ATTR_MAX_LENGTH: return {max_length_, wide};
    case SQL_ATTR_NOSCAN: return {noscan_, wide};
    case SQL_ATTR_METADATA_ID: return {metadata_id_, wide};
    case SQL_ATTR_CURSOR_TYPE: return {cursor_type_, wide};
    // NOLINTNEXTLINE(bugprone-branch-clone): the numbers of two attributes happen to agree
    case SQL_ATTR_CURSOR_SCROLLABLE: return {cursor_type_ == SQL_CURSOR_STATIC ? SQLULEN{SQL_SCROLLABLE} : SQLULEN{SQL_NONSCROLLABLE}, wide};
    case SQL_ATTR_CURSOR_SENSITIVITY: return {cursor_type_ == SQL_CURSOR_STATIC ? SQLULEN{SQL_INSENSITIVE} : SQLULEN{SQL_UNSPECIFIED}, wide};
    case SQL_ATTR_CONCURRENCY: return {SQL_CONCUR_READ_ONLY, wide};
    case SQL_ATTR_USE_BOOKMARKS: return {use_bookmarks_, wide};
    case SQL_ATTR_FETCH_BOOKMARK_PTR: return address(fetch_bookmark_);
    case SQL_ROWSET_SIZE: return {extended_rowset_size_, wide};
    case SQL_ATTR_KEYSET_SIZE: return {0, wide};
    case SQL_ATTR_SIMULATE_CURSOR: return {SQL_SC_NON_UNIQUE, wide};
    case SQL_ATTR_RETRIEVE_DATA: return {SQL_RD_ON, wide};
    case SQL_ATTR_ENABLE_AUTO_IPD: return {SQL_FALSE, wide};
    case SQL_ATTR_ASYNC_ENABLE: return {asynchronous_, wide};
    case SQL_ATTR_ROW_NUMBER: return {current_row(), wide};
    case SQL_GET_BOOKMARK:
        if (!has_bookmarks()) fail("HY092", "There are no bookmarks: set SQL_ATTR_USE_BOOKMARKS");
        if (!row_is_there_) fail("24000", "There is no current row");
        return {current_row(), wide};
    default: fail("HY092", "There is no statement attribute " + std::to_string(attribute));
    }
}

} // namespace irislink::odbc
