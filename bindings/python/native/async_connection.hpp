#pragma once
// The asynchronous connection: logins, statements, batches. Its rules are those of async_line.hpp.

#include <pybind11/pybind11.h>

namespace irislink::python {

void bind_async_connection(pybind11::module_& module);

} // namespace irislink::python
