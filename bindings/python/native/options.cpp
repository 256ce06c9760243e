#include "bindings/python/native/options.hpp"

#include "bindings/python/native/errors.hpp"
#include "driver/config/keywords.hpp"

namespace irislink::python {
namespace {

// Of which a number is no text: it would have lost its zeros.
bool is_secret(std::string_view keyword) {
    const auto* const known = driver::find_keyword(keyword);
    return known != nullptr && known->type == driver::keyword_type::secret;
}

py::list warnings_of(const settings& in) {
    py::list out;
    for (const auto& each : in.options.warnings().records()) out.append(exception_of(each));
    return out;
}

// What set() has to say about an unknown keyword; None when it is known.
// The text is taken where it lies: nobody would wipe a copy.
py::object set(settings& in, const py::object& keyword, const py::object& value) {
    const auto before = in.options.warnings().records().size();
    const auto name = secret_text(keyword, "a keyword");
    in.options.set(name, secret_text(value, std::string(name).c_str()));
    const auto& after = in.options.warnings().records();
    if (after.size() == before || after.back().sqlstate != "01S00") return py::none();
    return shown(after.back().hint);
}

py::dict all_shown(const settings& in) {
    py::dict out;
    for (const auto& each : in.options.settings()) out[py::str(each.keyword)] = py::make_tuple(shown(each.shown), shown(each.origin));
    return out;
}

} // namespace

void bind_settings(py::module_& module) {
    module.def(
        "is_secret", [](const std::string& keyword) { return is_secret(keyword); }, py::arg("keyword")
    );
    py::class_<settings>(module, "Settings", "Settings of one connection, by the keywords of docs/configuration.md. Secrets are never given back.")
        .def(py::init<>())
        .def(
            py::init([](const py::object& target) { return std::make_unique<settings>(secret_text(target, "target")); }), py::arg("target"),
            "A target is an iris:// URI, KEYWORD=value;..., or the name of a data source."
        )
        .def("set", &set, py::arg("keyword"), py::arg("value"), "Beats what the target says. Returns advice when the keyword is unknown, else None.")
        .def("shown", &all_shown, "Every setting in force as keyword: (value, origin); secrets are masked.")
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
