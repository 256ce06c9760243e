// Keys that the server gives to new rows, against the sandbox.

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

class GeneratedKey : public ::testing::Test {
protected:
    GeneratedKey() { db_.execute("create table K (Name varchar(20))"); }

    sandbox_runner server_;
    connection db_{server_.uri()};
};

TEST_F(GeneratedKey, IsThatOfTheNewRow) {
    db_.execute("insert into K values ('before')");
    // Directly, without parameters; prepared, with them; and again from the cache.
    const auto direct = db_.execute(with_generated_keys, "insert into K values ('direct')");
    EXPECT_EQ(direct.rows, 1);
    const auto prepared = db_.execute(with_generated_keys, "insert into K values (?)", "prepared");
    const auto cached = db_.execute(with_generated_keys, "insert into K values (?)", "cached");
    ASSERT_TRUE(direct.generated_key() && prepared.generated_key() && cached.generated_key());
    const std::pair<const char*, const execute_result&> all[] = {{"direct", direct}, {"prepared", prepared}, {"cached", cached}};
    for (const auto& [name, made] : all) {
        ASSERT_EQ(made.generated_keys.size(), 1U);
        EXPECT_EQ(flat(db_.query("select Name from K where %ID = ?", *made.generated_key())), name);
    }
    EXPECT_EQ(db_.last_identity(), cached.generated_key());
}

TEST_F(GeneratedKey, OfAPreparedStatement) {
    auto insert = db_.prepare("insert into K values (?)");
    const auto first = insert.execute(with_generated_keys, "a").generated_key();
    EXPECT_TRUE(insert.execute("b").generated_keys.empty());
    const auto third = insert.execute(with_generated_keys, "c").generated_key();
    ASSERT_TRUE(first && third);
    EXPECT_EQ(*third, *first + 2);
}

TEST_F(GeneratedKey, IsAbsentWhereThereIsNone) {
    (void)db_.execute(with_generated_keys, "insert into K values ('a')");
    EXPECT_TRUE(db_.execute("insert into K values ('b')").generated_keys.empty());
    // Nothing was inserted: the key of an earlier row is not this statement's.
    const auto nothing = db_.execute(with_generated_keys, "insert into K select Name from K where Name = 'no such'");
    EXPECT_EQ(nothing.rows, 0);
    EXPECT_TRUE(nothing.generated_keys.empty());
    // Neither is it that of a statement that changes or deletes rows.
    const auto changed = db_.execute(with_generated_keys, "update K set Name = 'c' where Name = 'b'");
    EXPECT_EQ(changed.rows, 1);
    EXPECT_TRUE(changed.generated_keys.empty());
    EXPECT_TRUE(db_.execute(with_generated_keys, "update K set Name = ? where Name = ?", "b", "c").generated_keys.empty());
    db_.execute("insert into K values ('gone')");
    EXPECT_TRUE(db_.execute(with_generated_keys, "delete from K where Name = 'gone'").generated_keys.empty());
    EXPECT_TRUE(db_.last_identity());
    EXPECT_TRUE(db_.execute(with_generated_keys, "create table L (N integer)").generated_keys.empty());
    EXPECT_EQ(failure_of([&] { db_.execute(with_generated_keys, "insert into NoSuchTable values (1)"); }).native, -30);
    EXPECT_EQ(failure_of([&] { db_.execute(with_generated_keys, "select 1"); }).sqlstate, "HY000");
    EXPECT_EQ(flat(db_.query("select count(*) from K")), "2");
}

TEST_F(GeneratedKey, IsGivenToAsynchronousCallsToo) {
    boost::asio::io_context context;
    connection db(context.get_executor());
    auto connected = db.async_connect(connect_options(server_.uri()), boost::asio::use_future);
    context.run();
    connected.get();
    auto running = db.async_run(with_generated_keys, "insert into K values (?)", {std::string("async")}, boost::asio::use_future);
    context.restart();
    context.run();
    const auto key = std::get<execute_result>(running.get()).generated_key();
    ASSERT_TRUE(key);
    EXPECT_EQ(flat(db_.query("select Name from K where %ID = ?", *key)), "async");
    auto refused = db.async_run(with_generated_keys, "select 1", {}, boost::asio::use_future);
    context.restart();
    context.run();
    EXPECT_EQ(failure_of([&] { (void)refused.get(); }).sqlstate, "HY000");
}

} // namespace
} // namespace irislink::test
