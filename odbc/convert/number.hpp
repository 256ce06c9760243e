#pragma once
// Numbers on their way between the server's forms and C types. Exact: nothing here goes through a
// double unless the value is one.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "odbc/convert/outcome.hpp"
#include "odbc/text/odbc_types.hpp"
#include "wire/codec/decimal.hpp"
#include "wire/codec/item.hpp"

namespace irislink::odbc {

__extension__ using uint128 = unsigned __int128;

// (-1)^negative * magnitude * 10^exponent, or a double. `inexact`: digits beyond the 38th were dropped
// and not all of them were zero.
struct number {
    uint128 magnitude{0};
    int exponent{0};
    bool negative{false};
    bool inexact{false};
    bool is_real{false};
    bool is_single{false}; // the double came as a binary32, whose shortest text is another
    double real{0};
};

inline constexpr int most_digits = 38; // of SQL_NUMERIC

// A numeric literal of ODBC's grammar with optional blanks around it: [+-]digits[.digits][E[+-]digits].
// False: something else.
[[nodiscard]] bool parse_number(std::string_view text, number& out) noexcept;

// Whatever code a server chose. ok, bad_literal (text that is no number), out_of_range or
// bad_server_value.
[[nodiscard]] outcome read_number(const wire::item& in, number& out) noexcept;

// The whole part, towards zero: ok, fraction_truncated or out_of_range.
[[nodiscard]] outcome whole_part(const number& in, uint128& magnitude, bool& negative) noexcept;

// Whole number in [low, high]; the same outcomes.
[[nodiscard]] outcome to_signed(const number& in, std::int64_t low, std::int64_t high, std::int64_t& out) noexcept;
[[nodiscard]] outcome to_unsigned(const number& in, std::uint64_t high, std::uint64_t& out) noexcept;

// The nearest double or float; out_of_range when it would be infinite. Infinities and NaN of a double
// stay what they are.
[[nodiscard]] outcome to_double(const number& in, double& out) noexcept;
[[nodiscard]] outcome to_float(const number& in, float& out) noexcept;

// The same from the item's text, for numbers with more digits than `number` holds.
[[nodiscard]] outcome text_to_real(const wire::item& in, double& out) noexcept;
[[nodiscard]] outcome text_to_real(const wire::item& in, float& out) noexcept;
[[nodiscard]] outcome text_to_real(std::string_view literal, double& out) noexcept;

// precision outside 1..38 is 38. Digits beyond the scale are dropped (fraction_truncated).
[[nodiscard]] outcome to_numeric(const number& in, int precision, int scale, SQL_NUMERIC_STRUCT& out) noexcept;
[[nodiscard]] bool from_numeric(const SQL_NUMERIC_STRUCT& in, number& out) noexcept; // false: not a number

// The number with exactly `scale` fraction digits as magnitude * 10^-scale, towards zero.
[[nodiscard]] outcome scaled(const number& in, int scale, uint128& magnitude) noexcept;

// The wire's form, when the digits fit it without loss.
[[nodiscard]] bool to_decimal(const number& in, wire::decimal& out) noexcept;

namespace detail {

// 10^0 .. 10^19
inline constexpr auto short_powers = [] {
    std::array<std::uint64_t, 20> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = i == 0 ? 1 : out[i - 1] * 10;
    return out;
}();

// 00 .. 99
inline constexpr auto digit_pairs = [] {
    std::array<char, 200> out{};
    for (std::size_t i = 0; i < 100; ++i) {
        out[2 * i] = static_cast<char>('0' + i / 10);
        out[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return out;
}();

// Decimal digits at the end of a buffer, two at a time; returns where they begin.
inline char* put_digits(char* end, std::uint64_t rest) noexcept {
    for (; rest >= 100; rest /= 100) {
        end -= 2;
        std::memcpy(end, digit_pairs.data() + 2 * (rest % 100), 2);
    }
    if (rest < 10) {
        *--end = static_cast<char>('0' + rest);
    } else {
        end -= 2;
        std::memcpy(end, digit_pairs.data() + 2 * rest, 2);
    }
    return end;
}

} // namespace detail

// (-1)^negative * magnitude * 10^-fraction with least_scale digits after the point at least: the text that to_text()
// makes of most numbers. Its length is known before it is written, so it can go where it belongs at once.
class fixed_number {
public:
    static constexpr int most_fraction = 18;

    // `fraction` up to most_fraction.
    fixed_number(bool negative, std::uint64_t magnitude, int fraction, int least_scale) noexcept;

    fixed_number(std::int64_t value, int fraction, int least_scale) noexcept
        : fixed_number(value < 0, value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), fraction, least_scale) {
    }

    [[nodiscard]] std::size_t size() const noexcept { return whole() + (shown_ > 0 ? shown_ + 1 : 0); }

    // Characters before the point.
    [[nodiscard]] std::size_t whole() const noexcept { return (negative_ ? 1U : 0U) + digits_ - fraction_; }

    // Writes size() characters.
    void write(char* to) const noexcept;

private:
    std::uint64_t magnitude_;
    std::size_t digits_;   // of all, at least one before the point
    std::size_t fraction_; // of them after the point
    std::size_t shown_;    // after the point, with zeros
    bool negative_;
};

inline fixed_number::fixed_number(bool negative, std::uint64_t magnitude, int fraction, int least_scale) noexcept
    : magnitude_(magnitude), digits_(0), fraction_(static_cast<std::size_t>(fraction)),
      shown_(std::max(fraction_, static_cast<std::size_t>(std::clamp(least_scale, 0, 20)))), negative_(negative) {
    // 1233 / 4096 is a little less than log10(2).
    const auto guess = static_cast<std::size_t>(std::bit_width(magnitude | 1U)) * 1233 >> 12U;
    digits_ = std::max(guess + ((magnitude | 1U) < detail::short_powers[guess] ? 0 : 1), fraction_ + 1);
}

inline void fixed_number::write(char* to) const noexcept {
    if (negative_) *to++ = '-';
    auto* const end = to + digits_ + (shown_ > 0 ? 1 : 0);
    std::fill(to, detail::put_digits(end, magnitude_), '0');
    if (shown_ == 0) return;
    // The digits before the point stand one place too far.
    auto* const point = std::copy(to + 1, end - fraction_, to);
    *point = '.';
    std::fill(end, point + 1 + shown_, '0');
}

using number_text = std::array<char, 192>; // sign, 39 digits, 128 zeros, a point

// Plain notation; fraction digits are filled up with zeros to `least_scale`. `whole`: characters before
// the point, all of them for a double with an exponent.
[[nodiscard]] std::string_view to_text(const number& in, int least_scale, number_text& storage, std::size_t& whole) noexcept;

} // namespace irislink::odbc
