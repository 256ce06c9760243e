#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlWrite : public sql_fixture {};

TEST_F(SqlWrite, KeepsEveryTypeExactly) {
    ASSERT_EQ(
        run("CREATE TABLE t (i BIGINT, n NUMERIC(18,4), d DOUBLE, v VARCHAR(20), b VARBINARY(8), "
            "dt DATE, tm TIME, ts TIMESTAMP, f BIT, s SMALLINT, y TINYINT, g UNIQUEIDENTIFIER, l LONGVARCHAR)"),
        "0 rows"
    );
    const std::vector<sql_value> row{
        std::int64_t{9223372036854775807},
        "12345678901234.5678"s,
        0.1,
        "é😀"s,
        std::vector<std::byte>{std::byte{0}, std::byte{255}},
        "2024-02-29"s,
        "23:59:59.123456789"s,
        "9999-12-31 23:59:59.5"s,
        std::int64_t{1},
        "-32768"s,
        std::int64_t{127},
        "12345678-1234-1234-1234-123456789012"s,
        std::string(100000, 'x')};
    EXPECT_EQ(run("INSERT INTO t VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", row), "1 rows");
    EXPECT_EQ(
        run("SELECT i,n,d,v,b,dt,tm,ts,f,s,y,g,LENGTH(l) FROM t"),
        "9223372036854775807,12345678901234.5678,0.1d,'é😀',x\0\xFF,'2024-02-29','23:59:59.123456789',"s +
            "'9999-12-31 23:59:59.5',1,-32768,127,'12345678-1234-1234-1234-123456789012',100000"
    );
    EXPECT_EQ(run("UPDATE t SET n = n + 0.0001, i = i - 1"), "1 rows");
    EXPECT_EQ(run("SELECT n, i FROM t"), "12345678901234.5679,9223372036854775806");
    EXPECT_EQ(run("SELECT i + 2 FROM t"), "error 400");
}

TEST_F(SqlWrite, NullAndEmptyTextStayApart) {
    run("CREATE TABLE t (a VARCHAR(5))");
    EXPECT_EQ(run("INSERT INTO t VALUES (''),(NULL)"), "2 rows");
    EXPECT_EQ(run("SELECT a FROM t WHERE a = ''"), "''");
    EXPECT_EQ(run("SELECT a FROM t WHERE a IS NULL"), "NULL");
}

TEST_F(SqlWrite, RefusesWrongValues) {
    run("CREATE TABLE t (id INTEGER PRIMARY KEY, i INTEGER, n NUMERIC(4,2), v VARCHAR(3), d DATE, tm TIME, b BIT, "
        "req VARCHAR(3) NOT NULL DEFAULT 'x', c INTEGER CHECK (c > 0))");
    const std::vector<std::pair<const char*, const char*>> cases{
        {"INSERT INTO t (id,i) VALUES (1,'abc')", "error 104"},
        {"INSERT INTO t (id,i) VALUES (1,1.5)", "error 104"},
        {"INSERT INTO t (id,i) VALUES (1,2147483648)", "error 104"},
        {"INSERT INTO t (id,n) VALUES (1,100)", "error 104"},
        {"INSERT INTO t (id,v) VALUES (1,'abcd')", "error 104"},
        {"INSERT INTO t (id,v) VALUES (1,'äöü')", "1 rows"},
        {"INSERT INTO t (id,d) VALUES (2,'2023-02-29')", "error 146"},
        {"INSERT INTO t (id,tm) VALUES (2,'24:00:00')", "error 147"},
        {"INSERT INTO t (id,b) VALUES (2,2)", "error 104"},
        {"INSERT INTO t (id,req) VALUES (2,NULL)", "error 108"},
        {"INSERT INTO t (id,c) VALUES (2,0)", "error 104"},
        {"INSERT INTO t (id) VALUES (1)", "error 119"},
        {"INSERT INTO t (id) VALUES (2)", "1 rows"},
        {"UPDATE t SET id = 1 WHERE id = 2", "error 120"},
        {"UPDATE t SET i = 'x' WHERE id = 2", "error 105"},
        {"UPDATE t SET c = -1 WHERE id = 2", "error 105"},
        {"INSERT INTO t (id, nope) VALUES (3, 1)", "error 29"},
        {"INSERT INTO t (id, i) VALUES (3)", "error 62"},
        {"INSERT INTO t (id) VALUES (3,4)", "error 116"},
        {"UPDATE t SET i = 1 WHERE id = 99", "0 rows"},
        {"SELECT req FROM t WHERE id = 2", "'x'"},
        {"INSERT INTO t (id,d) VALUES (5, 47117)", "1 rows"},
        {"SELECT d FROM t WHERE id = 5", "'1970-01-01'"},
        {"INSERT OR UPDATE t (id, i) VALUES (5, 7)", "1 rows"},
        {"SELECT i FROM t WHERE id = 5", "7"},
        {"DELETE FROM t WHERE id = 5", "1 rows"},
    };
    for (const auto& [sql, expected] : cases) EXPECT_EQ(run(sql), expected) << sql << "\n" << last_message;
}

