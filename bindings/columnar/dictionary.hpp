#pragma once
// The distinct texts of one column in one batch, numbered in the order in which they came. An open hash table
// of numbers over the texts themselves, which lie as Arrow wants them.

#include <cstdint>
#include <string_view>
#include <vector>

#include "bindings/columnar/memory.hpp"

namespace irislink::columnar {

class dictionary {
public:
    dictionary();

    // The number of `text`, which is new or not; -1 when the texts together are too long for 32-bit offsets.
    [[nodiscard]] std::int32_t number_of(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return count_; }

    [[nodiscard]] std::size_t bytes() const noexcept { return static_cast<std::size_t>(offset(count_)); }

    // Gives the offsets and the bytes away and begins anew.
    void take(memory& offsets, memory& data);

private:
    [[nodiscard]] std::int32_t offset(std::size_t at) const noexcept { return reinterpret_cast<const std::int32_t*>(offsets_.data())[at]; }

    [[nodiscard]] std::string_view text(std::size_t number) const noexcept {
        const auto begin = offset(number);
        return {reinterpret_cast<const char*>(data_.data()) + begin, static_cast<std::size_t>(offset(number + 1) - begin)};
    }

    void begin();
    void rehash(std::size_t slots);

    memory offsets_;
    memory data_;
    std::size_t count_{0};
    std::vector<std::uint32_t> slots_; // number + 1; 0: free. A power of two, at most half full
};

} // namespace irislink::columnar
