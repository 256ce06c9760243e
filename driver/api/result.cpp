#include "irislink/result.hpp"

#include <algorithm>

#include "driver/api/row_feed.hpp"
#include "driver/value/convert.hpp"

namespace irislink {

using wire::coercion;

namespace {

[[noreturn]] void fail(const driver::row_storage& cells, std::size_t column, const char* sqlstate, std::string_view what) {
    throw error(driver::cell_error((*cells.columns)[column].label, sqlstate, what));
}

const wire::item& cell_at(const driver::row_storage* cells, std::size_t column) {
    if (cells == nullptr || column >= cells->cells.size())
        throw error(diagnostic{errc::bad_argument, "07009", 0, step::fetch, "There is no column " + std::to_string(column), "Columns count from 0.", false, 0});
    return cells->cells[column];
}

// The same as those of driver, for rows of programs: there may be no such column, or no row.
const driver::long_cell* content_of(const driver::row_storage* cells, std::size_t column) {
    (void)cell_at(cells, column);
    return driver::content_of(*cells, column);
}

wire::item item_at(driver::row_storage* cells, std::size_t column) {
    (void)cell_at(cells, column);
    return driver::item_at(*cells, column);
}

void check(const driver::row_storage& cells, std::size_t column, coercion outcome) {
    if (outcome != coercion::ok) throw error(driver::cell_error((*cells.columns)[column].label, outcome));
}

} // namespace

std::size_t row::size() const noexcept {
    return cells_ == nullptr ? 0 : cells_->cells.size();
}

bool row::is_null(std::size_t column) const {
    if (cell_at(cells_, column).is_null()) return true;
    const auto* const loaded = content_of(cells_, column);
    return loaded != nullptr && loaded->null;
}

void row::load(std::size_t column) const {
    (void)cell_at(cells_, column);
    driver::load_long(*cells_, column);
}

std::size_t row::index_of(std::string_view label) const {
    if (cells_ != nullptr)
        for (std::size_t i = 0; i < cells_->columns->size(); ++i) {
            const auto& each = (*cells_->columns)[i];
            const auto same = [label](const std::string& name) {
                return std::ranges::equal(name, label, [](char a, char b) {
                    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
                    return lower(a) == lower(b);
                });
            };
            if (same(each.label)) return i;
        }
    throw error(diagnostic{errc::bad_argument, "42S22", 0, step::fetch, "There is no column '" + std::string(label) + "'", "", false, 0});
}

void row::out_of_range(std::size_t column) const {
    fail(*cells_, column, "22003", "the value is out of range of the type asked for");
}

void row::null_value(std::size_t column) const {
    fail(*cells_, column, "22002", "the value is NULL; read it as std::optional");
}

void row::read(std::size_t column, bool& out) const {
    std::int64_t number = 0;
    check(*cells_, column, wire::to_integer(item_at(cells_, column), number));
    if (number != 0 && number != 1) out_of_range(column);
    out = number != 0;
}

void row::read(std::size_t column, std::int64_t& out) const {
    check(*cells_, column, wire::to_integer(item_at(cells_, column), out));
}

void row::read(std::size_t column, double& out) const {
    check(*cells_, column, wire::to_real(item_at(cells_, column), out));
}

void row::read(std::size_t column, decimal& out) const {
    wire::decimal number;
    check(*cells_, column, wire::to_decimal(item_at(cells_, column), number));
    out = {number.mantissa, number.exponent};
}

void row::read(std::size_t column, std::string& out) const {
    if (const auto* const loaded = content_of(cells_, column); loaded != nullptr && !driver::is_binary_column(*cells_, column)) {
        out = loaded->content;
        return;
    }
    out.clear();
    check(*cells_, column, wire::to_text(item_at(cells_, column), *cells_->format, out));
}

void row::read(std::size_t column, bytes& out) const {
    if (const auto* const loaded = content_of(cells_, column)) {
        const auto content = wire::as_bytes(loaded->content);
        out.assign(content.begin(), content.end());
        return;
    }
    std::string storage;
    wire::bytes_view data;
    check(*cells_, column, wire::to_bytes(item_at(cells_, column), storage, data));
    out.assign(data.begin(), data.end());
}

void row::read(std::size_t column, date& out) const {
    wire::date day;
    check(*cells_, column, wire::to_date(item_at(cells_, column), day));
    out = driver::from_wire(day);
}

void row::read(std::size_t column, time_of_day& out) const {
    wire::time_of_day time;
    check(*cells_, column, wire::to_time(item_at(cells_, column), time));
    out = driver::from_wire(time);
}

void row::read(std::size_t column, timestamp& out) const {
    wire::timestamp moment;
    check(*cells_, column, wire::to_timestamp(item_at(cells_, column), moment));
    out = driver::from_wire(moment);
}

void row::read(std::size_t column, value& out) const {
    load(column);
    if (const auto* const loaded = content_of(cells_, column)) {
        if (loaded->null) {
            out = null;
        } else if (driver::is_binary_column(*cells_, column)) {
            const auto content = wire::as_bytes(loaded->content);
            out = bytes(content.begin(), content.end());
        } else {
            out = loaded->content;
        }
        return;
    }
    out = driver::read_value(cell_at(cells_, column), (*cells_->columns)[column].type, *cells_->format);
}

std::optional<std::string> row::text(std::size_t column) const {
    load(column);
    if (is_null(column)) return std::nullopt;
    std::string out;
    if (const auto* const loaded = content_of(cells_, column)) {
        if (!driver::is_binary_column(*cells_, column)) return loaded->content;
        driver::append_hex(out, wire::as_bytes(loaded->content));
        return out;
    }
    const auto& cell = cell_at(cells_, column);
    check(*cells_, column, driver::read_text(cell, (*cells_->columns)[column].type, *cells_->format, out));
    return out;
}

result::result(std::shared_ptr<driver::session> session, std::shared_ptr<driver::result_state> state)
    : session_(std::move(session)), state_(std::move(state)), storage_(std::make_unique<driver::row_storage>()) {
    storage_->columns = &state_->columns;
    storage_->format = &session_->format();
    storage_->owner = session_.get();
    storage_->state = state_;
    if (std::ranges::any_of(state_->columns, [](const column& each) { return driver::is_long(each.type); })) storage_->longs.resize(state_->columns.size());
}

result::result() = default;

result::result(result&&) noexcept = default;

result& result::operator=(result&& other) noexcept {
    if (this != &other) {
        result old(std::move(*this));
        session_ = std::move(other.session_);
        state_ = std::move(other.state_);
        storage_ = std::move(other.storage_);
        row_ = other.row_;
    }
    return *this;
}

result::~result() {
    try {
        close();
    } catch (const std::exception&) {
        // The connection is gone or in use; its end closes the cursor on the server.
    }
}

const std::vector<column>& result::columns() const {
    static const std::vector<column> none;
    return state_ ? state_->columns : none;
}

bool result::next_in_block() {
    row_.cells_ = nullptr;
    if (!state_ || state_->closed) return false;
    if (!driver::step_row(*session_, *state_, *storage_)) return false;
    row_.cells_ = storage_.get();
    return true;
}

value_stream result::open_stream(std::size_t column) {
    if (row_.cells_ == nullptr)
        throw error(diagnostic{errc::out_of_sequence, "24000", 0, step::fetch, "There is no current row", "Call next() first.", false, 0});
    std::shared_ptr<driver::long_value> source;
    (void)cell_at(storage_.get(), column);
    if (driver::is_handle(*storage_, column)) {
        source = driver::open_long(*storage_, column);
    } else {
        // Any other column is here already.
        source = std::make_shared<driver::long_value>();
        source->started = source->ended = true;
        source->null = row_.is_null(column);
        const auto type = state_->columns[column].type;
        source->binary = type == sql_type::longvarbinary || type == sql_type::varbinary || type == sql_type::binary;
        if (!source->null && source->binary) {
            const auto content = row_.get<bytes>(column);
            source->ready.assign(wire::as_text(content));
        } else if (!source->null) {
            source->ready = row_.get<std::string>(column);
        }
    }
    return {session_, std::move(source)};
}

bool result::has_long_columns() const noexcept {
    return storage_ && !storage_->longs.empty();
}

bool result::decode_next(const driver::cell_target* targets, std::size_t count) {
    row_.cells_ = nullptr;
    if (!state_ || state_->closed) return false;
    if (count > state_->columns.size())
        throw error(diagnostic{
            errc::bad_argument, "07009", 0, step::fetch,
            "The result has " + std::to_string(state_->columns.size()) + " columns, " + std::to_string(count) + " variables were given",
            "Give at most one variable per column.", false, 0});
    driver::row_feed feed(*this);
    driver::cell_fault fault;
    while (!feed.next_in_block({targets, count}, fault))
        if (!next_block()) return false;
    check(*storage_, fault.column, fault.outcome);
    return true;
}

// False at the end, at which the result is closed.
bool result::next_block() {
    if (session_->run<bool>(session_->next_block(state_), step::fetch)) return true;
    close();
    return false;
}

bool result::next() {
    if (!state_ || state_->closed) return false;
    while (!next_in_block())
        if (!next_block()) return false;
    return true;
}

void result::close() {
    if (!state_ || state_->closed) return;
    row_.cells_ = nullptr;
    // Nothing has to be said at once to a server that has sent its last block.
    if (state_->last_block || !session_->alive() || !session_->blocking()) {
        session_->abandon(*state_);
        return;
    }
    session_->run(session_->close_result(state_), step::fetch, session_->end_of_upkeep());
}

} // namespace irislink
