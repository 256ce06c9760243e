// Parameters of calls that come out as streams, and arrays of calls.

#include <array>

#include "tests/integration/odbc/odbc_module.hpp"

namespace irislink::test {
namespace {

constexpr auto grow = "create procedure S.Grow(in n integer, out body longvarchar, inout word varchar(4000), out size integer) "
                      "begin set body = repeat('xy', n); set word = word || '!'; set size = 2 * n; end";

class OdbcOutputStream : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run(grow);
    }

    // unixODBC 2.3.11 has its own opinion of SQLBindParameter: the IPD takes the direction.
    void bind_stream(SQLUSMALLINT number, SQLSMALLINT direction, SQLSMALLINT type, void* token, SQLLEN* length) {
        ASSERT_EQ(SQLBindParameter(statement_, number, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, type, 4000, 0, token, 0, length), SQL_SUCCESS) << why();
        SQLHDESC ipd = nullptr;
        ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, nullptr), SQL_SUCCESS) << why();
        ASSERT_EQ(SQLSetDescField(ipd, static_cast<SQLSMALLINT>(number), SQL_DESC_PARAMETER_TYPE, reinterpret_cast<SQLPOINTER>(direction), 0), SQL_SUCCESS)
            << problems(SQL_HANDLE_DESC, ipd);
    }

    // The whole of parameter `number`, in pieces.
    [[nodiscard]] std::string read(SQLUSMALLINT number, SQLLEN piece_bytes) {
        std::string out;
        std::vector<char> piece(static_cast<std::size_t>(piece_bytes));
        for (;;) {
            const auto done = SQLGetData(statement_, number, SQL_C_CHAR, piece.data(), piece_bytes, nullptr);
            if (done == SQL_NO_DATA) return out;
            if (!SQL_SUCCEEDED(done)) return "error " + why();
            out += piece.data();
        }
    }

    int body_{0}; // their addresses are the tokens
    int word_{0};
};

// The module alone: unixODBC 2.3.11 loses count of a statement whose last SQLParamData has streams to give.
class OdbcOutputStreamInside : public OdbcInside {
protected:
    void SetUp() override {
        OdbcInside::SetUp();
        connect_inside(target_at(server_.port()));
        ASSERT_EQ(execute(grow), SQL_SUCCESS);
    }

    SQLRETURN execute(const char* sql) { return IN_DRIVER(SQLExecDirect, inner_statement_, text(sql), SQL_NTS); }

    SQLRETURN bind(SQLUSMALLINT number, SQLSMALLINT direction, SQLSMALLINT c_type, SQLSMALLINT type, void* data, SQLLEN* length) {
        return IN_DRIVER(SQLBindParameter, inner_statement_, number, direction, c_type, type, 4000, 0, data, 0, length);
    }

    SQLRETURN next() { return IN_DRIVER(SQLParamData, inner_statement_, &token_); }

    [[nodiscard]] std::string read(SQLUSMALLINT number, SQLLEN piece_bytes) {
        std::string out;
        std::vector<char> piece(static_cast<std::size_t>(piece_bytes));
        for (;;) {
            const auto done = IN_DRIVER(SQLGetData, inner_statement_, number, SQL_C_CHAR, piece.data(), piece_bytes, nullptr);
            if (done == SQL_NO_DATA) return out;
            if (!SQL_SUCCEEDED(done)) return "error";
            out += piece.data();
        }
    }

    SQLPOINTER token_{nullptr};
    sandbox_runner server_;
};

