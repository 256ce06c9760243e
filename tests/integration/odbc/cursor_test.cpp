// Static cursors: what kinds there are, scrolling in every direction, what they keep and for how long.

#include <chrono>
#include <random>
#include <thread>

#include "tests/integration/odbc/odbc_cursor_fixture.hpp"
#include "tests/support/scripted_peer/scripted_peer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {
namespace {

TEST_F(OdbcCursor, KindsOfCursors) {
    EXPECT_EQ(get(SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_FORWARD_ONLY);
    EXPECT_EQ(get(SQL_ATTR_CURSOR_SCROLLABLE), SQLULEN{SQL_NONSCROLLABLE});
    SQLFreeHandle(SQL_HANDLE_STMT, statement_);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    set(SQL_ATTR_CURSOR_SCROLLABLE, SQL_SCROLLABLE);
    EXPECT_EQ(get(SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_STATIC);
    EXPECT_EQ(get(SQL_ATTR_CURSOR_SENSITIVITY), SQLULEN{SQL_INSENSITIVE});
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
    EXPECT_EQ(get(SQL_ATTR_CURSOR_SCROLLABLE), SQLULEN{SQL_NONSCROLLABLE});
    set(SQL_ATTR_CURSOR_SENSITIVITY, SQL_INSENSITIVE);
    EXPECT_EQ(get(SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_STATIC);
    for (const auto other : {SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC}) {
        set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
        EXPECT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, number(other), 0), SQL_SUCCESS_WITH_INFO);
        EXPECT_EQ(state(), "01S02");
        EXPECT_EQ(get(SQL_ATTR_CURSOR_TYPE), SQL_CURSOR_STATIC);
    }
    EXPECT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, number(17), 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY024");
    EXPECT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_SENSITIVITY, number(SQL_SENSITIVE), 0), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01S02");
    run("select N from T");
    EXPECT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0), SQL_ERROR);
    EXPECT_EQ(state(), "24000");
    SQLCloseCursor(statement_);
    ASSERT_EQ(SQLPrepare(statement_, text("select N from T"), SQL_NTS), SQL_SUCCESS);
    EXPECT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY011");
}

TEST_F(OdbcCursor, ForwardOnlyGoesForwardOnly) {
    fill(3);
    run("select N from T order by N");
    for (const SQLSMALLINT back : {SQL_FETCH_PRIOR, SQL_FETCH_FIRST, SQL_FETCH_LAST, SQL_FETCH_ABSOLUTE, SQL_FETCH_RELATIVE, SQL_FETCH_BOOKMARK}) {
        EXPECT_EQ(SQLFetchScroll(statement_, back, 1), SQL_ERROR);
        EXPECT_EQ(state(), "HY106") << back;
    }
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS);
    EXPECT_EQ(cell(), "1") << "what was refused moved nothing";
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 1U);
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS);
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 2U);
    EXPECT_EQ(row_count(), -1);
}

TEST_F(OdbcCursor, EveryDirection) {
    fill(10);
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    bind_block(3);
    run("select N from T order by N");
    EXPECT_EQ(row_count(), 10);
    SQLLEN rows = 0;
    ASSERT_EQ(SQLGetDiagField(SQL_HANDLE_STMT, statement_, 0, SQL_DIAG_CURSOR_ROW_COUNT, &rows, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(rows, 10);
    EXPECT_EQ(fetch(SQL_FETCH_PRIOR), "none") << "before the start";
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 1 2 3");
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 1U);
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 4 5 6");
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), 4U);
    EXPECT_EQ(fetch(SQL_FETCH_PRIOR), "ok 1 2 3");
    EXPECT_EQ(fetch(SQL_FETCH_RELATIVE, 1), "ok 2 3 4");
    EXPECT_EQ(fetch(SQL_FETCH_PRIOR), "info 01S06 1 2 3");
    EXPECT_EQ(fetch(SQL_FETCH_RELATIVE, -1), "none");
    EXPECT_EQ(fetch(SQL_FETCH_LAST), "ok 8 9 10");
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "none");
    EXPECT_EQ(fetched_, 0U);
    EXPECT_EQ(status_[0], SQL_ROW_NOROW);
    EXPECT_EQ(SQLGetData(statement_, 1, SQL_C_CHAR, block_.data(), 10, nullptr), SQL_ERROR) << "no row";
    EXPECT_EQ(fetch(SQL_FETCH_PRIOR), "ok 8 9 10");
    EXPECT_EQ(fetch(SQL_FETCH_ABSOLUTE, 9), "ok 9 10");
    EXPECT_EQ(status_[1], SQL_ROW_SUCCESS);
    EXPECT_EQ(status_[2], SQL_ROW_NOROW);
    EXPECT_EQ(fetch(SQL_FETCH_ABSOLUTE, -10), "ok 1 2 3");
    EXPECT_EQ(fetch(SQL_FETCH_ABSOLUTE, -11), "none");
    EXPECT_EQ(fetch(SQL_FETCH_ABSOLUTE, 11), "none");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2 3");
    set(SQL_ATTR_ROW_ARRAY_SIZE, 5);
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 4 5 6 7 8") << "the size before counts";
    EXPECT_EQ(fetch(SQL_FETCH_PRIOR), "info 01S06 1 2 3 4 5") << "the new size counts";
    EXPECT_EQ(SQLFetchScroll(statement_, 7, 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY106");
    EXPECT_EQ(fetch(SQL_FETCH_NEXT), "ok 6 7 8 9 10");
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA);
    EXPECT_EQ(SQLFetchScroll(statement_, SQL_FETCH_FIRST, 0), SQL_ERROR);
}

