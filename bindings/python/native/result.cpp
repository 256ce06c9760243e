#include "bindings/python/native/result.hpp"

#include <algorithm>
#include <array>

#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"

namespace irislink::python {

using wire::coercion;

row_reader::row_reader(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state)
    : row_reader(std::move(session), state, plan_columns(state->columns)) {}

row_reader::row_reader(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state, std::vector<column_plan> plan)
    : session_(std::move(session)), state_(std::move(state)), plan_(std::move(plan)) {
    storage_.columns = &state_->columns;
    storage_.format = &session_->format();
    storage_.owner = session_.get();
    storage_.state = state_;
    if (std::ranges::any_of(plan_, &column_plan::is_long)) storage_.longs.resize(plan_.size());
}

void row_reader::fail(std::size_t column, const decode_failure& why) const {
    if (PyErr_Occurred() != nullptr) throw py::error_already_set();
    const auto name = "Column '" + state_->columns[column].label + "': ";
    if (why.too_fine)
        fail_value("22008", name + "Python's types have no fractions below microseconds", "Select CAST(... AS VARCHAR(30)) to have all digits.", step::fetch);
    switch (why.outcome) {
    case coercion::out_of_range: fail_value("22003", name + "the value is out of range", {}, step::fetch);
    case coercion::fraction_truncated: fail_value("22003", name + "the value has a fraction that would be lost", {}, step::fetch);
    case coercion::not_convertible: fail_value("07006", name + "the value has no such form", {}, step::fetch);
    default: fail_value("22018", name + "what the server sent is no value of the column's type", "Select CAST(... AS VARCHAR(...)) to see it.", step::fetch);
    }
}

row_reader::wants row_reader::read(const py::list& rows, std::size_t count, bool streams) {
    if (!has_long_columns()) return read_short(rows, count);
    while (static_cast<std::size_t>(PyList_GET_SIZE(rows.ptr())) < count) {
        if (!row_is_there_) {
            if (!driver::step_row(*session_, *state_, storage_)) return wants::block;
            row_is_there_ = true;
            pending_ = 0;
        }
        if (!streams && next_pending()) return wants::content;
        row_is_there_ = false;
        if (PyList_Append(rows.ptr(), row_of_storage(streams).ptr()) != 0) throw py::error_already_set();
    }
    return wants::nothing;
}

row_reader::wants row_reader::read_short(const py::list& rows, std::size_t count) {
    const auto columns = plan_.size();
    const auto& format = *storage_.format;
    auto have = static_cast<std::size_t>(PyList_GET_SIZE(rows.ptr()));
    for (; have < count; ++have) {
        const auto row = new_tuple(columns);
        decode_failure why;
        std::size_t failed = columns;
        const bool got = driver::step_row(*session_, *state_, [&] {
            return state_->rows.next_cells([&](std::size_t column, wire::item cell) {
                if (failed < columns) return;
                PyObject* const made = decode_cell(plan_[column], cell, format, why);
                if (made == nullptr) {
                    // The row has not been stepped past: it comes again.
                    if (PyErr_Occurred() != nullptr) throw py::error_already_set();
                    failed = column;
                    return;
                }
                // The cells of a row that goes on in the next block come again.
                Py_XDECREF(PyTuple_GET_ITEM(row.ptr(), static_cast<Py_ssize_t>(column)));
                PyTuple_SET_ITEM(row.ptr(), static_cast<Py_ssize_t>(column), made);
            });
        });
        if (!got) return wants::block;
        if (failed < columns) fail(failed, why);
        // Nothing in there can be part of a cycle: the collector need not look at it.
        PyObject_GC_UnTrack(row.ptr());
        if (PyList_Append(rows.ptr(), row.ptr()) != 0) throw py::error_already_set();
    }
    return wants::nothing;
}

bool row_reader::next_pending() {
    for (; pending_ < plan_.size(); ++pending_)
        if (plan_[pending_].is_long && !storage_.longs[pending_].known && driver::is_handle(storage_, pending_)) return true;
    return false;
}

std::shared_ptr<driver::long_value> row_reader::pending() {
    return driver::open_long(storage_, pending_);
}

void row_reader::give_content(std::string content, bool null) {
    storage_.longs[pending_] = {true, null, std::move(content), {}};
}

PyObject* row_reader::loaded_cell(std::size_t column, decode_failure& why) {
    const auto* const loaded = driver::content_of(storage_, column);
    if (loaded == nullptr) return decode_cell(plan_[column], storage_.cells[column], *storage_.format, why);
    if (loaded->null) Py_RETURN_NONE;
    const auto size = static_cast<Py_ssize_t>(loaded->content.size());
    if (driver::is_binary_column(storage_, column)) return PyBytes_FromStringAndSize(loaded->content.data(), size);
    return PyUnicode_DecodeUTF8(loaded->content.data(), size, "strict");
}

// With `streams` the cell of a value that has to be fetched is Ellipsis, for the cursor to put a stream there.
py::tuple row_reader::row_of_storage(bool streams) {
    auto out = new_tuple(plan_.size());
    for (std::size_t i = 0; i < plan_.size(); ++i) {
        decode_failure why;
        PyObject* made = nullptr;
        if (streams && plan_[i].is_long && driver::is_handle(storage_, i)) {
            made = py::reinterpret_borrow<py::object>(Py_Ellipsis).release().ptr();
        } else {
            made = loaded_cell(i, why);
        }
        if (made == nullptr) fail(i, why);
        PyTuple_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(i), made);
    }
    return out;
}

