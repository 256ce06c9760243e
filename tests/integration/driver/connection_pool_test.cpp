// The pool against a real server: lent, reset, dropped, waited for and closed, from many threads.

#include <algorithm>
#include <atomic>
#include <thread>

#include "driver/session/session.hpp"
#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class ConnectionPool : public ::testing::Test {
protected:
    sandbox_runner server_;
    connect_options options_{server_.uri()};
};

TEST_F(ConnectionPool, SixteenThreadsShareFourConnections) {
    connection_pool pool(options_, {.max_size = 4});
    std::atomic<int> right{0};
    std::atomic<int> lent{0};
    std::atomic<int> most{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                auto db = pool.acquire();
                const int now = ++lent;
                for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
                }
                if (flat(db->query("select ?", 1000 * t + i)) == std::to_string(1000 * t + i)) ++right;
                --lent;
            }
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(right, 3200);
    EXPECT_LE(most, 4);
    const auto counts = pool.statistics();
    EXPECT_EQ(counts.acquired, 3200U);
    EXPECT_LE(counts.connected, 4U);
    EXPECT_EQ(counts.idle, counts.open);
    EXPECT_EQ(counts.waiting, 0U);
}

TEST_F(ConnectionPool, ReturnResetsTheConnection) {
    connection_pool pool(options_, {.max_size = 1});
    std::int64_t job = 0;
    isolation before{};
    {
        auto db = pool.acquire();
        job = db->server().job;
        before = db->current_isolation();
        db->execute("create table T (N integer)");
        db->set_autocommit(false);
        db->set_isolation(isolation::read_committed);
        db->execute("insert into T values (1)");
    }
    auto db = pool.acquire();
    EXPECT_EQ(db->server().job, job);
    EXPECT_TRUE(db->autocommit());
    EXPECT_EQ(db->current_isolation(), before);
    EXPECT_EQ(flat(db->query("select count(*) from T")), "0");
}

// A reset keeps the namespace (wire-session 6.5): nobody gets the one that somebody else chose.
TEST_F(ConnectionPool, AChangedNamespaceIsNotLentAgain) {
    connection_pool pool(options_, {.max_size = 1});
    std::int64_t job = 0;
    {
        auto db = pool.acquire();
        job = db->server().job;
        db->execute("create table HERE (N integer)");
        db->execute("use %SYS");
    }
    EXPECT_EQ(pool.statistics().dropped, 1U);
    auto db = pool.acquire();
    EXPECT_NE(db->server().job, job);
    EXPECT_EQ(flat(db->query("select count(*) from HERE")), "0");
}

TEST_F(ConnectionPool, WaitEndsAtTheDeadline) {
    connection_pool pool(options_, {.max_size = 1});
    const auto held = pool.acquire();
    EXPECT_FALSE(pool.try_acquire());
    const stopwatch time;
    const auto why = failure_of([&] { (void)pool.acquire(200ms); });
    EXPECT_GE(time.elapsed(), 190ms);
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_EQ(why.code, errc::timed_out);
    EXPECT_FALSE(why.fatal);
    EXPECT_EQ(pool.statistics().timed_out, 1U);
}

TEST_F(ConnectionPool, ReturnWakesAWaiter) {
    connection_pool pool(options_, {.max_size = 1});
    auto held = pool.acquire();
    std::string got;
    std::thread waiter([&] { got = flat(pool.acquire(10s)->query("select 5")); });
    while (pool.statistics().waiting == 0) std::this_thread::sleep_for(1ms);
    held.release();
    waiter.join();
    EXPECT_EQ(got, "5");
}

TEST_F(ConnectionPool, DeadConnectionsAreReplaced) {
    connection_pool pool(options_, {.max_size = 2, .ping_after = 0ms});
    pool.acquire()->session()->shut_down();
    EXPECT_EQ(pool.statistics().open, 0U);
    EXPECT_EQ(flat(pool.acquire()->query("select 1")), "1");
    EXPECT_EQ(pool.statistics().connected, 2U);
}

TEST_F(ConnectionPool, ServerGoneIsFoundBeforeLending) {
    connection_pool pool(options_, {.min_size = 2, .max_size = 2, .ping_after = 0ms});
    server_.kill();
    const auto why = failure_of([&] { (void)pool.acquire(); });
    EXPECT_EQ(why.step, step::connect);
    EXPECT_EQ(why.sqlstate, "08001");
    EXPECT_EQ(pool.statistics().open, 0U);
    EXPECT_EQ(pool.statistics().dropped, 2U);
}

TEST_F(ConnectionPool, OldAndIdleConnectionsGo) {
    connection_pool aging(options_, {.max_size = 2, .max_lifetime = 1ms});
    const auto first = aging.acquire()->server().job;
    std::this_thread::sleep_for(5ms);
    EXPECT_NE(aging.acquire()->server().job, first);
    connection_pool resting(options_, {.max_size = 2, .idle_timeout = 1ms});
    (void)resting.acquire();
    std::this_thread::sleep_for(5ms);
    (void)resting.acquire();
    EXPECT_EQ(resting.statistics().connected, 2U);
    EXPECT_EQ(resting.statistics().dropped, 1U);
}

TEST_F(ConnectionPool, CloseWakesWaitersAndTakesWhatComesBack) {
    connection_pool pool(options_, {.max_size = 1});
    auto held = pool.acquire();
    diagnostic why;
    std::thread waiter([&] { why = failure_of([&] { (void)pool.acquire(10s); }); });
    while (pool.statistics().waiting == 0) std::this_thread::sleep_for(1ms);
    pool.close();
    waiter.join();
    EXPECT_EQ(why.sqlstate, "08003");
    EXPECT_EQ(flat(held->query("select 1")), "1");
    held.release();
    EXPECT_EQ(pool.statistics().open, 0U);
}

TEST_F(ConnectionPool, HandleOutlivesThePool) {
    std::optional<connection_pool> pool(std::in_place, options_);
    const auto held = pool->acquire();
    pool.reset();
    EXPECT_EQ(flat(held->query("select 1")), "1");
}

TEST_F(ConnectionPool, StoredTokenIsRefused) {
    options_.set("TwoFactorToken", "123456");
    const auto why = failure_of([&] { connection_pool pool(options_); });
    EXPECT_EQ(why.step, step::settings);
    EXPECT_EQ(why.text.find("123456"), std::string::npos);
}

TEST_F(ConnectionPool, KeyCoversIdentityAndProtection) {
    const auto key_with = [&](const char* keyword, const char* value) {
        auto with = options_;
        if (*keyword != '\0') with.set(keyword, value);
        return connection_pool(with).key();
    };
    const auto plain = key_with("", "");
    EXPECT_EQ(plain, key_with("", ""));
    std::vector<std::string> keys{
        plain,
        key_with("PWD", "other"),
        key_with("UID", "other"),
        key_with("Database", "OTHER"),
        key_with("TlsMode", "verify-full"),
        key_with("TlsMode", "require"),
        key_with("AccessToken", "abc"),
        key_with("TwoFactorCommand", "code")};
    std::sort(keys.begin(), keys.end());
    EXPECT_EQ(std::unique(keys.begin(), keys.end()), keys.end());
    EXPECT_EQ(plain.size(), 64U);
}

} // namespace
} // namespace irislink::test
