#include "tests/unit/sandbox/sql_fixture.hpp"

// CREATE PROCEDURE and FUNCTION, and what a call gives back.

namespace irislink::sandbox::sql::test {
namespace {

class SqlProcedure : public sql_fixture {
protected:
    static std::string show_value(const sql_value& in) {
        if (const auto* text = std::get_if<std::string>(&in)) return "'" + *text + "'";
        if (const auto* number = std::get_if<std::int64_t>(&in)) return std::to_string(*number);
        if (const auto* fixed = std::get_if<decimal>(&in)) return wire::to_text(*fixed);
        if (const auto* real = std::get_if<double>(&in)) return std::to_string(*real) + "d";
        return std::holds_alternative<std::monostate>(in) ? "NULL" : "bytes";
    }

    // "p1,p2;returned;changed {rows of result 1} {rows of result 2}"
    std::string call(const std::string& name, const std::vector<std::optional<sql_value>>& arguments) {
        try {
            const auto routine = own.describe_routine(name);
            std::string rows;
            const auto out = own.call(routine, arguments, [&](const std::vector<column_info>& columns, const std::unique_ptr<cursor>& result, bool) {
                rows += " {";
                while (result->next())
                    for (std::size_t i = 0; i < columns.size(); ++i) rows += (rows.back() == '{' ? "" : i > 0 ? "," : "|") + show(result->get(i));
                rows += "}";
            });
            std::string text;
            for (const auto& each : out.values) text += (text.empty() ? "" : ",") + show_value(each);
            return text + ";" + show_value(out.returned) + ";" + std::to_string(out.changed) + rows;
        } catch (const sql_error& error) {
            last_message = error.message;
            return "error " + std::to_string(error.code);
        }
    }

