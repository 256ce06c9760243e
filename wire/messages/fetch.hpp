#pragma once
// Rows: FD SF MD, CC CU, and the walk over a ROWS payload (wire-sql 3.6).

#include <cstdint>
#include <span>

#include "wire/messages/message.hpp"

namespace irislink::wire {

using fetch_request = empty_request<"FD"_fc>;
using procedure_fetch_request = empty_request<"SF"_fc>;
using multi_fetch_request = empty_request<"MD"_fc>;
using close_cursor_request = empty_request<"CC"_fc>;    // one-way
using drop_statement_request = empty_request<"CU"_fc>;  // one-way

// A ROWS reply: nothing but items, row after row.
struct rows_reply {
    bytes_view items{};  // borrowed

    void encode(writer& out) const { out.raw(items); }
};

[[nodiscard]] std::error_code decode(reader& in, rows_reply& out);

// How the rows of a statement are laid out.
struct row_layout {
    bool fast_select{false};  // one nested list per row; item i of the row sits at its column's slot
    std::vector<std::uint32_t> slots;  // per column, 1-based; only with fast select
    std::size_t columns{0};
};

// Splits ROWS into rows. A row may begin in one block and end in the next: feed() keeps the rest
// (a copy of at most one row) and continues it. After an error no more rows come.
class row_cursor {
public:
    explicit row_cursor(row_layout layout);

    // A new block; the previous one must have been read to its end. The bytes stay the caller's and
    // must live until the next feed().
    void feed(bytes_view items);

    // The next row as one item per column, or false: block used up, or failed (see error()).
    // `row` must have layout.columns elements.
    [[nodiscard]] bool next(std::span<item> row);

    // To be asked after the last block: truncated if a row was left unfinished.
    [[nodiscard]] std::error_code finish() const noexcept;

    [[nodiscard]] std::error_code error() const noexcept { return error_; }

private:
    [[nodiscard]] bool next_slow(std::span<item> row);
    [[nodiscard]] bool next_fast_select(std::span<item> row);

    row_layout layout_;
    const std::byte* at_{nullptr};
    const std::byte* end_{nullptr};
    byte_buffer carry_;   // bytes of an unfinished row from the previous block
    byte_buffer joined_;  // that row, completed; views of the current row may point here
    std::error_code error_;
};

}  // namespace irislink::wire
