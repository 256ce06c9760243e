// Every exported function with null handles, handles of other kinds and freed ones, null pointers, lengths
// that are none, and in every state of a statement, called in the module itself: the driver manager would stop
// most of these calls before the driver. None may crash, and the handles stay good. What is exported is read
// from exports.map: a function that is added there needs a row here.

#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "tests/integration/odbc/odbc_module.hpp"

namespace irislink::test {
namespace {

// By what a function takes first.
#define CONNECTION_FUNCTIONS(X)                                                                                                                                \
    X(SQLBrowseConnect)                                                                                                                                        \
    X(SQLBrowseConnectW)                                                                                                                                       \
    X(SQLConnect)                                                                                                                                              \
    X(SQLConnectW)                                                                                                                                             \
    X(SQLDriverConnect)                                                                                                                                        \
    X(SQLDriverConnectW)                                                                                                                                       \
    X(SQLDisconnect)                                                                                                                                           \
    X(SQLSetConnectAttr)                                                                                                                                       \
    X(SQLSetConnectAttrW)                                                                                                                                      \
    X(SQLGetConnectAttr)                                                                                                                                       \
    X(SQLGetConnectAttrW)                                                                                                                                      \
    X(SQLNativeSql)                                                                                                                                            \
    X(SQLNativeSqlW)                                                                                                                                           \
    X(SQLGetInfo)                                                                                                                                              \
    X(SQLGetInfoW)                                                                                                                                             \
    X(SQLGetFunctions)
#define STATEMENT_FUNCTIONS(X)                                                                                                                                 \
    X(SQLBindCol)                                                                                                                                              \
    X(SQLBindParameter)                                                                                                                                        \
    X(SQLCancel)                                                                                                                                               \
    X(SQLCloseCursor)                                                                                                                                          \
    X(SQLColAttribute)                                                                                                                                         \
    X(SQLColAttributeW)                                                                                                                                        \
    X(SQLColumnPrivileges)                                                                                                                                     \
    X(SQLColumnPrivilegesW)                                                                                                                                    \
    X(SQLColumns)                                                                                                                                              \
    X(SQLColumnsW)                                                                                                                                             \
    X(SQLDescribeCol)                                                                                                                                          \
    X(SQLDescribeColW)                                                                                                                                         \
    X(SQLDescribeParam)                                                                                                                                        \
    X(SQLBulkOperations)                                                                                                                                       \
    X(SQLExtendedFetch)                                                                                                                                        \
    X(SQLSetPos)                                                                                                                                               \
    X(SQLExecDirect)                                                                                                                                           \
    X(SQLExecDirectW)                                                                                                                                          \
    X(SQLExecute)                                                                                                                                              \
    X(SQLFetch)                                                                                                                                                \
    X(SQLFetchScroll)                                                                                                                                          \
    X(SQLForeignKeys)                                                                                                                                          \
    X(SQLForeignKeysW)                                                                                                                                         \
    X(SQLFreeStmt)                                                                                                                                             \
    X(SQLGetCursorName)                                                                                                                                        \
    X(SQLGetCursorNameW)                                                                                                                                       \
    X(SQLGetData)                                                                                                                                              \
    X(SQLGetStmtAttr)                                                                                                                                          \
    X(SQLGetStmtAttrW)                                                                                                                                         \
    X(SQLGetTypeInfo)                                                                                                                                          \
    X(SQLGetTypeInfoW)                                                                                                                                         \
    X(SQLMoreResults)                                                                                                                                          \
    X(SQLNumParams)                                                                                                                                            \
    X(SQLNumResultCols)                                                                                                                                        \
    X(SQLParamData)                                                                                                                                            \
    X(SQLPrepare)                                                                                                                                              \
    X(SQLPrepareW)                                                                                                                                             \
    X(SQLPrimaryKeys)                                                                                                                                          \
    X(SQLPrimaryKeysW)                                                                                                                                         \
    X(SQLProcedureColumns)                                                                                                                                     \
    X(SQLProcedureColumnsW)                                                                                                                                    \
    X(SQLProcedures)                                                                                                                                           \
    X(SQLProceduresW)                                                                                                                                          \
    X(SQLPutData)                                                                                                                                              \
    X(SQLRowCount)                                                                                                                                             \
    X(SQLSetCursorName)                                                                                                                                        \
    X(SQLSetCursorNameW)                                                                                                                                       \
    X(SQLSetStmtAttr)                                                                                                                                          \
    X(SQLSetStmtAttrW)                                                                                                                                         \
    X(SQLSpecialColumns)                                                                                                                                       \
    X(SQLSpecialColumnsW)                                                                                                                                      \
    X(SQLStatistics)                                                                                                                                           \
    X(SQLStatisticsW)                                                                                                                                          \
    X(SQLTablePrivileges)                                                                                                                                      \
    X(SQLTablePrivilegesW)                                                                                                                                     \
    X(SQLTables)                                                                                                                                               \
    X(SQLTablesW)
#define DESCRIPTOR_FUNCTIONS(X)                                                                                                                                \
    X(SQLGetDescField)                                                                                                                                         \
    X(SQLGetDescFieldW)                                                                                                                                        \
    X(SQLSetDescField)                                                                                                                                         \
    X(SQLSetDescFieldW)                                                                                                                                        \
    X(SQLGetDescRec)                                                                                                                                           \
    X(SQLGetDescRecW)                                                                                                                                          \
    X(SQLSetDescRec)                                                                                                                                           \
    X(SQLCopyDesc)
#define ENVIRONMENT_FUNCTIONS(X)                                                                                                                               \
    X(SQLSetEnvAttr)                                                                                                                                           \
    X(SQLGetEnvAttr)
#define TYPED_FUNCTIONS(X)                                                                                                                                     \
    X(SQLAllocHandle)                                                                                                                                          \
    X(SQLFreeHandle)                                                                                                                                           \
    X(SQLCancelHandle)                                                                                                                                         \
    X(SQLEndTran)                                                                                                                                              \
    X(SQLGetDiagRec)                                                                                                                                           \
    X(SQLGetDiagRecW)                                                                                                                                          \
    X(SQLGetDiagField)                                                                                                                                         \
    X(SQLGetDiagFieldW)

// What stands for the arguments behind the handle.
struct filling {
    void* pointer;
    int number;
};

template <class P> P argument(const filling& in) {
    if constexpr (std::is_pointer_v<P>) {
        return static_cast<P>(in.pointer);
    } else {
        return static_cast<P>(in.number);
    }
}

struct function_row {
    std::string name;
    SQLRETURN (*call)(const module& driver, const char* name, SQLSMALLINT type, SQLHANDLE handle, const filling& rest);
};

// F(handle, ...) and F(type, handle, ...)
template <auto Function> struct caller;

template <class First, class... P, SQLRETURN (*Function)(First, P...)> struct caller<Function> {
    static SQLRETURN plain(const module& driver, const char* name, SQLSMALLINT, SQLHANDLE handle, const filling& rest) {
        return driver(name, Function, static_cast<First>(handle), argument<P>(rest)...);
    }
};

template <class Type, class First, class... P>
SQLRETURN call_typed(SQLRETURN (*like)(Type, First, P...), const module& driver, const char* name, SQLSMALLINT type, SQLHANDLE handle, const filling& rest) {
    return driver(name, like, type, handle, argument<P>(rest)...);
}

#define PLAIN_ROW(function) function_row{#function, &caller<&function>::plain},
#define TYPED_ROW(function)                                                                                                                                    \
    function_row{#function, [](const module& driver, const char* name, SQLSMALLINT type, SQLHANDLE handle, const filling& rest) {                              \
                     return call_typed(&function, driver, name, type, handle, rest);                                                                           \
                 }},

const std::vector<function_row> of_connections{CONNECTION_FUNCTIONS(PLAIN_ROW)};
const std::vector<function_row> of_statements{STATEMENT_FUNCTIONS(PLAIN_ROW)};
const std::vector<function_row> of_descriptors{DESCRIPTOR_FUNCTIONS(PLAIN_ROW)};
const std::vector<function_row> of_environments{ENVIRONMENT_FUNCTIONS(PLAIN_ROW)};
const std::vector<function_row> of_any{TYPED_FUNCTIONS(TYPED_ROW)};

const std::vector<SQLSMALLINT> handle_types{SQL_HANDLE_ENV, SQL_HANDLE_DBC, SQL_HANDLE_STMT, SQL_HANDLE_DESC};

// They end what they are called with; tests of their own are below.
bool is_ending(const function_row& in) {
    return in.name == "SQLDisconnect" || in.name == "SQLFreeStmt" || in.name == "SQLFreeHandle";
}

TEST(OdbcRobustness, EveryExportedFunctionHasARow) {
    std::set<std::string> exported;
    std::ifstream map(IRISLINK_SOURCE_DIR "/odbc/entry/exports.map");
    for (std::string word; map >> word;)
        if (word.starts_with("SQL") && word.ends_with(";")) exported.insert(word.substr(0, word.size() - 1));
    ASSERT_GT(exported.size(), 80U);
    std::set<std::string> tested;
    for (const auto* const each : {&of_connections, &of_statements, &of_descriptors, &of_environments, &of_any})
        for (const auto& row : *each) tested.insert(row.name);
    EXPECT_EQ(exported, tested);
}

class OdbcRobustnessConnected : public OdbcInside {
protected:
    void connect_inside() { OdbcInside::connect_inside(target_at(server_.port())); }

