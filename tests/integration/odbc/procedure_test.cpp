// Stored procedures through the driver manager: {call}, {? = call}, parameters that come out, result sets, the catalog.

#include <algorithm>
#include <array>

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcProcedure : public OdbcTest {
protected:
    void SetUp() override {
        OdbcTest::SetUp();
        connect();
        run("create table T (N integer, V varchar(20))");
        run("create procedure S.Mix(in a integer, inout b numeric(10,2), out c varchar(20)) returns integer "
            "begin set b = b + a; set c = 'got ' || a; return a * 2; end");
        run("create procedure S.Put(in n integer, in v varchar(20) default 'none') begin insert into T values (:n, :v); end");
        run("create procedure S.One(in low integer, out most integer) "
            "begin set most = (select max(N) from T); select N, V from T where N >= low order by N; end");
        run("create procedure S.Several(in low integer, out rest integer) dynamic result sets begin "
            "select N from T where N < low order by N; select V, N from T where N >= low order by N; "
            "set rest = (select count(*) from T where N >= low); end");
    }

    void bind(SQLUSMALLINT number, SQLSMALLINT direction, SQLINTEGER& value, SQLLEN* length = nullptr) {
        ASSERT_EQ(SQLBindParameter(statement_, number, direction, SQL_C_SLONG, SQL_INTEGER, 10, 0, &value, 0, length), SQL_SUCCESS) << why();
    }

    void fill(int rows) {
        for (int n = 1; n <= rows; ++n) run("{call S.Put(" + std::to_string(n) + ", 'row " + std::to_string(n) + "')}");
    }
};