TEST_F(OdbcCursor, NothingThere) {
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    bind_block(3);
    run("select N from T");
    EXPECT_EQ(row_count(), 0);
    for (const SQLSMALLINT each : {SQL_FETCH_NEXT, SQL_FETCH_PRIOR, SQL_FETCH_LAST, SQL_FETCH_PRIOR, SQL_FETCH_FIRST, SQL_FETCH_ABSOLUTE, SQL_FETCH_RELATIVE})
        EXPECT_EQ(fetch(each, 1), "none") << each;
}

TEST_F(OdbcCursor, TenThousandRowsAtRandom) {
    constexpr int rows = 10'000;
    fill(rows);
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    SQLINTEGER n = 0;
    char name[40]{};
    SQLLEN length = 0;
    SQLBindCol(statement_, 1, SQL_C_SLONG, &n, 0, nullptr);
    SQLBindCol(statement_, 2, SQL_C_CHAR, name, sizeof name, &length);
    run("select N, Name from T order by N");
    EXPECT_EQ(row_count(), rows);
    std::mt19937 random(4711);
    std::uniform_int_distribution<SQLLEN> any(1, rows);
    for (int i = 0; i < 20'000; ++i) {
        const auto wanted = any(random);
        const auto done = i % 2 == 0 ? SQLFetchScroll(statement_, SQL_FETCH_ABSOLUTE, wanted) : SQLFetchScroll(statement_, SQL_FETCH_RELATIVE, wanted - n);
        ASSERT_EQ(done, SQL_SUCCESS) << why();
        ASSERT_EQ(n, wanted);
        if (wanted % 3 == 0) {
            ASSERT_EQ(length, SQL_NULL_DATA);
        } else {
            ASSERT_EQ(std::string(name), "name " + std::to_string(wanted));
        }
    }
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), static_cast<SQLULEN>(n));
}

// Changes after it was opened, and the end of the transaction, are nothing to a static cursor.
TEST_F(OdbcCursor, StaysWhatItWas) {
    fill(4);
    SQLUSMALLINT kept = 99;
    ASSERT_EQ(SQLGetInfo(connection_, SQL_CURSOR_COMMIT_BEHAVIOR, &kept, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(kept, SQL_CB_PRESERVE);
    ASSERT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_AUTOCOMMIT, number(SQL_AUTOCOMMIT_OFF), 0), SQL_SUCCESS);
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    bind_block(10);
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_LAST), "ok 1 2 3 4");
    SQLHSTMT other = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &other), SQL_SUCCESS);
    ASSERT_EQ(SQLExecDirect(other, text("delete from T where N > 2"), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, other);
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2 3 4");
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_ROLLBACK), SQL_SUCCESS);
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2 3 4");
    ASSERT_EQ(SQLExecDirect(other, text("delete from T where N > 2"), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, other);
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_COMMIT), SQL_SUCCESS);
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2 3 4");
    SQLCloseCursor(statement_);
    run("select N from T order by N");
    EXPECT_EQ(fetch(SQL_FETCH_FIRST), "ok 1 2");
    ASSERT_EQ(SQLEndTran(SQL_HANDLE_DBC, connection_, SQL_COMMIT), SQL_SUCCESS);
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

