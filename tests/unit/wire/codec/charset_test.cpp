#include "wire/codec/charset.hpp"

#include <algorithm>

#include "tests/unit/wire/wire_fixture.hpp"
#include "wire/codec/charset_tables.hpp"

namespace irislink::wire {
namespace {

using namespace test;

struct known_bytes {
    charset set;
    const char* locale;
    const char* hex;
    const char* text;
    std::ptrdiff_t undefined; // bytes of the upper half without a character
};

// Letters picked from the code charts of ISO 8859, DOS and Windows.
constexpr known_bytes charts[] = {
    {charset::latin1, "LATIN1", "c4 df e0 ea fc fd ff", "Äßàêüýÿ", 0},
    {charset::latin2, "LATIN2", "a1 b9 c4 df e0 ea fc fd", "ĄšÄßŕęüý", 0},
    {charset::latin3, "LATIN3", "a1 b9 c4 df e0 ea fc fd", "ĦıÄßàêüŭ", 7},
    {charset::latin_cyrillic, "LATINC", "a1 a4 b9 c4 df e0 ea fc ff", "ЁЄЙФпръќџ", 0},
    {charset::latin_arabic, "LATINA", "c4 e0 ea", "ؤـي", 45},
    {charset::latin_greek, "LATING", "a4 b9 c4 df e0 ea fc fd", "€ΉΔίΰκόύ", 3},
    {charset::latin_hebrew, "LATINH", "e0 ea", "אך", 36},
    {charset::latin_thai, "LATINT", "a1 a4 b9 c4 df e0", "กคนฤ฿เ", 8},
    {charset::latin7, "LATIN7", "c4 df e0 ea fc fd", "Äßąźüż", 0},
    {charset::latin9, "LATIN9", "a4 c4 df e0 ea fc fd ff", "€Äßàêüýÿ", 0},
    {charset::cp866, "CP866", "80 9a a1 a4 e0 ea", "АЪбдръ", 0},
    {charset::cp874, "CP874", "80 a1 a4 b9 c4 df e0", "€กคนฤ฿เ", 31},
    {charset::cp1250, "CP1250", "80 9a a1 b9 c4 df e0 ea fc fd", "€šˇąÄßŕęüý", 5},
    {charset::cp1251, "CP1251", "80 9a a1 c4 df e0 ea fc fd ff", "ЂљЎДЯакьэя", 1},
    {charset::cp1252, "CP1252", "80 9a c4 df e0 ea fc fd ff", "€šÄßàêüýÿ", 5},
    {charset::cp1253, "CP1253", "80 b9 c4 df e0 ea fc fd", "€ΉΔίΰκόύ", 17},
    {charset::cp1255, "CP1255", "80 a4 e0 ea", "€₪אך", 23},
    {charset::cp1256, "CP1256", "80 9a c4 df e0 ea fc ff", "€ڑؤكàêüے", 0},
    {charset::cp1257, "CP1257", "80 c4 df e0 ea fc fd", "€Äßąźüż", 12},
};

TEST(Charset, EverySetHasARowOfTheCharts) {
    EXPECT_EQ(std::size(charts), charset_tables.size());
}

TEST(Charset, KnownBytesBothWays) {
    for (const auto& [set, locale, hex, text, undefined] : charts) {
        const auto bytes = bytes_of_hex(hex);
        std::string decoded;
        append_utf8(decoded, bytes, set);
        EXPECT_EQ(decoded, text) << locale;
        byte_buffer encoded;
        ASSERT_TRUE(append_charset(encoded, text, set));
        EXPECT_EQ(hex_of(encoded), hex) << locale;
    }
}

TEST(Charset, NamesBothWaysInAnyCase) {
    for (const auto& each : charts) {
        EXPECT_EQ(locale_of_charset(each.set), each.locale);
        EXPECT_EQ(charset_of_locale(each.locale), each.set);
        std::string lower = each.locale;
        std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
        EXPECT_EQ(charset_of_locale(lower), each.set);
    }
    EXPECT_EQ(charset_of_locale("Unicode"), charset::latin1);
    EXPECT_EQ(charset_of_locale("KOI8-R"), charset::latin1);
    EXPECT_EQ(charset_of_locale(""), charset::latin1);
}

TEST(Charset, EveryDefinedByteSurvivesARoundTrip) {
    for (const auto& each : charts) {
        std::ptrdiff_t undefined = 0;
        for (unsigned value = 0; value < 256; ++value) {
            const auto byte = static_cast<std::byte>(value);
            std::string text;
            append_utf8(text, bytes_view(&byte, 1), each.set);
            if (text == "\xEF\xBF\xBD") {
                ++undefined;
                continue;
            }
            byte_buffer back;
            ASSERT_TRUE(append_charset(back, text, each.set));
            ASSERT_EQ(back, byte_buffer{byte}) << each.locale << " byte " << value;
        }
        EXPECT_EQ(undefined, each.undefined) << each.locale;
    }
}

TEST(Charset, UnmappableCharactersBecomeQuestionMarks) {
    byte_buffer out;
    ASSERT_TRUE(append_charset(out, "aЖ日😀z", charset::latin9));
    EXPECT_EQ(as_text(out), "a???z");
}

TEST(Utf16, BothWaysWithSurrogates) {
    byte_buffer out;
    ASSERT_TRUE(append_utf16(out, "a😀я"));
    EXPECT_EQ(hex_of(out), "61 00 3d d8 00 de 4f 04");
    std::string back;
    ASSERT_TRUE(append_utf8_from_utf16(back, out));
    EXPECT_EQ(back, "a😀я");
}

TEST(Utf16, EveryCharacterSurvives) {
    for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 37) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        std::string text;
        append_utf8(text, c);
        std::size_t at = 0;
        ASSERT_EQ(next_utf8(text, at), c);
        ASSERT_EQ(at, text.size());
        byte_buffer wide;
        ASSERT_TRUE(append_utf16(wide, text));
        ASSERT_EQ(wide.size(), 2 * utf16_length(text).value());
        std::string back;
        ASSERT_TRUE(append_utf8_from_utf16(back, wide));
        ASSERT_EQ(back, text);
    }
}

