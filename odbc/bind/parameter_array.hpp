#pragma once
// The sets of an array of parameters while they are executed: which comes next, which wait for their turn, what became of
// each and what they did together. Sets count from 0.

#include <deque>
#include <memory>
#include <vector>

#include "odbc/bind/parameter_reader.hpp"

namespace irislink::odbc {

// How the sets of a statement reach the server.
enum class array_way : std::uint8_t {
    together,      // what gives no rows: many sets in a message
    one_by_one,    // calls: each at once, and what it gives waits for its turn
    when_asked_for // queries: a set is executed when the program has done with the results of the one before
};

class parameter_array {
public:
    // Of the reader's sets, none is used yet.
    explicit parameter_array(std::shared_ptr<parameter_reader> with);

    [[nodiscard]] SQLULEN size() const noexcept { return reader->buffers().array_size; }

    // SQL_ATTR_PARAM_OPERATION_PTR.
    [[nodiscard]] bool is_left_out(SQLULEN set) const noexcept;

    [[nodiscard]] const set_report& report() const noexcept { return reader->report(); }

    // A set was done, and changed so many rows; -1: not said.
    void count(std::int64_t rows) noexcept;
    // The set's status, and the record with the set's number.
    [[nodiscard]] diag_record failed(SQLULEN set, diag_record why) noexcept;

    std::shared_ptr<parameter_reader> reader;
    array_way way{array_way::together};
    SQLULEN next{0}; // the first set that was not read from the program's buffers

    // array_way::together: those read that were not sent.
    struct message {
        std::vector<SQLULEN> sets;
        driver::encoded_parameters values{0, 0, {}};
    };

    message unsent;

    // array_way::one_by_one: the procedure is declared to give results, as far as is known.
    bool gives_results{false};

    // array_way::when_asked_for: those read that were not executed, with what refused them, if they could not be converted.
    struct waiting_set {
        SQLULEN set;
        driver::encoded_parameters values;
        std::optional<diag_record> refused;
    };

    std::deque<waiting_set> waiting;
    bool given_up{false}; // none of them is wanted any more

    SQLULEN good{0};               // sets that were done
    SQLLEN changed{0};             // rows, by all of them
    std::vector<diag_record> told; // by calls that returned SQL_NEED_DATA, for which programs look at no records
};

} // namespace irislink::odbc
