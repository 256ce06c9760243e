#include "tests/unit/sandbox/sql_fixture.hpp"

// Statements as users of IRIS and BI tools write them.

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlDialect : public sql_fixture {
protected:
    void SetUp() override {
        ASSERT_EQ(
            run("CREATE TABLE Sample.Person (Name VARCHAR(50) NOT NULL, Age INTEGER, DOB DATE, Home_State VARCHAR(2), Salary NUMERIC(10,2), "
                "Notes VARCHAR(100), TS TIMESTAMP, T TIME, R DOUBLE)"),
            "0 rows"
        );
        ASSERT_EQ(
            run("INSERT INTO Sample.Person VALUES "
                "('Smith,John',30,'1994-05-06','NY',1234.50,'a~b~c','2024-01-02 03:04:05.678','10:20:30',1.5),"
                "('Jones,Ann',40,'1984-07-08','MA',99.99,NULL,'2024-12-31 23:59:59','23:59:59',2.25),"
                "('smith,zed',NULL,NULL,'ny',NULL,'',NULL,NULL,NULL)"),
            "3 rows"
        );
    }
};

TEST_F(SqlDialect, WordsAmongNumbersAreNeverZero) {
    check({
        {"SELECT CASE WHEN Age > 35 THEN Age ELSE 'none' END FROM Sample.Person ORDER BY ID", "'none'|'40'|'none'"},
        {"SELECT CASE WHEN Age > 35 THEN Age ELSE '7' END FROM Sample.Person ORDER BY ID", "7|40|7"},
        {"SELECT IFNULL(Age,'n',Age), COALESCE(Salary,'free') FROM Sample.Person WHERE ID <> 2 ORDER BY ID", "'30','1234.5'|'n','free'"},
        {"SELECT Age FROM Sample.Person UNION SELECT 'abc' ORDER BY 1", "NULL|'30'|'40'|'abc'"},
        {"SELECT DOB FROM Sample.Person WHERE ID = 1 UNION ALL SELECT 'abc'", "'1994-05-06'|'abc'"},
        {"SELECT DOB FROM Sample.Person WHERE ID = 1 UNION ALL SELECT '2000-01-01'", "'1994-05-06'|'2000-01-01'"},
        {"VALUES (1), ('x')", "'1'|'x'"},
        {"SELECT LAG(Age, 1, 'first') OVER (ORDER BY ID) FROM Sample.Person WHERE ID = 1", "'first'"},
        {"SELECT '12abc' + 1, 'abc' * 2, ' -3.5kg' + 0, '1.2.3' + 0, '.' + 0", "13,0,-3.5,1.2,0"},
    });
    EXPECT_EQ(own.prepare("SELECT COALESCE(DOB, '2000-01-01') FROM Sample.Person")->columns()[0].type.code, type_code::date);
    // What a ? will be nobody knows; it has to fit when it comes.
    EXPECT_EQ(run("SELECT COALESCE(Age, ?) FROM Sample.Person WHERE ID = 3", {"none"s}), "error 104");
    EXPECT_EQ(run("SELECT COALESCE(Age, ?) FROM Sample.Person WHERE ID = 3", {"7"s}), "7");
    EXPECT_EQ(run("SELECT COALESCE(DOB, ?) FROM Sample.Person WHERE ID = 3", {"none"s}), "error 146");
    EXPECT_EQ(run("SELECT Age FROM Sample.Person WHERE ID = 1 UNION ALL SELECT ?", {"x"s}), "error 104");
    // A literal that the client has replaced is said to be text or a number.
    for (const auto& [hint, code] : {std::pair{1, type_code::varchar}, {4, type_code::varchar}, {10, type_code::integer}, {0, type_code::integer}}) {
        const std::vector<std::int64_t> hints{hint};
        EXPECT_EQ(own.prepare("SELECT COALESCE(Age, :%qpar(1)) FROM Sample.Person", hints)->columns()[0].type.code, code) << hint;
    }
}

