// Repeated text: numbered once per batch.

#include "bindings/columnar/dictionary.hpp"

#include "tests/unit/columnar/columnar_fixture.hpp"

namespace irislink::test {
namespace {

using columnar::options;

TEST(Dictionary, NumbersInTheOrderInWhichTextsCame) {
    columnar::dictionary words;
    EXPECT_EQ(words.number_of("b"), 0);
    EXPECT_EQ(words.number_of(""), 1);
    EXPECT_EQ(words.number_of("b"), 0);
    EXPECT_EQ(words.number_of("a"), 2);
    EXPECT_EQ(words.size(), 3U);
    EXPECT_EQ(words.bytes(), 2U);
}

TEST(Dictionary, ManyTextsAreToldApart) {
    columnar::dictionary words;
    for (int round = 0; round < 2; ++round)
        for (int i = 0; i < 20'000; ++i) ASSERT_EQ(words.number_of("text number " + std::to_string(i)), i);
    EXPECT_EQ(words.size(), 20'000U);
}

TEST(Dictionary, AColumnOfRepeatedText) {
    options how;
    how.dictionary = true;
    columnar::batch_builder made({column_of("kind", sql_type::varchar, 50), column_of("n", sql_type::integer)}, how);
    columnar::owned_schema schema;
    made.schema(schema.out());
    EXPECT_STREQ(schema->children[0]->format, "i");
    EXPECT_STREQ(schema->children[0]->dictionary->format, "u");
    EXPECT_EQ(schema->children[1]->dictionary, nullptr);
    for (int batch = 0; batch < 2; ++batch) {
        for (int i = 0; i < 1000; ++i) {
            (void)put_row(made, [&](wire::writer& out) {
                i % 10 == 9 ? out.null() : out.text("kind " + std::to_string(i % 4 + batch));
                out.integer(i);
            });
            (void)made.end_row();
        }
        columnar::owned_array out;
        made.finish(out.out());
        // Each batch has a dictionary of its own.
        EXPECT_EQ(out->children[0]->dictionary->length, 4);
        EXPECT_EQ(out->children[0]->null_count, 100);
        EXPECT_EQ(arrow_cell(*schema->children[0], *out->children[0], 7), "kind " + std::to_string(3 + batch));
        EXPECT_EQ(arrow_cell(*schema->children[0], *out->children[0], 9), "NULL");
    }
}

} // namespace
} // namespace irislink::test
