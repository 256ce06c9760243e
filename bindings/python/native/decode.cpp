#include "bindings/python/native/decode.hpp"

#include <datetime.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "bindings/python/native/gil.hpp"
#include "driver/session/long_value.hpp"
#include "wire/types/fixed_timestamp.hpp"

namespace irislink::python {
namespace {

using wire::coercion;
using wire::item;
using wire::item_code;
using wire::session_format;

PyObject* decimals = nullptr;
PyObject* uuids = nullptr;

cell_kind kind_of(sql_type type) {
    switch (type) {
    case sql_type::bit: return cell_kind::boolean;
    case sql_type::tinyint:
    case sql_type::smallint:
    case sql_type::integer:
    case sql_type::bigint: return cell_kind::integer;
    case sql_type::numeric:
    case sql_type::decimal_type: return cell_kind::number;
    case sql_type::floating:
    case sql_type::real:
    case sql_type::double_precision: return cell_kind::real;
    case sql_type::date: return cell_kind::date;
    case sql_type::time: return cell_kind::time;
    case sql_type::timestamp: return cell_kind::timestamp;
    case sql_type::guid: return cell_kind::guid;
    case sql_type::binary:
    case sql_type::varbinary:
    case sql_type::longvarbinary: return cell_kind::binary;
    default: return cell_kind::text;
    }
}

PyObject* failed(decode_failure& why, coercion outcome) {
    why.outcome = outcome;
    return nullptr;
}

bool is_number(const item& cell) {
    return cell.code >= item_code::positive && cell.code <= item_code::decimal_negative;
}

bool is_real(const item& cell) {
    return cell.code == item_code::real || cell.code == item_code::compact_real;
}

PyObject* unicode_of(const char* text, std::size_t size) {
    return PyUnicode_DecodeUTF8(text, static_cast<Py_ssize_t>(size), "strict");
}

PyObject* text_of(const item& cell, const session_format& format, decode_failure& why) {
    if (cell.code == item_code::text8 && format.unicode) [[likely]] {
        const auto data = cell.text_data();
        return PyUnicode_DecodeLatin1(reinterpret_cast<const char*>(data.data()), static_cast<Py_ssize_t>(data.size()), nullptr);
    }
    if (cell.code == item_code::text16) {
        int little = -1;
        auto* const out = PyUnicode_DecodeUTF16(reinterpret_cast<const char*>(cell.data.data()), static_cast<Py_ssize_t>(cell.data.size()), "strict", &little);
        if (out == nullptr) {
            // Half a surrogate pair: no str that could be sent back.
            PyErr_Clear();
            return failed(why, coercion::bad_literal);
        }
        return out;
    }
    std::string text;
    if (const auto got = wire::to_text(cell, format, text); got != coercion::ok) return failed(why, got);
    return unicode_of(text.data(), text.size());
}

// The text of a number, as Decimal has it. Digits are added for the column's scale, never taken away.
class number_text {
public:
    number_text(wire::decimal value, int scale) {
        auto magnitude = value.mantissa < 0 ? ~static_cast<std::uint64_t>(value.mantissa) + 1 : static_cast<std::uint64_t>(value.mantissa);
        std::array<char, 20> digits{};
        const auto end = std::to_chars(digits.begin(), digits.end(), magnitude).ptr;
        const auto count = static_cast<int>(end - digits.begin());
        if (value.mantissa < 0) put('-');
        const int fraction = -value.exponent;
        const int wanted = std::max(fraction, scale);
        if (fraction < -30 || wanted > 60) {
            put(digits.data(), count);
            put('E');
            at_ = std::to_chars(at_, text_.end(), int{value.exponent}).ptr;
            return;
        }
        if (fraction <= 0) {
            put(digits.data(), count);
            if (magnitude != 0) put('0', -fraction);
            if (wanted > 0) put('.');
            put('0', wanted);
            return;
        }
        if (count > fraction) {
            put(digits.data(), count - fraction);
            put('.');
            put(digits.data() + (count - fraction), fraction);
        } else {
            put('0');
            put('.');
            put('0', fraction - count);
            put(digits.data(), count);
        }
        put('0', wanted - fraction);
    }