TEST_F(SqlDialect, DatesAreShownAndReadByFormats) {
    check({
        {"SELECT TO_CHAR(DOB,'YYYY/MM/DD'), TO_CHAR(DOB,'DD MON YYYY'), TO_CHAR(DOB,'Day, Month D DDD Q'), TO_CHAR(DOB,'DY YY') FROM Sample.Person WHERE ID=1",
         "'1994/05/06','06 May 1994','Friday, May 6 126 2','Fri 94'"},
        {"SELECT TO_CHAR(TS,'YYYY-MM-DDTHH24:MI:SS.FF3'), TO_CHAR(TS,'HH12:MI PM'), TO_CHAR(T,'HH:MI A.M.'), TO_CHAR(TS,'SSSSS') FROM Sample.Person "
         "WHERE ID=1",
         "'2024-01-02T03:04:05.678','03:04 AM','10:20 A.M.','11045'"},
        {"SELECT TO_CHAR(66000,'YYYY-MM-DD'), TO_CHAR('2024-03-01','MM\"m\"DD'), TO_CHAR(NULL,'DD')", "'2021-09-13','03m01',NULL"},
        {"SELECT TO_CHAR(DOB,'WW') FROM Sample.Person WHERE ID=1", "error 1"},
        {"SELECT TO_CHAR('nothing','YYYY')", "error 146"},
        {"SELECT TO_CHAR(1234.5,'9,999.99'), TO_CHAR(7,'0999'), TO_CHAR(-5,'999'), TO_CHAR(0.5,'9.99'), TO_CHAR(1234,'999'), TO_CHAR(5,'FM999'), "
         "TO_CHAR(12.345,'$99.99'), TO_CHAR(5,'S99'), TO_CHAR(0.5,'0.0'), TO_CHAR(5,'99S')",
         "' 1,234.50',' 0007','  -5','  .50','####','5',' $12.35',' +5',' 0.5','5+'"},
        {"SELECT TO_DATE('2024-03-15'), TO_DATE('15 MAR 2024','DD MON YYYY'), TO_DATE('3/5/2024','MM/DD/YYYY'), TO_DATE('20240315','YYYYMMDD')",
         "'2024-03-15','2024-03-15','2024-03-05','2024-03-15'"},
        {"SELECT TO_DATE('march 1, 99','MONTH DD, RR'), TO_DATE('2024 060','YYYY DDD'), TO_DATE('01-02-24','DD-MM-YY')",
         "'1999-03-01','2024-02-29','2024-02-01'"},
        {"SELECT TO_TIMESTAMP('15-03-2024 10:20','DD-MM-YYYY HH24:MI'), TO_TIMESTAMP('2024-03-15 12:00:01.5 AM','YYYY-MM-DD HH:MI:SS.FF AM')",
         "'2024-03-15 10:20:00','2024-03-15 00:00:01.5'"},
        {"SELECT TO_DATE('2024-02-30','YYYY-MM-DD')", "error 146"},
        {"SELECT TO_DATE('2024-02-03 and more','YYYY-MM-DD')", "error 146"},
        {"SELECT TO_DATE('2023 366','YYYY DDD')", "error 146"},
        {"SELECT TO_DATE('2024','WW')", "error 1"},
        {"SELECT CONVERT(VARCHAR,DOB,101), CONVERT(VARCHAR(10),TS,120), CONVERT(VARCHAR(30),TS,121), CONVERT(VARCHAR(9),DOB,112) FROM Sample.Person WHERE ID=1",
         "'05/06/1994','2024-01-02','2024-01-02 03:04:05.678','19940506'"},
        {"SELECT CONVERT(DATE,'05/06/1994',101), CONVERT(TIMESTAMP,'20240102',112)", "'1994-05-06','2024-01-02 00:00:00'"},
        {"SELECT CONVERT(VARCHAR,DOB,999) FROM Sample.Person WHERE ID=1", "error 141"},
    });
    EXPECT_EQ(run("SELECT CONVERT(VARCHAR,DOB,:%qpar(1)) FROM Sample.Person WHERE ID=1", {"103"s}), "'06/05/1994'");
}

TEST_F(SqlDialect, TimesOfDayAreSecondsToo) {
    check({
        {"SELECT CAST(36000 AS TIME), CAST('36000.5' AS TIME), CAST('10:00' AS TIME)", "'10:00:00','10:00:00.5','10:00:00'"},
        {"UPDATE Sample.Person SET T = 61 WHERE ID = 3", "1 rows"},
        {"UPDATE Sample.Person SET T = T + 1 WHERE ID = 3", "1 rows"},
        {"SELECT T FROM Sample.Person WHERE T = 62", "'00:01:02'"},
        {"UPDATE Sample.Person SET T = 86400 WHERE ID = 3", "error 147"},
        {"SELECT CAST(TS AS TIME) FROM Sample.Person WHERE ID = 1", "'03:04:05.678'"},
    });
}

} // namespace
} // namespace irislink::sandbox::sql::test