    SQLRETURN call(const function_row& row, SQLSMALLINT type, SQLHANDLE handle, const filling& with) {
        SCOPED_TRACE(row.name);
        return row.call(driver, row.name.c_str(), type, handle, with);
    }

    // With nothing, with lengths and numbers that are none, and with memory that is there.
    void call_in_every_way(const function_row& row, SQLSMALLINT type, SQLHANDLE handle) {
        for (const int number : {0, 1, -1, -7, SQL_NTS, -100})
            for (void* const pointer : {static_cast<void*>(nullptr), static_cast<void*>(scratch_.data())}) {
                std::ranges::fill(scratch_, '\0');
                (void)call(row, type, handle, {pointer, number});
            }
    }

    // Of no kind of function.
    void expect_invalid(SQLHANDLE handle, SQLSMALLINT but_type = 0) {
        const auto refuse = [&](const std::vector<function_row>& rows, SQLSMALLINT type) {
            if (type == but_type) return;
            for (const auto& row : rows) EXPECT_EQ(call(row, type, handle, {nullptr, 0}), SQL_INVALID_HANDLE) << row.name;
        };
        refuse(of_environments, SQL_HANDLE_ENV);
        refuse(of_connections, SQL_HANDLE_DBC);
        refuse(of_statements, SQL_HANDLE_STMT);
        refuse(of_descriptors, SQL_HANDLE_DESC);
        for (const auto& row : of_any)
            for (const auto type : handle_types) {
                // An environment is allocated from nothing, a statement from a connection.
                if (row.name == "SQLAllocHandle" && (type == SQL_HANDLE_ENV || but_type != 0)) continue;
                // Transactions are a matter of connections and environments.
                if (type == but_type) continue;
                EXPECT_EQ(call(row, type, handle, {nullptr, 0}), SQL_INVALID_HANDLE) << row.name << type;
            }
    }

