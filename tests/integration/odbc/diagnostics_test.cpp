// Errors as programs get them: SQLSTATE, native code, the server's words, header fields.

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcDiagnostics : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
    }

    void expect_error(const std::string& sql, const std::string& sqlstate) {
        EXPECT_EQ(SQLExecDirect(statement_, text(sql), SQL_NTS), SQL_ERROR) << sql;
        EXPECT_EQ(state(), sqlstate) << sql << "\n" << why();
    }
};

TEST_F(OdbcDiagnostics, StatesOfTheServersErrors) {
    expect_error("select * from Nowhere", "42S02");
    EXPECT_NE(why().find(" -30 [irislink][ODBC driver][IRIS]"), std::string::npos) << why();
    EXPECT_NE(why().find("NOWHERE"), std::string::npos) << why();
    expect_error("selec 1", "42000");
    run("create table T (N integer not null primary key)");
    expect_error("create table T (N integer)", "42S01");
    expect_error("select X from T", "42S22");
    run("insert into T values (1)");
    expect_error("insert into T values (1)", "23000");
    expect_error("insert into T values (NULL)", "23000");
}

TEST_F(OdbcDiagnostics, StatesOfTheDriversErrors) {
    EXPECT_EQ(SQLFetch(statement_), SQL_ERROR);
    EXPECT_EQ(SQLExecute(statement_), SQL_ERROR);
    run("select 1");
    SQLCHAR out[10]{};
    EXPECT_EQ(SQLGetData(statement_, 1, SQL_C_CHAR, out, sizeof out, nullptr), SQL_ERROR);
    EXPECT_EQ(SQLFetch(statement_), SQL_SUCCESS);
    EXPECT_EQ(SQLGetData(statement_, 2, SQL_C_CHAR, out, sizeof out, nullptr), SQL_ERROR);
    EXPECT_EQ(state(), "07009") << why();
    EXPECT_EQ(SQLGetData(statement_, 1, 12345, out, sizeof out, nullptr), SQL_ERROR);
    EXPECT_EQ(state(), "HY003") << why();
}

TEST_F(OdbcDiagnostics, HeaderAndRecordFields) {
    run("create table T (N integer)");
    run("insert into T select 1 union select 2");
    SQLLEN rows = 0;
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 0, SQL_DIAG_ROW_COUNT, &rows, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(rows, 2);
    expect_error("select * from Nowhere", "42S02");
    SQLINTEGER number = 0;
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 0, SQL_DIAG_NUMBER, &number, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(number, 1);
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 1, SQL_DIAG_NATIVE, &number, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(number, -30);
    SQLCHAR out[100]{};
    SQLSMALLINT length = 0;
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 1, SQL_DIAG_SUBCLASS_ORIGIN, out, sizeof out, &length), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(out), "ODBC 3.0");
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 1, SQL_DIAG_SERVER_NAME, out, sizeof out, &length), SQL_SUCCESS);
    EXPECT_EQ(reinterpret_cast<char*>(out), dsn_);
    EXPECT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 2, SQL_DIAG_SQLSTATE, out, sizeof out, &length), SQL_NO_DATA);
}

TEST_F(OdbcDiagnostics, CutMessageTellsItsLength) {
    expect_error("select * from Nowhere", "42S02");
    SQLWCHAR state[6]{};
    SQLWCHAR message[10]{};
    SQLSMALLINT length = 0;
    ASSERT_EQ(SQLGetDiagRecW(SQL_HANDLE_STMT, statement_, 1, state, nullptr, message, 10, &length), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(from_wide(state), u"42S02");
    EXPECT_EQ(from_wide(message).size(), 9U);
    EXPECT_GT(length, 30);
}

TEST_F(OdbcDiagnostics, ADeadLineSaysSo) {
    server_.kill();
    EXPECT_EQ(SQLExecDirect(statement_, text("select 1"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "08S01") << why();
    SQLUINTEGER dead = 0;
    ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(dead, SQLUINTEGER{SQL_CD_TRUE});
}

} // namespace
} // namespace irislink::test
