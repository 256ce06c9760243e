#pragma once
// The login matrix: every way to log in, through every front. The table of scenarios is data and says each
// way once; whoever builds a way adds a row, whoever builds a front adds it to fronts().

#include <string>
#include <vector>

#include "samples/demo/front.hpp"
#include "samples/demo/login_world.hpp"

namespace demo {

// What became of one attempt to log in and ask who one is.
struct attempt_result {
    bool logged_in{false};
    std::string sqlstate; // of the failure
    std::string words;    // of the failure
    std::string at;       // the step that failed; empty where the front does not tell
};

struct scenario {
    std::string name;
    std::string expected_state; // SQLSTATE of the failure that is right; empty: must log in
    std::string expected_step;  // where it has to fail
    std::string expected_words; // what the failure has to say, text or hint; tells the step where a front does not
    attempt_result (*attempt)(const login_world&, const front&);
};

[[nodiscard]] std::vector<scenario> scenarios();

// Prints the matrix. False if any cell is not as it should be.
[[nodiscard]] bool show_login_matrix(const login_world& world);

} // namespace demo
