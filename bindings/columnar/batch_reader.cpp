#include "bindings/columnar/batch_reader.hpp"

#include <cerrno>

#include "driver/api/row_feed.hpp"

namespace irislink::columnar {

batch_reader::batch_reader(result& from, options how) : from_(&from), builder_(from.columns(), std::move(how)), has_long_(feed().has_long_columns()) {}

batch_reader::batch_reader(result&& from, options how)
    : kept_(std::make_unique<result>(std::move(from))), from_(kept_.get()), builder_(from_->columns(), std::move(how)), has_long_(feed().has_long_columns()) {}

batch_reader::batch_reader(driver::row_storage& from, options how)
    : cells_(&from), builder_(*from.columns, std::move(how)), has_long_(feed().has_long_columns()) {}

driver::row_feed batch_reader::feed() noexcept {
    return from_ != nullptr ? driver::row_feed(*from_) : driver::row_feed(cells_);
}

batch_reader::~batch_reader() = default;

void batch_reader::fail(const driver::cell_fault& fault) {
    failed_ = builder_.error_of(fault);
    throw error(*failed_);
}

// One row into the builder: `batch` when it is there.
batch_reader::progress batch_reader::row_in_block(driver::row_feed& feed) {
    driver::cell_fault fault;
    const auto targets = builder_.targets();
    if (!has_long_) [[likely]] {
        if (!feed.next_in_block(targets, fault)) return progress::block;
        if (fault.outcome != wire::coercion::ok) [[unlikely]]
            fail(fault);
        return progress::batch;
    }
    if (!row_is_there_) {
        if (!feed.next_row_in_block()) return progress::block;
        row_is_there_ = true;
        column_ = 0;
    }
    auto& cells = feed.cells();
    for (; column_ < targets.size(); ++column_) {
        const auto& plan = builder_.plans()[column_];
        const auto* const content = driver::content_of(cells, column_);
        if (plan.long_content && content == nullptr && driver::is_handle(cells, column_)) return progress::content;
        if (content != nullptr) {
            fault.outcome = builder_.put_content(column_, content->content, content->null);
        } else {
            const auto& cell = cells.cells[column_];
            fault.outcome = targets[column_].decode(cell.code, cell.data.data(), cell.data.size(), *cells.format, targets[column_].out);
        }
        fault.column = column_;
        if (fault.outcome != wire::coercion::ok) fail(fault);
    }
    row_is_there_ = false;
    return progress::batch;
}

batch_reader::progress batch_reader::build(ArrowArray* out, bool load_long) {
    if (failed_) throw error(*failed_);
    try {
        auto rows = feed();
        while (true) {
            const auto got = row_in_block(rows);
            if (got == progress::content && load_long) {
                driver::load_long(rows.cells(), column_);
            } else if (got != progress::batch) {
                return got;
            } else if (builder_.end_row()) {
                builder_.finish(out);
                return progress::batch;
            }
        }
    } catch (const error& failed) {
        failed_ = failed.record();
        throw;
    }
}

batch_reader::progress batch_reader::advance(ArrowArray* out) {
    return build(out, false);
}

bool batch_reader::next_in_block(ArrowArray* out) {
    return build(out, true) == progress::batch;
}

bool batch_reader::finish(ArrowArray* out) {
    if (builder_.rows() == 0) return false;
    builder_.finish(out);
    return true;
}

bool batch_reader::next(ArrowArray* out) {
    while (!next_in_block(out)) {
        bool more = false;
        try {
            more = feed().next_block();
        } catch (const error& failed) {
            failed_ = failed.record();
            throw;
        }
        if (!more) return finish(out);
    }
    return true;
}

namespace {

struct stream_owner {
    stream_source from;
    std::string words;

    template <class Work> int guarded(const Work& work) noexcept {
        try {
            words.clear();
            work();
            return 0;
        } catch (const error& failed) {
            words = failed.what();
            return failed.record().code == errc::bad_conversion ? EINVAL : EIO;
        } catch (const std::bad_alloc&) {
            return ENOMEM;
        } catch (const std::exception& failed) {
            words = failed.what();
            return EIO;
        }
    }
};

stream_owner& owner_of(ArrowArrayStream* stream) {
    return *static_cast<stream_owner*>(stream->private_data);
}

} // namespace

void export_stream(std::unique_ptr<batch_reader> reader, ArrowArrayStream* out) {
    const std::shared_ptr<batch_reader> shared = std::move(reader);
    export_stream({[shared](ArrowSchema* schema) { shared->schema(schema); }, [shared](ArrowArray* batch) { return shared->next(batch); }}, out);
}

void export_stream(stream_source from, ArrowArrayStream* out) {
    auto owner = std::make_unique<stream_owner>();
    owner->from = std::move(from);
    *out = {};
    out->get_schema = [](ArrowArrayStream* stream, ArrowSchema* schema) {
        auto& of = owner_of(stream);
        return of.guarded([&] { of.from.schema(schema); });
    };
    out->get_next = [](ArrowArrayStream* stream, ArrowArray* array) {
        auto& of = owner_of(stream);
        *array = {};
        owned_array batch;
        const int failed = of.guarded([&] { (void)of.from.next(batch.out()); });
        if (failed == 0) batch.give(array);
        return failed;
    };
    out->get_last_error = [](ArrowArrayStream* stream) -> const char* {
        const auto& words = owner_of(stream).words;
        return words.empty() ? nullptr : words.c_str();
    };
    out->release = [](ArrowArrayStream* stream) {
        delete &owner_of(stream);
        stream->release = nullptr;
    };
    out->private_data = owner.release();
}

} // namespace irislink::columnar
