#include "bindings/python/native/errors.hpp"

#include <algorithm>

#include "bindings/python/native/gil.hpp"

namespace irislink::python {
namespace {

// Never destroyed: the interpreter may be gone before static objects are.
py::object& factory() {
    static auto* const one = new py::object;
    return *one;
}

} // namespace

py::str shown(std::string_view text) {
    auto out = py::reinterpret_steal<py::str>(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "backslashreplace"));
    if (!out) throw py::error_already_set();
    return out;
}

std::string_view secret_text(const py::handle& given, const char* argument) {
    if (PyUnicode_Check(given.ptr()) == 0) throw py::type_error(std::string(argument) + " is a str, not " + Py_TYPE(given.ptr())->tp_name);
    Py_ssize_t size = 0;
    const char* const at = PyUnicode_AsUTF8AndSize(given.ptr(), &size);
    if (at == nullptr) {
        PyErr_Clear(); // it shows the text
        fail_call("HY024", std::string(argument) + " holds half of a surrogate pair, which is no character");
    }
    return {at, static_cast<std::size_t>(size)};
}

void forget_raised(std::initializer_list<PyObject*> expected) {
    if (std::ranges::none_of(expected, [](PyObject* each) { return PyErr_ExceptionMatches(each) != 0; })) throw py::error_already_set();
    PyErr_Clear();
}

std::string take_raised(std::initializer_list<PyObject*> expected) {
    if (std::ranges::none_of(expected, [](PyObject* each) { return PyErr_ExceptionMatches(each) != 0; })) throw py::error_already_set();
    const py::error_already_set raised;
    const auto text = called([&] { return PyObject_Str(raised.value().ptr()); });
    const char* const at = PyUnicode_AsUTF8(text.ptr());
    if (at == nullptr) PyErr_Clear();
    return at == nullptr ? std::string() : std::string(at);
}

void set_error_factory(py::object make) {
    factory() = std::move(make);
}

py::object exception_of(const diagnostic& record) {
    if (!factory()) return py::reinterpret_borrow<py::object>(PyExc_RuntimeError)(shown(record.message()));
    const auto facts = tuple_of(
        shown(record.message()), record.sqlstate, record.native, std::string(to_string(record.step)), shown(record.text), shown(record.hint), record.fatal,
        record.row
    );
    return called([&] { return PyObject_CallObject(factory().ptr(), facts.ptr()); });
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
        return py::reinterpret_borrow<py::object>(PyExc_RuntimeError)(shown(other.what()));
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
