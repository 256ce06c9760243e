// Batches: bounds, growth, rows that come in part, errors that name their cell.

#include "tests/unit/columnar/columnar_fixture.hpp"

namespace irislink::test {
namespace {

using columnar::batch_builder;
using columnar::options;
using columnar::owned_array;
using columnar::owned_schema;

const std::vector<column> two_columns{column_of("id", sql_type::integer), column_of("name", sql_type::varchar, 50)};

driver::cell_fault put(batch_builder& into, std::int64_t id, const std::string& name) {
    return put_row(into, [&](wire::writer& out) {
        out.integer(id);
        out.text(name);
    });
}

std::string rows_of(batch_builder& from) {
    owned_schema schema;
    owned_array batch;
    from.schema(schema.out());
    from.finish(batch.out());
    return arrow_rows(*schema, *batch);
}

TEST(BatchBuilder, RowsAndBytesEndABatch) {
    options how;
    how.batch_rows = 2;
    batch_builder rows(two_columns, how);
    (void)put(rows, 1, "a");
    EXPECT_FALSE(rows.end_row());
    (void)put(rows, 2, "b");
    EXPECT_TRUE(rows.end_row());
    EXPECT_EQ(rows_of(rows), "1|a;2|b");
    EXPECT_EQ(rows.rows_before(), 2U);
    (void)put(rows, 3, "c");
    EXPECT_FALSE(rows.end_row());
    EXPECT_EQ(rows_of(rows), "3|c");

    how.batch_rows = 0;
    how.batch_bytes = 100; // a row has 8 bytes and its text
    batch_builder bytes(two_columns, how);
    (void)put(bytes, 1, std::string(80, 'x'));
    EXPECT_FALSE(bytes.end_row());
    (void)put(bytes, 2, std::string(4, 'y'));
    EXPECT_TRUE(bytes.end_row());
    EXPECT_EQ(rows_of(bytes).size(), 80 + 4 + 5U);
    (void)put(bytes, 3, std::string(1000, 'z')); // larger than the bound by itself
    EXPECT_TRUE(bytes.end_row());
    EXPECT_EQ(rows_of(bytes).size(), 1002U);
}

TEST(BatchBuilder, GrowsWithItsRows) {
    batch_builder made(
        {column_of("id", sql_type::integer), column_of("flag", sql_type::bit), column_of("name", sql_type::varchar, 50),
         column_of("amount", sql_type::numeric, 9, 1)},
        {}
    );
    std::string expected;
    for (int i = 0; i < 3000; ++i) {
        const bool null = i >= 700 && i % 5 == 0;
        const auto fault = put_row(made, [&](wire::writer& out) {
            out.integer(i);
            null ? out.null() : out.integer(i % 2);
            null ? out.null() : out.text("row " + std::to_string(i));
            null ? out.null() : out.number({i, -1});
        });
        ASSERT_EQ(fault.outcome, wire::coercion::ok);
        ASSERT_FALSE(made.end_row());
        const auto number = std::to_string(i);
        expected += (i == 0 ? "" : ";") + number;
        if (null) {
            expected += "|NULL|NULL|NULL";
        } else {
            expected += i % 2 == 1 ? "|true" : "|false";
            expected += "|row " + number + "|" + std::to_string(i / 10) + "." + std::to_string(i % 10);
        }
    }
    EXPECT_EQ(rows_of(made), expected);
}

// A row that goes on in the next block comes again from its first cell.
TEST(BatchBuilder, CellsOfARowMayComeTwice) {
    options how;
    how.dictionary_columns = {false, false, true};
    batch_builder made({column_of("id", sql_type::integer), column_of("name", sql_type::varchar, 50), column_of("kind", sql_type::varchar, 50)}, how);
    for (int i = 0; i < 3; ++i) {
        const auto write = [&](wire::writer& out) {
            i == 1 ? out.null() : out.integer(i);
            i == 1 ? out.null() : out.text("name " + std::to_string(i));
            i == 2 ? out.null() : out.text("kind");
        };
        (void)put_row(made, write);
        (void)put_row(made, write);
        EXPECT_FALSE(made.end_row());
    }
    owned_schema schema;
    owned_array batch;
    made.schema(schema.out());
    made.finish(batch.out());
    EXPECT_EQ(arrow_rows(*schema, *batch), "0|name 0|kind;NULL|NULL|kind;2|name 2|NULL");
    EXPECT_EQ(batch->children[0]->null_count, 1);
    EXPECT_EQ(batch->children[1]->null_count, 1);
    EXPECT_EQ(batch->children[2]->null_count, 1);
    EXPECT_EQ(batch->children[2]->dictionary->length, 1);
}

TEST(BatchBuilder, AnErrorNamesRowAndColumn) {
    options how;
    how.batch_rows = 2;
    batch_builder made(two_columns, how);
    for (int i = 0; i < 3; ++i) {
        (void)put(made, i, "x");
        if (made.end_row()) (void)rows_of(made);
    }
    const auto fault = put(made, std::int64_t{1} << 40, "x");
    EXPECT_EQ(fault.outcome, wire::coercion::out_of_range);
    const auto why = made.error_of(fault);
    EXPECT_EQ(why.sqlstate, "22003");
    EXPECT_EQ(why.row, 4U);
    EXPECT_EQ(why.text, "Row 4, column 'id': the value is out of range");
    EXPECT_EQ(why.hint, "CAST the column AS BIGINT.");
}

TEST(BatchBuilder, ContentOfLongColumns) {
    batch_builder made({column_of("t", sql_type::longvarchar), column_of("x", sql_type::longvarbinary)}, {});
    EXPECT_EQ(made.put_content(0, "Größe", false), wire::coercion::ok);
    EXPECT_EQ(made.put_content(1, "\xFF", false), wire::coercion::ok);
    (void)made.end_row();
    EXPECT_EQ(made.put_content(0, "", false), wire::coercion::ok);
    EXPECT_EQ(made.put_content(1, "", true), wire::coercion::ok);
    (void)made.end_row();
    EXPECT_EQ(rows_of(made), "Größe|ff;|NULL");
}

TEST(BatchBuilder, AResultWithoutColumnsOrRows) {
    batch_builder nothing({}, {});
    EXPECT_EQ(rows_of(nothing), "");
    batch_builder empty(two_columns, {});
    owned_array batch;
    empty.finish(batch.out());
    EXPECT_EQ(batch->length, 0);
    EXPECT_EQ(batch->children[1]->n_buffers, 3);
    EXPECT_EQ(*static_cast<const std::int32_t*>(batch->children[1]->buffers[1]), 0);
}

} // namespace
} // namespace irislink::test
