#pragma once
// The rows of a query on an asynchronous connection: as tuples, made in the loop's thread from the block that is here;
// as Arrow batches, built in the network's thread; and long values in pieces. See async_line.hpp for who may call.

#include <pybind11/pybind11.h>

#include <memory>
#include <vector>

#include "bindings/python/native/async_line.hpp"
#include "bindings/python/native/columnar.hpp"
#include "bindings/python/native/result.hpp"

namespace irislink::python {

class async_result : public std::enable_shared_from_this<async_result> {
public:
    // `of` lives as long as the result.
    async_result(std::shared_ptr<async_line> on, std::shared_ptr<driver::result_state> state, std::shared_ptr<const void> of = nullptr);
    async_result(std::shared_ptr<async_line> on, std::shared_ptr<row_reader> reader);
    ~async_result();
    async_result(const async_result&) = delete;
    async_result& operator=(const async_result&) = delete;

    // Appends rows until there are `count`; all when it is negative. False when fetch() is wanted first; None at the
    // end of the rows. With `streams` a long value that has to be fetched is Ellipsis.
    py::object read(const py::list& rows, py::ssize_t count, bool streams);
    // What read() wants; the answer is False at the end of the rows.
    void fetch(token_type token);
    void close();

    [[nodiscard]] py::object description() const { return description_of(reader_->state()->columns); }

    [[nodiscard]] std::uint64_t row_number() const noexcept { return rows_; }

    [[nodiscard]] bool has_long_columns() const noexcept { return reader_->has_long_columns(); }

    [[nodiscard]] const std::shared_ptr<async_line>& on() const noexcept { return on_; }

    [[nodiscard]] const std::shared_ptr<row_reader>& reader() const noexcept { return reader_; }

    // Throws 24000 when it is not; HY010 when a row has been read in part.
    void require_open() const;
    void require_whole_rows() const;

    void end() noexcept { ended_ = true; }

    // Rows that something else has read.
    void count_rows(std::uint64_t more) noexcept { rows_ += more; }

private:
    std::shared_ptr<async_line> on_;
    std::shared_ptr<const void> of_;
    std::shared_ptr<row_reader> reader_;
    std::uint64_t rows_{0};
    bool content_{false};
    bool ended_{false};
    bool closed_{false};
};

// A long value of the row that was read last, in pieces.
class async_stream {
public:
    async_stream(std::shared_ptr<async_result> of, std::size_t column);

    // The answer is up to `size` bytes (of text: of UTF-8); None for NULL, b'' at the end.
    void read(token_type token, py::ssize_t size);

private:
    std::shared_ptr<async_result> of_;
    std::uint64_t row_;
    std::shared_ptr<driver::long_value> source_;
};

// The rows that are left, as Arrow batches.
class async_batches {
public:
    async_batches(const std::shared_ptr<async_result>& of, columnar::options how);

    // The answer is a Batch, or None at the end.
    void next(token_type token);
    // The answer is Batches, with all that is left.
    void gather(token_type token);

    struct building;

private:
    std::shared_ptr<async_result> of_;
    std::shared_ptr<building> building_;
    std::shared_ptr<batches> described_; // of which every batch is one
};

void bind_async_result(py::module_& module);

} // namespace irislink::python
