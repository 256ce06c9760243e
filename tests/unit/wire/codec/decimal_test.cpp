#include "wire/codec/decimal.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace irislink::wire {
namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();
constexpr auto smallest = std::numeric_limits<std::int64_t>::min();

struct parse_case {
    const char* text;
    std::int64_t mantissa;
    int exponent;
};

constexpr parse_case parse_cases[] = {
    {"0", 0, 0},
    {"-0", 0, 0},
    {"0.0", 0, -1},
    {"00012", 12, 0},
    {"+7", 7, 0},
    {"-7", -7, 0},
    {".5", 5, -1},
    {"5.", 5, 0},
    {"12.50", 1250, -2}, // trailing zeros are kept
    {"0.0010", 10, -4},
    {"1e3", 1, 3},
    {"1E+3", 1, 3},
    {"1.5e-3", 15, -4},
    {"9223372036854775807", largest, 0},
    {"-9223372036854775808", smallest, 0},
    // More than 63 bits: 19 significant digits where they fit, else 18, with the free digit used.
    {"9223372036854775808", 922337203685477581, 1},
    {"-9223372036854775809", -922337203685477581, 1},
    {"9223372036854775807.5", 922337203685477581, 1},
    {"9999999999999999999", 1000000000000000000, 1},
    {"1234567890123456789012", 1234567890123456789, 3},
    {"12345678901234567895", 1234567890123456790, 1},   // half up
    {"12345678901234567894.9", 1234567890123456789, 1}, // below half, however close
    {"-12345678901234567895", -1234567890123456790, 1}, // away from zero
    {"99999999999999999995", 1000000000000000000, 2},   // the carry makes a digit
    {"0.12345678901234567895", 1234567890123456790, -19},
    // Below 10^-128.
    {"1e-128", 1, -128},
    {"5e-129", 1, -128},
    {"4.9e-129", 0, -128},
    {"4445e-132", 0, -128}, // one rounding, not one per digit
    {"95e-129", 10, -128},
    {"1e-500", 0, -128},
    // Above exponent 127 the mantissa grows while it can.
    {"1e127", 1, 127},
    {"1e128", 10, 127},
    {"1e145", 1000000000000000000, 127},
    {"0e400", 0, 0},
};

TEST(Decimal, ParsesAndRoundsByTheRules) {
    for (const auto& [text, mantissa, exponent] : parse_cases) {
        const auto got = parse_decimal(text);
        ASSERT_TRUE(got) << text;
        EXPECT_EQ(got->mantissa, mantissa) << text;
        EXPECT_EQ(got->exponent, exponent) << text;
    }
}

TEST(Decimal, RefusesWhatIsNotANumberOrTooLarge) {
    for (const auto* text : {"",      "+",    "-",   ".",   "e5",  "1e",  "1e+",   "1e+-5", "1 ",     " 1",
                             "1.2.3", "0x10", "1,5", "nan", "inf", "--1", "1e146", "1e300", "93e144", "1e99999999999"}) {
        EXPECT_FALSE(parse_decimal(text)) << text;
    }
}

struct text_case {
    decimal value;
    const char* text;
};

TEST(Decimal, PlainNotationKeepsTheDigits) {
    for (const auto& [value, text] : {
             text_case{{1250, -2}, "12.50"},
             text_case{{-5, -2}, "-0.05"},
             text_case{{-15, -1}, "-1.5"},
             text_case{{1, 3}, "1000"},
             text_case{{0, 3}, "0"},
             text_case{{0, -2}, "0.00"},
             text_case{{smallest, 0}, "-9223372036854775808"},
             text_case{{smallest, -19}, "-0.9223372036854775808"},
         }) {
        EXPECT_EQ(to_text(value), text);
        EXPECT_EQ(compare(*parse_decimal(text), value), std::strong_ordering::equal) << text;
    }
    EXPECT_EQ(to_text({1, -128}).size(), 130U);
    EXPECT_EQ(to_text({1, 127}).size(), 128U);
}

TEST(Decimal, ComparesByValue) {
    const decimal ordered[] = {{smallest, 127}, {-1, 0}, {-1, -128}, {0, 5}, {1, -128}, {149, -2}, {15, -1}, {151, -2}, {largest, -1}, {largest, 127}};
    for (std::size_t i = 0; i < std::size(ordered); ++i)
        for (std::size_t j = 0; j < std::size(ordered); ++j) EXPECT_EQ(compare(ordered[i], ordered[j]), i <=> j) << i << " and " << j;
    EXPECT_EQ(compare({150, -2}, {15, -1}), std::strong_ordering::equal);
    EXPECT_EQ(compare({0, -5}, {0, 100}), std::strong_ordering::equal);
    EXPECT_EQ(compare({1000000000000000000, -18}, {1, 0}), std::strong_ordering::equal);
}

struct rescale_case {
    decimal value;
    int scale;
    std::int64_t expected;
    bool exact;
};

TEST(Decimal, RescalesHalfUpAndSaysWhetherDigitsWereLost) {
    for (const auto& [value, scale, expected, exact] : {
             rescale_case{{15, -1}, 2, 150, true},
             rescale_case{{15, -1}, 0, 2, false},
             rescale_case{{14, -1}, 0, 1, false},
             rescale_case{{-15, -1}, 0, -2, false},
             rescale_case{{150, -2}, 1, 15, true},
             rescale_case{{2, 3}, 0, 2000, true},
             rescale_case{{0, 127}, 19, 0, true},
             rescale_case{{1, -128}, 0, 0, false},
             rescale_case{{largest, -19}, 0, 1, false},
             rescale_case{{largest, -20}, 0, 0, false},
             rescale_case{{smallest, 0}, 0, smallest, true},
             rescale_case{{922337203685477580, 0}, 1, 9223372036854775800, true},
         }) {
        bool was_exact = true;
        const auto got = rescale(value, scale, was_exact);
        ASSERT_TRUE(got) << to_text(value);
        EXPECT_EQ(*got, expected) << to_text(value);
        EXPECT_EQ(was_exact, exact) << to_text(value);
    }
}

TEST(Decimal, RescaleRefusesWhatDoesNotFit) {
    bool exact = true;
    EXPECT_FALSE(rescale({largest, 0}, 1, exact));
    EXPECT_FALSE(rescale({1, 127}, 0, exact));
    EXPECT_FALSE(rescale({1, 19}, 0, exact));
    EXPECT_TRUE(rescale({9, 18}, 0, exact));
    EXPECT_FALSE(rescale({922337203685477581, 0}, 1, exact));
    EXPECT_TRUE(rescale({-922337203685477580, 0}, 1, exact));
}

TEST(Decimal, ToDoubleRoundsOnce) {
    EXPECT_EQ(to_double({1, -1}), 0.1);
    EXPECT_EQ(to_double({-5, 3}), -5000.0);
    EXPECT_EQ(to_double({1, 23}), 1e23); // 10^23 by multiplication is one bit off
    EXPECT_EQ(to_double({largest, 0}), 9223372036854775807.0);
    EXPECT_EQ(to_double({1, -128}), 1e-128);
    EXPECT_EQ(to_double({largest, 127}), 9.223372036854775807e145);
}

} // namespace
} // namespace irislink::wire
