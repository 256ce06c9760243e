// The worked examples of wire-sql 1.10, in both directions, and the limits of the writer.

#include "wire/codec/writer.hpp"

#include <cmath>
#include <limits>

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

std::string number_hex(std::string_view text) {
    const auto value = parse_decimal(text);
    EXPECT_TRUE(value) << text;
    return written([&](writer& out) { out.number(value.value_or(decimal{})); });
}

struct integer_example {
    std::int64_t value;
    const char* hex;
};

constexpr integer_example integer_examples[] = {
    {0, "02 04"},
    {1, "03 04 01"},
    {-1, "02 05"},
    {-2, "03 05 fe"},
    {255, "03 04 ff"},
    {256, "04 04 00 01"},
    {-255, "03 05 01"},
    {-256, "03 05 00"},
    {-257, "04 05 ff fe"},
    {65536, "05 04 00 00 01"},
    {2147483647, "06 04 ff ff ff 7f"},
    {4294967295, "06 04 ff ff ff ff"},
    {-4294967296, "06 05 00 00 00 00"},
    {std::numeric_limits<std::int64_t>::max(), "0a 04 ff ff ff ff ff ff ff 7f"},
    {std::numeric_limits<std::int64_t>::min(), "0a 05 00 00 00 00 00 00 00 80"},
};

TEST(Writer, IntegersOfTheTableBothWays) {
    for (const auto& [value, hex] : integer_examples) {
        EXPECT_EQ(written([number = value](writer& out) { out.integer(number); }), hex);
        const auto bytes = bytes_of_hex(hex);
        std::int64_t back = 77;
        EXPECT_EQ(to_integer(item_of(bytes), back), coercion::ok) << hex;
        EXPECT_EQ(back, value);
    }
}

TEST(Writer, EveryPowerOfTwoAndItsNeighboursSurvive) {
    for (int bit = 0; bit < 63; ++bit) {
        for (const std::int64_t delta : {-1, 0, 1}) {
            for (const std::int64_t sign : {-1, 1}) {
                const std::int64_t value = sign * ((std::int64_t{1} << bit) + delta);
                byte_buffer bytes;
                writer out(bytes);
                out.integer(value);
                std::int64_t back = 0;
                ASSERT_EQ(to_integer(item_of(bytes), back), coercion::ok);
                ASSERT_EQ(back, value);
                ASSERT_LE(bytes.size(), 10U);
            }
        }
    }
}

struct text_example {
    const char* text;
    const char* hex;
};

constexpr text_example text_examples[] = {
    {"", "03 01 00"},
    {"A", "03 01 41"},
    {"\xC3\xA9", "03 01 e9"},
    {"Привет", "0e 02 1f 04 40 04 38 04 32 04 35 04 42 04"},
    {"日本", "06 02 e5 65 2c 67"},
    {"😀", "06 02 3d d8 00 de"},
};

TEST(Writer, StringsOfTheTableBothWays) {
    for (const auto& [text, hex] : text_examples) {
        EXPECT_EQ(written([utf8 = text](writer& out) { out.text(utf8); }), hex);
        const auto bytes = bytes_of_hex(hex);
        std::string back;
        EXPECT_EQ(to_text(item_of(bytes), unicode_format, back), coercion::ok);
        EXPECT_EQ(back, text);
    }
}

TEST(Writer, NullOmittedAndEmptyAreThreeDifferentThings) {
    EXPECT_EQ(written([](writer& out) { out.omitted(); }), "01");
    EXPECT_EQ(written([](writer& out) { out.null(); }), "02 01");
    EXPECT_EQ(written([](writer& out) { out.nullable_text(""); }), "02 01");
    EXPECT_EQ(written([](writer& out) { out.nullable_text("x"); }), "03 01 78");
    EXPECT_EQ(written([](writer& out) { out.text(""); }), "03 01 00");
    EXPECT_EQ(written([](writer& out) { out.binary({}); }), "03 01 00");
}

TEST(Writer, ALoneZeroCharacterIsNotTheEmptyString) {
    const auto hex = written([](writer& out) { out.text(std::string_view("\0", 1)); });
    EXPECT_EQ(hex, "04 02 00 00");
    const auto bytes = bytes_of_hex(hex);
    std::string back;
    EXPECT_EQ(to_text(item_of(bytes), unicode_format, back), coercion::ok);
    EXPECT_EQ(back, std::string(1, '\0'));
    // Two of them cannot be mistaken.
    EXPECT_EQ(written([](writer& out) { out.text(std::string_view("\0\0", 2)); }), "04 01 00 00");
}

struct decimal_example {
    const char* text;
    const char* hex;
};

