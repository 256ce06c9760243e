// wire-session 4.4.1.

#include "wire/messages/obfuscation.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

std::string scrambled(std::string_view text, const session_format& format = unicode_format) {
    return written([&](writer& out) { write_obfuscated(out, text); }, format);
}

secret unscrambled(std::string_view hex, const session_format& format = unicode_format) {
    const auto bytes = bytes_of_hex(hex);
    reader in(bytes, format);
    auto out = read_obfuscated(in);
    EXPECT_FALSE(in.finish()) << hex;
    return out;
}

struct vector_row {
    const char* text;
    const char* hex;
};

constexpr vector_row recorded[] = {
    {"u", "03 01 5a"},
    {"_SYSTEM", "09 01 5d 7c be fe 40 3f df"},
    {"SYS", "05 01 9e ff de"},
    {"é1", "04 01 d2 e9"},
    {"пароль", "0e 02 7d 04 b3 04 73 04 5d 04 73 04 b3 04"},
    {"aп", "06 02 13 04 f8 00"},
    {"abc.def", "09 01 38 78 b8 91 19 59 99"},
};

TEST(Obfuscation, RecordedVectorsBothWays) {
    for (const auto& [text, hex] : recorded) {
        EXPECT_EQ(scrambled(text), hex) << text;
        EXPECT_EQ(unscrambled(hex).reveal(), text) << hex;
    }
}

TEST(Obfuscation, EmptyTextIsNull) {
    EXPECT_EQ(scrambled(""), "02 01");
    EXPECT_TRUE(unscrambled("02 01").empty());
    EXPECT_TRUE(unscrambled("03 01 00").empty());
    EXPECT_TRUE(unscrambled("01").empty());
}

TEST(Obfuscation, ACharacterThatScramblesToZeroSurvives) {
    EXPECT_EQ(scrambled("§"), "04 02 00 00");
    EXPECT_EQ(unscrambled("04 02 00 00").reveal(), "§");
}

TEST(Obfuscation, EightBitSessionsScrambleTheLocalesBytes) {
    const auto cyrillic = eight_bit_format(charset::cp1251);
    const auto hex = scrambled("пароль", cyrillic);
    EXPECT_EQ(hex.substr(0, 5), "08 01");
    EXPECT_EQ(unscrambled(hex, cyrillic).reveal(), "пароль");
    EXPECT_EQ(unscrambled(scrambled("日x", cyrillic), cyrillic).reveal(), "?x");
}

TEST(Obfuscation, EveryCharacterAndLengthSurvives) {
    std::string text;
    for (char32_t c = 1; c < 0x2000; c += 3) append_utf8(text, c);
    append_utf8(text, char32_t{0x1F600});
    EXPECT_EQ(unscrambled(scrambled(text)).reveal(), text);
    for (std::size_t size = 1; size < 300; ++size) {
        const std::string letters(size, 'k');
        ASSERT_EQ(unscrambled(scrambled(letters)).reveal(), letters);
    }
}

TEST(Obfuscation, OtherItemsAreRefused) {
    for (const auto* hex : {"03 04 05", "02 08", "05 02 61 00 62"}) {
        const auto bytes = bytes_of_hex(hex);
        reader in(bytes);
        EXPECT_TRUE(read_obfuscated(in).empty());
        EXPECT_TRUE(in.failed()) << hex;
    }
}

TEST(Obfuscation, HalfASurrogatePairIsBadText) {
    // One unit D800, scrambled.
    const auto bytes = bytes_of_hex("04 02 f4 d8");
    reader in(bytes);
    (void)read_obfuscated(in);
    EXPECT_EQ(in.error(), wire_errc::bad_text);
}

TEST(Obfuscation, MalformedUtf8IsRefused) {
    byte_buffer bytes;
    writer out(bytes);
    write_obfuscated(out, "\xC3");
    EXPECT_EQ(out.error(), wire_errc::bad_text);
    EXPECT_TRUE(bytes.empty());
}

TEST(SecretText, IsAnOrdinaryTextItem) {
    for (const std::string text : {"123456", "é", "日本", ""}) {
        for (const auto& format : {unicode_format, eight_bit_format(charset::cp1251)}) {
            EXPECT_EQ(written([&](writer& out) { write_secret_text(out, text); }, format), written([&](writer& out) { out.text(text); }, format));
        }
    }
    const std::string nul(1, '\0');
    EXPECT_EQ(written([&](writer& out) { write_secret_text(out, nul); }), "04 02 00 00");
}

TEST(SecretText, NumbersAreReadAsTheirDigits) {
    const auto bytes = bytes_of_hex("05 04 40 e2 01");
    reader in(bytes);
    EXPECT_EQ(read_secret_text(in).reveal(), "123456");
}

} // namespace
} // namespace irislink::wire
