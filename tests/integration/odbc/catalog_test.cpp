// Catalog functions and type information.

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcCatalog : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table Parent (Id integer not null primary key, Name varchar(20) not null)");
        run("create table Child_1 (Id integer not null primary key, Parent integer references Parent(Id), Price numeric(10,2))");
    }

    // Columns of every row left, "a|b;c|d".
    [[nodiscard]] std::string rows(const std::vector<SQLUSMALLINT>& columns) {
        std::string out;
        while (SQLFetch(statement_) == SQL_SUCCESS) {
            if (!out.empty()) out += ";";
            for (std::size_t i = 0; i < columns.size(); ++i) out += (i == 0 ? "" : "|") + cell(columns[i]);
        }
        SQLCloseCursor(statement_);
        return out;
    }
};

TEST_F(OdbcCatalog, TablesByPattern) {
    ASSERT_EQ(SQLTables(statement_, nullptr, 0, text("SQLUser"), SQL_NTS, text("%a%"), SQL_NTS, text("TABLE"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({2, 3, 4}), "SQLUser|Parent|TABLE");
    ASSERT_EQ(SQLTables(statement_, nullptr, 0, nullptr, 0, text("Child\\_1"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3}), "Child_1");
    ASSERT_EQ(SQLTablesW(statement_, nullptr, 0, wide(u"SQLUser"), SQL_NTS, wide(u"Parent"), 6, nullptr, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3}), "Parent");
}

TEST_F(OdbcCatalog, TheThreeEnumerations) {
    SQLSMALLINT columns = 0;
    ASSERT_EQ(SQLTables(statement_, text("%"), SQL_NTS, text(""), SQL_NTS, text(""), SQL_NTS, text(""), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLNumResultCols(statement_, &columns), SQL_SUCCESS);
    EXPECT_EQ(columns, 5);
    EXPECT_EQ(rows({1}), "");
    ASSERT_EQ(SQLTables(statement_, text(""), SQL_NTS, text("%"), SQL_NTS, text(""), SQL_NTS, text(""), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_NE(rows({2}).find("SQLUser"), std::string::npos);
    ASSERT_EQ(SQLTables(statement_, text(""), SQL_NTS, text(""), SQL_NTS, text(""), SQL_NTS, text("%"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({4}), "SYSTEM TABLE;TABLE;VIEW");
}

// A default that is text is told in quotes ("SQLColumns", COLUMN_DEF).
TEST_F(OdbcCatalog, DefaultsOfColumns) {
    run("create table Filled (V varchar(20) default 'it''s', N integer default 7, W varchar(5))");
    ASSERT_EQ(SQLColumns(statement_, nullptr, 0, nullptr, 0, text("Filled"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({4, 13}), "V|'it''s';N|7;W|NULL");
}

// SQL_DATA_TYPE is the verbose type of dates, with SQL_DATETIME_SUB; DATA_TYPE the concise one.
TEST_F(OdbcCatalog, VerboseTypesOfDates) {
    run("create table Dated (D date, T time, S timestamp, N integer)");
    ASSERT_EQ(SQLColumns(statement_, nullptr, 0, nullptr, 0, text("Dated"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({4, 5, 14, 15}), "D|91|9|1;T|92|9|2;S|93|9|3;N|4|4|NULL");
}

// Appendix D: the digits that a double keeps, whatever the server says, and the same wherever a program looks.
TEST_F(OdbcCatalog, SizeOfADouble) {
    run("create table Measured (D double, N numeric(12,3))");
    ASSERT_EQ(SQLColumns(statement_, nullptr, 0, nullptr, 0, text("Measured"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({4, 5, 7}), "D|8|15;N|2|12");
    ASSERT_EQ(SQLPrepare(statement_, text("select D from Measured where D = ? and N = ?"), SQL_NTS), SQL_SUCCESS) << why();
    SQLULEN size = 0;
    ASSERT_EQ(SQLDescribeCol(statement_, 1, nullptr, 0, nullptr, nullptr, &size, nullptr, nullptr), SQL_SUCCESS);
    EXPECT_EQ(size, 15U);
    ASSERT_EQ(SQLDescribeParam(statement_, 1, nullptr, &size, nullptr, nullptr), SQL_SUCCESS);
    EXPECT_EQ(size, 15U);
    ASSERT_EQ(SQLDescribeParam(statement_, 2, nullptr, &size, nullptr, nullptr), SQL_SUCCESS);
    EXPECT_EQ(size, 12U);
}

TEST_F(OdbcCatalog, ColumnsOfATable) {
    ASSERT_EQ(SQLColumns(statement_, nullptr, 0, nullptr, 0, text("Parent"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    SQLCHAR name[30]{};
    SQLSMALLINT count = 0;
    SQLNumResultCols(statement_, &count);
    EXPECT_EQ(count, 18);
    SQLDescribeCol(statement_, 7, name, sizeof name, nullptr, nullptr, nullptr, nullptr, nullptr);
    EXPECT_STREQ(reinterpret_cast<char*>(name), "COLUMN_SIZE");
    EXPECT_EQ(rows({4, 5, 6, 7, 11, 17}), "Id|4|INTEGER|10|0|1;Name|12|VARCHAR|20|0|2");
}

TEST_F(OdbcCatalog, KeysAndIndexes) {
    ASSERT_EQ(SQLPrimaryKeys(statement_, nullptr, 0, nullptr, 0, text("Parent"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3, 4, 5}), "Parent|Id|1");
    ASSERT_EQ(SQLForeignKeys(statement_, nullptr, 0, nullptr, 0, text("Parent"), SQL_NTS, nullptr, 0, nullptr, 0, nullptr, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3, 4, 7, 8}), "Parent|Id|Child_1|Parent");
    ASSERT_EQ(SQLForeignKeys(statement_, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0, text("Child_1"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3, 4, 7, 8}), "Parent|Id|Child_1|Parent");
    ASSERT_EQ(SQLStatistics(statement_, nullptr, 0, nullptr, 0, text("Parent"), SQL_NTS, SQL_INDEX_UNIQUE, SQL_QUICK), SQL_SUCCESS) << why();
    EXPECT_NE(rows({3, 9}).find("Parent|Id"), std::string::npos);
    ASSERT_EQ(SQLSpecialColumns(statement_, SQL_BEST_ROWID, nullptr, 0, nullptr, 0, text("Parent"), SQL_NTS, SQL_SCOPE_SESSION, SQL_NULLABLE), SQL_SUCCESS)
        << why();
    EXPECT_EQ(rows({2}), "Id");
    EXPECT_EQ(SQLStatistics(statement_, nullptr, 0, nullptr, 0, nullptr, 0, SQL_INDEX_UNIQUE, SQL_QUICK), SQL_ERROR);
    EXPECT_EQ(state(), "HY009");
}

// SQL_ATTR_METADATA_ID: arguments are identifiers, in any case unless quoted, and never patterns.
TEST_F(OdbcCatalog, IdentifiersInPlaceOfPatterns) {
    run("create table ChildX1 (Id integer)");
    SQLFreeStmt(statement_, SQL_CLOSE);
    const auto tables = [&](const char* table) {
        EXPECT_EQ(SQLTables(statement_, nullptr, 0, text("SQLUser"), SQL_NTS, text(table), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
        return rows({3});
    };
    EXPECT_EQ(tables("Child_1"), "ChildX1;Child_1") << "a pattern as long as nobody says otherwise";
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_METADATA_ID, reinterpret_cast<SQLPOINTER>(SQL_TRUE), 0), SQL_SUCCESS) << why();
    EXPECT_EQ(tables("Child_1"), "Child_1");
    EXPECT_EQ(tables("CHILD_1  "), "Child_1") << "case and blanks at the end say nothing";
    EXPECT_EQ(tables("\"Child_1\""), "Child_1");
    EXPECT_EQ(tables("Child%"), "");
    EXPECT_EQ(tables("Child\\_1"), "") << "nothing escapes anything";
    ASSERT_EQ(SQLColumns(statement_, nullptr, 0, text("SQLUSER"), SQL_NTS, text("child_1"), SQL_NTS, text("PARENT"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3, 4}), "Child_1|Parent");
    ASSERT_EQ(SQLPrimaryKeys(statement_, nullptr, 0, text("SQLUser"), SQL_NTS, text("\"Child_1\""), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({3, 4}), "Child_1|Id");
    // An identifier cannot be left out.
    EXPECT_EQ(SQLTables(statement_, nullptr, 0, nullptr, 0, text("Child_1"), SQL_NTS, nullptr, 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY009") << why();
    EXPECT_EQ(SQLColumns(statement_, nullptr, 0, text("SQLUser"), SQL_NTS, text("Child_1"), SQL_NTS, nullptr, 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY009") << why();
    EXPECT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_METADATA_ID, reinterpret_cast<SQLPOINTER>(7), 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY024") << why();
    // Statements made later have it from the connection.
    ASSERT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_METADATA_ID, reinterpret_cast<SQLPOINTER>(SQL_TRUE), 0), SQL_SUCCESS) << why_not();
    SQLFreeHandle(SQL_HANDLE_STMT, statement_);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    EXPECT_EQ(tables("Child_1"), "Child_1");
}

TEST_F(OdbcCatalog, TypeInformation) {
    ASSERT_EQ(SQLGetTypeInfo(statement_, SQL_ALL_TYPES), SQL_SUCCESS) << why();
    SQLSMALLINT count = 0;
    SQLNumResultCols(statement_, &count);
    EXPECT_EQ(count, 19);
    const auto all = rows({1, 2});
    EXPECT_NE(all.find("VARCHAR|12"), std::string::npos) << all;
    EXPECT_NE(all.find(";CHAR|1;"), std::string::npos) << "POCO takes the length of text parameters from it: " << all;
    ASSERT_EQ(SQLGetTypeInfo(statement_, SQL_TYPE_TIMESTAMP), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({1, 2, 3, 4, 5, 16, 17}), "TIMESTAMP|93|29|{ts '|'}|9|3");
    ASSERT_EQ(SQLGetTypeInfo(statement_, SQL_TIMESTAMP), SQL_SUCCESS) << "ODBC 2's code, which Qt asks by: " << why();
    EXPECT_EQ(rows({2, 3}), "93|29");
    ASSERT_EQ(SQLGetTypeInfo(statement_, SQL_INTERVAL_YEAR), SQL_SUCCESS) << why();
    EXPECT_EQ(rows({1}), "");
}

// What was prepared before is gone, parameters included.
TEST_F(OdbcCatalog, IsOtherWorkThanWhatWasPrepared) {
    ASSERT_EQ(SQLPrepare(statement_, text("select ? + 1"), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLGetTypeInfo(statement_, SQL_VARCHAR), SQL_SUCCESS) << why();
    SQLSMALLINT count = -1;
    ASSERT_EQ(SQLNumParams(statement_, &count), SQL_SUCCESS) << why();
    EXPECT_EQ(count, 0);
    SQLFreeStmt(statement_, SQL_CLOSE);
    EXPECT_EQ(SQLExecute(statement_), SQL_ERROR);
    EXPECT_EQ(state(), "HY010") << why();
}

} // namespace
} // namespace irislink::test
