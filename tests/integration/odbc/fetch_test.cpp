// Results: description, bindings of every form, pieces by SQLGetData, long values.

#include <array>
#include <cstddef>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcFetch : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer not null, Name varchar(40), Price numeric(10,2), Moment timestamp, Body longvarchar, Raw varbinary(20))");
    }

    void fill(int rows) {
        for (int i = 1; i <= rows; ++i)
            run("insert into T (N, Name, Price) values (" + std::to_string(i) + ", 'name " + std::to_string(i) + "', " + std::to_string(i) + ".25)");
    }
};

TEST_F(OdbcFetch, ColumnsAreDescribed) {
    run("select N, Name as Label, Price, Moment from T");
    SQLSMALLINT count = 0;
    ASSERT_EQ(SQLNumResultCols(statement_, &count), SQL_SUCCESS);
    EXPECT_EQ(count, 4);
    SQLCHAR name[40]{};
    SQLSMALLINT length = 0;
    SQLSMALLINT type = 0;
    SQLSMALLINT digits = 0;
    SQLSMALLINT nullable = 7;
    SQLULEN size = 0;
    ASSERT_EQ(SQLDescribeCol(statement_, 1, name, sizeof name, &length, &type, &size, &digits, &nullable), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(name), "N");
    EXPECT_EQ(type, SQL_INTEGER);
    EXPECT_EQ(size, 10U);
    EXPECT_EQ(nullable, SQL_NO_NULLS);
    ASSERT_EQ(SQLDescribeCol(statement_, 2, name, sizeof name, &length, &type, &size, &digits, &nullable), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(name), "Label");
    EXPECT_EQ(length, 5);
    EXPECT_EQ(type, SQL_VARCHAR);
    EXPECT_EQ(size, 40U);
    ASSERT_EQ(SQLDescribeCol(statement_, 3, name, 3, &length, &type, &size, &digits, &nullable), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01004");
    EXPECT_STREQ(reinterpret_cast<char*>(name), "Pr");
    EXPECT_EQ(length, 5);
    EXPECT_EQ(type, SQL_NUMERIC);
    EXPECT_EQ(size, 10U);
    EXPECT_EQ(digits, 2);
    ASSERT_EQ(SQLDescribeCol(statement_, 4, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr), SQL_SUCCESS);
    EXPECT_EQ(type, SQL_TYPE_TIMESTAMP);
    EXPECT_EQ(SQLDescribeCol(statement_, 5, nullptr, 0, nullptr, &type, nullptr, nullptr, nullptr), SQL_ERROR);
    EXPECT_EQ(state(), "07009");
    SQLWCHAR wide_name[6]{};
    ASSERT_EQ(SQLDescribeColW(statement_, 2, wide_name, 6, &length, &type, &size, &digits, &nullable), SQL_SUCCESS);
    EXPECT_EQ(from_wide(wide_name), u"Label");
    SQLLEN number = 0;
    ASSERT_EQ(SQLColAttribute(statement_, 3, SQL_DESC_CONCISE_TYPE, nullptr, 0, nullptr, &number), SQL_SUCCESS);
    EXPECT_EQ(number, SQL_NUMERIC);
    ASSERT_EQ(SQLColAttribute(statement_, 1, SQL_DESC_UNSIGNED, nullptr, 0, nullptr, &number), SQL_SUCCESS);
    EXPECT_EQ(number, SQL_FALSE);
    ASSERT_EQ(SQLColAttribute(statement_, 1, SQL_DESC_TYPE_NAME, name, sizeof name, &length, nullptr), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(name), "INTEGER");
    // What ODBC 2 programs ask by its names: a text's precision is its size.
    ASSERT_EQ(SQLColAttribute(statement_, 2, SQL_COLUMN_PRECISION, nullptr, 0, nullptr, &number), SQL_SUCCESS);
    EXPECT_EQ(number, 40);
    ASSERT_EQ(SQLColAttribute(statement_, 3, SQL_COLUMN_SCALE, nullptr, 0, nullptr, &number), SQL_SUCCESS);
    EXPECT_EQ(number, 2);
}

TEST_F(OdbcFetch, ColumnWiseBlocks) {
    fill(5);
    std::array<SQLINTEGER, 3> n{};
    std::array<std::array<char, 10>, 3> names{};
    std::array<SQLLEN, 3> lengths{};
    std::array<SQLUSMALLINT, 3> status{};
    SQLULEN fetched = 0;
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(3), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_STATUS_PTR, status.data(), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROWS_FETCHED_PTR, &fetched, 0);
    SQLBindCol(statement_, 1, SQL_C_SLONG, n.data(), 0, nullptr);
    SQLBindCol(statement_, 2, SQL_C_CHAR, names.data(), 10, lengths.data());
    run("select N, Name from T order by N");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(fetched, 3U);
    EXPECT_EQ(n, (std::array<SQLINTEGER, 3>{1, 2, 3}));
    EXPECT_STREQ(names[2].data(), "name 3");
    EXPECT_EQ(lengths[2], 6);
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_NEXT, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(fetched, 2U);
    EXPECT_EQ(n[1], 5);
    EXPECT_EQ(status, (std::array<SQLUSMALLINT, 3>{SQL_ROW_SUCCESS, SQL_ROW_SUCCESS, SQL_ROW_NOROW}));
    EXPECT_EQ(SQLFetch(statement_), SQL_NO_DATA);
    EXPECT_EQ(fetched, 0U);
}

