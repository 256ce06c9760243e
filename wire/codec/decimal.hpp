#pragma once
// Decimals as the wire has them: a 64-bit mantissa times a power of ten (wire-sql 1.5).

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace irislink::wire {

struct decimal {
    std::int64_t mantissa{0};
    std::int16_t exponent{0}; // value = mantissa * 10^exponent; -128..127 on the wire

    // Same digits and exponent. Numeric equality of 1.50 and 1.5 is compare() == 0.
    friend bool operator==(const decimal&, const decimal&) = default;
};

[[nodiscard]] std::strong_ordering compare(decimal left, decimal right) noexcept;

// Plain notation without an exponent: "12.50", "-0.05", "1000". The digits are kept as they are.
void append_text(std::string& out, decimal value);
[[nodiscard]] std::string to_text(decimal value);

// Parses [+-]digits[.digits][E[+-]digits]. More digits than a 64-bit mantissa holds are rounded
// half up as the vendor's clients do: to 19 significant digits, or 18 when 19 do not fit.
// Nothing when the text is not a number or the magnitude is beyond exponent 127.
[[nodiscard]] std::optional<decimal> parse_decimal(std::string_view text) noexcept;

// The value with exactly `scale` fraction digits; `exact` is cleared when digits were dropped
// (rounded half up). Nothing when it does not fit 64 bits.
[[nodiscard]] std::optional<std::int64_t> rescale(decimal value, int scale, bool& exact) noexcept;

[[nodiscard]] double to_double(decimal value) noexcept;

} // namespace irislink::wire
