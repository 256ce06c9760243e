#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::string_literals;

class SqlInsert : public sql_fixture {};

TEST_F(SqlInsert, OrUpdateKeepsWhatItDoesNotName) {
    run("CREATE TABLE t (id IDENTITY, code VARCHAR(5) UNIQUE, a INTEGER, b INTEGER, name VARCHAR(9) NOT NULL, UNIQUE (a, b))");
    check({
        {"INSERT OR UPDATE t (code, a, b, name) VALUES ('x', 1, 2, 'one')", "1 rows"},
        {"INSERT OR UPDATE t (code, name) VALUES ('X', 'two')", "1 rows"},
        {"SELECT * FROM t", "1,'X',1,2,'two'"},
        {"INSERT OR UPDATE INTO t (a, b, code) VALUES (1, 2, 'y')", "1 rows"}, // name is required, and there
        {"SELECT * FROM t", "1,'y',1,2,'two'"},
        {"INSERT OR UPDATE t (a, b, code) VALUES (1, 3, 'z')", "error 108"}, // no such row: name is missing
        {"INSERT OR UPDATE t SET code = 'y', a = 7", "1 rows"},
        {"SELECT * FROM t", "1,'y',7,2,'two'"},
        {"INSERT OR UPDATE t (code, a, name) VALUES ('y', 8, 'n1'), ('w', 9, 'n2')", "2 rows"},
        {"INSERT OR UPDATE t (code, a, name) SELECT code, a + 10, name FROM t", "2 rows"},
        {"SELECT id, code, a, b FROM t ORDER BY id", "1,'y',18,2|6,'w',19,NULL"},
        {"INSERT OR UPDATE t (id, a) VALUES (6, 5)", "1 rows"},
        {"SELECT id, code, a, b FROM t ORDER BY id", "1,'y',18,2|6,'w',5,NULL"},
        {"INSERT OR UPDATE t (id, code) VALUES (6, 'y')", "error 120"}, // another row has that key
        {"INSERT OR UPDATE t (id) VALUES (6)", "1 rows"},
        {"SELECT COUNT(*) FROM t", "2"},
    });
}

TEST_F(SqlInsert, OrUpdateSaysWhichRowItWas) {
    run("CREATE TABLE t (code VARCHAR(5) PRIMARY KEY, n INTEGER)");
    run("INSERT INTO t VALUES ('a',1),('b',2),('c',3)");
    EXPECT_EQ(run("INSERT OR UPDATE t VALUES (?, ?)", {"b"s, std::int64_t{9}}), "1 rows");
    EXPECT_EQ(own.last_identity(), 2);
    EXPECT_EQ(run("INSERT OR UPDATE t VALUES ('d', 4)"), "1 rows");
    EXPECT_EQ(own.last_identity(), 5); // the id of the row that b was not
    EXPECT_EQ(run("INSERT OR UPDATE t (ID, code) VALUES (5, 'e')"), "1 rows");
    EXPECT_EQ(run("SELECT ID, code, n FROM t ORDER BY ID"), "1,'a',1|2,'b',9|3,'c',3|5,'e',4");
    const auto statement = own.prepare("INSERT OR UPDATE t (code, n) VALUES (?, ?)");
    std::optional<sql_error> failure;
    const std::vector<sql_value> rows{"a"s, std::int64_t{11}, "f"s, std::int64_t{12}};
    EXPECT_EQ(own.execute(*statement, 2, rows, failure), (std::vector<std::int64_t>{1, 1}));
    EXPECT_EQ(run("SELECT n FROM t WHERE code IN ('a','f') ORDER BY n"), "11|12");
}

// REPLACE would have deleted the referenced row first.
TEST_F(SqlInsert, OrUpdateLeavesReferencesAlone) {
    run("CREATE TABLE parent (id INTEGER PRIMARY KEY, n INTEGER)");
    run("CREATE TABLE child (p INTEGER REFERENCES parent(id) ON DELETE CASCADE)");
    run("INSERT INTO parent VALUES (1, 1)");
    run("INSERT INTO child VALUES (1)");
    EXPECT_EQ(run("INSERT OR UPDATE parent (id, n) VALUES (1, 2)"), "1 rows");
    EXPECT_EQ(run("SELECT parent.n, child.p FROM parent, child"), "2,1");
}

TEST_F(SqlInsert, DefaultsCanBeAskedFor) {
    run("CREATE TABLE t (id IDENTITY, a INTEGER DEFAULT 5, n NUMERIC(5,2) DEFAULT 1.25, v VARCHAR(9) DEFAULT 'it''s', d DATE DEFAULT CURRENT_DATE, "
        "r INTEGER NOT NULL DEFAULT 0, u INTEGER)");
    check({
        {"INSERT INTO t VALUES (DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT, DEFAULT)", "1 rows"},
        {"INSERT INTO t (v, a) VALUES ('x', DEFAULT), (DEFAULT, 6)", "2 rows"},
        {"INSERT INTO t (id, a) VALUES (DEFAULT, 7)", "1 rows"},
        {"INSERT INTO t SET v = DEFAULT, a = 8", "1 rows"},
        {"INSERT INTO t DEFAULT VALUES", "1 rows"},
        {"SELECT id, a, n, v, r, u FROM t ORDER BY id",
         "1,5,1.25,'it's',0,NULL|2,5,1.25,'x',0,NULL|3,6,1.25,'it's',0,NULL|4,7,1.25,'it's',0,NULL|5,8,1.25,'it's',0,NULL|6,5,1.25,'it's',0,NULL"},
        {"SELECT COUNT(*) FROM t WHERE d = CURRENT_DATE", "6"},
        {"UPDATE t SET a = DEFAULT, n = 2, v = DEFAULT, u = DEFAULT, r = 4 WHERE id = 4", "1 rows"},
        {"UPDATE t SET r = DEFAULT WHERE id = 4", "1 rows"},
        {"SELECT a, n, v, r, u FROM t WHERE id = 4", "5,2,'it's',0,NULL"},
        {"INSERT INTO t (a) VALUES (DEFAULT + 1)", "error 1"},
        {"SELECT DEFAULT", "error 1"},
        {"VALUES (DEFAULT)", "error 1"},
        {"SELECT * FROM t WHERE a = DEFAULT", "error 1"},
    });
}

TEST_F(SqlInsert, RequiredFieldsHaveNoDefault) {
    run("CREATE TABLE t (a INTEGER NOT NULL, b INTEGER UNIQUE DEFAULT 3)");
    check({
        {"INSERT INTO t VALUES (DEFAULT, 1)", "error 108"},
        {"INSERT INTO t DEFAULT VALUES", "error 108"},
        {"INSERT INTO t VALUES (1, DEFAULT)", "1 rows"},
        {"UPDATE t SET a = DEFAULT", "error 108"},
        {"INSERT OR UPDATE t DEFAULT VALUES", "error 108"},
        {"INSERT OR UPDATE t (a, b) VALUES (2, DEFAULT)", "1 rows"},
        {"SELECT * FROM t", "2,3"},
    });
}

} // namespace
} // namespace irislink::sandbox::sql::test
