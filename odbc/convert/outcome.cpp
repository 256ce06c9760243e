#include "odbc/convert/outcome.hpp"

#include <array>

namespace irislink::odbc {
namespace {

struct row {
    const char* sqlstate;
    const char* text;
};

// In the order of the enumeration.
constexpr std::array<row, 16> rows{{
    {"00000", ""},
    {"00000", "No more data"},
    {"01000", "The text holds what is no character; it was replaced by U+FFFD"},
    {"01004", "String data, right truncated: the buffer is shorter than the value"},
    {"01S07", "Fractional truncation: the C type has no room for the whole value; bind a type with fractions"},
    {"22001", "String data, right truncated: the parameter is longer than its declared type or loses digits"},
    {"22002", "Indicator variable required but not supplied: the value is NULL"},
    {"22003", "Numeric value out of range: the target type or buffer cannot hold the value"},
    {"22007", "Invalid datetime format: a field of the date or time structure is out of range"},
    {"22008", "Datetime field overflow: the declared type cannot hold this date or time"},
    {"22015", "Interval field overflow: a field has more digits than its precision allows"},
    {"22018", "Invalid character value for cast specification: the text is not a value of this type"},
    {"07006", "Restricted data type attribute violation: there is no conversion between these types"},
    {"HY090", "Invalid string or buffer length"},
    {"HYC00", "Optional feature not implemented: the server has no such type"},
    {"HY000", "The server sent a value that does not belong to the column's type"},
}};
static_assert(static_cast<std::size_t>(outcome::bad_server_value) + 1 == rows.size());

} // namespace

const char* sqlstate_of(outcome in) noexcept {
    return rows[static_cast<std::size_t>(in)].sqlstate;
}

const char* text_of(outcome in) noexcept {
    return rows[static_cast<std::size_t>(in)].text;
}

} // namespace irislink::odbc
