#pragma once
// Dates, times and timestamps in their three wire forms: text, $HOROLOG numbers, PosixTime
// (wire-sql 8.3, 8.4). Proleptic Gregorian, wall clock, years 1 to 9999.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/codec/coerce.hpp"

namespace irislink::wire {

struct date {
    std::int16_t year{1};
    std::uint8_t month{1};
    std::uint8_t day{1};
    friend auto operator<=>(const date&, const date&) = default;
};

struct time_of_day {
    std::uint8_t hour{0};
    std::uint8_t minute{0};
    std::uint8_t second{0};
    std::uint32_t nanosecond{0};
    friend auto operator<=>(const time_of_day&, const time_of_day&) = default;
};

struct timestamp {
    date day;
    time_of_day time;
    friend auto operator<=>(const timestamp&, const timestamp&) = default;
};

inline constexpr std::int64_t horolog_of_1970 = 47117;

// Day numbers: 1841-01-01 is 1.
[[nodiscard]] std::optional<date> date_of_horolog(std::int64_t day) noexcept;
[[nodiscard]] std::int64_t horolog_of_date(date value) noexcept;
[[nodiscard]] bool valid(date value) noexcept;
[[nodiscard]] bool valid(time_of_day value) noexcept;

// PosixTime: microseconds since 1970 in the encoding of wire-sql 8.4.
[[nodiscard]] std::optional<timestamp> timestamp_of_posix(std::int64_t encoded) noexcept;
[[nodiscard]] std::int64_t posix_of_timestamp(const timestamp& value) noexcept;

[[nodiscard]] std::optional<date> parse_date(std::string_view text) noexcept;
[[nodiscard]] std::optional<time_of_day> parse_time(std::string_view text) noexcept;
// "YYYY-MM-DD[ |T]HH:MM:SS[.f]" or a date alone (midnight).
[[nodiscard]] std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;

// Fraction digits without trailing zeros, as IRIS writes them.
void append_text(std::string& out, date value);
void append_text(std::string& out, const time_of_day& value);
void append_text(std::string& out, const timestamp& value);

// By the item's code first, as wire-sql 8.3 has it.
[[nodiscard]] coercion to_date(const item& in, date& out) noexcept;
[[nodiscard]] coercion to_time(const item& in, time_of_day& out) noexcept;
[[nodiscard]] coercion to_timestamp(const item& in, timestamp& out) noexcept;

} // namespace irislink::wire
