#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlWindow : public sql_fixture {
protected:
    void SetUp() override {
        ASSERT_EQ(run("CREATE TABLE s (id INTEGER, team VARCHAR(5), pay NUMERIC(8,2), n INTEGER, d DATE)"), "0 rows");
        ASSERT_EQ(
            run("INSERT INTO s VALUES "
                "(1,'a',10.50,1,'2024-01-01'),(2,'A',20.25,1,'2024-01-02'),(3,'b',5,2,'2024-01-03'),(4,'b',5,3,NULL),(5,'b',7.75,NULL,NULL)"),
            "5 rows"
        );
    }
};

TEST_F(SqlWindow, Ranks) {
    check({
        {"SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) FROM s ORDER BY id", "1,5|2,4|3,3|4,2|5,1"},
        {"SELECT id, ROW_NUMBER() OVER (PARTITION BY team ORDER BY pay DESC) AS rn FROM s ORDER BY id", "1,2|2,1|3,2|4,3|5,1"},
        {"SELECT id, RANK() OVER (PARTITION BY team ORDER BY pay), DENSE_RANK() OVER (PARTITION BY team ORDER BY pay) FROM s ORDER BY id",
         "1,1,1|2,2,2|3,1,1|4,1,1|5,3,2"},
        {"SELECT id, PERCENT_RANK() OVER (ORDER BY id), CUME_DIST() OVER (ORDER BY id) FROM s ORDER BY id",
         "1,0d,0.2d|2,0.25d,0.4d|3,0.5d,0.6d|4,0.75d,0.8d|5,1d,1d"},
        {"SELECT id, NTILE(2) OVER (ORDER BY id) FROM s ORDER BY id", "1,1|2,1|3,1|4,2|5,2"},
        {"SELECT id FROM s ORDER BY ROW_NUMBER() OVER (ORDER BY pay, id DESC)", "4|3|5|1|2"},
        {"SELECT team FROM (SELECT team, ROW_NUMBER() OVER (PARTITION BY team ORDER BY id) AS rn FROM s) x WHERE rn = 1 ORDER BY 1", "'a'|'b'"},
        {"WITH r AS (SELECT id, RANK() OVER (ORDER BY pay DESC) k FROM s) SELECT id FROM r WHERE k <= 2 ORDER BY k", "2|1"},
    });
}

TEST_F(SqlWindow, Sums) {
    check({
        {"SELECT id, SUM(pay) OVER (ORDER BY id) FROM s ORDER BY id", "1,10.5|2,30.75|3,35.75|4,40.75|5,48.5"},
        {"SELECT id, SUM(pay) OVER (PARTITION BY team) FROM s ORDER BY id", "1,30.75|2,30.75|3,17.75|4,17.75|5,17.75"},
        {"SELECT id, AVG(pay) OVER (PARTITION BY team), COUNT(*) OVER (), COUNT(n) OVER (PARTITION BY team) FROM s ORDER BY id",
         "1,15.375,5,2|2,15.375,5,2|3,5.916666666667,5,2|4,5.916666666667,5,2|5,5.916666666667,5,2"},
        {"SELECT id, SUM(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM s ORDER BY id", "1,1|2,2|3,3|4,5|5,3"},
        {"SELECT id, SUM(n) OVER (ORDER BY id ROWS 1 PRECEDING) FROM s ORDER BY id", "1,1|2,2|3,3|4,5|5,3"},
        {"SELECT id, MAX(n) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM s ORDER BY id", "1,3|2,3|3,3|4,3|5,NULL"},
        {"SELECT id, MIN(team) OVER (ORDER BY id RANGE UNBOUNDED PRECEDING) FROM s WHERE id < 3 ORDER BY id", "1,'a'|2,'a'"},
        {"SELECT id, pay / SUM(pay) OVER () FROM s WHERE id IN (3,4) ORDER BY id", "3,0.5d|4,0.5d"},
        {"SELECT n, SUM(COUNT(*)) OVER (ORDER BY n) FROM s GROUP BY n ORDER BY n", "NULL,1|1,3|2,4|3,5"},
        {"SELECT SUM(d) OVER () FROM s WHERE id = 1", "66840"},
    });
    EXPECT_EQ(
        run("SELECT id, SUM(n) OVER (ORDER BY id ROWS BETWEEN :%qpar(1) PRECEDING AND :%qpar(2) FOLLOWING) FROM s ORDER BY id", {"1"s, "0"s}),
        "1,1|2,2|3,3|4,5|5,3"
    );
}

