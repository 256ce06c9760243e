// Asynchronous statements by polling: what a program may call meanwhile, what it hears, how work ends and is
// stopped. OdbcAsyncInside is the module alone, where a test says when the server answers; the thread
// sanitizer's build runs these. OdbcAsync goes through the driver manager to a sandbox.

#include <functional>

#include "tests/integration/odbc/odbc_module.hpp"
#include "tests/integration/odbc/patient_peer.hpp"

namespace irislink::test {
namespace {

const auto on = reinterpret_cast<SQLPOINTER>(SQL_ASYNC_ENABLE_ON);

// Calls again and again until the function is through, ten seconds at most.
SQLRETURN until_through(const std::function<SQLRETURN()>& function) {
    SQLRETURN out = SQL_STILL_EXECUTING;
    for (int i = 0; i < 5000 && (out = function()) == SQL_STILL_EXECUTING; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return out;
}

class OdbcAsyncInside : public OdbcInside {
protected:
    void SetUp() override {
        OdbcInside::SetUp();
        connect_inside(target_at(server_.peer.port()));
        ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_ASYNC_ENABLE, on, 0), SQL_SUCCESS);
    }

    SQLRETURN query(SQLHANDLE by) { return IN_DRIVER(SQLExecDirect, by, text("select N from T"), SQL_NTS); }

    SQLRETURN query() { return query(inner_statement_); }

    // The first record's.
    [[nodiscard]] std::string inner_state(SQLSMALLINT type, SQLHANDLE of) const {
        SQLCHAR state[6]{};
        (void)IN_DRIVER(SQLGetDiagRec, type, of, 1, state, nullptr, nullptr, 0, nullptr);
        return reinterpret_cast<char*>(state);
    }

    [[nodiscard]] std::string inner_state() const { return inner_state(SQL_HANDLE_STMT, inner_statement_); }

    void expect_refusal(SQLRETURN of) {
        EXPECT_EQ(of, SQL_ERROR);
        EXPECT_EQ(inner_state(), "HY010");
    }

    void expect_refusal_by_connection(SQLRETURN of) {
        EXPECT_EQ(of, SQL_ERROR);
        EXPECT_EQ(inner_state(SQL_HANDLE_DBC, inner_connection_), "HY010");
    }

    // The work ends, and the value is there.
    void expect_rows() {
        server_.go_on = true;
        ASSERT_EQ(until_through([&] { return query(); }), SQL_SUCCESS) << inner_state();
        ASSERT_EQ(until_through([&] { return ZEROS(SQLFetch, inner_statement_); }), SQL_SUCCESS) << inner_state();
        SQLINTEGER value = 0;
        ASSERT_EQ(until_through([&] { return IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_SLONG, &value, 0, nullptr); }), SQL_SUCCESS) << inner_state();
        EXPECT_EQ(value, 1);
    }

    patient_peer server_;
};

TEST_F(OdbcAsyncInside, ArgumentsAreTheFirstCalls) {
    std::string sql("select N from T");
    ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text(sql), SQL_NTS), SQL_STILL_EXECUTING);
    sql.assign(sql.size(), 'x');
    server_.await_query();
    EXPECT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, nullptr, -77), SQL_STILL_EXECUTING);
    expect_rows();
}

TEST_F(OdbcAsyncInside, StatementTakesNothingElseMeanwhile) {
    ASSERT_EQ(query(), SQL_STILL_EXECUTING);
    SQLRETURN header = 0;
    ASSERT_EQ(IN_DRIVER(SQLGetDiagField, SQL_HANDLE_STMT, inner_statement_, 0, SQL_DIAG_RETURNCODE, &header, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(header, SQL_STILL_EXECUTING);
    EXPECT_EQ(inner_state(), "") << "no records";
    SQLSMALLINT columns = 0;
    expect_refusal(IN_DRIVER(SQLNumResultCols, inner_statement_, &columns));
    expect_refusal(ZEROS(SQLFetch, inner_statement_));
    expect_refusal(ZEROS(SQLExecute, inner_statement_));
    expect_refusal(IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_CLOSE));
    expect_refusal(IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_DROP));
    expect_refusal(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, inner_statement_));
    expect_refusal(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_ASYNC_ENABLE, nullptr, 0));
    EXPECT_EQ(query(), SQL_STILL_EXECUTING) << "none of which disturbed it";
    EXPECT_EQ(inner_state(), "");
    expect_rows();
}