    [[nodiscard]] PyObject* unicode() const {
        const auto size = at_ - text_.begin();
        PyObject* const out = PyUnicode_New(size, 127);
        if (out != nullptr) std::memcpy(PyUnicode_1BYTE_DATA(out), text_.data(), static_cast<std::size_t>(size));
        return out;
    }

private:
    void put(char c) { *at_++ = c; }

    void put(char c, int times) {
        for (; times > 0; --times) put(c);
    }

    void put(const char* from, int size) { at_ = std::copy_n(from, size, at_); }

    std::array<char, 160> text_{};
    char* at_{text_.data()};
};

PyObject* call_with(PyObject* type, PyObject* text) {
    if (text == nullptr) return nullptr;
    PyObject* const out = or_stay([&] { return PyObject_CallOneArg(type, text); });
    Py_DECREF(text);
    return out;
}

// What a Python type cannot read is no such value. Anything else that it raises, a signal handler's exception say, is for
// the program.
PyObject* parsed(PyObject* type, PyObject* text, decode_failure& why) {
    PyObject* const out = call_with(type, text);
    if (out == nullptr && (PyErr_ExceptionMatches(PyExc_ValueError) != 0 || PyErr_ExceptionMatches(PyExc_ArithmeticError) != 0)) {
        PyErr_Clear();
        return failed(why, coercion::bad_literal);
    }
    return out;
}

PyObject* number_of(const item& cell, const session_format& format, int scale, decode_failure& why) {
    if (is_number(cell)) {
        wire::decimal value;
        if (const auto got = wire::to_decimal(cell, value); got != coercion::ok) return failed(why, got);
        return call_with(decimals, number_text(value, scale).unicode());
    }
    // Text may have more digits than the wire's own form.
    PyObject* const out = parsed(decimals, text_of(cell, format, why), why);
    if (out == nullptr) return nullptr;
    PyObject* const finite = or_stay([out] { return PyObject_CallMethod(out, "is_finite", nullptr); });
    const bool good = finite == Py_True;
    Py_XDECREF(finite);
    if (good || finite == nullptr) return out;
    Py_DECREF(out);
    return failed(why, coercion::bad_literal);
}

// A whole number; what is none, though the column should hold them, is what it is.
PyObject* integer_of(const item& cell, const session_format& format, decode_failure& why) {
    std::int64_t value = 0;
    const auto got = wire::to_integer(cell, value);
    if (got == coercion::ok) [[likely]]
        return PyLong_FromLongLong(value);
    if (is_number(cell)) return number_of(cell, format, 0, why);
    if (double real = 0; is_real(cell) && wire::to_real(cell, real) == coercion::ok) return PyFloat_FromDouble(real);
    return failed(why, got);
}

// Nanoseconds as the microseconds that Python's types have.
bool microseconds_of(std::uint32_t nanoseconds, int& out, decode_failure& why) {
    why.too_fine = nanoseconds % 1000 != 0;
    if (why.too_fine) why.outcome = coercion::fraction_truncated;
    out = static_cast<int>(nanoseconds / 1000);
    return !why.too_fine;
}

PyObject* date_of(const item& cell, decode_failure& why) {
    wire::date day;
    if (const auto got = wire::to_date(cell, day); got != coercion::ok) return failed(why, got);
    return PyDate_FromDate(day.year, day.month, day.day);
}

PyObject* time_of(const item& cell, decode_failure& why) {
    wire::time_of_day time;
    if (const auto got = wire::to_time(cell, time); got != coercion::ok) return failed(why, got);
    int fraction = 0;
    if (!microseconds_of(time.nanosecond, fraction, why)) return nullptr;
    return PyTime_FromTime(time.hour, time.minute, time.second, fraction);
}

PyObject* moment_of(const item& cell, decode_failure& why) {
    irislink::timestamp fixed;
    if (cell.code != item_code::text8 || !wire::take_fixed_timestamp(wire::as_text(cell.data), fixed)) {
        wire::timestamp moment;
        if (const auto got = wire::to_timestamp(cell, moment); got != coercion::ok) return failed(why, got);
        fixed = {{moment.day.year, moment.day.month, moment.day.day}, {moment.time.hour, moment.time.minute, moment.time.second, moment.time.nanosecond}};
    }
    int fraction = 0;
    if (!microseconds_of(fixed.time.nanosecond, fraction, why)) return nullptr;
    return PyDateTime_FromDateAndTime(fixed.day.year, fixed.day.month, fixed.day.day, fixed.time.hour, fixed.time.minute, fixed.time.second, fraction);
}

PyObject* bytes_of(const item& cell, decode_failure& why) {
    std::string storage;
    wire::bytes_view data;
    if (const auto got = wire::to_bytes(cell, storage, data); got != coercion::ok) return failed(why, got);
    return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(data.data()), static_cast<Py_ssize_t>(data.size()));
}

PyObject* truth_of(const item& cell, decode_failure& why) {
    std::int64_t value = 0;
    if (const auto got = wire::to_integer(cell, value); got != coercion::ok) return failed(why, got);
    if (value != 0 && value != 1) return failed(why, coercion::out_of_range);
    return PyBool_FromLong(static_cast<long>(value));
}

PyObject* real_of(const item& cell, decode_failure& why) {
    double value = 0;
    if (const auto got = wire::to_real(cell, value); got != coercion::ok) return failed(why, got);
    return PyFloat_FromDouble(value);
}

} // namespace

