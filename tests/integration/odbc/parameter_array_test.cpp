// Arrays of parameters that give a result for every set, and data at execution in arrays.

#include <malloc.h>

#include <array>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

constexpr auto good = SQLUSMALLINT{SQL_PARAM_SUCCESS};
constexpr auto bad = SQLUSMALLINT{SQL_PARAM_ERROR};
constexpr auto unused = SQLUSMALLINT{SQL_PARAM_UNUSED};

class OdbcArray : public OdbcTest {
protected:
    static constexpr std::size_t size = 4;
    using statuses = std::array<SQLUSMALLINT, size>;

    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer not null primary key, V varchar(40), Body longvarchar)");
        for (const auto* const each : {"(1, 'one', 'a')", "(2, 'two', 'b')", "(3, 'three', 'c')"})
            run(std::string("insert into T (N, V, Body) values ") + each);
    }

    // From here on statements have arrays of `size` sets.
    void begin_arrays() {
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(size), 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, status_.data(), 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, &processed_, 0);
        status_.fill(999);
    }

    void end_arrays() {
        SQLFreeStmt(statement_, SQL_CLOSE);
        SQLFreeStmt(statement_, SQL_RESET_PARAMS);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAMSET_SIZE, reinterpret_cast<SQLPOINTER>(1), 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_OPERATION_PTR, nullptr, 0);
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, nullptr, 0);
    }

    void leave_out(std::size_t set) {
        operation_[set] = SQL_PARAM_IGNORE;
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_OPERATION_PTR, operation_.data(), 0);
    }

    void bind_numbers(SQLUSMALLINT at = 1) {
        ASSERT_EQ(SQLBindParameter(statement_, at, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, n_.data(), 0, nullptr), SQL_SUCCESS) << why();
    }

    // Text for numbers: what is none cannot be converted.
    void bind_words(std::array<std::array<char, 8>, size>& words) {
        ASSERT_EQ(SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_INTEGER, 10, 0, words.data(), 8, nullptr), SQL_SUCCESS) << why();
    }

    [[nodiscard]] SQLRETURN more() { return SQLMoreResults(statement_); }

    std::array<SQLINTEGER, size> n_{1, 2, 3, 4};
    statuses status_{};
    std::array<SQLUSMALLINT, size> operation_{};
    SQLULEN processed_{99};
};

TEST_F(OdbcArray, IsWhatSQLGetInfoSays) {
    SQLUINTEGER selects = 0;
    SQLUINTEGER counts = 0;
    ASSERT_EQ(SQLGetInfo(connection_, SQL_PARAM_ARRAY_SELECTS, &selects, 0, nullptr), SQL_SUCCESS);
    ASSERT_EQ(SQLGetInfo(connection_, SQL_PARAM_ARRAY_ROW_COUNTS, &counts, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(selects, SQLUINTEGER{SQL_PAS_BATCH});
    EXPECT_EQ(counts, SQLUINTEGER{SQL_PARC_NO_BATCH});
}

TEST_F(OdbcArray, AQueryHasAResultForEverySet) {
    for (const SQLULEN cursor : {SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC}) {
        for (const bool prepared : {false, true}) {
            SQLFreeHandle(SQL_HANDLE_STMT, statement_);
            ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS) << why_not();
            ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, reinterpret_cast<SQLPOINTER>(cursor), 0), SQL_SUCCESS) << why();
            begin_arrays();
            leave_out(1);
            n_ = {3, 1, 1, 2};
            bind_numbers();
            const auto* const sql = "select N, V from T where N >= ? order by N";
            if (prepared) {
                ASSERT_EQ(SQLPrepare(statement_, text(sql), SQL_NTS), SQL_SUCCESS) << why();
            }
            ASSERT_EQ(prepared ? SQLExecute(statement_) : SQLExecDirect(statement_, text(sql), SQL_NTS), SQL_SUCCESS) << why();
            n_ = {-1, -1, -1, -1}; // the buffers are the program's again
            operation_.fill(SQL_PARAM_IGNORE);
            EXPECT_EQ(processed_, 1U);
            EXPECT_EQ(status_, (statuses{good, unused, unused, unused})) << "a set is executed when it is asked for";
            EXPECT_EQ(rows(), "3|three");
            ASSERT_EQ(more(), SQL_SUCCESS) << why();
            EXPECT_EQ(processed_, 3U) << "the set that the result is of";
            ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why(); // and the rest of it is left
            EXPECT_EQ(cell(2), "one");
            ASSERT_EQ(more(), SQL_SUCCESS) << why();
            EXPECT_EQ(processed_, 4U);
            EXPECT_EQ(rows(), "2|two;3|three");
            EXPECT_EQ(status_, (statuses{good, unused, good, good}));
            EXPECT_EQ(more(), SQL_NO_DATA) << why();
            EXPECT_EQ(more(), SQL_NO_DATA) << why();
            if (prepared) {
                n_ = {2, 0, 0, 0};
                operation_ = {SQL_PARAM_PROCEED, SQL_PARAM_IGNORE, SQL_PARAM_IGNORE, SQL_PARAM_IGNORE};
                ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
                EXPECT_EQ(rows(), "2|two;3|three");
                EXPECT_EQ(more(), SQL_NO_DATA) << why();
                EXPECT_EQ(processed_, size);
            }
            operation_.fill(SQL_PARAM_PROCEED);
        }
    }
}

