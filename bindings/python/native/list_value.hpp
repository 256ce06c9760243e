#pragma once
// $LIST values from the server as Python lists. parameters.hpp has the way there.

#include <pybind11/pybind11.h>

namespace irislink::python {

// list_from(value).
void bind_list_value(pybind11::module_& to);

} // namespace irislink::python
