#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlDate : public sql_fixture {
protected:
    void SetUp() override {
        ASSERT_EQ(run("CREATE TABLE t (id INTEGER, d DATE, e DATE, at TIME, seen TIMESTAMP, n INTEGER)"), "0 rows");
        ASSERT_EQ(
            run("INSERT INTO t VALUES (1,'1970-01-01','1969-12-25','01:00:00.5','1970-01-01 01:00:00',47117),"
                "(2,'2024-02-29','2025-02-28','00:00:10','2024-02-29 00:00:00',0),(3,NULL,NULL,NULL,NULL,NULL)"),
            "3 rows"
        );
    }
};

TEST_F(SqlDate, CountsDays) {
    check({
        {"SELECT d + 1, 1 + d, d - 1 FROM t ORDER BY id", "47118,47118,47116|66900,66900,66898|NULL,NULL,NULL"},
        {"SELECT d - e FROM t ORDER BY id", "7|-365|NULL"},
        {"SELECT d + 0.5, d * 2, d / 2, -d, +e FROM t WHERE id = 1", "47117.5,94234,23558.5d,-47117,'1969-12-25'"},
        {"SELECT {d '1970-01-01'} - 47117, CAST('1841-01-01' AS DATE) + 0", "0,1"},
        {"SELECT id FROM t WHERE d = 47117", "1"},
        {"SELECT id FROM t WHERE d > e + 300 ORDER BY id", ""},
        {"SELECT id FROM t WHERE e < d - 6", "1"},
        {"SELECT id FROM t WHERE d - e BETWEEN 1 AND 7", "1"},
        {"SELECT id FROM t WHERE d >= CURRENT_DATE - 1000000 AND d = n", "1"},
        {"SELECT CAST(d AS INTEGER), CAST(d + 1 AS DATE), TO_DATE(d + 1) FROM t WHERE id = 2", "66899,'2024-03-01','2024-03-01'"},
        {"SELECT SUM(d), AVG(d), MIN(d), MAX(d) FROM t WHERE id < 3", "114016,57008d,'1970-01-01','2024-02-29'"},
        {"UPDATE t SET d = d + 1 WHERE id = 2", "1 rows"},
        {"UPDATE t SET n = d WHERE id = 2", "1 rows"},
        {"SELECT d, n FROM t WHERE id = 2", "'2024-03-01',66900"},
        {"INSERT INTO t (id, d) VALUES (4, CURRENT_DATE - 1 + 1)", "1 rows"},
        {"SELECT COUNT(*) FROM t WHERE id = 4 AND d = CURRENT_DATE", "1"},
        {"SELECT ABS(d - e), FLOOR(d), MOD(d, 7) FROM t WHERE id = 1", "7,47117,0"},
        {"SELECT TO_NUMBER(d), POWER(d, 0) FROM t WHERE id = 1", "47117d,1d"},
        {"SELECT d || '!', COALESCE(d, 'none') FROM t WHERE id IN (1,3) ORDER BY id", "'1970-01-01!','1970-01-01'|NULL,'none'"},
    });
    EXPECT_EQ(own.prepare("SELECT d - e, d + 1 FROM t")->columns()[0].type.code, type_code::bigint);
    EXPECT_EQ(run("SELECT d + ? FROM t WHERE id = 1", {"30"s}), "47147");
    EXPECT_EQ(run("SELECT id FROM t WHERE d + ? = ?", {"1"s, "47118"s}), "1");
}

TEST_F(SqlDate, CountsSeconds) {
    check({
        {"SELECT at + 60, at - {t '00:00:10'} FROM t WHERE id < 3 ORDER BY id", "3660.5,3590.5|70,0"},
        {"SELECT id FROM t WHERE at < 60", "2"},
        {"SELECT SUM(at) FROM t", "3610.5"},
    });
}

// IRIS keeps timestamps as text: what it would make of them as numbers is no use to anybody.
TEST_F(SqlDate, TimestampsAreNoNumbers) {
    check({
        {"SELECT seen + 1 FROM t", "error 1"},
        {"SELECT NOW() - seen FROM t", "error 1"},
        {"SELECT SUM(seen) FROM t", "error 1"},
        {"SELECT id FROM t WHERE seen > 5", "error 1"},
        {"SELECT DATEDIFF('mi', d, seen) FROM t WHERE id = 1", "60"},
    });
    EXPECT_EQ(run("SELECT seen - 1 FROM t"), "error 1");
    EXPECT_NE(last_message.find("use DATEADD"), std::string::npos) << last_message;
}

} // namespace
} // namespace irislink::sandbox::sql::test
