#pragma once
// A call of a stored procedure on an asynchronous connection. See async_line.hpp for who may call.

#include <pybind11/pybind11.h>

#include <memory>

#include "bindings/python/native/async_result.hpp"
#include "bindings/python/native/call.hpp"

namespace irislink::python {

class async_call : public std::enable_shared_from_this<async_call> {
public:
    async_call(std::shared_ptr<async_line> on, std::string_view text, const py::object& values);

    // Makes the call. The answer is the result with the one row of what came out, or None when nothing does; outcome()
    // makes (values, what the procedure returned) of that row.
    void send(token_type token);
    [[nodiscard]] py::tuple outcome(const py::tuple& row) const;

    // The current result set, which is given once; None when there is none, or when it was given.
    [[nodiscard]] py::object rows();

    [[nodiscard]] bool has_rows() const noexcept { return rows_ != nullptr; }

    // Goes on to the next one, for rows() to give; the current one is at its end, whether it was read or not.
    void next(token_type token);
    // No more of them are wanted. Only while more() says that there may be some.
    void close(token_type token);

    [[nodiscard]] bool more() const noexcept { return state_ && state_->more; }

    [[nodiscard]] std::int64_t changed() const noexcept { return state_ ? state_->changed : -1; }

private:
    void keep_rows();

    std::shared_ptr<async_line> on_;
    call_request request_;
    std::shared_ptr<driver::call_state> state_;
    std::shared_ptr<call_on_server<async_line>> there_;
    std::shared_ptr<async_result> rows_; // whoever waited for them may be gone when they come
};

void bind_async_call(py::module_& module);

} // namespace irislink::python