    SQLHANDLE make(SQLSMALLINT type, SQLHANDLE of) {
        SQLHANDLE out = nullptr;
        EXPECT_EQ(IN_DRIVER(SQLAllocHandle, type, of, &out), SQL_SUCCESS);
        return out;
    }

    // An idle statement without bindings.
    void reset() {
        ASSERT_EQ(IN_DRIVER(SQLCancel, inner_statement_), SQL_SUCCESS);
        for (const int option : {SQL_CLOSE, SQL_UNBIND, SQL_RESET_PARAMS}) ASSERT_EQ(IN_DRIVER(SQLFreeStmt, inner_statement_, option), SQL_SUCCESS);
    }

    void expect_to_work() {
        reset();
        ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 42"), SQL_NTS), SQL_SUCCESS);
        ASSERT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_SUCCESS);
        std::array<SQLCHAR, 10> out{};
        SQLLEN length = 0;
        ASSERT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_CHAR, out.data(), 10, &length), SQL_SUCCESS);
        EXPECT_STREQ(reinterpret_cast<char*>(out.data()), "42");
    }

    // Every function of statements in the state that `prepare` makes.
    void call_all_in_state(const std::function<void()>& prepare) {
        connect_inside();
        ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("create table T (Name varchar(40), N integer)"), SQL_NTS), SQL_SUCCESS);
        for (const auto& row : of_statements) {
            if (is_ending(row)) continue;
            reset();
            prepare();
            ASSERT_FALSE(HasFatalFailure()) << row.name;
            call_in_every_way(row, SQL_HANDLE_STMT, inner_statement_);
        }
        for (const auto& row : of_any) {
            if (is_ending(row)) continue;
            reset();
            prepare();
            ASSERT_FALSE(HasFatalFailure()) << row.name;
            call_in_every_way(row, SQL_HANDLE_STMT, inner_statement_);
        }
        expect_to_work();
    }

    std::vector<char> scratch_ = std::vector<char>(65'536);
    sandbox_runner server_;
};

