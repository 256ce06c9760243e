#pragma once
// The rows of an open result for fronts that decode them into memory of their own, cell by cell as they lie in
// the receive buffer: what result::next_into is made of. Belongs to the thread of its result, which must stay
// where it is meanwhile. There is no current row of the result afterwards.

#include <span>

#include "driver/api/cell_error.hpp"
#include "driver/api/row_storage.hpp"
#include "irislink/result.hpp"

namespace irislink::driver {

class row_feed {
public:
    explicit row_feed(result& from) noexcept : from_(&from) {}

    // The next row of the block that is here: every column's item to the target of that number, those beyond
    // the targets to nobody. False: the block is used up. A row that goes on in the next block may be given in
    // part and comes again from its first cell. The first fault of a row is in `fault`; the row is over then.
    [[nodiscard]] bool next_in_block(std::span<const cell_target> targets, cell_fault& fault);

    // The same for results with long columns, whose contents are fetched (blocking connections): one item per
    // column, content in place of a handle. Good until the next row.
    [[nodiscard]] bool next_row_in_block() { return from_->next_in_block(); }

    [[nodiscard]] row_storage& cells() noexcept { return *from_->storage_; }

    [[nodiscard]] bool has_long_columns() const noexcept { return from_->has_long_columns(); }

    // Blocks for the next block; false at the end, at which the result is closed. Throws error.
    [[nodiscard]] bool next_block() { return !from_->state_ || from_->state_->closed ? false : from_->next_block(); }

    [[nodiscard]] const wire::session_format& format() const noexcept { return *from_->storage_->format; }

private:
    result* from_;
};

} // namespace irislink::driver