py::object description_of(const std::vector<column>& columns) {
    auto out = new_tuple(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& each = columns[i];
        const auto kind = plan_columns({each}).front().kind;
        const bool sized = kind == cell_kind::text || kind == cell_kind::binary;
        const auto number = [](bool known, std::int64_t value) -> py::object { return known ? py::object(py::int_(value)) : py::none(); };
        out[i] = tuple_of(
            each.label, static_cast<int>(each.type), number(sized && each.precision > 0, each.precision), py::none(),
            number(!sized && each.precision > 0, each.precision), number(each.scale >= 0 && !sized, each.scale),
            each.nullable == 2 ? py::object(py::none()) : py::bool_(each.nullable == 1)
        );
    }
    return out;
}

result::result(std::shared_ptr<line> on, std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state, std::shared_ptr<const void> of)
    : on_(std::move(on)), of_(std::move(of)), reader_(std::move(session), std::move(state)) {}

result::result(std::shared_ptr<line> on, row_reader reader) : on_(std::move(on)), reader_(std::move(reader)) {}

result::~result() {
    if (!closed_) on_->bury(reader_.state());
}

void result::require_open(const line::hold& held) const {
    (void)held.session();
    if (closed_) fail_call("24000", "The result is closed", "Execute the statement again.", errc::out_of_sequence);
}

// Fetches what the reader wants; false at the end of the rows.
bool result::more(const line::hold& held, row_reader::wants what) {
    if (what == row_reader::wants::content) {
        const auto source = reader_.pending();
        auto content = held.run<std::string>(held.session().read_long(source), step::fetch);
        reader_.give_content(std::move(content), source->null);
        return true;
    }
    const auto& state = reader_.state();
    if (!state->closed && held.run<bool>(held.session().next_block(state), step::fetch)) return true;
    if (!state->closed) held.session().abandon(*state);
    return false;
}

void result::require_whole_rows() const {
    if (kept_elsewhere_) fail_call("HY010", "A batch of the result was interrupted", "Go on with the same batches.", errc::out_of_sequence);
    if (reader_.row_is_there() || !kept_.empty())
        fail_call(
            "HY010", "Rows of the result have been read, and a fetch was interrupted", "Go on with fetchone(), fetchmany() or fetchall().",
            errc::out_of_sequence
        );
}

// The first `count` of them at most.
py::list result::take_kept(std::size_t count) {
    const auto have = kept_.size();
    if (have <= count) return std::exchange(kept_, new_list());
    const auto first = static_cast<Py_ssize_t>(count);
    auto out = py::reinterpret_steal<py::list>(called([&] { return PyList_GetSlice(kept_.ptr(), 0, first); }).release());
    if (PyList_SetSlice(kept_.ptr(), 0, first, nullptr) != 0) throw py::error_already_set();
    return out;
}

py::list result::fetch(py::ssize_t count) {
    const line::hold held(*on_);
    require_open(held);
    if (kept_elsewhere_) require_whole_rows();
    const auto wanted = count < 0 ? static_cast<std::size_t>(PY_SSIZE_T_MAX) : static_cast<std::size_t>(count);
    auto rows = take_kept(wanted);
    try {
        while (true) {
            const auto what = reader_.state()->closed ? row_reader::wants::block : reader_.read(rows, wanted, false);
            if (what == row_reader::wants::nothing || !more(held, what)) break;
        }
    } catch (...) {
        // Whoever goes on, after what a signal's handler has raised say, misses none.
        kept_ = std::move(rows);
        throw;
    }
    rows_ += static_cast<std::uint64_t>(PyList_GET_SIZE(rows.ptr()));
    return rows;
}

py::object result::fetch_one(bool streams) {
    const line::hold held(*on_);
    require_open(held);
    if (kept_elsewhere_) require_whole_rows();
    streams_.clear();
    auto rows = take_kept(1);
    while (true) {
        const auto what = reader_.state()->closed ? row_reader::wants::block : reader_.read(rows, 1, streams);
        if (what == row_reader::wants::nothing) break;
        if (!more(held, what)) return py::none();
    }
    ++rows_;
    return rows[0];
}

// Up to `size` bytes (text: of UTF-8) of a long value of the current row; None for NULL, b'' at its end.
py::object result::read_stream(std::size_t column, std::uint64_t row, py::ssize_t size) {
    const line::hold held(*on_);
    require_open(held);
    if (row != rows_ || column >= columns().size())
        fail_call("24000", "The row of this long value is gone", "Read a long value before the next row.", errc::out_of_sequence);
    auto& source = streams_[column];
    if (!source) source = driver::open_long(reader_.row(), column);
    std::string piece(static_cast<std::size_t>(std::clamp(size, py::ssize_t{4}, py::ssize_t{256} * 1024)), '\0');
    const auto got = held.run<std::size_t>(held.session().read_long_some(source, piece), step::fetch);
    if (source->null) return py::none();
    return py::bytes(piece.data(), got);
}

void result::close() {
    if (closed_) return;
    const line::hold held(*on_);
    closed_ = true;
    const auto& state = reader_.state();
    const auto session = on_->session();
    if (!session || state->closed) return;
    // The server hears of it with the next request.
    session->abandon(*state);
}

void bind_result(py::module_& module) {
    py::class_<result>(module, "Result", "The rows of one query.")
        .def("fetch", &result::fetch, py::arg("count"), "The next rows as a list of tuples; all of them when count is negative.")
        .def("fetch_one", &result::fetch_one, py::arg("streams") = false, "The next row, or None. With streams, long values that were not read are Ellipsis.")
        .def("read_stream", &result::read_stream, py::arg("column"), py::arg("row"), py::arg("size"))
        .def("close", &result::close)
        .def_property_readonly("description", [](const result& in) { return description_of(in.columns()); })
        .def_property_readonly("row_number", &result::row_number)
        .def_property_readonly("has_long_columns", &result::has_long_columns);
}

} // namespace irislink::python
