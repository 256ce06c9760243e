#include "bindings/python/native/parameters.hpp"

#include <datetime.h>

#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "bindings/python/native/decode.hpp"
#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"
#include "driver/value/convert.hpp"

namespace irislink::python {
namespace {

std::string type_name(PyObject* in) {
    return Py_TYPE(in)->tp_name;
}

[[noreturn]] void has_zone(PyObject* in) {
    fail_value(
        "22008", "A " + type_name(in) + " with a time zone cannot be stored: times of the server have none",
        "Convert it to the zone that is meant, and drop tzinfo."
    );
}

// Where a value stands: what a file gave is no file again, and a list holds fewer types.
struct place {
    bool in_file{false};
    int lists{0};                   // around it
    std::size_t* elements{nullptr}; // that were written of the outermost of them
};

[[noreturn]] void no_such_type(PyObject* in, place where) {
    if (where.lists > 0)
        fail_value("22018", "A " + type_name(in) + " cannot be an element of a list", "Put a number or text there that those who read the list expect.");
    fail_value("07006", "A parameter of type " + type_name(in) + " cannot be sent", "Send one of the types of docs/python.md.");
}

std::string_view utf8_of(PyObject* text) {
    Py_ssize_t size = 0;
    const char* const at = PyUnicode_AsUTF8AndSize(text, &size);
    if (at == nullptr) {
        if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError) == 0) throw py::error_already_set();
        PyErr_Clear();
        fail_value("22021", "A str holds half of a surrogate pair, which is no character", "Repair the text, or send bytes.");
    }
    return {at, static_cast<std::size_t>(size)};
}

void write_integer(wire::writer& out, PyObject* number) {
    int overflow = 0;
    const auto value = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow != 0) fail_value("22003", "An int is larger than the server's 64 bits");
    if (value == -1 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    out.integer(value);
}

