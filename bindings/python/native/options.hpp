#pragma once
// irislink.connect()'s settings on their way to driver/config: the one table of keywords decides what there is.

#include <pybind11/pybind11.h>

#include "bindings/python/native/callback.hpp"
#include "irislink/options.hpp"

namespace irislink::python {

// Used for one connect, by one thread.
struct settings {
    explicit settings(std::string_view target) : options(target) {}

    settings() = default;

    connect_options options;
    std::shared_ptr<raised> from_callbacks{std::make_shared<raised>()};
};

void bind_settings(py::module_& module);

} // namespace irislink::python
