#include <chrono>
#include <functional>
#include <iomanip>
#include <iostream>
#include <optional>
#include <vector>

#include "samples/demo/demo.hpp"

namespace demo {
namespace {

// A way to log in, per front. A front without an attempt is not built yet, and shown as such.
struct scenario {
    std::string name;
    std::string expected_state;  // SQLSTATE of the failure that is right; empty: must succeed
    std::function<irislink::connect_options(const sandbox_process&)> cpp;
};

std::vector<scenario> scenarios() {
    const auto with = [](const char* user, const char* password) {
        return [user, password](const sandbox_process& sandbox) { return irislink::connect_options(sandbox.uri(user, password)); };
    };
    return {
        {"password", "", with("demo", "demo-password")},
        {"wrong password (must fail)", "28000", with("demo", "not-the-password")},
        {"unknown user (must fail)", "28000", with("nobody", "demo-password")},
        {"TLS 1.3 verified", "", {}},
        {"TLS with unknown CA (must fail)", "08001", {}},
        {"TLS with wrong host (must fail)", "08001", {}},
        {"mutual TLS", "", {}},
        {"Kerberos level 1", "", {}},
        {"Kerberos level 2", "", {}},
        {"Kerberos level 3", "", {}},
        {"Kerberos below the server's level (must fail)", "08S01", {}},
        {"no ticket (must fail)", "08S01", {}},
        {"password + TOTP", "", {}},
        {"wrong TOTP (must fail)", "28000", {}},
        {"reused TOTP (must fail)", "28000", {}},
        {"password + SMS code", "", {}},
        {"TLS + TOTP", "", {}},
        {"account locked after failures (must fail)", "28000", {}},
        {"password change required (must fail)", "28000", {}},
    };
}

struct cell {
    std::string text;
    bool good;
};

cell attempt(const scenario& each, const sandbox_process& sandbox) {
    if (!each.cpp) return {"not yet", true};
    const auto start = std::chrono::steady_clock::now();
    const auto spent = [start] {
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        return std::to_string(static_cast<int>(took.count() + 0.5)) + " ms";
    };
    try {
        irislink::connection db(each.cpp(sandbox));
        auto rows = db.query("SELECT USER");
        const bool works = rows.next();
        return {works ? "ok " + spent() : "no row", works && each.expected_state.empty()};
    } catch (const irislink::error& failed) {
        const bool right = failed.sqlstate() == each.expected_state;
        return {failed.sqlstate() + " " + failed.text().substr(0, 40) + " " + spent(), right};
    }
}

}  // namespace

bool show_login_matrix(const sandbox_process& sandbox) {
    std::cout << "Login matrix\n" << std::left << std::setw(48) << "" << std::setw(10) << "ODBC" << std::setw(36) << "C++" << "Python\n";
    bool all = true;
    for (const auto& each : scenarios()) {
        const auto cpp = attempt(each, sandbox);
        all = all && cpp.good;
        std::cout << std::left << std::setw(48) << each.name << std::setw(10) << "not yet" << std::setw(36) << cpp.text << "not yet"
                  << (cpp.good ? "" : "   <-- WRONG") << "\n";
    }
    std::cout << "\n";
    return all;
}

}  // namespace demo
