#pragma once
// Meaning of items: from wire to the public value types and back. What is lost is said, never
// swallowed (wire/codec/coerce.hpp).

#include <string>

#include "irislink/value.hpp"
#include "wire/codec/writer.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::driver {

[[nodiscard]] inline wire::decimal to_wire(decimal in) noexcept {
    return {in.mantissa, in.exponent};
}

[[nodiscard]] inline wire::date to_wire(date in) noexcept {
    return {in.year, in.month, in.day};
}

[[nodiscard]] inline wire::time_of_day to_wire(const time_of_day& in) noexcept {
    return {in.hour, in.minute, in.second, in.nanosecond};
}

[[nodiscard]] inline wire::timestamp to_wire(const timestamp& in) noexcept {
    return {to_wire(in.day), to_wire(in.time)};
}

[[nodiscard]] inline date from_wire(wire::date in) noexcept {
    return {in.year, in.month, in.day};
}

[[nodiscard]] inline time_of_day from_wire(const wire::time_of_day& in) noexcept {
    return {in.hour, in.minute, in.second, in.nanosecond};
}

[[nodiscard]] inline timestamp from_wire(const wire::timestamp& in) noexcept {
    return {from_wire(in.day), from_wire(in.time)};
}

// Writes bytes as they are, so that they come back the same whatever they are.
void write_bytes(wire::writer& out, wire::bytes_view in);

// Writes a parameter in its natural code (wire-sql 8.4, last paragraphs).
void write_value(wire::writer& out, const value& in);

// The cell as the value its column type promises; text when the item does not fit the type.
[[nodiscard]] value read_value(const wire::item& in, sql_type type, const wire::session_format& format);

// Hexadecimal digits, upper case.
void append_hex(std::string& out, wire::bytes_view data);

// The cell as text for people: numbers plain, binary in hexadecimal.
[[nodiscard]] wire::coercion read_text(const wire::item& in, sql_type type, const wire::session_format& format, std::string& out);

} // namespace irislink::driver
