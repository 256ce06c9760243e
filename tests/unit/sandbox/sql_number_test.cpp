#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlNumber : public sql_fixture {
protected:
    void SetUp() override {
        ASSERT_EQ(run("CREATE TABLE n (id INTEGER, b BIGINT, d NUMERIC(18,4), m NUMERIC(12,2), i INTEGER, r DOUBLE, v VARCHAR(30))"), "0 rows");
        ASSERT_EQ(
            run("INSERT INTO n VALUES (1, 9007199254740993, 12345678901234.5678, 10.30, 7, 0.5, '7'),"
                "(2, -9223372036854775808, -12345678901234.5678, -10.30, -7, -0.5, 'seven'),"
                "(3, 9223372036854775807, 12345678901234.5679, 0, 2, 1e300, '7.0'),"
                "(4, NULL, NULL, NULL, NULL, NULL, NULL)"),
            "4 rows"
        );
    }
};

TEST_F(SqlNumber, ComparesExactlyWhateverTheDigits) {
    check({
        {"SELECT id FROM n WHERE b = 9007199254740993", "1"},
        {"SELECT id FROM n WHERE b = 9007199254740992", ""},
        {"SELECT id FROM n WHERE b = -9223372036854775808", "2"},
        {"SELECT id FROM n WHERE b > 9223372036854775806", "3"},
        {"SELECT id FROM n WHERE b < 99999999999999999999 ORDER BY id", "1|2|3"},
        {"SELECT id FROM n WHERE b >= 9007199254740992.5 ORDER BY id", "1|3"},
        {"SELECT id FROM n WHERE d = 12345678901234.5678", "1"},
        {"SELECT id FROM n WHERE d = 12345678901234.56781", ""},
        {"SELECT id FROM n WHERE d <> 12345678901234.56781 ORDER BY id", "1|2|3"},
        {"SELECT id FROM n WHERE d > 12345678901234.56781", "3"},
        {"SELECT id FROM n WHERE d >= 12345678901234.56789", "3"},
        {"SELECT id FROM n WHERE d < 12345678901234.56781 ORDER BY id", "1|2"},
        {"SELECT id FROM n WHERE d <= -12345678901234.56779", "2"},
        {"SELECT id FROM n WHERE d < -12345678901234.56781", ""},
        {"SELECT id FROM n WHERE 12345678901234.56781 < d", "3"},
        {"SELECT id FROM n WHERE d > 0.00000000000001 ORDER BY id", "1|3"},
        {"SELECT id FROM n WHERE d BETWEEN 12345678901234.56781 AND 12345678901234.5679", "3"},
        {"SELECT id FROM n WHERE d IN (12345678901234.5679, 1.5, NULL)", "3"},
        {"SELECT id FROM n WHERE m NOT IN (10.3, 10.300000001) ORDER BY id", "2|3"},
        {"SELECT id FROM n WHERE i IN (7.0, 7.5)", "1"},
        {"SELECT id FROM n WHERE m = '10.300'", "1"},
        {"SELECT id FROM n WHERE i = 'seven'", ""},
        {"SELECT id FROM n WHERE m = 'none'", "3"},
        {"SELECT id FROM n WHERE v = i ORDER BY id", "1"},
        {"SELECT id FROM n WHERE r = 0.5", "1"},
        {"SELECT id FROM n WHERE r > m ORDER BY id", "2|3"},
        {"SELECT a.id, c.id FROM n a, n c WHERE a.m = c.d", ""},
    });
}