constexpr decimal_example decimal_examples[] = {
    {"1.5", "04 06 ff 0f"},
    {"0.1", "04 06 ff 01"},
    {"-0.1", "03 07 ff"},
    {"-0.01", "03 07 fe"},
    {"-2.56", "04 07 fe 00"},
    {"12.50", "05 06 fe e2 04"},
    {"5.0", "04 06 ff 32"},
    {"0.0", "03 06 ff"},
    {"1E+3", "04 06 03 01"},
    {"1E+127", "04 06 7f 01"},
    {"1E+128", "04 06 7f 0a"},
    {"1E-128", "04 06 80 01"},
    {"9223372036854775807.5", "0b 06 01 cd cc cc cc cc cc cc 0c"},
    {"123456789012345678901234567890", "0b 06 0b 15 81 e9 7d f4 10 22 11"},
};

TEST(Writer, DecimalsOfTheTableBothWays) {
    for (const auto& [text, hex] : decimal_examples) {
        EXPECT_EQ(number_hex(text), hex) << text;
        const auto bytes = bytes_of_hex(hex);
        decimal back;
        ASSERT_EQ(to_decimal(item_of(bytes), back), coercion::ok) << hex;
        EXPECT_EQ(back, parse_decimal(text)) << text;
    }
}

TEST(Writer, ZeroDecimalWithAnExplicitZeroByteIsRead) {
    const auto bytes = bytes_of_hex("04 06 00 00"); // as the vendor's Python client writes it
    decimal back{9, 9};
    EXPECT_EQ(to_decimal(item_of(bytes), back), coercion::ok);
    EXPECT_EQ(back, (decimal{0, 0}));
}

TEST(Writer, ExponentsOutsideOneByteAreBroughtIn) {
    // 1234E-130 is 12.34E-128: digits are dropped, half up, in one step.
    EXPECT_EQ(written([](writer& out) { out.number({1234, -130}); }), "04 06 80 0c");
    EXPECT_EQ(written([](writer& out) { out.number({1250, -130}); }), "04 06 80 0d");
    EXPECT_EQ(written([](writer& out) { out.number({-1250, -130}); }), "04 07 80 f3");
    // 0.4445 rounds to 0; rounding digit by digit would give 1.
    EXPECT_EQ(written([](writer& out) { out.number({4445, -132}); }), "03 06 80");
    EXPECT_EQ(written([](writer& out) { out.number({1, -200}); }), "03 06 80");
    EXPECT_EQ(written([](writer& out) { out.number({5, 129}); }), "05 06 7f f4 01");
    EXPECT_EQ(written([](writer& out) { out.number({0, 300}); }), "03 06 7f");
}

TEST(Writer, AnExponentThatCannotBeBroughtInIsAnError) {
    for (const decimal value : {decimal{1, 300}, decimal{-1, 300}, decimal{INT64_MAX, 128}, decimal{INT64_MIN, 128}}) {
        byte_buffer bytes;
        writer out(bytes);
        out.number(value);
        EXPECT_EQ(out.error(), wire_errc::out_of_range);
        EXPECT_TRUE(bytes.empty());
    }
}

struct real_example {
    double value;
    bool compact;
    const char* hex;
};

const real_example real_examples[] = {
    {0.0, true, "02 08"},
    {-0.0, true, "03 08 80"},
    {1.0, true, "04 08 80 3f"},
    {1.0, false, "0a 08 00 00 00 00 00 00 f0 3f"},
    {1.5, true, "04 08 c0 3f"},
    {0.1, true, "0a 09 9a 99 99 99 99 99 b9 3f"},
    {0.1, false, "0a 08 9a 99 99 99 99 99 b9 3f"},
    {static_cast<double>(0.1F), true, "06 08 cd cc cc 3d"},
    {16777217.0, true, "07 09 10 00 00 70 41"},
    {std::numeric_limits<double>::infinity(), true, "04 08 80 7f"},
    {-std::numeric_limits<double>::infinity(), true, "04 08 80 ff"},
    {std::numeric_limits<double>::quiet_NaN(), true, "04 09 f8 7f"},
    {std::numeric_limits<double>::quiet_NaN(), false, "0a 08 00 00 00 00 00 00 f8 7f"},
};

TEST(Writer, DoublesOfTheTableBothWays) {
    for (const auto& [value, compact, hex] : real_examples) {
        const auto& format = compact ? compact_format : unicode_format;
        EXPECT_EQ(written([number = value](writer& out) { out.real(number); }, format), hex);
        const auto bytes = bytes_of_hex(hex);
        double back = 77;
        ASSERT_EQ(to_real(item_of(bytes), back), coercion::ok) << hex;
        EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(value)) << hex;
    }
}

TEST(Writer, DoublesAtTheEdgesSurviveInBothForms) {
    for (const double value :
         {std::numeric_limits<double>::min(), std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min(),
          -std::numeric_limits<double>::epsilon(), static_cast<double>(std::numeric_limits<float>::denorm_min()), 1e300, -1e-300, 3.0}) {
        for (const auto* format : {&unicode_format, &compact_format}) {
            byte_buffer bytes;
            writer out(bytes, *format);
            out.real(value);
            double back = 0;
            ASSERT_EQ(to_real(item_of(bytes), back), coercion::ok);
            EXPECT_EQ(back, value);
        }
    }
}

