// SQLGetDiagRec and SQLGetDiagField: they read what the last call on a handle left, and leave it.

#include <mutex>

#include "odbc/handle/connection.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/handle/statement.hpp"
#include "odbc/text/text.hpp"

using namespace irislink::odbc;

namespace {

handle* handle_of(SQLSMALLINT type, SQLHANDLE raw) noexcept {
    switch (type) {
    case SQL_HANDLE_ENV: return handle_cast<environment>(raw);
    case SQL_HANDLE_DBC: return handle_cast<connection>(raw);
    case SQL_HANDLE_STMT: return handle_cast<statement>(raw);
    case SQL_HANDLE_DESC: return handle_cast<descriptor>(raw);
    default: return nullptr;
    }
}

// Runs without clearing; nothing is reported about a call that reports.
template <class Body> SQLRETURN reading(SQLSMALLINT type, SQLHANDLE raw, Body&& body) noexcept {
    auto* const of = handle_of(type, raw);
    if (of == nullptr) return SQL_INVALID_HANDLE;
    auto* const executing = type == SQL_HANDLE_STMT ? &static_cast<statement*>(of)->asynchronous : nullptr;
    try {
        // The statement's own belong to the call that is executing.
        if (executing != nullptr && executing->outstanding()) {
            const std::lock_guard lock(executing->mutex);
            return body(*of, executing->diag);
        }
        const std::lock_guard lock(of->mutex);
        return body(*of, of->diag);
    } catch (...) {
        return SQL_ERROR;
    }
}

const diag_record* record_at(const diag_area& in, SQLSMALLINT number) {
    const auto& all = in.records();
    return static_cast<std::size_t>(number) <= all.size() ? &all[static_cast<std::size_t>(number) - 1] : nullptr;
}

template <class Char>
SQLRETURN
get_record(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, Char* state, SQLINTEGER* native, Char* text, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return reading(type, raw, [&](handle&, const diag_area& diag) -> SQLRETURN {
        if (number < 1 || capacity < 0) return SQL_ERROR;
        const auto* const record = record_at(diag, number);
        if (record == nullptr) return SQL_NO_DATA;
        (void)copy_text(record->sqlstate, state, 6);
        if (native != nullptr) *native = record->native;
        const bool whole = put_text<Char>(message_of(*record), text, capacity, length, length_unit::characters);
        return whole ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
    });
}

template <class T> SQLRETURN put_number(SQLPOINTER to, T value) {
    if (to != nullptr) *static_cast<T*>(to) = value;
    return SQL_SUCCESS;
}

std::string name_of_server(handle& of) {
    if (of.tag() == handle_tag::statement) return static_cast<statement&>(of).parent().data_source();
    if (of.tag() == handle_tag::connection) return static_cast<connection&>(of).data_source();
    return {};
}

template <class Char>
SQLRETURN get_field(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER to, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return reading(type, raw, [&](handle& of, const diag_area& diag) -> SQLRETURN {
        const auto text = [&](std::string_view value) -> SQLRETURN {
            if (capacity < 0) return SQL_ERROR;
            return put_text<Char>(value, to, capacity, length, length_unit::bytes) ? SQL_SUCCESS : SQL_SUCCESS_WITH_INFO;
        };
        switch (id) {
        case SQL_DIAG_NUMBER: return put_number(to, static_cast<SQLINTEGER>(diag.records().size()));
        case SQL_DIAG_RETURNCODE: return put_number(to, diag.outcome());
        case SQL_DIAG_ROW_COUNT: return type == SQL_HANDLE_STMT ? put_number(to, diag.row_count) : SQLRETURN{SQL_ERROR};
        case SQL_DIAG_CURSOR_ROW_COUNT: return type == SQL_HANDLE_STMT ? put_number(to, diag.cursor_row_count) : SQLRETURN{SQL_ERROR};
        case SQL_DIAG_DYNAMIC_FUNCTION: return type == SQL_HANDLE_STMT ? text(diag.dynamic_function) : SQLRETURN{SQL_ERROR};
        case SQL_DIAG_DYNAMIC_FUNCTION_CODE: return type == SQL_HANDLE_STMT ? put_number(to, diag.dynamic_code) : SQLRETURN{SQL_ERROR};
        default: break;
        }
        if (number < 1) return SQL_ERROR;
        const auto* const record = record_at(diag, number);
        if (record == nullptr) return SQL_NO_DATA;
        switch (id) {
        case SQL_DIAG_SQLSTATE: return text(record->sqlstate);
        case SQL_DIAG_NATIVE: return put_number(to, record->native);
        case SQL_DIAG_MESSAGE_TEXT: return text(message_of(*record));
        case SQL_DIAG_CLASS_ORIGIN: return text(class_origin(record->sqlstate));
        case SQL_DIAG_SUBCLASS_ORIGIN: return text(subclass_origin(record->sqlstate));
        case SQL_DIAG_CONNECTION_NAME: return text("");
        case SQL_DIAG_SERVER_NAME: return text(name_of_server(of));
        case SQL_DIAG_ROW_NUMBER: return type == SQL_HANDLE_STMT ? put_number(to, record->row) : SQLRETURN{SQL_ERROR};
        case SQL_DIAG_COLUMN_NUMBER: return type == SQL_HANDLE_STMT ? put_number(to, record->column) : SQLRETURN{SQL_ERROR};
        default: return SQL_ERROR;
        }
    });
}

} // namespace

extern "C" {

SQLRETURN SQL_API SQLGetDiagRec(
    SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, SQLCHAR* state, SQLINTEGER* native, SQLCHAR* text, SQLSMALLINT capacity, SQLSMALLINT* length
) {
    return get_record(type, raw, number, state, native, text, capacity, length);
}

SQLRETURN SQL_API SQLGetDiagRecW(
    SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, SQLWCHAR* state, SQLINTEGER* native, SQLWCHAR* text, SQLSMALLINT capacity, SQLSMALLINT* length
) {
    return get_record(type, raw, number, state, native, text, capacity, length);
}

SQLRETURN SQL_API
SQLGetDiagField(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER to, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_field<SQLCHAR>(type, raw, number, id, to, capacity, length);
}

SQLRETURN SQL_API
SQLGetDiagFieldW(SQLSMALLINT type, SQLHANDLE raw, SQLSMALLINT number, SQLSMALLINT id, SQLPOINTER to, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_field<SQLWCHAR>(type, raw, number, id, to, capacity, length);
}

} // extern "C"
