#pragma once
// One column of a batch under construction: Arrow's buffers, written in place. The decoders of
// bindings/columnar/cells.cpp write here; nothing is virtual and nothing is allocated per cell.
//
// A cell is written at the shared row number, and may be written again before the row is done: a row that goes
// on in the next block of the receive buffer comes again from its first cell.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "bindings/columnar/dictionary.hpp"
#include "bindings/columnar/memory.hpp"
#include "irislink/value.hpp"

namespace irislink::columnar {

enum class layout : std::uint8_t {
    bits,  // one bit per row
    fixed, // `width` bytes per row
    bytes, // 32-bit offsets and bytes
    large, // 64-bit offsets and bytes
};

struct column_plan;

struct column_builder {
    column_builder(const column_plan& plan, const std::size_t* row);

    const column_plan* plan;
    const std::size_t* row; // of the batch: where the next cell goes

    memory validity;         // nothing while no cell is NULL
    memory values;           // of bits and fixed; the offsets of bytes and large
    memory data;             // the bytes of bytes and large
    std::size_t capacity{0}; // rows
    std::unique_ptr<dictionary> words;
    std::string scratch; // text on its way, keeps its memory

    // Room for `rows` rows. Throws std::bad_alloc.
    void reserve(std::size_t rows);
    void set_null();

    template <class Value> void put(Value value) noexcept { reinterpret_cast<Value*>(values.data())[*row] = value; }

    void put_bit(bool value) noexcept {
        auto& byte = values.data()[*row / 8];
        const auto mask = std::byte{1} << (*row % 8);
        byte = value ? byte | mask : byte & ~mask;
    }

    // False: the column's offsets do not reach that far.
    [[nodiscard]] bool put_bytes(const void* from, std::size_t size);
    // UTF-8, into the column's bytes or its dictionary. False as with put_bytes().
    [[nodiscard]] bool put_text(std::string_view text);

    // Text of a column of 32-bit offsets that is ASCII all through: checked while it is copied. False: it is not, or
    // does not fit, and nothing was put.
    [[nodiscard]] bool put_ascii(const std::byte* from, std::size_t size);

    // Of the first `rows` rows.
    [[nodiscard]] std::int64_t nulls_of(std::size_t rows) const noexcept;
    // The bytes of rows whose size differs, up to the end of `rows` rows.
    [[nodiscard]] std::size_t bytes_of(std::size_t rows) const noexcept;

private:
    template <class Offset> [[nodiscard]] bool put_at(const void* from, std::size_t size);
};

} // namespace irislink::columnar