TEST_F(OdbcCursor, LongValuesInAnyOrder) {
    std::vector<std::string> bodies;
    for (int i = 1; i <= 4; ++i) {
        std::string body;
        while (body.size() < 150'000) body += "row " + std::to_string(i) + " ä😀;";
        SQLLEN length = static_cast<SQLLEN>(body.size());
        ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, body.size(), 0, body.data(), length, &length), SQL_SUCCESS);
        run("insert into T (N, Body) values (" + std::to_string(i) + ", ?)");
        SQLFreeStmt(statement_, SQL_RESET_PARAMS);
        bodies.push_back(std::move(body));
    }
    run("insert into T (N) values (5)");
    bodies.emplace_back("NULL");
    SQLFreeStmt(statement_, SQL_CLOSE);
    const auto read = [](SQLHSTMT from) {
        std::string whole;
        std::vector<char> piece(20'000);
        SQLLEN length = 0;
        for (SQLRETURN done = SQL_SUCCESS; (done = SQLGetData(from, 2, SQL_C_CHAR, piece.data(), static_cast<SQLLEN>(piece.size()), &length)) != SQL_NO_DATA;) {
            if (!SQL_SUCCEEDED(done)) return problems(SQL_HANDLE_STMT, from);
            if (length == SQL_NULL_DATA) return std::string("NULL");
            whole += piece.data();
        }
        return whole;
    };
    SQLHSTMT other = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &other), SQL_SUCCESS);
    const char* const sql = "select N, Body from T order by N";
    // Two cursors of one text: each keeps its own values.
    for (auto* const each : {statement_, other}) {
        ASSERT_EQ(SQLSetStmtAttr(each, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0), SQL_SUCCESS);
        ASSERT_EQ(SQLPrepare(each, text(sql), SQL_NTS), SQL_SUCCESS);
        ASSERT_EQ(SQLExecute(each), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, each);
    }
    for (const SQLLEN row : {5, 2, 4, 2, 1, 3, 5, 1}) {
        for (auto* const each : {statement_, other}) {
            ASSERT_EQ(SQLFetchScroll(each, SQL_FETCH_ABSOLUTE, row), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, each);
            ASSERT_TRUE(read(each) == bodies[static_cast<std::size_t>(row) - 1]) << row;
        }
        // Statements between do not take them away.
        if (row == 4) {
            ASSERT_EQ(SQLCloseCursor(other), SQL_SUCCESS);
            ASSERT_EQ(SQLExecute(other), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, other);
        }
    }
    // Half read, left, and come back to.
    char piece[100]{};
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_ABSOLUTE, 3), SQL_SUCCESS);
    ASSERT_EQ(SQLGetData(statement_, 2, SQL_C_CHAR, piece, sizeof piece, nullptr), SQL_SUCCESS_WITH_INFO);
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_ABSOLUTE, 4), SQL_SUCCESS);
    EXPECT_TRUE(read(statement_) == bodies[3]);
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_ABSOLUTE, 3), SQL_SUCCESS);
    EXPECT_TRUE(read(statement_) == bodies[2]);
    SQLCloseCursor(statement_);
    // Bound, in blocks.
    std::vector<std::array<char, 200'000>> bound(5);
    std::array<SQLLEN, 5> lengths{};
    set(SQL_ATTR_ROW_ARRAY_SIZE, 5);
    SQLBindCol(statement_, 2, SQL_C_CHAR, bound.data(), 200'000, lengths.data());
    run(sql);
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_LAST, 0), SQL_SUCCESS) << why();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(bodies[i] == bound[i].data()) << i;
    EXPECT_EQ(lengths[4], SQL_NULL_DATA);
    SQLFreeHandle(SQL_HANDLE_STMT, other);
}

TEST_F(OdbcCursor, RowsMadeByTheDriverAndCatalogRowsScrollToo) {
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    ASSERT_EQ(SQLGetTypeInfo(statement_, SQL_ALL_TYPES), SQL_SUCCESS) << why();
    const auto types = row_count();
    EXPECT_GT(types, 10);
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_LAST, 0), SQL_SUCCESS);
    EXPECT_EQ(get(SQL_ATTR_ROW_NUMBER), static_cast<SQLULEN>(types));
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_FIRST, 0), SQL_SUCCESS);
    SQLCloseCursor(statement_);
    ASSERT_EQ(SQLColumns(statement_, nullptr, 0, nullptr, 0, text("T"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_ABSOLUTE, 2), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(4), "Name");
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_PRIOR, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(4), "N");
}

