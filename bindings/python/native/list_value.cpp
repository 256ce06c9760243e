#include "bindings/python/native/list_value.hpp"

#include <pybind11/stl.h>

#include <optional>
#include <string>

#include "bindings/python/native/decode.hpp"
#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"
#include "wire/codec/reader.hpp"

namespace irislink::python {
namespace py = pybind11;

namespace {

[[noreturn]] void no_list(const std::string& why) {
    fail_value("22018", "The value is no list: " + why, "Values that $LISTBUILD or a list parameter made are lists.", step::fetch);
}

// Of an 8-bit server: what a session of one would know.
PyObject* decoded(const wire::item& text, const char* encoding) {
    const auto data = text.text_data();
    const auto made =
        or_stay([&] { return PyUnicode_Decode(reinterpret_cast<const char*>(data.data()), static_cast<Py_ssize_t>(data.size()), encoding, "strict"); });
    if (made == nullptr) forget_raised({PyExc_UnicodeDecodeError});
    return made;
}

// `encoding` of 8-bit text; null: that of Unicode servers.
py::list elements_of(wire::bytes_view bytes, const char* encoding) {
    auto out = new_list();
    wire::reader in(bytes);
    while (!in.at_end()) {
        const auto element = in.next();
        const auto which = "element " + std::to_string(out.size() + 1);
        if (in.failed()) break;
        if (element.by_reference) no_list(which + " is an argument by reference");
        decode_failure why;
        const bool is_own = encoding != nullptr && element.code == wire::item_code::text8;
        const auto made = py::reinterpret_steal<py::object>(is_own ? decoded(element, encoding) : decode_element(element, in.format(), why));
        if (!made && PyErr_Occurred() != nullptr) throw py::error_already_set();
        if (!made) no_list(which + " has no form in Python");
        out.append(made);
    }
    if (in.failed()) no_list("after " + std::to_string(out.size()) + " elements: " + in.error().message());
    return out;
}

py::object list_from(const py::object& value, const std::optional<std::string>& encoding) {
    if (value.is_none()) return value;
    const char* const name = encoding ? encoding->c_str() : nullptr;
    if (PyUnicode_Check(value.ptr()) != 0 && name != nullptr) {
        const auto bytes = py::reinterpret_steal<py::object>(or_stay([&] { return PyUnicode_AsEncodedString(value.ptr(), name, "strict"); }));
        if (!bytes) no_list("it has characters that are none of its encoding: " + take_raised({PyExc_UnicodeEncodeError}));
        return elements_of({reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(bytes.ptr())), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))}, name);
    }
    if (PyUnicode_Check(value.ptr()) != 0) {
        // The bytes as characters: the very memory of such a text.
        if (PyUnicode_KIND(value.ptr()) != PyUnicode_1BYTE_KIND) no_list("it has characters beyond U+00FF, which stand for no byte");
        return elements_of(
            {reinterpret_cast<const std::byte*>(PyUnicode_1BYTE_DATA(value.ptr())), static_cast<std::size_t>(PyUnicode_GET_LENGTH(value.ptr()))}, name
        );
    }
    Py_buffer view;
    if (PyObject_CheckBuffer(value.ptr()) == 0) throw py::type_error(std::string("a list value is bytes or a str, not ") + Py_TYPE(value.ptr())->tp_name);
    if (or_stay([&] { return PyObject_GetBuffer(value.ptr(), &view, PyBUF_SIMPLE); }) != 0)
        no_list("it gives no bytes that lie in one piece of memory: " + take_raised({PyExc_BufferError, PyExc_ValueError}));
    const buffer_release release(&view);
    return elements_of({static_cast<const std::byte*>(view.buf), static_cast<std::size_t>(view.len)}, name);
}

} // namespace

void bind_list_value(py::module_& to) {
    to.def("list_from", &list_from, py::arg("value"), py::arg("encoding") = py::none());
}

} // namespace irislink::python