TEST_F(OdbcOutputStreamInside, OutAndInOut) {
    SQLINTEGER n = 50'000;
    SQLINTEGER size = 0;
    SQLLEN later = SQL_DATA_AT_EXEC;
    SQLLEN ignored = 0;
    int body = 0; // their addresses are the tokens
    int word = 0;
    ASSERT_EQ(bind(1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, &n, nullptr), SQL_SUCCESS);
    ASSERT_EQ(bind(2, SQL_PARAM_OUTPUT_STREAM, SQL_C_CHAR, SQL_LONGVARCHAR, &body, &ignored), SQL_SUCCESS);
    ASSERT_EQ(bind(3, SQL_PARAM_INPUT_OUTPUT_STREAM, SQL_C_CHAR, SQL_VARCHAR, &word, &later), SQL_SUCCESS);
    ASSERT_EQ(bind(4, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, &size, nullptr), SQL_SUCCESS);
    EXPECT_EQ(bind(5, SQL_RESULT_COL, SQL_C_SLONG, SQL_INTEGER, &size, nullptr), SQL_ERROR) << "no kind of parameter";
    ASSERT_EQ(execute("{call S.Grow(?, ?, ?, ?)}"), SQL_NEED_DATA);
    ASSERT_EQ(next(), SQL_NEED_DATA);
    EXPECT_EQ(token_, &word) << "what only comes out is not asked for";
    ASSERT_EQ(IN_DRIVER(SQLPutData, inner_statement_, text("wo"), 2), SQL_SUCCESS);
    ASSERT_EQ(IN_DRIVER(SQLPutData, inner_statement_, text("rd"), 2), SQL_SUCCESS);
    ASSERT_EQ(next(), SQL_PARAM_DATA_AVAILABLE);
    EXPECT_EQ(size, 100'000) << "what has a buffer is written";
    ASSERT_EQ(next(), SQL_PARAM_DATA_AVAILABLE);
    EXPECT_EQ(token_, &body);
    const auto content = read(2, 4001);
    EXPECT_EQ(content.size(), 100'000U);
    EXPECT_EQ(content.substr(content.size() - 10), "xyxyxyxyxy");
    ASSERT_EQ(next(), SQL_PARAM_DATA_AVAILABLE);
    EXPECT_EQ(token_, &word);
    EXPECT_EQ(read(3, 3), "word!");
    EXPECT_EQ(next(), SQL_SUCCESS);
    EXPECT_EQ(ZEROS(SQLMoreResults, inner_statement_), SQL_NO_DATA);
    EXPECT_EQ(execute("select 1 + 1"), SQL_SUCCESS) << "the line is in step";
}

TEST_F(OdbcOutputStream, AreLeftAloneBySQLMoreResults) {
    SQLINTEGER n = 5;
    SQLLEN null = SQL_NULL_DATA;
    SQLLEN ignored = 0;
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, &n, 0, nullptr);
    bind_stream(2, SQL_PARAM_OUTPUT_STREAM, SQL_LONGVARCHAR, &body_, &ignored);
    bind_stream(3, SQL_PARAM_INPUT_OUTPUT_STREAM, SQL_VARCHAR, &word_, &null);
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Grow(?, ?, ?, 0)}"), SQL_NTS), SQL_PARAM_DATA_AVAILABLE) << why();
    SQLPOINTER token = nullptr;
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_PARAM_DATA_AVAILABLE) << why();
    EXPECT_EQ(token, &body_);
    char piece[4]{};
    EXPECT_EQ(SQLGetData(statement_, 3, SQL_C_CHAR, piece, sizeof piece, nullptr), SQL_ERROR) << "another one than SQLParamData named";
    EXPECT_EQ(state(), "07009") << why();
    EXPECT_EQ(SQLGetData(statement_, 2, SQL_C_CHAR, piece, sizeof piece, nullptr), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_STREQ(piece, "xyx");
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA) << why();
    // Its address is no buffer.
    SQLLEN length = 4;
    bind_stream(3, SQL_PARAM_INPUT_OUTPUT_STREAM, SQL_VARCHAR, &word_, &length);
    EXPECT_EQ(SQLExecDirect(statement_, text("{call S.Grow(?, ?, ?, 0)}"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "HY090") << why();
}

// With a result set they come after it.
TEST_F(OdbcOutputStream, AfterAResultSet) {
    run("create procedure S.Both(in n integer, out body longvarchar) begin set body = repeat('ab', n); select n + 1; end");
    SQLINTEGER n = 3000;
    SQLLEN ignored = 0;
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, &n, 0, nullptr);
    bind_stream(2, SQL_PARAM_OUTPUT_STREAM, SQL_LONGVARCHAR, &body_, &ignored);
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Both(?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(1), "3001");
    ASSERT_EQ(SQLMoreResults(statement_), SQL_PARAM_DATA_AVAILABLE) << why();
    SQLPOINTER token = nullptr;
    ASSERT_EQ(SQLParamData(statement_, &token), SQL_PARAM_DATA_AVAILABLE) << why();
    EXPECT_EQ(token, &body_);
    EXPECT_EQ(read(2, 999).size(), 6000U);
    EXPECT_EQ(SQLParamData(statement_, &token), SQL_SUCCESS) << why();
}

