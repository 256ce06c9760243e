#pragma once
// Numbers on their way between the server's forms and C types. Exact: nothing here goes through a
// double unless the value is one.

#include <array>
#include <cstdint>
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

using number_text = std::array<char, 192>; // sign, 39 digits, 128 zeros, a point

// Plain notation; fraction digits are filled up with zeros to `least_scale`. `whole`: characters before
// the point, all of them for a double with an exponent.
[[nodiscard]] std::string_view to_text(const number& in, int least_scale, number_text& storage, std::size_t& whole) noexcept;

} // namespace irislink::odbc
