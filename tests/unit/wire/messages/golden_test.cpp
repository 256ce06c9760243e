// Recorded sessions and messages written down from the specification: every one decodes with the struct
// it belongs to, and encodes again to the same bytes.

#include "tests/support/wire/golden.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

void expect_round_trip(const golden_message& each) {
    SCOPED_TRACE(each.where + " " + (each.code ? each.code->name() : each.reply));
    const bool found = visit_struct_of(each, [&]<class M>() {
        M first;
        const auto error = decode_as(first, each.body, each.format, each.outputs);
        ASSERT_FALSE(error) << error.message() << " in " << hex_of(each.body);
        byte_buffer again;
        ASSERT_FALSE(encode_as(first, each.format, again));
        if (each.canonical) {
            ASSERT_EQ(hex_of(again), hex_of(each.body));
        }
        bool accepted = false;
        EXPECT_EQ(round_trip_problem<M>(each.body, each.format, accepted, each.outputs), "");
        EXPECT_TRUE(accepted);
    });
    EXPECT_TRUE(found) << "no struct";
}

TEST(Golden, MessagesOfTheSpecification) {
    const auto messages = written_messages();
    EXPECT_GT(messages.size(), 100U);
    for (const auto& each : messages) expect_round_trip(each);
}

class Captures : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Captures, EveryMessageBothWays) {
    const auto messages = capture_walker(GetParam()).walk();
    EXPECT_GE(messages.size(), 4U);
    for (const auto& each : messages) expect_round_trip(each);
}

// Every row of every block is whole and every cell converts to text.
TEST_P(Captures, EveryRowReads) {
    for (const auto& each : capture_walker(GetParam()).walk()) {
        if (!each.layout) continue;
        SCOPED_TRACE(each.where);
        row_cursor cursor(*each.layout);
        cursor.feed(each.body);
        std::vector<item> row(each.layout->columns);
        while (cursor.next(row)) {
            for (const auto& cell : row) {
                std::string text;
                const auto got = to_text(cell, each.format, text);
                EXPECT_TRUE(got == coercion::ok || got == coercion::null);
            }
        }
        EXPECT_FALSE(cursor.finish()) << cursor.finish().message();
    }
}

INSTANTIATE_TEST_SUITE_P(Recorded, Captures, testing::ValuesIn(capture_files()), [](const testing::TestParamInfo<std::filesystem::path>& info) {
    std::string name;
    bool upper = true;
    for (const char c : info.param.stem().string()) {
        const bool letter = std::isalnum(static_cast<unsigned char>(c)) != 0;
        if (letter) name.push_back(upper ? static_cast<char>(std::toupper(c)) : c);
        upper = !letter;
    }
    return name;
});

TEST(Golden, ThirtyRowsComeInSeveralBlocks) {
    for (const auto* file : {"jdbc-3.10.2-fetch.jsonl", "odbc-2023.1-fetch.jsonl", "python-3.2.0-fetch.jsonl"}) {
        std::size_t rows = 0;
        std::size_t blocks = 0;
        std::optional<row_cursor> cursor;
        std::size_t columns = 0;
        for (const auto& each : capture_walker(golden_directory / "captures" / file).walk()) {
            if (!each.layout || each.layout->columns > 10) continue; // not the catalog calls of ODBC
            if (!cursor) cursor.emplace(*each.layout);
            columns = each.layout->columns;
            cursor->feed(each.body);
            std::vector<item> row(columns);
            while (cursor->next(row)) ++rows;
            ++blocks;
        }
        EXPECT_EQ(rows, 30U) << file;
        EXPECT_GT(blocks, 3U) << file;
        ASSERT_TRUE(cursor);
        EXPECT_FALSE(cursor->finish());
    }
}

} // namespace
} // namespace irislink::wire
