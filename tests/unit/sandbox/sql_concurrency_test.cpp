#include <atomic>
#include <thread>

#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr const char* endless = "SELECT COUNT(*) FROM t a, t b, t c, t d, t e, t f, t g, t h, t i, t j, t k";

class SqlConcurrency : public sql_fixture {
protected:
    void SetUp() override {
        ASSERT_EQ(run("CREATE TABLE t (a INTEGER)"), "0 rows");
        ASSERT_EQ(run("INSERT INTO t VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)"), "10 rows");
    }

    std::unique_ptr<cursor> begun(session& on, const std::string& sql) {
        auto rows = on.open(*on.prepare(sql), {});
        EXPECT_TRUE(rows->next());
        return rows;
    }

    session other{shared, "demo", "USER"};
};

TEST_F(SqlConcurrency, ASessionSeesItsWritesWhileACursorIsOpen) {
    const auto rows = begun(own, "SELECT a FROM t ORDER BY a");
    EXPECT_EQ(run("INSERT INTO t VALUES (100)"), "1 rows");
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "11");
    EXPECT_EQ(run("CREATE TABLE u (b INTEGER)"), "0 rows");
    EXPECT_EQ(run("SELECT * FROM u"), "");
    int left = 0;
    while (rows->next()) ++left;
    EXPECT_EQ(left, 9) << "a cursor shows what was there when it was opened";
}

TEST_F(SqlConcurrency, OpenCursorsSurviveACommitAndAreClosedByARollback) {
    own.set_autocommit(false);
    run("INSERT INTO t VALUES (10)");
    const auto kept = begun(own, "SELECT a FROM t ORDER BY a");
    own.commit();
    EXPECT_EQ(run(other, "INSERT INTO t VALUES (11)"), "1 rows");
    run("INSERT INTO t VALUES (12)");
    const auto lost = begun(own, "SELECT a FROM t ORDER BY a");
    own.rollback();
    int left = 0;
    while (kept->next()) ++left;
    EXPECT_EQ(left, 10);
    try {
        (void)lost->next();
        FAIL() << "rows of a transaction that never was";
    } catch (const sql_error& error) {
        EXPECT_EQ(error.code, 102);
    }
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "12");
}

TEST_F(SqlConcurrency, AnEndlessCursorDelaysNeitherCommitNorRollback) {
    own.set_autocommit(false);
    run("INSERT INTO t VALUES (10)");
    const auto rows = begun(own, "SELECT a.a FROM t a, t b, t c, t d, t e, t f, t g, t h, t i, t j, t k");
    const auto start = clock::now();
    own.commit();
    run("INSERT INTO t VALUES (10)");
    const auto more = begun(own, "SELECT a.a FROM t a, t b, t c, t d, t e, t f, t g, t h, t i, t j, t k");
    own.rollback();
    EXPECT_LT(clock::now() - start, 2s);
    EXPECT_TRUE(rows->next());
}

TEST_F(SqlConcurrency, ACursorMayOutliveItsSession) {
    auto short_lived = std::make_unique<session>(shared, "demo", "USER");
    const auto rows = begun(*short_lived, "SELECT a FROM t");
    short_lived.reset();
    EXPECT_THROW((void)rows->next(), sql_error);
}

TEST_F(SqlConcurrency, TwoCursorsOnOneTextDoNotDisturbEachOther) {
    const auto first = begun(own, "SELECT a FROM t ORDER BY a");
    const auto second = begun(own, "SELECT a FROM t ORDER BY a");
    ASSERT_TRUE(first->next());
    ASSERT_TRUE(first->next());
    EXPECT_EQ(first->get(0).integer, 2);
    EXPECT_EQ(second->get(0).integer, 0);
}

TEST_F(SqlConcurrency, SchemaChangesOfOthersAreSeenAndPreparedStatementsFollow) {
    const auto count = own.prepare("SELECT COUNT(*) FROM t");
    const auto all = own.prepare("SELECT * FROM t");
    const auto insert = own.prepare("INSERT INTO t (a) VALUES (?)");
    EXPECT_FALSE(own.stale(*count));
    ASSERT_EQ(run(other, "ALTER TABLE t ADD COLUMN b VARCHAR(5)"), "0 rows");
    EXPECT_TRUE(own.stale(*count));
    auto rows = own.open(*count, {});
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->get(0).integer, 10);
    try {
        (void)own.open(*all, {});
        FAIL() << "the statement has a column more now";
    } catch (const sql_error& error) {
        EXPECT_EQ(error.code, 404);
    }
    std::optional<sql_error> failure;
    const std::vector<sql_value> value{std::int64_t{7}};
    EXPECT_EQ(own.execute(*insert, 1, value, failure).at(0), 1);
    ASSERT_EQ(run(other, "DROP TABLE t"), "0 rows");
    EXPECT_EQ(own.execute(*insert, 1, value, failure).at(0), -3);
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code, 30);
    // The value would be one of another type now.
    ASSERT_EQ(run(other, "CREATE TABLE t (a VARCHAR(5))"), "0 rows");
    try {
        (void)own.execute(*insert, 1, value, failure);
        FAIL() << "the parameter is of another type now";
    } catch (const sql_error& error) {
        EXPECT_EQ(error.code, 404);
    }
}

