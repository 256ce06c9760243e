#pragma once
// Calls of stored procedures, for blocking and asynchronous connections.
//
// A connection of either kind makes a call_request of what the program wrote, runs send() on its session, reads the one
// row of call_state::output with a row_reader of plan_outputs(), and gives outcome() of that row to Python.

#include <pybind11/pybind11.h>

#include <memory>
#include <string_view>
#include <vector>

#include "bindings/python/native/decode.hpp"
#include "driver/session/session.hpp"

namespace irislink::python {

namespace py = pybind11;

class call_request {
public:
    // `text` is the name of a procedure, or {call p(?, 'x')}, {? = call p(?)}, CALL p(?), whose markers `values` (a
    // sequence, or None) stand for in their order; behind the last one they may be missing. Throws error. Needs the GIL.
    call_request(std::string_view text, const py::object& values, const wire::session_format& format);

    // Once, without the GIL.
    [[nodiscard]] boost::asio::awaitable<std::shared_ptr<driver::call_state>> send(driver::session& on);

    // (values, what the procedure returned): a list as `values`, with what came out in the place of what went in. Of
    // a call by name it goes on to the last parameter that comes out. Needs the GIL.
    [[nodiscard]] py::tuple outcome(const driver::call_state& done, const py::tuple& row) const;

    // Whether execute() takes `text` for a call.
    [[nodiscard]] static bool is_call(std::string_view text);

private:
    std::string name_;
    py::tuple values_;
    std::vector<std::size_t> markers_; // the argument of each value
    driver::call_options how_;
    driver::encoded_parameters arguments_;
};

// A call on the server, as long as the call or one of its results is there; then it is buried on the line, which ends
// it when it is used next.
template <class Line> class call_on_server {
public:
    call_on_server(std::shared_ptr<Line> on, std::shared_ptr<driver::call_state> state) : on_(std::move(on)), state_(std::move(state)) {}

    ~call_on_server() { on_->bury(std::move(state_)); }

    call_on_server(const call_on_server&) = delete;
    call_on_server& operator=(const call_on_server&) = delete;

private:
    std::shared_ptr<Line> on_;
    std::shared_ptr<driver::call_state> state_;
};

// How the row of what came out is read: what only goes in is None.
[[nodiscard]] std::vector<column_plan> plan_outputs(const driver::call_state& done);

} // namespace irislink::python
