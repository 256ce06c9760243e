#pragma once
// Python objects as values of a statement, written straight into a message. All functions need the GIL; what cannot
// be sent as it is throws error (DataError), never a value that is nearly the same.

#include <pybind11/pybind11.h>

#include <string_view>

#include "driver/session/session.hpp"

namespace irislink::python {

namespace py = pybind11;

// The values of one row as a tuple of its own. Throws 07002 for a single str or bytes, a dict and a set.
[[nodiscard]] py::tuple sequence_of(const py::handle& row);
// One value. A list is a $LIST.
void write_parameter(wire::writer& out, PyObject* value);
// Throws DataError when a value could not be written.
void require_written(const wire::writer& items);

// One set: a sequence, or nothing for None. Throws 07002 when the statement has another number of ? marks.
[[nodiscard]] driver::encoded_parameters encode_set(const py::object& values, const driver::scanned_statement& sql, const wire::session_format& format);

// Adds one set. With one ? mark, a row that is no list or tuple is the value itself. `number` counts from 1.
void add_set(
    driver::encoded_parameters& to, const py::handle& row, const driver::scanned_statement& sql, const wire::session_format& format, std::size_t number
);

} // namespace irislink::python