TEST_F(OdbcAsyncInside, ConnectionMeanwhile) {
    SQLHANDLE other = nullptr;
    SQLHANDLE descriptor = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DESC, inner_connection_, &descriptor), SQL_SUCCESS);
    ASSERT_EQ(query(), SQL_STILL_EXECUTING);
    expect_refusal_by_connection(ZEROS(SQLDisconnect, inner_connection_));
    expect_refusal_by_connection(IN_DRIVER(SQLEndTran, SQL_HANDLE_DBC, inner_connection_, SQL_COMMIT));
    expect_refusal_by_connection(IN_DRIVER(SQLSetConnectAttr, inner_connection_, SQL_ATTR_AUTOCOMMIT, nullptr, 0));
    expect_refusal_by_connection(IN_DRIVER(SQLSetConnectAttr, inner_connection_, SQL_ATTR_CURRENT_CATALOG, text("USER"), SQL_NTS));
    SQLUINTEGER number = 77;
    expect_refusal_by_connection(IN_DRIVER(SQLGetConnectAttr, inner_connection_, SQL_ATTR_AUTOCOMMIT, &number, 0, nullptr));
    expect_refusal_by_connection(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_DBC, inner_connection_));
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DESC, descriptor), SQL_ERROR);
    EXPECT_EQ(inner_state(SQL_HANDLE_DESC, descriptor), "HY010");
    EXPECT_EQ(IN_DRIVER(SQLEndTran, SQL_HANDLE_ENV, inner_environment_, SQL_COMMIT), SQL_ERROR);
    EXPECT_EQ(inner_state(SQL_HANDLE_ENV, inner_environment_), "HY010");
    // What reaches no server goes on.
    EXPECT_EQ(IN_DRIVER(SQLGetInfo, inner_connection_, SQL_DBMS_NAME, nullptr, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLGetConnectAttr, inner_connection_, SQL_ATTR_CONNECTION_DEAD, &number, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(number, SQLUINTEGER{SQL_CD_FALSE});
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &other), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, other), SQL_SUCCESS);
    expect_rows();
    EXPECT_EQ(IN_DRIVER(SQLEndTran, SQL_HANDLE_DBC, inner_connection_, SQL_COMMIT), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_DBC, inner_connection_), SQL_SUCCESS) << "nothing to cancel";
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DESC, descriptor), SQL_SUCCESS);
}

TEST_F(OdbcAsyncInside, FailureArrivesWithItsRecords) {
    ASSERT_EQ(query(), SQL_STILL_EXECUTING);
    server_.hang_up = true;
    server_.go_on = true;
    ASSERT_EQ(until_through([&] { return query(); }), SQL_ERROR);
    EXPECT_EQ(inner_state(), "08S01");
    SQLRETURN header = 0;
    ASSERT_EQ(IN_DRIVER(SQLGetDiagField, SQL_HANDLE_STMT, inner_statement_, 0, SQL_DIAG_RETURNCODE, &header, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(header, SQL_ERROR);
}

TEST_F(OdbcAsyncInside, WrongArgumentsFailAtOnce) {
    EXPECT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, nullptr, SQL_NTS), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY009");
    EXPECT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 1, SQL_C_CHAR, nullptr, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY009");
    EXPECT_EQ(IN_DRIVER(SQLSetStmtAttr, inner_statement_, SQL_ATTR_ASYNC_ENABLE, reinterpret_cast<SQLPOINTER>(2), 0), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY024");
    EXPECT_EQ(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_ENV, inner_environment_), SQL_ERROR);
    EXPECT_EQ(inner_state(SQL_HANDLE_ENV, inner_environment_), "HY092");
    EXPECT_EQ(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_STMT, inner_connection_), SQL_INVALID_HANDLE);
}

TEST_F(OdbcAsyncInside, StatementsTakeTheConnectionsAttribute) {
    const auto attribute_of = [&](SQLHANDLE of) {
        SQLULEN out = 99;
        EXPECT_EQ(IN_DRIVER(SQLGetStmtAttr, of, SQL_ATTR_ASYNC_ENABLE, &out, 0, nullptr), SQL_SUCCESS);
        return out;
    };
    ASSERT_EQ(IN_DRIVER(SQLSetConnectAttr, inner_connection_, SQL_ATTR_ASYNC_ENABLE, on, 0), SQL_SUCCESS);
    SQLHANDLE later = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &later), SQL_SUCCESS);
    EXPECT_EQ(attribute_of(later), SQL_ASYNC_ENABLE_ON);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, later, SQL_ATTR_ASYNC_ENABLE, nullptr, 0), SQL_SUCCESS);
    EXPECT_EQ(attribute_of(later), SQL_ASYNC_ENABLE_OFF);
    EXPECT_EQ(attribute_of(inner_statement_), SQL_ASYNC_ENABLE_ON);
}

