#pragma once
// The cells of the current row, as views, and what is needed to read them.

#include <vector>

#include "driver/session/session.hpp"

namespace irislink::driver {

struct row_storage {
    std::vector<wire::item> cells;
    const std::vector<column>* columns{nullptr};
    const wire::session_format* format{nullptr};
};

// Steps to the next row within the current block; false when the block is used up. Throws error when
// the block is malformed.
inline bool step_row(session& owner, result_state& state, row_storage& into) {
    into.cells.resize(state.columns.size());
    if (state.rows.next(into.cells)) return true;
    if (const auto failed = state.rows.error()) {
        // Nothing that such a server says later can be trusted.
        owner.shut_down();
        throw error(diagnostic{errc::protocol_error, "08S01", 461, step::fetch, "A row is malformed: " + failed.message(), "", true, 0});
    }
    return false;
}

} // namespace irislink::driver
