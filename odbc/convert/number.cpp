#include "odbc/convert/number.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "odbc/convert/ascii.hpp"
#include "wire/codec/coerce.hpp"

namespace irislink::odbc {
namespace {

constexpr int longest_exponent = 100'000;

constexpr std::array<uint128, 39> make_powers() {
    std::array<uint128, 39> out{};
    uint128 power = 1;
    for (auto& each : out) {
        each = power;
        power *= 10;
    }
    return out;
}

constexpr auto powers = make_powers(); // 10^0 .. 10^38

void set_integer(std::int64_t value, number& out) noexcept {
    out.negative = value < 0;
    out.magnitude = out.negative ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    out.exponent = 0;
}

void set_real(double value, bool single, number& out) noexcept {
    out.is_real = true;
    out.is_single = single;
    out.real = value;
}

// Decimal digits of a 128-bit number at the end of a buffer; returns where they begin.
char* put_digits(char* end, uint128 value) noexcept {
    while (value > std::numeric_limits<std::uint64_t>::max()) {
        const auto low = static_cast<std::uint64_t>(value % 10'000'000'000U);
        value /= 10'000'000'000U;
        auto part = low;
        for (int i = 0; i < 10; ++i, part /= 10) *--end = static_cast<char>('0' + part % 10);
    }
    return detail::put_digits(end, static_cast<std::uint64_t>(value));
}

// The exact number that a double's shortest text stands for.
bool exact_of_real(const number& in, number& out) noexcept {
    if (!std::isfinite(in.real)) return false;
    std::array<char, 40> text{};
    const auto done = in.is_single ? std::to_chars(text.data(), text.data() + text.size(), static_cast<float>(in.real))
                                   : std::to_chars(text.data(), text.data() + text.size(), in.real);
    return parse_number({text.data(), static_cast<std::size_t>(done.ptr - text.data())}, out);
}

// Powers of ten that a double holds exactly: one multiplication or division of exact operands rounds once.
constexpr std::array<double, 23> exact_tens{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                            1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

template <class Real> outcome nearest(const number& in, Real& out) noexcept {
    if constexpr (std::is_same_v<Real, double>) {
        if (in.magnitude < (uint128{1} << 53U) && in.exponent >= -22 && in.exponent <= 22 && !in.inexact) {
            const auto digits = static_cast<double>(static_cast<std::uint64_t>(in.magnitude));
            const auto power = exact_tens[static_cast<std::size_t>(in.exponent < 0 ? -in.exponent : in.exponent)];
            const double value = in.exponent < 0 ? digits / power : digits * power;
            out = in.negative ? -value : value;
            return outcome::ok;
        }
    }
    std::array<char, 64> text{};
    auto* const end = text.data() + 48;
    auto* first = put_digits(end, in.magnitude);
    if (in.negative) *--first = '-';
    auto* last = end;
    *last++ = 'e';
    last = std::to_chars(last, text.data() + text.size(), in.exponent).ptr;
    const auto [at, error] = std::from_chars(first, last, out);
    (void)at;
    if (error == std::errc::result_out_of_range) {
        if (in.exponent >= 0) return outcome::out_of_range; // a type's largest value has 39 digits at least
        out = in.negative ? Real{-0.0} : Real{0};           // too small for its type is zero
    }
    return outcome::ok;
}

template <class Real> outcome nearest(std::string_view literal, Real& out) noexcept {
    literal = trim_blanks(literal);
    (void)take(literal, '+'); // from_chars knows no plus sign
    const auto error = std::from_chars(literal.data(), literal.data() + literal.size(), out).ec;
    if (error == std::errc::invalid_argument) return outcome::bad_literal;
    return error == std::errc{} ? outcome::ok : outcome::out_of_range;
}

template <class Real> outcome nearest(const wire::item& in, Real& out) noexcept {
    ascii_storage storage;
    const auto text = ascii_of(in, storage);
    return text ? nearest(*text, out) : outcome::bad_literal;
}

} // namespace

outcome text_to_real(const wire::item& in, double& out) noexcept {
    return nearest(in, out);
}

outcome text_to_real(const wire::item& in, float& out) noexcept {
    return nearest(in, out);
}

outcome text_to_real(std::string_view literal, double& out) noexcept {
    return nearest(literal, out);
}

bool parse_number(std::string_view text, number& out) noexcept {
    text = trim_blanks(text);
    number made;
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) made.negative = text[at++] == '-';
    bool any = false;
    bool point = false;
    int digits = 0;
    int exponent = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(c)) break;
        any = true;
        if (exponent < -longest_exponent || exponent > longest_exponent) return false;
        const auto value = static_cast<unsigned>(c - '0');
        if (digits < most_digits) {
            made.magnitude = made.magnitude * 10 + value;
            if (made.magnitude != 0) ++digits;
            if (point) --exponent;
        } else {
            made.inexact = made.inexact || value != 0;
            if (!point) ++exponent;
        }
    }
    if (!any) return false;
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        bool minus = false;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) minus = text[at++] == '-';
        if (at == text.size() || !is_digit(text[at])) return false;
        int given = 0;
        for (; at < text.size() && is_digit(text[at]); ++at) given = std::min(longest_exponent, given * 10 + (text[at] - '0'));
        exponent += minus ? -given : given;
    }
    if (at != text.size()) return false;
    made.exponent = exponent;
    out = made;
    return true;
}