TEST_F(SqlNumber, ComparesParametersOfAnyKindByValue) {
    const std::string equal = "SELECT id FROM n WHERE d = ?";
    EXPECT_EQ(run(equal, {"12345678901234.5678"s}), "1");
    EXPECT_EQ(run(equal, {decimal{123456789012345678, -4}}), "1");
    EXPECT_EQ(run(equal, {"12345678901234.56781"s}), "");
    EXPECT_EQ(run("SELECT id FROM n WHERE m > ?", {10.29}), "1");
    EXPECT_EQ(run("SELECT id FROM n WHERE m = ?", {10.3}), "1");
    EXPECT_EQ(run("SELECT id FROM n WHERE m = ?", {std::int64_t{0}}), "3");
    EXPECT_EQ(run("SELECT id FROM n WHERE b = ?", {"9007199254740993"s}), "1");
    EXPECT_EQ(run("SELECT id FROM n WHERE b = - ?", {"9223372036854775808"s}), "2");
    EXPECT_EQ(run("SELECT id FROM n WHERE d = - ?", {"12345678901234.5678"s}), "2");
    EXPECT_EQ(run("SELECT id FROM n WHERE d = - ?", {std::monostate{}}), "");
    EXPECT_EQ(run("INSERT INTO n (id, d, b) VALUES (9, - ?, - ?)", {"12345678901234.5671"s, "9007199254740993"s}), "1 rows");
    EXPECT_EQ(run("SELECT d, b FROM n WHERE id = 9"), "-12345678901234.5671,-9007199254740993");
    EXPECT_EQ(run("SELECT - ?", {"5"s}), "-5");
}

TEST_F(SqlNumber, CalculatesExactly) {
    check({
        {"SELECT b - 1 FROM n WHERE id = 1", "9007199254740992"},
        {"SELECT -9223372036854775808, 9223372036854775807", "-9223372036854775808,9223372036854775807"},
        {"SELECT - -5, -(-5), +5, - - - 1.5e0", "5,5,5,-1.5d"},
        {"SELECT d + 0.0001 FROM n WHERE id = 1", "12345678901234.5679"},
        {"SELECT 0.1 + 0.2, 1.10 * 3, 0.3 - 0.1", "0.3,3.3,0.2"},
        {"SELECT 0.3 / 0.1, 1 / 4, 7 / 2, -7 / 2", "3d,0.25d,3.5d,-3.5d"},
        {"SELECT 7.5 \\ 2, -7 \\ 2, 7 \\ 2.5", "3,-3,2"},
        {"SELECT 1.3 # 0.4, MOD(-7, 3), MOD(10.30, 0.1)", "0.1,-1,0"},
        {"SELECT FLOOR(d), CEILING(d) FROM n WHERE id < 3 ORDER BY id", "12345678901234,12345678901235|-12345678901235,-12345678901234"},
        {"SELECT FLOOR(9007199254740993), CEIL(2.000), FLOOR(-0.5)", "9007199254740993,2,-1"},
        {"SELECT ABS(d), SIGN(m), ROUND(d, 3) FROM n WHERE id = 2", "12345678901234.5678,-1,-12345678901234.568"},
        {"SELECT SUM(d), MAX(d), MIN(d) FROM n", "12345678901234.5679,12345678901234.5679,-12345678901234.5678"},
        {"SELECT AVG(m), AVG(d) FROM n WHERE id IN (1,3)", "5.15,12345678901234.5679"},
        {"SELECT SUM(m) * 3, SUM(m) / 4 FROM n WHERE id = 1", "30.9,2.575d"},
        {"SELECT m || '!' FROM n WHERE id = 1", "'10.3!'"},
        {"SELECT r FROM n WHERE id = 3", "1e+300d"},
        {"SELECT b + b FROM n WHERE id = 3", "error 400"},
        {"SELECT m + NULL FROM n WHERE id = 1", "NULL"},
        {"SELECT SQRT(-1)", "error 400"},
        {"SELECT LOG(0)", "error 400"},
        {"SELECT POWER(10, 400)", "error 400"},
        {"SELECT SQRT(NULL), POWER(2, NULL), SQRT(16), TO_NUMBER('12.5kg'), PI() > 3", "NULL,NULL,4d,12.5d,1"},
        {"SELECT d FROM n WHERE id < 4 ORDER BY d", "-12345678901234.5678|12345678901234.5678|12345678901234.5679"},
        {"SELECT COUNT(DISTINCT m), COUNT(m) FROM n WHERE m = 10.3", "1,1"},
    });
}

