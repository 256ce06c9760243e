#pragma once
// Benchmarks against the replay server. Every figure has a peer in the same run; what counts is the ratio.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "irislink/irislink.hpp"

namespace irislink::bench {

struct figure {
    std::string name;
    double value{0};
    std::string unit;
    std::string against; // the peer, or the bound
    double ratio{0};     // to the peer; 0: none
    double wanted{0};    // the ratio or bound to reach; 0: for information
    bool at_most{false}; // the value must not exceed `wanted` instead of reaching it
    double bound{0};     // what has to be met instead on a machine that is busy with other things; 0: nothing
};

// By value: sorts. Not of nothing.
[[nodiscard]] double median(std::vector<double> of);

// Rows per second, by the clock on the wall and of processor time in this thread. The latter is what no
// scheduling blurs: on a fast loopback both sides wait for wake-ups more than they work.
struct rates {
    double wall{0};
    double cpu{0};
};

// Medians of `times` rounds, in each of which every one of `works` runs once: what else the machine does
// meets them all alike.
[[nodiscard]] std::vector<rates> compare(int times, std::uint64_t rows, const std::vector<std::function<void()>>& works);

// Reads rows into variables: all of a result, or that many of the replay server. How many came; `sink`
// keeps the compiler honest.
[[nodiscard]] std::uint64_t fetch_variables(result rows, std::uint64_t& sink);
[[nodiscard]] std::uint64_t fetch_variables(connection& db, std::uint64_t rows, std::uint64_t& sink);
// Throws when rows were lost.
void expect_count(std::uint64_t got, std::uint64_t wanted);
// What this process has of the machine's memory, in MiB.
[[nodiscard]] double resident_mib();

void run_fetch(std::uint16_t port, std::vector<figure>& out);
// Logins and bulk reads over each way of protecting the line, with a KDC and certificates of their own.
void run_protected(std::vector<figure>& out);
// Bulk reads from the sandbox, whose own cost is part of every figure.
void run_protected_sandbox(std::vector<figure>& out);
// The vendor's Python client on the same server, beside the C++ client and the Python module. `python` is the interpreter.
void run_python(const std::string& python, std::uint16_t port, std::vector<figure>& out);
// The Python module beside pyodbc over the ODBC driver, by the interpreter that the module was built for. Nothing when
// either was not built. `briefly`: fewer rounds.
void run_python_module(std::uint16_t port, bool briefly, std::vector<figure>& out);

// Another data source with the rows of the replay server in a table of that name.
struct odbc_peer {
    std::string name;
    std::string driver; // its file
    std::string target; // what its connection string has beside DRIVER
};

// One of a line: the name, the driver and the target, with tabs between. Throws when there are none.
[[nodiscard]] std::vector<odbc_peer> read_odbc_peers(const std::string& file);
// The ODBC driver through the driver manager, beside `peers`: C programs and pyodbc.
void run_odbc(std::uint16_t port, const std::vector<odbc_peer>& peers, bool bounds, std::vector<figure>& out);
void run_sessions(std::uint16_t port, std::uint64_t (*round_trips)(), std::vector<figure>& out);

} // namespace irislink::bench
