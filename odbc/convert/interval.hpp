#pragma once
// ODBC's intervals. The server has no such type: they come from text and from whole numbers, and go
// back to those. An interval is held as one amount of months, or of seconds and nanoseconds; its C type
// says in which fields it is shown.

#include <array>
#include <cstdint>
#include <string_view>

#include "odbc/convert/number.hpp"
#include "odbc/convert/outcome.hpp"
#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

enum class interval_field : std::uint8_t { year, month, day, hour, minute, second };

// From the leading to the last field of a C type, SQL_C_INTERVAL_DAY_TO_MINUTE: day to minute.
struct interval_shape {
    SQLSMALLINT c_type;
    SQLINTERVAL tag; // SQL_INTERVAL_STRUCT::interval_type
    interval_field first;
    interval_field last;

    [[nodiscard]] constexpr bool of_months() const noexcept { return first <= interval_field::month; }

    [[nodiscard]] constexpr bool single() const noexcept { return first == last; }
};

inline constexpr std::array<interval_shape, 13> interval_shapes{{
    {SQL_C_INTERVAL_YEAR, SQL_IS_YEAR, interval_field::year, interval_field::year},
    {SQL_C_INTERVAL_MONTH, SQL_IS_MONTH, interval_field::month, interval_field::month},
    {SQL_C_INTERVAL_DAY, SQL_IS_DAY, interval_field::day, interval_field::day},
    {SQL_C_INTERVAL_HOUR, SQL_IS_HOUR, interval_field::hour, interval_field::hour},
    {SQL_C_INTERVAL_MINUTE, SQL_IS_MINUTE, interval_field::minute, interval_field::minute},
    {SQL_C_INTERVAL_SECOND, SQL_IS_SECOND, interval_field::second, interval_field::second},
    {SQL_C_INTERVAL_YEAR_TO_MONTH, SQL_IS_YEAR_TO_MONTH, interval_field::year, interval_field::month},
    {SQL_C_INTERVAL_DAY_TO_HOUR, SQL_IS_DAY_TO_HOUR, interval_field::day, interval_field::hour},
    {SQL_C_INTERVAL_DAY_TO_MINUTE, SQL_IS_DAY_TO_MINUTE, interval_field::day, interval_field::minute},
    {SQL_C_INTERVAL_DAY_TO_SECOND, SQL_IS_DAY_TO_SECOND, interval_field::day, interval_field::second},
    {SQL_C_INTERVAL_HOUR_TO_MINUTE, SQL_IS_HOUR_TO_MINUTE, interval_field::hour, interval_field::minute},
    {SQL_C_INTERVAL_HOUR_TO_SECOND, SQL_IS_HOUR_TO_SECOND, interval_field::hour, interval_field::second},
    {SQL_C_INTERVAL_MINUTE_TO_SECOND, SQL_IS_MINUTE_TO_SECOND, interval_field::minute, interval_field::second},
}};

struct interval {
    bool negative{false};
    bool of_months{false};
    std::uint64_t amount{0}; // months or seconds
    std::uint32_t nanosecond{0};
    bool fraction_lost{false}; // digits beyond nanoseconds
};

// "5-3", "3 12:30:45.5", "-7", or a literal with its qualifier: INTERVAL '5-3' YEAR TO MONTH, in braces
// or not. Without a qualifier the text is read in the fields of `shape`, or in more of them where the
// text has more. ok, bad_literal, or interval_overflow for a field beyond nine digits.
[[nodiscard]] outcome parse_interval(std::string_view text, const interval_shape& shape, interval& out) noexcept;

// A number as the single field of `shape`.
[[nodiscard]] outcome interval_of(const number& in, const interval_shape& shape, interval& out) noexcept;

// In the fields of `shape`: ok, fraction_truncated (fields or digits after the last one), or
// interval_overflow (the leading field needs more than `leading_precision` digits).
// seconds_precision: the unit of SQL_INTERVAL_STRUCT's fraction is 10^-precision; outside 0..9 it is 6.
[[nodiscard]] outcome
to_struct(const interval& in, const interval_shape& shape, int leading_precision, int seconds_precision, SQL_INTERVAL_STRUCT& out) noexcept;

// False: the structure's tag or a field is none of ODBC's.
[[nodiscard]] bool from_struct(const SQL_INTERVAL_STRUCT& in, int seconds_precision, interval& out, interval_shape& shape) noexcept;

using interval_text = std::array<char, 64>;

// The string of an interval literal, without INTERVAL and qualifier: "-3 12:30:45.5".
[[nodiscard]] std::string_view to_text(const interval& in, const interval_shape& shape, interval_text& storage) noexcept;

// The value of a single field; the seconds with their fraction.
[[nodiscard]] number to_number(const interval& in, const interval_shape& shape) noexcept;

} // namespace irislink::odbc
