#include "wire/codec/wide_decimal.hpp"

#include <array>
#include <charconv>

#include "wire/codec/ascii.hpp"

namespace irislink::wire {
namespace {

constexpr int longest_exponent = 100'000;
constexpr std::size_t longest_text = 512; // as the other numbers of text (wire/codec/coerce)

constexpr std::array<int128, most_wide_digits + 1> make_wide_powers() {
    std::array<int128, most_wide_digits + 1> out{};
    int128 power = 1;
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = power;
        if (i + 1 < out.size()) power *= 10;
    }
    return out;
}

constexpr auto wide_powers = make_wide_powers();

coercion of_text(const item& in, wide_decimal& out) noexcept {
    std::array<char, longest_text> room;
    std::string_view text;
    if (!ascii_of_text(in, room, text)) return coercion::bad_literal;
    return parse_wide_decimal(text, out);
}

} // namespace

coercion parse_wide_decimal(std::string_view text, wide_decimal& out) noexcept {
    std::size_t at = 0;
    bool negative = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) negative = text[at++] == '-';
    int128 mantissa = 0;
    int digits = 0;  // of the mantissa
    int pending = 0; // zeros behind it that only count when another digit follows
    std::int64_t exponent = 0;
    bool any = false;
    bool point = false;
    bool too_long = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c)) break;
        any = true;
        if (point) --exponent;
        if (c == '0') {
            if (digits > 0) ++pending;
            continue;
        }
        if (digits + pending + 1 > most_wide_digits) {
            too_long = true;
            continue;
        }
        mantissa = mantissa * wide_powers[static_cast<std::size_t>(pending) + 1] + (c - '0');
        digits += pending + 1;
        pending = 0;
    }
    if (!any) return coercion::bad_literal;
    bool far = false;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        bool minus = false;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) minus = text[at++] == '-';
        if (at == text.size() || !is_digit(text[at])) return coercion::bad_literal;
        int written = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), written);
        far = error != std::errc{} || written > longest_exponent;
        if (!far) exponent += minus ? -written : written;
        at = static_cast<std::size_t>(end - text.data());
    }
    if (at != text.size()) return coercion::bad_literal;
    if (mantissa == 0 && !too_long) {
        out = {};
        return coercion::ok;
    }
    if (too_long || far) return coercion::out_of_range;
    out.mantissa = negative ? -mantissa : mantissa;
    out.exponent = static_cast<int>(exponent + pending);
    return coercion::ok;
}

coercion to_scaled(const wide_decimal& in, int precision, int scale, int128& out) noexcept {
    const int shift = in.exponent + scale;
    int128 value = in.mantissa;
    if (value == 0) {
        out = 0;
        return coercion::ok;
    }
    if (shift > 0) {
        if (shift > most_wide_digits || __builtin_mul_overflow(value, wide_powers[static_cast<std::size_t>(shift)], &value)) return coercion::out_of_range;
    } else if (shift < 0) {
        if (-shift > most_wide_digits) return coercion::fraction_truncated;
        const auto factor = wide_powers[static_cast<std::size_t>(-shift)];
        if (value % factor != 0) return coercion::fraction_truncated;
        value /= factor;
    }
    const auto limit = wide_powers[static_cast<std::size_t>(precision)];
    if (value >= limit || value <= -limit) return coercion::out_of_range;
    out = value;
    return coercion::ok;
}

coercion to_scaled(const item& in, int precision, int scale, int128& out) noexcept {
    if (in.is_null()) return coercion::null;
    wide_decimal wide;
    if (in.code == item_code::text8 || in.code == item_code::text16) {
        const auto got = of_text(in, wide);
        if (got != coercion::ok) return got;
    } else if (in.code == item_code::real || in.code == item_code::compact_real) {
        // A double is the number that its shortest text says.
        std::string text;
        const auto got = to_text(in, default_format, text);
        if (got != coercion::ok) return got;
        if (parse_wide_decimal(text, wide) != coercion::ok) return coercion::out_of_range; // infinity, NaN
    } else {
        decimal number; // of these nothing is rounded
        const auto got = to_decimal(in, number);
        if (got != coercion::ok) return got;
        wide = {number.mantissa, number.exponent};
    }
    return to_scaled(wide, precision, scale, out);
}

} // namespace irislink::wire
