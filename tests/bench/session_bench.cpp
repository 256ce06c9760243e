#include <chrono>

#include "irislink/irislink.hpp"
#include "tests/bench/bench.hpp"

namespace irislink::bench {

// Round trips of connect, login, SELECT 1 and disconnect. The protocol's minimum is three: HS, CN, DQ.
void run_sessions(std::uint16_t port, std::uint64_t (*round_trips)(), std::vector<figure>& out) {
    const connect_options target("iris://demo:demo@127.0.0.1:" + std::to_string(port) + "/USER");
    constexpr int times = 500;
    const auto once = [&target] {
        connection db(target);
        auto rows = db.query("SELECT 1");
        while (rows.next()) {
        }
    };
    once();
    const auto before = round_trips();
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) once();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    const auto trips = static_cast<double>(round_trips() - before) / times;
    out.push_back({"round trips beyond the minimum: connect, login, SELECT 1, disconnect", trips - 3, "", "bound", 0, 3, true, 3});
    out.push_back({"connect, login, SELECT 1, disconnect", took.count() / times, "us", "", 0, 0, false});

    connection db(target);
    std::vector<std::vector<value>> sets;
    for (int i = 0; i < 1000; ++i) sets.push_back({std::int64_t{i}, std::string("twenty characters ..")});
    const auto rate = [](std::size_t rows, auto work) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
        return static_cast<double>(rows) / spent.count();
    };
    auto single = db.prepare("INSERT INTO t VALUES (?, ?)");
    const auto singles = rate(sets.size(), [&] {
        for (const auto& each : sets) (void)single.execute_values(each);
    });
    const auto batched = rate(sets.size() * 50, [&] {
        for (int i = 0; i < 50; ++i) (void)db.batch("INSERT INTO t VALUES (?, ?)", sets);
    });
    out.push_back({"batch insert of 1000 rows", batched, "rows/s", "single inserts", batched / singles, 20, false});
}

} // namespace irislink::bench
