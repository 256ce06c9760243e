// What SQL functions do when they fail, and how text is ordered.

#include <new>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

void out_of_memory(sqlite3_context*, int, sqlite3_value**) {
    throw std::bad_alloc();
}

void faulty(sqlite3_context*, int, sqlite3_value**) {
    throw std::out_of_range("no such place");
}

// SQLite is C: what is thrown within a function has to become an error there.
TEST(SqlFunction, LetsNoExceptionCrossSqlite) {
    sqlite3* opened = nullptr;
    ASSERT_EQ(sqlite3_open(":memory:", &opened), SQLITE_OK);
    const sqlite_handle db(opened);
    int owner = 7;
    register_function(db.get(), "out_of_memory", 0, out_of_memory);
    register_function(db.get(), "faulty", 0, faulty);
    register_function(
        db.get(), "its_owner", 0, [](sqlite3_context* context, int, sqlite3_value**) { sqlite3_result_int(context, *static_cast<int*>(owner_of(context))); },
        &owner
    );
    const auto first = prepare_sql(db.get(), "SELECT out_of_memory()");
    EXPECT_EQ(sqlite3_step(first.get()), SQLITE_NOMEM);
    const auto second = prepare_sql(db.get(), "SELECT faulty()");
    EXPECT_EQ(sqlite3_step(second.get()), SQLITE_ERROR);
    EXPECT_STREQ(sqlite3_errmsg(db.get()), "no such place");
    const auto third = prepare_sql(db.get(), "SELECT its_owner()");
    ASSERT_EQ(sqlite3_step(third.get()), SQLITE_ROW);
    EXPECT_EQ(sqlite3_column_int(third.get(), 0), 7);
}

class SqlOrder : public sql_fixture {};

TEST_F(SqlOrder, IsThatOfTheCapitalsOfAnyScript) {
    ASSERT_EQ(run("CREATE TABLE o (v VARCHAR(20))"), "0 rows");
    ASSERT_EQ(run("INSERT INTO o VALUES ('é'), ('Ez'), ('É1'), ('éa'), ('xß'), ('xÄ'), ('xäb'), ('z')"), "8 rows");
    EXPECT_EQ(run("SELECT v FROM o ORDER BY v"), "'Ez'|'xÄ'|'xäb'|'xß'|'z'|'é'|'É1'|'éa'");
    EXPECT_EQ(run("SELECT v FROM o WHERE v = 'XÄB'"), "'xäb'");
    EXPECT_EQ(run("SELECT COUNT(*) FROM o WHERE v > 'É'"), "2");
}

} // namespace
} // namespace irislink::sandbox::sql::test
