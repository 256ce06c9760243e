#include "tests/unit/sandbox/sql_fixture.hpp"

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

} // namespace
} // namespace irislink::sandbox::sql::test
