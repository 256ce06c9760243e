// Rows cut into blocks anywhere are the same rows, and end in the same error.
//
// Input: columns (bits 0-4; bit 7: one list per row), block size, slot of the first column, step between
// slots, then the rows.

#include <algorithm>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/messages/fetch.hpp"

namespace {

using namespace irislink;

constexpr std::size_t row_limit = 1 << 16;

struct outcome {
    std::vector<std::string> rows;
    std::error_code error;
};

void append_cell(std::string& text, const wire::item& cell) {
    text.push_back(static_cast<char>(cell.code));
    text += std::to_string(cell.data.size());
    text += wire::as_text(cell.data);
}

outcome read_rows(const wire::row_layout& layout, wire::bytes_view rows, std::size_t block) {
    wire::row_cursor cursor(layout, row_limit);
    outcome out;
    std::vector<wire::item> row(layout.columns);
    while (!rows.empty()) {
        const auto part = rows.first(std::min(block, rows.size()));
        const wire::byte_buffer memory(part.begin(), part.end());
        rows = rows.subspan(part.size());
        cursor.feed(memory);
        while (cursor.next(row)) {
            std::string text;
            for (const auto& cell : row) append_cell(text, cell);
            out.rows.push_back(std::move(text));
        }
    }
    out.error = cursor.finish();
    return out;
}

// The same by next_cells().
outcome read_cells(const wire::row_layout& layout, wire::bytes_view rows, std::size_t block) {
    wire::row_cursor cursor(layout, row_limit);
    outcome out;
    while (!rows.empty()) {
        const auto part = rows.first(std::min(block, rows.size()));
        const wire::byte_buffer memory(part.begin(), part.end());
        rows = rows.subspan(part.size());
        cursor.feed(memory);
        std::string text;
        while (cursor.next_cells([&text](std::size_t column, wire::item cell) {
            if (column == 0) text.clear();
            append_cell(text, cell);
        }))
            out.rows.push_back(text);
    }
    out.error = cursor.finish();
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 4096) return 0; // far below row_limit, which the unit tests cover
    fuzz::input in(data, size);
    const unsigned shape = in.byte();
    const std::size_t block = 1 + in.byte();
    const unsigned first_slot = in.byte() % 8;
    const unsigned step = in.byte() % 8;
    wire::row_layout layout;
    layout.columns = 1 + shape % 32;
    layout.fast_select = (shape & 128U) != 0;
    for (std::uint32_t i = 0; i < layout.columns; ++i) layout.slots.push_back((first_slot + i * step) % 16);
    const auto rows = in.rest();
    const auto blocks = read_rows(layout, rows, block);
    const auto whole = read_rows(layout, rows, std::max<std::size_t>(1, rows.size()));
    const auto cells = read_cells(layout, rows, block);
    fuzz::require(cells.rows == whole.rows && cells.error == whole.error, "cell by cell the rows are the same");
    fuzz::require(blocks.rows == whole.rows, "blocks give the same rows");
    fuzz::require(blocks.error == whole.error, "blocks end in the same error");
    return 0;
}
