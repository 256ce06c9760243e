#include "bindings/python/native/options.hpp"

#include "bindings/python/native/errors.hpp"

namespace irislink::python {
namespace {

// Text of a Python str without a copy that nobody wipes.
std::string_view view_of(const py::str& text) {
    Py_ssize_t size = 0;
    const char* const at = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (at == nullptr) {
        PyErr_Clear();
        fail_call("HY024", "A setting holds half of a surrogate pair, which is no character");
    }
    return {at, static_cast<std::size_t>(size)};
}

py::list warnings_of(const settings& in) {
    py::list out;
    for (const auto& each : in.options.warnings().records()) out.append(exception_of(each));
    return out;
}

// What set() has to say about an unknown keyword; None when it is known.
py::object set(settings& in, const py::str& keyword, const py::str& value) {
    const auto before = in.options.warnings().records().size();
    in.options.set(view_of(keyword), view_of(value));
    const auto& after = in.options.warnings().records();
    if (after.size() == before || after.back().sqlstate != "01S00") return py::none();
    return py::str(after.back().hint);
}

py::dict shown(const settings& in) {
    py::dict out;
    for (const auto& each : in.options.settings()) out[py::str(each.keyword)] = py::make_tuple(each.shown, each.origin);
    return out;
}

} // namespace

void bind_settings(py::module_& module) {
    py::class_<settings>(module, "Settings", "Settings of one connection, by the keywords of docs/configuration.md. Secrets are never given back.")
        .def(py::init<>())
        .def(
            py::init([](const py::str& target) { return std::make_unique<settings>(view_of(target)); }), py::arg("target"),
            "A target is an iris:// URI, KEYWORD=value;..., or the name of a data source."
        )
        .def("set", &set, py::arg("keyword"), py::arg("value"), "Beats what the target says. Returns advice when the keyword is unknown, else None.")
        .def("shown", &shown, "Every setting in force as keyword: (value, origin); secrets are masked.")
        .def("warnings", &warnings_of, "What is odd and allowed, as exceptions.")
        .def("two_factor", [](settings& in, const py::object& function) { in.options.two_factor(text_callback(function, "two_factor", in.from_callbacks)); })
        .def(
            "access_token",
            [](settings& in, const py::object& function) { in.options.access_token(text_callback(function, "access_token", in.from_callbacks)); }
        )
        .def(
            "key_password",
            [](settings& in, const py::object& function) { in.options.key_password(text_callback(function, "key_password", in.from_callbacks)); }
        )
        .def("kerberos", [](settings& in, const py::object& function) { in.options.kerberos(kerberos_callback(function, in.from_callbacks)); });
}

} // namespace irislink::python
