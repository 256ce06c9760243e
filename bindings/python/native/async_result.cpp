#include "bindings/python/native/async_result.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <deque>

namespace irislink::python {

async_result::async_result(std::shared_ptr<async_line> on, std::shared_ptr<driver::result_state> state, std::shared_ptr<const void> of)
    : on_(std::move(on)), of_(std::move(of)), reader_(std::make_shared<row_reader>(on_->session(), std::move(state))) {}

async_result::async_result(std::shared_ptr<async_line> on, std::shared_ptr<row_reader> reader) : on_(std::move(on)), reader_(std::move(reader)) {}

async_result::~async_result() {
    close();
}

void async_result::require_open() const {
    on_->require_own_process();
    if (closed_) fail_call("24000", "The result is closed", "Execute the statement again.", errc::out_of_sequence);
}

void async_result::require_whole_rows() const {
    require_open();
    if (reader_->row_is_there()) fail_call("HY010", "A row of the result has been read in part", "Read it again, or go on with fetchone().");
}

py::object async_result::read(const py::list& rows, py::ssize_t count, bool streams) {
    require_open();
    const auto before = PyList_GET_SIZE(rows.ptr());
    auto wanted = row_reader::wants::block;
    const auto count_them = [&] { rows_ += static_cast<std::uint64_t>(PyList_GET_SIZE(rows.ptr()) - before); };
    try {
        if (!ended_ && !reader_->state()->closed)
            wanted = reader_->read(rows, count < 0 ? static_cast<std::size_t>(PY_SSIZE_T_MAX) : static_cast<std::size_t>(count), streams);
    } catch (...) {
        count_them(); // the cursor keeps those before the one that failed
        throw;
    }
    count_them();
    if (wanted == row_reader::wants::nothing) return py::bool_(true);
    // After the last block there is nothing to ask the network's thread for, unless a row of it is incomplete.
    const auto& state = *reader_->state();
    if (wanted == row_reader::wants::block && !state.closed && state.last_block && state.waiting.empty() && !state.failure && !state.rows.finish()) end();
    if (ended_) return py::none();
    content_ = wanted == row_reader::wants::content;
    return py::bool_(false);
}

void async_result::fetch(token_type token) {
    if (content_) {
        const auto source = reader_->pending();
        on_->start<std::string>(
            token, step::fetch, [source](driver::session& on) { return on.read_long(source); },
            [reader = reader_, source](std::string content) -> py::object {
                reader->give_content(std::move(content), source->null);
                return py::none();
            }
        );
        return;
    }
    on_->start<bool>(
        token, step::fetch, [state = reader_->state()](driver::session& on) { return on.next_block(state); },
        [self = weak_from_this()](bool more) -> py::object {
            if (const auto here = self.lock(); here && !more) here->end();
            return py::bool_(more);
        }
    );
}

void async_result::close() {
    if (!std::exchange(closed_, true)) on_->bury(reader_->state());
}

async_stream::async_stream(std::shared_ptr<async_result> of, std::size_t column) : of_(std::move(of)), row_(of_->row_number()) {
    if (column >= of_->reader()->state()->columns.size()) throw py::index_error();
    source_ = driver::open_long(of_->reader()->row(), column);
}

void async_stream::read(token_type token, py::ssize_t size) {
    of_->require_open();
    if (of_->row_number() != row_) fail_call("24000", "The row of this long value is gone", "Read a long value before the next row.", errc::out_of_sequence);
    const auto piece = std::make_shared<std::string>(static_cast<std::size_t>(std::clamp(size, py::ssize_t{4}, py::ssize_t{256} * 1024)), '\0');
    of_->on()->start<std::size_t>(
        token, step::fetch, [source = source_, piece](driver::session& on) { return on.read_long_some(source, *piece); },
        [source = source_, piece](std::size_t got) -> py::object {
            if (source->null) return py::none();
            return py::bytes(piece->data(), got);
        }
    );
}

// What the network's thread works with.
struct async_batches::building {
    building(std::shared_ptr<row_reader> from, columnar::options how) : rows(std::move(from)), reader(rows->row(), std::move(how)) {}

