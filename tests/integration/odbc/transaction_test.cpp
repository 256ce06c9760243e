// Transactions, and cancelling from another thread.

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class OdbcTransaction : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer)");
    }

    void set_autocommit(SQLUINTEGER on) {
        ASSERT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQLULEN{on}), 0), SQL_SUCCESS)
            << problems(SQL_HANDLE_DBC, connection_);
    }
};

TEST_F(OdbcTransaction, CommitAndRollBack) {
    set_autocommit(SQL_AUTOCOMMIT_OFF);
    run("insert into T values (1)");
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK), SQL_SUCCESS);
    EXPECT_EQ(ask("select count(*) from T"), "0");
    run("insert into T values (1)");
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_ENV, environment_, SQL_COMMIT), SQL_SUCCESS);
    run("insert into T values (2)");
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK), SQL_SUCCESS);
    EXPECT_EQ(ask("select count(*) from T"), "1");
}

TEST_F(OdbcTransaction, CancelFromAnotherThread) {
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(1000), 0);
    std::vector<SQLINTEGER> numbers(1000);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<SQLINTEGER>(i);
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, numbers.data(), 0, nullptr);
    run("insert into T values (?)");
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    std::atomic<bool> over{false};
    std::thread killer([&] {
        std::this_thread::sleep_for(200ms);
        while (!over) {
            SQLCancel(statement_);
            std::this_thread::sleep_for(20ms);
        }
    });
    const auto start = std::chrono::steady_clock::now();
    // A thousand million combinations: minutes.
    const auto done = SQLExecDirect(statement_, text("select count(*) from T a, T b, T c where a.N + b.N + c.N < 0"), SQL_NTS);
    over = true;
    killer.join();
    EXPECT_EQ(done, SQL_ERROR);
    EXPECT_EQ(state(), "HY008") << why();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
    EXPECT_EQ(ask("select count(*) from T"), "1000") << "the connection is in step";
}

TEST_F(OdbcTransaction, QueryTimeoutOfAStatement) {
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(1000), 0);
    std::vector<SQLINTEGER> numbers(1000);
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, numbers.data(), 0, nullptr);
    run("insert into T values (?)");
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_QUERY_TIMEOUT, reinterpret_cast<SQLPOINTER>(1), 0), SQL_SUCCESS);
    EXPECT_EQ(SQLExecDirect(statement_, text("select count(*) from T a, T b, T c where a.N + b.N + c.N < 0"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "HYT00") << why();
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_QUERY_TIMEOUT, nullptr, 0), SQL_SUCCESS);
    EXPECT_EQ(ask("select count(*) from T"), "1000");
}

// Two threads with a statement each on one connection: slow, not wrong.
TEST_F(OdbcTransaction, StatementsOfOneConnectionInTwoThreads) {
    const auto work = [this](int from) {
        SQLHSTMT own = nullptr;
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &own), SQL_SUCCESS);
        for (int i = from; i < from + 50; ++i) {
            const auto sql = "select " + std::to_string(i);
            SQLINTEGER got = 0;
            ASSERT_EQ(SQLExecDirect(own, text(sql), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, own);
            ASSERT_EQ(SQLFetch(own), SQL_SUCCESS);
            ASSERT_EQ(SQLGetData(own, 1, SQL_C_SLONG, &got, 0, nullptr), SQL_SUCCESS);
            ASSERT_EQ(got, i);
            SQLCloseCursor(own);
        }
        SQLFreeHandle(SQL_HANDLE_STMT, own);
    };
    std::thread other(work, 1000);
    work(0);
    other.join();
}

} // namespace
} // namespace irislink::test