TEST_F(OdbcFetch, RowWiseWithOffset) {
    fill(4);

    struct row {
        SQLINTEGER n;
        SQLLEN n_length;
        char name[12];
        SQLLEN name_length;
    };

    std::array<row, 4> rows{};
    SQLLEN offset = 0;
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_BIND_TYPE, reinterpret_cast<SQLPOINTER>(sizeof(row)), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(2), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_BIND_OFFSET_PTR, &offset, 0);
    SQLBindCol(statement_, 1, SQL_C_SLONG, &rows[0].n, 0, &rows[0].n_length);
    SQLBindCol(statement_, 2, SQL_C_CHAR, rows[0].name, sizeof rows[0].name, &rows[0].name_length);
    run("select N, Name from T order by N");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    offset = 2 * sizeof(row);
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    for (int i = 0; i < 4; ++i) {
        const auto& each = rows[static_cast<std::size_t>(i)];
        EXPECT_EQ(each.n, i + 1);
        EXPECT_EQ(std::string(each.name), "name " + std::to_string(i + 1));
        EXPECT_EQ(each.name_length, 6);
    }
}

// Structures without padding put lengths at any address: seen under UBSan.
TEST_F(OdbcFetch, RowsOfPackedStructures) {
    struct __attribute__((packed)) row {
        SQLINTEGER n;
        SQLLEN length;
        char text[3];
        SQLLEN text_length;
    };

    row rows[3]{};
    for (SQLINTEGER i = 0; i < 3; ++i) rows[i] = {i + 1, 0, {'a', static_cast<char>('x' + i)}, i == 1 ? SQL_NULL_DATA : 2};
    auto* const base = reinterpret_cast<std::byte*>(rows);
    const auto at = [base](std::size_t offset) { return reinterpret_cast<SQLLEN*>(base + offset); };
    run("CREATE TABLE Packed (n INTEGER, t VARCHAR(10))");
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_BIND_TYPE, reinterpret_cast<SQLPOINTER>(sizeof(row)), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(3), 0);
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, base, 0, at(offsetof(row, length)));
    SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 10, 0, base + offsetof(row, text), 3, at(offsetof(row, text_length)));
    run("INSERT INTO Packed VALUES (?, ?)");
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(1), 0);

    std::fill(std::begin(rows), std::end(rows), row{});
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_BIND_TYPE, reinterpret_cast<SQLPOINTER>(sizeof(row)), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(3), 0);
    SQLBindCol(statement_, 1, SQL_C_SLONG, base, 0, at(offsetof(row, length)));
    SQLBindCol(statement_, 2, SQL_C_CHAR, base + offsetof(row, text), 3, at(offsetof(row, text_length)));
    run("SELECT n, t FROM Packed ORDER BY n");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(SQLLEN{rows[2].length}, 4);
    EXPECT_EQ(SQLINTEGER{rows[2].n}, 3);
    EXPECT_STREQ(rows[2].text, "az");
    EXPECT_EQ(SQLLEN{rows[2].text_length}, 2);
    EXPECT_EQ(SQLLEN{rows[1].text_length}, SQL_NULL_DATA);
}