// Products of parameters may outgrow 64 bits and are REAL then: never a number that wrapped.
TEST_F(SqlNumber, WhatOutgrewItsIntegersIsNeverWrong) {
    const std::vector<sql_value> huge{"1000000000000"s, "1000000000000"s};
    EXPECT_EQ(run("SELECT FLOOR(? * ?)", huge), "error 400");
    EXPECT_EQ(run("SELECT CEILING(- ? * ?)", huge), "error 400");
    EXPECT_EQ(run("SELECT CAST(? * ? AS BIGINT)", huge).substr(0, 5), "error");
    EXPECT_EQ(run("SELECT FLOOR(? * ?)", {"1000000"s, "1000000"s}), "1000000000000");
    EXPECT_EQ(run("SELECT AVG(? * ?) FROM n WHERE id < 3", huge), run("SELECT ? * ?", huge));
}

TEST_F(SqlNumber, RoundsExactlyToAnyDigits) {
    check({
        {"SELECT ROUND(b, 0), ROUND(b, 5), TRUNCATE(b, 0) FROM n WHERE id = 1", "9007199254740993,9007199254740993,9007199254740993"},
        {"SELECT ROUND(b, -1), ROUND(b, -3), ROUND(b, -1, 1) FROM n WHERE id = 1", "9007199254740990,9007199254741000,9007199254740990"},
        {"SELECT ROUND(b, -18), ROUND(b, -1, 1) FROM n WHERE id = 2", "-9000000000000000000,-9223372036854775800"},
        {"SELECT ROUND(b, -1) FROM n WHERE id = 2", "error 400"},
        {"SELECT ROUND(b, -1) FROM n WHERE id = 3", "error 400"},
        {"SELECT ROUND(b, -19) FROM n WHERE id = 3", "error 400"},
        {"SELECT ROUND(b, -19, 1), ROUND(b, -20) FROM n WHERE id = 3", "0,0"},
        {"SELECT ROUND(i, -1), ROUND(2147483647, -1), ROUND(-15, -1), ROUND(NULL, 1) FROM n WHERE id = 1", "10,2147483650,-20,NULL"},
        {"SELECT ROUND(d, -2147483648), ROUND(d, 2147483647), ROUND(i, -2147483648) FROM n WHERE id = 1", "0,12345678901234.5678,0"},
        {"SELECT ROUND(r, -2147483648), ROUND(r, 2147483647), ROUND(r, 400) FROM n WHERE id = 1", "0d,0.5d,0.5d"},
        {"SELECT ROUND(r, 20), ROUND(r, -299) FROM n WHERE id = 3", "1e+300d,1e+300d"},
        {"SELECT ROUND(1.7e308, -308)", "error 400"},
        {"SELECT ROUND(12345.678e0, -2), ROUND(12355e0, -1, 1), ROUND(0.125e0, 2)", "12300d,12350d,0.13d"},
    });
    EXPECT_EQ(run("SELECT ROUND(?, ?)", {"12.345"s, "-2147483648"s}), "0d");
    EXPECT_EQ(own.prepare("SELECT ROUND(i, -1) FROM n")->columns()[0].type.code, type_code::bigint);
}

// Sums leave 64 bits on their way to an average or to a sum that fits.
TEST_F(SqlNumber, SumsAndAveragesOfLargeNumbersAreExact) {
    run("CREATE TABLE big (id INTEGER, q NUMERIC(18,0), c NUMERIC(18,4), b BIGINT)");
    std::string rows;
    for (int i = 0; i < 20; ++i)
        rows += (i > 0 ? "),(" : "(") + std::to_string(i) + ", 999999999999999999, 99999999999999.9999, " +
                (i % 2 == 0 ? "9223372036854775807" : "-9223372036854775806");
    ASSERT_EQ(run("INSERT INTO big VALUES " + rows + ")"), "20 rows");
    check({
        {"SELECT AVG(q), AVG(c), AVG(DISTINCT q) FROM big", "999999999999999999,99999999999999.9999,999999999999999999"},
        {"SELECT SUM(q) FROM big", "error 400"},
        {"SELECT SUM(b) FROM big", "10"},
        {"SELECT SUM(b), SUM(DISTINCT b), SUM(q) FROM big WHERE id = -1", "NULL,NULL,NULL"},
        {"SELECT SUM(b) FROM (SELECT b FROM big WHERE b > 0) x", "error 400"},
        {"SELECT AVG(q) OVER () FROM big WHERE id < 12", "999999999999999999" +
                                                             [] {
                                                                 std::string more;
                                                                 for (int i = 1; i < 12; ++i) more += "|999999999999999999";
                                                                 return more;
                                                             }()},
        {"SELECT id, SUM(b) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM big WHERE id < 3 ORDER BY id", "0,9223372036854775807|1,1|2,1"},
        {"SELECT AVG(m) FROM n WHERE id = 4", "NULL"},
    });
}

