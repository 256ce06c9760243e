// irislink._core: what irislink/*.py is made of. Not for programs; the names may change.

#include <pybind11/pybind11.h>

#include "bindings/python/native/async_call.hpp"
#include "bindings/python/native/async_connection.hpp"
#include "bindings/python/native/async_result.hpp"
#include "bindings/python/native/columnar.hpp"
#include "bindings/python/native/connection.hpp"
#include "bindings/python/native/decode.hpp"
#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/list_value.hpp"
#include "bindings/python/native/mailbox.hpp"
#include "bindings/python/native/options.hpp"
#include "bindings/python/native/result.hpp"

PYBIND11_MODULE(_core, module) {
    namespace python = irislink::python;
    python::import_python_types();
    python::register_translator();
    module.def("set_error_factory", &python::set_error_factory, pybind11::arg("factory"));
    module.attr("version") = IRISLINK_VERSION;
    python::bind_settings(module);
    python::bind_list_value(module);
    python::bind_result(module);
    python::bind_columnar(module);
    python::bind_connection(module);
    python::bind_mailbox(module);
    python::bind_async_result(module);
    python::bind_async_call(module);
    python::bind_async_connection(module);
}
