#pragma once
// From items of the receive buffer straight to Python objects. What a column's cells become is decided once per
// result; a cell is a switch on that. All functions need the GIL.

#include <pybind11/pybind11.h>

#include <cstdint>
#include <vector>

#include "irislink/value.hpp"
#include "wire/codec/coerce.hpp"

namespace irislink::python {

enum class cell_kind : std::uint8_t { boolean, integer, number, real, date, time, timestamp, guid, binary, text, unread };

struct column_plan {
    cell_kind kind{cell_kind::text}; // unread: None, whatever is there
    bool is_long{false};
    int scale{0}; // of a NUMERIC: the digits after the point that are shown at least
};

[[nodiscard]] std::vector<column_plan> plan_columns(const std::vector<column>& columns);

// Why a cell has no Python object: `outcome`, or the Python exception that is set when it is ok.
struct decode_failure {
    wire::coercion outcome{wire::coercion::ok};
    bool too_fine{false}; // a fraction below microseconds
};

// A new reference, or null with `why`. NULL is None. Throws nothing but std::bad_alloc.
[[nodiscard]] PyObject* decode_cell(const column_plan& plan, const wire::item& cell, const wire::session_format& format, decode_failure& why);

// The same of an element of a list, of which its code says alone what it is: text, bytes and lists are str.
[[nodiscard]] PyObject* decode_element(const wire::item& element, const wire::session_format& format, decode_failure& why);

// Decimal, UUID and the types of datetime: found once. Throws error_already_set.
void import_python_types();
[[nodiscard]] PyObject* decimal_type() noexcept;
[[nodiscard]] PyObject* uuid_type() noexcept;

} // namespace irislink::python
