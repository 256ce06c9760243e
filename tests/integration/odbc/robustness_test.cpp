// Every exported function with null handles and null pointers, called in the module itself: the driver
// manager would stop most of these calls before the driver. None may crash; all must say no.

#include <array>

#include "tests/integration/odbc/odbc_module.hpp"

namespace irislink::test {
namespace {

// Functions whose first argument is a handle, by the kind of handle.
#define CONNECTION_FUNCTIONS(X)                                                                                                                                \
    X(SQLBrowseConnect)                                                                                                                                        \
    X(SQLBrowseConnectW)                                                                                                                                       \
    X(SQLConnect)                                                                                                                                              \
    X(SQLConnectW)                                                                                                                                             \
    X(SQLDriverConnect)                                                                                                                                        \
    X(SQLDriverConnectW)                                                                                                                                       \
    X(SQLDisconnect)                                                                                                                                           \
    X(SQLSetConnectAttr)                                                                                                                                       \
    X(SQLSetConnectAttrW) X(SQLGetConnectAttr) X(SQLGetConnectAttrW) X(SQLNativeSql) X(SQLNativeSqlW) X(SQLGetInfo) X(SQLGetInfoW) X(SQLGetFunctions)
#define STATEMENT_FUNCTIONS(X)                                                                                                                                 \
    X(SQLPrepare)                                                                                                                                              \
    X(SQLPrepareW)                                                                                                                                             \
    X(SQLExecDirect)                                                                                                                                           \
    X(SQLExecDirectW)                                                                                                                                          \
    X(SQLExecute)                                                                                                                                              \
    X(SQLCancel)                                                                                                                                               \
    X(SQLNumParams)                                                                                                                                            \
    X(SQLDescribeParam) X(SQLBindParameter) X(SQLParamData) X(SQLPutData) X(SQLRowCount) X(SQLBindCol) X(SQLFetch) X(SQLFetchScroll) X(SQLExtendedFetch)       \
        X(SQLSetPos) X(SQLBulkOperations) X(SQLGetData) X(SQLMoreResults) X(SQLCloseCursor) X(SQLSetStmtAttr) X(SQLSetStmtAttrW) X(SQLGetStmtAttr)             \
            X(SQLGetStmtAttrW) X(SQLSetCursorName) X(SQLSetCursorNameW) X(SQLGetCursorName) X(SQLGetCursorNameW) X(SQLNumResultCols) X(SQLDescribeCol)         \
                X(SQLDescribeColW) X(SQLColAttribute) X(SQLColAttributeW) X(SQLGetTypeInfo) X(SQLGetTypeInfoW) X(SQLTables) X(SQLTablesW) X(SQLColumns)        \
                    X(SQLColumnsW) X(SQLPrimaryKeys) X(SQLPrimaryKeysW) X(SQLForeignKeys) X(SQLForeignKeysW) X(SQLStatistics) X(SQLStatisticsW)                \
                        X(SQLSpecialColumns) X(SQLSpecialColumnsW) X(SQLTablePrivileges) X(SQLTablePrivilegesW) X(SQLColumnPrivileges) X(SQLColumnPrivilegesW) \
                            X(SQLProcedures) X(SQLProceduresW) X(SQLProcedureColumns) X(SQLProcedureColumnsW)
#define DESCRIPTOR_FUNCTIONS(X)                                                                                                                                \
    X(SQLGetDescField) X(SQLGetDescFieldW) X(SQLSetDescField) X(SQLSetDescFieldW) X(SQLGetDescRec) X(SQLGetDescRecW) X(SQLSetDescRec) X(SQLCopyDesc)

TEST(OdbcRobustness, NullHandles) {
    const module driver;
#define NO_HANDLE(function) EXPECT_EQ(ZEROS(function, nullptr), SQL_INVALID_HANDLE) << #function;
    CONNECTION_FUNCTIONS(NO_HANDLE)
    STATEMENT_FUNCTIONS(NO_HANDLE)
    DESCRIPTOR_FUNCTIONS(NO_HANDLE)
    NO_HANDLE(SQLSetEnvAttr)
    NO_HANDLE(SQLGetEnvAttr)
    NO_HANDLE(SQLFreeStmt)
    for (const SQLSMALLINT type : {SQL_HANDLE_ENV, SQL_HANDLE_DBC, SQL_HANDLE_STMT, SQL_HANDLE_DESC, 99}) {
        EXPECT_EQ(IN_DRIVER(SQLFreeHandle, type, nullptr), SQL_INVALID_HANDLE);
        EXPECT_EQ(IN_DRIVER(SQLGetDiagRec, type, nullptr, 1, nullptr, nullptr, nullptr, 0, nullptr), SQL_INVALID_HANDLE);
        EXPECT_EQ(IN_DRIVER(SQLGetDiagRecW, type, nullptr, 1, nullptr, nullptr, nullptr, 0, nullptr), SQL_INVALID_HANDLE);
        EXPECT_EQ(IN_DRIVER(SQLGetDiagField, type, nullptr, 1, SQL_DIAG_SQLSTATE, nullptr, 0, nullptr), SQL_INVALID_HANDLE);
        EXPECT_EQ(IN_DRIVER(SQLGetDiagFieldW, type, nullptr, 1, SQL_DIAG_SQLSTATE, nullptr, 0, nullptr), SQL_INVALID_HANDLE);
    }
    EXPECT_EQ(IN_DRIVER(SQLEndTran, SQL_HANDLE_DBC, nullptr, SQL_COMMIT), SQL_INVALID_HANDLE);
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, nullptr, nullptr), SQL_INVALID_HANDLE);
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_ENV, nullptr, nullptr), SQL_ERROR);
}