TEST_F(SqlNumber, CalculatesWithParametersAsTheNumbersTheyAre) {
    EXPECT_EQ(run("SELECT m + ? FROM n WHERE id = 1", {"0.005"s}), "10.305");
    EXPECT_EQ(run("SELECT m * ? FROM n WHERE id = 1", {"1.19"s}), "12.257");
    EXPECT_EQ(run("SELECT i + ? FROM n WHERE id = 1", {"1"s}), "8");
    EXPECT_EQ(run("SELECT b + ? FROM n WHERE id = 1", {"1"s}), "9007199254740994");
    EXPECT_EQ(run("SELECT b + ? FROM n WHERE id = 3", {"-1"s}), "9223372036854775806");
    EXPECT_EQ(run("SELECT i + ? FROM n WHERE id = 1", {"0.5"s}), "7.5");
    EXPECT_EQ(run("SELECT i + ? FROM n WHERE id = 1", {0.25}), "7.25");
    EXPECT_EQ(run("SELECT ? + ?", {"1"s, "1"s}), "2");
    EXPECT_EQ(run("SELECT ? * ?", {"2000000000"s, "2000000000"s}), "4e+18d");
    EXPECT_EQ(run("SELECT m * ? FROM n WHERE id = 1", {"0.00000001"s}), "1.0300000000000001e-07d");
    EXPECT_EQ(run("SELECT ? / ?", {"1"s, "8"s}), "0.125d");
    EXPECT_EQ(run("UPDATE n SET m = m + ? WHERE id = 1", {"0.7"s}), "1 rows");
    EXPECT_EQ(run("SELECT m FROM n WHERE id = 1"), "11");
    EXPECT_EQ(run("SELECT 'x' || (m * ?) FROM n WHERE id = 1", {"1.00000001"s}), "'x11.00000011'");
    EXPECT_EQ(run("SELECT v + ? FROM n WHERE id = 1", {"1"s}), "8");
    const std::vector<std::int64_t> hints{10};
    EXPECT_EQ(own.prepare("SELECT i + :%qpar(1) FROM n", hints)->columns()[0].type.code, type_code::bigint);
}

TEST_F(SqlNumber, KeepsTheIndexOfTheColumn) {
    run("CREATE INDEX by_d ON n (d)");
    const auto plan = run("SELECT %SYSTEM.QUERY_PLAN(?, '0', 'ShowPlan', '') AS Plan", {"SELECT id FROM n WHERE d > ?"s});
    EXPECT_NE(plan.find("USING INDEX"), std::string::npos) << plan;
}

TEST_F(SqlNumber, RefusesWhatItCannotHold) {
    run("CREATE TABLE s (t TINYINT, n NUMERIC(5,2), m MONEY)");
    check({
        {"INSERT INTO s (t) VALUES (128)", "error 104"},
        {"INSERT INTO s (n) VALUES (999.994)", "1 rows"},
        {"INSERT INTO s (n) VALUES (999.995)", "error 104"},
        {"INSERT INTO s (m) VALUES (12345678901234.5678)", "1 rows"},
        {"SELECT n FROM s WHERE n > 1", "999.99"},
    });
    run("INSERT INTO s (t) VALUES ('many')");
    std::optional<sql_error> failure;
    (void)own.execute(*own.prepare("INSERT INTO s (t) VALUES ('many')"), 1, {}, failure);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->message, "Field 'SQLUser.s.t' (value 'many') failed validation: it is not a number");
}

} // namespace
} // namespace irislink::sandbox::sql::test
