// "Unicode SQLTypes": text is described with the wide types, wherever a program may look.

#include <array>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcWideTypes : public OdbcTest {
protected:
    void connect_with(const std::string& more) {
        ASSERT_EQ(driver_connect(target() + more), SQL_SUCCESS) << why_not();
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
        run("create table T (N integer, C char(3), V varchar(20), L longvarchar)");
    }

    [[nodiscard]] std::string described() {
        std::string out;
        SQLSMALLINT width = 0;
        SQLNumResultCols(statement_, &width);
        for (SQLSMALLINT i = 1; i <= width; ++i) {
            SQLSMALLINT type = 0;
            EXPECT_EQ(SQLDescribeCol(statement_, static_cast<SQLUSMALLINT>(i), nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr), SQL_SUCCESS) << why();
            SQLLEN concise = 0;
            EXPECT_EQ(SQLColAttribute(statement_, static_cast<SQLUSMALLINT>(i), SQL_DESC_CONCISE_TYPE, nullptr, 0, nullptr, &concise), SQL_SUCCESS);
            EXPECT_EQ(concise, type);
            out += (i == 1 ? "" : " ") + std::to_string(type);
        }
        return out;
    }

    // DATA_TYPE and SQL_DATA_TYPE of the table's columns.
    [[nodiscard]] std::string catalogued() {
        EXPECT_EQ(SQLColumns(statement_, nullptr, 0, nullptr, 0, text("T"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
        std::string out;
        while (SQLFetch(statement_) == SQL_SUCCESS) out += (out.empty() ? "" : " ") + cell(5) + "/" + cell(14);
        SQLCloseCursor(statement_);
        return out;
    }

    // The types that there are, of one name.
    [[nodiscard]] std::string types_called(const std::string& name) {
        EXPECT_EQ(SQLGetTypeInfo(statement_, SQL_ALL_TYPES), SQL_SUCCESS) << why();
        std::string out;
        while (SQLFetch(statement_) == SQL_SUCCESS)
            if (cell(1) == name) out += (out.empty() ? "" : " ") + cell(2);
        SQLCloseCursor(statement_);
        return out;
    }
};

TEST_F(OdbcWideTypes, AreNotToldUnlessAskedFor) {
    connect_with("Unicode SQLTypes=0;");
    ASSERT_EQ(SQLPrepare(statement_, text("select N, C, V, L from T"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(described(), "4 12 12 -1");
    EXPECT_EQ(catalogued(), "4/4 12/12 12/12 -1/-1");
    EXPECT_EQ(types_called("VARCHAR"), "12");
}

TEST_F(OdbcWideTypes, AreToldOfColumnsParametersCatalogAndTypes) {
    connect_with("UNICODE SQLTYPES=1;");
    ASSERT_EQ(SQLPrepare(statement_, text("select N, C, V, L from T where V = ?"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(described(), "4 -9 -9 -10") << "before it is executed";
    SQLSMALLINT type = 0;
    ASSERT_EQ(SQLDescribeParam(statement_, 1, &type, nullptr, nullptr, nullptr), SQL_SUCCESS) << why();
    EXPECT_EQ(type, SQL_WVARCHAR);
    EXPECT_EQ(catalogued(), "4/4 -9/-9 -9/-9 -10/-10");
    EXPECT_EQ(types_called("VARCHAR"), "-9") << "one of each name";
    EXPECT_EQ(types_called("LONGVARCHAR"), "-10");
    EXPECT_EQ(types_called("INTEGER"), "4");
    run("select V from T");
    EXPECT_EQ(described(), "-9");
}

// What SQL_C_DEFAULT stands for follows from it.
TEST_F(OdbcWideTypes, DefaultOfTextIsWide) {
    connect_with("Unicode SQLTypes=1;");
    run("insert into T (N, V, L) values (1, 'ä😀', 'long 😀')");
    SQLFreeStmt(statement_, SQL_CLOSE);
    run("select V, L from T");
    std::array<SQLWCHAR, 20> bound{};
    SQLLEN length = 0;
    ASSERT_EQ(SQLBindCol(statement_, 1, SQL_C_DEFAULT, bound.data(), sizeof bound, &length), SQL_SUCCESS);
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(from_wide(bound.data()), u"ä😀");
    EXPECT_EQ(length, 6);
    std::array<SQLWCHAR, 20> read{};
    ASSERT_EQ(SQLGetData(statement_, 2, SQL_C_DEFAULT, read.data(), sizeof read, &length), SQL_SUCCESS) << why();
    EXPECT_EQ(from_wide(read.data()), u"long 😀");
}

} // namespace
} // namespace irislink::test
