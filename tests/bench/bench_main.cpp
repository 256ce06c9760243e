// irislink-bench [--json FILE] [--python PROGRAM | --no-python REASON] [--odbc-peers FILE]: all figures, as a table and as JSON.
// PROGRAM is a Python that has the vendor's client, FILE lists other ODBC data sources (with_peers.sh).
// irislink-bench --only PART: one of fetch, sessions, odbc, python, protected, sandbox.
// irislink-bench --bounds: only what has a bound that a busy machine must meet too, held to that.
// Exit status 1 when a wanted ratio or bound is missed, 2 when a benchmark failed.

#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

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
    const char* json = nullptr;
    const char* python = nullptr;
    std::string skipped = "no --python was given";
    std::string only;
    std::string peers;
    const bool bounds = argc == 2 && std::strcmp(argv[1], "--bounds") == 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--json") == 0) json = argv[i + 1];
        if (std::strcmp(argv[i], "--python") == 0) python = argv[i + 1];
        if (std::strcmp(argv[i], "--no-python") == 0) skipped = argv[i + 1];
        if (std::strcmp(argv[i], "--odbc-peers") == 0) peers = argv[i + 1];
        if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
    }
    try {
        replay_server server;
        running = &server;
        const auto wanted = [&only](const char* part) { return only.empty() || only == part; };
        if (wanted("fetch")) run_fetch(server.port(), figures);
        if (wanted("sessions")) {
            run_sessions(
                server.port(), [] { return running->round_trips(); }, figures
            );
        }
#ifdef IRISLINK_BENCH_PYODBC
        if (wanted("odbc")) run_odbc(server.port(), peers.empty() ? std::vector<odbc_peer>{} : read_odbc_peers(peers), bounds, figures);
#endif
        if (wanted("python")) run_python_module(server.port(), bounds, figures);
        if (python != nullptr && only.empty()) run_python(python, server.port(), figures);
        if (wanted("protected") && !bounds) run_protected(figures);
        if (wanted("sandbox") && !bounds) run_protected_sandbox(figures);
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "irislink-bench: %s\n", failed.what());
        return 2;
    }
    if (bounds) {
        std::erase_if(figures, [](const figure& each) { return each.bound == 0; });
        for (auto& each : figures) each.wanted = each.bound;
        skipped = "--bounds was given";
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
    if (python == nullptr) std::printf("comparison with the vendor's Python client: skipped, %s\n", skipped.c_str());
    if (json != nullptr) {
        nlohmann::json list = nlohmann::json::array();
        for (const auto& each : figures)
            list.push_back(
                {{"name", each.name},
                 {"value", each.value},
                 {"unit", each.unit},
                 {"against", each.against},
                 {"ratio", each.ratio},
                 {"wanted", each.wanted},
                 {"met", met(each)}}
            );
        if (python == nullptr) list.push_back({{"name", "comparison with the vendor's Python client"}, {"skipped", skipped}});
        std::ofstream(json) << list.dump(1) << "\n";
    }
    return good ? 0 : 1;
}
