#pragma once
// The values that go to and come from the server. Text is UTF-8; times are wall-clock, without zone.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace irislink {

// mantissa * 10^exponent, exact. Equality compares digits and exponent: 1.50 is not 1.5.
struct decimal {
    std::int64_t mantissa{0};
    std::int16_t exponent{0};
    friend bool operator==(const decimal&, const decimal&) = default;
};

[[nodiscard]] std::string to_string(decimal value);
[[nodiscard]] std::optional<decimal> parse_decimal(std::string_view text);

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

[[nodiscard]] std::string to_string(date value);
[[nodiscard]] std::string to_string(const time_of_day& value);
[[nodiscard]] std::string to_string(const timestamp& value);

using bytes = std::vector<std::byte>;

struct null_type {
    friend bool operator==(null_type, null_type) = default;
};

inline constexpr null_type null{};

// A parameter or a cell. '' is text without characters, never null.
using value = std::variant<null_type, bool, std::int64_t, double, decimal, std::string, bytes, date, time_of_day, timestamp>;

// Client type codes as the server reports them.
enum class sql_type : std::int16_t {
    guid = -11,
    wlongvarchar = -10,
    wvarchar = -9,
    wchar = -8,
    bit = -7,
    tinyint = -6,
    bigint = -5,
    longvarbinary = -4,
    varbinary = -3,
    binary = -2,
    longvarchar = -1,
    unknown = 0,
    character = 1,
    numeric = 2,
    decimal_type = 3,
    integer = 4,
    smallint = 5,
    floating = 6,
    real = 7,
    double_precision = 8,
    varchar = 12,
    date = 91,
    time = 92,
    timestamp = 93,
};

struct column {
    std::string name;
    std::string label; // what to show: the alias, or the name
    sql_type type{sql_type::varchar};
    std::int64_t precision{0};
    int scale{0};    // -1: not said
    int nullable{2}; // 0 no, 1 yes, 2 unknown
    std::string table;
    std::string schema;
    bool auto_increment{false};
    bool row_id{false};
};

} // namespace irislink
