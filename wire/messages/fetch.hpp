#pragma once
// Rows: FD SF MD, CC CU, and the walk over a ROWS payload (wire-sql 3.6).

#include <cstdint>
#include <span>
#include <vector>

#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/message.hpp"

namespace irislink::wire {

using fetch_request = empty_request<"FD"_fc>;
using procedure_fetch_request = empty_request<"SF"_fc>;
using multi_fetch_request = empty_request<"MD"_fc>;
using close_cursor_request = empty_request<"CC"_fc>;   // one-way
using drop_statement_request = empty_request<"CU"_fc>; // one-way

// A ROWS reply: nothing but items, row after row.
struct rows_reply {
    bytes_view items{}; // borrowed

    void encode(writer& out) const { out.raw(items); }
};

[[nodiscard]] std::error_code decode(reader& in, rows_reply& out);

// How the rows of a statement are laid out.
struct row_layout {
    bool fast_select{false};          // one nested list per row; item i of the row sits at its column's slot
    std::vector<std::uint32_t> slots; // per column, 1-based; only with fast select
    std::size_t columns{0};
};

// Splits ROWS into rows. A row may begin in one block and end in the next: feed() keeps the rest
// (a copy of at most one row and one block) and continues it. After an error no more rows come.
class row_cursor {
public:
    // `row_limit` bounds the bytes kept of one row that does not end.
    explicit row_cursor(row_layout layout, std::size_t row_limit = default_message_limit);

    // A new block; the previous one must have been read to its end. The bytes stay the caller's and
    // must live until the next feed().
    void feed(bytes_view items);

    // The next row as one item per column, or false: block used up, or failed (see error()).
    // `row` must have layout.columns elements; what it views lives until the next feed().
    [[nodiscard]] bool next(std::span<item> row);

    // The next row, cell by cell: take(std::size_t column, item) for each column from the first, without a place for
    // the items in between. False as with next(); a row that turns out to be malformed or to go on in the
    // next block has then been taken in part, and its cells come again from the first.
    template <class Take> [[nodiscard]] bool next_cells(Take&& take);

    // What of the block has not been read: a caller that must let go of the block's memory keeps a
    // copy of it and feeds that.
    [[nodiscard]] bytes_view unread() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }

    // To be asked after the last block: truncated if a row was left unfinished.
    [[nodiscard]] std::error_code finish() const noexcept;

    [[nodiscard]] std::error_code error() const noexcept { return error_; }

private:
    struct slot_target {
        std::uint32_t slot;
        std::uint32_t column;
    };

    [[nodiscard]] bool next_split(std::span<item> row);
    [[nodiscard]] bool parse_row(const std::byte*& at, const std::byte* end, std::span<item> row);
    [[nodiscard]] bool spread_list(const item& list, std::span<item> row);
    [[nodiscard]] bool next_spread();
    void refuse(item_status status);
    void keep_rest();

    row_layout layout_;
    std::vector<slot_target> targets_; // columns by slot; only with fast select
    std::size_t row_limit_;
    const std::byte* at_{nullptr};
    const std::byte* end_{nullptr};
    byte_buffer rest_;       // the beginning of a row at the end of this block
    byte_buffer split_;      // a row that spans blocks; views of it live until the next feed()
    std::size_t scanned_{0}; // whole items of split_ seen so far, in bytes and in number
    std::size_t scanned_items_{0};
    bool unfinished_{false};
    std::error_code error_;
    std::vector<item> spread_; // of next_cells(), for rows that do not lie there as they are
};

template <class Take> bool row_cursor::next_cells(Take&& take) {
    if (unfinished_ || layout_.fast_select) [[unlikely]] {
        if (!next_spread()) return false;
        for (std::size_t column = 0; column < spread_.size(); ++column) take(column, spread_[column]);
        return true;
    }
    if (error_ || layout_.columns == 0 || at_ == end_) return false;
    const auto* at = at_;
    const auto* const end = end_;
    const auto columns = layout_.columns;
    for (std::size_t column = 0; column < columns; ++column) {
        const auto left = static_cast<std::size_t>(end - at);
        const auto length = left == 0 ? std::size_t{0} : std::to_integer<std::size_t>(at[0]);
        // A short item with an ordinary code, as nearly all are.
        if (length >= 2 && length < left && std::to_integer<std::uint8_t>(at[1]) <= static_cast<std::uint8_t>(item_code::compact_real)) [[likely]] {
            take(column, item{static_cast<item_code>(at[1]), false, false, {at + 2, length - 2}});
            at += length;
            continue;
        }
        item cell;
        item_status status{};
        at = parse_item(at, end, cell, status);
        if (at == nullptr || !known_item_code(cell.code) || cell.by_reference) [[unlikely]] {
            refuse(at == nullptr ? status : item_status::ok);
            return false;
        }
        take(column, cell);
    }
    at_ = at;
    return true;
}

} // namespace irislink::wire