TEST_F(OdbcProcedure, ParametersOfAllModesAndAReturnValue) {
    SQLINTEGER returned = -1;
    SQLLEN returned_length = -1;
    SQLINTEGER a = 7;
    std::array<char, 20> b{"1.25"};
    SQLLEN b_length = SQL_NTS;
    std::array<SQLWCHAR, 20> c{};
    SQLLEN c_length = 12345; // garbage: only comes out
    ASSERT_EQ(SQLPrepare(statement_, text("{? = call S.Mix(?, ?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    SQLSMALLINT count = 0;
    ASSERT_EQ(SQLNumParams(statement_, &count), SQL_SUCCESS);
    EXPECT_EQ(count, 4);
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLSMALLINT decimals = 0;
    SQLSMALLINT nullable = 0;
    ASSERT_EQ(SQLDescribeParam(statement_, 3, &type, &size, &decimals, &nullable), SQL_SUCCESS) << why();
    EXPECT_EQ(type, SQL_NUMERIC);
    EXPECT_EQ(size, 10U);
    EXPECT_EQ(decimals, 2);
    bind(1, SQL_PARAM_OUTPUT, returned, &returned_length);
    bind(2, SQL_PARAM_INPUT, a);
    SQLBindParameter(statement_, 3, SQL_PARAM_INPUT_OUTPUT, SQL_C_CHAR, SQL_NUMERIC, 10, 2, b.data(), b.size(), &b_length);
    SQLBindParameter(statement_, 4, SQL_PARAM_OUTPUT, SQL_C_WCHAR, SQL_VARCHAR, 20, 0, c.data(), sizeof c, &c_length);
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(returned, 14);
    EXPECT_EQ(returned_length, 4);
    EXPECT_STREQ(b.data(), "8.25");
    EXPECT_EQ(b_length, 4);
    EXPECT_EQ(from_wide(c.data()), u"got 7");
    EXPECT_EQ(c_length, 10);
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA);
    a = 1; // again, with what came out going in
    b_length = SQL_NTS;
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(returned, 2);
    EXPECT_STREQ(b.data(), "9.25");
    // A buffer that is too small, and NULL.
    std::array<char, 4> small{};
    b_length = SQL_NULL_DATA;
    SQLBindParameter(statement_, 4, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, small.data(), small.size(), &c_length);
    SQLUSMALLINT told = SQL_PARAM_UNUSED;
    SQLSetStmtAttr(statement_, SQL_ATTR_PARAM_STATUS_PTR, &told, 0);
    EXPECT_EQ(SQLExecute(statement_), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(state(), "01004") << why();
    EXPECT_EQ(told, SQL_PARAM_SUCCESS_WITH_INFO);
    EXPECT_STREQ(small.data(), "got");
    EXPECT_EQ(c_length, 5);
    EXPECT_EQ(b_length, SQL_NULL_DATA);
}

TEST_F(OdbcProcedure, ArgumentsThatAreLiteralsOrLeftOut) {
    run("{call S.Put(1, 'it''s')}");
    run("call S.Put(-2, null)");
    run("{ CALL \"S\" . \"Put\" ( 3 ) }");
    run("{call S.Put(4, default)};");
    SQLINTEGER n = 5;
    SQLLEN left_out = SQL_DEFAULT_PARAM;
    bind(1, SQL_PARAM_INPUT, n);
    ASSERT_EQ(SQLBindParameter(statement_, 2, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, nullptr, 0, &left_out), SQL_SUCCESS);
    run("{call S.Put(?, ?)}");
    SQLLEN changed = 0;
    ASSERT_EQ(SQLRowCount(statement_, &changed), SQL_SUCCESS);
    EXPECT_EQ(changed, 1);
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    run("select N, V from T order by N");
    EXPECT_EQ(rows(), "-2|NULL;1|it's;3|none;4|none;5|none");
}

TEST_F(OdbcProcedure, ParametersComeOutAfterTheResultSet) {
    fill(4);
    SQLINTEGER low = 3;
    SQLINTEGER most = -1;
    bind(1, SQL_PARAM_INPUT, low);
    bind(2, SQL_PARAM_OUTPUT, most);
    ASSERT_EQ(SQLPrepare(statement_, text("{call S.One(?, ?)}"), SQL_NTS), SQL_SUCCESS) << why();
    SQLSMALLINT width = 0;
    ASSERT_EQ(SQLNumResultCols(statement_, &width), SQL_SUCCESS);
    EXPECT_EQ(width, 2); // before it is executed
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(rows(), "3|row 3;4|row 4");
    EXPECT_EQ(most, -1);
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA) << why();
    EXPECT_EQ(most, 4);
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA);
    // Closing the cursor lets go of the rest.
    most = -1;
    ASSERT_EQ(SQLExecute(statement_), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA);
    EXPECT_EQ(most, -1);
}

TEST_F(OdbcProcedure, SeveralResultSets) {
    std::array<SQLCHAR, 4> many{};
    SQLUINTEGER batches = 0;
    ASSERT_EQ(SQLGetInfo(connection_, SQL_MULT_RESULT_SETS, many.data(), many.size(), nullptr), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(many.data()), "Y");
    ASSERT_EQ(SQLGetInfo(connection_, SQL_BATCH_SUPPORT, &batches, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(batches, SQLUINTEGER{SQL_BS_SELECT_PROC});
    fill(4);
    SQLINTEGER low = 3;
    SQLINTEGER rest = -1;
    bind(1, SQL_PARAM_INPUT, low);
    bind(2, SQL_PARAM_OUTPUT, rest);
    for (const SQLULEN cursor : {SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC}) {
        ASSERT_EQ(SQLFreeStmt(statement_, SQL_CLOSE), SQL_SUCCESS);
        ASSERT_EQ(SQLSetStmtAttr(statement_, SQL_ATTR_CURSOR_TYPE, reinterpret_cast<SQLPOINTER>(cursor), 0), SQL_SUCCESS) << why();
        rest = -1;
        run("{call S.Several(?, ?)}");
        EXPECT_EQ(rows(), "1;2");
        ASSERT_EQ(SQLMoreResults(statement_), SQL_SUCCESS) << why();
        EXPECT_EQ(rows(), "row 3|3;row 4|4");
        EXPECT_EQ(rest, -1);
        EXPECT_EQ(SQLMoreResults(statement_), SQL_NO_DATA) << why();
        EXPECT_EQ(rest, 2);
        // The first is not read, and then the whole call is left alone.
        run("{call S.Several(?, ?)}");
        ASSERT_EQ(SQLMoreResults(statement_), SQL_SUCCESS) << why();
        EXPECT_EQ(rows(), "row 3|3;row 4|4");
        ASSERT_EQ(SQLCloseCursor(statement_), SQL_SUCCESS) << why();
        run("{call S.Several(?, ?)}");
        ASSERT_EQ(SQLFreeStmt(statement_, SQL_CLOSE), SQL_SUCCESS);
    }
    SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    EXPECT_EQ(ask("select count(*) from T"), "4");
}

TEST_F(OdbcProcedure, LongParametersComeOut) {
    run("create procedure S.Long(in n integer, out body longvarchar) begin set body = repeat('x', n); end");
    SQLINTEGER n = 100000;
    std::string body(200000, ' ');
    SQLLEN length = 0;
    bind(1, SQL_PARAM_INPUT, n);
    SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_LONGVARCHAR, 100000, 0, body.data(), static_cast<SQLLEN>(body.size()), &length);
    run("{call S.Long(?, ?)}");
    EXPECT_EQ(length, 100000);
    EXPECT_EQ(body.substr(0, 100000), std::string(100000, 'x'));
}

// A body with IF and WHILE: how many result sets there are, and what comes out, depends on what goes in.
TEST_F(OdbcProcedure, InputDecidesWhatThereIs) {
    run("create procedure S.Steps(inout n integer, out note varchar(20)) begin declare i integer default 0; "
        "if n < 0 then set note = 'none'; else while i < n do set i = i + 1; select i, i * i; end while; set note = 'all ' || n; end if; "
        "set n = n * 10; end");
    for (const SQLINTEGER steps : {3, -1, 0}) {
        SQLINTEGER n = steps;
        std::array<char, 20> note{};
        SQLLEN length = 0;
        bind(1, SQL_PARAM_INPUT_OUTPUT, n);
        SQLBindParameter(statement_, 2, SQL_PARAM_OUTPUT, SQL_C_CHAR, SQL_VARCHAR, 20, 0, note.data(), note.size(), &length);
        run("{call S.Steps(?, ?)}");
        SQLINTEGER seen = 0;
        SQLSMALLINT width = 0;
        for (SQLRETURN more = SQL_SUCCESS; SQL_SUCCEEDED(more); more = SQLMoreResults(statement_)) {
            ASSERT_EQ(SQLNumResultCols(statement_, &width), SQL_SUCCESS) << why();
            if (width == 0) continue;
            ++seen;
            EXPECT_EQ(rows(), std::to_string(seen) + "|" + std::to_string(seen * seen));
        }
        EXPECT_EQ(seen, std::max(steps, 0));
        EXPECT_EQ(n, steps * 10);
        EXPECT_STREQ(note.data(), steps < 0 ? "none" : ("all " + std::to_string(steps)).c_str());
        SQLFreeStmt(statement_, SQL_CLOSE);
        SQLFreeStmt(statement_, SQL_RESET_PARAMS);
    }
}

TEST_F(OdbcProcedure, Errors) {
    const auto refused = [&](const char* sql) {
        EXPECT_EQ(SQLExecDirect(statement_, text(sql), SQL_NTS), SQL_ERROR) << sql;
        return state();
    };
    EXPECT_EQ(refused("{call S.Nothing(1)}"), "42000");
    EXPECT_NE(why().find("-428"), std::string::npos) << why();
    EXPECT_EQ(refused("{call S.Put(1, 'a', 2)}"), "07001") << why();
    EXPECT_EQ(refused("{call S.Put(1 + 1)}"), "42000") << why();
    EXPECT_EQ(refused("{call S.Put(1"), "42000") << why();
    EXPECT_EQ(refused("{call S.Put(?)}"), "07002") << why();
    EXPECT_EQ(refused("{call S.Put('one')}"), "23000") << why();
    EXPECT_EQ(SQLPrepare(statement_, text("{? = call S.Put(?)}"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "42000") << why();
    SQLINTEGER n = 1;
    bind(1, SQL_PARAM_OUTPUT, n);
    EXPECT_EQ(refused("select N from T where N = ?"), "HYC00") << why();
}

TEST_F(OdbcProcedure, Catalog) {
    ASSERT_EQ(SQLProcedures(statement_, nullptr, 0, text("S"), SQL_NTS, text("M%"), SQL_NTS), SQL_SUCCESS) << why();
    ASSERT_EQ(SQLFetch(statement_), SQL_SUCCESS) << why();
    EXPECT_EQ(cell(2) + "." + cell(3) + " " + cell(4) + " " + cell(5) + " " + cell(6) + " " + cell(8), "S.Mix 2 2 0 2");
    EXPECT_EQ(SQLFetch(statement_), SQL_NO_DATA);
    SQLCloseCursor(statement_);
    ASSERT_EQ(SQLProcedureColumns(statement_, nullptr, 0, text("S"), SQL_NTS, text("Mix"), SQL_NTS, nullptr, 0), SQL_SUCCESS) << why();
    SQLSMALLINT width = 0;
    SQLNumResultCols(statement_, &width);
    EXPECT_EQ(width, 19);
    std::string seen;
    while (SQL_SUCCEEDED(SQLFetch(statement_))) seen += cell(4) + " " + cell(5) + " " + cell(6) + " " + cell(8) + " " + cell(10) + " " + cell(18) + ";";
    EXPECT_EQ(seen, "RETURN_VALUE 5 4 10 0 0;a 1 4 10 0 1;b 2 2 10 2 2;c 4 12 20 NULL 3;");
    SQLCloseCursor(statement_);
    std::array<SQLCHAR, 4> yes{};
    ASSERT_EQ(SQLGetInfo(connection_, SQL_PROCEDURES, yes.data(), yes.size(), nullptr), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(yes.data()), "Y");
}

TEST_F(OdbcProcedure, EscapeClauses) {
    EXPECT_EQ(ask("select {fn ucase({fn concat('a', 'b')})}"), "AB");
    EXPECT_EQ(ask("select {fn year({d '2024-02-29'})}"), "2024");
    EXPECT_EQ(ask("select cast({ts '2024-02-29 01:02:03.5'} as varchar(30))"), "2024-02-29 01:02:03.5");
    EXPECT_EQ(ask("select {fn hour({t '10:20:30'})}"), "10");
    EXPECT_EQ(ask("select {guid '12345678-1234-1234-1234-123456789abc'}"), "12345678-1234-1234-1234-123456789abc");
    EXPECT_EQ(ask("select '{not a clause}'"), "{not a clause}");
    run("insert into T values (1, 'a%b')");
    run("insert into T values (2, 'axb')");
    EXPECT_EQ(ask("select count(*) from T where V like 'a\\%b' {escape '\\'}"), "1");
    EXPECT_EQ(ask("select count(*) from {oj T a left outer join T b on a.N = b.N + 1}"), "2");
    EXPECT_EQ(SQLExecDirect(statement_, text("select {interval '1' day}"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "HYC00") << why();
    EXPECT_EQ(SQLExecDirect(statement_, text("select {nonsense 1}"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "42000") << why();
    std::array<SQLCHAR, 100> native{};
    SQLINTEGER length = 0;
    ASSERT_EQ(SQLNativeSql(connection_, text("select {guid 'x'}, {fn now()} from T where N = ?"), SQL_NTS, native.data(), native.size(), &length), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(native.data()), "select 'x', {fn now()} from T where N = ?");
}

} // namespace
} // namespace irislink::test
