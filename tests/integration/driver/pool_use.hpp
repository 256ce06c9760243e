#pragma once
// The same load on a pool of any protection: threads on a blocking one, coroutines on an asynchronous one.

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>
#include <vector>

#include "tests/integration/driver/driver_fixture.hpp"

namespace irislink::test {

// The only value of the only row.
inline boost::asio::awaitable<std::int64_t> async_number(connection& db, std::string sql, std::int64_t parameter) {
    std::vector<value> values{parameter};
    auto outcome = co_await db.async_run(std::move(sql), std::move(values), boost::asio::use_awaitable);
    auto rows = std::get<result>(std::move(outcome));
    std::int64_t out = -1;
    do {
        while (rows.next_in_block()) out = rows.current().get<std::int64_t>(0);
    } while (co_await db.async_next_block(rows, boost::asio::use_awaitable));
    co_return out;
}

inline void use_from_threads(const connect_options& options) {
    connection_pool pool(options, {.max_size = 3});
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                auto db = pool.acquire();
                if (flat(db->query("select ?", 1000 * t + i)) == std::to_string(1000 * t + i)) ++right;
            }
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(right, 120);
    EXPECT_LE(pool.statistics().connected, 3U);
    EXPECT_EQ(pool.statistics().dropped, 0U);
}

inline void use_from_coroutines(const connect_options& options) {
    namespace asio = boost::asio;
    asio::io_context context(1);
    connection_pool pool(context.get_executor(), options, {.max_size = 3});
    int right = 0;
    int ended = 0;
    const auto work = [&](int t) -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) {
            auto db = co_await pool.async_acquire(asio::use_awaitable);
            if (co_await async_number(*db, "select ?", 1000 * t + i) == 1000 * t + i) ++right;
        }
    };
    for (int t = 0; t < 6; ++t)
        asio::co_spawn(context, work(t), [&ended](std::exception_ptr failure) {
            EXPECT_EQ(failure, nullptr);
            ++ended;
        });
    context.run();
    EXPECT_EQ(ended, 6);
    EXPECT_EQ(right, 120);
    EXPECT_EQ(pool.statistics().connected, 3U);
    EXPECT_EQ(pool.statistics().idle, 3U);
    EXPECT_EQ(pool.statistics().dropped, 0U);
}

} // namespace irislink::test
