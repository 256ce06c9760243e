// Programs that declare themselves for ODBC 2: their codes of dates, everywhere a type is told or taken.

#include <algorithm>
#include <map>

#include "tests/integration/odbc/odbc_module.hpp"

namespace irislink::test {
namespace {

// The module itself: driver managers change some of these codes on the way.
class Odbc2Inside : public OdbcInside {
protected:
    void SetUp() override {
        OdbcInside::SetUp();
        declare(SQL_OV_ODBC2);
    }

    void declare(SQLULEN version) {
        ASSERT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, inner_connection_), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLSetEnvAttr, inner_environment_, SQL_ATTR_ODBC_VERSION, reinterpret_cast<SQLPOINTER>(version), 0), SQL_SUCCESS);
        ASSERT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_DBC, inner_environment_, &inner_connection_), SQL_SUCCESS);
        connect_inside(target_at(server_.port()));
    }

    void run_inside(const std::string& sql) { ASSERT_EQ(IN_DRIVER(SQLExecDirect, inner_statement_, text(sql), SQL_NTS), SQL_SUCCESS) << sql; }

    void close() { ASSERT_EQ(IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_CLOSE), SQL_SUCCESS); }

    // Column `name` to column `code` of what a catalog function gave.
    [[nodiscard]] std::map<std::string, int> codes(SQLUSMALLINT name, SQLUSMALLINT code) {
        std::map<std::string, int> out;
        SQLCHAR of[100]{};
        SQLSMALLINT value = 0;
        while (SQL_SUCCEEDED(ZEROS(SQLFetch, inner_statement_))) {
            EXPECT_EQ(IN_DRIVER(SQLGetData, inner_statement_, name, SQL_C_CHAR, of, sizeof of, nullptr), SQL_SUCCESS);
            EXPECT_EQ(IN_DRIVER(SQLGetData, inner_statement_, code, SQL_C_SSHORT, &value, 0, nullptr), SQL_SUCCESS);
            out[reinterpret_cast<char*>(of)] = value;
        }
        close();
        return out;
    }

    // Everything that tells the types of D DATE, T TIME, S TIMESTAMP and N INTEGER.
    void expect_codes(int date, int time, int timestamp) {
        run_inside("create table Times (D date primary key, T time, S timestamp, N integer)");
        const std::map<std::string, int> expected{{"D", date}, {"T", time}, {"S", timestamp}, {"N", SQL_INTEGER}};
        ASSERT_EQ(IN_DRIVER(SQLColumns, inner_statement_, nullptr, 0, nullptr, 0, text("Times"), SQL_NTS, nullptr, 0), SQL_SUCCESS);
        EXPECT_EQ(codes(4, 5), expected);
        ASSERT_EQ(
            IN_DRIVER(SQLSpecialColumns, inner_statement_, SQL_BEST_ROWID, nullptr, 0, nullptr, 0, text("Times"), SQL_NTS, SQL_SCOPE_SESSION, SQL_NULLABLE),
            SQL_SUCCESS
        );
        EXPECT_EQ(codes(2, 3), (std::map<std::string, int>{{"D", date}}));
        ASSERT_EQ(IN_DRIVER(SQLGetTypeInfo, inner_statement_, SQL_ALL_TYPES), SQL_SUCCESS);
        const auto types = codes(1, 2);
        EXPECT_EQ(types.at("DATE"), date);
        EXPECT_EQ(types.at("TIMESTAMP"), timestamp);
        EXPECT_EQ(types.at("INTEGER"), SQL_INTEGER);
        ASSERT_EQ(IN_DRIVER(SQLGetTypeInfo, inner_statement_, date), SQL_SUCCESS);
        EXPECT_EQ(codes(1, 2), (std::map<std::string, int>{{"DATE", date}}));
        ASSERT_EQ(IN_DRIVER(SQLPrepare, inner_statement_, text("select D, T, S, N from Times where S = ?"), SQL_NTS), SQL_SUCCESS);
        const std::array<int, 4> in_order{date, time, timestamp, SQL_INTEGER};
        for (SQLUSMALLINT i = 1; i <= 4; ++i) {
            SQLSMALLINT type = 0;
            SQLLEN told = 0;
            ASSERT_EQ(IN_DRIVER(SQLDescribeCol, inner_statement_, i, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr), SQL_SUCCESS);
            ASSERT_EQ(IN_DRIVER(SQLColAttribute, inner_statement_, i, SQL_COLUMN_TYPE, nullptr, 0, nullptr, &told), SQL_SUCCESS);
            EXPECT_EQ(type, in_order[i - 1U]);
            EXPECT_EQ(told, in_order[i - 1U]);
        }
        SQLSMALLINT type = 0;
        ASSERT_EQ(IN_DRIVER(SQLDescribeParam, inner_statement_, 1, &type, nullptr, nullptr, nullptr), SQL_SUCCESS);
        EXPECT_EQ(type, timestamp);
    }

    sandbox_runner server_;
};

