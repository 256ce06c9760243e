#pragma once
// Errors on their way to Python. Native code throws irislink::error; one translator makes a Python exception of it,
// whose class irislink/exceptions.py chooses by SQLSTATE. All functions need the GIL.

#include <pybind11/pybind11.h>

#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>

#include "irislink/error.hpp"

namespace irislink::python {

namespace py = pybind11;

// The function of irislink/exceptions.py that makes an exception of a record.
void set_error_factory(py::object factory);
[[nodiscard]] py::object exception_of(const diagnostic& record);
// Whatever was thrown, as a Python exception.
[[nodiscard]] py::object exception_of(const std::exception_ptr& failure);
void register_translator();

// For people: bytes that are no UTF-8 are shown as \xNN.
[[nodiscard]] py::str shown(std::string_view text);
// Of a str, valid as long as that is; a TypeError names `argument` and never shows a value.
[[nodiscard]] std::string_view secret_text(const py::handle& given, const char* argument);

// What was raised is one of these, and forgotten; anything else, of a signal's handler say, is for the program.
void forget_raised(std::initializer_list<PyObject*> expected);
// The same, and its text.
[[nodiscard]] std::string take_raised(std::initializer_list<PyObject*> expected);

// A value that cannot be sent, or that Python has no form for: DataError.
[[noreturn]] void fail_value(const char* sqlstate, std::string text, std::string hint = {}, step at = step::statement);
// A call that makes no sense: ProgrammingError or InterfaceError, as the SQLSTATE has it.
[[noreturn]] void fail_call(const char* sqlstate, std::string text, std::string hint = {}, errc code = errc::bad_argument);

} // namespace irislink::python
