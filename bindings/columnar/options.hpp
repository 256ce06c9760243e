#pragma once
// How a result becomes columns.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace irislink::columnar {

enum class time_unit : std::uint8_t { second, millisecond, microsecond, nanosecond };

struct options {
    // A batch ends with the row that reaches either; 0 rows: no bound. Bytes are those of the values as
    // Arrow has them. A single row may be larger than all of it.
    std::size_t batch_bytes{std::size_t{16} << 20U};
    std::size_t batch_rows{0};
    // Text with 64-bit offsets (large_utf8, large_binary) in every column; long columns have them always.
    bool large_offsets{false};
    // Dictionary encoding of text columns: of all, or of those that are true (by column).
    bool dictionary{false};
    std::vector<bool> dictionary_columns;
    // Of every TIMESTAMP column, in place of the one that the column's fraction digits ask for. Nanoseconds
    // reach from 1677 to 2262 only.
    std::optional<time_unit> timestamps;
    // Rows of the result that were read otherwise before: errors count from its first row.
    std::uint64_t rows_before{0};
};

} // namespace irislink::columnar