TEST_F(OdbcFetch, CutTextIsAWarningWithRowAndColumn) {
    fill(2);
    std::array<std::array<char, 5>, 2> names{};
    std::array<SQLLEN, 2> lengths{};
    std::array<SQLUSMALLINT, 2> status{};
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_ARRAY_SIZE, reinterpret_cast<SQLPOINTER>(2), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROW_STATUS_PTR, status.data(), 0);
    SQLBindCol(statement_, 2, SQL_C_CHAR, names.data(), 5, lengths.data());
    run("select N, case when N = 1 then 'abc' else 'abcdefgh' end from T order by N");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01004");
    EXPECT_STREQ(names[1].data(), "abcd");
    EXPECT_EQ(lengths[1], 8);
    EXPECT_EQ(status, (std::array<SQLUSMALLINT, 2>{SQL_ROW_SUCCESS, SQL_ROW_SUCCESS_WITH_INFO}));
    SQLLEN row = 0;
    SQLINTEGER column = 0;
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 1, SQL_DIAG_ROW_NUMBER, &row, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 1, SQL_DIAG_COLUMN_NUMBER, &column, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(row, 2);
    EXPECT_EQ(column, 2);
}

TEST_F(OdbcFetch, NullNeedsAnIndicator) {
    run("insert into T (N) values (1)");
    char name[10]{};
    SQLLEN length = 0;
    SQLBindCol(statement_, 1, SQL_C_CHAR, name, sizeof name, &length);
    run("select Name from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(length, SQL_NULL_DATA);
    SQLCloseCursor(statement_);
    SQLBindCol(statement_, 1, SQL_C_CHAR, name, sizeof name, nullptr);
    run("select Name from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_ERROR);
    EXPECT_EQ(state(), "22002");
}

TEST_F(OdbcFetch, TextInPiecesInAnyColumnOrder) {
    run("insert into T (N, Name) values (7, 'äöü😀xyz')");
    run("select N, Name from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS);
    std::u16string whole;
    SQLWCHAR piece[3]{};
    SQLLEN length = 0;
    std::vector<SQLLEN> told;
    for (SQLRETURN done = SQL_SUCCESS; (done = SQLGetData(statement_, 2, SQL_C_WCHAR, piece, sizeof piece, &length)) != SQL_NO_DATA;) {
        ASSERT_TRUE(SQL_SUCCEEDED(done)) << why();
        whole += from_wide(piece);
        told.push_back(length);
        ASSERT_LT(told.size(), 20U) << "no end";
    }
    EXPECT_EQ(whole, u"äöü😀xyz");
    EXPECT_EQ(told.front(), 16) << "what there was before the call";
    EXPECT_EQ(cell(1), "7") << "an earlier column";
}

TEST_F(OdbcFetch, LongTextInPieces) {
    std::string body;
    for (int i = 0; body.size() < 300'000; ++i) body += "line " + std::to_string(i) + " ä😀;";
    SQLLEN length = static_cast<SQLLEN>(body.size());
    ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, body.size(), 0, body.data(), length, &length), SQL_SUCCESS);
    run("insert into T (N, Body) values (1, ?)");
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    run("select Body, N from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    std::string whole;
    std::vector<char> piece(10'001);
    int pieces = 0;
    for (SQLRETURN done = SQL_SUCCESS; (done = SQLGetData(statement_, 1, SQL_C_CHAR, piece.data(), static_cast<SQLLEN>(piece.size()), &length)) != SQL_NO_DATA;
         ++pieces) {
        ASSERT_TRUE(SQL_SUCCEEDED(done)) << why();
        whole += piece.data();
        ASSERT_LT(pieces, 100) << "no end";
    }
    EXPECT_EQ(whole.size(), body.size());
    EXPECT_TRUE(whole == body);
    EXPECT_EQ(cell(2), "1");
    SQLCloseCursor(statement_);
    // Bound whole.
    std::vector<char> all(400'000);
    SQLBindCol(statement_, 1, SQL_C_CHAR, all.data(), static_cast<SQLLEN>(all.size()), &length);
    run("select Body from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(length, static_cast<SQLLEN>(body.size()));
    EXPECT_TRUE(body == all.data());
}

TEST_F(OdbcFetch, TimestampsHaveNanoseconds) {
    run("insert into T (N, Moment) values (1, '2024-02-29 23:59:58.123456789')");
    SQL_TIMESTAMP_STRUCT moment{};
    SQLLEN length = 0;
    SQLBindCol(statement_, 1, SQL_C_TYPE_TIMESTAMP, &moment, 0, &length);
    run("select Moment from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(moment.year, 2024);
    EXPECT_EQ(moment.day, 29);
    EXPECT_EQ(moment.second, 58);
    EXPECT_EQ(moment.fraction, 123456789U);
    EXPECT_EQ(length, static_cast<SQLLEN>(sizeof moment));
}

TEST_F(OdbcFetch, MaxRows) {
    fill(5);
    SQLSetStmtAttr(statement_, SQL_ATTR_MAX_ROWS, reinterpret_cast<SQLPOINTER>(2), 0);
    run("select N from T");
    int rows = 0;
    while (SQLFetch(statement_) == SQL_SUCCESS) ++rows;
    EXPECT_EQ(rows, 2);
}

TEST_F(OdbcFetch, TwoStatementsInTurns) {
    fill(3);
    SQLHSTMT other = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &other), SQL_SUCCESS);
    run("select N from T order by N");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS);
    ASSERT_EQ(SQLExecDirect(other, text("select Name from T order by N desc"), SQL_NTS), SQL_SUCCESS);
    ASSERT_EQ(SQLFetch(other), SQL_SUCCESS);
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS);
    EXPECT_EQ(cell(), "2");
    SQLCHAR out[20]{};
    ASSERT_EQ(SQLGetData(other, 1, SQL_C_CHAR, out, sizeof out, nullptr), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(out), "name 3");
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

TEST_F(OdbcFetch, ExplicitDescriptorHoldsTheBindings) {
    fill(1);
    SQLHDESC descriptor = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DESC, connection_, &descriptor), SQL_SUCCESS) << problems(SQL_HANDLE_DBC, connection_);
    SQLINTEGER n = 0;
    SQLLEN length = 0;
    ASSERT_EQ(SQLSetDescField(descriptor, 1, SQL_DESC_CONCISE_TYPE, reinterpret_cast<SQLPOINTER>(SQL_C_SLONG), 0), SQL_SUCCESS);
    ASSERT_EQ(SQLSetDescField(descriptor, 1, SQL_DESC_INDICATOR_PTR, &length, 0), SQL_SUCCESS);
    ASSERT_EQ(SQLSetDescField(descriptor, 1, SQL_DESC_DATA_PTR, &n, 0), SQL_SUCCESS) << problems(SQL_HANDLE_DESC, descriptor);
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_APP_ROW_DESC, descriptor, 0), SQL_SUCCESS) << why();
    run("select N from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(n, 1);
    SQLCloseCursor(statement_);
    n = 0;
    ASSERT_EQ(SQLFreeHandle(SQL_HANDLE_DESC, descriptor), SQL_SUCCESS);
    run("select N from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << "the statement has its own descriptor again" << why();
    EXPECT_EQ(n, 0);
}

} // namespace
} // namespace irislink::test
