#include "wire/codec/wide_decimal.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "wire/codec/writer.hpp"

namespace irislink::wire {
namespace {

wide_decimal parsed(std::string_view text) {
    wide_decimal out;
    EXPECT_EQ(parse_wide_decimal(text, out), coercion::ok) << text;
    return out;
}

coercion outcome(std::string_view text) {
    wide_decimal out;
    return parse_wide_decimal(text, out);
}

TEST(WideDecimal, ReadsTheGrammarOfDecimals) {
    EXPECT_EQ(parsed("12.50"), (wide_decimal{125, -1}));
    EXPECT_EQ(parsed("-.5"), (wide_decimal{-5, -1}));
    EXPECT_EQ(parsed("+1000"), (wide_decimal{1, 3}));
    EXPECT_EQ(parsed("1.5E+3"), (wide_decimal{15, 2}));
    EXPECT_EQ(parsed("1e-3"), (wide_decimal{1, -3}));
    EXPECT_EQ(parsed("0.000"), wide_decimal{});
    EXPECT_EQ(parsed("0e99999999999"), wide_decimal{});
    for (const auto* const bad : {"", "-", ".", "1.2.3", "1e", "1e+", "1e+-5", "x", "1x", " 1", "--1"}) EXPECT_EQ(outcome(bad), coercion::bad_literal) << bad;
}

TEST(WideDecimal, NeverRounds) {
    const std::string nines(38, '9');
    const auto most = parsed(nines);
    EXPECT_EQ(most.mantissa % 1'000'000'000, 999'999'999);
    EXPECT_EQ(parsed("-" + nines).mantissa, -most.mantissa);
    EXPECT_EQ(parsed("0." + std::string(60, '0') + nines), (wide_decimal{most.mantissa, -98}));
    EXPECT_EQ(parsed(nines + std::string(60, '0')), (wide_decimal{most.mantissa, 60}));
    EXPECT_EQ(outcome(nines + "9"), coercion::out_of_range);
    EXPECT_EQ(outcome("1" + std::string(37, '0') + "1"), coercion::out_of_range);
    EXPECT_EQ(outcome("1e100001"), coercion::out_of_range);
    EXPECT_EQ(outcome("1e99999999999999999999"), coercion::out_of_range);
}

TEST(WideDecimal, TakesTheScaleAskedForOrNothing) {
    int128 out = 0;
    EXPECT_EQ(to_scaled(wide_decimal{125, -1}, 5, 2, out), coercion::ok);
    EXPECT_EQ(out, 1250);
    EXPECT_EQ(to_scaled(wide_decimal{-12500, -3}, 5, 1, out), coercion::ok);
    EXPECT_EQ(out, -125);
    EXPECT_EQ(to_scaled(wide_decimal{125, -2}, 5, 1, out), coercion::fraction_truncated);
    EXPECT_EQ(to_scaled(wide_decimal{1, -100'000}, 38, 38, out), coercion::fraction_truncated);
    EXPECT_EQ(to_scaled(wide_decimal{99999, 0}, 5, 0, out), coercion::ok);
    EXPECT_EQ(to_scaled(wide_decimal{100000, 0}, 5, 0, out), coercion::out_of_range);
    EXPECT_EQ(to_scaled(wide_decimal{-1, 5}, 5, 0, out), coercion::out_of_range);
    EXPECT_EQ(to_scaled(wide_decimal{9'000'000'000'000'000'000, 20}, 38, 10, out), coercion::out_of_range);
    EXPECT_EQ(to_scaled(wide_decimal{1, 100'000}, 38, 0, out), coercion::out_of_range);
    EXPECT_EQ(to_scaled(wide_decimal{0, 100'000}, 1, 0, out), coercion::ok);
    EXPECT_EQ(out, 0);
}

coercion of_item(const std::function<void(writer&)>& write, int precision, int scale, int128& out, const session_format& format = default_format) {
    byte_buffer bytes;
    writer items(bytes, format);
    write(items);
    item in;
    item_status status{};
    EXPECT_NE(parse_item(bytes.data(), bytes.data() + bytes.size(), in, status), nullptr);
    return to_scaled(in, precision, scale, out);
}

TEST(WideDecimal, WhateverCodeTheServerChose) {
    int128 out = 0;
    EXPECT_EQ(of_item([](writer& to) { to.integer(std::numeric_limits<std::int64_t>::min()); }, 38, 2, out), coercion::ok);
    EXPECT_EQ(out, static_cast<int128>(std::numeric_limits<std::int64_t>::min()) * 100);
    EXPECT_EQ(of_item([](writer& to) { to.number({-125, -2}); }, 9, 4, out), coercion::ok);
    EXPECT_EQ(out, -12500);
    EXPECT_EQ(of_item([](writer& to) { to.text("  12345678901234567890.5 "); }, 38, 1, out), coercion::ok);
    EXPECT_EQ(out, static_cast<int128>(12345678901234567890U) * 10 + 5);
    const std::byte wide[]{std::byte{'7'}, std::byte{0}, std::byte{'.'}, std::byte{0}, std::byte{'5'}, std::byte{0}};
    EXPECT_EQ(of_item([&](writer& to) { to.item_bytes(item_code::text16, wide); }, 9, 1, out), coercion::ok);
    EXPECT_EQ(out, 75);
    EXPECT_EQ(of_item([](writer& to) { to.real(0.1); }, 9, 1, out), coercion::ok);
    EXPECT_EQ(out, 1);
    EXPECT_EQ(of_item([](writer& to) { to.real(1e-200); }, 38, 38, out), coercion::fraction_truncated);
    EXPECT_EQ(of_item([](writer& to) { to.real(std::numeric_limits<double>::infinity()); }, 38, 0, out), coercion::out_of_range);
    EXPECT_EQ(of_item([](writer& to) { to.null(); }, 9, 1, out), coercion::null);
    EXPECT_EQ(of_item([](writer& to) { to.text("Ж"); }, 9, 1, out), coercion::bad_literal);
    EXPECT_EQ(of_item([](writer& to) { to.text(std::string(600, '1')); }, 9, 1, out), coercion::bad_literal);
}

} // namespace
} // namespace irislink::wire
