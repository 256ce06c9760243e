#include "odbc/bind/result_cursor.hpp"

#include <algorithm>

#include "odbc/diag/odbc_error.hpp"
#include "wire/codec/coerce.hpp"

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
    if (kept_) return storage_.longs.empty();
    if (local_ || (state_->last_block && state_->waiting.empty() && state_->rows.unread().empty())) return true;
    // The content of long columns is fetched with their row.
    return storage_.longs.empty() && (state_->last_block || (rows == 1 && !state_->rows.unread().empty()));
}

bool result_cursor::next() {
    if (kept_) return next_kept();
    if (remembers_) {
        auto& read = state_->read_streams;
        read_longs_.insert(read_longs_.end(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
        read.clear();
        at_ = nowhere; // until there is a row: the cells are no longer those of the one before
    }
    const auto* begin = state_->rows.unread().data();
    while (!driver::step_row(*session_, *state_, storage_)) {
        if (local_) return false;
        look_around();
        if (remembers_) save_remembered();
        if (!session_->run<bool>(session_->next_block(state_), step::fetch)) return false;
        block_is_fresh_ = true;
    }
    if (remembers_) remember(begin);
    block_is_fresh_ = false;
    if (told_columns_) put_codes();
    return true;
}

void result_cursor::begin_rowset(bool remember, std::size_t limit) {
    if (kept_) return;
    // With the first step they are told to the server as those of a row that is left behind.
    auto& read = state_->read_streams;
    read.insert(read.end(), std::make_move_iterator(read_longs_.begin()), std::make_move_iterator(read_longs_.end()));
    read_longs_.clear();
    saved_.clear(limit);
    here_.clear();
    at_ = stepped_ = 0;
    overflowed_ = false;
    remembers_ = remember;
}

// The bytes of a row lie one after the other, unless it began in an earlier block or is a list.
void result_cursor::remember(const std::byte* begin) {
    at_ = stepped_++;
    if (overflowed_) return;
    if (here_.empty() && (block_is_fresh_ || session_->settings().feature_option != 0)) {
        save_row();
    } else {
        here_.emplace_back(begin, state_->rows.unread().data());
    }
}

// Without room none of the rows can be stood on again; the fetch itself goes on.
void result_cursor::save_row() {
    if (saved_.add(storage_.cells)) return;
    overflowed_ = true;
    saved_.clear(0);
    here_.clear();
}

// The block that they lie in is about to go.
void result_cursor::save_remembered() {
    for (std::size_t i = 0; i < here_.size(); ++i) {
        parse_row(here_[i]);
        save_row();
    }
    here_.clear();
}

void result_cursor::parse_row(wire::bytes_view row) {
    const auto* at = row.data();
    for (auto& cell : storage_.cells) {
        wire::item_status status{};
        at = wire::parse_item(at, row.data() + row.size(), cell, status); // it was walked before
    }
}

void result_cursor::stand_on(std::size_t index) {
    if (kept_) {
        if (this->index() == index) return;
        seek(index);
        (void)next_kept(); // it is there
        return;
    }
    if (at_ == index) return;
    if (overflowed_)
        fail("HY001", "The rows of the rowset take more memory than StaticCursorLimit, so only the last one can be read: fetch fewer rows at once");
    if (index >= saved_.rows() + here_.size()) fail("HY109", "Row " + std::to_string(index + 1) + " of the rowset could not be fetched");
    at_ = index;
    forget_longs();
    if (index < saved_.rows()) {
        saved_.read(index, storage_.cells);
    } else {
        parse_row(here_[index - saved_.rows()]);
    }
    if (told_columns_) put_codes();
}

// A row is another one than before, as far as its long values are concerned.
void result_cursor::forget_longs() {
    ++state_->row;
    for (auto& each : storage_.longs) each = {};
}

void result_cursor::tell_wide() {
    for (auto& each : state_->columns) each.type = wide_of(each.type);
}

void result_cursor::tell_codes(type_telling as) {
    auto& told = told_columns_.emplace();
    told.telling = as;
    for (std::size_t i = 0; i < columns().size(); ++i) {
        const auto& label = columns()[i].label;
        auto* const place = label == "DATA_TYPE"                               ? &told.type
                            : label == "SQL_DATA_TYPE"                         ? &told.verbose
                            : label == "SQL_DATETIME_SUB"                      ? &told.subcode
                            : (label == "COLUMN_SIZE" || label == "PRECISION") ? &told.size
                                                                               : nullptr;
        if (place != nullptr) place->emplace(told_column{i, {}});
    }
    if (!told.type) told_columns_.reset();
}

std::optional<std::int64_t> result_cursor::number_in(const std::optional<told_column>& column) const {
    std::int64_t out = 0;
    if (!column || wire::to_integer(storage_.cells[column->column], out) != wire::coercion::ok) return std::nullopt;
    return out;
}

void result_cursor::put_number(std::optional<told_column>& into, std::int64_t value) {
    if (!into) return;
    into->item.clear();
    wire::writer(into->item).integer(value);
    wire::item_status status{};
    (void)wire::parse_item(into->item.data(), into->item.data() + into->item.size(), storage_.cells[into->column], status); // written here: never null
}

void result_cursor::put_codes() {
    auto& told = *told_columns_;
    const auto type = number_in(told.type);
    if (!type || *type != static_cast<SQLSMALLINT>(*type)) return;
    const auto code = static_cast<SQLSMALLINT>(*type);
    if (const auto known = told.telling(code); known != code) put_number(told.type, known);
    // The verbose type with the subcode of dates and times, which servers leave to whoever knows ODBC.
    if (const auto said = number_in(told.verbose); said && *said == static_cast<SQLSMALLINT>(*said)) {
        const type_telling wide{.wide = told.telling.wide};
        const auto verbose = verbose_of(wide(static_cast<SQLSMALLINT>(*said)));
        if (verbose.type != *said) put_number(told.verbose, verbose.type);
        if (verbose.code != 0) put_number(told.subcode, verbose.code);
    }
    if (const auto size = number_in(told.size)) {
        const auto known = told_size(static_cast<sql_type>(code), *size);
        if (known != *size) put_number(told.size, known);
    }
}

void result_cursor::keep_rows(std::size_t limit) {
    // From now on another execution of the same text leaves this one's streams alone.
    state_->keeps_streams = !storage_.longs.empty();
    auto all = std::make_unique<row_buffer>(limit);
    try {
        while (next())
            if (!all->add(storage_.cells))
                fail(
                    "HY000",
                    "The static cursor's rows take more than " + std::to_string(limit) + " bytes: use a forward-only cursor, or raise StaticCursorLimit"
                );
    } catch (...) {
        if (!local_) session_->abandon(*state_);
        throw;
    }
    kept_ = std::move(all);
}

bool result_cursor::next_kept() {
    if (next_ >= kept_->rows()) return false;
    forget_longs();
    state_->read_streams.clear(); // they may be read again; closing the cursor closes them
    kept_->read(next_++, storage_.cells);
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