outcome read_number(const wire::item& in, number& out) noexcept {
    using wire::item_code;
    out = {};
    switch (in.code) {
    case item_code::positive:
    case item_code::negative: {
        std::int64_t value = 0;
        if (wire::to_integer(in, value) != wire::coercion::ok) return outcome::out_of_range;
        set_integer(value, out);
        return outcome::ok;
    }
    case item_code::decimal_positive:
    case item_code::decimal_negative: {
        wire::decimal value;
        if (wire::to_decimal(in, value) != wire::coercion::ok) return outcome::out_of_range;
        set_integer(value.mantissa, out);
        out.exponent = value.exponent;
        return outcome::ok;
    }
    case item_code::real:
    case item_code::compact_real: {
        double value = 0;
        if (wire::to_real(in, value) != wire::coercion::ok) return outcome::bad_server_value;
        set_real(value, wire::is_single(in), out);
        return outcome::ok;
    }
    case item_code::text8:
    case item_code::text16: {
        ascii_storage storage;
        const auto text = ascii_of(in, storage);
        return text && parse_number(*text, out) ? outcome::ok : outcome::bad_literal;
    }
    default: return outcome::bad_server_value;
    }
}

outcome whole_part(const number& in, uint128& magnitude, bool& negative) noexcept {
    if (in.is_real) {
        if (!std::isfinite(in.real)) return outcome::out_of_range;
        const double whole = std::trunc(in.real);
        if (std::fabs(whole) >= 0x1p127) return outcome::out_of_range;
        magnitude = static_cast<uint128>(std::fabs(whole));
        negative = whole < 0;
        return whole == in.real ? outcome::ok : outcome::fraction_truncated;
    }
    const auto result = scaled(in, 0, magnitude);
    negative = in.negative && magnitude != 0;
    return result;
}

outcome scaled(const number& in, int scale, uint128& magnitude) noexcept {
    const int shift = in.exponent + scale;
    magnitude = in.magnitude;
    if (magnitude == 0) return in.inexact ? outcome::fraction_truncated : outcome::ok;
    if (shift >= 0) {
        if (shift > most_digits || magnitude > ~uint128{0} / powers[static_cast<std::size_t>(shift)]) return outcome::out_of_range;
        if (in.inexact && shift > 0) return outcome::out_of_range; // 39 digits and more
        magnitude *= powers[static_cast<std::size_t>(shift)];
        return in.inexact ? outcome::fraction_truncated : outcome::ok;
    }
    if (shift < -most_digits) {
        magnitude = 0;
        return outcome::fraction_truncated;
    }
    const auto power = powers[static_cast<std::size_t>(-shift)];
    const bool exact = magnitude % power == 0 && !in.inexact;
    magnitude /= power;
    return exact ? outcome::ok : outcome::fraction_truncated;
}

outcome to_signed(const number& in, std::int64_t low, std::int64_t high, std::int64_t& out) noexcept {
    uint128 magnitude = 0;
    bool negative = false;
    const auto result = whole_part(in, magnitude, negative);
    if (is_error(result)) return result;
    const auto limit = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(low) : static_cast<std::uint64_t>(high);
    if (magnitude > limit) return outcome::out_of_range;
    const auto bits = static_cast<std::uint64_t>(magnitude);
    out = static_cast<std::int64_t>(negative ? std::uint64_t{0} - bits : bits);
    return result;
}

outcome to_unsigned(const number& in, std::uint64_t high, std::uint64_t& out) noexcept {
    uint128 magnitude = 0;
    bool negative = false;
    const auto result = whole_part(in, magnitude, negative);
    if (is_error(result)) return result;
    if (magnitude > high || (negative && magnitude != 0)) return outcome::out_of_range;
    out = static_cast<std::uint64_t>(magnitude);
    return result;
}

outcome to_double(const number& in, double& out) noexcept {
    if (!in.is_real) return nearest(in, out);
    out = in.real;
    return outcome::ok;
}

outcome to_float(const number& in, float& out) noexcept {
    if (!in.is_real) return nearest(in, out);
    out = static_cast<float>(in.real);
    return std::isfinite(in.real) && !std::isfinite(out) ? outcome::out_of_range : outcome::ok;
}

