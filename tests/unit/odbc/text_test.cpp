#include "odbc/text/text.hpp"

#include <gtest/gtest.h>

#include <array>

#include "tests/unit/odbc/state_of_failure.hpp"

namespace irislink::odbc {
namespace {

std::string utf8_of(std::u16string_view in, SQLLEN length) {
    return to_utf8(reinterpret_cast<const SQLWCHAR*>(in.data()), length);
}

TEST(OdbcText, WideInputBecomesUtf8) {
    EXPECT_EQ(utf8_of(u"aä€😀", SQL_NTS), "aä€😀");
    EXPECT_EQ(utf8_of(u"abc", 2), "ab");
    EXPECT_EQ(to_utf8(static_cast<const SQLWCHAR*>(nullptr), SQL_NTS), "");
    EXPECT_EQ(to_utf8(static_cast<const SQLCHAR*>(nullptr), SQL_NTS), "");
    EXPECT_EQ(to_utf8(reinterpret_cast<const SQLCHAR*>("ab\0c\0"), 5), std::string("ab\0c", 4)) << "a terminator that the length counts";
    EXPECT_EQ(utf8_of(std::u16string_view(u"ab\0", 3), 3), "ab");
}

TEST(OdbcText, LoneSurrogatesAreReplaced) {
    const std::u16string high{u'a', char16_t{0xD83D}, u'b'};
    EXPECT_EQ(
        utf8_of(high, SQL_NTS), "a\xEF\xBF\xBD"
                                "b"
    );
    const std::u16string cut{u'a', char16_t{0xD83D}};
    EXPECT_EQ(utf8_of(cut, 2), "a\xEF\xBF\xBD");
    const std::u16string low{char16_t{0xDE00}};
    EXPECT_EQ(utf8_of(low, 1), "\xEF\xBF\xBD");
}

TEST(OdbcText, NegativeLengthsAreRefused) {
    EXPECT_EQ(state_of_failure([] { (void)utf8_of(u"a", -2); }), "HY090");
    std::array<SQLCHAR, 4> out{};
    EXPECT_EQ(state_of_failure([&] { (void)put_text<SQLCHAR>("a", out.data(), -1, static_cast<SQLSMALLINT*>(nullptr), length_unit::bytes); }), "HY090");
}

// Every capacity: what is written is a prefix of whole characters, and ended.
TEST(OdbcText, CutTextIsNeverInsideACharacter) {
    const std::string text = "aä€😀z";
    const std::u16string wide = u"aä€😀z";
    for (std::int64_t capacity = 1; capacity <= 20; ++capacity) {
        std::array<SQLCHAR, 24> narrow{};
        narrow.fill('#');
        const auto done = copy_text(text, narrow.data(), capacity);
        const std::string written(reinterpret_cast<char*>(narrow.data()));
        EXPECT_EQ(done.units, 11);
        EXPECT_EQ(done.whole, capacity > 11);
        EXPECT_LT(static_cast<std::int64_t>(written.size()), capacity);
        EXPECT_TRUE(text.starts_with(written));
        EXPECT_NE(written.size(), 2U);
        EXPECT_TRUE(written.size() <= 6 || written.size() >= 10) << capacity;

        std::array<SQLWCHAR, 24> units{};
        units.fill('#');
        const auto wide_done = copy_text(text, units.data(), capacity);
        const std::u16string wide_written(reinterpret_cast<char16_t*>(units.data()));
        EXPECT_EQ(wide_done.units, 6);
        EXPECT_EQ(wide_done.whole, capacity > 6);
        EXPECT_LT(static_cast<std::int64_t>(wide_written.size()), capacity);
        EXPECT_TRUE(wide.starts_with(wide_written));
        EXPECT_NE(wide_written.size(), 4U) << "half a pair";
    }
}

TEST(OdbcText, LengthsCountWhatTheFunctionSays) {
    std::array<SQLWCHAR, 10> out{};
    SQLSMALLINT length = 0;
    EXPECT_TRUE(put_text<SQLWCHAR>("ab", out.data(), 10, &length, length_unit::characters));
    EXPECT_EQ(length, 2);
    EXPECT_TRUE(put_text<SQLWCHAR>("ab", out.data(), 6, &length, length_unit::bytes));
    EXPECT_EQ(length, 4);
    EXPECT_FALSE(put_text<SQLWCHAR>("ab", out.data(), 4, &length, length_unit::bytes));
    EXPECT_EQ(length, 4);
    EXPECT_EQ(out[1], 0);
    EXPECT_TRUE(put_text<SQLWCHAR>("ab", nullptr, 0, &length, length_unit::bytes)) << "only the length is asked for";
}

TEST(OdbcText, NothingIsWrittenWithoutRoom) {
    SQLCHAR one = '#';
    EXPECT_FALSE(copy_text("", &one, 0).whole);
    EXPECT_EQ(one, '#');
}

} // namespace
} // namespace irislink::odbc
