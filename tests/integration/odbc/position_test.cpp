// SQLSetPos within a rowset, SQLGetData of its rows, and ODBC 2's SQLExtendedFetch.

#include <utility>

#include "tests/integration/odbc/odbc_cursor_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcPosition : public OdbcCursor {
protected:
    void SetUp() override {
        OdbcCursor::SetUp();
        fill(10);
        set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    }

    [[nodiscard]] std::string refused(SQLSETPOSIROW row, SQLUSMALLINT operation, SQLUSMALLINT lock = SQL_LOCK_NO_CHANGE) {
        const auto done = SQLSetPos(statement_, row, operation, lock);
        return done == SQL_ERROR ? state() : "return code " + std::to_string(done);
    }
};

TEST_F(OdbcPosition, EveryRowOfABlockByGetData) {
    bind_block(4);
    run("select N, Name from T order by N");
    EXPECT_EQ(refused(1, SQL_POSITION), "24000") << "nothing fetched";
    EXPECT_EQ(fetch(SQL_FETCH_ABSOLUTE, 4), "ok 4 5 6 7");
    EXPECT_EQ(cell(2), "name 4") << "the first row, to begin with";
    for (SQLSETPOSIROW row = 4; row >= 1; --row) {
        ASSERT_EQ(SQLSetPos(statement_, row, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
        EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 3 + row);
        EXPECT_EQ(cell(2), row == 3 ? "NULL" : "name " + std::to_string(3 + row));
        EXPECT_EQ(cell(1), std::to_string(3 + row));
    }
    // In pieces, and from the beginning again after positioning.
    char piece[5]{};
    ASSERT_EQ(SQLSetPos(statement_, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS);
    ASSERT_EQ(SQLGetData(statement_, 2, SQL_C_CHAR, piece, sizeof piece, nullptr), SQL_SUCCESS_WITH_INFO);
    EXPECT_STREQ(piece, "name");
    ASSERT_EQ(SQLGetData(statement_, 2, SQL_C_CHAR, piece, sizeof piece, nullptr), SQL_SUCCESS);
    EXPECT_STREQ(piece, " 5");
    ASSERT_EQ(SQLSetPos(statement_, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS);
    ASSERT_EQ(SQLGetData(statement_, 2, SQL_C_CHAR, piece, sizeof piece, nullptr), SQL_SUCCESS_WITH_INFO);
    EXPECT_STREQ(piece, "name");
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 8 9 10");
    EXPECT_EQ(refused(4, SQL_POSITION), "HY109") << "no such row in the result";
    EXPECT_EQ(refused(5, SQL_POSITION), "HY107") << "no such row in the rowset";
    EXPECT_EQ(refused(0, SQL_POSITION), "HY109");
    for (const SQLUSMALLINT change : {SQL_UPDATE, SQL_DELETE, SQL_ADD}) EXPECT_EQ(refused(1, change), "HYC00");
    EXPECT_EQ(refused(1, SQL_POSITION, SQL_LOCK_EXCLUSIVE), "HYC00");
    EXPECT_EQ(refused(1, 77), "HY092");
    EXPECT_EQ(refused(1, SQL_POSITION, 77), "HY092");
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 8U) << "what was refused moved nothing";
}

// SQL_GD_BLOCK of a forward-only cursor: any row of the rowset, bound columns too, in any order.
TEST_F(OdbcPosition, RowsOfAForwardOnlyBlock) {
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
    bind_block(4);
    run("select N, Name from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 1 2 3 4");
    EXPECT_EQ(cell(1), "1") << "the first row until SQLSetPos chooses";
    for (const SQLSETPOSIROW row : {2, 4, 1, 3}) {
        ASSERT_EQ(SQLSetPos(statement_, row, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
        EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), row);
        EXPECT_EQ(cell(2), row == 3 ? "NULL" : "name " + std::to_string(row));
        EXPECT_EQ(cell(1), std::to_string(row));
    }
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 5 6 7 8");
    EXPECT_EQ(cell(2), "name 5");
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 9 10");
    EXPECT_EQ(refused(3, SQL_POSITION), "HY109") << "no such row in the result";
    EXPECT_EQ(refused(5, SQL_POSITION), "HY107") << "no such row in the rowset";
    EXPECT_EQ(refused(1, SQL_REFRESH), "HY109") << "nothing is kept to be written again";
    ASSERT_EQ(SQLSetPos(statement_, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(1), "10");
    SQLUINTEGER can = 0;
    ASSERT_EQ(SQLGetInfo(connection_, SQL_GETDATA_EXTENSIONS, &can, 0, nullptr), SQL_SUCCESS);
    EXPECT_NE(can & SQL_GD_BLOCK, 0U);
    ASSERT_EQ(SQLGetInfo(connection_, SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, &can, 0, nullptr), SQL_SUCCESS);
    EXPECT_NE(can & SQL_CA1_POS_POSITION, 0U);
}

// The rows of a rowset lie in several blocks of the server, and rows go over their ends.
TEST_F(OdbcPosition, ForwardOnlyRowsetOverBlocks) {
    SQLFreeStmt(statement_, SQL_CLOSE);
    SQLFreeHandle(SQL_HANDLE_STMT, std::exchange(statement_, nullptr));
    SQLDisconnect(connection_);
    ASSERT_EQ(driver_connect(target() + "FetchBytes=700;"), SQL_SUCCESS) << why_not();
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    set(SQL_ATTR_ROW_ARRAY_SIZE, 40);
    SQLSetStmtAttr(statement_, SQL_ATTR_ROWS_FETCHED_PTR, &fetched_, 0);
    run("select a.N * 100 + b.N, a.Name, repeat('x', b.N * 9) from T a, T b order by 1");
    int row = 0;
    while (SQL_SUCCEEDED(SQLFetch(statement_))) {
        for (SQLULEN i = fetched_; i-- > 0;) {
            const auto seen = row + static_cast<int>(i);
            ASSERT_EQ(SQLSetPos(statement_, i + 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
            const auto a = seen / 10 + 1;
            const auto b = seen % 10 + 1;
            ASSERT_EQ(cell(3), std::string(static_cast<std::size_t>(b) * 9, 'x')) << seen;
            ASSERT_EQ(cell(1), std::to_string(a * 100 + b));
            ASSERT_EQ(cell(2), a % 3 == 0 ? "NULL" : "name " + std::to_string(a));
        }
        row += static_cast<int>(fetched_);
    }
    EXPECT_EQ(row, 100);
}

// Long values of a forward-only rowset are the server's until the next one: bound or not, read again and again.
TEST_F(OdbcPosition, LongValuesOfAForwardOnlyBlock) {
    SQLFreeStmt(statement_, SQL_CLOSE);
    for (int i = 1; i <= 3; ++i) run("update T set Body = '" + std::string(1000, static_cast<char>('a' + i)) + "' where N = " + std::to_string(i));
    SQLFreeStmt(statement_, SQL_CLOSE);
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
    std::array<std::array<char, 2000>, 3> bound{};
    set(SQL_ATTR_ROW_ARRAY_SIZE, 3);
    std::array<SQLLEN, 3> lengths{};
    SQLBindCol(statement_, 1, SQL_C_CHAR, bound.data(), 2000, lengths.data());
    run("select Body, Body, N from T order by N");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    for (const SQLSETPOSIROW row : {3, 1, 2, 3}) {
        const std::string body(1000, static_cast<char>('a' + row));
        EXPECT_EQ(bound[row - 1].data(), body);
        ASSERT_EQ(SQLSetPos(statement_, row, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
        for (const SQLUSMALLINT column : {2, 1}) {
            std::string whole;
            char piece[300]{};
            SQLRETURN done = SQL_SUCCESS;
            while ((done = SQLGetData(statement_, column, SQL_C_CHAR, piece, sizeof piece, nullptr)) != SQL_NO_DATA) {
                ASSERT_TRUE(SQL_SUCCEEDED(done)) << why();
                whole += piece;
            }
            EXPECT_EQ(whole, body);
        }
        EXPECT_EQ(cell(3), std::to_string(row));
    }
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(3), "4");
}

TEST_F(OdbcPosition, RefreshWritesAgain) {
    bind_block(4);
    run("select N, Name from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2 3 4");
    block_.fill(0);
    ASSERT_EQ(SQLSetPos(statement_, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
    EXPECT_EQ(fetched_, 1U);
    EXPECT_EQ(block_[0], 0);
    EXPECT_EQ(block_[1], 2);
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 2U) << "the cursor stands there";
    // All of them but one, into other bindings; what is cut is told with its row.
    std::array<std::array<char, 7>, 4> names{};
    std::array<SQLLEN, 4> lengths{};
    std::array<SQLUSMALLINT, 4> wanted{SQL_ROW_PROCEED, SQL_ROW_IGNORE, SQL_ROW_PROCEED, SQL_ROW_PROCEED};
    SQLBindCol(statement_, 2, SQL_C_CHAR, names.data(), 7, lengths.data());
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_ROW_OPERATION_PTR, wanted.data(), 0), SQL_SUCCESS);
    block_.fill(0);
    ASSERT_EQ(SQLSetPos(statement_, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
    EXPECT_EQ(fetched_, 3U);
    EXPECT_EQ(block_[1], 0);
    EXPECT_EQ(block_[3], 4);
    EXPECT_STREQ(names[0].data(), "name 1");
    EXPECT_STREQ(names[1].data(), "");
    EXPECT_EQ(lengths[2], SQL_NULL_DATA);
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 2U);
    EXPECT_EQ(cell(2), "name 2");
    SQLBindCol(statement_, 2, SQL_C_CHAR, names.data(), 3, lengths.data());
    EXPECT_EQ(SQLSetPos(statement_, 4, SQL_REFRESH, SQL_LOCK_NO_CHANGE), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01004");
    EXPECT_EQ(row_told(), 4);
    EXPECT_EQ(status_[3], SQL_ROW_SUCCESS_WITH_INFO);
    EXPECT_EQ(status_[0], SQL_ROW_SUCCESS);
    EXPECT_EQ(refused(5, SQL_REFRESH), "HY107");
}

TEST_F(OdbcPosition, LongValuesOfABlock) {
    SQLFreeStmt(statement_, SQL_CLOSE);
    for (int i = 1; i <= 3; ++i) run("update T set Body = '" + std::string(1000, static_cast<char>('a' + i)) + "' where N = " + std::to_string(i));
    SQLFreeStmt(statement_, SQL_CLOSE);
    std::array<std::array<char, 2000>, 3> bound{};
    set(SQL_ATTR_ROW_ARRAY_SIZE, 3);
    SQLBindCol(statement_, 1, SQL_C_CHAR, bound.data(), 2000, nullptr);
    run("select Body, Body, N from T where N <= 3 order by N");
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_FIRST, 0), SQL_SUCCESS) << why();
    for (const SQLSETPOSIROW row : {3, 1, 2, 3}) {
        const std::string body(1000, static_cast<char>('a' + row));
        EXPECT_EQ(bound[row - 1].data(), body);
        ASSERT_EQ(SQLSetPos(statement_, row, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS);
        std::string whole;
        char piece[300]{};
        SQLRETURN done = SQL_SUCCESS;
        while ((done = SQLGetData(statement_, 2, SQL_C_CHAR, piece, sizeof piece, nullptr)) != SQL_NO_DATA) {
            ASSERT_TRUE(SQL_SUCCEEDED(done)) << why();
            whole += piece;
        }
        EXPECT_EQ(whole, body);
        EXPECT_EQ(cell(3), std::to_string(row));
    }
}

// As an ODBC 2 program calls it: sizes, counts and statuses of its own.
TEST_F(OdbcPosition, ExtendedFetch) {
    SQLULEN rows = 77;
    std::array<SQLUSMALLINT, 4> status{};
    bind_block(9);
    set(SQL_ROWSET_SIZE, 4);
    EXPECT_EQ(get(SQL_ROWSET_SIZE), 4U);
    set(SQL_ATTR_USE_BOOKMARKS, SQL_UB_FIXED);
    run("select N, Name from T order by N");
    fetched_ = 99;
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_ABSOLUTE, 8, &rows, status.data()), SQL_SUCCESS) << why();
    EXPECT_EQ(rows, 3U);
    EXPECT_EQ(fetched_, 99U) << "the count of SQLFetch";
    EXPECT_EQ(block_[0], 8);
    EXPECT_EQ(block_[2], 10);
    EXPECT_EQ(status, (std::array<SQLUSMALLINT, 4>{SQL_ROW_SUCCESS, SQL_ROW_SUCCESS, SQL_ROW_SUCCESS, SQL_ROW_NOROW}));
    BOOKMARK mark = 0;
    SQLLEN length = 0;
    ASSERT_EQ(SQLSetPos(statement_, 2, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLGetData(statement_, 0, SQL_C_BOOKMARK, &mark, sizeof mark, &length), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(1), "9");
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_PRIOR, 0, &rows, status.data()), SQL_SUCCESS) << why();
    EXPECT_EQ(block_[0], 4);
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_RELATIVE, -2, &rows, status.data()), SQL_SUCCESS);
    EXPECT_EQ(block_[0], 2);
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_PRIOR, 0, &rows, status.data()), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01S06");
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_BOOKMARK, static_cast<SQLLEN>(mark), &rows, status.data()), SQL_SUCCESS) << why();
    EXPECT_EQ(block_[0], 9);
    EXPECT_EQ(rows, 2U);
    status.fill(77);
    ASSERT_EQ(SQLSetPos(statement_, 0, SQL_REFRESH, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << why();
    EXPECT_EQ(status[1], SQL_ROW_SUCCESS) << "the array of SQLExtendedFetch";
    EXPECT_EQ(status[2], 77);
    EXPECT_EQ(SQLFetch(statement_), SQL_ERROR) << "the two do not mix";
    EXPECT_EQ(state(), "HY010");
    ASSERT_EQ(SQLExtendedFetch(statement_, SQL_FETCH_NEXT, 0, &rows, status.data()), SQL_NO_DATA);
    EXPECT_EQ(rows, 0U);
}

} // namespace
} // namespace irislink::test
