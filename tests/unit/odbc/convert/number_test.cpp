// Exact numbers: limits that the matrix cannot reach through a row.

#include "odbc/convert/number.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace irislink::odbc {
namespace {

number parsed(std::string_view text) {
    number out;
    EXPECT_TRUE(parse_number(text, out)) << text;
    return out;
}

std::string shown(std::string_view text, int scale = 0) {
    number_text storage;
    std::size_t whole = 0;
    return std::string(to_text(parsed(text), scale, storage, whole));
}

TEST(Number, PlainNotation) {
    EXPECT_EQ(shown("12.50"), "12.50");
    EXPECT_EQ(shown("-0.05"), "-0.05");
    EXPECT_EQ(shown("1e3"), "1000");
    EXPECT_EQ(shown("1e-3"), "0.001");
    EXPECT_EQ(shown("-0"), "0");
    EXPECT_EQ(shown("5", 3), "5.000");
    EXPECT_EQ(shown("5.12345", 3), "5.12345");
    EXPECT_EQ(shown("99999999999999999999999999999999999999e90").size(), 128U);
    EXPECT_EQ(shown("-1e-128").size(), 131U);
}

TEST(Number, WholePartEndsAtThePoint) {
    number_text storage;
    std::size_t whole = 0;
    (void)to_text(parsed("-123.45"), 0, storage, whole);
    EXPECT_EQ(whole, 4U);
    number real;
    real.is_real = true;
    real.real = 1e300;
    EXPECT_EQ(to_text(real, 0, storage, whole), "1e+300");
    EXPECT_EQ(whole, 6U);
}

TEST(Number, ThirtyEightDigitsAreExactAndMoreAreNotForgotten) {
    const auto long_one = parsed("1234567890123456789012345678901234567890.5");
    EXPECT_TRUE(long_one.inexact);
    SQL_NUMERIC_STRUCT made{};
    EXPECT_EQ(to_numeric(long_one, 38, 0, made), outcome::out_of_range);
    const auto fraction = parsed("1.00000000000000000000000000000000000001");
    EXPECT_EQ(to_numeric(fraction, 38, 37, made), outcome::fraction_truncated);
    std::int64_t whole = 0;
    EXPECT_EQ(to_signed(fraction, 0, 5, whole), outcome::fraction_truncated);
    EXPECT_EQ(whole, 1);
    EXPECT_EQ(to_signed(parsed("1.00000000000000000000000000000000000000"), 0, 5, whole), outcome::ok);
}

TEST(Number, NumericStructsSurvive) {
    for (const auto* text : {"0", "1", "-1", "99999999999999999999999999999999999999", "-12345678901234567890.123"}) {
        SQL_NUMERIC_STRUCT made{};
        const auto in = parsed(text);
        const int scale = -in.exponent;
        ASSERT_EQ(to_numeric(in, 38, scale, made), outcome::ok);
        number back;
        ASSERT_TRUE(from_numeric(made, back));
        EXPECT_TRUE(back.magnitude == in.magnitude && back.negative == in.negative && back.exponent == in.exponent) << text;
    }
    SQL_NUMERIC_STRUCT wrong{};
    wrong.sign = 7;
    number out;
    EXPECT_FALSE(from_numeric(wrong, out));
    SQL_NUMERIC_STRUCT largest{};
    largest.sign = 0;
    for (auto& byte : largest.val) byte = 0xFF;
    ASSERT_TRUE(from_numeric(largest, out));
    number_text storage;
    std::size_t whole = 0;
    EXPECT_EQ(to_text(out, 0, storage, whole), "-340282366920938463463374607431768211455");
    double real = 0;
    EXPECT_EQ(to_double(out, real), outcome::ok);
    EXPECT_EQ(real, -0x1p128);
    float single = 0;
    EXPECT_EQ(to_float(out, single), outcome::out_of_range);
}

TEST(Number, ReadsScalesBeyondTheWire) {
    SQL_NUMERIC_STRUCT in{};
    in.sign = 1;
    in.val[0] = 1;
    in.scale = -128;
    number out;
    ASSERT_TRUE(from_numeric(in, out));
    number_text storage;
    std::size_t whole = 0;
    EXPECT_LE(to_text(out, 0, storage, whole).size(), storage.size());
    wire::decimal decimal;
    EXPECT_TRUE(to_decimal(out, decimal));
    EXPECT_EQ(wire::compare(decimal, wire::decimal{10, 127}), std::strong_ordering::equal);
}

TEST(Number, DecimalsKeepTheirDigits) {
    wire::decimal out;
    ASSERT_TRUE(to_decimal(parsed("12.50"), out));
    EXPECT_EQ(out, (wire::decimal{1250, -2}));
    ASSERT_TRUE(to_decimal(parsed("-9223372036854775808"), out));
    EXPECT_EQ(out, (wire::decimal{std::numeric_limits<std::int64_t>::min(), 0}));
    EXPECT_FALSE(to_decimal(parsed("9223372036854775808"), out));
    ASSERT_TRUE(to_decimal(parsed("92233720368547758070000"), out));
    EXPECT_EQ(out, (wire::decimal{9223372036854775807, 4}));
    EXPECT_FALSE(to_decimal(parsed("1e-200"), out));
    ASSERT_TRUE(to_decimal(parsed("1e140"), out));
    EXPECT_EQ(out.exponent, 127);
}

TEST(Number, HostileExponents) {
    number out;
    EXPECT_TRUE(parse_number("1e999999999999999999999", out));
    std::int64_t whole = 0;
    EXPECT_EQ(to_signed(out, 0, 9, whole), outcome::out_of_range);
    EXPECT_TRUE(parse_number("1e-999999999999999999999", out));
    EXPECT_EQ(to_signed(out, 0, 9, whole), outcome::fraction_truncated);
    EXPECT_EQ(whole, 0);
    EXPECT_TRUE(parse_number("0e999999", out));
    EXPECT_EQ(to_signed(out, 0, 9, whole), outcome::ok);
}

} // namespace
} // namespace irislink::odbc
