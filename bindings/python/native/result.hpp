#pragma once
// The rows of one query, as lists of tuples. Belongs to the thread of its cursor; the line is held for every call.

#include <pybind11/pybind11.h>

#include <map>
#include <memory>
#include <vector>

#include "bindings/python/native/decode.hpp"
#include "bindings/python/native/gil.hpp"
#include "bindings/python/native/line.hpp"
#include "driver/api/row_storage.hpp"

namespace irislink::python {

// How rows are taken from a result: block by block, without regard to how blocks come. Blocking and asynchronous
// results fetch in turns what it asks for.
class row_reader {
public:
    row_reader(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state);
    row_reader(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state, std::vector<column_plan> plan);

    enum class wants : std::uint8_t {
        nothing, // there are as many rows as were asked for
        block,   // the session's next block
        content, // of the long value that pending() opens; then give_content()
    };

    // Appends rows of the block that is here, until `rows` has `count` of them. With `streams` the long values of a
    // row are left alone. Throws error, and error_already_set. GIL and line are held.
    [[nodiscard]] wants read(const py::list& rows, std::size_t count, bool streams);

    [[nodiscard]] std::shared_ptr<driver::long_value> pending();
    void give_content(std::string content, bool null);

    [[nodiscard]] driver::session& session() const noexcept { return *session_; }

    [[nodiscard]] const std::shared_ptr<driver::result_state>& state() const noexcept { return state_; }

    [[nodiscard]] driver::row_storage& row() noexcept { return storage_; }

    [[nodiscard]] bool has_long_columns() const noexcept { return !storage_.longs.empty(); }

    // A row was stepped to and waits for its long values.
    [[nodiscard]] bool row_is_there() const noexcept { return row_is_there_; }

private:
    [[nodiscard]] wants read_short(const py::list& rows, std::size_t count);
    [[nodiscard]] bool next_pending();
    [[nodiscard]] py::tuple row_of_storage(bool streams);
    [[nodiscard]] PyObject* loaded_cell(std::size_t column, decode_failure& why);
    [[noreturn]] void fail(std::size_t column, const decode_failure& why) const;

    std::shared_ptr<driver::session> session_;
    std::shared_ptr<driver::result_state> state_;
    driver::row_storage storage_;
    std::vector<column_plan> plan_;
    bool row_is_there_{false}; // storage_ has a row that waits for its long values
    std::size_t pending_{0};
};

// (name, type code, display size, internal size, precision, scale, null ok) per column, as PEP 249 has them.
[[nodiscard]] py::object description_of(const std::vector<column>& columns);

class result {
public:
    // `of` lives as long as the result.
    result(
        std::shared_ptr<line> on, std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state,
        std::shared_ptr<const void> of = nullptr
    );
    result(std::shared_ptr<line> on, row_reader reader);
    ~result();
    result(const result&) = delete;
    result& operator=(const result&) = delete;

    [[nodiscard]] py::list fetch(py::ssize_t count); // negative: all
    [[nodiscard]] py::object fetch_one(bool streams);
    [[nodiscard]] py::object read_stream(std::size_t column, std::uint64_t row, py::ssize_t size);
    void close();

    [[nodiscard]] const std::vector<column>& columns() const { return reader_.state()->columns; }

    [[nodiscard]] std::uint64_t row_number() const noexcept { return rows_; }

    [[nodiscard]] bool has_long_columns() const noexcept { return reader_.has_long_columns(); }

    // For what reads rows by itself: hold the line while the reader is used.
    [[nodiscard]] line& on() const noexcept { return *on_; }

    [[nodiscard]] row_reader& reader() noexcept { return reader_; }

    // The result and the connection are open, or it throws.
    void require_open(const line::hold& held) const;

    // Throws when rows were read that are not given yet: what reads rows by itself would leave them out.
    void require_whole_rows() const;

    // Something else has rows that it has not given yet.
    void keep_rows(bool on) noexcept { kept_elsewhere_ = on; }

    // Rows that something else has read.
    void count_rows(std::uint64_t more) noexcept { rows_ += more; }

private:
    [[nodiscard]] bool more(const line::hold& held, row_reader::wants what);

    std::shared_ptr<line> on_;
    std::shared_ptr<const void> of_;
    row_reader reader_;
    [[nodiscard]] py::list take_kept(std::size_t count);

    std::uint64_t rows_{0};
    bool closed_{false};
    py::list kept_{new_list()}; // rows of a call that ended with an exception: they come first in the next one
    bool kept_elsewhere_{false};
    std::map<std::size_t, std::shared_ptr<driver::long_value>> streams_; // of the current row, by column
};

void bind_result(py::module_& module);

} // namespace irislink::python
