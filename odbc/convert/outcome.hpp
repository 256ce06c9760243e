#pragma once
// What a conversion came to, and what ODBC calls it. One list for both directions; the SQLSTATEs are
// those of the tables of ODBC's Appendix D
// (https://learn.microsoft.com/sql/odbc/reference/appendixes/appendix-d-data-types).

#include <cstdint>

namespace irislink::odbc {

enum class outcome : std::uint8_t {
    ok,
    no_data,            // SQLGetData only: the value was delivered whole by earlier calls (SQL_NO_DATA)
    substituted,        // 01000: what was no character (a lone surrogate) was delivered as U+FFFD
    right_truncated,    // 01004: text or binary longer than the buffer, or digits after the point that found no room
    fraction_truncated, // 01S07: a fraction, a time of day or trailing interval fields were lost
    text_too_long,      // 22001: a parameter is longer than its declared type, or loses digits
    null_not_told,      // 22002: NULL, and there is no indicator to say so
    out_of_range,       // 22003: the whole part does not fit
    bad_datetime,       // 22007: a date or time structure with fields that cannot be
    datetime_overflow,  // 22008: a date or time that the other type cannot hold
    interval_overflow,  // 22015: an interval field with more digits than its precision
    bad_literal,        // 22018: text that is not such a value, or not text at all (malformed UTF-8 or UTF-16)
    not_convertible,    // 07006: no such conversion
    bad_length,         // HY090: a length that is neither a size nor one of ODBC's constants
    not_supported,      // HYC00: a type of ODBC that the server has no use for
    bad_server_value,   // HY000: the item in the row contradicts the column's type beyond repair
};

// Nothing was delivered; every other outcome but no_data delivered a value.
[[nodiscard]] constexpr bool is_error(outcome in) noexcept {
    return in >= outcome::text_too_long;
}

// Five characters; "00000" for ok and no_data. ODBC 3 spelling.
[[nodiscard]] const char* sqlstate_of(outcome in) noexcept;

// What went wrong and what to do, for the diagnostic record. UTF-8, without prefix.
[[nodiscard]] const char* text_of(outcome in) noexcept;

} // namespace irislink::odbc