TEST_F(OdbcArray, SetsThatFailAreToldAndTheOthersGoOn) {
    std::array<std::array<char, 8>, size> words{{{"x"}, {"2"}, {"y"}, {"3"}}};
    begin_arrays();
    bind_words(words);
    ASSERT_EQ(SQLPrepare(statement_, text("select V from T where N = ?"), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "22018") << why();
    EXPECT_EQ(row_told(), 1);
    EXPECT_EQ(processed_, 2U);
    EXPECT_EQ(rows(), "two");
    ASSERT_EQ(more(), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "22018") << why();
    EXPECT_EQ(row_told(), 3);
    EXPECT_EQ(rows(), "three");
    EXPECT_EQ(status_, (statuses{bad, good, bad, good}));
    EXPECT_EQ(more(), SQL_NO_DATA) << why();
    // The last one fails: no result comes with it.
    words = {{{"1"}, {"2"}, {"y"}, {"z"}}};
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    ASSERT_EQ(more(), SQL_ERROR);
    EXPECT_EQ(row_told(1), 3) << why();
    EXPECT_EQ(row_told(2), 4) << why();
    EXPECT_EQ(status_, (statuses{good, good, bad, bad}));
    EXPECT_EQ(more(), SQL_NO_DATA) << why();
    SQLFreeStmt(statement_, SQL_CLOSE);
    words = {{{"w"}, {"x"}, {"y"}, {"z"}}};
    ASSERT_EQ(SQLExecute(statement_), SQL_ERROR);
    EXPECT_EQ(status_, (statuses{bad, bad, bad, bad}));
    EXPECT_EQ(processed_, size);
    // All of them left out is no error, and no result.
    operation_.fill(SQL_PARAM_IGNORE);
    leave_out(0);
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(status_, (statuses{unused, unused, unused, unused}));
    EXPECT_EQ(rows(), "none");
    EXPECT_EQ(more(), SQL_NO_DATA) << why();
    end_arrays();
    EXPECT_EQ(ask("select count(*) from T"), "3");
}

TEST_F(OdbcArray, LeavesAPreparedQueryItsColumns) {
    begin_arrays();
    bind_numbers();
    ASSERT_EQ(SQLPrepare(statement_, text("select N, V from T where N = ?"), SQL_NTS), SQL_SUCCESS) << why();
    operation_.fill(SQL_PARAM_IGNORE);
    leave_out(0);
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "none");
    ASSERT_EQ(SQLFreeStmt(statement_, SQL_CLOSE), SQL_SUCCESS) << why();
    SQLSMALLINT width = 0;
    ASSERT_EQ(SQLNumResultCols(statement_, &width), SQL_SUCCESS) << why();
    EXPECT_EQ(width, 2);
    end_arrays();
}