std::optional<std::int64_t> exponent_of(std::string_view text) {
    if (text.starts_with("+-")) return std::nullopt;
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

// [-]digits[.digits][E[+-]digits], as str(Decimal) writes it ('e' where the context wants it); nothing when it is anything
// else, as of relatives of Decimal, or when 64 bits do not hold the digits.
std::optional<wire::decimal> exact_decimal(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    std::uint64_t digits = 0;
    std::int64_t exponent = 0;
    std::int64_t zeros = 0; // after the last other digit
    bool fraction = false;
    bool any = false;
    std::size_t at = 0;
    for (; at < text.size() && text[at] != 'E' && text[at] != 'e'; ++at) {
        if (text[at] == '.') {
            if (std::exchange(fraction, true)) return std::nullopt;
            continue;
        }
        if (text[at] < '0' || text[at] > '9') return std::nullopt;
        any = true;
        if (fraction) --exponent;
        if (text[at] == '0') {
            ++zeros;
            continue;
        }
        // Zeros count when another digit follows them.
        for (++zeros; zeros > 0; --zeros)
            if (__builtin_mul_overflow(digits, std::uint64_t{10}, &digits)) return std::nullopt;
        if (__builtin_add_overflow(digits, static_cast<std::uint64_t>(text[at] - '0'), &digits)) return std::nullopt;
    }
    if (!any) return std::nullopt;
    if (at < text.size()) {
        const auto power = exponent_of(text.substr(at + 1));
        if (!power || __builtin_add_overflow(exponent, *power, &exponent)) return std::nullopt;
    }
    if (digits == 0) {
        exponent = 0;
    } else if (__builtin_add_overflow(exponent, zeros, &exponent)) {
        return std::nullopt;
    }
    // Zeros that were written are kept where there is room: 1.50 is sent as it is.
    while (digits != 0 && zeros > 0 && exponent > -128 && digits <= std::numeric_limits<std::int64_t>::max() / 10U) {
        digits *= 10;
        --exponent;
        --zeros;
    }
    const auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
    if (digits > limit || exponent < -128 || exponent > 127) return std::nullopt;
    return wire::decimal{static_cast<std::int64_t>(negative ? ~digits + 1 : digits), static_cast<std::int16_t>(exponent)};
}

py::object str_of(PyObject* in) {
    return called([in] { return PyObject_Str(in); });
}

// Null when there is none.
py::object attribute_of(PyObject* in, const char* name) {
    auto out = py::reinterpret_steal<py::object>(or_stay([&] { return PyObject_GetAttrString(in, name); }));
    if (!out) forget_raised({PyExc_AttributeError});
    return out;
}

bool is_true(PyObject* in) {
    const int truth = or_stay([in] { return PyObject_IsTrue(in); });
    if (truth < 0) throw py::error_already_set();
    return truth == 1;
}

void write_decimal(wire::writer& out, PyObject* number) {
    const auto text = str_of(number);
    const auto value = exact_decimal(utf8_of(text.ptr()));
    if (!value)
        fail_value(
            "22003",
            "The Decimal " + std::string(utf8_of(text.ptr()).substr(0, 60)) + " has no exact form on the server: 64 bits of digits, exponent -128 to 127",
            "Round it with quantize()."
        );
    out.number(*value);
}

wire::time_of_day time_of(int hour, int minute, int second, int microsecond) {
    return {
        static_cast<std::uint8_t>(hour), static_cast<std::uint8_t>(minute), static_cast<std::uint8_t>(second), static_cast<std::uint32_t>(microsecond) * 1000U};
}

wire::date day_of(PyObject* in) {
    return {
        static_cast<std::int16_t>(PyDateTime_GET_YEAR(in)), static_cast<std::uint8_t>(PyDateTime_GET_MONTH(in)),
        static_cast<std::uint8_t>(PyDateTime_GET_DAY(in))};
}

template <class T> void write_temporal(wire::writer& out, const T& value) {
    std::string text;
    wire::append_text(text, value);
    out.text(text);
}

void write_moment(wire::writer& out, PyObject* in) {
    if (PyDateTime_DATE_GET_TZINFO(in) != Py_None) has_zone(in);
    // Relatives of datetime may know more than it does.
    if (PyDateTime_CheckExact(in) == 0) {
        const auto more = attribute_of(in, "nanosecond");
        if (more && is_true(more.ptr())) fail_value("22008", "A " + type_name(in) + " has a fraction below microseconds", "Round it, or send it as text.");
    }
    write_temporal(
        out,
        wire::timestamp{
            day_of(in),
            time_of(PyDateTime_DATE_GET_HOUR(in), PyDateTime_DATE_GET_MINUTE(in), PyDateTime_DATE_GET_SECOND(in), PyDateTime_DATE_GET_MICROSECOND(in))}
    );
}

void write_time(wire::writer& out, PyObject* in) {
    if (PyDateTime_TIME_GET_TZINFO(in) != Py_None) has_zone(in);
    write_temporal(
        out, time_of(PyDateTime_TIME_GET_HOUR(in), PyDateTime_TIME_GET_MINUTE(in), PyDateTime_TIME_GET_SECOND(in), PyDateTime_TIME_GET_MICROSECOND(in))
    );
}

// A single number of another library: those have a buffer without dimensions.
void write_scalar(wire::writer& out, PyObject* in, std::string_view format, place where) {
    if (!format.empty() && std::string_view("<>=@").find(format.front()) != std::string_view::npos) format.remove_prefix(1);
    if (format == "?") return out.integer(is_true(in) ? 1 : 0);
    // What a float holds exactly.
    if (format == "e" || format == "f" || format == "d") {
        const auto number = py::reinterpret_steal<py::object>(or_stay([in] { return PyNumber_Float(in); }));
        if (number) return out.real(PyFloat_AS_DOUBLE(number.ptr()));
        // What float() says of things that are none, whose bytes it has tried to read as text.
        forget_raised({PyExc_TypeError, PyExc_ValueError});
    }
    no_such_type(in, where);
}

void write_object(wire::writer& out, PyObject* in, place where);

// NumPy's datetime64 and timedelta64 have their own bytes as a buffer, whose unit it does not tell.
bool is_moment_of_numpy(PyObject* in) {
    const auto type = attribute_of(in, "dtype");
    const auto kind = type ? attribute_of(type.ptr(), "kind") : py::object();
    return kind && PyUnicode_Check(kind.ptr()) != 0 && (utf8_of(kind.ptr()) == "M" || utf8_of(kind.ptr()) == "m");
}

// As a column of them is sent.
void write_moment_of_numpy(wire::writer& out, PyObject* in, place where) {
    if (where.lists > 0) no_such_type(in, where);
    const auto columns = called([] { return PyImport_ImportModule("irislink._columnar"); });
    const auto plain = called([&] { return PyObject_CallMethod(columns.ptr(), "plain_of", "O", in); });
    const auto [value, why] = plain.cast<std::pair<py::object, py::object>>();
    if (!why.is_none()) {
        const auto [state, text, hint] = why.cast<std::tuple<std::string, std::string, std::string>>();
        fail_value(state.c_str(), text, hint);
    }
    write_object(out, value.ptr(), where);
}

// `array`: of a library of numbers, whatever it holds.
void write_buffer(wire::writer& out, PyObject* in, place where, bool array = false) {
    Py_buffer view;
    if (or_stay([&] { return PyObject_GetBuffer(in, &view, PyBUF_CONTIG_RO | PyBUF_FORMAT); }) != 0) {
        const auto why = take_raised({PyExc_BufferError, PyExc_ValueError});
        fail_value("22018", "A " + type_name(in) + " gives no bytes that lie in one piece of memory: " + why, "Send bytes(...) of it, or its values.");
    }
    const buffer_release release(&view);
    if (view.ndim == 0 && array) fail_value("22018", "A " + type_name(in) + " without dimensions is no value", "Send its item().");
    if (view.ndim == 0) return write_scalar(out, in, view.format == nullptr ? "B" : view.format, where);
    if (PyBytes_Check(in) == 0 && is_moment_of_numpy(in)) return write_moment_of_numpy(out, in, where);
    if (view.itemsize != 1)
        fail_value("22018", "A " + type_name(in) + " holds elements of " + std::to_string(view.itemsize) + " bytes, not bytes", "Send bytes(...) of it.");
    driver::write_bytes(out, {static_cast<const std::byte*>(view.buf), static_cast<std::size_t>(view.len)});
}

// The integers of other libraries. Their arrays say that they are one, whatever they hold: bytes are sent as such.
void write_index(wire::writer& out, PyObject* in, place where) {
    const auto number = py::reinterpret_steal<py::object>(or_stay([in] { return PyNumber_Index(in); }));
    if (number) return write_integer(out, number.ptr());
    if (PyObject_CheckBuffer(in) == 0) throw py::error_already_set();
    forget_raised({PyExc_TypeError});
    write_buffer(out, in, where, true);
}

void write_uuid(wire::writer& out, PyObject* in) {
    const auto text = str_of(in);
    std::string upper(utf8_of(text.ptr()));
    // As the server writes the ones that it makes.
    for (auto& c : upper)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    out.text(upper);
}

// Lists in lists: more than anybody means, and far fewer than a stack has room for. One that holds itself ends there.
constexpr int deepest_list = 100;

// A string of the server has some 3.6 million characters; lists that share their parts would grow without bound.
constexpr std::size_t largest_list = std::size_t{16} << 20U;
constexpr std::size_t between_looks = 4096; // for signals: elements

// Its elements are the bytes of one item, which nothing marks as a list (wire-sql 1.8).
void write_list(wire::writer& out, PyObject* in, place where) {
    const int depth = where.lists + 1;
    if (depth > deepest_list) fail_value("22018", "A list holds lists more than " + std::to_string(deepest_list) + " deep");
    // A tuple of our own: what is called on the way may change the list.
    const auto elements = called([in] { return PyList_AsTuple(in); });
    const auto count = PyTuple_GET_SIZE(elements.ptr());
    if (count == 0) fail_value("22018", "A list without elements has no form on the server but NULL, which is another value", "Send None.");
    wire::byte_buffer bytes;
    wire::writer items(bytes, out.format());
    std::size_t first = 0;
    auto* const written = where.elements != nullptr ? where.elements : &first;
    for (Py_ssize_t i = 0; i < count; ++i) {
        if (++*written % between_looks == 0 && or_stay([] { return PyErr_CheckSignals(); }) != 0) throw py::error_already_set();
        write_object(items, PyTuple_GET_ITEM(elements.ptr(), i), {.lists = depth, .elements = written});
        if (bytes.size() > largest_list) fail_value("22001", "A list is longer than " + std::to_string(largest_list) + " bytes");
    }
    require_written(items);
    out.list(bytes);
}

// A file is read whole: what goes to the server is one value in one message.
void write_file(wire::writer& out, PyObject* in, const py::object& read) {
    const auto content = called([&] { return PyObject_CallNoArgs(read.ptr()); });
    if (PyUnicode_Check(content.ptr()) == 0 && PyObject_CheckBuffer(content.ptr()) == 0)
        fail_value("07006", "read() of a " + type_name(in) + " gave a " + type_name(content.ptr()) + ", neither str nor bytes");
    write_object(out, content.ptr(), {.in_file = true});
}

// Asks the object for its __class__, which may raise.
bool is_instance(PyObject* in, PyObject* type) {
    const int found = or_stay([&] { return PyObject_IsInstance(in, type); });
    if (found < 0) throw py::error_already_set();
    return found == 1;
}

// What columns have types for, and the elements of a list have not.
bool is_of_columns(PyObject* in) {
    return PyDate_Check(in) != 0 || PyTime_Check(in) != 0 || is_instance(in, uuid_type());
}

void write_object(wire::writer& out, PyObject* in, place where) {
    if (in == Py_None) {
        out.null();
    } else if (PyUnicode_Check(in) != 0) {
        out.text(utf8_of(in));
    } else if (PyBool_Check(in) != 0) {
        out.integer(in == Py_True ? 1 : 0);
    } else if (PyLong_Check(in) != 0) {
        write_integer(out, in);
    } else if (PyFloat_Check(in) != 0) {
        out.real(PyFloat_AS_DOUBLE(in));
    } else if (PyList_Check(in) != 0) {
        write_list(out, in, where);
    } else if (where.lists > 0 && is_of_columns(in)) {
        no_such_type(in, where);
    } else if (PyDateTime_Check(in) != 0) {
        write_moment(out, in);
    } else if (PyDate_Check(in) != 0) {
        write_temporal(out, day_of(in));
    } else if (PyTime_Check(in) != 0) {
        write_time(out, in);
    } else if (is_instance(in, decimal_type())) {
        write_decimal(out, in);
    } else if (is_instance(in, uuid_type())) {
        write_uuid(out, in);
    } else if (PyIndex_Check(in) != 0) {
        write_index(out, in, where);
    } else if (PyObject_CheckBuffer(in) != 0) {
        write_buffer(out, in, where);
    } else if (const auto read = where.lists == 0 && !where.in_file ? attribute_of(in, "read") : py::object()) {
        write_file(out, in, read);
    } else {
        no_such_type(in, where);
    }
}

} // namespace