// What reaches the server goes on beside the program, as for other cursors.
TEST_F(OdbcCursor, AsynchronouslyToo) {
    for (int i = 1; i <= 3; ++i) run("insert into T (N, Body) values (" + std::to_string(i) + ", '" + std::string(100, static_cast<char>('a' + i)) + "')");
    SQLFreeStmt(statement_, SQL_CLOSE);
    const auto polled = [](const auto& function) {
        SQLRETURN out = SQL_STILL_EXECUTING;
        int calls = 0;
        for (; calls < 5000 && (out = function()) == SQL_STILL_EXECUTING; ++calls) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        EXPECT_GT(calls, 0) << "it was not done at once";
        return out;
    };
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    set(SQL_ATTR_USE_BOOKMARKS, SQL_UB_VARIABLE);
    set(SQL_ATTR_ASYNC_ENABLE, SQL_ASYNC_ENABLE_ON);
    bind_block(3);
    std::array<std::array<char, 200>, 3> bodies{};
    std::array<std::array<unsigned char, 8>, 3> marks{};
    SQLBindCol(statement_, 0, SQL_C_VARBOOKMARK, marks.data(), 8, nullptr);
    SQLBindCol(statement_, 2, SQL_C_CHAR, bodies.data(), 200, nullptr);
    ASSERT_EQ(polled([&] { return SQLExecDirect(statement_, text("select N, Body from T order by N"), SQL_NTS); }), SQL_SUCCESS) << why();
    EXPECT_EQ(row_count(), 3);
    ASSERT_EQ(polled([&] { return SQLFetchScroll(statement_, SQL_FETCH_LAST, 0); }), SQL_SUCCESS) << why();
    EXPECT_EQ(block_[2], 3);
    bodies = {};
    ASSERT_EQ(polled([&] { return SQLSetPos(statement_, 2, SQL_REFRESH, SQL_LOCK_NO_CHANGE); }), SQL_SUCCESS) << why();
    EXPECT_EQ(bodies[1].data(), std::string(100, 'c'));
    EXPECT_STREQ(bodies[0].data(), "");
    std::swap(marks[0], marks[2]);
    ASSERT_EQ(polled([&] { return SQLBulkOperations(statement_, SQL_FETCH_BY_BOOKMARK); }), SQL_SUCCESS) << why();
    EXPECT_EQ(bodies[0].data(), std::string(100, 'd'));
    EXPECT_EQ(block_[2], 1);
    ASSERT_EQ(SQLSetPos(statement_, 1, SQL_POSITION, SQL_LOCK_NO_CHANGE), SQL_SUCCESS) << "nothing to wait for";
}

class OdbcCursorLimit : public OdbcCursor {
protected:
    OdbcCursorLimit() { write_dsn("StaticCursorLimit=20000\n"); }
};

TEST_F(OdbcCursorLimit, IsAnErrorInWords) {
    fill(3000);
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_STATIC);
    EXPECT_EQ(SQLExecDirect(statement_, text("select N, Name from T order by N"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "HY000");
    EXPECT_NE(why().find("20000 bytes"), std::string::npos) << why();
    EXPECT_NE(why().find("StaticCursorLimit"), std::string::npos) << why();
    EXPECT_EQ(SQLFetch(statement_), SQL_ERROR) << "there is no cursor";
    // The line is in step, and less goes well; a forward-only cursor has no limit.
    run("select N from T where N < 100 order by N");
    EXPECT_EQ(row_count(), 99);
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_LAST, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(), "99");
    SQLFreeHandle(SQL_HANDLE_STMT, statement_);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    run("select N from T order by N");
    int rows = 0;
    while (SQLFetch(statement_) == SQL_SUCCESS) ++rows;
    EXPECT_EQ(rows, 3000);
}

// Two rows and more to come, which fail the first time they are asked for.
void half_a_result(peer_line& line) {
    line.log_in();
    int asked_for_more = 0;
    for (;;) {
        const auto asked = line.read();
        if (asked.code() == "DQ") {
            wire::query_reply described;
            wire::column number;
            number.name = number.label = "N";
            number.type = SQL_INTEGER;
            described.columns.push_back(number);
            line.answer(asked, described);
            wire::byte_buffer items;
            wire::writer(items).integer(1);
            line.answer(asked, wire::rows_reply{items});
        } else if (asked.code() == "FD") {
            wire::byte_buffer items;
            wire::writer(items).integer(2);
            if (++asked_for_more == 1) {
                line.answer_empty(asked, 412);
            } else {
                line.answer(asked, wire::rows_reply{items}, 100);
            }
        } else if (asked.code() == "OE") {
            line.answer(asked, wire::text_reply{"not now"});
        } else if (asked.code() == "2E") {
            line.answer(asked, wire::second_factor_query_reply{});
        } else if (asked.code() == "DC") {
            line.close();
        } else {
            line.answer_empty(asked);
        }
    }
}

class OdbcCursorPeer : public OdbcHandles {};

TEST_F(OdbcCursorPeer, HalfAResultIsNone) {
    scripted_peer peer(half_a_result);
    ASSERT_EQ(SQLDriverConnect(connection_, nullptr, text(target_at(peer.port())), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_SUCCESS)
        << problems(SQL_HANDLE_DBC, connection_);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, number(SQL_CURSOR_STATIC), 0), SQL_SUCCESS);
    EXPECT_EQ(SQLExecDirect(statement_, text("select N from T"), SQL_NTS), SQL_ERROR);
    EXPECT_NE(why().find("not now"), std::string::npos) << why();
    EXPECT_EQ(SQLFetch(statement_), SQL_ERROR) << "there is no cursor";
    // The line is well: the next one is whole.
    run("select N from T");
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_LAST, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(), "2");
    ASSERT_EQ(SQLFetchScroll(statement_, SQL_FETCH_PRIOR, 0), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(), "1");
}

} // namespace
} // namespace irislink::test
