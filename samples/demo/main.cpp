// irislink-demo: a sandbox, the login matrix, real data, real questions. Exit status 0 only if every
// line is as it should be.

#include <pthread.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <thread>

#include "samples/demo/demo.hpp"
#include "samples/demo/login_matrix.hpp"
#include "samples/demo/login_world.hpp"

namespace {

// Ctrl-C ends the servers and removes their folder too. A thread waits for the signals, since no signal
// handler may do either.
void clean_up_when_interrupted(demo::login_world& world, const sigset_t& signals) {
    std::thread([&world, signals] {
        int signal = 0;
        sigwait(&signals, &signal);
        world.end();
        ::_exit(128 + signal);
    }).detach();
}

bool rolled_back(irislink::connection& db) {
    std::cout << "\nA rolled-back transaction leaves nothing behind\n";
    const auto count = [&db] {
        auto rows = db.query("SELECT COUNT(*) FROM Demo.Weather");
        return rows.next() ? rows.current().get<std::int64_t>(0) : -1;
    };
    const auto before = count();
    db.set_autocommit(false);
    const auto deleted = db.execute("DELETE FROM Demo.Weather").rows;
    const auto within = count();
    db.rollback();
    db.set_autocommit(true);
    const auto after = count();
    const bool right = before > 0 && deleted == before && within == 0 && after == before;
    std::cout << "    " << before << " rows, " << within << " after DELETE, " << after << " after ROLLBACK" << (right ? "" : "   <-- WRONG") << "\n";
    return right;
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"Shows what irislink does: starts a sandbox, logs in every way there is, loads real data and asks real questions.\n"
                 "Exit status: 0 only if every line is as it should be."};
    std::filesystem::path programs = ".";
    std::filesystem::path data = "samples/data";
    app.add_option("--bin", programs, "folder with irislink-sandbox");
    std::filesystem::path odbc_driver;
    app.add_option("--odbc-driver", odbc_driver, "the ODBC driver; default: lib/libirislinkodbc.so beside the folder with irislink-sandbox");
    std::filesystem::path python;
    app.add_option("--python", python, "folder with the Python package irislink; default: python beside the folder with irislink-sandbox");
    app.add_option("--data", data, "folder with the data sets");
    CLI11_PARSE(app, argc, argv);
    if (odbc_driver.empty()) odbc_driver = programs / ".." / "lib" / "libirislinkodbc.so";
    if (python.empty()) python = programs / ".." / "python";

    // Before any thread is made, so that all of them leave the signals to the one that waits. The
    // sandbox is started with them unblocked again.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int each : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, each);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    // Whoever reads what is printed may leave early (`| head`): the servers are ended all the same.
    (void)std::signal(SIGPIPE, SIG_IGN);
    const auto start = std::chrono::steady_clock::now();
    try {
        demo::login_world world(programs, odbc_driver, python);
        clean_up_when_interrupted(world, signals);
        bool good = demo::show_login_matrix(world);
        const auto login = demo::by_password(world.open(), "demo");
        irislink::connection db(demo::connection_string(login));
        std::cout << "Connected to " << db.server().version << "\n\n";
        good = demo::load_and_ask(db, login, data) && good;
        good = rolled_back(db) && good;
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::cout << "\n"
                  << (good ? "Everything is as it should be" : "SOMETHING IS WRONG") << ", " << std::fixed << std::setprecision(1) << took.count() << " s\n";
        return good && std::cout.flush() ? 0 : 1;
    } catch (const std::exception& failed) {
        std::cerr << "irislink-demo: " << failed.what() << "\n";
        return 1;
    }
}
