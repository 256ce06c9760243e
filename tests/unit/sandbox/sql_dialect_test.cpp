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

TEST_F(SqlDialect, ExactTextIsGroupedExactly) {
    check({
        {"SELECT Home_State, COUNT(*) FROM Sample.Person GROUP BY Home_State ORDER BY 2", "'MA',1|'NY',2"},
        {"SELECT %EXACT(Home_State), COUNT(*) FROM Sample.Person GROUP BY %EXACT(Home_State) ORDER BY 1", "'MA',1|'NY',1|'ny',1"},
        {"SELECT DISTINCT %EXACT(Home_State) FROM Sample.Person ORDER BY 1", "'MA'|'NY'|'ny'"},
        {"SELECT COUNT(DISTINCT %EXACT(Home_State)), COUNT(DISTINCT Home_State), COUNT(DISTINCT Home_State || '') FROM Sample.Person", "3,2,2"},
        {"SELECT LIST(DISTINCT Home_State || '') FROM Sample.Person", "'NY,MA'"},
        {"SELECT Name FROM Sample.Person ORDER BY %EXACT(Name)", "'Jones,Ann'|'Smith,John'|'smith,zed'"},
        {"SELECT MAX(%EXACT(Home_State)), MIN(%EXACT(Home_State)) FROM Sample.Person", "'ny','MA'"},
        {"SELECT ROW_NUMBER() OVER (PARTITION BY %EXACT(Home_State) ORDER BY ID) FROM Sample.Person", "1|1|1"},
        {"SELECT Home_State, COUNT(*) FROM Sample.Person GROUP BY 1", "error 1"},
        {"SELECT %SQLUPPER(Name,3), %STRING(Name,3), %EXACT(Name) FROM Sample.Person WHERE ID = 3", "'SMI','smi','smith,zed'"},
    });
}

TEST_F(SqlDialect, DistinctByTakesOneRowOfEach) {
    check({
        {"SELECT DISTINCT BY (Home_State) Age FROM Sample.Person WHERE Age IS NOT NULL ORDER BY Age", "30|40"},
        {"SELECT COUNT(*) FROM (SELECT DISTINCT BY (Home_State) Name, Age FROM Sample.Person) x", "2"},
        {"SELECT DISTINCT BY (%EXACT(Home_State)) Name FROM Sample.Person ORDER BY Name", "'Jones,Ann'|'Smith,John'|'smith,zed'"},
        {"SELECT DISTINCT BY ( %ID ) TOP 2 Name FROM Sample.Person ORDER BY ID", "'Smith,John'|'Jones,Ann'"},
        {"SELECT DISTINCT BY (Home_State) COUNT(*) FROM Sample.Person", "error 1"},
        {"SELECT DISTINCT BY (nope) Name FROM Sample.Person", "error 29"},
    });
}

TEST_F(SqlDialect, LimitsAreOfOneKind) {
    check({
        {"SELECT Name FROM Sample.Person ORDER BY ID LIMIT ALL 2 OFFSET 1 ROWS", "'Jones,Ann'|'smith,zed'"},
        {"SELECT Name FROM Sample.Person ORDER BY ID OFFSET 1 ROW FETCH NEXT 1 ROW ONLY", "'Jones,Ann'"},
        {"SELECT Name FROM Sample.Person ORDER BY ID FETCH 1", "'Smith,John'"},
        {"SELECT Name FROM Sample.Person ORDER BY ID FETCH FIRST 1 ROWS ONLY", "'Smith,John'"},
        {"SELECT TOP 1 Name FROM Sample.Person LIMIT 1", "error 386"},
        {"SELECT TOP 1 Name FROM Sample.Person OFFSET 1", "error 386"},
        {"SELECT Name FROM Sample.Person LIMIT 1 FETCH FIRST 1 ROW ONLY", "error 386"},
        {"SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 2 FROM Sample.Person LIMIT 2", "1|1|2|2"}, // of the last SELECT
        {"(SELECT 1) UNION ALL (SELECT 2 FROM Sample.Person) LIMIT 2", "1|2"},
        {"SELECT 1 UNION ALL SELECT 2 FROM Sample.Person ORDER BY 1 DESC LIMIT 2", "2|2"},
        {"SELECT TOP 1 3 UNION ALL SELECT TOP 2 2 FROM Sample.Person", "3|2|2"},
        {"SELECT 1 UNION SELECT 2 INTERSECT SELECT 2", "error 1"},
        {"SELECT 1 INTERSECT SELECT 1 INTERSECT SELECT 1", "1"},
        {"WITH t (a) AS (SELECT 1, 2) SELECT * FROM t", "error 142"},
        {"CREATE VIEW Sample.V AS SELECT Name FROM Sample.Person ORDER BY Name", "error 143"},
        {"CREATE VIEW Sample.V AS SELECT TOP 1 Name FROM Sample.Person ORDER BY Name", "0 rows"},
        {"SELECT * FROM Sample.V", "'Jones,Ann'"},
        {"SELECT Name FROM Sample.Person WHERE Name LIKE '%n' ESCAPE '||'", "error 63"},
        {"SELECT Name FROM Sample.Person WHERE Name LIKE '%|n' ESCAPE '|' ORDER BY ID", "'Smith,John'|'Jones,Ann'"},
        {"SELECT ROUND(2.675,2), ROUND(2.675,2,0), ROUND(2.675,2,1), ROUND(-2.675,1,5)", "2.68,2.68,2.67,-2.6"},
        {"CREATE TABLE c AS SELECT 1", "error 1"},
    });
}