    void create(const std::string& sql) { ASSERT_EQ(run(sql), "0 rows") << sql << "\n" << last_message; }
};

sql_value text(const char* in) {
    return std::string(in);
}

sql_value whole(std::int64_t in) {
    return in;
}

TEST_F(SqlProcedure, ParametersOfAllModesAndAReturnValue) {
    create("CREATE PROCEDURE Sample.Mix(IN a INTEGER, INOUT b NUMERIC(10,2), OUT c VARCHAR(20)) RETURNS INTEGER BEGIN "
           "SET b = b + a; SET :c = 'got ' || :a; RETURN a * 2; SET c = 'never' END");
    EXPECT_EQ(call("Sample.Mix", {whole(7), text("1.25"), std::nullopt}), "7,8.25,'got 7';14;0");
    EXPECT_EQ(call("\"Sample\" . \"Mix\"", {text("7"), whole(1), text("ignored")}), "7,8,'got 7';14;0");
    EXPECT_EQ(call("sample.mix", {sql_value(std::monostate{}), std::nullopt}), "NULL,NULL,NULL;NULL;0"); // too few: NULL
    EXPECT_EQ(call("Sample.Mix", {whole(1), whole(1), std::nullopt, std::nullopt}), "1,2,'got 1';2;0");  // no value more
    EXPECT_EQ(call("Sample.Mix", {whole(1), whole(1), std::nullopt, whole(1)}), "error 430");
    EXPECT_EQ(call("Sample.Mix", {text("seven"), whole(1)}), "error 104");
    EXPECT_NE(last_message.find("Sample.Mix"), std::string::npos) << last_message;
    EXPECT_EQ(call("Sample.None", {}), "error 428");
    const auto described = own.describe_routine("Sample.Mix");
    ASSERT_EQ(described.parameters.size(), 3U);
    EXPECT_EQ(described.parameters[1].mode, 2);
    EXPECT_EQ(described.parameters[2].mode, 4);
    EXPECT_EQ(described.parameters[2].type, (sql_type{type_code::varchar, 20, 0}));
    EXPECT_EQ(described.returns, (sql_type{type_code::integer, 10, 0}));
}

TEST_F(SqlProcedure, StatementsOfABodyUseParametersAndVariables) {
    create("CREATE TABLE Stock(Name VARCHAR(20), Amount INTEGER)");
    create("CREATE OR REPLACE PROCEDURE Take(IN what VARCHAR(20), IN amount INTEGER DEFAULT 1, OUT total INTEGER, OUT most INTEGER) BEGIN\n"
           "  DECLARE before INTEGER DEFAULT (SELECT COUNT(*) FROM Stock);\n"
           "  INSERT INTO Stock(Name, Amount) VALUES (:what, :amount);\n"
           "  UPDATE Stock SET Amount = Stock.Amount + 100 WHERE Name = what AND Amount = :amount;\n"
           "  SET total = before + 1;\n"
           "  SET most = (SELECT MAX(Amount) FROM Stock WHERE Name = :what);\n"
           "END;");
    EXPECT_EQ(call("Take", {text("screw"), whole(5)}), "'screw',5,1,105;NULL;2");
    EXPECT_EQ(call("Take", {text("nut")}), "'nut',1,2,101;NULL;2"); // DEFAULT
    EXPECT_EQ(run("SELECT Name, Amount FROM Stock ORDER BY 1"), "'nut',101|'screw',105");
    // A column hides a parameter of the same name; with the colon the parameter is meant.
    create("CREATE PROCEDURE Hidden(IN amount INTEGER) BEGIN SELECT amount, :amount FROM Stock WHERE Name = 'nut' END");
    EXPECT_EQ(call("Hidden", {whole(3)}), "3;NULL;0 {101,3}");
    EXPECT_EQ(run("SELECT :amount"), "error 28");
    EXPECT_EQ(run("RETURN 1"), "error 432");
    EXPECT_EQ(run("SET a = 1"), "error 1");
}

TEST_F(SqlProcedure, ResultSets) {
    create("CREATE TABLE T(A INTEGER)");
    EXPECT_EQ(run("INSERT INTO T VALUES (0)"), "1 rows");
    create("CREATE PROCEDURE One(IN n INTEGER) BEGIN SELECT A + n AS B FROM T ORDER BY 1 END");
    create("CREATE PROCEDURE Several(IN n INTEGER, OUT m INTEGER) BEGIN "
           "SELECT A FROM T; INSERT INTO T VALUES (:n); SELECT TOP :n A, 'x' FROM T ORDER BY A; SET m = n + 1 END");
    create("CREATE PROCEDURE Declared() DYNAMIC RESULT SETS 1 LANGUAGE SQL BEGIN SELECT A FROM T END");
    using results = routine_info::results;
    EXPECT_EQ(own.describe_routine("One").rows, results::one);
    EXPECT_EQ(own.describe_routine("One").columns.at(0).label, "B");
    EXPECT_EQ(own.describe_routine("Several").rows, results::many);
    EXPECT_EQ(own.describe_routine("Declared").rows, results::many);
    EXPECT_EQ(call("One", {whole(5)}), "5;NULL;0 {5}");
    EXPECT_EQ(call("Several", {whole(2)}), "2,3;NULL;1 {0} {0,'x'|2,'x'}");
    EXPECT_EQ(call("Declared", {}), ";NULL;0 {0|2}");
}

TEST_F(SqlProcedure, ProceduresCallProcedures) {
    create("CREATE PROCEDURE Double(IN a INTEGER, OUT b INTEGER) BEGIN SET b = a + a END");
    create("CREATE PROCEDURE Four(IN a INTEGER, OUT b INTEGER) BEGIN CALL Double(:a, :b); CALL Double(b, b) END");
    create("CREATE PROCEDURE Endless(IN a INTEGER) BEGIN CALL Endless(a + 1) END");
    EXPECT_EQ(call("Four", {whole(3)}), "3,12;NULL;0");
    EXPECT_EQ(call("Endless", {whole(3)}), "error 427");
    EXPECT_EQ(call("Four", {whole(3)}), "3,12;NULL;0");
    create("CREATE TABLE T(A INTEGER)");
    create("CREATE PROCEDURE Put(IN a INTEGER) BEGIN INSERT INTO T VALUES (:a) END");
    EXPECT_EQ(run("CALL Put(?)", {whole(9)}), "0 rows");
    EXPECT_EQ(run("CALL SQLUser.Put(1 + 1)"), "0 rows");
    EXPECT_EQ(run("CALL Put(1, 2)"), "error 430");
    EXPECT_EQ(run("CALL Nothing()"), "error 428");
    EXPECT_EQ(run("SELECT A FROM T ORDER BY 1"), "2|9");
}

TEST_F(SqlProcedure, FunctionsStandInExpressions) {
    create("CREATE FUNCTION Sample.Tax(amount NUMERIC(10,2), rate NUMERIC(4,3) DEFAULT 0.190) RETURNS NUMERIC(10,2) BEGIN RETURN amount * rate END");
    create("CREATE FUNCTION Twice(a INTEGER) RETURNS INTEGER BEGIN RETURN a + a END");
    create("CREATE FUNCTION Endless(a INTEGER) RETURNS INTEGER BEGIN RETURN a END");
    check({
        {"SELECT Sample.Tax(100)", "19"},
        {"SELECT Sample . Tax(200, 0.05) + 1", "11"},
        {"SELECT Twice(Twice(amount)) FROM (SELECT 5 AS amount) AS t", "20"},
        {"SELECT Twice('a')", "error 104"},
        {"SELECT Twice(1, 2)", "error 357"},
        {"SELECT Twice()", "error 357"},
        {"SELECT Sample.Nothing(1)", "error 359"},
        {"CREATE OR REPLACE FUNCTION Endless(a INTEGER) RETURNS INTEGER BEGIN RETURN Endless(a) END", "0 rows"},
        {"SELECT Endless(1)", "error 359"},
        {"DROP PROCEDURE Twice", "error 428"},
        {"DROP FUNCTION Twice", "0 rows"},
        {"SELECT Twice(1)", "error 359"},
    });
    EXPECT_EQ(call("Sample.Tax", {whole(100)}), "100,0.19;19;0");
}

TEST_F(SqlProcedure, DefinitionsAreChecked) {
    create("CREATE PROCEDURE P() BEGIN END");
    create("CREATE TABLE T(A INTEGER)");
    check({
        {"CREATE PROCEDURE P() BEGIN END", "error 361"},
        {"CREATE OR REPLACE FUNCTION P() RETURNS INTEGER BEGIN RETURN 1 END", "error 361"},
        {"CREATE PROCEDURE Q(a INTEGER, A INTEGER) BEGIN END", "error 1"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN SET b = 1 END", "error 1"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN SELECT Nothing FROM T END", "error 29"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN SELECT * FROM Nothing END", "error 30"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN RETURN 1 END", "error 432"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN SELECT ? END", "error 148"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN CREATE PROCEDURE R() BEGIN END END", "error 1"},
        {"CREATE PROCEDURE Q(a INTEGER) BEGIN SELECT 1", "error 1"},
        {"CREATE PROCEDURE Q(a INTEGER) SELECT 1", "error 1"},
        {"CREATE PROCEDURE Q(a NONSENSE) BEGIN END", "error 1"},
        {"CREATE PROCEDURE Q() LANGUAGE OBJECTSCRIPT BEGIN END", "error 1"},
        {"CREATE FUNCTION Q(OUT a INTEGER) RETURNS INTEGER BEGIN RETURN 1 END", "error 1"},
        {"CREATE FUNCTION Q() BEGIN RETURN 1 END", "error 1"},
        {"CREATE FUNCTION Q() RETURNS INTEGER BEGIN SELECT 1; RETURN 1 END", "error 425"},
        {"CREATE PROCEDURE Made() RESULT SETS BEGIN CREATE TABLE U(A INTEGER); INSERT INTO U VALUES (1); SELECT CASE A WHEN 1 THEN 'one' END FROM U END",
         "0 rows"},
        {"DROP PROCEDURE IF EXISTS Q", "0 rows"},
        {"DROP PROCEDURE Q", "error 428"},
        {"DROP PROCEDURE P", "0 rows"},
        {"CREATE PROCEDURE Apart.P(IN a INTEGER DEFAULT 3, OUT b VARCHAR(7)) BEGIN SET b = a END", "0 rows"},
        {"SELECT ROUTINE_NAME, RESULT_SETS, IN_PARAMETERS, OUT_PARAMETERS FROM INFORMATION_SCHEMA.ROUTINES ORDER BY 1", "'Made',-1,0,0|'P',0,1,1"},
        {"SELECT SPECIFIC_NAME, PARAMETER_NAME, PARAMETER_MODE, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH, PARAMETER_DEFAULT FROM INFORMATION_SCHEMA.PARAMETERS "
         "ORDER BY 2",
         "'P','a','IN','integer',NULL,'3'|'P','b','OUT','varchar',7,NULL"},
        {"DROP SCHEMA Apart", "error 482"},
        {"DROP SCHEMA Apart CASCADE", "0 rows"},
        {"SELECT ROUTINE_NAME FROM INFORMATION_SCHEMA.ROUTINES", "'Made'"},
    });
    EXPECT_EQ(call("Made", {}), ";NULL;1 {'one'}");
}

TEST_F(SqlProcedure, TransactionsAreTheCallers) {
    create("CREATE TABLE T(A INTEGER PRIMARY KEY)");
    create("CREATE PROCEDURE Put(IN a INTEGER) BEGIN INSERT INTO T VALUES (:a); INSERT INTO T VALUES (1) END");
    EXPECT_EQ(call("Put", {whole(5)}), "5;NULL;2");
    EXPECT_EQ(call("Put", {whole(6)}), "error 119"); // 6 stays: every statement is its own transaction
    EXPECT_EQ(run("SELECT A FROM T ORDER BY 1"), "1|5|6");
    own.set_autocommit(false);
    EXPECT_EQ(call("Put", {whole(7)}), "error 119");
    own.rollback();
    own.set_autocommit(true);
    EXPECT_EQ(run("SELECT A FROM T ORDER BY 1"), "1|5|6");
    // Seen by others only with the transaction, and undone with it.
    session other{shared, "demo", "USER"};
    own.set_autocommit(false);
    create("CREATE PROCEDURE Mine() BEGIN SELECT 1 END");
    EXPECT_EQ(call("Mine", {}), ";NULL;0 {1}");
    EXPECT_THROW((void)other.describe_routine("Mine"), sql_error);
    own.rollback();
    EXPECT_EQ(call("Mine", {}), "error 428");
}

TEST_F(SqlProcedure, ADescriptionGoesStaleWithTheSchema) {
    create("CREATE PROCEDURE P() BEGIN SELECT 1 END");
    const auto before = own.describe_routine("P");
    EXPECT_FALSE(own.stale(before));
    create("CREATE OR REPLACE PROCEDURE P(IN a INTEGER) BEGIN SET a = 1 END");
    EXPECT_TRUE(own.stale(before));
}

TEST_F(SqlProcedure, IfAndItsBranches) {
    create("CREATE PROCEDURE Grade(IN points INTEGER, OUT mark VARCHAR(10)) BEGIN "
           "IF points >= 90 THEN SET mark = 'A'; ELSEIF points >= CASE WHEN 1 = 1 THEN 50 ELSE 0 END THEN SET mark = 'B'; "
           "ELSE SET mark = 'F'; IF points IS NULL THEN SET mark = NULL; END IF; END IF; SET mark = mark || '.' END");
    EXPECT_EQ(call("Grade", {whole(95)}), "95,'A.';NULL;0");
    EXPECT_EQ(call("Grade", {whole(50)}), "50,'B.';NULL;0");
    EXPECT_EQ(call("Grade", {whole(3)}), "3,'F.';NULL;0");
    EXPECT_EQ(call("Grade", {sql_value(std::monostate{})}), "NULL,NULL;NULL;0") << "what is unknown does not hold";
}

TEST_F(SqlProcedure, WhileRunsAsOftenAsItsConditionHolds) {
    create("CREATE TABLE T(A INTEGER, B INTEGER)");
    create("CREATE PROCEDURE Fill(IN n INTEGER, OUT total INTEGER) BEGIN DECLARE i INTEGER DEFAULT 0; SET total = 0; "
           "WHILE i < n -- up to it\nDO SET i = i + 1; INSERT INTO T VALUES (:i, 0); "
           "IF MOD(i, 2) = 0 THEN SET total = total + i; END IF; END WHILE END");
    EXPECT_EQ(call("Fill", {whole(10)}), "10,30;NULL;10");
    EXPECT_EQ(call("Fill", {whole(0)}), "0,0;NULL;0");
    EXPECT_EQ(run("SELECT COUNT(*) FROM T"), "10");
    create("CREATE PROCEDURE Early(OUT n INTEGER) RETURNS INTEGER BEGIN SET n = 0; "
           "WHILE 1 = 1 DO SET n = n + 1; IF n = 7 THEN RETURN n * 2; END IF; END WHILE END");
    EXPECT_EQ(call("Early", {}), "7;14;0");
    create("CREATE PROCEDURE Forever() BEGIN WHILE 1 = 1 DO END WHILE END");
    own.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
    EXPECT_EQ(call("Forever", {}), "error 450");
    own.set_deadline(std::nullopt);
}

// Which results there are, and how many, is seen when it runs.
TEST_F(SqlProcedure, ResultsDependOnTheInput) {
    create("CREATE PROCEDURE Show(IN n INTEGER) BEGIN DECLARE i INTEGER DEFAULT 0; "
           "IF n < 0 THEN SELECT 'negative'; ELSE WHILE i < n DO SET i = i + 1; SELECT i, i * i; END WHILE; END IF END");
    EXPECT_EQ(own.describe_routine("Show").rows, routine_info::results::many);
    EXPECT_EQ(call("Show", {whole(-1)}), "-1;NULL;0 {'negative'}");
    EXPECT_EQ(call("Show", {whole(3)}), "3;NULL;0 {1,1} {2,4} {3,9}");
    EXPECT_EQ(call("Show", {whole(0)}), "0;NULL;0");
}

TEST_F(SqlProcedure, BlocksThatAreNone) {
    const auto refused = [&](const std::string& body) { return run("CREATE PROCEDURE X(INOUT a INTEGER) BEGIN " + body + " END"); };
    EXPECT_EQ(refused("IF a = 1 SET a = 2; END IF"), "error 1");
    EXPECT_EQ(refused("IF a = 1 THEN SET a = 2;"), "error 1");
    EXPECT_EQ(refused("IF a = 1 THEN SET a = 2; END WHILE"), "error 1");
    EXPECT_EQ(refused("ELSE SET a = 2"), "error 1");
    EXPECT_EQ(refused("WHILE a < 1 DO SET a = 2; END"), "error 1");
    EXPECT_EQ(refused("IF a = ? THEN SET a = 2; END IF"), "error 148");
    EXPECT_EQ(refused("IF b = 1 THEN SET a = 2; END IF"), "error 29") << "no such name";
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "IF a = 1 THEN ";
    EXPECT_EQ(refused(deep + "SET a = 1"), "error 1");
    EXPECT_EQ(run("CREATE FUNCTION F(a INTEGER) RETURNS INTEGER BEGIN IF a > 0 THEN RETURN 1; END IF; RETURN 0; END"), "0 rows") << last_message;
    EXPECT_EQ(run("SELECT F(1)"), "error 358") << "more than one RETURN";
}

TEST_F(SqlProcedure, ACallCanBeStopped) {
    create("CREATE TABLE T(A INTEGER)");
    create("CREATE PROCEDURE P() BEGIN INSERT INTO T VALUES (1); INSERT INTO T VALUES (2) END");
    own.interrupt();
    EXPECT_EQ(call("P", {}), "error 456");
    own.clear_interrupt();
    own.set_deadline(std::chrono::steady_clock::now() - std::chrono::seconds(1));
    EXPECT_EQ(call("P", {}), "error 450");
    own.set_deadline(std::nullopt);
    EXPECT_EQ(call("P", {}), ";NULL;2");
}

} // namespace
} // namespace irislink::sandbox::sql::test
