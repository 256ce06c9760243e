#pragma once
// From an item to the value a reader wants, whatever code the sender chose (wire-sql 1.9, 8.3-8.5).
// Every conversion says what happened; nothing is narrowed or guessed silently. Pure, thread-safe.

#include <cstdint>
#include <string>

#include "wire/codec/decimal.hpp"
#include "wire/codec/format.hpp"
#include "wire/codec/item.hpp"

namespace irislink::wire {

enum class coercion : std::uint8_t {
    ok,
    null,               // the item is SQL NULL; the output is untouched
    fraction_truncated, // delivered, but fraction digits were lost
    out_of_range,       // the whole part does not fit
    bad_literal,        // text that is not such a value
    not_convertible,    // no meaning for this code (an unknown code, binary asked from a double, ...)
};

[[nodiscard]] coercion to_integer(const item& in, std::int64_t& out) noexcept;
[[nodiscard]] coercion to_decimal(const item& in, decimal& out) noexcept;
[[nodiscard]] coercion to_real(const item& in, double& out) noexcept;

// True when a code 8 item carries a binary32, whose shortest text differs from the binary64's.
[[nodiscard]] bool is_single(const item& in) noexcept;

// Appends UTF-8 to `out`. bad_literal for malformed UTF-16 (the text then holds U+FFFD).
[[nodiscard]] coercion to_text(const item& in, const session_format& format, std::string& out);

// The raw bytes of 8-bit text / binary. UTF-16 text gives its UTF-8 (through `storage`), integers
// their digits; doubles and decimals are not convertible.
[[nodiscard]] coercion to_bytes(const item& in, std::string& storage, bytes_view& out);

// Shortest round-trip text of a double: "0.1", "1e+300"; Infinity and NaN by name.
void append_text(std::string& out, double value);
void append_text(std::string& out, float value);

} // namespace irislink::wire