TEST_F(OdbcAsyncInside, ManyAtOnceAndNoMoreThanTheLimit) {
    ASSERT_EQ(IN_DRIVER(SQLSetConnectAttr, inner_connection_, SQL_ATTR_ASYNC_ENABLE, on, 0), SQL_SUCCESS);
    SQLUINTEGER most = 0;
    ASSERT_EQ(IN_DRIVER(SQLGetInfo, inner_connection_, SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, &most, sizeof most, nullptr), SQL_SUCCESS);
    ASSERT_GT(most, 1U);
    std::vector<SQLHANDLE> all(most);
    for (auto& each : all) {
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &each), SQL_SUCCESS);
        ASSERT_EQ(query(each), SQL_STILL_EXECUTING);
    }
    std::thread helper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        server_.go_on = true;
    });
    EXPECT_EQ(query(), SQL_SUCCESS) << "one too many: it is done before the call returns";
    helper.join();
    for (auto* const each : all) {
        EXPECT_EQ(until_through([&] { return query(each); }), SQL_SUCCESS);
        EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, each), SQL_SUCCESS);
    }
}

TEST_F(OdbcAsyncInside, SeveralThreadsPollTheirStatements) {
    server_.go_on = true;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            SQLHANDLE own = nullptr;
            ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &own), SQL_SUCCESS);
            ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, own, SQL_ATTR_ASYNC_ENABLE, on, 0), SQL_SUCCESS);
            for (int k = 0; k < 10; ++k) {
                EXPECT_EQ(until_through([&] { return query(own); }), SQL_SUCCESS);
                (void)inner_state(SQL_HANDLE_STMT, own);
                EXPECT_EQ(until_through([&] { return ZEROS(SQLFetch, own); }), SQL_SUCCESS);
                EXPECT_EQ(IN_DRIVER(SQLFreeStmt, own, SQL_CLOSE), SQL_SUCCESS);
            }
            EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, own), SQL_SUCCESS);
        });
    for (auto& each : threads) each.join();
}

// One that waits for the line is stopped without a word to the server; the one that has the line goes on.
TEST_F(OdbcAsyncInside, CancelOfWhatWasNotSent) {
    SQLHANDLE second = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &second), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLSetStmtAttr, second, SQL_ATTR_ASYNC_ENABLE, on, 0), SQL_SUCCESS);
    ASSERT_EQ(query(), SQL_STILL_EXECUTING);
    server_.await_query();
    ASSERT_EQ(query(second), SQL_STILL_EXECUTING);
    EXPECT_EQ(IN_DRIVER(SQLCancelHandle, SQL_HANDLE_STMT, second), SQL_SUCCESS);
    EXPECT_EQ(query(second), SQL_STILL_EXECUTING);
    expect_rows();
    EXPECT_EQ(until_through([&] { return query(second); }), SQL_ERROR);
    EXPECT_EQ(inner_state(SQL_HANDLE_STMT, second), "HY008");
    EXPECT_EQ(server_.asked, 1);
    EXPECT_EQ(until_through([&] { return query(second); }), SQL_SUCCESS) << "and may be tried again";
}

class OdbcAsync : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer, S varchar(20))");
        run("insert into T (N) values (1)");
        for (int i = 0; i < 9; ++i) run("insert into T (N) select N + " + std::to_string(1 << i) + " from T");
    }

    void be_asynchronous() { ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_ASYNC_ENABLE, on, 0), SQL_SUCCESS) << why(); }

    SQLRETURN execute(const std::string& sql) {
        return until_through([&] { return SQLExecDirect(statement_, text(sql), SQL_NTS); });
    }

    SQLRETURN fetch() {
        return until_through([&] { return SQLFetch(statement_); });
    }

    // More than a hundred million combinations.
    static constexpr const char* endless = "select count(*) from T a, T b, T c where a.N + b.N + c.N < 0";
};

