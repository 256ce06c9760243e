#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "irislink/irislink.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

// Sanitizers make everything some ten times slower; they look for other faults than lost rows.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int statements_each = 50;
#else
constexpr int statements_each = 1000;
#endif

TEST(ManySessions, TwoHundredOfThemLoseNoRow) {
    constexpr int session_count = 200;
    sandbox_runner runner{{"lock_timeout = 60"}};
    {
        connection db(runner.uri());
        db.execute("CREATE TABLE Work (Session INTEGER, N INTEGER)");
        // Sessions are what is tested here, not scans of a table that grows.
        db.execute("CREATE INDEX WorkRow ON Work (Session, N)");
    }
    std::atomic<int> failures{0};
    std::vector<std::string> first_failure(session_count);
    std::vector<std::thread> threads;
    for (int s = 0; s < session_count; ++s)
        threads.emplace_back([&, s] {
            try {
                connection db(runner.uri());
                auto insert = db.prepare("INSERT INTO Work VALUES (?, ?)");
                auto select = db.prepare("SELECT MAX(N) FROM Work WHERE Session = ? AND N = ?");
                // Three in four read, as applications do; each sees its own last row.
                for (int n = 0; n < statements_each; ++n) {
                    if (n % 4 == 0) {
                        insert.execute(s, n);
                    } else {
                        auto rows = select.query(s, n - n % 4);
                        if (!rows.next() || rows.current().get<int>(0) != n - n % 4) throw std::runtime_error("a row is missing");
                    }
                }
            } catch (const std::exception& failed) {
                ++failures;
                first_failure[static_cast<std::size_t>(s)] = failed.what();
            }
        });
    for (auto& thread : threads) thread.join();
    for (const auto& each : first_failure) EXPECT_EQ(each, "");
    EXPECT_EQ(failures, 0);
    connection db(runner.uri());
    auto rows = db.query("SELECT COUNT(*), COUNT(DISTINCT Session) FROM Work");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<int>(0), session_count * (statements_each / 4 + (statements_each % 4 != 0 ? 1 : 0)));
    EXPECT_EQ(rows.current().get<int>(1), session_count);
}

TEST(ManySessions, ASlowQueryDelaysNobody) {
    sandbox_runner runner;
    connection slow(runner.uri());
    slow.execute("CREATE TABLE Ten (n INTEGER)");
    for (int i = 0; i < 10; ++i) slow.execute("INSERT INTO Ten VALUES (?)", i);
    std::thread busy([&slow] {
        try {
            auto rows = slow.query("SELECT COUNT(*) FROM Ten a, Ten b, Ten c, Ten d, Ten e, Ten f, Ten g, Ten h, Ten i, Ten j");
            while (rows.next()) {
            }
            ADD_FAILURE() << "the query should have been cancelled";
        } catch (const error& failed) {
            EXPECT_EQ(failed.native_code(), -456);
        }
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    connection other(runner.uri());
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i) other.ping();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
    EXPECT_TRUE(slow.cancel());
    busy.join();
    auto rows = slow.query("SELECT COUNT(*) FROM Ten");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.current().get<int>(0), 10);
}

} // namespace
} // namespace irislink::test
