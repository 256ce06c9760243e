#pragma once
// Results as Arrow batches, and Arrow tables as parameters: bindings/columnar for Python. Batches are built without
// the GIL; no Python object is made for a cell.

#include <pybind11/pybind11.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "bindings/columnar/batch_reader.hpp"
#include "bindings/columnar/row_writer.hpp"
#include "bindings/python/native/callback.hpp"
#include "bindings/python/native/result.hpp"

namespace irislink::python {

struct batch;

// The rows that are left of a result, in batches. Any thread may ask, with the GIL; they wait for the line.
class batches {
public:
    batches(const py::object& of, columnar::options how);
    // Of batches that are here already, as `from` has built them. Holds no Python objects.
    batches(std::shared_ptr<const columnar::batch_reader> from, std::shared_ptr<driver::result_state> state, std::deque<columnar::owned_array> built);

    void schema(ArrowSchema* out) const { described_by_->schema(out); }

    // Throws error; after the end, false again. Raises when the result was closed before its end.
    [[nodiscard]] bool next(ArrowArray* out);

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> shape() const;
    [[nodiscard]] std::unique_ptr<batch> empty_batch(const std::shared_ptr<batches>& self) const;

private:
    shared_object owner_; // the Python object of result_
    result* result_{nullptr};
    std::shared_ptr<columnar::batch_reader> reader_;             // of result_
    std::shared_ptr<const columnar::batch_reader> described_by_; // whose columns these are
    std::shared_ptr<driver::result_state> state_;
    std::deque<columnar::owned_array> built_; // what there is without a result
    columnar::owned_array interrupted_;       // of result_: made, and not given yet
    bool ended_{false};
};

// A batch that is in Python's hands.
struct batch {
    std::shared_ptr<batches> of;
    columnar::owned_schema schema;
    columnar::owned_array array;
};

// How batches are to be, as the methods of cursors are told. `dictionary` is a bool or a list with one per column.
[[nodiscard]] columnar::options
batch_options(std::size_t max_bytes, std::size_t max_rows, const py::object& dictionary, bool large_offsets, const std::optional<std::string>& timestamp_unit);

// Rows of anything that has the Arrow C stream or array interface, one after the other.
class arrow_rows {
public:
    // A PyCapsule "arrow_array_stream", or a pair of "arrow_schema" and "arrow_array".
    explicit arrow_rows(const py::object& capsules);

    [[nodiscard]] std::size_t columns() const noexcept { return writer_->columns(); }

    // The next row into `out`; false at the end. Throws error.
    [[nodiscard]] bool next(wire::writer& out);

private:
    columnar::owned_stream stream_;
    columnar::owned_schema schema_;
    columnar::owned_array batch_;
    std::unique_ptr<columnar::row_writer> writer_;
    std::int64_t row_{0};
};

// Adds the next row as a set of values; false at the end. `number` counts from 1. Throws error with that row.
[[nodiscard]] bool
add_arrow_set(driver::encoded_parameters& to, arrow_rows& rows, const driver::scanned_statement& sql, const wire::session_format& format, std::size_t number);
[[noreturn]] void fail_columns(std::size_t parameters, std::size_t columns);

void bind_columnar(py::module_& module);

} // namespace irislink::python
