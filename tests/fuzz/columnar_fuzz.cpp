// Rows of any bytes as Arrow columns: what a batch says of its buffers is true, rows cut into blocks give the
// same batches, and integers and text are those of the wire's own decoders.
//
// Input: session format, options (bit 0: dictionaries, 1: long offsets, 2: microseconds, 3-7: rows per batch),
// block size, columns (1 to 8), one byte per column for its type and scale, then the rows.

#include <algorithm>
#include <string>
#include <vector>

#include "bindings/columnar/batch_builder.hpp"
#include "tests/fuzz/fuzz_support.hpp"
#include "tests/support/columnar/arrow_view.hpp"
#include "wire/messages/fetch.hpp"

namespace {

using namespace irislink;

constexpr sql_type types[] = {sql_type::bit,     sql_type::tinyint,   sql_type::smallint,      sql_type::integer,          sql_type::bigint, sql_type::numeric,
                              sql_type::varchar, sql_type::varbinary, sql_type::longvarchar,   sql_type::double_precision, sql_type::date,   sql_type::time,
                              sql_type::guid,    sql_type::timestamp, sql_type::longvarbinary, sql_type::unknown};

template <class Offset> void check_offsets(const ArrowArray& column) {
    const auto* const offsets = static_cast<const Offset*>(column.buffers[1]);
    fuzz::require(offsets[0] == 0, "offsets begin at 0");
    for (std::int64_t i = 0; i < column.length; ++i) fuzz::require(offsets[i] <= offsets[i + 1], "offsets never go back");
    // All of the bytes are there to be read.
    unsigned sum = 0;
    const auto* const bytes = static_cast<const unsigned char*>(column.buffers[2]);
    for (Offset i = 0; i < offsets[column.length]; ++i) sum += bytes[i];
    (void)sum;
}

void check_text(const ArrowSchema& schema, const ArrowArray& column) {
    for (std::int64_t i = 0; i < column.length; ++i) fuzz::require(wire::utf16_length(test::arrow_cell(schema, column, i)).has_value(), "text is valid UTF-8");
}

void check_column(const ArrowSchema& schema, const ArrowArray& column, std::int64_t rows) {
    fuzz::require(column.length == rows && column.offset == 0, "every column has the batch's rows");
    std::int64_t nulls = 0;
    for (std::int64_t i = 0; i < rows; ++i) nulls += test::arrow_null(column, i) ? 1 : 0;
    fuzz::require(nulls == column.null_count, "the NULLs are counted");
    const std::string format = schema.format;
    if (format == "u" || format == "z") check_offsets<std::int32_t>(column);
    if (format == "U" || format == "Z") check_offsets<std::int64_t>(column);
    if (format == "u" || format == "U") check_text(schema, column);
    if (column.dictionary == nullptr) return;
    check_column(*schema.dictionary, *column.dictionary, column.dictionary->length);
    const auto* const numbers = static_cast<const std::int32_t*>(column.buffers[1]);
    for (std::int64_t i = 0; i < rows; ++i)
        if (!test::arrow_null(column, i)) fuzz::require(numbers[i] >= 0 && numbers[i] < column.dictionary->length, "numbers are of the dictionary");
}

struct shape {
    wire::session_format format;
    std::vector<column> columns;
    columnar::options how;
};

struct outcome {
    std::string batches;
    std::string fault;
    std::error_code error;
    friend bool operator==(const outcome&, const outcome&) = default;
};

outcome read(const shape& of, wire::bytes_view rows, std::size_t block) {
    columnar::batch_builder builder(of.columns, of.how);
    columnar::owned_schema schema;
    builder.schema(schema.out());
    outcome out;
    const auto finish = [&] {
        const auto count = static_cast<std::int64_t>(builder.rows());
        columnar::owned_array batch;
        builder.finish(batch.out());
        for (std::int64_t i = 0; i < batch->n_children; ++i) check_column(*schema->children[i], *batch->children[i], count);
        out.batches += test::arrow_rows(*schema, *batch) + "/";
    };
    wire::row_layout layout;
    layout.columns = of.columns.size();
    wire::row_cursor cursor(layout, 1 << 16);
    const auto targets = builder.targets();
    while (!rows.empty() && out.fault.empty()) {
        const auto part = rows.first(std::min(block, rows.size()));
        const wire::byte_buffer memory(part.begin(), part.end());
        rows = rows.subspan(part.size());
        cursor.feed(memory);
        driver::cell_fault fault;
        while (true) {
            fault = {};
            const bool got = cursor.next_cells([&](std::size_t column, wire::item cell) {
                const auto each = targets[column].decode(cell.code, cell.data.data(), cell.data.size(), of.format, targets[column].out);
                if (each != wire::coercion::ok && fault.outcome == wire::coercion::ok) fault = {each, column};
            });
            if (!got) break;
            if (fault.outcome != wire::coercion::ok) {
                out.fault = builder.error_of(fault).text;
                break;
            }
            if (builder.end_row()) finish();
        }
    }
    if (out.fault.empty()) {
        finish();
        out.error = cursor.finish();
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    shape of;
    of.format = fuzz::format_of(in.byte());
    const auto bits = in.byte();
    of.how.dictionary = (bits & 1U) != 0;
    of.how.large_offsets = (bits & 2U) != 0;
    if ((bits & 4U) != 0) of.how.timestamps = columnar::time_unit::microsecond;
    of.how.batch_rows = bits >> 3U;
    const std::size_t block = in.byte() + 1U;
    const auto count = in.byte() % 8 + 1;
    for (unsigned i = 0; i < count; ++i) {
        const auto choice = in.byte();
        column each;
        each.label = "c" + std::to_string(i);
        each.type = types[choice % 16];
        each.scale = static_cast<int>(choice >> 4U) - 1;
        each.precision = each.type == sql_type::numeric ? 4 * static_cast<int>(choice >> 4U) : 0;
        of.columns.push_back(each);
    }
    const auto rows = in.rest();
    fuzz::require(read(of, rows, rows.size() + 1) == read(of, rows, block), "blocks do not change the batches");
    return 0;
}