TEST(Utf16, LoneSurrogatesAndOddBytesAreReplacedAndReported) {
    struct row {
        const char* hex;
        const char* text;
    };

    for (const auto& [hex, text] : {
             row{"61 00 00 d8 62 00", "a\xEF\xBF\xBD"
                                      "b"},
             row{"00 dc 61 00", "\xEF\xBF\xBD"
                                "a"},
             row{"00 d8", "\xEF\xBF\xBD"},
             row{"00 d8 3d d8 00 de", "\xEF\xBF\xBD😀"},
             row{"61 00 62", "a\xEF\xBF\xBD"},
         }) {
        std::string out;
        EXPECT_FALSE(append_utf8_from_utf16(out, bytes_of_hex(hex))) << hex;
        EXPECT_EQ(out, text) << hex;
    }
}

TEST(Utf8, MalformedSequencesAreRefused) {
    for (const std::string_view text :
         {"\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xE2\x82", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFE", "abc\xFF"}) {
        byte_buffer out = bytes_of_hex("aa");
        EXPECT_FALSE(append_utf16(out, text));
        EXPECT_FALSE(append_charset(out, text, charset::latin1));
        EXPECT_EQ(hex_of(out), "aa") << "left as it was";
        EXPECT_EQ(utf16_length(text), std::nullopt);
        EXPECT_EQ(fits_latin1(text), std::nullopt);
    }
}

TEST(Utf8, TellsWhetherLatin1IsEnough) {
    EXPECT_EQ(fits_latin1(""), true);
    EXPECT_EQ(fits_latin1("plain ascii, longer than eight"), true);
    EXPECT_EQ(fits_latin1("ÿ"), true);
    EXPECT_EQ(fits_latin1("Ā"), false);
    EXPECT_EQ(fits_latin1("eight by8 and then €"), false);
}

} // namespace
} // namespace irislink::wire
