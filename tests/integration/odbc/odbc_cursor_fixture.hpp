#pragma once
// A table of numbered rows, and blocks of it fetched in any direction.

#include <array>
#include <cstdio>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {

inline SQLPOINTER number(SQLULEN value) {
    return reinterpret_cast<SQLPOINTER>(value);
}

class OdbcCursor : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer, Name varchar(40), Body longvarchar)");
        SQLFreeStmt(statement_, SQL_CLOSE); // the driver manager wants it before attributes of cursors
    }

    // N from 1; every third Name is NULL.
    void fill(int rows) {
        std::vector<SQLINTEGER> n(static_cast<std::size_t>(rows));
        std::vector<std::array<char, 24>> names(n.size());
        std::vector<SQLLEN> lengths(n.size());
        for (std::size_t i = 0; i < n.size(); ++i) {
            n[i] = static_cast<SQLINTEGER>(i + 1);
            std::snprintf(names[i].data(), names[i].size(), "name %zu", i + 1);
            lengths[i] = (i + 1) % 3 == 0 ? SQL_NULL_DATA : SQL_NTS;
        }
        set(SQL_ATTR_PARAMSET_SIZE, n.size());
        SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, n.data(), 0, nullptr);
        SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, names.data(), 24, lengths.data());
        run("insert into T (N, Name) values (?, ?)");
        SQLFreeStmt(statement_, SQL_RESET_PARAMS);
        SQLFreeStmt(statement_, SQL_CLOSE);
        set(SQL_ATTR_PARAMSET_SIZE, 1);
    }

    void set(SQLINTEGER attribute, SQLULEN value) { ASSERT_TRUE(SQL_SUCCEEDED(SQLSetStmtAttr(statement_, attribute, number(value), 0))) << why(); }

    [[nodiscard]] SQLULEN get(SQLINTEGER attribute) {
        SQLULEN out = 99;
        EXPECT_EQ(SQLGetStmtAttr(statement_, attribute, &out, 0, nullptr), SQL_SUCCESS) << why();
        return out;
    }

    [[nodiscard]] SQLLEN row_count() {
        SQLLEN out = -7;
        EXPECT_EQ(SQLRowCount(statement_, &out), SQL_SUCCESS);
        return out;
    }

    // Fetches, and says the return code and the rows of the block: "ok 4 5 6".
    [[nodiscard]] std::string fetch(SQLSMALLINT orientation, SQLLEN offset = 0) {
        block_.fill(0);
        const auto done = SQLFetchScroll(statement_, orientation, offset);
        std::string out = done == SQL_SUCCESS ? "ok" : done == SQL_SUCCESS_WITH_INFO ? "info " + state() : done == SQL_NO_DATA ? "none" : "error " + state();
        for (SQLULEN i = 0; SQL_SUCCEEDED(done) && i < fetched_; ++i) out += " " + std::to_string(block_[i]);
        return out;
    }

    void bind_block(SQLULEN size) {
        set(SQL_ATTR_ROW_ARRAY_SIZE, size);
        SQLSetStmtAttr(statement_, SQL_ATTR_ROWS_FETCHED_PTR, &fetched_, 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_ROW_STATUS_PTR, status_.data(), 0);
        SQLBindCol(statement_, 1, SQL_C_SLONG, block_.data(), 0, nullptr);
    }

    std::array<SQLINTEGER, 100> block_{};
    std::array<SQLUSMALLINT, 100> status_{};
    SQLULEN fetched_{0};
};

} // namespace irislink::test
