// Arrow batches as parameters: what the builder has made goes back as the same values, what no parameter can be is
// refused. Types that the builder never makes are tested with the libraries that do (tests/columns).

#include "bindings/columnar/row_writer.hpp"

#include <limits>

#include "irislink/error.hpp"
#include "tests/unit/columnar/columnar_fixture.hpp"

namespace irislink::test {
namespace {

using columnar::batch_builder;
using columnar::owned_array;
using columnar::owned_schema;
using columnar::row_writer;

// Writes the rows of a batch and builds a batch of what was written.
std::string there_and_back(const std::vector<column>& columns, const std::vector<write_cell>& rows, columnar::options how = {}) {
    batch_builder first(columns, how);
    batch_builder second(columns, how);
    for (const auto& each : rows) {
        EXPECT_EQ(put_row(first, each).outcome, wire::coercion::ok);
        (void)first.end_row();
    }
    owned_schema schema;
    owned_array batch;
    first.schema(schema.out());
    first.finish(batch.out());
    const row_writer writer(*schema);
    EXPECT_EQ(writer.columns(), columns.size());
    for (std::int64_t row = 0; row < batch->length; ++row) {
        const auto fault = put_row(second, [&](wire::writer& out) { writer.write(*batch, row, out); });
        EXPECT_EQ(fault.outcome, wire::coercion::ok) << row << " " << fault.column;
        (void)second.end_row();
    }
    owned_array again;
    second.finish(again.out());
    EXPECT_EQ(arrow_rows(*schema, *again), arrow_rows(*schema, *batch));
    return arrow_rows(*schema, *again);
}

// "none", or the SQLSTATE and the text of the error.
std::string outcome_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const error& failed) {
        return failed.sqlstate() + " " + failed.text();
    }
    return "none";
}

TEST(RowWriter, ARowThatIsNullAsAWhole) {
    batch_builder builder({column_of("i", sql_type::integer)}, {});
    for (int n = 0; n < 10; ++n) {
        EXPECT_EQ(put_row(builder, [n](wire::writer& out) { out.integer(n); }).outcome, wire::coercion::ok);
        (void)builder.end_row();
    }
    owned_schema schema;
    owned_array batch;
    builder.schema(schema.out());
    builder.finish(batch.out());
    static constexpr unsigned char valid[]{0xFF, 0xFD}; // row 9 is NULL
    auto whole = *batch;                                // the columns stay the batch's
    const void* buffers[]{valid};
    whole.buffers = buffers;
    whole.n_buffers = 1;
    whole.null_count = -1;
    const row_writer writer(*schema);
    wire::byte_buffer bytes;
    wire::writer out(bytes);
    const auto write = [&](std::int64_t row) { return outcome_of([&] { writer.write(whole, row, out); }); };
    EXPECT_EQ(write(8), "none");
    EXPECT_EQ(write(9), "22002 Row 9 of the Arrow data is NULL as a whole");
    // Counted from where the batch begins.
    whole.offset = 1;
    whole.length = 9;
    EXPECT_EQ(write(7), "none");
    EXPECT_EQ(write(8), "22002 Row 8 of the Arrow data is NULL as a whole");
}