TEST_F(SqlWindow, LooksAtOtherRows) {
    check({
        {"SELECT id, LAG(pay) OVER (ORDER BY id), LEAD(pay, 2) OVER (ORDER BY id) FROM s ORDER BY id", "1,NULL,5|2,10.5,5|3,20.25,7.75|4,5,NULL|5,5,NULL"},
        {"SELECT id, LAG(pay, 1, 0) OVER (ORDER BY id) FROM s WHERE id < 3 ORDER BY id", "1,0|2,10.5"},
        {"SELECT id, LAG(d) OVER (ORDER BY id), d - LAG(d) OVER (ORDER BY id) FROM s WHERE id < 3 ORDER BY id", "1,NULL,NULL|2,'2024-01-01',1"},
        {"SELECT id, FIRST_VALUE(id) OVER (PARTITION BY team ORDER BY pay DESC) FROM s ORDER BY id", "1,2|2,2|3,5|4,5|5,5"},
        {"SELECT id, LAST_VALUE(id) OVER (PARTITION BY team ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM s ORDER BY id",
         "1,2|2,2|3,5|4,5|5,5"},
        {"SELECT id, NTH_VALUE(team, 2) OVER (ORDER BY id) FROM s WHERE id < 3 ORDER BY id", "1,NULL|2,'A'"},
    });
    const auto statement = own.prepare("SELECT LAG(pay) OVER (ORDER BY id), ROW_NUMBER() OVER (ORDER BY id) FROM s");
    EXPECT_EQ(statement->columns()[0].type, (sql_type{type_code::numeric, 8, 2}));
    EXPECT_EQ(statement->columns()[1].type.code, type_code::bigint);
    EXPECT_EQ(statement->columns()[1].label, "Expression_2");
}

TEST_F(SqlWindow, RefusesWhatItCannotDo) {
    check({
        {"SELECT ROW_NUMBER() FROM s", "error 1"},
        {"SELECT id FROM s WHERE ROW_NUMBER() OVER (ORDER BY id) = 1", "error 1"},
        {"SELECT COUNT(*) FROM s GROUP BY RANK() OVER (ORDER BY id)", "error 1"},
        {"SELECT COUNT(*) FROM s HAVING COUNT(*) OVER () > 1", "error 1"},
        {"SELECT SUM(DISTINCT n) OVER () FROM s", "error 1"},
        {"SELECT UPPER(team) OVER () FROM s", "error 1"},
        {"SELECT LIST(team) OVER () FROM s", "error 1"},
        {"SELECT SUM(n) OVER (ORDER BY n RANGE 1 PRECEDING) FROM s", "error 1"},
        {"SELECT LAG(n) IGNORE NULLS OVER (ORDER BY id) FROM s", "error 1"},
        {"SELECT SUM(n) OVER w FROM s", "error 1"},
        {"SELECT SUM(nope) OVER () FROM s", "error 29"},
        {"SELECT SUM(n) OVER (PARTITION BY nope) FROM s", "error 29"},
        {"SELECT LAG() OVER (ORDER BY id) FROM s", "error 1"},
        {"SELECT id FROM s WHERE COUNT(*) > 1", "error 19"},
    });
    std::string deep = "SELECT ";
    for (int i = 0; i < 1000; ++i) deep += "SUM(1) OVER (PARTITION BY ";
    EXPECT_EQ(run(deep), "error 1");
}

} // namespace
} // namespace irislink::sandbox::sql::test
