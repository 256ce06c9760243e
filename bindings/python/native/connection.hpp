#pragma once
// The blocking connection.

#include <pybind11/pybind11.h>

namespace irislink::driver {
class session;
}

namespace irislink::python {

// What is known of the server and the line, as irislink.Connection.info.
[[nodiscard]] pybind11::dict info_of(const driver::session& of);
void bind_connection(pybind11::module_& module);

} // namespace irislink::python
