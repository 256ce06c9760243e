#include "wire/messages/fetch.hpp"

#include <memory>

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

using text_rows = std::vector<std::vector<std::string>>;

std::string cell_text(const item& in) {
    std::string out;
    const auto got = to_text(in, unicode_format, out);
    return got == coercion::null ? "NULL" : got == coercion::ok ? out : "?";
}

// Feeds the blocks one by one (each from memory of exactly its size, freed before the next).
text_rows rows_of(row_cursor& cursor, std::size_t columns, const std::vector<byte_buffer>& blocks) {
    text_rows out;
    std::vector<item> row(columns);
    for (const auto& block : blocks) {
        const auto memory = std::make_unique<byte_buffer>(block);
        cursor.feed(*memory);
        while (cursor.next(row)) {
            auto& cells = out.emplace_back();
            for (const auto& cell : row) cells.push_back(cell_text(cell));
        }
    }
    return out;
}

// The same by next_cells(), which may give a row's cells in vain before it gives them all.
text_rows rows_by_cells(row_cursor& cursor, const std::vector<byte_buffer>& blocks) {
    text_rows out;
    for (const auto& block : blocks) {
        const auto memory = std::make_unique<byte_buffer>(block);
        cursor.feed(*memory);
        std::vector<std::string> cells;
        const auto take = [&cells](std::size_t column, item cell) {
            cells.resize(column);
            cells.push_back(cell_text(cell));
        };
        while (cursor.next_cells(take)) out.push_back(cells);
    }
    return out;
}

const std::string plain_rows = "05 01 42 6f 62 03 04 2a  05 01 5a 6f eb 02 01  03 01 00 02 04";
const text_rows plain_cells{{"Bob", "42"}, {"Zoë", "NULL"}, {"", "0"}};

row_layout plain_layout(std::size_t columns) {
    return {.fast_select = false, .slots = {}, .columns = columns};
}

TEST(RowCursor, PlainRowsOfTheTranscript) {
    row_cursor cursor(plain_layout(2));
    EXPECT_EQ(rows_of(cursor, 2, {bytes_of_hex(plain_rows)}), plain_cells);
    EXPECT_FALSE(cursor.finish());
}

const std::string fast_rows = "0d 01 03 04 01 05 01 42 6f 62 03 04 2a  0c 01 03 04 01 05 01 5a 6f eb 02 01";

row_layout fast_layout() {
    return {.fast_select = true, .slots = {2, 3}, .columns = 2};
}

const text_rows fast_cells{{"Bob", "42"}, {"Zoë", "NULL"}};

TEST(RowCursor, FastSelectRowsOfTheSpecification) {
    row_cursor cursor(fast_layout());
    EXPECT_EQ(rows_of(cursor, 2, {bytes_of_hex(fast_rows)}), fast_cells);
    EXPECT_FALSE(cursor.finish());
}

// Two and three blocks, cut at every pair of places.
void split_everywhere(const row_layout& layout, const std::string& hex, const text_rows& expected) {
    const auto whole = bytes_of_hex(hex);
    for (std::size_t first = 0; first <= whole.size(); ++first) {
        for (std::size_t second = first; second <= whole.size(); ++second) {
            const auto at = [&](std::size_t offset) { return whole.begin() + static_cast<std::ptrdiff_t>(offset); };
            row_cursor cursor(layout);
            const auto got =
                rows_of(cursor, layout.columns, {byte_buffer(at(0), at(first)), byte_buffer(at(first), at(second)), byte_buffer(at(second), whole.end())});
            ASSERT_EQ(got, expected) << "cut at " << first << " and " << second;
            ASSERT_FALSE(cursor.finish());
        }
    }
}

TEST(RowCursor, CellByCellGivesTheSameRows) {
    for (const bool fast : {false, true}) {
        const auto whole = bytes_of_hex(fast ? fast_rows : plain_rows);
        for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
            const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(cut);
            row_cursor cursor(fast ? fast_layout() : plain_layout(2));
            EXPECT_EQ(rows_by_cells(cursor, {{whole.begin(), middle}, {middle, whole.end()}}), fast ? fast_cells : plain_cells) << cut;
            EXPECT_FALSE(cursor.finish()) << cut;
        }
    }
}

