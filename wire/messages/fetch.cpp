#include "wire/messages/fetch.hpp"

#include <algorithm>

namespace irislink::wire {

std::error_code decode(reader& in, rows_reply& out) {
    out.items = in.rest();
    return in.finish();
}

row_cursor::row_cursor(row_layout layout) : layout_(std::move(layout)) {}

void row_cursor::feed(bytes_view items) {
    at_ = items.data();
    end_ = items.data() + items.size();
}

bool row_cursor::next(std::span<item> row) {
    if (error_ || layout_.columns == 0) return false;
    if (layout_.fast_select) return next_fast_select(row);
    if (!carry_.empty()) return next_slow(row);
    const auto* at = at_;
    item_status status{};
    for (std::size_t i = 0; i < layout_.columns; ++i) {
        const auto* const after = parse_item(at, end_, row[i], status);
        if (after == nullptr) [[unlikely]] {
            if (status == item_status::malformed) {
                error_ = wire_errc::bad_item;
            } else {  // the row goes on in the next block, or nowhere: finish() tells
                carry_.assign(at_, end_);
                at_ = end_;
            }
            return false;
        }
        if (!known_item_code(row[i].code)) [[unlikely]] {
            error_ = wire_errc::unknown_item_code;
            return false;
        }
        at = after;
    }
    at_ = at;
    return true;
}

// A row that began in an earlier block: join only as much of this block as the row needs.
bool row_cursor::next_slow(std::span<item> row) {
    const std::size_t before = carry_.size();
    if (at_ == end_) return false;
    joined_ = carry_;
    joined_.insert(joined_.end(), at_, end_);
    const auto* at = joined_.data();
    const auto* const end = joined_.data() + joined_.size();
    item_status status{};
    for (std::size_t i = 0; i < layout_.columns; ++i) {
        const auto* const after = parse_item(at, end, row[i], status);
        if (after == nullptr) {
            if (status == item_status::malformed) {
                error_ = wire_errc::bad_item;
            } else {
                carry_ = joined_;
                at_ = end_;
            }
            return false;
        }
        if (!known_item_code(row[i].code)) {
            error_ = wire_errc::unknown_item_code;
            return false;
        }
        at = after;
    }
    at_ += (at - joined_.data()) - static_cast<std::ptrdiff_t>(before);
    carry_.clear();
    return true;
}

// One nested list per row; a shorter list means trailing NULLs (wire-sql 3.6).
bool row_cursor::next_fast_select(std::span<item> row) {
    item list;
    item_status status{};
    if (!carry_.empty()) {
        joined_ = carry_;
        joined_.insert(joined_.end(), at_, end_);
    }
    const bool joined = !carry_.empty();
    const auto* const begin = joined ? joined_.data() : at_;
    const auto* const end = joined ? joined_.data() + joined_.size() : end_;
    const auto* const after = parse_item(begin, end, list, status);
    if (after == nullptr) {
        if (status == item_status::malformed) {
            error_ = wire_errc::bad_item;
        } else {
            if (joined) {
                carry_ = joined_;
            } else {
                carry_.assign(at_, end_);
            }
            at_ = end_;
        }
        return false;
    }
    at_ += (after - begin) - static_cast<std::ptrdiff_t>(carry_.size());
    carry_.clear();
    std::fill(row.begin(), row.end(), item{});
    const auto* at = list.data.data();
    const auto* const list_end = at + list.data.size();
    for (std::uint32_t slot = 1; at != list_end; ++slot) {
        item value;
        at = parse_item(at, list_end, value, status);
        if (at == nullptr || !known_item_code(value.code)) {
            error_ = at == nullptr ? wire_errc::bad_item : wire_errc::unknown_item_code;
            return false;
        }
        for (std::size_t i = 0; i < layout_.columns; ++i)
            if (layout_.slots[i] == slot) row[i] = value;
    }
    return true;
}

std::error_code row_cursor::finish() const noexcept {
    if (error_) return error_;
    return carry_.empty() ? std::error_code{} : make_error_code(wire_errc::truncated);
}

}  // namespace irislink::wire
