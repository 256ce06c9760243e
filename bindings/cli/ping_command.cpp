#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>

#include "bindings/cli/commands.hpp"

namespace irislink::cli {

int run_ping(const connect_options& target, int count) {
    using clock = std::chrono::steady_clock;
    using milliseconds = std::chrono::duration<double, std::milli>;
    std::cout << std::fixed << std::setprecision(3);
    const auto start = clock::now();
    connection db;
    db.connect(target);
    const auto server = db.server();
    std::cout << "connected and logged in to " << server.address << " in " << milliseconds(clock::now() - start).count() << " ms\n"
              << server.version << ", job " << server.job << "\n";
    std::vector<double> times;
    for (int i = 0; i < count; ++i) {
        const auto before = clock::now();
        db.ping();
        times.push_back(milliseconds(clock::now() - before).count());
    }
    double sum = 0;
    for (const auto each : times) sum += each;
    std::cout << count << " round trips: min " << *std::ranges::min_element(times) << " ms, avg " << sum / count << " ms, max "
              << *std::ranges::max_element(times) << " ms\n";
    return 0;
}

} // namespace irislink::cli
