// wire-sql 2.7 to 2.9 and 3.2 to 3.4.

#include "wire/messages/blocks.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

template <class Block> std::string block_hex(const Block& block) {
    return written([&](writer& out) { encode(out, block); });
}

template <class Block> std::error_code block_error(std::string_view hex, Block& block) {
    const auto bytes = bytes_of_hex(hex);
    reader in(bytes);
    decode(in, block);
    return in.finish();
}

TEST(StatementText, OneChunkOrNone) {
    EXPECT_EQ(block_hex(statement_text{"ab"}), "03 04 01 04 01 61 62");
    EXPECT_EQ(block_hex(statement_text{}), "03 01 00");
    statement_text got;
    for (const auto* hex : {"03 01 00", "02 01", "01", "02 04"}) {
        EXPECT_FALSE(block_error(hex, got)) << hex;
        EXPECT_EQ(got.text, "");
    }
}

TEST(StatementText, ChunksAreJoinedWhateverTheirForm) {
    statement_text got;
    EXPECT_FALSE(block_error("03 04 03  03 01 61  04 02 16 04  03 01 62", got));
    EXPECT_EQ(got.text, "aЖb");
    // A pair of surrogates cut in two: one client counts code units when it makes chunks.
    EXPECT_FALSE(block_error("03 04 02  06 02 61 00 3d d8  06 02 00 de 62 00", got));
    EXPECT_EQ(got.text, "a😀b");
    EXPECT_EQ(block_error("03 04 02  04 02 3d d8  03 01 62", got), wire_errc::bad_text);
    EXPECT_EQ(block_error("03 04 01  04 02 3d d8", got), wire_errc::bad_text);
}

TEST(StatementText, LongTextIsCutBetweenCharacters) {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "😀a";
    for (const std::size_t units : {2U, 3U, 4U, 7U, 100U, 149U, 150U, 151U, 1000U}) {
        const statement_text block{text, units};
        byte_buffer bytes;
        writer out(bytes);
        encode(out, block);
        reader in(bytes);
        const auto chunks = in.integer();
        EXPECT_EQ(chunks, units >= 150 ? 1 : chunks) << units;
        std::string joined;
        for (std::int64_t i = 0; i < chunks; ++i) {
            const auto chunk = in.text();
            EXPECT_LE(utf16_length(chunk).value(), units);
            joined += chunk;
        }
        EXPECT_FALSE(in.finish());
        EXPECT_EQ(joined, text);
        statement_text back;
        reader again(bytes);
        decode(again, back);
        EXPECT_EQ(back, block);
    }
}

TEST(StatementText, ChunkCountsThatCannotBeTrueAreRefused) {
    statement_text got;
    EXPECT_TRUE(block_error("03 04 02 03 01 61", got));
    EXPECT_TRUE(block_error("06 04 ff ff ff 7f 03 01 61", got));
    EXPECT_TRUE(block_error("02 05", got));
    EXPECT_EQ(block_error("05 01 53 45 4c", got), wire_errc::bad_value);
}

TEST(ParameterInfo, KindsAsIntegersAndAsCharacters) {
    std::vector<parameter_info> got;
    ASSERT_FALSE(block_error("03 04 02  03 04 63 03 04 0a  03 01 3f 02 04", got));
    EXPECT_EQ(got, (std::vector<parameter_info>{{'c', false, 10}, {'?', true, 0}}));
    EXPECT_EQ(block_hex(got), "03 04 02 03 04 63 03 04 0a 03 01 3f 02 04");
}

TEST(ParameterInfo, TheKindNeverMakesAMessageFail) {
    std::vector<parameter_info> got;
    for (const auto* kind : {"01", "02 01", "02 04", "04 04 ff ff", "02 05", "03 01 e9", "05 01 61 62 63", "04 06 ff 0f"}) {
        ASSERT_FALSE(block_error(std::string("03 04 01") + kind + "02 04", got)) << kind;
        ASSERT_EQ(got.size(), 1U);
        EXPECT_EQ(got[0].kind, '?') << kind;
    }
}

TEST(ParameterValues, ItemsStayWhereTheyAre) {
    const auto bytes = bytes_of_hex("03 04 02 03 04 02  03 01 78 02 01  01 03 01 33  02 04");
    reader in(bytes);
    parameter_values got;
    decode(in, got);
    EXPECT_EQ(got.sets, 2U);
    EXPECT_EQ(got.count, 2U);
    EXPECT_EQ(hex_of(got.items), "03 01 78 02 01 01 03 01 33");
    EXPECT_EQ(in.integer(), 0);
    EXPECT_FALSE(in.finish());
    EXPECT_EQ(block_hex(got), "03 04 02 03 04 02 03 01 78 02 01 01 03 01 33");
    EXPECT_EQ(block_hex(parameter_values{}), "03 04 01 02 04");
}

TEST(ParameterValues, CountsThatCannotBeTrueAreRefused) {
    parameter_values got;
    EXPECT_EQ(block_error("03 04 01 03 04 02 02 04", got), wire_errc::truncated);
    EXPECT_EQ(block_error("06 04 ff ff ff 7f 06 04 ff ff 00 00", got), wire_errc::truncated);
    EXPECT_EQ(block_error("02 05 02 04", got), wire_errc::out_of_range);
    EXPECT_EQ(block_error("03 04 01 05 04 00 00 01 01", got), wire_errc::limit_exceeded);
    EXPECT_EQ(block_error("03 04 01 03 04 01 03 0d 00", got), wire_errc::unknown_item_code);
    // Sets without parameters take no bytes, so only a bound stops two thousand million of them.
    EXPECT_EQ(block_error("06 04 ff ff ff 7f 02 04", got), wire_errc::limit_exceeded);
    EXPECT_FALSE(block_error("04 04 10 27 02 04", got));
    EXPECT_EQ(got.sets, 10000U);
}

