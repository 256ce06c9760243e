// How is measured, and what several benchmarks read.

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <stdexcept>

#include "tests/bench/bench.hpp"

namespace irislink::bench {
namespace {

double cpu_now() {
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

double wall_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

double median(std::vector<double> of) {
    const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
    std::nth_element(of.begin(), middle, of.end());
    return *middle;
}

std::vector<rates> compare(int times, std::uint64_t rows, const std::vector<std::function<void()>>& works) {
    std::vector<std::vector<double>> wall(works.size());
    std::vector<std::vector<double>> cpu(works.size());
    for (int i = 0; i < times; ++i)
        for (std::size_t k = 0; k < works.size(); ++k) {
            const auto wall_start = wall_now();
            const auto cpu_start = cpu_now();
            works[k]();
            cpu[k].push_back(static_cast<double>(rows) / (cpu_now() - cpu_start));
            wall[k].push_back(static_cast<double>(rows) / (wall_now() - wall_start));
        }
    std::vector<rates> out;
    for (std::size_t k = 0; k < works.size(); ++k) out.push_back({median(wall[k]), median(cpu[k])});
    return out;
}

std::uint64_t fetch_variables(connection& db, std::uint64_t rows, std::uint64_t& sink) {
    return fetch_variables(db.query("SELECT * FROM replay_" + std::to_string(rows)), sink);
}

std::uint64_t fetch_variables(result rows, std::uint64_t& sink) {
    std::int64_t id = 0;
    std::int64_t big = 0;
    decimal amount;
    std::string name;
    timestamp at;
    std::uint64_t count = 0;
    while (rows.next_into(id, big, amount, name, at)) {
        sink += static_cast<std::uint64_t>(id) + static_cast<std::uint64_t>(big) + static_cast<std::uint64_t>(amount.mantissa) + name.size() + at.time.second;
        ++count;
    }
    return count;
}

double resident_mib() {
    std::ifstream in("/proc/self/status");
    std::string word;
    while (in >> word)
        if (word == "VmRSS:") {
            double kib = 0;
            in >> kib;
            return kib / 1024;
        }
    return 0;
}

void expect_count(std::uint64_t got, std::uint64_t wanted) {
    if (got != wanted) throw std::runtime_error("rows were lost: " + std::to_string(got) + " of " + std::to_string(wanted));
}

} // namespace irislink::bench
