// The driver for iODBC as its programs see it: through iODBC's driver manager, with SQLWCHARs of four bytes.

#include "tests/integration/odbc/odbc_fixture.hpp"

#include <clocale>

namespace irislink::test {
namespace {

static_assert(sizeof(SQLWCHAR) == sizeof(char32_t));

SQLWCHAR* units(const std::u32string& in) {
    return reinterpret_cast<SQLWCHAR*>(const_cast<char32_t*>(in.c_str()));
}

std::u32string from_units(const SQLWCHAR* in) {
    return reinterpret_cast<const char32_t*>(in);
}

class Iodbc : public OdbcTest {
protected:
    Iodbc() {
        setenv("ODBCINSTINI", (folder().path / "odbcinst.ini").c_str(), 1);
        write_dsn("PWD={demo}\n");
        // iODBC makes wide text of narrow, by the locale.
        std::setlocale(LC_CTYPE, "C.UTF-8");
    }

    void SetUp() override {
        OdbcTest::SetUp();
        const std::u32string name(dsn_.begin(), dsn_.end());
        ASSERT_EQ(SQLConnectW(connection_, units(name), SQL_NTS, units(U"demo"), SQL_NTS, units(U"demo"), SQL_NTS), SQL_SUCCESS)
            << problems(SQL_HANDLE_DBC, connection_);
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    }

    void run_wide(const std::u32string& sql) { ASSERT_TRUE(SQL_SUCCEEDED(SQLExecDirectW(statement_, units(sql), SQL_NTS))) << why(); }
};

TEST_F(Iodbc, WideTextBothWays) {
    run_wide(U"create table io_wide (n integer, \"Ж😀\" varchar(40))");
    ASSERT_EQ(SQLPrepareW(statement_, units(U"insert into io_wide values (1, ?)"), SQL_NTS), SQL_SUCCESS) << why();
    const std::u32string given = U"aäЖ😀z";
    SQLLEN length = static_cast<SQLLEN>(given.size() * sizeof(SQLWCHAR));
    ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 40, 0, units(given), length, &length), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    run_wide(U"select \"Ж😀\", char_length(\"Ж😀\") from io_wide where \"Ж😀\" like '%😀%'");
    SQLWCHAR name[20]{};
    SQLSMALLINT name_length = 0;
    ASSERT_EQ(SQLDescribeColW(statement_, 1, name, 20, &name_length, nullptr, nullptr, nullptr, nullptr), SQL_SUCCESS) << why();
    EXPECT_EQ(from_units(name), U"Ж😀");
    EXPECT_EQ(name_length, 2);
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    SQLWCHAR out[20]{};
    ASSERT_EQ(SQLGetData(statement_, 1, SQL_C_WCHAR, out, sizeof out, &length), SQL_SUCCESS) << why();
    EXPECT_EQ(from_units(out), given);
    EXPECT_EQ(length, 20) << "five units of four bytes";
}

TEST_F(Iodbc, PiecesEndBetweenUnits) {
    run_wide(U"select 'a😀Ж😀b'");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    std::u32string all;
    SQLWCHAR piece[3]{};
    SQLLEN length = 0;
    SQLRETURN got = SQL_SUCCESS;
    for (int i = 0; i < 10 && (got = SQLGetData(statement_, 1, SQL_C_WCHAR, piece, sizeof piece, &length)) == SQL_SUCCESS_WITH_INFO; ++i)
        all += from_units(piece);
    ASSERT_EQ(got, SQL_SUCCESS) << why();
    EXPECT_EQ(all + from_units(piece), U"a😀Ж😀b");
}

TEST_F(Iodbc, BoundColumnIsCutBetweenUnits) {
    run_wide(U"select '😀😀😀'");
    SQLWCHAR out[3]{};
    SQLLEN length = 0;
    ASSERT_EQ(SQLBindCol(statement_, 1, SQL_C_WCHAR, out, sizeof out, &length), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01004") << why();
    EXPECT_EQ(from_units(out), U"😀😀");
    EXPECT_EQ(length, 12);
}

TEST_F(Iodbc, WhatIsNoCharacterIsRefusedAsAParameter) {
    ASSERT_EQ(SQLPrepareW(statement_, units(U"select ?"), SQL_NTS), SQL_SUCCESS) << why();
    for (const char32_t wrong : {char32_t{0xD83D}, char32_t{0x110000}, char32_t{0xFFFFFFFF}}) {
        const std::u32string given{U'a', wrong};
        SQLLEN length = 8;
        ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 40, 0, units(given), length, &length), SQL_SUCCESS) << why();
        EXPECT_EQ(SQLExecute(statement_), SQL_ERROR) << static_cast<unsigned>(wrong);
        EXPECT_EQ(state(), "22018") << why();
    }
}

TEST_F(Iodbc, NarrowTextInAUtf8Locale) {
    run("create table io_narrow (s varchar(40))");
    run("insert into io_narrow values ('ä😀')");
    EXPECT_EQ(ask("select s from io_narrow"), "ä😀");
}

TEST_F(Iodbc, ErrorsAreWideToo) {
    ASSERT_EQ(SQLExecDirectW(statement_, units(U"select * from \"Keine😀\""), SQL_NTS), SQL_ERROR);
    SQLWCHAR state[6]{};
    SQLWCHAR message[500]{};
    SQLINTEGER native = 0;
    SQLSMALLINT length = 0;
    ASSERT_EQ(SQLGetDiagRecW(SQL_HANDLE_STMT, statement_, 1, state, &native, message, 500, &length), SQL_SUCCESS);
    EXPECT_EQ(from_units(state), U"42S02");
    EXPECT_EQ(native, -30);
    EXPECT_NE(from_units(message).find(U"😀"), std::u32string::npos);
    EXPECT_EQ(from_units(message).size(), static_cast<std::size_t>(length));
}

TEST_F(Iodbc, ConnectionStringAndInformation) {
    SQLHDBC other = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DBC, environment_, &other), SQL_SUCCESS);
    const std::u32string target = U"DSN=" + std::u32string(dsn_.begin(), dsn_.end()) + U";PWD={demo};ApplicationName=Ж😀";
    SQLWCHAR out[500]{};
    SQLSMALLINT length = 0;
    ASSERT_EQ(SQLDriverConnectW(other, nullptr, units(target), SQL_NTS, out, 500, &length, SQL_DRIVER_NOPROMPT), SQL_SUCCESS)
        << problems(SQL_HANDLE_DBC, other);
    EXPECT_NE(from_units(out).find(U"ApplicationName=Ж😀"), std::u32string::npos);
    EXPECT_EQ(from_units(out).find(U"PWD"), std::u32string::npos);
    ASSERT_EQ(SQLGetInfoW(other, SQL_DRIVER_NAME, out, sizeof out, &length), SQL_SUCCESS);
    EXPECT_EQ(from_units(out), U"libirislinkodbc-iodbc.so");
    SQLDisconnect(other);
    SQLFreeHandle(SQL_HANDLE_DBC, other);
}

} // namespace
} // namespace irislink::test