TEST(RowCursor, CellByCellEndsInTheSameErrors) {
    for (const auto* hex : {"05 01 42", "03 04 2a 00 00 00 00 00 00 00", "03 04 2a 03 24 2a", "03 04 2a 03 0b 2a", "03 04 2a 00 05", "03 04 2a 03 19 41"}) {
        row_cursor rows(plain_layout(2));
        row_cursor cells(plain_layout(2));
        EXPECT_EQ(rows_by_cells(cells, {bytes_of_hex(hex)}), rows_of(rows, 2, {bytes_of_hex(hex)})) << hex;
        EXPECT_EQ(cells.finish(), rows.finish()) << hex;
    }
}

TEST(RowCursor, RowsSplitAcrossBlocksAtEveryByte) {
    split_everywhere(plain_layout(2), plain_rows, plain_cells);
    split_everywhere(fast_layout(), fast_rows, fast_cells);
}

TEST(RowCursor, OneByteBlocks) {
    for (const bool fast : {false, true}) {
        std::vector<byte_buffer> blocks;
        for (const auto byte : bytes_of_hex(fast ? fast_rows : plain_rows)) blocks.push_back({byte});
        row_cursor cursor(fast ? fast_layout() : plain_layout(2));
        EXPECT_EQ(rows_of(cursor, 2, blocks), fast ? fast_cells : plain_cells);
        EXPECT_FALSE(cursor.finish());
    }
}

TEST(RowCursor, RowsOfABlockLiveUntilTheNextBlock) {
    const auto whole = bytes_of_hex(plain_rows);
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        const bytes_view view(whole);
        row_cursor cursor(plain_layout(2));
        std::vector<item> row(2);
        cursor.feed(view.first(cut));
        std::vector<std::vector<item>> kept;
        while (cursor.next(row)) kept.push_back(row);
        std::string seen;
        for (const auto& each : kept) seen += cell_text(each[0]) + "," + cell_text(each[1]) + ";";
        kept.clear();
        cursor.feed(view.subspan(cut));
        while (cursor.next(row)) kept.push_back(row);
        for (const auto& each : kept) seen += cell_text(each[0]) + "," + cell_text(each[1]) + ";";
        EXPECT_EQ(seen, "Bob,42;Zoë,NULL;,0;") << cut;
    }
}

TEST(RowCursor, ATruncatedLastRowIsReported) {
    const auto whole = bytes_of_hex(plain_rows);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        row_cursor cursor(plain_layout(2));
        const auto got = rows_of(cursor, 2, {byte_buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))});
        const bool between_rows = size == 0 || size == 8 || size == 15;
        EXPECT_EQ(cursor.finish(), between_rows ? std::error_code{} : make_error_code(wire_errc::truncated)) << size;
        EXPECT_EQ(got.size(), size < 8 ? 0U : size < 15 ? 1U : 2U) << size;
        EXPECT_FALSE(cursor.error()) << "not yet known to be the end";
    }
}

TEST(RowCursor, AnOddNumberOfItemsIsATruncatedRow) {
    row_cursor cursor(plain_layout(2));
    EXPECT_EQ(rows_of(cursor, 2, {bytes_of_hex("03 04 01 03 04 02 03 04 03")}).size(), 1U);
    EXPECT_EQ(cursor.finish(), wire_errc::truncated);
}

TEST(RowCursor, MalformedItemsEndTheRows) {
    struct row {
        const char* hex;
        wire_errc error;
    };

    for (const auto& [hex, error] :
         {row{"03 04 01 00 00 00 00 00 00 00", wire_errc::bad_item}, row{"03 04 01 03 0d 00", wire_errc::unknown_item_code},
          row{"03 04 01 03 21 61", wire_errc::unknown_item_code}, row{"05 0d 01 02 03", wire_errc::unknown_item_code}}) {
        const auto whole = bytes_of_hex(hex);
        for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
            const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(cut);
            row_cursor cursor(plain_layout(2));
            const auto got = rows_of(cursor, 2, {byte_buffer(whole.begin(), middle), byte_buffer(middle, whole.end()), bytes_of_hex("03 04 05")});
            EXPECT_TRUE(got.empty()) << hex << " cut at " << cut;
            EXPECT_EQ(cursor.error(), error) << hex << " cut at " << cut;
            EXPECT_EQ(cursor.finish(), error);
        }
    }
}