outcome to_numeric(const number& in, int precision, int scale, SQL_NUMERIC_STRUCT& out) noexcept {
    number exact = in;
    if (in.is_real && !exact_of_real(in, exact)) return outcome::out_of_range;
    if (precision < 1 || precision > most_digits) precision = most_digits;
    uint128 magnitude = 0;
    const auto result = scaled(exact, scale, magnitude);
    if (is_error(result)) return result;
    // A negative scale drops digits before the point, which is no fraction.
    if (result == outcome::fraction_truncated && scale < 0) return outcome::out_of_range;
    if (magnitude >= powers[static_cast<std::size_t>(precision)]) return outcome::out_of_range;
    out = {};
    out.precision = static_cast<SQLCHAR>(precision);
    out.scale = static_cast<SQLSCHAR>(scale);
    out.sign = exact.negative && magnitude != 0 ? 0 : 1;
    for (auto& byte : out.val) {
        byte = static_cast<SQLCHAR>(magnitude & 0xFFU);
        magnitude >>= 8U;
    }
    return result;
}

bool from_numeric(const SQL_NUMERIC_STRUCT& in, number& out) noexcept {
    if (in.sign > 1) return false;
    out = {};
    for (std::size_t i = SQL_MAX_NUMERIC_LEN; i-- > 0;) out.magnitude = out.magnitude << 8U | in.val[i];
    out.negative = in.sign == 0 && out.magnitude != 0;
    out.exponent = -static_cast<int>(in.scale);
    return true;
}

bool to_decimal(const number& in, wire::decimal& out) noexcept {
    if (in.is_real || in.inexact) return false;
    auto magnitude = in.magnitude;
    int exponent = in.exponent;
    const uint128 limit = uint128{std::numeric_limits<std::int64_t>::max()} + (in.negative ? 1U : 0U);
    if (magnitude == 0) exponent = std::clamp(exponent, -128, 0);
    while ((magnitude > limit || exponent < -128) && magnitude != 0 && magnitude % 10 == 0) {
        magnitude /= 10;
        ++exponent;
    }
    while (exponent > 127 && magnitude <= limit / 10) {
        magnitude *= 10;
        --exponent;
    }
    if (magnitude > limit || exponent < -128 || exponent > 127) return false;
    const auto bits = static_cast<std::uint64_t>(magnitude);
    out.mantissa = static_cast<std::int64_t>(in.negative ? std::uint64_t{0} - bits : bits);
    out.exponent = static_cast<std::int16_t>(exponent);
    return true;
}

std::string_view to_text(const number& in, int least_scale, number_text& storage, std::size_t& whole) noexcept {
    auto* const begin = storage.data();
    if (in.is_real) {
        char* end = nullptr;
        if (!std::isfinite(in.real)) {
            const std::string_view name = std::isnan(in.real) ? "NaN" : in.real < 0 ? "-Infinity" : "Infinity";
            end = std::copy(name.begin(), name.end(), begin);
        } else if (in.is_single) {
            end = std::to_chars(begin, begin + storage.size(), static_cast<float>(in.real)).ptr;
        } else {
            end = std::to_chars(begin, begin + storage.size(), in.real).ptr;
        }
        const std::string_view text(begin, static_cast<std::size_t>(end - begin));
        const bool plain = text.find_first_not_of("-0123456789.") == std::string_view::npos;
        whole = plain ? std::min(text.find('.'), text.size()) : text.size();
        return text;
    }
    if (in.exponent <= 0 && in.exponent >= -fixed_number::most_fraction && in.magnitude <= std::numeric_limits<std::uint64_t>::max()) {
        const fixed_number fixed(in.negative && in.magnitude != 0, static_cast<std::uint64_t>(in.magnitude), -in.exponent, least_scale);
        fixed.write(begin);
        whole = fixed.whole();
        return {begin, fixed.size()};
    }
    std::array<char, 40> digits{};
    const auto* first = put_digits(digits.data() + digits.size(), in.magnitude);
    auto count = static_cast<std::size_t>(digits.data() + digits.size() - first);
    auto* to = begin;
    if (in.negative && in.magnitude != 0) *to++ = '-';
    // What the wire and SQL_NUMERIC_STRUCT can say stays within these; the buffer is made for it.
    const int exponent = std::clamp(in.exponent, -128, 127);
    std::size_t fraction = 0;
    if (exponent >= 0) {
        to = std::copy_n(first, count, to);
        if (in.magnitude != 0) to = std::fill_n(to, exponent, '0');
        whole = static_cast<std::size_t>(to - begin);
    } else {
        fraction = static_cast<std::size_t>(-exponent);
        if (count > fraction) {
            to = std::copy_n(first, count - fraction, to);
            first += count - fraction;
            count = fraction;
        } else {
            *to++ = '0';
        }
        whole = static_cast<std::size_t>(to - begin);
        *to++ = '.';
        to = std::fill_n(to, fraction - count, '0');
        to = std::copy_n(first, count, to);
    }
    const auto wanted = static_cast<std::size_t>(std::clamp(least_scale, 0, 20));
    if (fraction < wanted && static_cast<std::size_t>(to - begin) + wanted + 1 < storage.size()) {
        if (fraction == 0) *to++ = '.';
        to = std::fill_n(to, wanted - fraction, '0');
    }
    return {begin, static_cast<std::size_t>(to - begin)};
}

} // namespace irislink::odbc