    std::shared_ptr<row_reader> rows;
    columnar::batch_reader reader;
    bool ended{false};
};

namespace {

using building_pointer = std::shared_ptr<async_batches::building>;

// The next batch; false at the end. Between blocks the network's thread goes on with other connections.
asio::awaitable<bool> build_next(driver::session& on, building_pointer with, std::shared_ptr<columnar::owned_array> into) {
    using progress = columnar::batch_reader::progress;
    const auto& state = with->rows->state();
    if (with->ended) co_return false;
    while (true) {
        const auto got = with->reader.advance(into->out());
        if (got == progress::batch) co_return true;
        if (got == progress::content) {
            auto& row = with->rows->row();
            const auto column = with->reader.waiting_column();
            const auto source = driver::open_long(row, column);
            auto work = on.read_long(source);
            auto content = co_await std::move(work);
            row.longs[column] = {true, source->null, std::move(content), {}};
            continue;
        }
        bool more = false;
        if (!state->closed) {
            auto work = on.next_block(state);
            more = co_await std::move(work);
        }
        if (more) continue;
        with->ended = true;
        if (!state->closed) on.abandon(*state);
        co_return with->reader.finish(into->out());
    }
}

asio::awaitable<bool> build_all(driver::session& on, building_pointer with, std::shared_ptr<std::deque<columnar::owned_array>> into) {
    while (true) {
        const auto batch = std::make_shared<columnar::owned_array>();
        auto work = build_next(on, with, batch);
        const bool got = co_await std::move(work);
        if (!got) co_return true;
        into->push_back(std::move(*batch));
    }
}

} // namespace

async_batches::async_batches(const std::shared_ptr<async_result>& of, columnar::options how) : of_(of) {
    of->require_whole_rows();
    how.rows_before = of->row_number();
    building_ = std::make_shared<building>(of->reader(), std::move(how));
    described_ = std::make_shared<batches>(
        std::shared_ptr<const columnar::batch_reader>(building_, &building_->reader), of->reader()->state(), std::deque<columnar::owned_array>()
    );
}

void async_batches::next(token_type token) {
    of_->require_open();
    const auto into = std::make_shared<columnar::owned_array>();
    of_->on()->start<bool>(
        token, step::fetch, [with = building_, into](driver::session& on) { return build_next(on, with, into); },
        [of = of_, with = building_, described = described_, into](bool got) -> py::object {
            if (with->ended) of->end();
            if (!got) return py::none();
            of->count_rows(static_cast<std::uint64_t>((*into)->length));
            auto out = std::make_unique<batch>();
            out->of = described;
            described->schema(out->schema.out());
            out->array = std::move(*into);
            return py::cast(std::move(out));
        }
    );
}

void async_batches::gather(token_type token) {
    of_->require_open();
    const auto into = std::make_shared<std::deque<columnar::owned_array>>();
    of_->on()->start<bool>(
        token, step::fetch, [with = building_, into](driver::session& on) { return build_all(on, with, into); },
        [of = of_, with = building_, into](bool) -> py::object {
            of->end();
            for (const auto& each : *into) of->count_rows(static_cast<std::uint64_t>(each->length));
            return py::cast(std::make_shared<batches>(std::shared_ptr<const columnar::batch_reader>(with, &with->reader), with->rows->state(), std::move(*into))
            );
        }
    );
}

void bind_async_result(py::module_& module) {
    py::class_<async_result, std::shared_ptr<async_result>>(module, "AsyncResult")
        .def("read", &async_result::read, py::arg("rows"), py::arg("count"), py::arg("streams") = false)
        .def("fetch", &async_result::fetch, py::arg("token"))
        .def("close", &async_result::close)
        .def_property_readonly("description", &async_result::description)
        .def_property_readonly("row_number", &async_result::row_number)
        .def_property_readonly("has_long_columns", &async_result::has_long_columns);
    py::class_<async_stream>(module, "AsyncStream")
        .def(py::init<std::shared_ptr<async_result>, std::size_t>(), py::arg("result"), py::arg("column"))
        .def("read", &async_stream::read, py::arg("token"), py::arg("size"));
    py::class_<async_batches>(module, "AsyncBatches")
        .def(
            py::init([](const std::shared_ptr<async_result>& result, std::size_t max_bytes, std::size_t max_rows, const py::object& dictionary,
                        bool large_offsets, const std::optional<std::string>& timestamp_unit) {
                return std::make_unique<async_batches>(result, batch_options(max_bytes, max_rows, dictionary, large_offsets, timestamp_unit));
            }),
            py::arg("result"), py::arg("max_bytes"), py::arg("max_rows"), py::arg("dictionary"), py::arg("large_offsets"), py::arg("timestamp_unit")
        )
        .def("next", &async_batches::next, py::arg("token"))
        .def("gather", &async_batches::gather, py::arg("token"));
}

} // namespace irislink::python