class OdbcRobustnessConnected : public OdbcInside {
protected:
    void connect_inside() { OdbcInside::connect_inside(target_at(server_.port())); }

    sandbox_runner server_;
};

TEST_F(OdbcRobustnessConnected, NullPointersBeforeConnecting) {
#define ON_CONNECTION(function) (void)ZEROS(function, inner_connection_);
    CONNECTION_FUNCTIONS(ON_CONNECTION)
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_ERROR) << "not connected";
    EXPECT_EQ(inner_statement_, nullptr);
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_ENV, inner_environment_), SQL_ERROR) << "it has a connection";
}

TEST_F(OdbcRobustnessConnected, NullPointersAndOutOfSequence) {
    connect_inside();
    // Whatever they return: they come back, and the handles stay good.
#define ON_STATEMENT(function) (void)ZEROS(function, inner_statement_);
    STATEMENT_FUNCTIONS(ON_STATEMENT)
    (void)IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_CLOSE);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 1, 'x'"), SQL_NTS), SQL_SUCCESS);
    STATEMENT_FUNCTIONS(ON_STATEMENT)
    (void)IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_CLOSE);
    SQLHANDLE descriptor = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DESC, inner_connection_, &descriptor), SQL_SUCCESS);
#define ON_DESCRIPTOR(function) (void)ZEROS(function, descriptor);
    DESCRIPTOR_FUNCTIONS(ON_DESCRIPTOR)
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, descriptor), SQL_INVALID_HANDLE) << "a handle of another kind";
    EXPECT_EQ(ZEROS(SQLExecute, inner_connection_), SQL_INVALID_HANDLE);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 42"), SQL_NTS), SQL_SUCCESS);
    ASSERT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_SUCCESS);
    std::array<SQLCHAR, 10> out{};
    SQLLEN length = 0;
    ASSERT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_CHAR, out.data(), 10, &length), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(out.data()), "42");
}

