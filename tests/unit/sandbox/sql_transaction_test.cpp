#include <atomic>
#include <thread>

#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

class SqlTransaction : public sql_fixture {
protected:
    void SetUp() override { ASSERT_EQ(run("CREATE TABLE t (a INTEGER)"), "0 rows"); }

    session other{shared, "demo", "USER"};
};

TEST_F(SqlTransaction, OthersSeeNothingBeforeTheCommit) {
    own.set_autocommit(false);
    EXPECT_EQ(run("INSERT INTO t VALUES (1)"), "1 rows");
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "1");
    EXPECT_EQ(run(other, "SELECT COUNT(*) FROM t"), "0");
    EXPECT_TRUE(own.in_transaction());
    own.rollback();
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "0");
    EXPECT_EQ(run("INSERT INTO t VALUES (2)"), "1 rows");
    own.commit();
    EXPECT_EQ(run(other, "SELECT a FROM t"), "2");
    EXPECT_FALSE(own.in_transaction());
}

TEST_F(SqlTransaction, SqlTextAndCallsActOnTheSameTransaction) {
    EXPECT_EQ(run("START TRANSACTION"), "0 rows");
    EXPECT_TRUE(own.in_transaction());
    run("INSERT INTO t VALUES (1)");
    EXPECT_EQ(run("SAVEPOINT one"), "0 rows");
    run("INSERT INTO t VALUES (2)");
    EXPECT_EQ(run("ROLLBACK TO SAVEPOINT one"), "0 rows");
    EXPECT_EQ(run("ROLLBACK TO SAVEPOINT nope"), "error 301");
    EXPECT_EQ(run("SAVEPOINT"), "error 301");
    EXPECT_EQ(run("COMMIT WORK"), "0 rows");
    EXPECT_EQ(run(other, "SELECT a FROM t"), "1");
    run("START TRANSACTION");
    run("DELETE FROM t");
    EXPECT_EQ(run("ROLLBACK"), "0 rows");
    EXPECT_EQ(run(other, "SELECT a FROM t"), "1");
}

TEST_F(SqlTransaction, DdlIsPartOfTheTransaction) {
    own.set_autocommit(false);
    EXPECT_EQ(run("CREATE TABLE u (a INTEGER)"), "0 rows");
    EXPECT_EQ(run("INSERT INTO u VALUES (1)"), "1 rows");
    EXPECT_EQ(run(other, "SELECT * FROM u"), "error 30");
    own.rollback();
    EXPECT_EQ(run("SELECT * FROM u"), "error 30");
    EXPECT_EQ(run("CREATE TABLE u (b VARCHAR(3))"), "0 rows");
    own.commit();
    EXPECT_EQ(run(other, "SELECT b FROM u"), "");
}

TEST_F(SqlTransaction, AnOpenCursorOutlivesTheCommit) {
    own.set_autocommit(false);
    for (int i = 0; i < 5; ++i) run("INSERT INTO t VALUES (" + std::to_string(i) + ")");
    auto rows = own.open(*own.prepare("SELECT a FROM t ORDER BY a"), {});
    ASSERT_TRUE(rows->next());
    own.commit();
    for (int i = 1; i < 5; ++i) {
        ASSERT_TRUE(rows->next());
        EXPECT_EQ(rows->get(0).integer, i);
    }
    EXPECT_FALSE(rows->next());
}

TEST_F(SqlTransaction, AReaderDoesNotBlockWriters) {
    run("INSERT INTO t VALUES (1),(2),(3)");
    auto rows = own.open(*own.prepare("SELECT a FROM t"), {});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(run(other, "INSERT INTO t VALUES (4)"), "1 rows");
    EXPECT_EQ(run("INSERT INTO t VALUES (5)"), "1 rows");
}

TEST_F(SqlTransaction, AWriterWaitsAndThenSaysSo) {
    database quick{database::options{{}, 100}};
    session a{quick, "a", "USER"};
    session b{quick, "b", "USER"};
    run(a, "CREATE TABLE t (a INTEGER)");
    a.set_autocommit(false);
    run(a, "INSERT INTO t VALUES (1)");
    EXPECT_EQ(run(b, "INSERT INTO t VALUES (2)"), "error 110");
    a.commit();
    EXPECT_EQ(run(b, "INSERT INTO t VALUES (2)"), "1 rows");
}

TEST_F(SqlTransaction, ManyWritersLoseNothing) {
    constexpr int writers = 16;
    constexpr int each = 100;
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w)
        threads.emplace_back([&] {
            session mine{shared, "w", "USER"};
            for (int i = 0; i < each; ++i)
                if (run(mine, "INSERT INTO t VALUES (1)") != "1 rows") ++failures;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), std::to_string(writers * each));
}

TEST_F(SqlTransaction, InterruptStopsALongQueryAndTheSessionGoesOn) {
    run("INSERT INTO t VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
    std::thread killer([this] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        own.interrupt();
    });
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run("SELECT COUNT(*) FROM t a, t b, t c, t d, t e, t f, t g, t h, t i, t j, t k"), "error 456");
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
    killer.join();
    own.clear_interrupt();
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "10");
}

TEST_F(SqlTransaction, ADeadlineIsATimeout) {
    run("INSERT INTO t VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
    own.set_deadline(std::chrono::steady_clock::now() + std::chrono::milliseconds(100));
    EXPECT_EQ(run("SELECT COUNT(*) FROM t a, t b, t c, t d, t e, t f, t g, t h, t i, t j, t k"), "error 450");
    own.set_deadline(std::nullopt);
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "10");
}

} // namespace
} // namespace irislink::sandbox::sql::test