constexpr const char* name_column = "06 01 4e 61 6d 65 03 04 0c 03 04 32 02 04 03 04 01 06 01 4e 61 6d 65 03 01 54"
                                    "09 01 53 51 4c 55 73 65 72 03 01 00 0e 01 00 01 00 00 00 00 00 00 00 00 00 00";

column example_column() {
    return {
        .name = "Name",
        .type = 12,
        .precision = 50,
        .scale = 0,
        .nullable = 1,
        .label = "Name",
        .table = "T",
        .schema = "SQLUser",
        .catalog = "",
        .flags = column::case_sensitive,
    };
}

TEST(Columns, ExampleOfTheSpecificationBothWays) {
    std::vector<column> got;
    ASSERT_FALSE(block_error(std::string("03 04 01") + name_column, got));
    EXPECT_EQ(got, std::vector<column>{example_column()});
    EXPECT_EQ(written([&](writer& out) { encode(out, got); }), plain_hex(std::string("03 04 01") + name_column));
}

TEST(Columns, SlotsComeWithFastSelectOnly) {
    const auto bytes = bytes_of_hex(std::string("03 04 01") + name_column + "03 04 02");
    reader in(bytes);
    std::vector<column> got;
    decode(in, got, true);
    ASSERT_FALSE(in.finish());
    EXPECT_EQ(got.at(0).slot, 2U);
    EXPECT_EQ(written([&](writer& out) { encode(out, got, true); }), hex_of(bytes));
    reader plain(bytes);
    decode(plain, got);
    EXPECT_EQ(plain.finish(), wire_errc::trailing_bytes);
}

TEST(Columns, AnUnspecifiedScaleIsMinusOne) {
    std::vector<column> got;
    ASSERT_FALSE(block_error("03 04 01 03 01 74 03 04 5c 03 04 08 02 01 03 04 02 03 01 74 03 01 00 03 01 00 03 01 00 02 01", got));
    EXPECT_EQ(got.at(0).scale, -1);
    EXPECT_EQ(got.at(0).flags, 0);
    const auto again = written([&](writer& out) { encode(out, got); });
    EXPECT_NE(again.find("03 04 08 02 01 03 04 02"), std::string::npos) << again;
}

TEST(Columns, OldDateTypesAreRewrittenAndAnIntegerCatalogIsNone) {
    std::vector<column> got;
    for (const int old : {9, 10, 11}) {
        const std::string type = "03 04 0" + std::string(1, "0123456789ab"[old]);
        ASSERT_FALSE(block_error("03 04 01 03 01 64 " + type + " 02 04 02 04 02 04 03 01 64 03 01 00 03 01 00 02 04 02 01", got));
        EXPECT_EQ(got.at(0).type, old + 82);
        EXPECT_EQ(got.at(0).catalog, "");
    }
}

TEST(Columns, EveryAdditionalByteHasItsFlag) {
    for (unsigned bit = 0; bit < 12; ++bit) {
        auto column = example_column();
        column.flags = static_cast<std::uint16_t>(1U << bit);
        const auto hex = written([&](writer& out) { encode(out, std::vector{column}); });
        std::string expected = "0e 01";
        for (unsigned i = 0; i < 12; ++i) expected += i == bit ? " 01" : " 00";
        EXPECT_TRUE(hex.ends_with(expected)) << hex;
        std::vector<wire::column> got;
        ASSERT_FALSE(block_error(hex, got));
        EXPECT_EQ(got.at(0).flags, column.flags);
    }
}

TEST(Columns, MoreColumnsThanAStatementCanHaveAreRefused) {
    // 32768 columns of ten omitted items each.
    auto bytes = bytes_of_hex("04 04 00 80");
    bytes.resize(bytes.size() + 327680, std::byte{1});
    reader in(bytes);
    std::vector<column> got;
    decode(in, got);
    EXPECT_EQ(in.finish(), wire_errc::limit_exceeded);
    EXPECT_EQ(got.capacity(), 0U);
}

TEST(ParameterData, PlainFormAndFlags) {
    parameter_data got;
    ASSERT_FALSE(block_error("03 04 01 03 04 0c 03 04 32 02 04 03 04 01 03 04 01", got));
    EXPECT_EQ(got, (parameter_data{{{12, 50, 0, 1}}, parameter_data::statement_kept}));
    EXPECT_EQ(block_hex(got), "03 04 01 03 04 0c 03 04 32 02 04 03 04 01 03 04 01");
    EXPECT_EQ(block_error("03 04 02 03 04 0c 03 04 32 02 04 03 04 01 03 04 01", got), wire_errc::truncated);
}

TEST(Features, FieldsDependOnTheOption) {
    statement_features got;
    ASSERT_FALSE(block_error("02 04", got));
    EXPECT_EQ(got, statement_features{});
    ASSERT_FALSE(block_error("03 04 01 03 04 03", got));
    EXPECT_EQ(got, (statement_features{feature::fast_select, 0, 3}));
    EXPECT_EQ(block_hex(got), "03 04 01 03 04 03");
    ASSERT_FALSE(block_error("03 04 02 03 04 01 03 04 05", got));
    EXPECT_EQ(got, (statement_features{feature::fast_insert, 1, 5}));
    EXPECT_EQ(block_hex(got), "03 04 02 03 04 01 03 04 05");
    EXPECT_EQ(block_error("03 04 01", got), wire_errc::truncated);
    EXPECT_EQ(block_error("02 05", got), wire_errc::out_of_range);
}

} // namespace
} // namespace irislink::wire