TEST_F(SqlConcurrency, OneOfManyCreatesATable) {
    std::atomic<int> created{0};
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            session mine{shared, "w", "USER"};
            const auto outcome = run(mine, "CREATE TABLE contested (a INTEGER)");
            if (outcome == "0 rows") ++created;
            if (outcome == "error 201") ++refused;
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(created, 1);
    EXPECT_EQ(refused, 7);
}

TEST_F(SqlConcurrency, ACancelledWriteEndsItsTransactionCleanly) {
    own.set_autocommit(false);
    ASSERT_EQ(run("INSERT INTO t VALUES (50)"), "1 rows");
    own.set_deadline(clock::now() + 100ms);
    EXPECT_EQ(run(std::string("INSERT INTO t ") + endless), "error 450");
    own.set_deadline(std::nullopt);
    // Whatever became of the transaction, the session says the truth about it and others can write.
    const bool open = own.in_transaction();
    own.rollback();
    EXPECT_FALSE(own.in_transaction());
    EXPECT_FALSE(open) << "SQLite rolls a cancelled write back with its transaction";
    EXPECT_EQ(run(other, "INSERT INTO t VALUES (51)"), "1 rows");
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "11");
}

TEST_F(SqlConcurrency, ACancelReachesASessionThatWaitsForTheLock) {
    own.set_autocommit(false);
    run("INSERT INTO t VALUES (1)");
    const auto start = clock::now();
    std::thread killer([this] {
        std::this_thread::sleep_for(100ms);
        other.interrupt();
    });
    EXPECT_EQ(run(other, "INSERT INTO t VALUES (2)"), "error 456");
    EXPECT_LT(clock::now() - start, 2s);
    killer.join();
    own.commit();
    other.clear_interrupt();
    EXPECT_EQ(run(other, "INSERT INTO t VALUES (2)"), "1 rows");
}

TEST_F(SqlConcurrency, ACancelTakesMilliseconds) {
    std::atomic<clock::rep> asked{0};
    std::thread killer([&] {
        std::this_thread::sleep_for(100ms);
        asked = clock::now().time_since_epoch().count();
        own.interrupt();
    });
    EXPECT_EQ(run(endless), "error 456");
    const auto took = clock::now().time_since_epoch() - clock::duration(asked.load());
    killer.join();
    own.clear_interrupt();
    EXPECT_LT(took, 200ms);
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "10");
}

TEST_F(SqlConcurrency, HundredsOfSessionsWriteWithoutLoss) {
    constexpr int sessions = 200;
    constexpr int each = 50;
    run("CREATE TABLE w (who INTEGER, n INTEGER)");
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int who = 0; who < sessions; ++who)
        threads.emplace_back([&, who] {
            session mine{shared, "w", "USER"};
            const auto insert = mine.prepare("INSERT INTO w VALUES (?, ?)");
            for (int n = 0; n < each; ++n) {
                std::optional<sql_error> failure;
                const std::vector<sql_value> values{std::int64_t{who}, std::int64_t{n}};
                if (mine.execute(*insert, 1, values, failure) != std::vector<std::int64_t>{1}) ++failures;
            }
            if (run(mine, "SELECT COUNT(*) FROM w WHERE who = " + std::to_string(who)) != std::to_string(each)) ++failures;
        });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(
        run("SELECT COUNT(*), COUNT(DISTINCT who), SUM(n) FROM w"),
        std::to_string(sessions * each) + "," + std::to_string(sessions) + "," + std::to_string(sessions * each * (each - 1) / 2)
    );
}

TEST_F(SqlConcurrency, IdleSessionsCostNoFiles) {
    std::vector<std::unique_ptr<session>> idle;
    for (int i = 0; i < 1000; ++i) {
        idle.push_back(std::make_unique<session>(shared, "idle", "USER"));
        ASSERT_EQ(run(*idle.back(), "SELECT 1 FROM t WHERE a = 5"), "1");
        if (i % 100 == 0) {
            ASSERT_EQ(run(*idle.back(), "INSERT INTO t VALUES (5000)"), "1 rows");
        }
    }
    EXPECT_EQ(run("SELECT COUNT(*) FROM t WHERE a = 5000"), "10");
}

TEST_F(SqlConcurrency, SavepointsNestAndGoWithTheirOuterOnes) {
    own.set_autocommit(false);
    run("DELETE FROM t");
    run("INSERT INTO t VALUES (1)");
    EXPECT_EQ(run("SAVEPOINT a"), "0 rows");
    run("INSERT INTO t VALUES (2)");
    EXPECT_EQ(run("SAVEPOINT b"), "0 rows");
    run("INSERT INTO t VALUES (3)");
    EXPECT_EQ(run("ROLLBACK TO SAVEPOINT b"), "0 rows");
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "2");
    EXPECT_EQ(run("ROLLBACK TO SAVEPOINT a"), "0 rows");
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "1");
    EXPECT_EQ(run("ROLLBACK TO SAVEPOINT b"), "error 301");
    EXPECT_EQ(run("SAVEPOINT SYSTEM1"), "error 302");
    EXPECT_TRUE(own.in_transaction());
    own.rollback();
    EXPECT_EQ(run("ROLLBACK TO SAVEPOINT a"), "error 301");
    EXPECT_EQ(run("SELECT COUNT(*) FROM t"), "10");
}

} // namespace
} // namespace irislink::sandbox::sql::test
