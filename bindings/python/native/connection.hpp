#pragma once
// The blocking connection.

#include <pybind11/pybind11.h>

namespace irislink::python {

void bind_connection(pybind11::module_& module);

} // namespace irislink::python