TEST(Writer, ObjectReferencesAndByReferenceArguments) {
    EXPECT_EQ(written([](writer& out) { out.item_bytes(item_code::object8, as_bytes("1@My.Class")); }), "0c 19 31 40 4d 79 2e 43 6c 61 73 73");
    EXPECT_EQ(written([](writer& out) { out.item_bytes(item_code::text8, as_bytes("in"), true); }), "04 21 69 6e");
}

TEST(Writer, NestedList) {
    byte_buffer inner;
    writer nested(inner);
    nested.text("a");
    nested.integer(1);
    EXPECT_EQ(
        written([&](writer& out) {
            out.text("x");
            out.list(inner);
        }),
        "03 01 78 08 01 03 01 61 03 04 01"
    );
}

struct length_example {
    std::size_t characters;
    const char* character;
    const char* header;
};

constexpr length_example length_examples[] = {
    {252, "x", "fe 01"},
    {253, "x", "ff 01"},
    {254, "x", "00 ff 00 01"},
    {255, "x", "00 00 01 01"},
    {65533, "x", "00 fe ff 01"},
    {65534, "x", "00 ff ff 01"},
    {65535, "x", "00 00 00 00 00 01 00 01"},
    {65536, "x", "00 00 00 01 00 01 00 01"},
    {126, "б", "fe 02"},
    {127, "б", "00 ff 00 02"},
};

TEST(Writer, LengthFormsOfTheTableBothWays) {
    for (const auto& [characters, character, header] : length_examples) {
        std::string text;
        for (std::size_t i = 0; i < characters; ++i) text += character;
        byte_buffer bytes;
        writer out(bytes);
        out.text(text);
        ASSERT_FALSE(out.failed());
        const auto expected = bytes_of_hex(header);
        ASSERT_GT(bytes.size(), expected.size());
        EXPECT_EQ(hex_of(bytes_view(bytes).first(expected.size())), plain_hex(header));
        std::string back;
        ASSERT_EQ(to_text(item_of(bytes), unicode_format, back), coercion::ok);
        EXPECT_EQ(back, text);
    }
}

TEST(Writer, EightBitSessionsWriteTheLocaleAndQuestionMarks) {
    const auto cyrillic = eight_bit_format(charset::cp1251);
    EXPECT_EQ(written([](writer& out) { out.text("Жя"); }, cyrillic), "04 01 c6 ff");
    EXPECT_EQ(written([](writer& out) { out.text("日я😀"); }, cyrillic), "05 01 3f ff 3f");
    EXPECT_EQ(written([](writer& out) { out.text(""); }, cyrillic), "03 01 00");
}

TEST(Writer, MalformedUtf8IsAnErrorAndWritesNothing) {
    for (const std::string_view text : {"\xFF", "a\xC3", "\xED\xA0\x80", "\xC0\x80", "\xF5\x80\x80\x80"}) {
        for (const auto& format : {unicode_format, eight_bit_format(charset::latin9)}) {
            byte_buffer bytes;
            writer out(bytes, format);
            out.text(text);
            EXPECT_EQ(out.error(), wire_errc::bad_text);
            EXPECT_TRUE(bytes.empty());
        }
    }
}

TEST(Writer, TheFirstErrorSticks) {
    byte_buffer bytes;
    writer out(bytes);
    out.integer(5);
    out.text("\xFF");
    out.number({1, 300});
    out.integer(6);
    out.raw_u32(7);
    EXPECT_EQ(out.error(), wire_errc::bad_text);
    EXPECT_EQ(hex_of(bytes), "03 04 05");
}

TEST(Writer, TheLimitIsExactAndCountsOnlyItsOwnBytes) {
    byte_buffer bytes(100);
    writer fits(bytes, unicode_format, 5);
    fits.text("abc");
    EXPECT_FALSE(fits.failed());
    EXPECT_EQ(fits.written(), 5U);
    fits.omitted();
    EXPECT_EQ(fits.error(), wire_errc::limit_exceeded);
    byte_buffer other;
    writer refuses(other, unicode_format, 4);
    refuses.text("abc");
    EXPECT_EQ(refuses.error(), wire_errc::limit_exceeded);
    EXPECT_TRUE(other.empty());
}

TEST(Writer, RawFieldsAreLittleEndian) {
    EXPECT_EQ(
        written([](writer& out) {
            out.raw_u16(0x1234);
            out.raw_u32(0x89ABCDEF);
            out.raw(as_bytes("z"));
        }),
        "34 12 ef cd ab 89 7a"
    );
}

} // namespace
} // namespace irislink::wire
