// data table
#include "odbc/info/functions.hpp"

#include <algorithm>
#include <array>

namespace irislink::odbc {
namespace {

// clang-format off
constexpr std::array functions{
    odbc_function{SQL_API_SQLALLOCHANDLE, "SQLAllocHandle", false},
    odbc_function{SQL_API_SQLBINDCOL, "SQLBindCol", false},
    odbc_function{SQL_API_SQLBINDPARAMETER, "SQLBindParameter", false},
    odbc_function{SQL_API_SQLBROWSECONNECT, "SQLBrowseConnect", true},
    odbc_function{SQL_API_SQLBULKOPERATIONS, "SQLBulkOperations", false},
    odbc_function{SQL_API_SQLCANCEL, "SQLCancel", false},
    odbc_function{SQL_API_SQLCANCELHANDLE, "SQLCancelHandle", false},
    odbc_function{SQL_API_SQLCLOSECURSOR, "SQLCloseCursor", false},
    odbc_function{SQL_API_SQLCOLATTRIBUTE, "SQLColAttribute", true},
    odbc_function{SQL_API_SQLCOLUMNPRIVILEGES, "SQLColumnPrivileges", true},
    odbc_function{SQL_API_SQLCOLUMNS, "SQLColumns", true},
    odbc_function{SQL_API_SQLCONNECT, "SQLConnect", true},
    odbc_function{SQL_API_SQLCOPYDESC, "SQLCopyDesc", false},
    odbc_function{SQL_API_SQLDESCRIBECOL, "SQLDescribeCol", true},
    odbc_function{SQL_API_SQLDESCRIBEPARAM, "SQLDescribeParam", false},
    odbc_function{SQL_API_SQLDISCONNECT, "SQLDisconnect", false},
    odbc_function{SQL_API_SQLDRIVERCONNECT, "SQLDriverConnect", true},
    odbc_function{SQL_API_SQLENDTRAN, "SQLEndTran", false},
    odbc_function{SQL_API_SQLEXECDIRECT, "SQLExecDirect", true},
    odbc_function{SQL_API_SQLEXECUTE, "SQLExecute", false},
    odbc_function{SQL_API_SQLEXTENDEDFETCH, "SQLExtendedFetch", false},
    odbc_function{SQL_API_SQLFETCH, "SQLFetch", false},
    odbc_function{SQL_API_SQLFETCHSCROLL, "SQLFetchScroll", false},
    odbc_function{SQL_API_SQLFOREIGNKEYS, "SQLForeignKeys", true},
    odbc_function{SQL_API_SQLFREEHANDLE, "SQLFreeHandle", false},
    odbc_function{SQL_API_SQLFREESTMT, "SQLFreeStmt", false},
    odbc_function{SQL_API_SQLGETCONNECTATTR, "SQLGetConnectAttr", true},
    odbc_function{SQL_API_SQLGETCURSORNAME, "SQLGetCursorName", true},
    odbc_function{SQL_API_SQLGETDATA, "SQLGetData", false},
    odbc_function{SQL_API_SQLGETDESCFIELD, "SQLGetDescField", true},
    odbc_function{SQL_API_SQLGETDESCREC, "SQLGetDescRec", true},
    odbc_function{SQL_API_SQLGETDIAGFIELD, "SQLGetDiagField", true},
    odbc_function{SQL_API_SQLGETDIAGREC, "SQLGetDiagRec", true},
    odbc_function{SQL_API_SQLGETENVATTR, "SQLGetEnvAttr", false},
    odbc_function{SQL_API_SQLGETFUNCTIONS, "SQLGetFunctions", false},
    odbc_function{SQL_API_SQLGETINFO, "SQLGetInfo", true},
    odbc_function{SQL_API_SQLGETSTMTATTR, "SQLGetStmtAttr", true},
    odbc_function{SQL_API_SQLGETTYPEINFO, "SQLGetTypeInfo", true},
    odbc_function{SQL_API_SQLMORERESULTS, "SQLMoreResults", false},
    odbc_function{SQL_API_SQLNATIVESQL, "SQLNativeSql", true},
    odbc_function{SQL_API_SQLNUMPARAMS, "SQLNumParams", false},
    odbc_function{SQL_API_SQLNUMRESULTCOLS, "SQLNumResultCols", false},
    odbc_function{SQL_API_SQLPARAMDATA, "SQLParamData", false},
    odbc_function{SQL_API_SQLPREPARE, "SQLPrepare", true},
    odbc_function{SQL_API_SQLPRIMARYKEYS, "SQLPrimaryKeys", true},
    odbc_function{SQL_API_SQLPROCEDURECOLUMNS, "SQLProcedureColumns", true},
    odbc_function{SQL_API_SQLPROCEDURES, "SQLProcedures", true},
    odbc_function{SQL_API_SQLPUTDATA, "SQLPutData", false},
    odbc_function{SQL_API_SQLROWCOUNT, "SQLRowCount", false},
    odbc_function{SQL_API_SQLSETCONNECTATTR, "SQLSetConnectAttr", true},
    odbc_function{SQL_API_SQLSETCURSORNAME, "SQLSetCursorName", true},
    odbc_function{SQL_API_SQLSETDESCFIELD, "SQLSetDescField", true},
    odbc_function{SQL_API_SQLSETDESCREC, "SQLSetDescRec", false},
    odbc_function{SQL_API_SQLSETENVATTR, "SQLSetEnvAttr", false},
    odbc_function{SQL_API_SQLSETPOS, "SQLSetPos", false},
    odbc_function{SQL_API_SQLSETSTMTATTR, "SQLSetStmtAttr", true},
    odbc_function{SQL_API_SQLSPECIALCOLUMNS, "SQLSpecialColumns", true},
    odbc_function{SQL_API_SQLSTATISTICS, "SQLStatistics", true},
    odbc_function{SQL_API_SQLTABLEPRIVILEGES, "SQLTablePrivileges", true},
    odbc_function{SQL_API_SQLTABLES, "SQLTables", true},
};
// clang-format on

} // namespace

std::span<const odbc_function> function_table() noexcept {
    return functions;
}

bool has_function(SQLUSMALLINT id) noexcept {
    return std::ranges::find(functions, id, &odbc_function::id) != functions.end();
}

} // namespace irislink::odbc
