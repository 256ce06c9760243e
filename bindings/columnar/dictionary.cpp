#include "bindings/columnar/dictionary.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace irislink::columnar {
namespace {

constexpr std::size_t first_slots = 64;

std::size_t hash_of(std::string_view text) noexcept {
    return std::hash<std::string_view>{}(text);
}

} // namespace

dictionary::dictionary() {
    begin();
}

void dictionary::begin() {
    offsets_.grow(sizeof(std::int32_t));
    *reinterpret_cast<std::int32_t*>(offsets_.data()) = 0;
    data_.grow(1);
    count_ = 0;
    slots_.assign(first_slots, 0);
}

void dictionary::rehash(std::size_t slots) {
    slots_.assign(slots, 0);
    for (std::size_t number = 0; number < count_; ++number) {
        auto at = hash_of(text(number)) & (slots - 1);
        while (slots_[at] != 0) at = (at + 1) & (slots - 1);
        slots_[at] = static_cast<std::uint32_t>(number + 1);
    }
}

std::int32_t dictionary::number_of(std::string_view wanted) {
    const auto mask = slots_.size() - 1;
    auto at = hash_of(wanted) & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask)
        if (text(slots_[at] - 1) == wanted) return static_cast<std::int32_t>(slots_[at] - 1);
    const auto begin = bytes();
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
    if (wanted.size() > most - begin || count_ >= most / 2) return -1;
    const auto end = begin + wanted.size();
    if (end > data_.size()) data_.grow(std::max(end, 2 * data_.size()));
    if (!wanted.empty()) std::memcpy(data_.data() + begin, wanted.data(), wanted.size());
    const auto number = count_;
    if ((number + 2) * sizeof(std::int32_t) > offsets_.size()) offsets_.grow(2 * offsets_.size());
    reinterpret_cast<std::int32_t*>(offsets_.data())[number + 1] = static_cast<std::int32_t>(end);
    ++count_;
    slots_[at] = static_cast<std::uint32_t>(number + 1);
    if (2 * count_ > slots_.size()) rehash(2 * slots_.size());
    return static_cast<std::int32_t>(number);
}

void dictionary::take(memory& offsets, memory& data) {
    offsets = std::move(offsets_);
    data = std::move(data_);
    offsets_ = {};
    data_ = {};
    begin();
}

} // namespace irislink::columnar
