// irislink-bench [--json FILE]: all figures, as a table and as JSON. Exit status 1 when a wanted ratio is
// missed.

#include <cstdio>
#include <cstring>
#include <fstream>

#include "tests/bench/bench.hpp"
#include "tests/bench/replay_server.hpp"

namespace {

irislink::bench::replay_server* running = nullptr;

bool met(const irislink::bench::figure& each) {
    if (each.wanted == 0) return true;
    return each.at_most ? each.value <= each.wanted : each.ratio >= each.wanted;
}

} // namespace

int main(int argc, char** argv) {
    using namespace irislink::bench;
    std::vector<figure> figures;
    try {
        replay_server server;
        running = &server;
        run_fetch(server.port(), figures);
        run_sessions(
            server.port(), [] { return running->round_trips(); }, figures
        );
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "irislink-bench: %s\n", failed.what());
        return 2;
    }
    bool good = true;
    std::printf("%-70s %14s %-7s %8s %8s\n", "figure", "value", "", "ratio", "wanted");
    for (const auto& each : figures) {
        good = good && met(each);
        std::printf("%-70s %14.1f %-7s ", each.name.c_str(), each.value, each.unit.c_str());
        each.ratio > 0 ? std::printf("%8.2f ", each.ratio) : std::printf("%8s ", "");
        each.wanted > 0 ? std::printf("%s%.2f %s", each.at_most ? "<= " : ">= ", each.wanted, met(each) ? "" : "MISSED") : 0;
        std::printf("\n");
    }
    for (int i = 1; i + 1 < argc; ++i) {
        if (std::strcmp(argv[i], "--json") != 0) continue;
        std::ofstream out(argv[i + 1]);
        out << "[";
        for (std::size_t k = 0; k < figures.size(); ++k) {
            const auto& each = figures[k];
            out << (k > 0 ? "," : "") << "\n {\"name\": \"" << each.name << "\", \"value\": " << each.value << ", \"unit\": \"" << each.unit
                << "\", \"against\": \"" << each.against << "\", \"ratio\": " << each.ratio << ", \"wanted\": " << each.wanted
                << ", \"met\": " << (met(each) ? "true" : "false") << "}";
        }
        out << "\n]\n";
    }
    return good ? 0 : 1;
}
