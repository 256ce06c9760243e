#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlSelect : public sql_fixture {
protected:
    void SetUp() override {
        ASSERT_EQ(
            run("CREATE TABLE people (id IDENTITY, name VARCHAR(40) NOT NULL, age INTEGER, "
                "pay NUMERIC(12,2), born DATE, seen TIMESTAMP, ratio DOUBLE, at TIME, flag BIT)"),
            "0 rows"
        );
        ASSERT_EQ(
            run("INSERT INTO people (name,age,pay,born,seen,ratio,at,flag) VALUES "
                "('Ada',36,1234.50,'1815-12-10','1852-11-27 10:00:00.5',0.1,'08:30:00',1),"
                "('Grace',85,99.99,'1906-12-09',NULL,2.5,NULL,0),"
                "('Zoë 😀',NULL,-0.01,NULL,NULL,NULL,NULL,NULL)"),
            "3 rows"
        );
        ASSERT_EQ(run("CREATE TABLE Sample.City (code VARCHAR(3) PRIMARY KEY, people INTEGER)"), "0 rows");
        ASSERT_EQ(run("INSERT INTO Sample . City VALUES ('LON',9),('PAR',2)"), "2 rows");
    }
};

TEST_F(SqlSelect, AnswersAsIrisDoes) {
    check({
        {"SELECT 1", "1"},
        {"SELECT 'it''s', 1.50, 2e3, NULL, -7", "'it's',1.5,2000d,NULL,-7"},
        {"SELECT TOP 2 name FROM people ORDER BY name", "'Ada'|'Grace'"},
        {"SELECT TOP 1 name FROM SQLUser . people ORDER BY name DESC", "'Zoë 😀'"},
        {"SELECT name FROM people WHERE name %STARTSWITH 'gr'", "'Grace'"},
        {"SELECT name FROM people WHERE name NOT %STARTSWITH 'gr' ORDER BY 1", "'Ada'|'Zoë 😀'"},
        {"SELECT name || '!' FROM people WHERE id = 1", "'Ada!'"},
        {"SELECT name FROM people WHERE name = 'ADA'", "'Ada'"},
        {"SELECT name FROM people WHERE %EXACT(name) = 'ADA'", ""},
        {"SELECT name FROM people WHERE name = 'zOË 😀'", "'Zoë 😀'"},
        {"SELECT name FROM people WHERE name LIKE 'a%'", "'Ada'"},
        {"SELECT name FROM people WHERE name LIKE '_ra%' ", "'Grace'"},
        {"SELECT 1 FROM people WHERE id=1 AND 'a%b' LIKE 'a\\%b' ESCAPE '\\'", "1"},
        {"SELECT 1 WHERE 'axb' LIKE 'a\\%b' {escape '\\'}", ""},
        {"SELECT pay FROM people ORDER BY pay", "-0.01|99.99|1234.5"},
        {"SELECT pay + 0.005 FROM people WHERE id = 2", "99.995"},
        {"SELECT pay * 2 FROM people WHERE id = 1", "2469"},
        {"SELECT SUM(pay), MIN(pay), MAX(age), COUNT(*), COUNT(age) FROM people", "1334.48,-0.01,85,3,2"},
        {"SELECT AVG(age) FROM people", "60.5d"},
        {"SELECT name FROM people WHERE pay > 99.98 AND pay < 99.995", "'Grace'"},
        {"SELECT name FROM people WHERE pay = '99.990'", "'Grace'"},
        {"SELECT name FROM people WHERE age > '40'", "'Grace'"},
        {"SELECT 7 / 2, 7 \\ 2, 7 # 2, MOD(7,2)", "3.5d,3,1,1"},
        {"SELECT born FROM people WHERE born < '1900-01-01'", "'1815-12-10'"},
        {"SELECT name FROM people WHERE born = {d '1906-12-09'}", "'Grace'"},
        {"SELECT name FROM people WHERE seen > {ts '1852-11-27 10:00:00'}", "'Ada'"},
        {"SELECT name FROM people WHERE at = {t '08:30:00'}", "'Ada'"},
        {"SELECT name FROM people WHERE age IS NULL", "'Zoë 😀'"},
        {"SELECT name FROM people WHERE age IN (36, 85) ORDER BY id", "'Ada'|'Grace'"},
        {"SELECT name FROM people WHERE age NOT IN (36)", "'Grace'"},
        {"SELECT name FROM people WHERE age BETWEEN 30 AND 40", "'Ada'"},
        {"SELECT {fn UCASE(name)}, {fn LENGTH(name)} FROM people WHERE id=3", "'ZOË 😀',5"},
        {"SELECT {fn CONCAT('a','b')}, {fn LOCATE('b','abc')}, {fn SUBSTRING('hello',2,3)}", "'ab',2,'ell'"},
        {"SELECT {fn LEFT('hello',2)}, RIGHT('hello',2), REPLACE('aXa','X','-')", "'he','lo','a-a'"},
        {"SELECT YEAR('2026-03-14'), {fn MONTH('2026-03-14')}, DAYOFMONTH({d '2026-03-14'})", "2026,3,14"},
        {"SELECT {fn TIMESTAMPADD(SQL_TSI_DAY, 1, '2026-02-28 00:00:00')}", "'2026-03-01 00:00:00'"},
        {"SELECT DATEDIFF('dd','2026-01-01','2026-03-01'), DATEADD('mm',1,'2026-01-31')", "59,'2026-02-28 00:00:00'"},
        {"SELECT DATENAME('dw','2026-11-24'), DAYOFWEEK('1840-12-31')", "'Tuesday',5"},
        {"SELECT ROUND(pay,1), ABS(-3), FLOOR(2.7), CEILING(2.1) FROM people WHERE id=1", "1234.5,3,2,3"},
        {"SELECT CAST('12.345' AS NUMERIC(10,2)), CAST(3.7 AS INTEGER), CONVERT(VARCHAR(3),'abcdef')", "12.35,4,'abc'"},
        {"SELECT {fn CONVERT('12', SQL_INTEGER)}", "12"},
        {"SELECT CASE WHEN age > 40 THEN 'old' ELSE 'young' END FROM people WHERE age IS NOT NULL ORDER BY id", "'young'|'old'"},
        {"SELECT CASE age WHEN 36 THEN 1 END FROM people ORDER BY id", "1|NULL|NULL"},
        {"SELECT COALESCE(age, 0), NVL(age,-1), ISNULL(age,5) FROM people WHERE id=3", "0,-1,5"},
        {"SELECT NULLIF(1,1), NULLIF('a','b')", "NULL,'a'"},
        {"SELECT p.name, c.code FROM people p, Sample.City c WHERE p.id=1 ORDER BY c.code", "'Ada','LON'|'Ada','PAR'"},
        {"SELECT p.name, c.code FROM {oj people p LEFT OUTER JOIN Sample.City c ON c.people = p.id * 9} ORDER BY p.id",
         "'Ada','LON'|'Grace',NULL|'Zoë 😀',NULL"},
        {"SELECT * FROM Sample.City WHERE EXISTS (SELECT 1 FROM people WHERE people.age > 80 AND City.people = 2)", "'PAR',2"},
        {"SELECT name FROM people WHERE age = (SELECT MAX(age) FROM people)", "'Grace'"},
        {"SELECT name FROM people WHERE id IN (SELECT people FROM Sample.City)", "'Grace'"},
        {"SELECT name FROM people WHERE age >= ALL (SELECT age FROM people WHERE age IS NOT NULL)", "'Grace'"},
        {"SELECT flag, COUNT(*) FROM people GROUP BY flag HAVING COUNT(*) > 0 ORDER BY 1", "NULL,1|0,1|1,1"},
        {"SELECT DISTINCT flag FROM people WHERE flag IS NOT NULL ORDER BY flag", "0|1"},
        {"SELECT 1 UNION SELECT 2.5 ORDER BY 1", "1|2.5"},
        {"SELECT 'b' UNION ALL SELECT 'a' ORDER BY 1", "'a'|'b'"},
        {"WITH x AS (SELECT name n FROM people WHERE id<3) SELECT n FROM x ORDER BY n", "'Ada'|'Grace'"},
        {"SELECT n FROM (SELECT UPPER(name) AS n FROM people) t WHERE n %STARTSWITH 'A'", "'ADA'"},
        {"SELECT ID, %ID FROM Sample.City ORDER BY ID", "1,1|2,2"},
        {"SELECT t.* FROM Sample.City t WHERE t.ID = 2", "'PAR',2"},
        {"SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA='Sample'", "'City'"},
        {"SELECT COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME='city' ORDER BY ORDINAL_POSITION",
         "'code','varchar'|'people','integer'"},
        {"SELECT %NOLOCK 1 /* hint */ -- end\n", "1"},
        {"SELECT \"name\" FROM \"people\" WHERE \"ID\" = 1", "'Ada'"},
        {"SELECT LIST(name) FROM people WHERE id < 3", "'Ada,Grace'"},
        {"SELECT USER, {fn DATABASE()}", "'demo','USER'"},
        {"SELECT 9223372036854775807, -9223372036854775807", "9223372036854775807,-9223372036854775807"},
        {"SELECT ''", "''"},
        {"SELECT TRIM(BOTH ' ' FROM ' a '), LTRIM('  b'), TRIM('c ')", "'a','b','c'"},
        {"VALUES (1,'a'),(2,'b')", "1,'a'|2,'b'"},
        {"SELECT name FROM people ORDER BY age LIMIT 1 OFFSET 1", "'Ada'"},
        {"SELECT TOP ALL id FROM people ORDER BY id", "1|2|3"},
    });
}

