#pragma once
// One call of a stored procedure: what came out, and the results that it gives one after another.

#include <memory>
#include <string>
#include <vector>

#include "driver/session/result_state.hpp"
#include "wire/messages/procedure.hpp"

namespace irislink::driver {

// What a procedure looks like from outside.
struct procedure_facts {
    static constexpr int only_in = 1; // of modes

    [[nodiscard]] bool gives_results() const noexcept { return shape.has_columns() || shape.multiple_results(); }

    wire::procedure_shape shape;
    std::vector<column> parameters; // the return value first, when there is one
    std::vector<int> modes;         // of each: 1 in, 2 in/out, 4 out, as the server says
    std::vector<column> columns;    // of the result set, when there is exactly one
};

// How a procedure is called.
struct call_options {
    std::int64_t max_rows{0}; // of a procedure with one result set; 0: all
    bool must_return{false};  // refused before it is called when it returns nothing (42000)
    bool all_outputs{false};  // parameters behind the arguments are left out as far as one of them comes out
    // Its rows wait while others run: they are copied out of the receive buffer, and the long values that it gave stay with
    // the server until its rows are closed.
    bool held{false};
};

struct call_state {
    std::uint32_t statement{0};
    std::uint32_t epoch{0};
    bool recycle{false}; // the statement id is free again at the end of the call
    bool returns{false};
    bool gives_results{false}; // the procedure is declared to, whether this call does or not
    std::vector<int> modes;    // of the return value, if any, and of each argument: see procedure_facts
    // One row: the return value, if any, and a column for each argument. What only goes in may be NULL.
    std::shared_ptr<result_state> output;
    std::int64_t changed{-1};           // rows; -1: not said, as by calls that give result sets
    std::shared_ptr<result_state> rows; // the current result set
    bool more{false};                   // the server is to be asked for another
};

} // namespace irislink::driver
