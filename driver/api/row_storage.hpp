#pragma once
// The cells of the current row, as views, and what is needed to read them.

#include <vector>

#include "driver/session/long_value.hpp"
#include "driver/session/session.hpp"

namespace irislink::driver {

// A long cell that was read whole.
struct long_cell {
    bool known{false};
    bool null{false};
    std::string content;    // UTF-8, or bytes
    wire::byte_buffer wide; // the text as UTF-16, for conversions
};

struct row_storage {
    std::vector<wire::item> cells;
    std::vector<long_cell> longs; // one per column, when any is long
    session* owner{nullptr};
    std::shared_ptr<result_state> state;
    const std::vector<column>* columns{nullptr};
    const wire::session_format* format{nullptr};
};

// Steps to the next row within the current block by a step of its cursor; false when the block is used
// up. Throws error when the block is malformed.
template <class Step> bool step_row(session& owner, result_state& state, const Step& step_cursor) {
    ++state.row;
    if (!state.read_streams.empty()) owner.release_streams(state);
    if (step_cursor()) [[likely]]
        return true;
    if (const auto failed = state.rows.error()) {
        // Nothing that such a server says later can be trusted.
        owner.shut_down();
        throw error(diagnostic{errc::protocol_error, "08S01", 461, step::fetch, "A row is malformed: " + failed.message(), "", true, 0});
    }
    return false;
}

// The same, into views of the row's cells.
inline bool step_row(session& owner, result_state& state, row_storage& into) {
    into.cells.resize(state.columns.size());
    for (auto& each : into.longs) each = {};
    return step_row(owner, state, [&] { return state.rows.next(into.cells); });
}

// The rest takes columns that exist, of a row that was stepped to.

// A cell of a long column whose content has to be fetched. Liberal servers may put the content itself
// there, in another code than a handle's.
[[nodiscard]] bool is_handle(const row_storage& cells, std::size_t column);
[[nodiscard]] bool is_binary_column(const row_storage& cells, std::size_t column);
// To read the content of such a cell in pieces, until the next row.
[[nodiscard]] std::shared_ptr<long_value> open_long(const row_storage& cells, std::size_t column);
// Fetches the content of such a cell, once, up to LongValueLimit. Throws error.
void load_long(row_storage& cells, std::size_t column);
// The content of a long column that was loaded; null for any other cell.
[[nodiscard]] const long_cell* content_of(const row_storage& cells, std::size_t column);
// The cell as an item to convert: of a long column that was loaded, its content.
[[nodiscard]] wire::item item_at(row_storage& cells, std::size_t column);

} // namespace irislink::driver