TEST_F(SqlWrite, UniqueTextIsCompareWithoutCase) {
    run("CREATE TABLE t (a VARCHAR(9) UNIQUE, b VARCHAR(9) COLLATE EXACT UNIQUE)");
    EXPECT_EQ(run("INSERT INTO t VALUES ('Ä','x')"), "1 rows");
    EXPECT_EQ(run("INSERT INTO t VALUES ('ä','y')"), "error 119");
    EXPECT_EQ(run("INSERT INTO t VALUES ('b','X')"), "1 rows");
}

TEST_F(SqlWrite, ForeignKeysHold) {
    run("CREATE TABLE parent (id INTEGER PRIMARY KEY)");
    run("CREATE TABLE child (id INTEGER, p INTEGER REFERENCES parent(id))");
    run("INSERT INTO parent VALUES (1)");
    EXPECT_EQ(run("INSERT INTO child VALUES (1,2)"), "error 121");
    EXPECT_EQ(run("INSERT INTO child VALUES (1,1)"), "1 rows");
    EXPECT_EQ(run("DELETE FROM parent"), "error 124");
    EXPECT_EQ(run("DROP TABLE parent"), "error 320");
    EXPECT_EQ(run("DROP TABLE child"), "0 rows");
    EXPECT_EQ(run("DROP TABLE parent"), "0 rows");
}

TEST_F(SqlWrite, ChangesSchemas) {
    EXPECT_EQ(run("CREATE TABLE t (a INTEGER, b VARCHAR(10))"), "0 rows");
    EXPECT_EQ(run("CREATE TABLE T (a INTEGER)"), "error 201");
    EXPECT_EQ(run("CREATE TABLE IF NOT EXISTS t (a INTEGER)"), "0 rows");
    EXPECT_EQ(run("CREATE INDEX ix ON t (a)"), "0 rows");
    EXPECT_EQ(run("CREATE VIEW v AS SELECT a, UPPER(b) AS u FROM t"), "0 rows");
    EXPECT_EQ(run("INSERT INTO t VALUES (1,'x')"), "1 rows");
    EXPECT_EQ(run("SELECT u FROM v"), "'X'");
    EXPECT_EQ(run("INSERT INTO v VALUES (1,'x')"), "error 35");
    EXPECT_EQ(run("ALTER TABLE t ADD COLUMN c NUMERIC(5,2) DEFAULT 1.5"), "0 rows");
    EXPECT_EQ(run("SELECT c FROM t"), "1.5");
    EXPECT_EQ(run("ALTER TABLE t RENAME COLUMN c TO e"), "0 rows");
    EXPECT_EQ(run("SELECT e FROM t"), "1.5");
    EXPECT_EQ(run("ALTER TABLE t DROP COLUMN e"), "0 rows");
    EXPECT_EQ(run("SELECT e FROM t"), "error 29");
    EXPECT_EQ(run("DROP INDEX ix ON t"), "0 rows");
    EXPECT_EQ(run("DROP INDEX ix ON t"), "error 333");
    EXPECT_EQ(run("DROP VIEW v"), "0 rows");
    EXPECT_EQ(run("DROP TABLE t"), "0 rows");
    EXPECT_EQ(run("DROP TABLE t"), "error 30");
    EXPECT_EQ(run("DROP TABLE IF EXISTS t"), "0 rows");
    EXPECT_EQ(run("CREATE TABLE \"odd \"\"name; DROP TABLE x--\" (\"select\" INTEGER)"), "0 rows");
    EXPECT_EQ(run("INSERT INTO \"odd \"\"name; DROP TABLE x--\" VALUES (1)"), "1 rows");
    EXPECT_EQ(run("SELECT \"select\" FROM \"odd \"\"name; DROP TABLE x--\""), "1");
    EXPECT_EQ(run("SET OPTION LOCK_TIMEOUT = 5"), "0 rows");
    EXPECT_EQ(run("SET OPTION NOT_AN_OPTION = 5"), "error 129");
}