TEST_F(SqlDialect, StringFunctionsOfObjectScript) {
    check({
        {"SELECT $PIECE(Notes,'~'), $PIECE(Notes,'~',2), $PIECE(Notes,'~',2,3), $PIECE(Notes,'~',9), $PIECE(Notes,'~~',1), $PIECE(NULL,'~') FROM "
         "Sample.Person WHERE ID=1",
         "'a','b','b~c',NULL,'a~b~c',NULL"},
        {"SELECT $PIECE('a||b||c','||',2,99), $PIECE('a,b',',',0,1), $PIECE('a,b',',',2,1), $PIECE('ab','',1)", "'b||c','a',NULL,NULL"},
        {"SELECT $EXTRACT(Name), $EXTRACT(Name,3), $EXTRACT(Name,2,4), $EXTRACT(Name,9,99), $EXTRACT('äöü',2) FROM Sample.Person WHERE ID=1",
         "'S','i','mit','hn','ö'"},
        {"SELECT $LENGTH(Name), $LENGTH(Notes,'~'), $LENGTH('','~'), $FIND('abcabc','b'), $FIND('abcabc','b',3), $FIND('abc','x') FROM Sample.Person WHERE "
         "ID=1",
         "10,3,1,3,6,0"},
        {"SELECT $TRANSLATE('hello','el','ip'), $TRANSLATE('hello','l'), $TRANSLATE('höl','ö','o')", "'hippo','heo','hol'"},
        {"SELECT SUBSTRING('hello',2), SUBSTRING('hello',0,3), SUBSTRING('hello',-1,4), SUBSTRING('hello' FROM 2 FOR 2), SUBSTRING('hello',9), "
         "SUBSTR('hello',-3,2)",
         "'ello','he','he','el','','ll'"},
        {"SELECT STUFF('abcdef',2,3,'X'), INSTR('hello','l'), INSTR('hello','l',4), POSITION('l' IN 'hello'), POSITION('x' || 'y' IN 'axy')", "'aXef',3,4,3,2"},
        {"SELECT DECODE(Home_State,'NY','x','MA','y','z'), DECODE(Age,30,1,NULL,2), DECODE(ID,1,'one',2,DOB) FROM Sample.Person ORDER BY ID",
         "'x',1,'one'|'y',NULL,'1984-07-08'|'x',2,NULL"},
        {"SELECT Name FROM Sample.Person WHERE Name [ 'i' AND Name [ 'Smith'", "'Smith,John'"},
        {"SELECT Name FROM Sample.Person WHERE NOT Name [ 'Smith' ORDER BY ID", "'Jones,Ann'|'smith,zed'"},
        {"SELECT Name FROM Sample.Person WHERE Name %MATCHES 'S*' ORDER BY ID", "'Smith,John'|'smith,zed'"},
        {"SELECT Name FROM Sample.Person WHERE %EXACT(Name) %MATCHES 'S*'", "'Smith,John'"},
        {"SELECT Name FROM Sample.Person WHERE Name NOT %MATCHES '[A-K]*' ORDER BY ID", "'Smith,John'|'smith,zed'"},
        {"SELECT Name FROM Sample.Person WHERE Name %MATCHES '[^st]?n*,*n'", "'Jones,Ann'"},
        {"SELECT 1 WHERE 'a*b' %MATCHES 'a\\*b' AND NOT ('axb' %MATCHES 'a|*b' ESCAPE '|') AND 'a[b' %MATCHES 'a[b'", "1"},
        {"SELECT Name FROM Sample.Person WHERE Name %PATTERN '1U.E'", "error 1"},
        {"SELECT Name FROM Sample.Person WHERE Age %INLIST $LISTBUILD(30)", "error 1"},
    });
}

TEST_F(SqlDialect, Spreads) {
    run("CREATE TABLE v (n INTEGER, p NUMERIC(5,1))");
    run("INSERT INTO v VALUES (2,0.5),(4,0.5),(4,1.5),(4,1.5),(5,NULL),(5,NULL),(7,NULL),(9,NULL)");
    check({
        {"SELECT STDDEV_POP(n), VAR_POP(n), VAR_SAMP(p) FROM v", "2d,4d,0.3333333333333333d"},
        {"SELECT VARIANCE(n) - VAR_SAMP(n), STDDEV(n) - STDDEV_SAMP(n), VAR_POP(DISTINCT p) FROM v", "0d,0d,0.25d"},
        {"SELECT STDDEV(n), VAR_POP(n) FROM v WHERE n = 2", "0d,0d"},
        {"SELECT STDDEV(n) FROM v WHERE n = 99", "NULL"},
        {"SELECT VAR_POP(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM v WHERE n IN (2,7,9) ORDER BY n", "0d|6.25d|1d"},
        {"SELECT n FROM v WHERE STDDEV(n) > 1", "error 19"},
    });
}

} // namespace
} // namespace irislink::sandbox::sql::test
