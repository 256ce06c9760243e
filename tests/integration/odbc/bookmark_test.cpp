// Bookmarks: column 0, fetching from one, fetching by many.

#include "tests/integration/odbc/odbc_cursor_fixture.hpp"

namespace irislink::test {
namespace {

using bookmark = std::array<unsigned char, 8>;

class OdbcBookmark : public OdbcCursor {
protected:
    void SetUp() override {
        OdbcCursor::SetUp();
        fill(10);
        set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
        set(SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
    }

    std::array<bookmark, 100> marks_{};
    std::array<SQLLEN, 100> mark_lengths_{};
};

TEST_F(OdbcBookmark, BoundReadAndFetchedFrom) {
    bind_block(3);
    ASSERT_EQ(SQLBindCol(statement_, 0, SQL_C_VARBOOKMARK, marks_.data(), sizeof(bookmark), mark_lengths_.data()), SQL_SUCCESS) << why();
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_ABSOLUTE, 4), "ok 4 5 6");
    EXPECT_EQ(mark_lengths_[2], 8);
    const auto fifth = marks_[1];
    EXPECT_NE(fifth, marks_[0]);
    bookmark read{};
    SQLLEN length = 0;
    ASSERT_EQ(SQLGetData(statement_, 0, SQL_C_VARBOOKMARK, read.data(), sizeof read, &length), SQL_SUCCESS) << why();
    EXPECT_EQ(read, marks_[0]) << "of the current row";
    EXPECT_EQ(SQLGetData(statement_, 0, SQL_C_VARBOOKMARK, read.data(), sizeof read, &length), SQL_NO_DATA);
    SQLPOINTER told = nullptr;
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_FETCH_BOOKMARK_PTR, const_cast<unsigned char*>(fifth.data()), 0), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_FETCH_BOOKMARK_PTR, &told, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(told, fifth.data());
    EXPECT_EQ(fetch(SQL_FETCH_LAST), "ok 8 9 10");
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK), "ok 5 6 7");
    EXPECT_EQ(marks_[0], fifth);
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK, -4), "ok 1 2 3");
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK, 5), "ok 10");
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK, 6), "none");
    EXPECT_EQ(fetch(SQL_FETCH_PRIOR), "ok 8 9 10");
    // Over the end of a transaction.
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_COMMIT), SQL_SUCCESS);
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK), "ok 5 6 7");
}

TEST_F(OdbcBookmark, ThatAreNone) {
    bind_block(1);
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1");
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK), "error HY111") << "no address";
    for (const unsigned char last : {0, 11, 255}) {
        bookmark wrong{last};
        SQLSetStmtAttr(statement_, SQL_ATTR_FETCH_BOOKMARK_PTR, wrong.data(), 0);
        EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK), "error HY111") << int{last};
    }
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 2") << "what was refused moved nothing";
    SQLCloseCursor(statement_);
    EXPECT_EQ(SQLBindCol(statement_, 0, SQL_C_SLONG, marks_.data(), 8, nullptr), SQL_ERROR) << "no type of bookmarks";
    set(SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF);
    EXPECT_EQ(SQLBindCol(statement_, 0, SQL_C_VARBOOKMARK, marks_.data(), 8, nullptr), SQL_ERROR);
    EXPECT_EQ(state(), "07009");
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_BOOKMARK), "error HY106");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1");
    SQLLEN length = 0;
    EXPECT_EQ(SQLGetData(statement_, 0, SQL_C_VARBOOKMARK, marks_.data(), 8, &length), SQL_ERROR);
    EXPECT_EQ(state(), "07009");
    EXPECT_EQ(SQLBulkOperations(statement_, SQL_FETCH_BY_BOOKMARK), SQL_ERROR);
}

