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

} // namespace
} // namespace irislink::sandbox::sql::test
