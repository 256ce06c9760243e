// What ODBC lets several threads do at once, in the module itself: driver managers may serialise calls.
// The thread sanitizer's build runs these.

#include <atomic>
#include <thread>

#include "tests/integration/odbc/odbc_module.hpp"
#include "tests/integration/odbc/patient_peer.hpp"

namespace irislink::test {
namespace {

class OdbcThreads : public OdbcInside {
protected:
    SQLRETURN query() { return IN_DRIVER(SQLExecDirect, inner_statement_, text("select N from T"), SQL_NTS); }

    SQLUINTEGER dead() {
        SQLUINTEGER out = 99;
        EXPECT_EQ(IN_DRIVER(SQLGetConnectAttr, inner_connection_, SQL_ATTR_CONNECTION_DEAD, &out, sizeof out, nullptr), SQL_SUCCESS);
        return out;
    }

    // While a statement waits for its answer: `what` waits for the statement.
    template <class What> void expect_to_wait(What&& what) {
        patient_peer server;
        connect_inside(target_at(server.peer.port()));
        SQLRETURN queried = SQL_ERROR;
        std::thread at_work([&] { queried = query(); });
        server.await_query();
        std::atomic<bool> done{false};
        std::thread other([&] {
            what();
            done = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        EXPECT_FALSE(done);
        server.go_on = true;
        at_work.join();
        other.join();
        EXPECT_EQ(queried, SQL_SUCCESS);
        IN_DRIVER(SQLDisconnect, inner_connection_);
    }
};

TEST_F(OdbcThreads, FreeingAStatementWaitsForItsCall) {
    expect_to_wait([&] { EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, inner_statement_), SQL_SUCCESS); });
}

TEST_F(OdbcThreads, DisconnectingWaitsForStatements) {
    expect_to_wait([&] { EXPECT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_SUCCESS); });
}

TEST_F(OdbcThreads, FreeingADescriptorWaitsForStatements) {
    expect_to_wait([&] {
        SQLHANDLE descriptor = nullptr;
        EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DESC, inner_connection_, &descriptor), SQL_SUCCESS);
        EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DESC, descriptor), SQL_SUCCESS);
    });
}

TEST_F(OdbcThreads, DeadIsAskedDuringAStatement) {
    patient_peer server;
    connect_inside(target_at(server.peer.port()));
    SQLRETURN queried = SQL_SUCCESS;
    std::thread at_work([&] { queried = query(); });
    server.await_query();
    EXPECT_EQ(dead(), SQLUINTEGER{SQL_CD_FALSE}) << "and at once, though the statement waits";
    server.hang_up = true;
    server.go_on = true;
    SQLUINTEGER found = SQL_CD_FALSE;
    for (int i = 0; i < 100'000 && found == SQLUINTEGER{SQL_CD_FALSE}; ++i) found = dead();
    at_work.join();
    EXPECT_EQ(queried, SQL_ERROR);
    EXPECT_EQ(dead(), SQLUINTEGER{SQL_CD_TRUE});
}

TEST_F(OdbcThreads, CursorNamesWhileStatementsComeAndGo) {
    patient_peer server;
    connect_inside(target_at(server.peer.port()));
    std::thread comes_and_goes([&] {
        for (int i = 0; i < 200; ++i) {
            SQLHANDLE other = nullptr;
            ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &other), SQL_SUCCESS);
            ASSERT_EQ(IN_DRIVER(SQLSetCursorName, other, text("other"), SQL_NTS), SQL_SUCCESS);
            ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_STMT, other), SQL_SUCCESS);
        }
    });
    for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(IN_DRIVER(SQLSetCursorName, inner_statement_, text("mine" + std::to_string(i % 2)), SQL_NTS), SQL_SUCCESS);
        SQLCHAR name[20]{};
        EXPECT_EQ(IN_DRIVER(SQLGetCursorName, inner_statement_, name, sizeof name, nullptr), SQL_SUCCESS);
    }
    comes_and_goes.join();
    SQLHANDLE other = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &other), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLSetCursorName, other, text("mine1"), SQL_NTS), SQL_ERROR) << "it is in use";
    EXPECT_EQ(IN_DRIVER(SQLSetCursorName, other, text("other"), SQL_NTS), SQL_SUCCESS) << "free again with its statement";
}

TEST_F(OdbcThreads, TransactionsOfAnEnvironmentWhileConnectionsComeAndGo) {
    patient_peer server;
    connect_inside(target_at(server.peer.port()));
    SQLHANDLE other = nullptr;
    ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, inner_environment_, &other), SQL_SUCCESS);
    std::atomic<bool> over{false};
    std::thread comes_and_goes([&] {
        for (int i = 0; i < 10; ++i) {
            EXPECT_EQ(
                IN_DRIVER(SQLDriverConnect, other, nullptr, text(target_at(server.peer.port())), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_SUCCESS
            );
            EXPECT_EQ(IN_DRIVER(SQLDisconnect, other), SQL_SUCCESS);
        }
        over = true;
    });
    while (!over) EXPECT_EQ(IN_DRIVER(SQLEndTran, SQL_HANDLE_ENV, inner_environment_, SQL_COMMIT), SQL_SUCCESS);
    comes_and_goes.join();
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, other), SQL_SUCCESS);
}

} // namespace
} // namespace irislink::test