TEST(RowWriter, EveryTypeOfColumns) {
    const std::vector<column> columns{
        column_of("b", sql_type::bit),
        column_of("t", sql_type::tinyint),
        column_of("s", sql_type::smallint),
        column_of("i", sql_type::integer),
        column_of("g", sql_type::bigint),
        column_of("n", sql_type::numeric, 18, 4),
        column_of("f", sql_type::real),
        column_of("v", sql_type::varchar, 50),
        column_of("x", sql_type::varbinary),
        column_of("d", sql_type::date),
        column_of("t0", sql_type::time, 8, 0),
        column_of("t6", sql_type::time, 8, 6),
        column_of("m", sql_type::timestamp, 26, 6),
        column_of("m9", sql_type::timestamp, 29, 9),
        column_of("u", sql_type::guid, 36),
        column_of("l", sql_type::longvarchar)};
    const auto row = there_and_back(
        columns, {[](wire::writer& out) {
                      static constexpr std::byte bytes[]{std::byte{0}, std::byte{0xFF}};
                      out.integer(1);
                      out.integer(-128);
                      out.integer(300);
                      out.integer(-70'000);
                      out.integer(std::int64_t{1} << 62U);
                      out.number({-1234567, -4});
                      out.real(0.5);
                      out.text("Größe 🚀");
                      out.binary(bytes);
                      out.text("0001-01-01");
                      out.text("23:59:59");
                      out.text("00:00:00.000001");
                      out.text("1969-12-31 23:59:59.999999");
                      out.text("1969-12-31 23:59:59.999999999");
                      out.text("00112233-4455-6677-8899-AABBCCDDEEFF");
                      out.text("long");
                  },
                  [&](wire::writer& out) {
                      for (std::size_t i = 0; i < columns.size(); ++i) out.null();
                  }}
    );
    EXPECT_EQ(
        row, "true|-128|300|-70000|4611686018427387904|-123.4567|0.500000|Größe 🚀|00ff|-719162|86399|1|-1|-1|00112233445566778899aabbccddeeff|long"
             ";NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL"
    );
}

TEST(RowWriter, DictionariesAndEmptyText) {
    columnar::options how;
    how.dictionary = true;
    const auto text = [](const char* value) -> write_cell { return [value](wire::writer& out) { out.text(value); }; };
    EXPECT_EQ(
        there_and_back({column_of("v", sql_type::varchar, 50)}, {text("a"), text(""), text("a"), [](wire::writer& out) { out.null(); }}, how), "a;;a;NULL"
    );
}

std::string refusal(const column& of, const std::function<void(ArrowSchema&)>& change, const write_cell& cell) {
    batch_builder made({of}, {});
    (void)put_row(made, cell);
    (void)made.end_row();
    owned_schema schema;
    owned_array batch;
    made.schema(schema.out());
    made.finish(batch.out());
    const char* const format = schema->children[0]->format;
    change(*schema->children[0]);
    auto out = outcome_of([&] {
        const row_writer writer(*schema);
        wire::byte_buffer bytes;
        wire::writer items(bytes);
        writer.write(*batch, 0, items);
    });
    schema->children[0]->format = format;
    return out;
}

TEST(RowWriter, WhatNoParameterCanBe) {
    const auto integer = [](std::int64_t value) -> write_cell { return [value](wire::writer& out) { out.integer(value); }; };
    const auto as = [](const char* format) { return [format](ArrowSchema& schema) { schema.format = format; }; };
    const auto bigint = column_of("c", sql_type::bigint);
    EXPECT_EQ(refusal(bigint, as("l"), integer(1)), "none");
    EXPECT_EQ(refusal(bigint, as("L"), integer(-1)), "22003 Column 'c': an integer is larger than the server's 64 bits");
    EXPECT_EQ(refusal(bigint, as("tsu:UTC"), integer(1)), "22008 Column 'c': a timestamp with a time zone cannot be stored: times of the server have none");
    EXPECT_EQ(refusal(bigint, as("tss:"), integer(std::int64_t{1} << 50U)), "22007 Column 'c': a date is not within the years 1 to 9999");
    EXPECT_EQ(refusal(bigint, as("tss:"), integer(std::numeric_limits<std::int64_t>::min())), "22007 Column 'c': a date is not within the years 1 to 9999");
    EXPECT_EQ(refusal(bigint, as("ttu"), integer(86'400'000'000)), "22007 Column 'c': a time is not within a day");
    EXPECT_EQ(refusal(bigint, as("ttu"), integer(-1)), "22007 Column 'c': a time is not within a day");
    EXPECT_EQ(refusal(bigint, as("tdm"), integer(1)), "22007 Column 'c': a date has a time of day");
    EXPECT_EQ(refusal(bigint, as("+l"), integer(1)), "07006 Column 'c': an Arrow column of type '+l' cannot be sent");
    EXPECT_EQ(
        refusal(column_of("c", sql_type::numeric, 38, 0), as("d:38,0"), [](wire::writer& out) { out.text("12345678901234567891"); }).substr(0, 5), "22003"
    );
    EXPECT_EQ(refusal(column_of("c", sql_type::numeric, 38, 0), as("d:38,0"), [](wire::writer& out) { out.text("12345678901234567890"); }), "none");
    EXPECT_EQ(
        refusal(column_of("c", sql_type::numeric, 38, 0), as("d:38,0,256"), integer(1)), "07006 Column 'c': an Arrow column of type 'd:38,0,256' cannot be sent"
    );
    EXPECT_EQ(
        refusal(
            column_of("c", sql_type::varbinary), as("u"),
            [](wire::writer& out) {
                static constexpr std::byte bytes[]{std::byte{0xFF}};
                out.binary(bytes);
            }
        ),
        "22021 Column 'c': a text is not valid UTF-8"
    );
}

} // namespace
} // namespace irislink::test
