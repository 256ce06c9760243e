#pragma once
// Python callables that C++ calls: from threads without the GIL, and whose last copy may go anywhere.

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "irislink/options.hpp"

namespace irislink::python {

namespace py = pybind11;

// What a callable raised while an operation ran; the operation's own error gives way to it. The GIL guards it.
struct raised {
    std::optional<py::error_already_set> what;

    ~raised();
    // The exception that is set in this thread.
    void take();
};

// A reference that may be copied and dropped without the GIL.
using shared_object = std::shared_ptr<PyObject>;
[[nodiscard]] shared_object share(const py::object& in);

// Calls `function`, which gives a str. Throws error when it raises; `into` has the exception then.
[[nodiscard]] std::function<std::string()> text_callback(const py::object& function, const char* name, std::shared_ptr<raised> into);
// What such a callable gave: (principal, password), or the name of a credential cache. Throws error_already_set (TypeError).
[[nodiscard]] kerberos_credentials credentials_of(const py::handle& given);
// That it raised is said elsewhere, by what it raised.
[[noreturn]] void callback_failed(const char* name);
[[nodiscard]] std::function<kerberos_credentials()> kerberos_callback(const py::object& function, std::shared_ptr<raised> into);

} // namespace irislink::python
