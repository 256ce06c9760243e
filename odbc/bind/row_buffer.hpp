#pragma once
// The rows of a static cursor, as the items they arrived as: what the same conversions read, row by row
// and in any order. Takes memory as rows come, up to its limit. One thread at a time.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wire/codec/writer.hpp"

namespace irislink::odbc {

class row_buffer {
public:
    // Bytes of rows and their places; 0: no limit.
    explicit row_buffer(std::size_t limit) : limit_(limit) {}

    // Copies a row; false when it would go beyond the limit.
    [[nodiscard]] bool add(std::span<const wire::item> row);

    [[nodiscard]] std::size_t rows() const noexcept { return places_.size(); }

    // Forgets the rows, and keeps the memory of the first of them.
    void clear(std::size_t limit) noexcept;

    // The items of row `index`, from 0, as views that live as long as the buffer.
    void read(std::size_t index, std::span<wire::item> row) const noexcept;

private:
    struct place { // where a row begins
        std::uint32_t chunk;
        std::uint32_t offset;
    };

    std::size_t limit_;
    std::size_t used_{0};
    std::vector<wire::byte_buffer> chunks_; // none grows beyond what it reserved: nothing is copied twice
    std::vector<place> places_;
};

} // namespace irislink::odbc