TEST_F(SqlSelect, RefusesWithTheCodeOfIris) {
    const std::vector<std::pair<const char*, int>> cases{
        {"", 51},
        {"SELEC 1", 1},
        {"SELECT FROM people", 12},
        {"SELECT 'open", 3},
        {"SELECT 1 1", 25},
        {"SELECT * FROM nothing", 30},
        {"SELECT * FROM No.thing", 30},
        {"SELECT nope FROM people", 29},
        {"SELECT x.name FROM people p", 23},
        {"SELECT name FROM people, people q WHERE name = 'a'", 27},
        {"SELECT name FROM people ORDER BY 4", 5},
        {"SELECT nofunction(1)", 359},
        {"SELECT 1 UNION SELECT 1,2", 9},
        {"SELECT name FROM people WHERE id = (SELECT id, age FROM people)", 10},
        {"SELECT name FROM people WHERE COUNT(*) > 1", 19},
        {"SELECT 1/0", 400},
        {"SELECT CAST('x' AS INTEGER)", 104},
        {"SELECT CAST('2026-02-30' AS DATE)", 146},
        {"SELECT name FROM people WHERE name %CONTAINS 'x'", 1},
        {"SELECT {xx 'a'}", 40},
        {"SELECT :bad FROM people", 28},
        {"SELECT 1e FROM people", 2},
        {"SELECT select FROM people", 12},
        {"GRANT SELECT ON people TO demo", 1},
    };
    for (const auto& [sql, code] : cases) EXPECT_EQ(run(sql), "error " + std::to_string(code)) << sql << "\n" << last_message;
}

