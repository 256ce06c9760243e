// Parameters: C types, arrays with status, data at execution.

#include <array>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcParameter : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer not null primary key, Name varchar(40), Price numeric(12,3), Moment timestamp, Body longvarchar, Raw varbinary(20))");
    }
};

TEST_F(OdbcParameter, EveryKindOnce) {
    SQLINTEGER n = -5;
    std::u16string name = u"ä😀";
    SQL_NUMERIC_STRUCT price{};
    price.precision = 12;
    price.scale = 3;
    price.sign = 0;
    price.val[0] = 0x39; // 12345
    price.val[1] = 0x30;
    SQL_TIMESTAMP_STRUCT moment{2024, 2, 29, 1, 2, 3, 500'000'000};
    std::array<unsigned char, 4> raw{0, 1, 254, 255};
    SQLLEN raw_length = 4;
    SQLLEN name_length = SQL_NTS;
    ASSERT_EQ(SQLPrepare(statement_, text("insert into T (N, Name, Price, Moment, Raw) values (?, ?, ?, ?, ?)"), SQL_NTS), SQL_SUCCESS) << why();
    SQLSMALLINT count = 0;
    ASSERT_EQ(SQLNumParams(statement_, &count), SQL_SUCCESS);
    EXPECT_EQ(count, 5);
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, nullptr);
    SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_WCHAR, SQL_WVARCHAR, 40, 0, name.data(), 0, &name_length);
    SQLBindParameter(statement_, 3, SQL_PARAM_INPUT, SQL_C_NUMERIC, SQL_NUMERIC, 12, 3, &price, 0, nullptr);
    SQLHDESC apd = nullptr;
    ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_APP_PARAM_DESC, &apd, 0, nullptr), SQL_SUCCESS);
    SQLSetDescField(apd, 3, SQL_DESC_PRECISION, reinterpret_cast<SQLPOINTER>(12), 0);
    SQLSetDescField(apd, 3, SQL_DESC_SCALE, reinterpret_cast<SQLPOINTER>(3), 0);
    SQLSetDescField(apd, 3, SQL_DESC_DATA_PTR, &price, 0);
    SQLBindParameter(statement_, 4, SQL_PARAM_INPUT, SQL_C_TYPE_TIMESTAMP, SQL_TYPE_TIMESTAMP, 29, 9, &moment, 0, nullptr);
    SQLBindParameter(statement_, 5, SQL_PARAM_INPUT, SQL_C_BINARY, SQL_VARBINARY, 20, 0, raw.data(), 4, &raw_length);
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    SQLLEN changed = 0;
    ASSERT_EQ(SQLRowCount(statement_, &changed), SQL_SUCCESS);
    EXPECT_EQ(changed, 1);
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    run("select N, Name, Price, Moment, Raw from T");
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(1), "-5");
    EXPECT_EQ(cell(2), "ä😀");
    EXPECT_EQ(cell(3), "-12.345");
    EXPECT_EQ(cell(4), "2024-02-29 01:02:03.5");
    EXPECT_EQ(cell(5), "0001FEFF");
}

TEST_F(OdbcParameter, NullAndMissing) {
    ASSERT_EQ(SQLPrepare(statement_, text("insert into T (N, Name) values (?, ?)"), SQL_NTS), SQL_SUCCESS) << why();
    SQLINTEGER n = 1;
    SQLLEN null = SQL_NULL_DATA;
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, nullptr);
    ASSERT_EQ(SQLExecute(statement_), SQL_ERROR);
    EXPECT_EQ(state(), "07002") << why();
    SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, nullptr, 0, &null);
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select Name from T"), "NULL");
}

