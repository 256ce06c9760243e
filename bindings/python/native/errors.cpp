#include "bindings/python/native/errors.hpp"

namespace irislink::python {
namespace {

// Never destroyed: the interpreter may be gone before static objects are.
py::object& factory() {
    static auto* const one = new py::object;
    return *one;
}

} // namespace

void set_error_factory(py::object make) {
    factory() = std::move(make);
}

py::object exception_of(const diagnostic& record) {
    if (!factory()) return py::reinterpret_borrow<py::object>(PyExc_RuntimeError)(record.message());
    return factory()(record.message(), record.sqlstate, record.native, std::string(to_string(record.step)), record.text, record.hint, record.fatal, record.row);
}

py::object exception_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const error& known) {
        return exception_of(known.record());
    } catch (py::error_already_set& raised) {
        return raised.value();
    } catch (const std::bad_alloc&) {
        return py::reinterpret_borrow<py::object>(PyExc_MemoryError)();
    } catch (const std::exception& other) {
        return py::reinterpret_borrow<py::object>(PyExc_RuntimeError)(other.what());
    }
}

void register_translator() {
    py::register_local_exception_translator([](std::exception_ptr failure) {
        try {
            if (failure) std::rethrow_exception(failure);
        } catch (const error& known) {
            try {
                const auto made = exception_of(known.record());
                PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(made.ptr())), made.ptr());
            } catch (py::error_already_set& raised) {
                raised.restore();
            }
        }
    });
}

void fail_value(const char* sqlstate, std::string text, std::string hint, step at) {
    throw error(diagnostic{errc::bad_conversion, sqlstate, 0, at, std::move(text), std::move(hint), false, 0});
}

void fail_call(const char* sqlstate, std::string text, std::string hint, errc code) {
    throw error(diagnostic{code, sqlstate, 0, step::statement, std::move(text), std::move(hint), false, 0});
}

} // namespace irislink::python
