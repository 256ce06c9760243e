#include "tests/unit/sandbox/sql_fixture.hpp"

#include <unistd.h>

#include <filesystem>

#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox::sql::test {
namespace {

class SqlSchema : public sql_fixture {};

TEST_F(SqlSchema, NamesWithDotsStayApart) {
    check({
        {R"(CREATE TABLE "a.b"."c" (x INTEGER))", "0 rows"},
        {R"(CREATE TABLE "a"."b.c" (x INTEGER))", "0 rows"},
        {R"(CREATE TABLE "a.b\"."c" (x INTEGER))", "0 rows"},
        {R"(CREATE TABLE "a"."b" (x INTEGER))", "0 rows"},
        {R"(CREATE TABLE "a"."b.i" (x INTEGER))", "0 rows"},
        {R"(CREATE INDEX i ON "a"."b" (x))", "0 rows"},
        {R"(CREATE INDEX "c.i" ON "a"."b" (x))", "0 rows"},
        {R"(CREATE INDEX i ON "a"."b.c" (x))", "0 rows"},
        {R"(INSERT INTO "a.b"."c" VALUES (1))", "1 rows"},
        {R"(INSERT INTO "a"."b.c" VALUES (2))", "1 rows"},
        {R"(SELECT x FROM "a.b"."c")", "1"},
        {R"(SELECT x FROM "A"."B.C")", "2"},
        {R"(SELECT "a.b"."c".x, "a"."b.c".x FROM "a.b"."c", "a"."b.c")", "1,2"},
        {R"(SELECT "a"."b.c".* FROM "a.b"."c", "a"."b.c")", "2"},
        {R"(SELECT "p.q".x FROM "a"."b.c" AS "p.q")", "2"},
        {R"(SELECT "p.q".* FROM "a"."b.c" AS "p.q")", "2"},
        {R"(SELECT p.q.x FROM "a"."b.c" AS "p.q")", "error 23"},
        {R"(SELECT "a"."b.c".x FROM "a"."b.c" AS p)", "error 23"},
        {R"(SELECT "a"."b.c".x FROM "a"."b.c" JOIN "a"."b.c" AS p ON p.x = "a"."b.c".x)", "2"},
        {R"(DROP INDEX i ON "a"."b.c")", "0 rows"},
        {R"(DROP TABLE "a"."b.c")", "0 rows"},
        {R"(SELECT x FROM "a.b"."c")", "1"},
    });
}

TEST_F(SqlSchema, ForeignKeysSayWhichSideWasBroken) {
    run("CREATE TABLE parent (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES parent(id), n INTEGER)");
    run("CREATE TABLE child (p INTEGER REFERENCES parent(id))");
    run("INSERT INTO parent (id) VALUES (1),(2)");
    run("INSERT INTO child VALUES (1)");
    check({
        {"INSERT INTO child VALUES (9)", "error 121"},
        {"UPDATE child SET p = 9", "error 122"},
        {"UPDATE child SET p = 2", "1 rows"},
        {"UPDATE child SET p = 1", "1 rows"},
        {"UPDATE parent SET id = 3 WHERE id = 1", "error 123"},
        {"UPDATE parent SET id = 3, boss = 9 WHERE id = 2", "error 122"},
        {"UPDATE parent SET id = 3, boss = 2 WHERE id = 1", "error 123"},
        {"UPDATE parent SET id = 3, boss = 1 WHERE id = 2", "1 rows"},
        {"UPDATE parent SET n = 1", "2 rows"},
        {"DELETE FROM parent WHERE id = 1", "error 124"},
        {"INSERT OR UPDATE child (ID, p) VALUES (1, 9)", "error 121"},
        {"SELECT id, boss FROM parent ORDER BY id", "1,NULL|3,1"},
    });
    // Within a transaction what went before stays, and the checks are as they were.
    check({
        {"START TRANSACTION", "0 rows"},
        {"INSERT INTO parent (id) VALUES (5)", "1 rows"},
        {"UPDATE parent SET id = 6, boss = 9 WHERE id = 5", "error 122"},
        {"UPDATE child SET p = 9", "error 122"},
        {"COMMIT", "0 rows"},
        {"SELECT id FROM parent ORDER BY id", "1|3|5"},
    });
}

TEST_F(SqlSchema, AddedRequiredFieldsStayRequired) {
    run("CREATE TABLE t (a INTEGER, UNIQUE (a))");
    check({
        {"ALTER TABLE t ADD COLUMN v VARCHAR(5) NOT NULL", "0 rows"},
        {"ALTER TABLE t ADD COLUMN (n INTEGER NOT NULL, w VARCHAR(5) DEFAULT 'w' NOT NULL)", "0 rows"},
        {"INSERT INTO t (a) VALUES (1)", "error 108"},
        {"INSERT INTO t (a, v) VALUES (1, 'x')", "error 108"},
        {"INSERT INTO t (a, v, n) VALUES (1, 'x', 5)", "1 rows"},
        {"UPDATE t SET v = NULL", "error 108"},
        {"SELECT * FROM t", "1,'x',5,'w'"},
        {"ALTER TABLE t ADD COLUMN late INTEGER NOT NULL", "error 304"},
        {"ALTER TABLE t ADD COLUMN late INTEGER NOT NULL DEFAULT 7", "0 rows"},
        {"ALTER TABLE t ADD COLUMN free INTEGER", "0 rows"},
        {"SELECT * FROM t", "1,'x',5,'w',7,NULL"},
        {"SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME='t' AND IS_NULLABLE='NO' ORDER BY ORDINAL_POSITION", "'v'|'n'|'w'|'late'"},
    });
    // Other connections see the definition too, and a rollback takes it back.
    session other(shared, "demo", "USER");
    EXPECT_EQ(run(other, "INSERT INTO t (a, n) VALUES (2, 5)"), "error 108");
    run("DELETE FROM t");
    run("START TRANSACTION");
    EXPECT_EQ(run("ALTER TABLE t ADD COLUMN z INTEGER NOT NULL"), "0 rows");
    EXPECT_EQ(run("INSERT INTO t (a, v, n) VALUES (1, 'x', 5)"), "error 108");
    run("ROLLBACK");
    EXPECT_EQ(run("INSERT INTO t (a, v, n) VALUES (1, 'x', 5)"), "1 rows");
}

TEST_F(SqlSchema, WhatReflectionAsks) {
    run("CREATE TABLE p (a INTEGER, b INTEGER %DESCRIPTION 'the ''b''', PRIMARY KEY (a, b), UNIQUE (b), CONSTRAINT small CHECK (a < (10)), "
        "%DESCRIPTION 'pairs')");
    run("CREATE TABLE c (x INTEGER, y INTEGER, CONSTRAINT both FOREIGN KEY (x, y) REFERENCES p (a, b), CONSTRAINT one FOREIGN KEY (y) REFERENCES p (b))");
    run("ALTER TABLE c ADD z INTEGER %DESCRIPTION 'later'");
    check({
        {"SELECT TABLE_NAME, DESCRIPTION FROM INFORMATION_SCHEMA.TABLES ORDER BY 1", "'c',NULL|'p','pairs'"},
        {"SELECT COLUMN_NAME, DESCRIPTION FROM INFORMATION_SCHEMA.COLUMNS WHERE DESCRIPTION IS NOT NULL ORDER BY 1", "'b','the 'b''|'z','later'"},
        {"SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM INFORMATION_SCHEMA.CHECK_CONSTRAINTS", "'small','a < (10)'"},
        {"SELECT CONSTRAINT_TABLE_NAME, CONSTRAINT_NAME, UNIQUE_CONSTRAINT_SCHEMA, UNIQUE_CONSTRAINT_TABLE, UNIQUE_CONSTRAINT_NAME "
         "FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS ORDER BY 2",
         "'c','both','SQLUser','p','P_PKEY'|'c','one','SQLUser','p','P_UNIQUE1'"},
        {"SELECT INDEX_NAME, PRIMARY_KEY FROM INFORMATION_SCHEMA.INDEXES WHERE ORDINAL_POSITION = 1 ORDER BY 1", "'P_PKEY',1|'P_UNIQUE1',0"},
        {"CREATE TABLE q (a INTEGER %DESCRIPTION)", "error 1"},
    });
}

TEST_F(SqlSchema, ConstraintsComeAndGo) {
    run("CREATE TABLE p (id INTEGER NOT NULL, code VARCHAR(5), n INTEGER)");
    run("CREATE TABLE c (p INTEGER, code VARCHAR(5))");
    run("INSERT INTO p VALUES (1,'a',1),(2,'b',2)");
    run("INSERT INTO c VALUES (1,'a')");
    check({
        {"ALTER TABLE p ADD CONSTRAINT pk PRIMARY KEY (id)", "0 rows"},
        {"ALTER TABLE p ADD PRIMARY KEY (code)", "error 307"},
        {"INSERT INTO p VALUES (1,'c',3)", "error 119"},
        {"ALTER TABLE p ADD CONSTRAINT u UNIQUE (code)", "0 rows"},
        {"ALTER TABLE p ADD CONSTRAINT U UNIQUE (n)", "error 324"},
        {"ALTER TABLE p ADD UNIQUE (nope)", "error 31"},
        {"UPDATE p SET code = 'A' WHERE id = 2", "error 120"},
        {"ALTER TABLE c ADD CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE", "0 rows"},
        {"ALTER TABLE c ADD CONSTRAINT F FOREIGN KEY (p) REFERENCES p (id)", "error 311"},
        {"ALTER TABLE c ADD FOREIGN KEY (code) REFERENCES p (n)", "error 314"},
        {"ALTER TABLE c ADD FOREIGN KEY (code) REFERENCES nothing", "error 310"},
        {"ALTER TABLE c ADD FOREIGN KEY (code, p) REFERENCES p (id)", "error 316"},
        {"ALTER TABLE c ADD FOREIGN KEY (code) REFERENCES p (code)", "0 rows"},
        {"ALTER TABLE c ADD CONSTRAINT positive CHECK (p > 0)", "0 rows"},
        {"INSERT INTO c VALUES (9,'a')", "error 121"},
        {"INSERT INTO c VALUES (1,'z')", "error 121"},
        {"INSERT INTO c VALUES (-1,'a')", "error 104"},
        {"UPDATE p SET id = 7 WHERE id = 1", "1 rows"},
        {"SELECT p FROM c", "7"},
        {"SELECT CONSTRAINT_NAME, CONSTRAINT_TYPE FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS ORDER BY 1",
         "'C_FKEY1','FOREIGN KEY'|'f','FOREIGN KEY'|'pk','PRIMARY KEY'|'positive','CHECK'|'u','UNIQUE'"},
        {"SELECT UPDATE_RULE, DELETE_RULE FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_NAME = 'f'", "'CASCADE','CASCADE'"},
        {"ALTER TABLE p DROP CONSTRAINT pk", "error 317"},
        {"DROP INDEX u ON p", "error 317"},
        {"ALTER TABLE c DROP CONSTRAINT nope", "error 315"},
        {"ALTER TABLE c DROP FOREIGN KEY positive", "error 315"},
        {"ALTER TABLE c DROP PRIMARY KEY", "error 315"},
        {"ALTER TABLE p DROP COLUMN id", "error 322"},
        {"ALTER TABLE c DROP COLUMN code", "error 322"},
        {"ALTER TABLE c DROP FOREIGN KEY F", "0 rows"},
        {"ALTER TABLE c DROP CONSTRAINT Positive RESTRICT", "0 rows"},
        {"INSERT INTO c VALUES (-1,'a')", "1 rows"},
        {"INSERT INTO c VALUES (1,'z')", "error 121"},
        {"ALTER TABLE c DROP COLUMN code CASCADE", "0 rows"},
        {"INSERT INTO c VALUES (9)", "1 rows"},
        {"ALTER TABLE p DROP PRIMARY KEY", "0 rows"},
        {"ALTER TABLE p DROP CONSTRAINT u", "0 rows"},
        {"INSERT INTO p VALUES (7,'a',1)", "1 rows"},
        {"SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME='p' AND (UNIQUE_COLUMN='YES' OR PRIMARY_KEY='YES')", ""},
        {"SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS", "0"},
        {"DROP TABLE p", "0 rows"},
    });
}

TEST_F(SqlSchema, ConstraintsAreCheckedAgainstTheRowsThatAreThere) {
    run("CREATE TABLE p (id INTEGER PRIMARY KEY)");
    run("CREATE TABLE t (a INTEGER, b VARCHAR(5), n INTEGER)");
    run("INSERT INTO p VALUES (1)");
    run("INSERT INTO t VALUES (1,'x',NULL),(2,'X',NULL)");
    check({
        {"ALTER TABLE t ADD CONSTRAINT u UNIQUE (b)", "error 125"},
        {"CREATE UNIQUE INDEX u ON t (b)", "error 125"},
        {"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (n)", "error 305"},
        {"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (b)", "error 125"},
        {"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p", "error 127"},
        {"ALTER TABLE t ADD CONSTRAINT g FOREIGN KEY (n) REFERENCES p", "0 rows"},
        {"ALTER TABLE t ADD CONSTRAINT c CHECK (a < 2)", "error 104"},
        {"ALTER TABLE t ADD CONSTRAINT c CHECK (n < 2)", "0 rows"},
        {"ALTER TABLE t ADD CONSTRAINT v UNIQUE (n)", "0 rows"}, // NULL is no duplicate
        {"ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a)", "0 rows"},
        {"INSERT INTO t (b) VALUES ('y')", "error 108"},
        {"INSERT INTO t VALUES (2,'y',NULL)", "error 119"},
        {"UPDATE t SET b = 'y' WHERE a = 2", "1 rows"}, // nothing is left of the constraints that failed
        {"UPDATE t SET b = 'x' WHERE a = 2", "1 rows"},
        {"ALTER TABLE t ADD CONSTRAINT d CHECK (a < ?)", "error 148"},
        {"ALTER TABLE t ADD q INTEGER UNIQUE CHECK (q > 0) REFERENCES p", "0 rows"},
        {"UPDATE t SET q = 1 WHERE a = 1", "1 rows"},
        {"UPDATE t SET q = 1 WHERE a = 2", "error 120"},
        {"UPDATE t SET q = -1 WHERE a = 2", "error 105"},
        {"UPDATE t SET q = 5 WHERE a = 2", "error 122"},
    });
}

TEST_F(SqlSchema, ConstraintsFollowTheirNames) {
    run("CREATE TABLE p (id INTEGER CONSTRAINT pk PRIMARY KEY, CONSTRAINT \"odd, (\"\" ' name\" CHECK (id <> 13))");
    run("CREATE TABLE c (x INTEGER CONSTRAINT f REFERENCES p, v VARCHAR(30) DEFAULT ', CONSTRAINT \"f\" (', CONSTRAINT u UNIQUE (x))");
    check({
        {"ALTER TABLE p RENAME COLUMN id TO \"key, \"", "0 rows"},
        {"ALTER TABLE p RENAME TO q", "0 rows"},
        {"ALTER TABLE c ALTER COLUMN x RENAME y", "0 rows"},
        {"ALTER TABLE c RENAME d", "0 rows"},
        {"INSERT INTO q VALUES (13)", "error 104"},
        {"INSERT INTO q VALUES (1)", "1 rows"},
        {"INSERT INTO d (y) VALUES (2)", "error 121"},
        {"SELECT COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE CONSTRAINT_NAME = 'f'",
         "'y','q','key, '"},
        {"ALTER TABLE q DROP CONSTRAINT \"odd, (\"\" ' name\"", "0 rows"},
        {"INSERT INTO q VALUES (13)", "1 rows"},
        {"DROP INDEX u ON d", "0 rows"},
        {"ALTER TABLE d DROP CONSTRAINT f", "0 rows"},
        {"INSERT INTO d (y) VALUES (2)", "1 rows"},
        {"INSERT INTO d (y) VALUES (2)", "1 rows"},
        {"SELECT v FROM d", "', CONSTRAINT \"f\" ('|', CONSTRAINT \"f\" ('"},
        {"ALTER TABLE d ADD COLUMN z INTEGER", "0 rows"},
        {"DROP TABLE q", "0 rows"},
    });
}

TEST_F(SqlSchema, TablesWithConstraintsAreMadeWhole) {
    check({
        {"CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER, PRIMARY KEY (b))", "error 307"},
        {"CREATE TABLE t (a IDENTITY, b IDENTITY)", "error 308"},
        {"CREATE TABLE t (a INTEGER, A INTEGER)", "error 306"},
        {"CREATE TABLE t (a INTEGER, CONSTRAINT x UNIQUE (a), CONSTRAINT X UNIQUE (a))", "error 324"},
        {"CREATE TABLE t (a INTEGER, FOREIGN KEY (a) REFERENCES t (a))", "error 314"},
        {"CREATE TABLE t (a INTEGER, up INTEGER REFERENCES t, PRIMARY KEY (a))", "0 rows"},
        {"INSERT INTO t VALUES (1, 1)", "1 rows"},
        {"INSERT INTO t VALUES (2, 3)", "error 121"},
        {"INSERT INTO t VALUES (NULL, 1)", "error 108"},
        {"CREATE TABLE i (id IDENTITY PRIMARY KEY, up BIGINT REFERENCES i(ID))", "0 rows"},
        {"INSERT INTO i (up) VALUES (NULL)", "1 rows"},
        {"INSERT INTO i (up) VALUES (1)", "1 rows"},
        {"INSERT INTO i (up) VALUES (9)", "error 121"},
        {"ALTER TABLE i DROP PRIMARY KEY", "error 317"},
        {"CREATE INDEX ix ON t (up)", "0 rows"},
        {"CREATE INDEX IX ON t (a)", "error 324"},
        {"CREATE INDEX ix ON i (up)", "0 rows"},
        {"DROP INDEX ix", "error 334"},
        {"DROP INDEX ix ON i", "0 rows"},
        {"DROP INDEX ix", "0 rows"},
    });
}

TEST_F(SqlSchema, FilesOfEarlierVersionsAreRead) {
    const auto path = ::testing::TempDir() + "irislink-earlier-" + std::to_string(::getpid());
    {
        database first{database::options{path}};
        session on(first, "demo", "USER");
        EXPECT_EQ(run(on, "CREATE TABLE p (id INTEGER PRIMARY KEY)"), "0 rows");
        EXPECT_EQ(run(on, "CREATE TABLE c (x INTEGER CONSTRAINT f REFERENCES p)"), "0 rows");
    }
    {
        sqlite3* raw = nullptr;
        ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
        const sqlite_handle db(raw);
        execute_sql(
            raw, "ALTER TABLE _iris_foreign_keys DROP COLUMN update_rule; ALTER TABLE _iris_tables DROP COLUMN description; "
                 "ALTER TABLE _iris_columns DROP COLUMN description; DROP TABLE _iris_checks; DROP TABLE _iris_schemas"
        );
    }
    {
        database second{database::options{path}};
        session on(second, "demo", "USER");
        EXPECT_EQ(run(on, "SELECT UPDATE_RULE FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS"), "'NO ACTION'");
        EXPECT_EQ(run(on, "CREATE SCHEMA s"), "0 rows");
        EXPECT_EQ(run(on, "ALTER TABLE c DROP CONSTRAINT f"), "0 rows");
        EXPECT_EQ(run(on, "CREATE TABLE d (a INTEGER DEFAULT 7 %DESCRIPTION 'seven')"), "0 rows");
        EXPECT_EQ(run(on, "SELECT COLUMN_DEFAULT, DESCRIPTION FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'd'"), "'7','seven'");
    }
    for (const auto* const suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
}

TEST_F(SqlSchema, SchemasAreMadeAndDropped) {
    check({
        {"CREATE SCHEMA Sales", "0 rows"},
        {"CREATE SCHEMA SALES", "error 476"},
        {"CREATE SCHEMA IF NOT EXISTS sales", "0 rows"},
        {"CREATE SCHEMA SQLUser", "error 476"},
        {"CREATE SCHEMA INFORMATION_SCHEMA", "error 476"},
        {"SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = 'Sales'", ""}, // as in IRIS: not before it has a table
        {"DROP SCHEMA sales", "0 rows"},
        {"DROP SCHEMA sales", "error 312"},
        {"DROP SCHEMA IF EXISTS sales", "0 rows"},
        {"CREATE TABLE Sales.a (id INTEGER PRIMARY KEY, b INTEGER)", "0 rows"},
        {"CREATE TABLE Sales.b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES Sales.a ON DELETE SET NULL)", "0 rows"},
        {"ALTER TABLE Sales.a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES Sales.b", "0 rows"},
        {"CREATE VIEW Sales.v AS SELECT id FROM Sales.a", "0 rows"},
        {"INSERT INTO Sales.a VALUES (1, NULL)", "1 rows"},
        {"INSERT INTO Sales.b VALUES (1, 1)", "1 rows"},
        {"UPDATE Sales.a SET b = 1", "1 rows"},
        {"SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = 'Sales'", "'Sales'"},
        {"CREATE SCHEMA sales", "error 476"}, // a table's schema is one
        {"DROP SCHEMA Sales", "error 482"},
        {"DROP SCHEMA Sales RESTRICT", "error 482"},
        {"CREATE TABLE outside (a INTEGER REFERENCES Sales.a)", "0 rows"},
        {"DROP SCHEMA Sales CASCADE", "error 320"},
        {"DROP TABLE outside", "0 rows"},
        {"DROP SCHEMA Sales CASCADE", "0 rows"},
        {"SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'Sales'", "0"},
        {"SELECT id FROM Sales.a", "error 30"},
        {"DROP SCHEMA INFORMATION_SCHEMA CASCADE", "error 312"},
        {"CREATE TABLE Sales.a (id INTEGER)", "0 rows"},
    });
}

} // namespace
} // namespace irislink::sandbox::sql::test