TEST_F(OdbcArray, AProcedureHasItsResultsAndOutputsForEverySet) {
    run("create procedure S.Add(in n integer, out total integer, out word varchar(20)) dynamic result sets begin insert into T (N, V) values (:n, 'new'); "
        "select N from T where N = :n; select V from T where N = :n; set total = (select count(*) from T); set word = 'now ' || n; end");
    std::array<SQLINTEGER, size> total{};
    std::array<std::array<char, 6>, size> word{};
    std::array<SQLLEN, size> length{};
    begin_arrays();
    n_ = {10, 2, 100, 12}; // the second breaks the key
    bind_numbers();
    SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, total.data(), 0, nullptr);
    SQLBindParameter(statement_, 3, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, word.data(), 6, length.data());
    // All of them are called; the results are there to be walked.
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Add(?, ?, ?)}"), SQL_NTS), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "23000") << why();
    EXPECT_EQ(row_told(), 2);
    EXPECT_EQ(processed_, size);
    EXPECT_EQ(status_, (statuses{good, bad, good, good}));
    EXPECT_EQ(rows(), "10");
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "new");
    EXPECT_EQ(total[0], 0) << "before its last result is left";
    // Out come the parameters of the first, cut; the second failed; the third has a result.
    ASSERT_EQ(more(), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "01004") << why();
    EXPECT_EQ(row_told(), 1);
    EXPECT_EQ(total, (std::array<SQLINTEGER, size>{4, 0, 0, 0}));
    EXPECT_STREQ(word[0].data(), "now 1");
    EXPECT_EQ(status_, (statuses{SQL_PARAM_SUCCESS_WITH_INFO, bad, good, good}));
    EXPECT_EQ(rows(), "100");
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    ASSERT_EQ(more(), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "01004") << why();
    EXPECT_EQ(total, (std::array<SQLINTEGER, size>{4, 0, 5, 0}));
    EXPECT_EQ(rows(), "12");
    // Closing the cursor gives up what is left of the results.
    n_ = {20, 21, 22, 23};
    ASSERT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Add(?, ?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(more(), SQL_NO_DATA) << why();
    end_arrays();
    EXPECT_EQ(ask("select count(*) from T where N >= 20 and N < 30"), "4");
}

// As many results as sets are open at once, of several blocks and with long values; other statements and the end of the
// statement find the line in order.
TEST_F(OdbcArray, ResultsOfCallsAreHeldForTheirTurn) {
    run("create procedure S.Long(in n integer, out first longvarchar) dynamic result sets begin set first = repeat(:n, 50000); "
        "select Body from T where N = :n; end");
    run("create procedure S.Many(in n integer) dynamic result sets begin select a.N * 1000 + :n from T a, T b, T c, T d, T e, T f, T g order by 1; end");
    run("update T set Body = repeat(N, 40000)");
    begin_arrays();
    bind_numbers();
    std::array<std::array<char, 50001>, size> first{};
    SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, first.data(), 50001, nullptr);
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Long(?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
        std::string body(40001, ' ');
        ASSERT_EQ(SQLGetData(statement_, 1, SQL_C_CHAR, body.data(), 40001, nullptr), SQL_SUCCESS) << why();
        EXPECT_EQ(body.substr(0, 40000), std::string(40000, static_cast<char>('1' + i)));
        ASSERT_EQ(more(), SQL_SUCCESS) << why();
        EXPECT_EQ(std::string(first[i].data()), std::string(50000, static_cast<char>('1' + i)));
    }
    EXPECT_EQ(more(), SQL_NO_DATA) << why();
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    bind_numbers();
    for (const bool to_the_end : {true, false}) {
        ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Many(?)}"), SQL_NTS), SQL_SUCCESS) << why();
        for (std::size_t i = 0; i < (to_the_end ? size : 1); ++i) {
            int seen = 0;
            while (SQLFetch(statement_) == SQL_SUCCESS) ++seen;
            EXPECT_EQ(seen, 2187);
            EXPECT_EQ(more(), i + 1 < size ? SQL_SUCCESS : SQL_NO_DATA) << why();
        }
    }
    end_arrays();
    EXPECT_EQ(ask("select count(*) from T"), "3");
}