TEST_F(OdbcBookmark, AreDescribed) {
    run("select N from T order by N");
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLSMALLINT nullable = 7;
    ASSERT_EQ(SQLDescribeCol(statement_, 0, nullptr, 0, nullptr, &type, &size, nullptr, &nullable), SQL_SUCCESS) << why();
    EXPECT_EQ(type, SQL_BINARY);
    EXPECT_EQ(size, 8U);
    EXPECT_EQ(nullable, SQL_NO_NULLS);
    SQLLEN number_told = 0;
    ASSERT_EQ(SQLColAttribute(statement_, 0, SQL_DESC_OCTET_LENGTH, nullptr, 0, nullptr, &number_told), SQL_SUCCESS) << why();
    EXPECT_EQ(number_told, 8);
    SQLHDESC ird = nullptr;
    ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_IMP_ROW_DESC, &ird, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(SQLGetDescField(ird, 0, SQL_DESC_CONCISE_TYPE, &type, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(type, SQL_BINARY);
    SQLSMALLINT columns = 0;
    ASSERT_EQ(SQLNumResultCols(statement_, &columns), SQL_SUCCESS);
    EXPECT_EQ(columns, 1);
}

TEST_F(OdbcBookmark, ByTheDescriptor) {
    SQLHDESC ard = nullptr;
    ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_APP_ROW_DESC, &ard, 0, nullptr), SQL_SUCCESS);
    bookmark mark{};
    SQLLEN length = 0;
    ASSERT_EQ(SQLSetDescRec(ard, 0, SQL_C_VARBOOKMARK, 0, sizeof mark, 0, 0, mark.data(), &length, &length), SQL_SUCCESS) << problems(SQL_HANDLE_DESC, ard);
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_LAST), "ok");
    EXPECT_EQ(length, 8);
    const auto tenth = mark;
    // "This does not unbind the bookmark column."
    ASSERT_EQ(SQLFreeStmt(statement_, SQL_UNBIND), SQL_SUCCESS);
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok");
    EXPECT_NE(mark, tenth);
    ASSERT_EQ(SQLBindCol(statement_, 0, SQL_C_VARBOOKMARK, nullptr, 0, nullptr), SQL_SUCCESS) << why();
    mark = {};
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok");
    EXPECT_EQ(mark, bookmark{});
}

TEST_F(OdbcBookmark, BoundWithoutBookmarksIsAnError) {
    SQLHDESC ard = nullptr;
    ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_APP_ROW_DESC, &ard, 0, nullptr), SQL_SUCCESS);
    set(SQL_ATTR_USE_BOOKMARKS, SQL_UB_OFF);
    ASSERT_EQ(SQLSetDescRec(ard, 0, SQL_C_VARBOOKMARK, 0, 8, 0, 0, marks_.data(), nullptr, nullptr), SQL_SUCCESS) << problems(SQL_HANDLE_DESC, ard);
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "error 07009");
}

TEST_F(OdbcBookmark, ManyRowsByTheirBookmarks) {
    std::array<std::array<char, 20>, 10> names{};
    std::array<SQLLEN, 10> lengths{};
    bind_block(10);
    ASSERT_EQ(SQLBindCol(statement_, 0, SQL_C_VARBOOKMARK, marks_.data(), sizeof(bookmark), mark_lengths_.data()), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLBindCol(statement_, 2, SQL_C_CHAR, names.data(), 20, lengths.data()), SQL_SUCCESS);
    run("select N, Name from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2 3 4 5 6 7 8 9 10");
    const auto all = marks_;
    marks_[0] = all[8];
    marks_[1] = all[1];
    marks_[2] = all[8];
    marks_[3] = all[0];
    set(SQL_ATTR_ROW_ARRAY_SIZE, 4);
    ASSERT_EQ(SQLBulkOperations(statement_, SQL_FETCH_BY_BOOKMARK), SQL_SUCCESS) << why();
    EXPECT_EQ(fetched_, 4U);
    EXPECT_EQ(block_[0], 9);
    EXPECT_EQ(block_[1], 2);
    EXPECT_EQ(block_[2], 9);
    EXPECT_EQ(block_[3], 1);
    EXPECT_EQ(lengths[0], SQL_NULL_DATA);
    EXPECT_STREQ(names[3].data(), "name 1");
    EXPECT_EQ(marks_[3], all[0]) << "bookmarks are what they were";
    EXPECT_EQ(status_[3], SQL_ROW_SUCCESS);
    // One that is none fails alone.
    marks_[1] = {255};
    mark_lengths_[2] = 4;
    ASSERT_EQ(SQLBulkOperations(statement_, SQL_FETCH_BY_BOOKMARK), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "HY111");
    EXPECT_EQ(row_told(2), 3);
    EXPECT_EQ(status_[0], SQL_ROW_SUCCESS);
    EXPECT_EQ(status_[1], SQL_ROW_ERROR);
    EXPECT_EQ(status_[2], SQL_ROW_ERROR);
    set(SQL_ATTR_ROW_ARRAY_SIZE, 1);
    marks_[0] = {};
    EXPECT_EQ(SQLBulkOperations(statement_, SQL_FETCH_BY_BOOKMARK), SQL_ERROR);
    EXPECT_EQ(state(), "HY111");
    // The rowset is the one that was fetched.
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 1U);
    EXPECT_EQ(cell(1), "1");
    EXPECT_EQ(fetch(SQL_FETCH_RELATIVE, 1), "ok 2");
    for (const SQLSMALLINT change : {SQL_ADD, SQL_UPDATE_BY_BOOKMARK, SQL_DELETE_BY_BOOKMARK}) {
        EXPECT_EQ(SQLBulkOperations(statement_, change), SQL_ERROR);
        EXPECT_EQ(state(), "HYC00") << change;
    }
}

} // namespace
} // namespace irislink::test
