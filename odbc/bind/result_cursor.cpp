#include "odbc/bind/result_cursor.hpp"

#include <algorithm>

namespace irislink::odbc {

result_cursor::result_cursor(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state, bool local)
    : session_(std::move(session)), state_(std::move(state)), local_(local) {
    storage_.columns = &state_->columns;
    storage_.format = &session_->format();
    storage_.owner = session_.get();
    storage_.state = state_;
    const auto is_long_column = [](const column& each) { return driver::is_long(each.type); };
    if (!local_ && std::ranges::any_of(state_->columns, is_long_column)) storage_.longs.resize(state_->columns.size());
}

bool result_cursor::is_at_hand(std::size_t rows) const noexcept {
    if (local_ || (state_->last_block && state_->waiting.empty() && state_->rows.unread().empty())) return true;
    // The content of long columns is fetched with their row.
    return storage_.longs.empty() && (state_->last_block || (rows == 1 && !state_->rows.unread().empty()));
}

bool result_cursor::next() {
    while (!driver::step_row(*session_, *state_, storage_)) {
        if (local_ || !session_->run<bool>(session_->next_block(state_), step::fetch)) return false;
    }
    return true;
}

void result_cursor::close() {
    if (local_ || state_->closed) return;
    // Nothing has to be said at once to a server that has sent its last block.
    if (state_->last_block || !session_->alive()) {
        session_->abandon(*state_);
        return;
    }
    session_->run(session_->close_result(state_), step::fetch, session_->end_of_upkeep());
}

std::shared_ptr<driver::result_state> local_result(std::vector<column> columns, wire::byte_buffer items) {
    wire::row_layout layout;
    layout.columns = columns.size();
    auto out = std::make_shared<driver::result_state>(std::move(layout));
    out->columns = std::move(columns);
    out->kept = std::move(items);
    out->rows.feed(out->kept);
    out->last_block = true;
    return out;
}

} // namespace irislink::odbc