void require_written(const wire::writer& items) {
    if (items.failed()) fail_value("22021", "A parameter cannot be sent: " + items.error().message());
}

py::tuple sequence_of(const py::handle& row) {
    PyObject* const given = row.ptr();
    if (PyUnicode_Check(given) != 0 || PyBytes_Check(given) != 0)
        fail_call("07002", "The values of a statement are a sequence, not a single " + type_name(given), "Write (value,) for a single one.");
    // Their keys, or their elements in no order, would be values that nobody has meant.
    if (PyDict_Check(given) != 0 || PyAnySet_Check(given) != 0)
        fail_call("07002", "The values of a statement are a sequence, not a " + type_name(given), "Dicts are for statements with :names.");
    // A tuple of our own: what is called on the way, and other threads, may change a list.
    auto values = py::reinterpret_steal<py::tuple>(or_stay([given] { return PySequence_Tuple(given); }));
    if (!values) {
        if (PyErr_ExceptionMatches(PyExc_TypeError) != 0) PyErr_SetString(PyExc_TypeError, "the values of a statement are a sequence");
        throw py::error_already_set();
    }
    return values;
}

namespace {

// Of this file's own table of datetime's functions.
void need_datetime() {
    if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
}

void write_row(driver::encoded_parameters& to, const py::handle& row, const driver::scanned_statement& sql, const wire::session_format& format) {
    const auto before = to.items.size();
    wire::writer items(to.items, format);
    try {
        PyObject* const given = row.ptr();
        const bool is_row = PyTuple_Check(given) != 0 || PyList_Check(given) != 0;
        if (!is_row && sql.parameters == 1) {
            write_object(items, given, {});
        } else {
            const auto values = sequence_of(row);
            const auto count = PyTuple_GET_SIZE(values.ptr());
            if (count != static_cast<Py_ssize_t>(sql.parameters))
                fail_call("07002", "The statement has " + std::to_string(sql.parameters) + " parameters, " + std::to_string(count) + " values were given");
            for (Py_ssize_t i = 0; i < count; ++i) write_object(items, PyTuple_GET_ITEM(values.ptr(), i), {});
        }
        require_written(items);
    } catch (...) {
        to.items.resize(before);
        throw;
    }
}

} // namespace

void write_parameter(wire::writer& out, PyObject* value) {
    need_datetime();
    write_object(out, value, {});
}

driver::encoded_parameters encode_set(const py::object& values, const driver::scanned_statement& sql, const wire::session_format& format) {
    need_datetime();
    driver::encoded_parameters out;
    out.count = sql.parameters;
    if (!values.is_none() || sql.parameters == 1) {
        write_row(out, values.is_none() && sql.parameters == 1 ? py::tuple() : values, sql, format);
    } else if (sql.parameters > 0) {
        fail_call("07002", "The statement has " + std::to_string(sql.parameters) + " parameters, no values were given");
    }
    return out;
}

void add_set(
    driver::encoded_parameters& to, const py::handle& row, const driver::scanned_statement& sql, const wire::session_format& format, std::size_t number
) {
    need_datetime();
    try {
        write_row(to, row, sql, format);
    } catch (const error& failed) {
        auto record = failed.record();
        record.row = number;
        throw error(std::move(record));
    }
    to.count = sql.parameters;
    ++to.sets;
}

} // namespace irislink::python
