#pragma once
// The asynchronous connection and its results. Every operation is given a token, and answers by the mailbox under it.
// irislink/aio.py sees to it that a connection has one operation at a time, and reads rows only when it has none.

#include <pybind11/pybind11.h>

namespace irislink::python {

void bind_async_connection(pybind11::module_& module);

} // namespace irislink::python
