#include "odbc/bind/row_buffer.hpp"

#include <algorithm>

namespace irislink::odbc {
namespace {

constexpr std::size_t first_chunk = std::size_t{4} << 10U;
constexpr std::size_t largest_chunk = std::size_t{1} << 20U;
constexpr std::size_t longest_header = 8; // of an item: length and code (wire-sql 1.1)

} // namespace

bool row_buffer::add(std::span<const wire::item> row) {
    std::size_t room = 0; // at most
    for (const auto& cell : row) room += cell.data.size() + longest_header;
    // Offsets are small: after a row beyond `largest_chunk` another chunk begins.
    if (chunks_.empty() || chunks_.back().size() > largest_chunk || chunks_.back().capacity() - chunks_.back().size() < room) {
        const auto next = chunks_.empty() ? first_chunk : std::min(2 * chunks_.back().capacity(), largest_chunk);
        chunks_.emplace_back().reserve(std::max(next, room));
    }
    auto& chunk = chunks_.back();
    const auto before = chunk.size();
    wire::writer items(chunk);
    for (const auto& cell : row) items.item_bytes(cell.code, cell.data);
    const auto size = chunk.size() - before + sizeof(place);
    if (items.failed() || (limit_ > 0 && size > limit_ - std::min(used_, limit_))) {
        chunk.resize(before);
        return false;
    }
    used_ += size;
    places_.push_back({static_cast<std::uint32_t>(chunks_.size() - 1), static_cast<std::uint32_t>(before)});
    return true;
}

void row_buffer::clear(std::size_t limit) noexcept {
    limit_ = limit;
    used_ = 0;
    places_.clear();
    if (chunks_.size() > 1) chunks_.resize(1);
    if (!chunks_.empty()) chunks_.front().clear();
}

void row_buffer::read(std::size_t index, std::span<wire::item> row) const noexcept {
    const auto& [number, offset] = places_[index];
    const auto& chunk = chunks_[number];
    const auto* at = chunk.data() + offset;
    for (auto& cell : row) {
        wire::item_status status{};
        at = wire::parse_item(at, chunk.data() + chunk.size(), cell, status); // written here: never null
    }
}

} // namespace irislink::odbc
