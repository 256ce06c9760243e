#pragma once
// Rows made with the codec, through a builder, and read back from Arrow's buffers by their public layout alone.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "bindings/columnar/batch_builder.hpp"
#include "tests/support/columnar/arrow_view.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::test {

inline column column_of(std::string label, sql_type type, std::int64_t precision = 0, int scale = 0) {
    column out;
    out.name = out.label = std::move(label);
    out.type = type;
    out.precision = precision;
    out.scale = scale;
    return out;
}

using write_cell = std::function<void(wire::writer&)>;

// Hands the items that `write` makes to the builder as one row. The fault of the row, if any.
inline driver::cell_fault put_row(columnar::batch_builder& into, const write_cell& write, const wire::session_format& format = wire::default_format) {
    wire::byte_buffer bytes;
    wire::writer out(bytes, format);
    write(out);
    const auto* at = bytes.data();
    const auto* const end = at + bytes.size();
    driver::cell_fault fault;
    std::size_t column = 0;
    for (; at != end; ++column) {
        wire::item cell;
        wire::item_status status{};
        at = wire::parse_item(at, end, cell, status);
        if (at == nullptr || column >= into.targets().size()) {
            ADD_FAILURE() << "the test wrote no row of this shape";
            return fault;
        }
        const auto& target = into.targets()[column];
        const auto got = target.decode(cell.code, cell.data.data(), cell.data.size(), format, target.out);
        if (got != wire::coercion::ok && fault.outcome == wire::coercion::ok) fault = {got, column};
    }
    EXPECT_EQ(column, into.targets().size());
    return fault;
}

// A column of one type: the values that were written, as an Arrow reader sees them.
class one_column {
public:
    explicit one_column(column of, columnar::options how = {}) : builder_({of}, std::move(how)) {}

    one_column& add(const write_cell& write, const wire::session_format& format = wire::default_format) {
        const auto fault = put_row(builder_, write, format);
        EXPECT_EQ(fault.outcome, wire::coercion::ok);
        (void)builder_.end_row();
        return *this;
    }

    // What becomes of one more cell that is no value of the column.
    wire::coercion refused(const write_cell& write) { return put_row(builder_, write).outcome; }

    [[nodiscard]] std::string format() {
        columnar::owned_schema schema;
        builder_.schema(schema.out());
        return schema->children[0]->format;
    }

    [[nodiscard]] std::string text() {
        columnar::owned_schema schema;
        columnar::owned_array batch;
        builder_.schema(schema.out());
        builder_.finish(batch.out());
        return arrow_text(*schema->children[0], *batch->children[0]);
    }

    columnar::batch_builder& builder() { return builder_; }

private:
    columnar::batch_builder builder_;
};

} // namespace irislink::test
