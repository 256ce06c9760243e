// Statements: text, execution, parameters, results.

#include <algorithm>

#include "odbc/handle/call.hpp"
#include "odbc/handle/environment.hpp"
#include "odbc/handle/free.hpp"
#include "odbc/handle/statement.hpp"
#include "odbc/info/type_table.hpp"
#include "odbc/text/text.hpp"

using namespace irislink::odbc;

namespace {

template <class Char> std::string statement_text(const Char* text, SQLINTEGER length) {
    if (text == nullptr) fail("HY009", "There is no statement");
    if (length <= 0 && length != SQL_NTS) fail("HY090", "The length of the statement is " + std::to_string(length));
    return to_utf8(text, length);
}

template <class Char> SQLRETURN prepare(SQLHSTMT raw, const Char* text, SQLINTEGER length) {
    return call_working<statement>(raw, SQL_API_SQLPREPARE, [&](statement&) {
        return [sql = statement_text(text, length)](statement& of) mutable { return of.prepare(std::move(sql)); };
    });
}

template <class Char> SQLRETURN execute_direct(SQLHSTMT raw, const Char* text, SQLINTEGER length) {
    return call_working<statement>(raw, SQL_API_SQLEXECDIRECT, [&](statement&) {
        return [sql = statement_text(text, length)](statement& of) mutable { return of.execute_direct(std::move(sql)); };
    });
}

template <class Char> SQLRETURN set_cursor_name(SQLHSTMT raw, const Char* name, SQLSMALLINT length) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        if (name == nullptr) fail("HY009", "There is no cursor name");
        of.set_cursor_name(to_utf8(name, length));
        return SQL_SUCCESS;
    });
}

template <class Char> SQLRETURN get_cursor_name(SQLHSTMT raw, Char* name, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        if (!put_text<Char>(of.cursor_name(), name, capacity, length, length_unit::characters)) of.diag.warn("01004", "The cursor name was cut");
        return SQL_SUCCESS;
    });
}

SQLRETURN set_attribute(SQLHSTMT raw, SQLINTEGER attribute, SQLPOINTER value) {
    return call<statement>(raw, [&](statement& of) { return of.set_attribute(attribute, value); });
}

SQLRETURN get_attribute(SQLHSTMT raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER* length) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        const auto found = of.attribute(attribute);
        if (value != nullptr) *static_cast<std::uint64_t*>(value) = found.value;
        if (length != nullptr) *length = found.bytes;
        return SQL_SUCCESS;
    });
}

SQLRETURN refuse_cancel(handle&) {
    fail("HY092", "Statements and connections have something to cancel, nothing else");
}

} // namespace

extern "C" {

SQLRETURN SQL_API SQLPrepare(SQLHSTMT raw, SQLCHAR* text, SQLINTEGER length) {
    return prepare(raw, text, length);
}

SQLRETURN SQL_API SQLPrepareW(SQLHSTMT raw, SQLWCHAR* text, SQLINTEGER length) {
    return prepare(raw, text, length);
}

SQLRETURN SQL_API SQLExecDirect(SQLHSTMT raw, SQLCHAR* text, SQLINTEGER length) {
    return execute_direct(raw, text, length);
}

SQLRETURN SQL_API SQLExecDirectW(SQLHSTMT raw, SQLWCHAR* text, SQLINTEGER length) {
    return execute_direct(raw, text, length);
}

SQLRETURN SQL_API SQLExecute(SQLHSTMT raw) {
    return call_working<statement>(raw, SQL_API_SQLEXECUTE, [](statement&) { return &statement::execute; });
}

SQLRETURN SQL_API SQLCancel(SQLHSTMT raw) {
    // No gate: another thread may hold the statement's lock for as long as its call takes.
    auto* const of = handle_cast<statement>(raw);
    return of == nullptr ? SQLRETURN{SQL_INVALID_HANDLE} : of->cancel();
}

SQLRETURN SQL_API SQLCancelHandle(SQLSMALLINT type, SQLHANDLE raw) {
    switch (type) {
    case SQL_HANDLE_STMT: return SQLCancel(raw);
    case SQL_HANDLE_DBC: {
        auto* const of = handle_cast<connection>(raw);
        return of == nullptr ? SQLRETURN{SQL_INVALID_HANDLE} : of->cancel();
    }
    case SQL_HANDLE_ENV: return call<environment>(raw, refuse_cancel);
    case SQL_HANDLE_DESC: return call<descriptor>(raw, refuse_cancel);
    default: return SQL_INVALID_HANDLE;
    }
}

SQLRETURN SQL_API SQLNumParams(SQLHSTMT raw, SQLSMALLINT* count) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        const auto found = of.parameter_count();
        if (count != nullptr) *count = static_cast<SQLSMALLINT>(found);
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLDescribeParam(SQLHSTMT raw, SQLUSMALLINT number, SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* decimals, SQLSMALLINT* nullable) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        const auto& found = of.described_parameter(number);
        // Codes above 1000 are the logical forms of the ordinary ones (wire-sql 8.1).
        const auto code = found.type > 1000 ? found.type - 1000 : found.type;
        if (type != nullptr) *type = code == 0 ? SQLSMALLINT{SQL_VARCHAR} : of.told_type(static_cast<SQLSMALLINT>(code));
        if (size != nullptr) *size = static_cast<SQLULEN>(std::max<std::int64_t>(told_size(static_cast<irislink::sql_type>(code), found.precision), 0));
        if (decimals != nullptr) *decimals = static_cast<SQLSMALLINT>(found.scale < 0 ? 0 : found.scale);
        if (nullable != nullptr) *nullable = static_cast<SQLSMALLINT>(found.nullable);
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLBindParameter(
    SQLHSTMT raw, SQLUSMALLINT number, SQLSMALLINT direction, SQLSMALLINT c_type, SQLSMALLINT sql_type, SQLULEN column_size, SQLSMALLINT decimals,
    SQLPOINTER data, SQLLEN capacity, SQLLEN* length
) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        of.bind_parameter(number, {direction, c_type, sql_type, column_size, decimals, data, capacity, length});
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLParamData(SQLHSTMT raw, SQLPOINTER* token) {
    // Always at once: unixODBC 2.3.11 loses count of a statement whose SQLParamData is still executing.
    return call<statement>(raw, [&](statement& of) { return of.next_needed(token); });
}

SQLRETURN SQL_API SQLPutData(SQLHSTMT raw, SQLPOINTER data, SQLLEN length) {
    return call<statement>(raw, [&](statement& of) { return of.put_data(data, length); });
}

SQLRETURN SQL_API SQLRowCount(SQLHSTMT raw, SQLLEN* count) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        (void)of.described(false);
        if (count != nullptr) *count = of.row_count();
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLBindCol(SQLHSTMT raw, SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity, SQLLEN* length) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        of.bind_column(column, c_type, data, capacity, length);
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT raw) {
    return call_working<statement>(
        raw, SQL_API_SQLFETCH, [](statement&) { return &statement::fetch; }, &statement::fetch_waits
    );
}

SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT raw, SQLSMALLINT orientation, SQLLEN offset) {
    return call_working<statement>(
        raw, SQL_API_SQLFETCHSCROLL,
        [&](statement&) {
            require_orientation(orientation);
            return [orientation, offset](statement& of) { return of.scroll(orientation, offset); };
        },
        &statement::fetch_waits
    );
}

SQLRETURN SQL_API SQLExtendedFetch(SQLHSTMT raw, SQLUSMALLINT orientation, SQLLEN offset, SQLULEN* fetched, SQLUSMALLINT* status) {
    return call_working<statement>(
        raw, SQL_API_SQLEXTENDEDFETCH,
        [&](statement&) {
            const auto direction = static_cast<SQLSMALLINT>(std::min<SQLUSMALLINT>(orientation, 32767));
            require_orientation(direction);
            return [=](statement& of) { return of.extended_fetch(direction, offset, fetched, status); };
        },
        &statement::fetch_waits
    );
}

SQLRETURN SQL_API SQLSetPos(SQLHSTMT raw, SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock) {
    return call_working<statement>(
        raw, SQL_API_SQLSETPOS, [=](statement&) { return [=](statement& of) { return of.set_position(row, operation, lock); }; },
        [operation](statement& of) { return operation == SQL_REFRESH && of.fetch_waits(); }
    );
}

SQLRETURN SQL_API SQLBulkOperations(SQLHSTMT raw, SQLSMALLINT operation) {
    return call_working<statement>(
        raw, SQL_API_SQLBULKOPERATIONS, [=](statement&) { return [=](statement& of) { return of.bulk_operations(operation); }; }, &statement::fetch_waits
    );
}

SQLRETURN SQL_API SQLGetData(SQLHSTMT raw, SQLUSMALLINT column, SQLSMALLINT c_type, SQLPOINTER data, SQLLEN capacity, SQLLEN* length) {
    return call_working<statement>(
        raw, SQL_API_SQLGETDATA,
        [&](statement&) {
            if (data == nullptr) fail("HY009", "There is no buffer");
            target to;
            to.data = data;
            to.capacity = capacity;
            to.length = to.indicator = length;
            return [column, c_type, to](statement& of) { return of.get_data(column, c_type, to); };
        },
        [column](statement& of) { return of.data_waits(column); }
    );
}

SQLRETURN SQL_API SQLMoreResults(SQLHSTMT raw) {
    // Always at once: unixODBC 2.3.11 takes the second call for another function.
    return call<statement>(raw, [](statement& of) { return of.more_results(); });
}

SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT raw) {
    return call<statement>(raw, [](statement& of) -> SQLRETURN {
        of.close_cursor(false);
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT raw, SQLUSMALLINT option) {
    if (option == SQL_DROP) return free_statement(raw);
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        switch (option) {
        case SQL_CLOSE: of.close_cursor(true); break;
        case SQL_UNBIND: of.unbind_columns(); break;
        case SQL_RESET_PARAMS: of.reset_parameters(); break;
        default: fail("HY092", "There is no option " + std::to_string(option) + " of SQLFreeStmt");
        }
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER) {
    return set_attribute(raw, attribute, value);
}

SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER) {
    return set_attribute(raw, attribute, value);
}

SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER, SQLINTEGER* length) {
    return get_attribute(raw, attribute, value, length);
}

SQLRETURN SQL_API SQLGetStmtAttrW(SQLHSTMT raw, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER, SQLINTEGER* length) {
    return get_attribute(raw, attribute, value, length);
}

SQLRETURN SQL_API SQLSetCursorName(SQLHSTMT raw, SQLCHAR* name, SQLSMALLINT length) {
    return set_cursor_name(raw, name, length);
}

SQLRETURN SQL_API SQLSetCursorNameW(SQLHSTMT raw, SQLWCHAR* name, SQLSMALLINT length) {
    return set_cursor_name(raw, name, length);
}

SQLRETURN SQL_API SQLGetCursorName(SQLHSTMT raw, SQLCHAR* name, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_cursor_name(raw, name, capacity, length);
}

SQLRETURN SQL_API SQLGetCursorNameW(SQLHSTMT raw, SQLWCHAR* name, SQLSMALLINT capacity, SQLSMALLINT* length) {
    return get_cursor_name(raw, name, capacity, length);
}

} // extern "C"