// The offset may be gone when outputs are written, and statuses are the program's to take back.
TEST_F(OdbcArray, GoesByTheOffsetOfTheBeginningAndTheStatusesOfNow) {
    run("create procedure S.Out(in n integer, out twice integer) dynamic result sets begin set twice = :n * 2; select N from T where N = :n; end");
    begin_arrays();
    std::array<SQLINTEGER, 2 * size> twice{};
    std::array<SQLINTEGER, 2 * size> n{0, 0, 0, 0, 1, 2, 3, 4};
    SQLLEN offset = sizeof(SQLINTEGER) * size;
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_BIND_OFFSET_PTR, &offset, 0);
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, n.data(), 0, nullptr);
    SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, twice.data(), 0, nullptr);
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Out(?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    offset = 0;
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    EXPECT_EQ(twice, (std::array<SQLINTEGER, 2 * size>{0, 0, 0, 0, 2}));
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, nullptr, 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, nullptr, 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_BIND_OFFSET_PTR, nullptr, 0);
    status_.fill(999);
    processed_ = 99;
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    EXPECT_EQ(twice[5], 4);
    EXPECT_EQ(status_, (statuses{999, 999, 999, 999}));
    SQLFreeStmt(statement_, SQL_CLOSE);
    // Those of a query, by the sets that follow.
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    begin_arrays();
    bind_numbers();
    ASSERT_EQ(SQLExecDirect(statement_, text("select N from T where N = ?"), SQL_NTS), SQL_SUCCESS) << why();
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, nullptr, 0);
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAMS_PROCESSED_PTR, nullptr, 0);
    status_.fill(999);
    processed_ = 99;
    while (more() == SQL_SUCCESS) {
    }
    EXPECT_EQ(status_, (statuses{999, 999, 999, 999}));
    EXPECT_EQ(processed_, 99U);
    end_arrays();
}

// What the driver knows of a procedure may be of another one by now: the call itself says what it gives.
TEST_F(OdbcArray, OfAProcedureThatAnotherTakesThePlaceOf) {
    const std::string before = "create procedure S.Change(in n integer) begin update T set V = 'x' where N = :n; end";
    const std::string after = "create procedure S.Change(in n integer) dynamic result sets begin select N from T where N = :n; end";
    SQLHDBC other = nullptr;
    SQLHSTMT others = nullptr;
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_DBC, environment_, &other), SQL_SUCCESS);
    ASSERT_EQ(SQLConnect(other, text(dsn_), SQL_NTS, nullptr, 0, text("demo"), SQL_NTS), SQL_SUCCESS);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, other, &others), SQL_SUCCESS);
    for (const bool results : {false, true, false}) {
        ASSERT_EQ(SQLExecDirect(others, text(results ? after : before), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, others);
        begin_arrays();
        bind_numbers();
        ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Change(?)}"), SQL_NTS), SQL_SUCCESS) << why();
        EXPECT_EQ(status_, (statuses{good, good, good, good}));
        EXPECT_EQ(rows(), results ? "1" : "none");
        if (results) {
            EXPECT_EQ(more(), SQL_SUCCESS) << why();
            EXPECT_EQ(rows(), "2");
        }
        end_arrays();
        ASSERT_EQ(SQLExecDirect(others, text("drop procedure S.Change"), SQL_NTS), SQL_SUCCESS) << problems(SQL_HANDLE_STMT, others);
    }
    SQLFreeHandle(SQL_HANDLE_STMT, others);
    SQLDisconnect(other);
    SQLFreeHandle(SQL_HANDLE_DBC, other);
}

// Declared to have results, and it depends on what goes in whether there are any.
TEST_F(OdbcArray, ASetWithoutAResultHasItsPlace) {
    run("create procedure S.Maybe(in low integer) dynamic result sets begin if low < 0 then update T set V = 'x' where N <= 0 - :low; "
        "else select N from T where N = :low; end if; end");
    begin_arrays();
    n_ = {1, -2, 3, -1};
    bind_numbers();
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Maybe(?)}"), SQL_NTS), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "1");
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "none");
    EXPECT_EQ(processed_, size);
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "3");
    ASSERT_EQ(more(), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "none");
    EXPECT_EQ(more(), SQL_NO_DATA) << why();
    EXPECT_EQ(status_, (statuses{good, good, good, good}));
    end_arrays();
    EXPECT_EQ(ask("select count(*) from T where V = 'x'"), "2");
}