TEST_F(Odbc2Inside, CodesOfDatesAreTheirs) {
    expect_codes(SQL_DATE, SQL_TIME, SQL_TIMESTAMP);
    // And taken: as parameters and bound columns.
    SQL_TIMESTAMP_STRUCT moment{2026, 2, 28, 23, 59, 58, 0};
    SQL_DATE_STRUCT day{2026, 3, 1};
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 1, SQL_PARAM_INPUT, SQL_C_DATE, SQL_DATE, 10, 0, &day, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLBindParameter, inner_statement_, 2, SQL_PARAM_INPUT, SQL_C_TIMESTAMP, SQL_TIMESTAMP, 19, 0, &moment, 0, nullptr), SQL_SUCCESS);
    run_inside("insert into Times (D, S) values (?, ?)");
    ASSERT_EQ(IN_DRIVER(SQLFreeStmt, inner_statement_, SQL_RESET_PARAMS), SQL_SUCCESS);
    SQL_DATE_STRUCT read{};
    SQL_TIMESTAMP_STRUCT stamp{};
    ASSERT_EQ(IN_DRIVER(SQLBindCol, inner_statement_, 1, SQL_C_DATE, &read, 0, nullptr), SQL_SUCCESS);
    run_inside("select D, S from Times");
    ASSERT_EQ(ZEROS(SQLFetch, inner_statement_), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLGetData, inner_statement_, 2, SQL_C_TIMESTAMP, &stamp, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(read.month, 3);
    EXPECT_EQ(read.day, 1);
    EXPECT_EQ(stamp.minute, 59);
    EXPECT_EQ(stamp.second, 58);
}

class Odbc3Inside : public Odbc2Inside {
protected:
    void SetUp() override {
        OdbcInside::SetUp();
        declare(SQL_OV_ODBC3_80);
    }
};

TEST_F(Odbc3Inside, CodesOfDatesAreThoseOfToday) {
    expect_codes(SQL_TYPE_DATE, SQL_TYPE_TIME, SQL_TYPE_TIMESTAMP);
}

// The whole way of an old program, through the driver manager.
class Odbc2Manager : public OdbcTest {
protected:
    void SetUp() override {
        ASSERT_EQ(SQLAllocEnv(&environment_), SQL_SUCCESS);
        ASSERT_EQ(SQLAllocConnect(environment_, &connection_), SQL_SUCCESS);
        ASSERT_EQ(SQLConnect(connection_, text(dsn_), SQL_NTS, nullptr, 0, text("demo"), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_DBC, connection_);
        ASSERT_EQ(SQLAllocStmt(connection_, &statement_), SQL_SUCCESS);
    }
};

TEST_F(Odbc2Manager, ScrollsByExtendedFetch) {
    run("create table T (N integer, D date)");
    for (int i = 1; i <= 5; ++i) run("insert into T values (" + std::to_string(i) + ", '2026-01-0" + std::to_string(i) + "')");
    SQLFreeStmt(statement_, SQL_CLOSE);
    ASSERT_EQ(SQLSetStmtOption(statement_, SQL_CURSOR_TYPE, SQL_CURSOR_STATIC), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLSetStmtOption(statement_, SQL_ROWSET_SIZE, 2), SQL_SUCCESS) << why();
    std::array<SQLINTEGER, 2> n{};
    std::array<SQL_DATE_STRUCT, 2> days{};
    ASSERT_EQ(SQLBindCol(statement_, 1, SQL_C_LONG, n.data(), 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(SQLBindCol(statement_, 2, SQL_C_DATE, days.data(), 0, nullptr), SQL_SUCCESS) << why();
    run("select N, D from T order by N");
    SQLSMALLINT type = 0;
    ASSERT_EQ(SQLDescribeCol(statement_, 2, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr), SQL_SUCCESS) << why();
    EXPECT_EQ(type, SQL_DATE);
    SQLULEN rows = 0;
    std::array<SQLUSMALLINT, 2> status{};
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_LAST, 0, &rows, status.data()), SQL_SUCCESS) << why();
    EXPECT_EQ(rows, 2U);
    EXPECT_EQ(n[1], 5);
    EXPECT_EQ(days[0].day, 4);
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_FIRST, 0, &rows, status.data()), SQL_SUCCESS) << why();
    EXPECT_EQ(n[0], 1);
    ASSERT_EQ(SQLSetPos(statement_, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(1), "2");
}

} // namespace
} // namespace irislink::test
