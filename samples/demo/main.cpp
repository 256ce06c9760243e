// irislink-demo: a sandbox, the login matrix, real data, real questions. Exit status 0 only if every
// line is as it should be.

#include <chrono>
#include <iostream>

#include "samples/demo/demo.hpp"

int main(int argc, char** argv) {
    std::filesystem::path programs = ".";
    std::filesystem::path data = "samples/data";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::string(argv[i]) == "--bin") programs = argv[i + 1];
        if (std::string(argv[i]) == "--data") data = argv[i + 1];
    }
    const auto start = std::chrono::steady_clock::now();
    try {
        demo::sandbox_process sandbox(programs);
        sandbox.add_user("demo", "demo-password");
        sandbox.start();
        bool good = demo::show_login_matrix(sandbox);
        irislink::connection db(sandbox.uri("demo", "demo-password"));
        good = demo::load_and_ask(db, data) && good;

        std::cout << "\nA rolled-back transaction leaves nothing behind\n";
        db.set_autocommit(false);
        db.execute("DELETE FROM Demo.Weather");
        db.rollback();
        db.set_autocommit(true);
        auto rows = db.query("SELECT COUNT(*) FROM Demo.Weather");
        const bool kept = rows.next() && rows.current().get<int>(0) > 0;
        std::cout << "  " << (kept ? "ok" : "WRONG") << "\n";

        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::cout << "\n" << (good && kept ? "Everything is as it should be" : "SOMETHING IS WRONG") << ", " << took.count() << " s\n";
        return good && kept ? 0 : 1;
    } catch (const std::exception& failed) {
        std::cerr << "irislink-demo: " << failed.what() << "\n";
        return 1;
    }
}
