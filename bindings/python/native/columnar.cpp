#include "bindings/python/native/columnar.hpp"

#include <pybind11/stl.h>

#include <cstring>

#include "bindings/python/native/errors.hpp"
#include "bindings/python/native/gil.hpp"
#include "wire/codec/wide_decimal.hpp"

namespace irislink::python {
namespace {

// A capsule of one of Arrow's structs: who takes the struct leaves `release` null.
template <class Struct> py::capsule capsule_of(columnar::owned<Struct>&& from, const char* name) {
    auto* const held = new Struct;
    from.give(held);
    return py::capsule(held, name, [](PyObject* capsule) {
        auto* const gone = static_cast<Struct*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
        if (gone->release != nullptr) gone->release(gone);
        delete gone;
    });
}

// Takes the struct out of a capsule; nothing of the capsule is used afterwards.
template <class Struct> void take(const py::handle& capsule, const char* name, columnar::owned<Struct>& into) {
    auto* const given = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
    if (given == nullptr) throw py::error_already_set();
    if (given->release == nullptr) fail_call("HY010", "The Arrow data was used already", "Ask for it anew.");
    into = columnar::owned<Struct>();
    *into.out() = *given;
    given->release = nullptr;
}

std::optional<columnar::time_unit> unit_of(const std::optional<std::string>& name) {
    if (!name) return std::nullopt;
    if (*name == "s") return columnar::time_unit::second;
    if (*name == "ms") return columnar::time_unit::millisecond;
    if (*name == "us") return columnar::time_unit::microsecond;
    if (*name == "ns") return columnar::time_unit::nanosecond;
    fail_call("HY024", "The unit of timestamps is 's', 'ms', 'us' or 'ns', not '" + *name + "'");
}

// What a consumer of Arrow's stream asks for comes from any thread, with the GIL or without it.
py::capsule stream_of(const std::shared_ptr<batches>& from) {
    const auto guarded = [](const auto& work) {
        const with_gil gil;
        try {
            return work();
        } catch (py::error_already_set& raised) {
            // Its words only: the exception itself must not outlive the GIL.
            throw std::runtime_error(raised.what());
        }
    };
    columnar::owned_stream stream;
    columnar::export_stream(
        {[from](ArrowSchema* out) { from->schema(out); }, [from, guarded](ArrowArray* out) { return guarded([&] { return from->next(out); }); }}, stream.out()
    );
    return capsule_of(std::move(stream), "arrow_array_stream");
}

std::unique_ptr<batch> next_batch(const std::shared_ptr<batches>& from) {
    auto out = std::make_unique<batch>();
    out->of = from;
    if (!from->next(out->array.out())) throw py::stop_iteration();
    from->schema(out->schema.out());
    return out;
}

const ArrowArray& column_of(const batch& in, std::size_t column) {
    if (in.array.empty()) fail_call("HY010", "The batch was given away already");
    if (column >= static_cast<std::size_t>(in.array->n_children)) throw py::index_error();
    return *in.array->children[column];
}

template <class Offset> std::string_view text_at(const ArrowArray& array, std::size_t row) {
    const auto* const offsets = static_cast<const Offset*>(array.buffers[1]);
    return {static_cast<const char*>(array.buffers[2]) + offsets[row], static_cast<std::size_t>(offsets[row + 1] - offsets[row])};
}

std::string decimal_text(wire::int128 value, int scale) {
    std::string digits;
    const bool negative = value < 0;
    for (; value != 0; value /= 10) {
        const auto digit = static_cast<int>(value % 10);
        digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    }
    if (digits.size() <= static_cast<std::size_t>(scale)) digits.insert(0, static_cast<std::size_t>(scale) + 1 - digits.size(), '0');
    if (scale > 0) digits.insert(digits.size() - static_cast<std::size_t>(scale), ".");
    return negative ? "-" + digits : digits;
}

PyObject* object_at(const ArrowArray& array, const std::string& format, int scale, std::size_t row) {
    const auto text = [](std::string_view from) { return PyUnicode_DecodeUTF8(from.data(), static_cast<Py_ssize_t>(from.size()), "strict"); };
    const auto bytes = [](std::string_view from) { return PyBytes_FromStringAndSize(from.data(), static_cast<Py_ssize_t>(from.size())); };
    if (format == "u") return text(text_at<std::int32_t>(array, row));
    if (format == "U") return text(text_at<std::int64_t>(array, row));
    if (format == "z") return bytes(text_at<std::int32_t>(array, row));
    if (format == "Z") return bytes(text_at<std::int64_t>(array, row));
    if (format == "w:16") {
        const py::tuple none;
        const auto named = called([] { return PyDict_New(); });
        named["bytes"] = py::bytes(static_cast<const char*>(array.buffers[1]) + 16 * row, 16);
        return or_stay([&] { return PyObject_Call(uuid_type(), none.ptr(), named.ptr()); });
    }
    wire::int128 value = 0;
    std::memcpy(&value, static_cast<const std::byte*>(array.buffers[1]) + sizeof value * row, sizeof value);
    const auto digits = decimal_text(value, scale);
    return or_stay([&] { return PyObject_CallFunction(decimal_type(), "s", digits.c_str()); });
}

// A column of text, bytes, decimals or UUIDs as Python objects; None for NULL.
py::list objects_of(const batch& in, std::size_t column) {
    const auto& array = column_of(in, column);
    const std::string format = in.schema->children[column]->format;
    const auto comma = format.find(',');
    const int scale = comma == std::string::npos ? 0 : std::stoi(format.substr(comma + 1));
    const auto* const valid = static_cast<const unsigned char*>(array.buffers[0]);
    auto out = new_list(static_cast<std::size_t>(array.length));
    for (std::size_t row = 0; row < static_cast<std::size_t>(array.length); ++row) {
        const bool null = valid != nullptr && (valid[row / 8] >> (row % 8) & 1) == 0;
        PyObject* const made = null ? py::none().release().ptr() : object_at(array, format, scale, row);
        if (made == nullptr) throw py::error_already_set();
        PyList_SET_ITEM(out.ptr(), static_cast<Py_ssize_t>(row), made);
    }
    return out;
}

// The buffer of a column as bytes: of validity or bits one per eight rows, else `width` per row. None: no NULLs.
py::object buffer_of(const batch& in, std::size_t column, std::size_t number, std::size_t width) {
    const auto& array = column_of(in, column);
    if (number > 1 || array.buffers[number] == nullptr) return py::none();
    const auto rows = static_cast<std::size_t>(array.length);
    return py::bytes(static_cast<const char*>(array.buffers[number]), width == 0 ? (rows + 7) / 8 : rows * width);
}

} // namespace

columnar::options
batch_options(std::size_t max_bytes, std::size_t max_rows, const py::object& dictionary, bool large_offsets, const std::optional<std::string>& timestamp_unit) {
    columnar::options how;
    how.batch_bytes = max_bytes;
    how.batch_rows = max_rows;
    if (py::isinstance<py::bool_>(dictionary)) {
        how.dictionary = dictionary.cast<bool>();
    } else {
        how.dictionary_columns = dictionary.cast<std::vector<bool>>();
    }
    how.large_offsets = large_offsets;
    how.timestamps = unit_of(timestamp_unit);
    return how;
}

batches::batches(const py::object& of, columnar::options how) : owner_(share(of)), result_(of.cast<result*>()) {
    const line::hold held(result_->on());
    result_->require_open(held);
    result_->require_whole_rows();
    how.rows_before = result_->row_number();
    reader_ = std::make_shared<columnar::batch_reader>(result_->reader().row(), std::move(how));
    described_by_ = reader_;
    state_ = result_->reader().state();
}

batches::batches(std::shared_ptr<const columnar::batch_reader> from, std::shared_ptr<driver::result_state> state, std::deque<columnar::owned_array> built)
    : described_by_(std::move(from)), state_(std::move(state)), built_(std::move(built)) {}

bool batches::next(ArrowArray* out) {
    if (result_ == nullptr) {
        if (built_.empty()) return false;
        built_.front().give(out);
        built_.pop_front();
        return true;
    }
    if (ended_) return false;
    const line::hold held(result_->on());
    result_->require_open(held);
    // What a signal's handler raises while a batch is made comes before the batch, which waits for the next call.
    if (interrupted_.empty()) {
        result_->require_whole_rows();
        try {
            ended_ = !held.outside([&] { return reader_->next(interrupted_.out()); });
        } catch (...) {
            result_->keep_rows(!interrupted_.empty());
            throw;
        }
    }
    result_->keep_rows(false);
    if (ended_) return false;
    result_->count_rows(static_cast<std::uint64_t>(interrupted_->length));
    interrupted_.give(out);
    return true;
}

std::vector<std::pair<std::string, std::string>> batches::shape() const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& each : described_by_->builder().plans()) out.emplace_back(each.name, each.dictionary ? "u" : each.format);
    return out;
}

