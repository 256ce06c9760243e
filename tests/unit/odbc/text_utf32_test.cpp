// Text at the C boundary where SQLWCHAR has four bytes, as under iODBC.

#include "odbc/text/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace irislink::odbc {
namespace {

static_assert(sizeof(SQLWCHAR) == 4);

const std::string broken = "\xEF\xBF\xBD";

std::vector<SQLWCHAR> units(std::initializer_list<std::uint32_t> in) {
    std::vector<SQLWCHAR> out;
    std::ranges::transform(in, std::back_inserter(out), [](std::uint32_t unit) { return static_cast<SQLWCHAR>(unit); });
    return out;
}

std::string utf8_of(const std::vector<SQLWCHAR>& in) {
    return to_utf8(in.data(), static_cast<SQLLEN>(in.size()));
}

TEST(OdbcTextUtf32, OneUnitIsOneCharacter) {
    EXPECT_EQ(utf8_of(units({'a', 0xE4, 0x20AC, 0x1F600})), "aä€😀");
    EXPECT_EQ(to_utf8(units({'a', 0x1F600, 0}).data(), SQL_NTS), "a😀");
    EXPECT_EQ(to_utf8(units({'a', 0x1F600, 0}).data(), 1), "a");
    EXPECT_EQ(utf8_of(units({0x10FFFF})), "\xF4\x8F\xBF\xBF");
    EXPECT_EQ(to_utf8(static_cast<const SQLWCHAR*>(nullptr), SQL_NTS), "");
}

TEST(OdbcTextUtf32, WhatIsNoCharacterIsReplaced) {
    EXPECT_EQ(utf8_of(units({'a', 0xD83D, 'b'})), "a" + broken + "b");
    EXPECT_EQ(utf8_of(units({0xD83D, 0xDE00})), broken + broken) << "a pair of UTF-16 is two mistakes here";
    EXPECT_EQ(utf8_of(units({0x110000})), broken);
    EXPECT_EQ(utf8_of(units({0x7FFFFFFF, 0x80000000, 0xFFFFFFFF})), broken + broken + broken);
}

TEST(OdbcTextUtf32, SecretsAreTheSameText) {
    EXPECT_EQ(to_secret(units({'p', 0x1F600, 0x110000, 0}).data(), SQL_NTS).reveal(), "p😀" + broken);
}

// Every capacity: what is written is a prefix of whole characters, and ended.
TEST(OdbcTextUtf32, CutText) {
    const std::string text = "aä€😀z";
    const auto whole = units({'a', 0xE4, 0x20AC, 0x1F600, 'z'});
    for (std::int64_t capacity = 1; capacity <= 8; ++capacity) {
        std::array<SQLWCHAR, 10> out{};
        out.fill('#');
        const auto done = copy_text(text, out.data(), capacity);
        EXPECT_EQ(done.units, 5);
        EXPECT_EQ(done.whole, capacity > 5);
        const auto written = std::min<std::int64_t>(capacity - 1, 5);
        EXPECT_TRUE(std::equal(out.begin(), out.begin() + written, whole.begin())) << capacity;
        EXPECT_EQ(out[static_cast<std::size_t>(written)], 0);
        EXPECT_EQ(out[static_cast<std::size_t>(written) + 1], '#') << "nothing behind the terminator";
    }
}

TEST(OdbcTextUtf32, LengthsInBytesCountFourForEach) {
    std::array<SQLWCHAR, 4> out{};
    SQLINTEGER length = 0;
    EXPECT_TRUE(put_text<SQLWCHAR>("a😀", out.data(), 12, &length, length_unit::bytes));
    EXPECT_EQ(length, 8);
    EXPECT_FALSE(put_text<SQLWCHAR>("a😀", out.data(), 11, &length, length_unit::bytes)) << "room for two units";
    EXPECT_EQ(length, 8);
    EXPECT_EQ(out[1], 0);
    EXPECT_TRUE(put_text<SQLWCHAR>("a😀", out.data(), 3, &length, length_unit::characters));
    EXPECT_EQ(length, 2);
}

TEST(OdbcTextUtf32, BrokenUtf8IsReplacedByteByByte) {
    std::array<SQLWCHAR, 4> out{};
    EXPECT_EQ(copy_text("\xF0\x9F", out.data(), 4).units, 2);
    EXPECT_EQ(out[0], 0xFFFD);
    EXPECT_EQ(out[1], 0xFFFD);
}

} // namespace
} // namespace irislink::odbc
