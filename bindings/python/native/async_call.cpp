#include "bindings/python/native/async_call.hpp"

namespace irislink::python {

async_call::async_call(std::shared_ptr<async_line> on, std::string_view text, const py::object& values)
    : on_(std::move(on)), request_(text, values, on_->session()->format()) {}

void async_call::send(token_type token) {
    using state_pointer = std::shared_ptr<driver::call_state>;
    // Made here, where the GIL is; it begins in the network's thread, and knows nothing of this object.
    const auto work = std::make_shared<asio::awaitable<state_pointer>>(request_.send(*on_->session()));
    on_->start<state_pointer>(
        token, step::statement, [work](driver::session&) { return std::move(*work); },
        [self = weak_from_this(), on = on_](state_pointer done) -> py::object {
            const auto there = std::make_shared<call_on_server<async_line>>(on, done); // nobody may want it any more
            const auto here = self.lock();
            if (!here) return py::none();
            here->state_ = done;
            here->there_ = there;
            here->keep_rows();
            if (done->modes.empty()) return py::none();
            return py::cast(std::make_shared<async_result>(here->on_, std::make_shared<row_reader>(here->on_->session(), done->output, plan_outputs(*done))));
        }
    );
}

py::tuple async_call::outcome(const py::tuple& row) const {
    return request_.outcome(*state_, row);
}

void async_call::keep_rows() {
    rows_ = state_->rows ? std::make_shared<async_result>(on_, state_->rows, there_) : nullptr;
}

py::object async_call::rows() {
    return py::cast(std::exchange(rows_, nullptr));
}

void async_call::next(token_type token) {
    on_->start<bool>(
        token, step::statement, [state = state_](driver::session& on) { return on.next_result(state); },
        [self = weak_from_this()](bool more) -> py::object {
            if (const auto here = self.lock(); here && more) here->keep_rows();
            return py::none();
        }
    );
}

void async_call::close(token_type token) {
    const auto end = on_->session()->end_of_upkeep();
    on_->start(
        token, step::fetch, [state = state_](driver::session& on) { return on.close_call(state); }, end
    );
}

void bind_async_call(py::module_& module) {
    py::class_<async_call, std::shared_ptr<async_call>>(module, "AsyncCall", "A call of a procedure.")
        .def("send", &async_call::send, py::arg("token"))
        .def("outcome", &async_call::outcome, py::arg("row"))
        .def("rows", &async_call::rows)
        .def_property_readonly("has_rows", &async_call::has_rows)
        .def("next", &async_call::next, py::arg("token"))
        .def("close", &async_call::close, py::arg("token"))
        .def_property_readonly("more", &async_call::more)
        .def_property_readonly("changed", &async_call::changed);
}

} // namespace irislink::python