std::vector<column_plan> plan_columns(const std::vector<column>& columns) {
    std::vector<column_plan> out;
    out.reserve(columns.size());
    for (const auto& each : columns) out.push_back({kind_of(each.type), driver::is_long(each.type), std::clamp(each.scale, 0, 30)});
    return out;
}

PyObject* decode_cell(const column_plan& plan, const item& cell, const session_format& format, decode_failure& why) {
    if (cell.is_null()) Py_RETURN_NONE;
    switch (plan.kind) {
    case cell_kind::text: return text_of(cell, format, why);
    case cell_kind::integer: return integer_of(cell, format, why);
    case cell_kind::number: return number_of(cell, format, plan.scale, why);
    case cell_kind::real: return real_of(cell, why);
    case cell_kind::timestamp: return moment_of(cell, why);
    case cell_kind::date: return date_of(cell, why);
    case cell_kind::time: return time_of(cell, why);
    case cell_kind::boolean: return truth_of(cell, why);
    case cell_kind::guid: return parsed(uuids, text_of(cell, format, why), why);
    case cell_kind::binary: return bytes_of(cell, why);
    case cell_kind::unread: Py_RETURN_NONE;
    }
    return failed(why, coercion::not_convertible);
}

PyObject* decode_element(const item& element, const session_format& format, decode_failure& why) {
    column_plan plan;
    if (element.code == item_code::positive || element.code == item_code::negative) {
        plan.kind = cell_kind::integer;
    } else if (is_number(element)) {
        plan.kind = cell_kind::number;
    } else if (is_real(element)) {
        plan.kind = cell_kind::real;
    }
    return decode_cell(plan, element, format, why);
}

void import_python_types() {
    namespace py = pybind11;
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == nullptr) throw py::error_already_set();
    // Kept for the life of the process: rows may be decoded until the very end of the interpreter.
    decimals = py::object(py::module_::import("decimal").attr("Decimal")).release().ptr();
    uuids = py::object(py::module_::import("uuid").attr("UUID")).release().ptr();
}

PyObject* decimal_type() noexcept {
    return decimals;
}

PyObject* uuid_type() noexcept {
    return uuids;
}

} // namespace irislink::python
