#include <cstdio>
#include <map>
#include <stdexcept>

#include "tests/bench/bench.hpp"

namespace irislink::bench {
namespace {

constexpr std::uint64_t rows_measured = 100'000;

// What a program prints as "NAME VALUE" lines.
std::map<std::string, double> values_of(const std::string& command, const char* what) {
    auto* const answer = ::popen(command.c_str(), "r");
    if (answer == nullptr) throw std::runtime_error(std::string("cannot run ") + what);
    std::map<std::string, double> out;
    char name[64];
    double value = 0;
    while (std::fscanf(answer, "%63s %lf", name, &value) == 2) out[name] = value;
    if (::pclose(answer) != 0 || out.empty()) throw std::runtime_error(std::string(what) + " failed");
    return out;
}

figure plain(std::string name, double value) {
    return {std::move(name), value, "rows/s", "", 0, 0, false};
}

// `bound` is for a busy machine.
figure against(std::string name, double value, const char* peer, double of_peer, double wanted, double bound = 0) {
    return {std::move(name), value, "rows/s", peer, value / of_peer, wanted, false, bound};
}

} // namespace

void run_python(const std::string& python, std::uint16_t port, std::vector<figure>& out) {
    std::string command = "PYTHONDONTWRITEBYTECODE=1 ";
#ifdef IRISLINK_BENCH_PYTHON
    command += "PYTHONPATH='" IRISLINK_BENCH_PYTHONPATH "' ";
#endif
    command += "'" + python + "' '" IRISLINK_BENCH_DIR "/python_peer.py' " + std::to_string(port) + " " + std::to_string(rows_measured) + " 5";
    const auto got = values_of(command, "the vendor's Python client");
    connection db{connect_options("iris://demo:demo@127.0.0.1:" + std::to_string(port) + "/USER")};
    std::uint64_t sink = 0;
    expect_count(fetch_variables(db, rows_measured, sink), rows_measured);
    const auto ours = compare(5, rows_measured, {[&] { (void)fetch_variables(db, rows_measured, sink); }}).front();
    out.push_back(plain("the vendor's Python client, processor time", got.at("peer_processor")));
    out.push_back(plain("the vendor's Python client, elapsed time", got.at("peer")));
    out.push_back(against("C++ client on the same rows, processor time", ours.cpu, "Python client", got.at("peer_processor"), 0));
    out.push_back(against("C++ client on the same rows, elapsed time", ours.wall, "Python client", got.at("peer"), 0));
    out.push_back(plain("the vendor's Python client, fetchall()", got.at("peer_fetchall")));
    if (got.contains("fetchall")) out.push_back(against("Python: irislink, fetchall()", got.at("fetchall"), "Python client", got.at("peer_fetchall"), 2));
    out.push_back(plain("the vendor's Python client, executemany()", got.at("peer_executemany")));
    if (got.contains("executemany"))
        out.push_back(against("Python: irislink, executemany()", got.at("executemany"), "Python client", got.at("peer_executemany"), 1));
}

void run_python_module(std::uint16_t port, bool briefly, std::vector<figure>& out) {
#ifdef IRISLINK_BENCH_PYTHON
    std::map<std::string, double> got;
    // What is compared shares a process with nothing else.
    for (const auto* const works : {"fetchall pyodbc_fetchall iteration pyodbc_iteration", "arrow arrow_fetchall", "executemany execute", "blocking asyncio"})
        got.merge(values_of(
            "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='" IRISLINK_BENCH_PYTHONPATH "' '" IRISLINK_BENCH_PYTHON "' '" IRISLINK_BENCH_DIR "/python_module.py' " +
                std::to_string(port) + " " + std::to_string(rows_measured) + " '" IRISLINK_BENCH_ODBC_DRIVER "' " + (briefly ? "3 " : "7 ") + works,
            "the Python module or pyodbc"
        ));
    out.push_back(plain("Python: pyodbc over the ODBC driver, fetchall()", got.at("pyodbc_fetchall")));
    out.push_back(against("Python: irislink, fetchall()", got.at("fetchall"), "pyodbc", got.at("pyodbc_fetchall"), 2, 1.4));
    out.push_back(plain("Python: pyodbc over the ODBC driver, iteration", got.at("pyodbc_iteration")));
    out.push_back(against("Python: irislink, iteration", got.at("iteration"), "pyodbc", got.at("pyodbc_iteration"), 0));
    out.push_back(plain("Python: irislink, fetchall(), processor time", got.at("arrow_fetchall_processor")));
    out.push_back(
        against("Python: irislink, Arrow batches, processor time", got.at("arrow_processor"), "fetchall()", got.at("arrow_fetchall_processor"), 5, 2.5)
    );
    out.push_back(plain("Python: irislink, a loop of execute(), processor time", got.at("execute_processor")));
    out.push_back(against("Python: irislink, executemany(), processor time", got.at("executemany_processor"), "execute()", got.at("execute_processor"), 20, 10)
    );
    out.push_back(plain("Python: irislink, one result after another, processor time", got.at("blocking_processor")));
    out.push_back(
        against("Python: irislink.aio, on 100 connections, processor time", got.at("asyncio_processor"), "blocking", got.at("blocking_processor"), 0.8, 0.4)
    );
#else
    (void)port;
    (void)briefly;
    (void)out;
#endif
}

} // namespace irislink::bench
