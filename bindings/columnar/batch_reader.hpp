#pragma once
// Batches of an open result, and the result as an Arrow C stream.
//
// A reader belongs to the thread of its result; closing the connection first leaves it harmless. After an
// error it gives the same error again: what was read of the batch is gone, and a table without it would
// be a wrong one.

#include <functional>
#include <memory>
#include <optional>

#include "bindings/columnar/batch_builder.hpp"
#include "irislink/result.hpp"

namespace irislink::columnar {

class batch_reader {
public:
    // The result must stay where it is as long as the reader.
    batch_reader(result& from, options how);
    // Keeps the result.
    batch_reader(result&& from, options how);
    // For fronts that open results by themselves; of these cells the session must be kept too.
    batch_reader(driver::row_storage& from, options how);
    ~batch_reader();
    batch_reader(const batch_reader&) = delete;
    batch_reader& operator=(const batch_reader&) = delete;

    void schema(ArrowSchema* out) const { builder_.schema(out); }

    // The next batch, which has a row at least; false at the end. Blocks for what has not come yet; throws error.
    [[nodiscard]] bool next(ArrowArray* out);

    // The same from the rows that are here, for asynchronous connections: false when the block is used up;
    // then connection::async_next_block() has to bring the next one, or finish() what there is.
    [[nodiscard]] bool next_in_block(ArrowArray* out);
    [[nodiscard]] bool finish(ArrowArray* out);

    // For fronts that fetch by themselves, long values too.
    enum class progress : std::uint8_t {
        batch,   // is in `out`
        block,   // the block is used up
        content, // the long value of waiting_column() is to be put into the row's storage
    };
    [[nodiscard]] progress advance(ArrowArray* out);

    [[nodiscard]] std::size_t waiting_column() const noexcept { return column_; }

    [[nodiscard]] const batch_builder& builder() const noexcept { return builder_; }

private:
    [[nodiscard]] progress row_in_block(driver::row_feed& feed);
    [[nodiscard]] progress build(ArrowArray* out, bool load_long);
    [[noreturn]] void fail(const driver::cell_fault& fault);

    [[nodiscard]] driver::row_feed feed() noexcept;

    std::unique_ptr<result> kept_;
    result* from_{nullptr};
    driver::row_storage* cells_{nullptr}; // where there is no result
    batch_builder builder_;
    bool has_long_;
    bool row_is_there_{false}; // of a result with long columns: stepped to, and built as far as column_
    std::size_t column_{0};
    std::optional<diagnostic> failed_;
};

// What a stream gives: the type of its batches, and the next one or false. Both may throw.
struct stream_source {
    std::function<void(ArrowSchema*)> schema;
    std::function<bool(ArrowArray*)> next;
};

// `from` as a stream, which owns it from then on. get_next fails with EINVAL for a value that does not fit, EIO
// for everything else, ENOMEM; get_last_error has the words.
void export_stream(stream_source from, ArrowArrayStream* out);
// The rest of `reader`.
void export_stream(std::unique_ptr<batch_reader> reader, ArrowArrayStream* out);

} // namespace irislink::columnar
