#pragma once
// Days of the Gregorian calendar. Inline, and in 32 bits, because every timestamp of every row passes here.

#include <cstdint>

#include "wire/types/temporal.hpp"

namespace irislink::wire {

// Since 1970-01-01, counting years from March so that the leap day is the last of a year.
[[nodiscard]] constexpr std::int32_t days_since_1970(date value) noexcept {
    const std::int32_t month = value.month;
    const std::int32_t year = value.year - (month <= 2 ? 1 : 0);
    const std::int32_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + value.day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

} // namespace irislink::wire