TEST(RowCursor, FastSelectShortListsAreNullAtTheEnd) {
    row_cursor cursor(fast_layout());
    EXPECT_EQ(
        rows_of(cursor, 2, {bytes_of_hex("02 01  05 01 03 04 01  0a 01 03 04 01 05 01 42 6f 62")}),
        (text_rows{{"NULL", "NULL"}, {"NULL", "NULL"}, {"Bob", "NULL"}})
    );
    EXPECT_FALSE(cursor.finish());
}

TEST(RowCursor, FastSelectSlotsInAnyOrderTwiceOrNotAtAll) {
    row_cursor cursor({.fast_select = true, .slots = {3, 1, 3, 0, 9}, .columns = 5});
    EXPECT_EQ(rows_of(cursor, 5, {bytes_of_hex("0b 01 03 04 01 03 04 02 03 04 03")}), (text_rows{{"3", "1", "3", "NULL", "NULL"}}));
}

TEST(RowCursor, FastSelectRowsMustBeLists) {
    struct row {
        const char* hex;
        wire_errc error;
    };

    for (const auto& [hex, error] :
         {row{"03 04 01", wire_errc::bad_value}, row{"01", wire_errc::bad_value}, row{"04 02 61 00", wire_errc::bad_value},
          row{"04 01 05 01", wire_errc::truncated}, row{"05 01 03 0d 00", wire_errc::unknown_item_code},
          row{"09 01 00 00 00 00 00 00 00", wire_errc::bad_item}}) {
        row_cursor cursor(fast_layout());
        EXPECT_TRUE(rows_of(cursor, 2, {bytes_of_hex(hex)}).empty()) << hex;
        EXPECT_EQ(cursor.error(), error) << hex;
    }
}

TEST(RowCursor, NoColumnsNoRows) {
    row_cursor cursor(plain_layout(0));
    EXPECT_TRUE(rows_of(cursor, 0, {bytes_of_hex("03 04 01")}).empty());
}

TEST(RowCursor, ARowThatNeverEndsHitsItsLimit) {
    row_cursor cursor(plain_layout(1), 10'000);
    std::vector<item> row(1);
    auto block = bytes_of_hex("00 00 00 ff ff ff 7f 01");
    int fed = 0;
    while (!cursor.error() && fed < 1000) {
        cursor.feed(block);
        EXPECT_FALSE(cursor.next(row));
        ++fed;
        block.assign(1000, std::byte{'x'});
    }
    EXPECT_EQ(cursor.error(), wire_errc::limit_exceeded);
    EXPECT_EQ(fed, 11);
}

TEST(RowCursor, ARowInManyBlocksCostsItsLengthNotItsSquare) {
    // 8 MiB in pieces of 64 bytes: walking the row again for each would take minutes.
    constexpr std::size_t size = 8 << 20;
    auto block = bytes_of_hex("00 00 00 01 00 80 00 01");
    row_cursor cursor(plain_layout(1));
    std::vector<item> row(1);
    cursor.feed(block);
    EXPECT_FALSE(cursor.next(row));
    block.assign(64, std::byte{'x'});
    bool got = false;
    for (std::size_t sent = 0; sent < size; sent += block.size()) {
        cursor.feed(block);
        got = cursor.next(row);
    }
    ASSERT_TRUE(got);
    EXPECT_EQ(row[0].data.size(), size);
    EXPECT_FALSE(cursor.finish());
}

TEST(RowsReply, AreAnyBytes) {
    const auto body = bytes_of_hex("03 04 05 ff");
    EXPECT_EQ(hex_of(decoded<rows_reply>(body).items), "03 04 05 ff");
}

} // namespace
} // namespace irislink::wire
