#include <cstdio>
#include <stdexcept>

#include "tests/bench/bench.hpp"

namespace irislink::bench {
namespace {

constexpr std::uint64_t rows_measured = 100'000;

} // namespace

void run_python(const std::string& python, std::uint16_t port, std::vector<figure>& out) {
    const auto rows = std::to_string(rows_measured);
    const std::string command = "'" + python + "' '" IRISLINK_BENCH_DIR "/python_peer.py' " + std::to_string(port) + " " + rows;
    double processor = 0;
    double elapsed = 0;
    auto* const answer = ::popen(command.c_str(), "r");
    if (answer == nullptr) throw std::runtime_error("cannot run " + python);
    const bool read = std::fscanf(answer, "%lf %lf", &processor, &elapsed) == 2;
    if (::pclose(answer) != 0 || !read) throw std::runtime_error("the Python client failed");

    connection db{connect_options("iris://demo:demo@127.0.0.1:" + std::to_string(port) + "/USER")};
    std::uint64_t sink = 0;
    expect_count(fetch_variables(db, rows_measured, sink), rows_measured);
    const auto ours = compare(5, rows_measured, {[&] { (void)fetch_variables(db, rows_measured, sink); }}).front();
    out.push_back({"the vendor's Python client, processor time", processor, "rows/s", "", 0, 0, false});
    out.push_back({"the vendor's Python client, elapsed time", elapsed, "rows/s", "", 0, 0, false});
    out.push_back({"C++ client on the same rows, processor time", ours.cpu, "rows/s", "Python client", ours.cpu / processor, 0, false});
    out.push_back({"C++ client on the same rows, elapsed time", ours.wall, "rows/s", "Python client", ours.wall / elapsed, 0, false});
}

void run_python_module(std::uint16_t port, std::vector<figure>& out) {
#ifdef IRISLINK_BENCH_PYTHON
    const std::string command = "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='" IRISLINK_BENCH_PYTHONPATH "' '" IRISLINK_BENCH_PYTHON "' '" IRISLINK_BENCH_DIR
                                "/python_module.py' " +
                                std::to_string(port) + " " + std::to_string(rows_measured) + " '" IRISLINK_BENCH_ODBC_DRIVER "'";
    auto* const answer = ::popen(command.c_str(), "r");
    if (answer == nullptr) throw std::runtime_error("cannot run Python");
    double all = 0;
    double peer_all = 0;
    double each = 0;
    double peer_each = 0;
    const bool read = std::fscanf(answer, "%lf %lf %lf %lf", &all, &peer_all, &each, &peer_each) == 4;
    if (::pclose(answer) != 0 || !read) throw std::runtime_error("the Python module or pyodbc failed");
    out.push_back({"Python: pyodbc over the ODBC driver, fetchall()", peer_all, "rows/s", "", 0, 0, false});
    out.push_back({"Python: irislink, fetchall()", all, "rows/s", "pyodbc", all / peer_all, 2, false});
    out.push_back({"Python: pyodbc over the ODBC driver, iteration", peer_each, "rows/s", "", 0, 0, false});
    out.push_back({"Python: irislink, iteration", each, "rows/s", "pyodbc", each / peer_each, 0, false});
#else
    (void)port;
    (void)out;
#endif
}

} // namespace irislink::bench