TEST_F(OdbcArray, OfAProcedureThatIsNotThere) {
    begin_arrays();
    bind_numbers();
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Nowhere(?)}"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(row_told(), SQL_NO_ROW_NUMBER) << why();
    EXPECT_EQ(status_, (statuses{unused, unused, unused, unused}));
    EXPECT_EQ(processed_, 0U);
    end_arrays();
}

TEST_F(OdbcArray, HasNoOutputStreams) {
    run("create procedure S.Grow(in n integer, out body longvarchar) begin set body = repeat('x', n); end");
    begin_arrays();
    bind_numbers();
    int token = 0;
    SQLLEN length = 0;
    SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 100, 0, &token, 0, &length);
    SQLHDESC ipd = nullptr;
    ASSERT_EQ(SQLGetStmtAttr(statement_, SQL_ATTR_IMP_PARAM_DESC, &ipd, 0, nullptr), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLSetDescField(ipd, 2, SQL_DESC_PARAMETER_TYPE, reinterpret_cast<SQLPOINTER>(SQL_PARAM_OUTPUT_STREAM), 0), SQL_SUCCESS);
    EXPECT_EQ(SQLExecDirect(statement_, text("{call S.Grow(?, ?)}"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "HYC00") << why();
    EXPECT_NE(why().find("output stream in an array"), std::string::npos) << why();
    end_arrays();
}

// --- data at execution ---

class OdbcArrayNeeds : public OdbcArray {
protected:
    struct row {
        SQLINTEGER n;
        SQLLEN n_length;
        char v[16];
        SQLLEN v_length;
        char body[8];
        SQLLEN body_length;
    };

    void SetUp() override {
        OdbcArray::SetUp();
        for (std::size_t i = 0; i < size; ++i) rows_[i] = {static_cast<SQLINTEGER>(10 + i), 0, "there", SQL_NTS, "here", SQL_NTS};
    }

    // Row-wise, or by columns of the structures' first members.
    void bind_rows() {
        begin_arrays();
        SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_BIND_TYPE, reinterpret_cast<SQLPOINTER>(sizeof(row)), 0);
        SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_SLONG, SQL_INTEGER, 10, 0, &rows_[0].n, 0, &rows_[0].n_length);
        SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, rows_[0].v, 16, &rows_[0].v_length);
        SQLBindParameter(statement_, 3, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 0, 0, rows_[0].body, 8, &rows_[0].body_length);
    }

    SQLRETURN next() { return SQLParamData(statement_, &token_); }

    SQLRETURN put(const std::string& piece) { return SQLPutData(statement_, text(piece), static_cast<SQLLEN>(piece.size())); }

    [[nodiscard]] std::string all() {
        end_arrays();
        run("select N, V, Body from T where N >= 10 order by N");
        const auto out = rows();
        SQLFreeStmt(statement_, SQL_CLOSE);
        return out;
    }

    static constexpr auto insert = "insert into T (N, V, Body) values (?, ?, ?)";
    std::array<row, size> rows_{};
    SQLPOINTER token_{nullptr};
};