// As DBD::ODBC binds what SQLDescribeParam says to be numeric: VARCHAR of the precision, for text with sign and point.
TEST_F(OdbcParameter, TextForANumberMayBeLongerThanItsDigits) {
    run("create table Narrow (D numeric(5,2), S varchar(5))");
    std::string given = "-123.45";
    auto length = static_cast<SQLLEN>(given.size());
    ASSERT_EQ(SQLPrepare(statement_, text("insert into Narrow (D) values (?)"), SQL_NTS), SQL_SUCCESS) << why();
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 5, 0, given.data(), length, &length);
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLPrepare(statement_, text("insert into Narrow (S) values (?)"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(SQLExecute(statement_), SQL_ERROR);
    EXPECT_EQ(state(), "22001") << "text that is text is never too long";
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select count(*) from Narrow where D = -123.45 and S is null"), "1");
}

TEST_F(OdbcParameter, ArrayWithStatus) {
    constexpr std::size_t size = 5;
    std::array<SQLINTEGER, size> n{1, 2, 3, 4, 5};
    std::array<std::array<char, 8>, size> names{};
    std::array<SQLLEN, size> lengths{};
    std::array<SQLUSMALLINT, size> status{};
    std::array<SQLUSMALLINT, size> operation{SQL_PARAM_PROCEED, SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED, SQL_PARAM_PROCEED};
    SQLULEN processed = 0;
    for (std::size_t i = 0; i < size; ++i) {
        names[i] = {'n', static_cast<char>('0' + i)};
        lengths[i] = i == 1 ? SQLLEN{SQL_NULL_DATA} : SQLLEN{SQL_NTS};
    }
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(size), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, status.data(), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_OPERATION_PTR, operation.data(), 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed, 0);
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, n.data(), 0, nullptr);
    SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, names.data(), 8, lengths.data());
    run("insert into T (N, Name) values (?, ?)");
    EXPECT_EQ(processed, size);
    EXPECT_EQ(status, (std::array<SQLUSMALLINT, size>{SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_UNUSED, SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS}));
    SQLLEN changed = 0;
    SQLRowCount(statement_, &changed);
    EXPECT_EQ(changed, 4);
    // The third set breaks the key: what came before it is done and said to be, what follows is not.
    n = {10, 11, 1, 12, 13};
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_OPERATION_PTR, nullptr, 0);
    ASSERT_EQ(SQLExecDirect(statement_, text("insert into T (N, Name) values (?, ?)"), SQL_NTS), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "23000") << why();
    EXPECT_EQ(row_told(), 3);
    EXPECT_EQ(processed, 3U);
    EXPECT_EQ(status, (std::array<SQLUSMALLINT, size>{SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_ERROR, SQL_PARAM_UNUSED, SQL_PARAM_UNUSED}));
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select count(*) from T where N >= 10"), "2");
}

TEST_F(OdbcParameter, DataAtExecutionInPieces) {
    SQLINTEGER n = 1;
    SQLLEN later = SQL_LEN_DATA_AT_EXEC(0);
    int mark = 0;
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, nullptr);
    SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, &mark, 0, &later);
    ASSERT_EQ(SQLExecDirect(statement_, text("insert into T (N, Body) values (?, ?)"), SQL_NTS), SQL_NEED_DATA) << why();
    SQLPOINTER token = nullptr;
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_NEED_DATA);
    EXPECT_EQ(token, &mark);
    // Pieces that split a character.
    const std::string emoji = "😀";
    ASSERT_EQ(SQLPutData(statement_, text("ab" + emoji.substr(0, 1)), 3), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLPutData(statement_, text(emoji.substr(1) + "cd"), 5), SQL_SUCCESS) << why();
    EXPECT_EQ(SQLParamData(statement_, &token), SQL_SUCCESS) << why();
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select Body from T"), "ab😀cd");
}

// The length of a value of fixed size says nothing, so no buffer is no empty value.
TEST_F(OdbcParameter, DataOfFixedSizeNeedsABuffer) {
    SQLLEN later = SQL_DATA_AT_EXEC;
    SQLINTEGER n = 7;
    SQLPOINTER token = nullptr;
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, &later);
    ASSERT_EQ(SQLExecDirect(statement_, text("insert into T (N) values (?)"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_NEED_DATA);
    EXPECT_EQ(SQLPutData(statement_, nullptr, 0), SQL_ERROR);
    EXPECT_EQ(state(), "HY009") << why();
    SQLCancel(statement_);
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select count(*) from T"), "0");
}

TEST_F(OdbcParameter, CancelGivesUpDataAtExecution) {
    SQLLEN later = SQL_DATA_AT_EXEC;
    int mark = 0;
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, &mark, 0, &later);
    ASSERT_EQ(SQLExecDirect(statement_, text("insert into T (N) values (?)"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(SQLCancel(statement_), SQL_SUCCESS);
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select count(*) from T"), "0");
}

TEST_F(OdbcParameter, PreparedAgainAndAgain) {
    SQLINTEGER n = 0;
    ASSERT_EQ(SQLPrepare(statement_, text("select ? + 1"), SQL_NTS), SQL_SUCCESS) << why();
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 0, 0, &n, 0, nullptr);
    for (n = 0; n < 3; ++n) {
        ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
        ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
        SQLINTEGER got = 0;
        ASSERT_EQ(SQLGetData(statement_, 1, SQL_C_SLONG, &got, 0, nullptr), SQL_SUCCESS) << why();
        EXPECT_EQ(got, n + 1);
        ASSERT_EQ(SQLFreeStmt(statement_, SQL_CLOSE), SQL_SUCCESS);
    }
}

TEST_F(OdbcParameter, NoRowsChangedIsNoData) {
    EXPECT_EQ(SQLExecDirect(statement_, text("delete from T where N = 99"), SQL_NTS), SQL_NO_DATA);
}

} // namespace
} // namespace irislink::test