TEST_F(SqlWrite, GivesKeysAndIdentities) {
    run("CREATE TABLE t (id IDENTITY, a INTEGER)");
    EXPECT_EQ(run("INSERT INTO t (a) VALUES (5)"), "1 rows");
    EXPECT_EQ(own.last_identity(), 1);
    EXPECT_EQ(run("SELECT LAST_IDENTITY()"), "1");
    EXPECT_EQ(run("INSERT INTO t (a) SELECT a+1 FROM t"), "1 rows");
    EXPECT_EQ(run("SELECT id, a FROM t ORDER BY id"), "1,5|2,6");
    EXPECT_EQ(run("INSERT INTO t DEFAULT VALUES"), "1 rows");
    EXPECT_EQ(run("TRUNCATE TABLE t"), "3 rows");
}

TEST_F(SqlWrite, DistinctRowsAreOrderedByTheQualifiedItem) {
    run("CREATE TABLE t (a INTEGER, b VARCHAR(5))");
    run("INSERT INTO t VALUES (2,'x'),(1,'y'),(2,'x')");
    EXPECT_EQ(run("SELECT DISTINCT t.a FROM t ORDER BY t.a DESC"), "2|1");
    EXPECT_EQ(run("SELECT DISTINCT t.b AS n FROM t ORDER BY t.b"), "'x'|'y'");
    EXPECT_EQ(run("SELECT DISTINCT t.a FROM t ORDER BY t.b"), "error 6");
}

TEST_F(SqlWrite, ABatchStopsAtItsFailedRow) {
    run("CREATE TABLE t (a INTEGER PRIMARY KEY)");
    const auto statement = own.prepare("INSERT INTO t VALUES (?)");
    const std::vector<sql_value> rows{std::int64_t{1}, std::int64_t{2}, std::int64_t{1}, std::int64_t{4}};
    std::optional<sql_error> failure;
    EXPECT_EQ(own.execute(*statement, 4, rows, failure), (std::vector<std::int64_t>{1, 1, -3}));
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, 119);
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "2");
}

TEST_F(SqlWrite, ErrorTextsHaveTheFormOfIris) {
    EXPECT_EQ(
        error_text(30, "Prepare", "Table 'SQLUSER.BAD' not found"),
        "[SQLCODE: <-30>:<Table or view not found>]\r\n[Location: <Prepare>]\r\n[%msg: < Table 'SQLUSER.BAD' not found>]"
    );
    for (int code = 400; code <= 473; ++code) EXPECT_FALSE(fixed_text(code).empty());
}

} // namespace
} // namespace irislink::sandbox::sql::test