TEST_F(OdbcArrayNeeds, ElementsAreAskedForOneByOne) {
    bind_rows();
    rows_[1].v_length = SQL_DATA_AT_EXEC;
    rows_[1].body_length = SQL_LEN_DATA_AT_EXEC(6);
    rows_[2].body_length = SQL_DATA_AT_EXEC; // never asked for
    rows_[3].body_length = SQL_LEN_DATA_AT_EXEC(0);
    leave_out(2);
    ASSERT_EQ(SQLExecDirect(statement_, text(insert), SQL_NTS), SQL_NEED_DATA) << why();
    EXPECT_EQ(processed_, 2U) << "the set whose data is needed";
    EXPECT_EQ(status_[0], good) << "what is before it is done";
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, rows_[1].v);
    ASSERT_EQ(put("la"), SQL_SUCCESS) << why();
    ASSERT_EQ(put("ter"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, rows_[1].body);
    EXPECT_EQ(next(), SQL_ERROR) << "nothing was given";
    EXPECT_EQ(state(), "HY010") << why();
    ASSERT_EQ(put("second"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, rows_[3].body);
    EXPECT_EQ(processed_, 4U);
    EXPECT_EQ(status_, (statuses{good, good, unused, unused}));
    operation_.fill(SQL_PARAM_IGNORE); // too late for a set whose data was asked for
    ASSERT_EQ(SQLPutData(statement_, nullptr, SQL_NULL_DATA), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_SUCCESS) << why();
    EXPECT_EQ(status_, (statuses{good, good, unused, good}));
    EXPECT_EQ(processed_, 4U);
    SQLLEN changed = 0;
    ASSERT_EQ(SQLRowCount(statement_, &changed), SQL_SUCCESS) << why();
    EXPECT_EQ(changed, 3);
    EXPECT_EQ(all(), "10|there|here;11|later|second;13|there|NULL");
}

TEST_F(OdbcArrayNeeds, TheFirstSetThatFailsIsTheLast) {
    bind_rows();
    for (auto& each : rows_) each.body_length = SQL_DATA_AT_EXEC;
    rows_[2].n = 1; // it is there
    ASSERT_EQ(SQLPrepare(statement_, text(insert), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLExecute(statement_), SQL_NEED_DATA) << why();
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_EQ(next(), SQL_NEED_DATA) << why();
        EXPECT_EQ(token_, rows_[i].body);
        ASSERT_EQ(put("x" + std::to_string(i)), SQL_SUCCESS) << why();
    }
    ASSERT_EQ(next(), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "23000") << why();
    EXPECT_EQ(row_told(), 3);
    EXPECT_EQ(processed_, 3U);
    EXPECT_EQ(status_, (statuses{good, good, bad, unused}));
    EXPECT_EQ(all(), "10|there|x0;11|there|x1");
}

TEST_F(OdbcArrayNeeds, CancelLeavesWhatIsDone) {
    bind_rows();
    for (auto& each : rows_) each.body_length = SQL_DATA_AT_EXEC;
    ASSERT_EQ(SQLPrepare(statement_, text(insert), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLExecute(statement_), SQL_NEED_DATA) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    ASSERT_EQ(put("done"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    ASSERT_EQ(put("not done"), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLCancel(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(status_, (statuses{good, unused, unused, unused}));
    // The statement is as it was prepared.
    for (auto& each : rows_) {
        each.body_length = SQL_NTS;
        each.n += 10;
    }
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(status_, (statuses{good, good, good, good}));
    EXPECT_EQ(all(), "10|there|done;20|there|here;21|there|here;22|there|here;23|there|here");
}

// What a set needed is let go when it is executed.
TEST_F(OdbcArrayNeeds, TakesTheMemoryOfOneSet) {
    const auto in_use = [] {
        const auto all = ::mallinfo2(); // zeros with a sanitizer's allocator
        return all.uordblks + all.hblkhd;
    };
    constexpr std::size_t pieces = 32;
    const std::string piece(128U << 10U, 'p'); // 4 MiB for each set
    bind_rows();
    for (auto& each : rows_) each.body_length = SQL_DATA_AT_EXEC;
    ASSERT_EQ(SQLExecDirect(statement_, text(insert), SQL_NTS), SQL_NEED_DATA) << why();
    const auto before = in_use();
    for (std::size_t i = 0; i < size; ++i) {
        ASSERT_EQ(next(), SQL_NEED_DATA) << why();
        EXPECT_LT(in_use(), before + (2U << 20U)) << "of set " << i;
        for (std::size_t j = 0; j < pieces; ++j) ASSERT_EQ(put(piece), SQL_SUCCESS) << why();
    }
    ASSERT_EQ(next(), SQL_SUCCESS) << why();
    end_arrays();
    EXPECT_EQ(ask("select count(*) from T where length(Body) = " + std::to_string(pieces * piece.size())), "4");
}

// A query's data is given for all sets, then its results are read one after the other.
TEST_F(OdbcArrayNeeds, OfAQuery) {
    begin_arrays();
    std::array<SQLLEN, size> lengths{SQL_NTS, SQL_DATA_AT_EXEC, SQL_DATA_AT_EXEC, SQL_NTS};
    std::array<std::array<char, 8>, size> words{{{"one"}, {""}, {""}, {"one"}}};
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, words.data(), 8, lengths.data());
    ASSERT_EQ(SQLExecDirect(statement_, text("select N from T where V = ?"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, words[1].data());
    ASSERT_EQ(put("three"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, words[2].data());
    ASSERT_EQ(put("two"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_SUCCESS) << why();
    std::string seen = rows();
    while (more() == SQL_SUCCESS) seen += "," + rows();
    EXPECT_EQ(seen, "1,3,2,1");
    EXPECT_EQ(status_, (statuses{good, good, good, good}));
    end_arrays();
}

// A procedure is called as a set's data is complete, whether it gives results or not; cancelling leaves that, and no result.
TEST_F(OdbcArrayNeeds, OfACallWithResults) {
    run("create procedure S.Put(in word varchar(40)) dynamic result sets begin insert into T (N, V) values (10 + length(word), word); "
        "select V from T where V = :word; end");
    begin_arrays();
    std::array<SQLLEN, size> lengths{SQL_NTS, SQL_DATA_AT_EXEC, SQL_NTS, SQL_NTS};
    std::array<std::array<char, 8>, size> words{{{"a"}, {""}, {"ccc"}, {"dddd"}}};
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, words.data(), 8, lengths.data());
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Put(?)}"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(status_, (statuses{good, unused, unused, unused}));
    ASSERT_EQ(SQLCancel(statement_), SQL_SUCCESS) << why();
    words[0] = {"aaaaa"};
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Put(?)}"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    ASSERT_EQ(put("bb"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_SUCCESS) << why();
    std::string seen = rows();
    while (more() == SQL_SUCCESS) seen += "," + rows();
    EXPECT_EQ(seen, "aaaaa,bb,ccc,dddd");
    EXPECT_EQ(all(), "11|a|NULL;12|bb|NULL;13|ccc|NULL;14|dddd|NULL;15|aaaaa|NULL");
}

// What the sets before had to tell is told at the end: a program reads no records after SQL_NEED_DATA.
TEST_F(OdbcArrayNeeds, OfACall) {
    run("create procedure S.Twice(in word varchar(40), out both varchar(80)) begin set both = word || word; end");
    begin_arrays();
    std::array<SQLLEN, size> lengths{SQL_DATA_AT_EXEC, SQL_NTS, SQL_DATA_AT_EXEC, SQL_NTS};
    std::array<std::array<char, 8>, size> words{{{""}, {"b"}, {""}, {"d"}}};
    std::array<std::array<char, 8>, size> both{};
    std::array<SQLLEN, size> both_length{};
    SQLBindParameter(statement_, 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 40, 0, words.data(), 8, lengths.data());
    SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 80, 0, both.data(), 8, both_length.data());
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Twice(?, ?)}"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, words[0].data());
    ASSERT_EQ(put("aaaaa"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    EXPECT_EQ(token_, words[2].data());
    ASSERT_EQ(put("c"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_SUCCESS_WITH_INFO) << why();
    EXPECT_EQ(state(), "01004") << why();
    EXPECT_EQ(row_told(), 1);
    EXPECT_EQ(status_, (statuses{SQL_PARAM_SUCCESS_WITH_INFO, good, good, good}));
    EXPECT_STREQ(both[0].data(), "aaaaaaa");
    EXPECT_STREQ(both[1].data(), "bb");
    EXPECT_STREQ(both[2].data(), "cc");
    EXPECT_STREQ(both[3].data(), "dd");
    // Or with what ends it.
    ASSERT_EQ(SQLExecDirect(statement_, text("{call S.Twice(?, ?)}"), SQL_NTS), SQL_NEED_DATA) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    ASSERT_EQ(put("aaaaa"), SQL_SUCCESS) << why();
    ASSERT_EQ(next(), SQL_NEED_DATA) << why();
    ASSERT_EQ(put("c"), SQL_SUCCESS) << why();
    server_.kill();
    ASSERT_EQ(next(), SQL_ERROR) << why();
    EXPECT_EQ(state().substr(0, 2), "08") << why();
    EXPECT_NE(why().find("01004"), std::string::npos) << why();
    end_arrays();
}

} // namespace
} // namespace irislink::test