class OdbcCallArray : public OdbcTest {
protected:
    static constexpr std::size_t size = 5;

    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer not null primary key, V varchar(20))");
        run("create procedure S.Add(in n integer, inout v varchar(20), out twice integer) returns integer "
            "begin insert into T values (:n, :v); set v = v || '+'; set twice = n * 2; return n + 1; end");
        for (std::size_t i = 0; i < size; ++i) v_[i] = {'v', static_cast<char>('0' + i)};
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(size), 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, status_.data(), 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed_, 0);
        SQLBindParameter(statement_, 1, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, returned_.data(), 0, nullptr);
        SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, n_.data(), 0, nullptr);
        SQLBindParameter(statement_, 3, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, v_.data(), 8, lengths_.data());
        SQLBindParameter(statement_, 4, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, twice_.data(), 0, nullptr);
    }

    std::array<SQLINTEGER, size> returned_{};
    std::array<SQLINTEGER, size> n_{1, 2, 3, 4, 5};
    std::array<std::array<char, 8>, size> v_{};
    std::array<SQLLEN, size> lengths_{SQL_NTS, SQL_NTS, SQL_NULL_DATA, SQL_NTS, SQL_NTS};
    std::array<SQLINTEGER, size> twice_{};
    std::array<SQLUSMALLINT, size> status_{};
    SQLULEN processed_{0};
};

TEST_F(OdbcCallArray, EverySetHasItsOutputs) {
    std::array<SQLUSMALLINT, size> operation{SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_PROCEED, SQL_PARAM_PROCEED, SQL_PARAM_PROCEED};
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_OPERATION_PTR, operation.data(), 0);
    ASSERT_EQ(SQLPrepare(statement_, text("{? = call S.Add(?, ?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(processed_, size);
    EXPECT_EQ(status_, (std::array<SQLUSMALLINT, size>{SQL_PARAM_SUCCESS, SQL_PARAM_UNUSED, SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS}));
    EXPECT_EQ(returned_, (std::array<SQLINTEGER, size>{2, 0, 4, 5, 6}));
    EXPECT_EQ(twice_, (std::array<SQLINTEGER, size>{2, 0, 6, 8, 10}));
    EXPECT_STREQ(v_[0].data(), "v0+");
    EXPECT_STREQ(v_[1].data(), "v1");
    EXPECT_EQ(lengths_[2], SQL_NULL_DATA);
    EXPECT_STREQ(v_[4].data(), "v4+");
    EXPECT_EQ(lengths_[4], 3);
    SQLLEN changed = 0;
    ASSERT_EQ(SQLRowCount(statement_, &changed), SQL_SUCCESS);
    EXPECT_EQ(changed, 4);
}

TEST_F(OdbcCallArray, TheFirstThatFailsIsTheLast) {
    n_ = {1, 2, 1, 4, 5};
    ASSERT_EQ(SQLExecDirect(statement_, text("{? = call S.Add(?, ?, ?)}"), SQL_NTS), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "23000") << why();
    EXPECT_EQ(row_told(), 3);
    EXPECT_EQ(processed_, 3U);
    EXPECT_EQ(status_, (std::array<SQLUSMALLINT, size>{SQL_PARAM_SUCCESS, SQL_PARAM_SUCCESS, SQL_PARAM_ERROR, SQL_PARAM_UNUSED, SQL_PARAM_UNUSED}));
    EXPECT_EQ(twice_[3], 0);
    EXPECT_EQ(SQLExecDirect(statement_, text("{? = call S.Add(?, ?, ?)}"), SQL_NTS), SQL_ERROR) << "nothing is done";
    EXPECT_EQ(processed_, 1U);
}

} // namespace
} // namespace irislink::test