std::unique_ptr<batch> batches::empty_batch(const std::shared_ptr<batches>& self) const {
    auto out = std::make_unique<batch>();
    out->of = self;
    schema(out->schema.out());
    columnar::batch_builder nothing(state_->columns, {});
    nothing.finish(out->array.out());
    return out;
}

arrow_rows::arrow_rows(const py::object& capsules) {
    if (PyTuple_Check(capsules.ptr()) != 0 && PyTuple_GET_SIZE(capsules.ptr()) == 2) {
        take(PyTuple_GET_ITEM(capsules.ptr(), 0), "arrow_schema", schema_);
        take(PyTuple_GET_ITEM(capsules.ptr(), 1), "arrow_array", batch_);
    } else {
        take(capsules, "arrow_array_stream", stream_);
        if (stream_->get_schema(&*stream_, schema_.out()) != 0) {
            const char* const words = stream_->get_last_error(&*stream_);
            fail_call("HY000", std::string("The Arrow stream has no schema: ") + (words == nullptr ? "" : words));
        }
    }
    writer_ = std::make_unique<columnar::row_writer>(*schema_);
}

bool arrow_rows::next(wire::writer& out) {
    while (batch_.empty() || row_ >= batch_->length) {
        if (stream_.empty()) return false;
        row_ = 0;
        int failed = 0;
        {
            const without_gil others_go_on;
            failed = stream_->get_next(&*stream_, batch_.out());
        }
        if (failed != 0) {
            const char* const words = stream_->get_last_error(&*stream_);
            fail_call("HY000", std::string("The Arrow stream ended with an error: ") + (words == nullptr ? "" : words));
        }
        if (batch_.empty()) {
            stream_.reset();
            return false;
        }
    }
    writer_->write(*batch_, row_++, out);
    return true;
}