TEST_F(SqlSelect, ParametersTakeTheTypeOfWhatTheyMeet) {
    EXPECT_EQ(run("SELECT name FROM people WHERE age > :%qpar(1) AND name = :%qpar(2)", {"40"s, "grace"s}), "'Grace'");
    EXPECT_EQ(run("SELECT TOP :%qpar(1) name FROM people ORDER BY name", {"1"s}), "'Ada'");
    EXPECT_EQ(run("SELECT name FROM people WHERE born = { d :%qpar(1) }", {"1906-12-09"s}), "'Grace'");
    EXPECT_EQ(run("SELECT name FROM people WHERE born = {d :%qpar(1) }", {"1906-12-09"s}), "'Grace'");
    EXPECT_EQ(run("SELECT name FROM people WHERE pay = ?", {decimal{9999, -2}}), "'Grace'");
    EXPECT_EQ(run("SELECT name FROM people WHERE pay = ?", {"99.991"s}), "");
    EXPECT_EQ(run("SELECT ?, ?", {std::int64_t{5}, std::monostate{}}), "'5',NULL");
    const auto statement = own.prepare("SELECT name FROM people WHERE age > ? AND pay < ? AND born = ? AND name = ?");
    ASSERT_EQ(statement->parameters().size(), 4U);
    EXPECT_EQ(statement->parameters()[0].type.code, type_code::integer);
    EXPECT_EQ(statement->parameters()[1].type, (sql_type{type_code::numeric, 12, 2}));
    EXPECT_EQ(statement->parameters()[2].type.code, type_code::date);
    EXPECT_EQ(statement->parameters()[3].type.code, type_code::varchar);
}

TEST_F(SqlSelect, DescribesItsColumns) {
    const auto statement = own.prepare("SELECT id, name AS n, pay, COUNT(*) OVERALL FROM people");
    const auto& columns = statement->columns();
    ASSERT_EQ(columns.size(), 4U);
    EXPECT_TRUE(columns[0].identity);
    EXPECT_EQ(columns[1].label, "n");
    EXPECT_EQ(columns[1].name, "name");
    EXPECT_EQ(columns[1].table, "people");
    EXPECT_EQ(columns[1].schema, "SQLUser");
    EXPECT_EQ(columns[1].nullable, 0);
    EXPECT_EQ(columns[1].type, (sql_type{type_code::varchar, 40, 0}));
    EXPECT_EQ(columns[2].type, (sql_type{type_code::numeric, 12, 2}));
    EXPECT_EQ(columns[3].type.code, type_code::bigint);
    EXPECT_TRUE(columns[3].expression);
}

TEST_F(SqlSelect, StreamsWithoutBuildingTheResult) {
    ASSERT_EQ(run("CREATE TABLE d (n INTEGER)"), "0 rows");
    ASSERT_EQ(run("INSERT INTO d VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)"), "10 rows");
    const auto statement = own.prepare("SELECT a.n FROM d a, d b, d c, d e, d f, d g, d h, d i, d j");
    auto rows = own.open(*statement, {});
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 100000; ++i) ASSERT_TRUE(rows->next());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST_F(SqlSelect, DeepNestingIsAnErrorAndNotACrash) {
    std::string sql = "SELECT ";
    for (int i = 0; i < 5000; ++i) sql += "(";
    EXPECT_EQ(run(sql), "error 1");
    sql = "SELECT ";
    for (int i = 0; i < 5000; ++i) sql += "-";
    EXPECT_NE(run(sql + "1").find("error"), std::string::npos);
}

} // namespace
} // namespace irislink::sandbox::sql::test