TEST_F(OdbcRobustnessConnected, NullHandles) {
    expect_invalid(nullptr);
    for (const auto& row : of_any) EXPECT_LT(call(row, 99, nullptr, {nullptr, 0}), 0) << row.name;
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_ENV, nullptr, nullptr), SQL_ERROR);
}

TEST_F(OdbcRobustnessConnected, HandlesOfOtherKinds) {
    connect_inside();
    auto* const descriptor = make(SQL_HANDLE_DESC, inner_connection_);
    expect_invalid(inner_environment_, SQL_HANDLE_ENV);
    expect_invalid(inner_connection_, SQL_HANDLE_DBC);
    expect_invalid(inner_statement_, SQL_HANDLE_STMT);
    expect_invalid(descriptor, SQL_HANDLE_DESC);
    expect_invalid(scratch_.data());
    expect_to_work();
}

TEST_F(OdbcRobustnessConnected, FreedHandles) {
    connect_inside();
    auto* const statement = make(SQL_HANDLE_STMT, inner_connection_);
    SQLHANDLE own_descriptor = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLGetStmtAttr, statement, SQL_ATTR_IMP_ROW_DESC, &own_descriptor, 0, nullptr), SQL_SUCCESS);
    auto* const descriptor = make(SQL_HANDLE_DESC, inner_connection_);
    auto* const environment = make(SQL_HANDLE_ENV, nullptr);
    ASSERT_EQ(IN_DRIVER(SQLSetEnvAttr, environment, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(SQL_OV_ODBC3), 0), SQL_SUCCESS);
    auto* const connection = make(SQL_HANDLE_DBC, environment);
    ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, statement), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DESC, descriptor), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, connection), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_ENV, environment), SQL_SUCCESS);
    for (auto* const each : {statement, own_descriptor, descriptor, connection, environment}) expect_invalid(each);
    // With their connection, statements and descriptors go.
    auto* const last = make(SQL_HANDLE_STMT, inner_connection_);
    ASSERT_EQ(ZEROS(SQLDisconnect, inner_connection_), SQL_SUCCESS);
    for (auto* const each : {inner_statement_, last}) expect_invalid(each);
}