bool add_arrow_set(
    driver::encoded_parameters& to, arrow_rows& rows, const driver::scanned_statement& sql, const wire::session_format& format, std::size_t number
) {
    const auto before = to.items.size();
    wire::writer items(to.items, format);
    try {
        if (!rows.next(items)) return false;
        if (items.failed()) fail_value("22021", "A parameter cannot be sent: " + items.error().message());
    } catch (const error& failed) {
        to.items.resize(before);
        auto record = failed.record();
        record.row = number;
        throw error(std::move(record));
    }
    to.count = sql.parameters;
    ++to.sets;
    return true;
}

void fail_columns(std::size_t parameters, std::size_t columns) {
    fail_call("07002", "The statement has " + std::to_string(parameters) + " parameters, the Arrow data has " + std::to_string(columns) + " columns");
}

void bind_columnar(py::module_& module) {
    py::class_<batches, std::shared_ptr<batches>>(module, "Batches", "The rows that are left of a result, as Arrow batches.")
        .def(
            py::init([](const py::object& result, std::size_t max_bytes, std::size_t max_rows, const py::object& dictionary, bool large_offsets,
                        const std::optional<std::string>& timestamp_unit) {
                return std::make_shared<batches>(result, batch_options(max_bytes, max_rows, dictionary, large_offsets, timestamp_unit));
            }),
            py::arg("result"), py::arg("max_bytes"), py::arg("max_rows"), py::arg("dictionary"), py::arg("large_offsets"), py::arg("timestamp_unit")
        )
        .def("__iter__", [](const std::shared_ptr<batches>& self) { return self; })
        .def("__next__", &next_batch)
        .def_property_readonly("shape", &batches::shape, "[(label, Arrow format)], of the values where a dictionary has them.")
        .def(
            "empty", [](const std::shared_ptr<batches>& self) { return self->empty_batch(self); }, "A batch without rows."
        )
        .def(
            "__arrow_c_schema__",
            [](const batches& self) {
                columnar::owned_schema schema;
                self.schema(schema.out());
                return capsule_of(std::move(schema), "arrow_schema");
            }
        )
        .def(
            "__arrow_c_stream__", [](const std::shared_ptr<batches>& self, const py::object&) { return stream_of(self); },
            py::arg("requested_schema") = py::none()
        );
    py::class_<arrow_rows>(module, "ArrowRows", "Rows of Arrow data, as parameters.").def(py::init<const py::object&>(), py::arg("capsules"));
    py::class_<batch>(module, "Batch", "One Arrow batch.")
        .def("__len__", [](const batch& self) { return self.array->length; })
        .def(
            "format",
            [](const batch& self, std::size_t column) {
                (void)column_of(self, column);
                return std::string(self.schema->children[column]->format);
            }
        )
        .def("objects", &objects_of, py::arg("column"))
        .def("buffer", &buffer_of, py::arg("column"), py::arg("number"), py::arg("width"))
        .def(
            "__arrow_c_array__",
            [](batch& self, const py::object&) {
                if (self.array.empty()) fail_call("HY010", "The batch was given away already");
                columnar::owned_schema schema;
                self.of->schema(schema.out());
                return tuple_of(capsule_of(std::move(schema), "arrow_schema"), capsule_of(std::move(self.array), "arrow_array"));
            },
            py::arg("requested_schema") = py::none()
        );
}

} // namespace irislink::python
