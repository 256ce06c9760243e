#pragma once
// Decimals of up to 38 digits as whole numbers of 128 bits with a scale that the reader names: what
// columns of decimals are made of. Exact: a value that the scale or the digits cannot hold is said to be so.

#include <cstdint>
#include <string_view>

#include "wire/codec/coerce.hpp"

namespace irislink::wire {

__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

inline constexpr int most_wide_digits = 38;

// mantissa * 10^exponent, exact.
struct wide_decimal {
    int128 mantissa{0};
    int exponent{0};
    friend bool operator==(const wide_decimal&, const wide_decimal&) = default;
};

// The grammar of parse_decimal(), but nothing is rounded: bad_literal, or out_of_range for more than 38
// significant digits or an exponent beyond 100 000.
[[nodiscard]] coercion parse_wide_decimal(std::string_view text, wide_decimal& out) noexcept;

// The number as out * 10^-scale with at most `precision` (1 to 38) digits: ok, null, fraction_truncated when
// digits beyond the scale would be lost, out_of_range, bad_literal, not_convertible. `out` is only good with ok.
[[nodiscard]] coercion to_scaled(const wide_decimal& in, int precision, int scale, int128& out) noexcept;
[[nodiscard]] coercion to_scaled(const item& in, int precision, int scale, int128& out) noexcept;

} // namespace irislink::wire