TEST_F(OdbcAsync, FromPreparingToTheLastRow) {
    SQLUINTEGER mode = 0;
    ASSERT_EQ(SQLGetInfo(connection_, SQL_ASYNC_MODE, &mode, sizeof mode, nullptr), SQL_SUCCESS);
    EXPECT_EQ(mode, SQLUINTEGER{SQL_AM_STATEMENT});
    be_asynchronous();
    ASSERT_EQ(until_through([&] { return SQLPrepare(statement_, text("select N from T where N <= ? order by N"), SQL_NTS); }), SQL_SUCCESS) << why();
    SQLINTEGER last = 2;
    ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &last, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(until_through([&] { return SQLExecute(statement_); }), SQL_SUCCESS) << why();
    for (const SQLINTEGER expected : {1, 2}) {
        ASSERT_EQ(fetch(), SQL_SUCCESS) << why();
        SQLINTEGER value = 0;
        ASSERT_EQ(until_through([&] { return SQLGetData(statement_, 1, SQL_C_SLONG, &value, 0, nullptr); }), SQL_SUCCESS) << why();
        EXPECT_EQ(value, expected);
    }
    EXPECT_EQ(fetch(), SQL_NO_DATA);
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA) << why();
    ASSERT_EQ(until_through([&] { return SQLTables(statement_, nullptr, 0, nullptr, 0, text("T"), SQL_NTS, nullptr, 0); }), SQL_SUCCESS) << why();
    ASSERT_EQ(until_through([&] { return SQLFetchScroll(statement_, SQL_FETCH_NEXT, 0); }), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS);
    ASSERT_EQ(execute("select * from Nowhere"), SQL_ERROR);
    EXPECT_EQ(state(), "42S02") << why();
}

TEST_F(OdbcAsync, CancelStopsTheServersWork) {
    be_asynchronous();
    for (const bool by_handle : {false, true}) {
        ASSERT_EQ(SQLExecDirect(statement_, text(endless), SQL_NTS), SQL_STILL_EXECUTING) << why();
        SQLSMALLINT columns = 0;
        EXPECT_EQ(SQLNumResultCols(statement_, &columns), SQL_ERROR) << "the driver manager keeps order too";
        EXPECT_EQ(state(), "HY010");
        ASSERT_EQ(by_handle ? SQLCancelHandle(SQL_HANDLE_STMT, statement_) : SQLCancel(statement_), SQL_SUCCESS) << why();
        ASSERT_EQ(execute(endless), SQL_ERROR);
        EXPECT_EQ(state(), "HY008") << why();
        ASSERT_EQ(execute("select count(*) from T"), SQL_SUCCESS) << why();
        ASSERT_EQ(fetch(), SQL_SUCCESS) << why();
        ASSERT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS);
    }
}

TEST_F(OdbcAsync, TimeLimitsHold) {
    be_asynchronous();
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0), SQL_SUCCESS);
    ASSERT_EQ(execute(endless), SQL_ERROR);
    EXPECT_EQ(state(), "HYT00") << why();
}

TEST_F(OdbcAsync, DataAtExecution) {
    be_asynchronous();
    SQLLEN later = SQL_DATA_AT_EXEC;
    SQLINTEGER mark = 0;
    const auto insert = "insert into T (N, S) values (-1, ?)";
    ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, &mark, 0, &later), SQL_SUCCESS);
    ASSERT_EQ(execute(insert), SQL_NEED_DATA) << why();
    SQLPOINTER token = nullptr;
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_NEED_DATA) << why();
    EXPECT_EQ(token, &mark);
    // Given up, in the middle of it.
    ASSERT_EQ(SQLCancelHandle(SQL_HANDLE_STMT, statement_), SQL_SUCCESS) << why();
    ASSERT_EQ(execute(insert), SQL_NEED_DATA) << why();
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_NEED_DATA) << why();
    ASSERT_EQ(SQLPutData(statement_, text("late"), 4), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLFreeStmt(statement_, SQL_RESET_PARAMS), SQL_SUCCESS);
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_ASYNC_ENABLE, nullptr, 0), SQL_SUCCESS);
    EXPECT_EQ(ask("select list(S) from T where N = -1"), "late");
}

TEST_F(OdbcAsync, CancelHandleFromAnotherThread) {
    SQLRETURN done = SQL_SUCCESS;
    std::atomic<bool> over{false};
    std::thread at_work([&] {
        done = SQLExecDirect(statement_, text(endless), SQL_NTS);
        over = true;
    });
    while (!over) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (!over) SQLCancelHandle(SQL_HANDLE_STMT, statement_);
    }
    at_work.join();
    EXPECT_EQ(done, SQL_ERROR);
    EXPECT_EQ(state(), "HY008") << why();
    EXPECT_EQ(ask("select 1"), "1");
    EXPECT_EQ(SQLCancelHandle(SQL_HANDLE_DBC, connection_), SQL_SUCCESS) << "nothing to cancel";
    EXPECT_EQ(SQLCancelHandle(SQL_HANDLE_STMT, statement_), SQL_SUCCESS) << "nothing to cancel";
    EXPECT_EQ(SQLCancelHandle(SQL_HANDLE_ENV, environment_), SQL_INVALID_HANDLE);
}

} // namespace
} // namespace irislink::test
