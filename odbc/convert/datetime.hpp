#pragma once
// Dates and times between text, the server's values and ODBC's structures. Fractions are nanoseconds
// in all of them.

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

#include "odbc/convert/outcome.hpp"
#include "odbc/text/odbc_types.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::odbc {

enum class literal_kind : std::uint8_t { none, date, time, timestamp };

// A date, time or timestamp in text, bare or as ODBC's escape ({d '...'}, {t '...'}, {ts '...'}),
// blanks around it ignored. Parts that the kind lacks are left alone. `fraction_lost`: digits beyond
// nanoseconds that are not zero.
[[nodiscard]] literal_kind parse_datetime(std::string_view text, wire::timestamp& out, bool& fraction_lost) noexcept;

// Today by the local clock: ODBC completes a time of day with it.
[[nodiscard]] wire::date current_date() noexcept;

[[nodiscard]] inline bool is_midnight(const wire::time_of_day& time) noexcept {
    return time == wire::time_of_day{};
}

[[nodiscard]] inline SQL_DATE_STRUCT date_struct(const wire::date& in) noexcept {
    return {in.year, in.month, in.day};
}

[[nodiscard]] inline SQL_TIME_STRUCT time_struct(const wire::time_of_day& in) noexcept {
    return {in.hour, in.minute, in.second};
}

[[nodiscard]] inline SQL_TIMESTAMP_STRUCT timestamp_struct(const wire::timestamp& in) noexcept {
    return {in.day.year, in.day.month, in.day.day, in.time.hour, in.time.minute, in.time.second, in.time.nanosecond};
}

// A timestamp's fields as numbers of the processor's own size, and from them the structure as two words: nothing is
// stored piece by piece and then loaded at once, which would have to wait for the stores.
struct timestamp_fields {
    struct {
        unsigned year, month, day;
    } day;

    struct {
        unsigned hour, minute, second, nanosecond;
    } time;
};

[[nodiscard]] inline std::array<std::uint64_t, 2> timestamp_image(const timestamp_fields& in) noexcept {
    static_assert(std::endian::native == std::endian::little && sizeof(SQL_TIMESTAMP_STRUCT) == 16);
    const auto at = [](unsigned field, unsigned bit) { return std::uint64_t{field} << bit; };
    return {
        at(in.day.year, 0) | at(in.day.month, 16) | at(in.day.day, 32) | at(in.time.hour, 48),
        at(in.time.minute, 0) | at(in.time.second, 16) | at(in.time.nanosecond, 32)};
}

// False: a field is out of range.
[[nodiscard]] bool from_struct(const SQL_DATE_STRUCT& in, wire::date& out) noexcept;
[[nodiscard]] bool from_struct(const SQL_TIME_STRUCT& in, wire::time_of_day& out) noexcept;
[[nodiscard]] bool from_struct(const SQL_TIMESTAMP_STRUCT& in, wire::timestamp& out) noexcept;

using datetime_text = std::array<char, 32>;

// "yyyy-mm-dd", "hh:mm:ss[.f]", "yyyy-mm-dd hh:mm:ss[.f]"; fraction digits without trailing zeros.
[[nodiscard]] std::string_view to_text(const wire::date& in, datetime_text& storage) noexcept;
[[nodiscard]] std::string_view to_text(const wire::time_of_day& in, datetime_text& storage) noexcept;
[[nodiscard]] std::string_view to_text(const wire::timestamp& in, datetime_text& storage) noexcept;

} // namespace irislink::odbc