TEST_F(OdbcRobustnessConnected, EnvironmentsAndUnconnectedConnections) {
    for (const auto& row : of_environments) call_in_every_way(row, SQL_HANDLE_ENV, inner_environment_);
    for (const auto& row : of_connections) call_in_every_way(row, SQL_HANDLE_DBC, inner_connection_);
    for (const auto& row : of_any) {
        if (row.name == "SQLAllocHandle" || is_ending(row)) continue;
        call_in_every_way(row, SQL_HANDLE_ENV, inner_environment_);
        call_in_every_way(row, SQL_HANDLE_DBC, inner_connection_);
    }
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &inner_statement_), SQL_ERROR) << "not connected";
    EXPECT_EQ(inner_statement_, nullptr);
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, inner_environment_, nullptr), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_ENV, inner_environment_), SQL_ERROR) << "it has a connection";
    connect_inside();
    expect_to_work();
}

TEST_F(OdbcRobustnessConnected, ConnectedConnectionsAndDescriptors) {
    connect_inside();
    auto* const descriptor = make(SQL_HANDLE_DESC, inner_connection_);
    for (const auto& row : of_connections)
        if (!is_ending(row)) call_in_every_way(row, SQL_HANDLE_DBC, inner_connection_);
    for (const auto& row : of_descriptors) call_in_every_way(row, SQL_HANDLE_DESC, descriptor);
    for (const auto& row : of_any) {
        if (is_ending(row)) continue;
        call_in_every_way(row, SQL_HANDLE_DBC, inner_connection_);
        call_in_every_way(row, SQL_HANDLE_DESC, descriptor);
    }
    EXPECT_EQ(IN_DRIVER(SQLFreeStmt, inner_statement_, 99), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, inner_connection_), SQL_ERROR) << "it is connected";
    expect_to_work();
}

TEST_F(OdbcRobustnessConnected, AllocatedStatements) {
    call_all_in_state([] {});
}

TEST_F(OdbcRobustnessConnected, PreparedStatements) {
    call_all_in_state([&] { ASSERT_EQ(IN_DRIVER(SQLPrepare, inner_statement_, text("select N from T where Name = ?"), SQL_NTS), SQL_SUCCESS); });
}

TEST_F(OdbcRobustnessConnected, ExecutedStatements) {
    call_all_in_state([&] { ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("insert into T values ('a', 1)"), SQL_NTS), SQL_SUCCESS); });
}

TEST_F(OdbcRobustnessConnected, OpenCursors) {
    call_all_in_state([&] { ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 1, 'x' union select 2, 'y'"), SQL_NTS), SQL_SUCCESS); });
}

TEST_F(OdbcRobustnessConnected, CursorsOnARow) {
    call_all_in_state([&] {
        ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select 1, 'x' union select 2, 'y'"), SQL_NTS), SQL_SUCCESS);
        ASSERT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_SUCCESS);
    });
}

TEST_F(OdbcRobustnessConnected, StatementsThatAwaitData) {
    SQLLEN later = SQL_DATA_AT_EXEC;
    call_all_in_state([&] {
        ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, &later, 0, &later), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("insert into T (Name) values (?)"), SQL_NTS), SQL_NEED_DATA);
    });
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
    std::array<SQLUSMALLINT, 2> told{9, 9};
    SQLHANDLE ipd = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLGetStmtAttr, inner_statement_, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetDescField, ipd, 0, SQL_DESC_ARRAY_STATUS_PTR, &told[0], 0), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("insert into T (Name, N) values (?, ?)"), SQL_NTS), SQL_NEED_DATA);
    ASSERT_EQ(IN_DRIVER(SQLSetDescField, ipd, 0, SQL_DESC_ARRAY_STATUS_PTR, &told[1], 0), SQL_SUCCESS);
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
    EXPECT_EQ(told, (std::array<SQLUSMALLINT, 2>{SQL_PARAM_SUCCESS, 9}));
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text("select Name || N from T"), SQL_NTS), SQL_SUCCESS);
    ASSERT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_SUCCESS);
    std::array<SQLCHAR, 10> out{};
    SQLLEN length = 0;
    ASSERT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_CHAR, out.data(), 10, &length), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(out.data()), "late7");
    EXPECT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_NO_DATA);
}

} // namespace
} // namespace irislink::test
