#pragma once
// The login matrix: every way to log in, through every front. The table of scenarios is data; whoever
// builds a way or a front gives its cells an attempt and touches nothing else.

#include <functional>
#include <string>
#include <vector>

#include "samples/demo/login_world.hpp"

namespace demo {

// What became of one attempt to log in and ask who one is.
struct attempt_result {
    bool logged_in{false};
    std::string sqlstate; // of the failure
    std::string words;    // of the failure
    std::string at;       // the step that failed
};

// Empty: not built yet, and shown so; never as ok.
using attempt = std::function<attempt_result(const login_world&)>;

struct scenario {
    std::string name;
    std::string expected_state; // SQLSTATE of the failure that is right; empty: must log in
    std::string expected_step;  // where it has to fail
    attempt odbc;
    attempt cpp;
    attempt python;
};

[[nodiscard]] std::vector<scenario> scenarios();

// Prints the matrix. False if any cell is not as it should be.
[[nodiscard]] bool show_login_matrix(const login_world& world);

} // namespace demo
