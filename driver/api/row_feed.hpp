#pragma once
// The rows of an open result for fronts that decode them into memory of their own, cell by cell as they lie in
// the receive buffer: what result::next_into is made of. A short-lived view; belongs to the thread of its result.

#include <span>

#include "driver/api/cell_error.hpp"
#include "driver/api/row_storage.hpp"
#include "driver/session/session_run.hpp"
#include "irislink/result.hpp"

namespace irislink::driver {

class row_feed {
public:
    // Of a result that was made from its session and state, or of nothing.
    explicit row_feed(row_storage* cells) noexcept : cells_(cells) {}

    // `from` has no current row afterwards.
    explicit row_feed(result& from) noexcept : row_feed(from.storage_.get()) { from.row_.cells_ = nullptr; }

    // The next row of the block that is here: every column's item to the target of that number, those beyond
    // the targets to nobody. False: the block is used up. A row that goes on in the next block may be given in
    // part and comes again from its first cell. The first fault of a row is in `fault`; the row is over then.
    [[nodiscard]] bool next_in_block(std::span<const cell_target> targets, cell_fault& fault) {
        fault = {};
        if (at_end()) return false;
        auto& state = *cells_->state;
        const auto& format = *cells_->format;
        return step_row(*cells_->owner, state, [&] {
            return state.rows.next_cells([&](std::size_t column, wire::item cell) {
                if (column >= targets.size()) return;
                const auto each = targets[column].decode(cell.code, cell.data.data(), cell.data.size(), format, targets[column].out);
                if (each == wire::coercion::ok || fault.outcome != wire::coercion::ok) return;
                fault = {each, column};
            });
        });
    }

    // The same for results with long columns, into cells(), where load_long() fetches what is long.
    [[nodiscard]] bool next_row_in_block() { return !at_end() && step_row(*cells_->owner, *cells_->state, *cells_); }

    [[nodiscard]] row_storage& cells() noexcept { return *cells_; }

    [[nodiscard]] bool has_long_columns() const noexcept { return cells_ != nullptr && !cells_->longs.empty(); }

    // Blocks for the next block; false at the end, at which the result is closed. Throws error.
    [[nodiscard]] bool next_block() {
        if (at_end()) return false;
        auto& session = *cells_->owner;
        if (session.run<bool>(session.next_block(cells_->state), step::fetch)) return true;
        session.abandon(*cells_->state); // the server has sent its last block: nothing has to be said at once
        return false;
    }

private:
    [[nodiscard]] bool at_end() const noexcept { return cells_ == nullptr || cells_->state->closed; }

    row_storage* cells_;
};

} // namespace irislink::driver
