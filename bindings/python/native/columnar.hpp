#pragma once
// Results as Arrow batches, and Arrow tables as parameters: bindings/columnar for Python. Batches are built without
// the GIL; no Python object is made for a cell.

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>

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

    void schema(ArrowSchema* out) const { reader_->schema(out); }

    // Throws error; after the end, false again. Raises when the result was closed before its end.
    [[nodiscard]] bool next(ArrowArray* out);

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> shape() const;
    [[nodiscard]] std::unique_ptr<batch> empty_batch(const std::shared_ptr<batches>& self) const;

private:
    shared_object owner_; // the Python object of result_
    result* result_;
    std::unique_ptr<columnar::batch_reader> reader_;
    columnar::owned_array interrupted_; // made, and not given yet
    bool ended_{false};
};

// A batch that is in Python's hands.
struct batch {
    std::shared_ptr<batches> of;
    columnar::owned_schema schema;
    columnar::owned_array array;
};

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

void bind_columnar(py::module_& module);

} // namespace irislink::python