TEST_F(OdbcRobustnessConnected, NegativeLengths) {
    connect_inside();
    EXPECT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 1"), -5), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 1"), 0), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLBindCol, inner_statement_, 1, SQL_C_CHAR, &inner_statement_, -1, nullptr), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLTables, inner_statement_, nullptr, 0, nullptr, 0, text("T"), -7, nullptr, 0), SQL_ERROR);
    SQLCHAR state[6]{};
    EXPECT_EQ(IN_DRIVER(SQLGetDiagRec, SQL_HANDLE_STMT, inner_statement_, 1, state, nullptr, nullptr, 0, nullptr), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(state), "HY090");
    EXPECT_EQ(IN_DRIVER(SQLGetDiagRec, SQL_HANDLE_STMT, inner_statement_, 0, state, nullptr, nullptr, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLGetDiagRec, SQL_HANDLE_STMT, inner_statement_, 1, state, nullptr, state, -1, nullptr), SQL_ERROR);
    std::string password(10'000, 'x');
    EXPECT_EQ(IN_DRIVER(SQLSetCursorName, inner_statement_, text(password), SQL_NTS), SQL_ERROR);
}

TEST_F(OdbcRobustnessConnected, VeryLongQueryTimeout) {
    connect_inside();
    for (const SQLULEN asked : {SQLULEN{1'000'001}, ~SQLULEN{0}, ~SQLULEN{0} / 1000 + 2}) {
        ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(asked), 0), SQL_SUCCESS_WITH_INFO);
        SQLCHAR state[6]{};
        ASSERT_EQ(IN_DRIVER(SQLGetDiagRec, SQL_HANDLE_STMT, inner_statement_, 1, state, nullptr, nullptr, 0, nullptr), SQL_SUCCESS);
        EXPECT_STREQ(reinterpret_cast<char*>(state), "01S02");
        SQLULEN taken = 0;
        ASSERT_EQ(IN_DRIVER(SQLGetStmtAttr, inner_statement_, SQL_ATTR_QUERY_TIMEOUT, &taken, 0, nullptr), SQL_SUCCESS);
        EXPECT_EQ(taken, SQLULEN{1'000'000});
        EXPECT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 1"), SQL_NTS), SQL_SUCCESS);
        EXPECT_EQ(IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_CLOSE), SQL_SUCCESS);
    }
    EXPECT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1'000'000), 0), SQL_SUCCESS);
}

// Data at execution from an explicit descriptor that is changed, then freed, before the data came: the
// execution goes by what it said at the beginning.
TEST_F(OdbcRobustnessConnected, DescriptorGoesWhileDataIsAwaited) {
    connect_inside();
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("create table T (Name varchar(40), N integer)"), SQL_NTS), SQL_SUCCESS);
    SQLHANDLE apd = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DESC, inner_connection_, &apd), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_APP_PARAM_DESC, apd, 0), SQL_SUCCESS);
    SQLLEN later = SQL_DATA_AT_EXEC;
    SQLINTEGER mark = 0;
    SQLINTEGER n = 7;
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, &mark, 0, &later), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("insert into T (Name, N) values (?, ?)"), SQL_NTS), SQL_NEED_DATA);
    // Records that move, and more sets than there were.
    ASSERT_EQ(IN_DRIVER(SQLSetDescField, apd, 500, SQL_DESC_TYPE, reinterpret_cast<SQLPOINTER>(SQL_C_CHAR), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetDescField, apd, 0, SQL_DESC_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(9), 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetDescField, apd, 1, SQL_DESC_DATA_PTR, &n, 0), SQL_SUCCESS);
    SQLPOINTER token = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLParamData, inner_statement_, &token), SQL_NEED_DATA);
    EXPECT_EQ(token, &mark);
    ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DESC, apd), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLPutData, inner_statement_, text("late"), 4), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLParamData, inner_statement_, &token), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select Name || N from T"), SQL_NTS), SQL_SUCCESS);
    ASSERT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_SUCCESS);
    std::array<SQLCHAR, 10> out{};
    SQLLEN length = 0;
    ASSERT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_CHAR, out.data(), 10, &length), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(out.data()), "late7");
    EXPECT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_NO_DATA);
}

TEST(OdbcModule, LoadsAndUnloadsAgainAndAgain) {
    for (int i = 0; i < 20; ++i) {
        const module driver;
        SQLHANDLE environment = nullptr;
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_ENV, nullptr, &environment), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_ENV, environment), SQL_SUCCESS);
    }
}

} // namespace
} // namespace irislink::test
