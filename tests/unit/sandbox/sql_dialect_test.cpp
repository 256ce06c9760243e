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

} // namespace
} // namespace irislink::sandbox::sql::test
