// Who owns what: structs are released once, in any order, and outlive their builder.

#include "tests/unit/columnar/columnar_fixture.hpp"

namespace irislink::test {
namespace {

using columnar::batch_builder;
using columnar::owned_array;
using columnar::owned_schema;

const std::vector<column> columns{column_of("id", sql_type::integer), column_of("name", sql_type::varchar, 50), column_of("g", sql_type::guid, 36)};

void fill(batch_builder& into, int rows) {
    for (int i = 0; i < rows; ++i) {
        (void)put_row(into, [&](wire::writer& out) {
            out.integer(i);
            out.text("name");
            out.text("00112233-4455-6677-8899-AABBCCDDEEFF");
        });
        (void)into.end_row();
    }
}

TEST(Export, SchemaOfABatch) {
    batch_builder made(columns, {});
    owned_schema schema;
    made.schema(schema.out());
    EXPECT_STREQ(schema->format, "+s");
    ASSERT_EQ(schema->n_children, 3);
    EXPECT_STREQ(schema->children[1]->name, "name");
    EXPECT_EQ(schema->children[1]->flags, ARROW_FLAG_NULLABLE);
    EXPECT_EQ(schema->children[1]->metadata, nullptr);
    // Two pairs: the extension's name and its empty parameters.
    const std::string_view metadata(schema->children[2]->metadata, 4 + 4 + 20 + 4 + 10 + 4 + 24 + 4);
    std::int32_t pairs = 0;
    std::memcpy(&pairs, metadata.data(), sizeof pairs);
    EXPECT_EQ(pairs, 2);
    EXPECT_EQ(metadata.substr(8, 20), "ARROW:extension:name");
    EXPECT_EQ(metadata.substr(32, 10), "arrow.uuid");
}

TEST(Export, ColumnsOutliveTheirBatchAndTheirBuilder) {
    owned_schema schema;
    owned_array batch;
    {
        batch_builder made(columns, {});
        fill(made, 1000);
        made.schema(schema.out());
        made.finish(batch.out());
    }
    EXPECT_EQ(arrow_cell(*schema->children[1], *batch->children[1], 999), "name");
    // A consumer moves a child away, and the parent goes first.
    ArrowArray child = *batch->children[1];
    batch->children[1]->release = nullptr;
    ArrowSchema child_schema = *schema->children[1];
    schema->children[1]->release = nullptr;
    batch.reset();
    schema.reset();
    EXPECT_TRUE(batch.empty());
    EXPECT_EQ(arrow_cell(child_schema, child, 999), "name");
    child.release(&child);
    child_schema.release(&child_schema);
    EXPECT_EQ(child.release, nullptr);
    EXPECT_EQ(child_schema.release, nullptr);
}

TEST(Export, BatchesDoNotShareMemory) {
    batch_builder made(columns, {});
    owned_schema schema;
    made.schema(schema.out());
    fill(made, 10);
    owned_array first;
    made.finish(first.out());
    const auto before = arrow_rows(*schema, *first);
    fill(made, 500);
    owned_array second;
    made.finish(second.out());
    EXPECT_EQ(second->length, 500);
    EXPECT_EQ(arrow_rows(*schema, *first), before);
    EXPECT_NE(first->children[0]->buffers[1], second->children[0]->buffers[1]);
}

TEST(Export, BuffersAreAlignedAndValidityIsThereForNullsOnly) {
    batch_builder made(columns, {});
    fill(made, 3);
    owned_array batch;
    made.finish(batch.out());
    for (std::int64_t i = 0; i < batch->n_children; ++i) {
        const auto& each = *batch->children[i];
        EXPECT_EQ(each.buffers[0], nullptr);
        EXPECT_EQ(each.null_count, 0);
        for (std::int64_t k = 1; k < each.n_buffers; ++k) EXPECT_EQ(reinterpret_cast<std::uintptr_t>(each.buffers[k]) % 64, 0U);
    }
}

TEST(Export, WhatIsOwnedMovesOnce) {
    batch_builder made(columns, {});
    owned_schema first;
    made.schema(first.out());
    owned_schema second(std::move(first));
    EXPECT_TRUE(first.empty());
    EXPECT_FALSE(second.empty());
    ArrowSchema given;
    second.give(&given);
    EXPECT_TRUE(second.empty());
    given.release(&given);
}

} // namespace
} // namespace irislink::test
