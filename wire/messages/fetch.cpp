#include "wire/messages/fetch.hpp"

#include <algorithm>

namespace irislink::wire {

std::error_code decode(reader& in, rows_reply& out) {
    out.items = in.rest();
    return in.finish();
}

row_cursor::row_cursor(row_layout layout, std::size_t row_limit) : layout_(std::move(layout)), row_limit_(row_limit) {
    if (!layout_.fast_select) return;
    layout_.slots.resize(layout_.columns); // a column without a slot is NULL in every row
    for (std::uint32_t column = 0; column < layout_.columns; ++column) targets_.push_back({layout_.slots[column], column});
    std::ranges::sort(targets_, {}, &slot_target::slot);
}

void row_cursor::feed(bytes_view items) {
    if (!rest_.empty()) {
        split_.swap(rest_);
        rest_.clear();
    }
    at_ = items.data();
    end_ = items.data() + items.size();
}

bool row_cursor::next(std::span<item> row) {
    if (error_ || layout_.columns == 0 || at_ == end_) return false;
    if (unfinished_) return next_split(row);
    const auto* at = at_;
    if (parse_row(at, end_, row)) [[likely]] {
        at_ = at;
        return true;
    }
    if (!error_) keep_rest();
    return false;
}

bool row_cursor::next_spread() {
    spread_.resize(layout_.columns);
    return next(spread_);
}

// The row at at_ cannot be walked: `status` of the item, or ok where its code is the reason.
void row_cursor::refuse(item_status status) {
    switch (status) {
    case item_status::ok: error_ = wire_errc::unknown_item_code; break;
    case item_status::malformed: error_ = wire_errc::bad_item; break;
    case item_status::truncated: keep_rest(); break;
    }
}

// One row from `at`, which is advanced past it. False: the bytes end before the row, or error_ is set.
bool row_cursor::parse_row(const std::byte*& at, const std::byte* end, std::span<item> row) {
    item_status status{};
    item list;
    const std::size_t items = layout_.fast_select ? 1 : layout_.columns;
    item* const out = layout_.fast_select ? &list : row.data();
    for (std::size_t i = 0; i < items; ++i) {
        const auto* const after = parse_item(at, end, out[i], status);
        if (after == nullptr) [[unlikely]] {
            if (status == item_status::malformed) error_ = wire_errc::bad_item;
            return false;
        }
        if (!known_item_code(out[i].code) || out[i].by_reference) [[unlikely]] {
            error_ = wire_errc::unknown_item_code;
            return false;
        }
        at = after;
    }
    return !layout_.fast_select || spread_list(list, row);
}

// One nested list per row; a shorter list means trailing NULLs (wire-sql 3.6).
bool row_cursor::spread_list(const item& list, std::span<item> row) {
    if (list.code != item_code::text8) {
        error_ = wire_errc::bad_value;
        return false;
    }
    std::ranges::fill(row, item{});
    auto target = targets_.begin();
    while (target != targets_.end() && target->slot == 0) ++target;
    const auto* at = list.data.data();
    const auto* const end = at + list.data.size();
    item_status status{};
    for (std::uint32_t slot = 1; at != end; ++slot) {
        item value;
        at = parse_item(at, end, value, status);
        if (at == nullptr) {
            error_ = status == item_status::malformed ? wire_errc::bad_item : wire_errc::truncated;
            return false;
        }
        if (!known_item_code(value.code) || value.by_reference) {
            error_ = wire_errc::unknown_item_code;
            return false;
        }
        for (; target != targets_.end() && target->slot == slot; ++target) row[target->column] = value;
    }
    return true;
}

// The block ends inside a row: the row goes on in the next block, or nowhere, which finish() tells.
void row_cursor::keep_rest() {
    rest_.assign(at_, end_);
    at_ = end_;
    scanned_ = 0;
    scanned_items_ = 0;
    unfinished_ = true;
    if (rest_.size() > row_limit_) error_ = wire_errc::limit_exceeded;
}

// A row that began in an earlier block. Items already seen are not walked again while it grows, so a
// row in a thousand pieces costs its length and not its square.
bool row_cursor::next_split(std::span<item> row) {
    const std::size_t before = split_.size();
    split_.insert(split_.end(), at_, end_);
    const auto* const begin = split_.data();
    const auto* const end = begin + split_.size();
    const std::size_t items = layout_.fast_select ? 1 : layout_.columns;
    while (scanned_items_ < items) {
        item each;
        item_status status{};
        const auto* const after = parse_item(begin + scanned_, end, each, status);
        if (after == nullptr) {
            at_ = end_;
            if (status == item_status::malformed) {
                error_ = wire_errc::bad_item;
            } else if (split_.size() > row_limit_) {
                error_ = wire_errc::limit_exceeded;
            }
            return false;
        }
        if (!known_item_code(each.code) || each.by_reference) {
            error_ = wire_errc::unknown_item_code;
            return false;
        }
        scanned_ = static_cast<std::size_t>(after - begin);
        ++scanned_items_;
    }
    unfinished_ = false;
    at_ += static_cast<std::ptrdiff_t>(scanned_) - static_cast<std::ptrdiff_t>(before);
    split_.resize(scanned_);
    const auto* at = split_.data();
    return parse_row(at, at + split_.size(), row);
}

std::error_code row_cursor::finish() const noexcept {
    if (error_) return error_;
    return unfinished_ ? make_error_code(wire_errc::truncated) : std::error_code{};
}

} // namespace irislink::wire
