#include "wire/codec/coerce.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace irislink::wire {
namespace {

bool load_positive(bytes_view data, std::int64_t& out) noexcept {
    while (data.size() > 8 && data.back() == std::byte{0}) data = data.first(data.size() - 1);
    if (data.size() > 8) return false;
    const auto value = detail::load_short(data.data(), data.size());
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
    out = static_cast<std::int64_t>(value);
    return true;
}

bool load_negative(bytes_view data, std::int64_t& out) noexcept {
    while (data.size() > 8 && data.back() == std::byte{0xFF}) data = data.first(data.size() - 1);
    if (data.size() > 8) return false;
    const auto fill = data.size() == 8 ? 0 : ~std::uint64_t{0} << (8 * data.size());
    const auto value = static_cast<std::int64_t>(detail::load_short(data.data(), data.size()) | fill);
    if (value >= 0) return false; // eight bytes with the top bit clear: below -2^63
    out = value;
    return true;
}

bool load_integer(const item& in, std::int64_t& out) noexcept {
    return in.code == item_code::positive ? load_positive(in.data, out) : load_negative(in.data, out);
}

bool load_decimal(const item& in, decimal& out) noexcept {
    if (in.data.empty()) { // no exponent at all: only zero can be meant
        out = {};
        return in.code == item_code::decimal_positive;
    }
    out.exponent = detail::load_exponent(in.data[0]);
    const auto mantissa = in.data.subspan(1);
    return in.code == item_code::decimal_positive ? load_positive(mantissa, out.mantissa) : load_negative(mantissa, out.mantissa);
}

// Short data holds the most significant bytes; the missing low ones are zero.
template <class Bits> Bits load_high(bytes_view data) noexcept {
    Bits value = 0;
    std::size_t shift = (sizeof(Bits) - data.size()) * 8;
    for (const auto byte : data) {
        value |= static_cast<Bits>(std::to_integer<Bits>(byte) << shift);
        shift += 8;
    }
    return value;
}

enum class real_width : std::uint8_t { none, single, binary64 };

real_width load_real(const item& in, float& single, double& value) noexcept {
    const auto size = in.data.size();
    if (in.code == item_code::real && size <= 4) {
        single = std::bit_cast<float>(size == 0 ? 0U : load_high<std::uint32_t>(in.data));
        value = static_cast<double>(single);
        return real_width::single;
    }
    if (size > 8 || (in.code == item_code::real && size != 8)) return real_width::none;
    value = std::bit_cast<double>(size == 0 ? std::uint64_t{0} : load_high<std::uint64_t>(in.data));
    return real_width::binary64;
}

// The longest text that is looked at as a number: conversions that cannot fail copy no more than this, whatever
// the peer sent. (A decimal of 19 digits and any exponent is far shorter; blanks and zeros have room.)
constexpr std::size_t longest_number = 512;

bool is_too_long_for_a_number(const item& in) noexcept {
    if (in.code == item_code::text16) return in.data.size() > 2 * longest_number;
    return in.code == item_code::text8 && in.text_data().size() > longest_number;
}

bool is_real(item_code code) noexcept {
    return code == item_code::real || code == item_code::compact_real;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

coercion integer_of_decimal(decimal value, std::int64_t& out) noexcept {
    if (value.exponent >= 0 || value.mantissa == 0) {
        bool exact = true;
        const auto whole = rescale(value, 0, exact);
        if (!whole) return coercion::out_of_range;
        out = *whole;
        return coercion::ok;
    }
    // Fractions are dropped, not rounded (wire-sql 1.9).
    std::int64_t whole = value.mantissa;
    bool lost = false;
    for (int i = value.exponent; i < 0 && whole != 0; ++i) {
        lost = lost || whole % 10 != 0;
        whole /= 10;
    }
    out = whole;
    return lost ? coercion::fraction_truncated : coercion::ok;
}

coercion integer_of_real(double value, std::int64_t& out) noexcept {
    if (!std::isfinite(value)) return coercion::out_of_range;
    const double whole = std::trunc(value);
    if (whole < -9223372036854775808.0 || whole >= 9223372036854775808.0) return coercion::out_of_range;
    out = static_cast<std::int64_t>(whole);
    return whole == value ? coercion::ok : coercion::fraction_truncated;
}

// from_chars knows no plus sign; "+-1" must not become a number by skipping it.
std::size_t plus_sign(std::string_view text) noexcept {
    return text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0;
}

// Numbers in text: integers exactly, everything else by way of a decimal.
coercion integer_of_text(std::string_view text, std::int64_t& out) noexcept {
    text = trimmed(text);
    if (text.empty()) {
        out = 0;
        return coercion::ok;
    }
    const auto* first = text.data() + plus_sign(text);
    const auto* const last = text.data() + text.size();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(first, last, value);
    if (end == last && error == std::errc{}) {
        out = value;
        return coercion::ok;
    }
    if (end == last && error == std::errc::result_out_of_range) return coercion::out_of_range;
    const auto number = parse_decimal(text);
    if (!number) return coercion::bad_literal;
    return integer_of_decimal(*number, out);
}

template <class Number> void append_number(std::string& out, Number value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

template <class Real> void append_real(std::string& out, Real value) {
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value < 0 ? "-Infinity" : "Infinity";
    } else {
        append_number(out, value);
    }
}

} // namespace

void append_text(std::string& out, double value) {
    append_real(out, value);
}

void append_text(std::string& out, float value) {
    append_real(out, value);
}

bool is_single(const item& in) noexcept {
    return in.code == item_code::real && in.data.size() <= 4;
}

coercion integer_of_item(const item& in, std::int64_t& out) noexcept {
    if (in.is_null()) return coercion::null;
    if (is_too_long_for_a_number(in)) return coercion::bad_literal;
    switch (in.code) {
    case item_code::positive:
    case item_code::negative: return load_integer(in, out) ? coercion::ok : coercion::out_of_range;
    case item_code::decimal_positive:
    case item_code::decimal_negative: {
        decimal value;
        return load_decimal(in, value) ? integer_of_decimal(value, out) : coercion::out_of_range;
    }
    case item_code::real:
    case item_code::compact_real: {
        float single = 0;
        double value = 0;
        return load_real(in, single, value) == real_width::none ? coercion::not_convertible : integer_of_real(value, out);
    }
    case item_code::text8: return integer_of_text(as_text(in.text_data()), out);
    case item_code::text16: {
        std::string text;
        if (!append_utf8_from_utf16(text, in.data)) return coercion::bad_literal;
        return integer_of_text(text, out);
    }
    default: return coercion::not_convertible;
    }
}

coercion decimal_of_item(const item& in, decimal& out) noexcept {
    if (in.is_null()) return coercion::null;
    if (is_too_long_for_a_number(in)) return coercion::bad_literal;
    switch (in.code) {
    case item_code::positive:
    case item_code::negative: out.exponent = 0; return load_integer(in, out.mantissa) ? coercion::ok : coercion::out_of_range;
    case item_code::decimal_positive:
    case item_code::decimal_negative: return load_decimal(in, out) ? coercion::ok : coercion::out_of_range;
    default: break;
    }
    std::string text;
    if (is_real(in.code)) {
        float single = 0;
        double value = 0;
        const auto width = load_real(in, single, value);
        if (width == real_width::none) return coercion::not_convertible;
        if (!std::isfinite(value)) return coercion::out_of_range;
        if (width == real_width::single) {
            append_real(text, single);
        } else {
            append_real(text, value);
        }
    } else if (in.code == item_code::text8) {
        text = as_text(in.text_data());
    } else if (in.code != item_code::text16 || !append_utf8_from_utf16(text, in.data)) {
        return in.code == item_code::text16 ? coercion::bad_literal : coercion::not_convertible;
    }
    const auto trimmed_text = trimmed(text);
    const auto number = parse_decimal(trimmed_text);
    if (!number) return is_real(in.code) ? coercion::out_of_range : coercion::bad_literal;
    out = *number;
    return coercion::ok;
}

coercion to_real(const item& in, double& out) noexcept {
    if (in.is_null()) return coercion::null;
    if (is_too_long_for_a_number(in)) return coercion::bad_literal;
    switch (in.code) {
    case item_code::positive:
    case item_code::negative: {
        std::int64_t value = 0;
        if (!load_integer(in, value)) return coercion::out_of_range;
        out = static_cast<double>(value);
        return coercion::ok;
    }
    case item_code::decimal_positive:
    case item_code::decimal_negative: {
        decimal value;
        if (!load_decimal(in, value)) return coercion::out_of_range;
        out = to_double(value);
        return coercion::ok;
    }
    case item_code::real:
    case item_code::compact_real: {
        float single = 0;
        return load_real(in, single, out) == real_width::none ? coercion::not_convertible : coercion::ok;
    }
    case item_code::text8:
    case item_code::text16: {
        std::string wide;
        if (in.code == item_code::text16 && !append_utf8_from_utf16(wide, in.data)) return coercion::bad_literal;
        const auto text = trimmed(in.code == item_code::text16 ? wide : as_text(in.text_data()));
        if (text.empty()) return coercion::bad_literal;
        const auto* first = text.data() + plus_sign(text);
        const auto* const last = text.data() + text.size();
        double value = 0;
        const auto [end, error] = std::from_chars(first, last, value);
        if (end != last) return coercion::bad_literal;
        if (error == std::errc::result_out_of_range) return coercion::out_of_range;
        if (error != std::errc{}) return coercion::bad_literal;
        out = value;
        return coercion::ok;
    }
    default: return coercion::not_convertible;
    }
}

coercion to_text(const item& in, const session_format& format, std::string& out) {
    if (in.is_null()) return coercion::null;
    switch (in.code) {
    case item_code::positive:
    case item_code::negative: {
        std::int64_t value = 0;
        if (!load_integer(in, value)) return coercion::out_of_range;
        append_number(out, value);
        return coercion::ok;
    }
    case item_code::decimal_positive:
    case item_code::decimal_negative: {
        decimal value;
        if (!load_decimal(in, value)) return coercion::out_of_range;
        append_text(out, value);
        return coercion::ok;
    }
    case item_code::real:
    case item_code::compact_real: {
        float single = 0;
        double value = 0;
        switch (load_real(in, single, value)) {
        case real_width::none: return coercion::not_convertible;
        case real_width::single: append_real(out, single); break;
        case real_width::binary64: append_real(out, value); break;
        }
        return coercion::ok;
    }
    case item_code::text8:
    case item_code::object8:
    case item_code::old_object8: append_utf8(out, in.text_data(), format.locale); return coercion::ok;
    case item_code::text16:
    case item_code::object16:
    case item_code::old_object16: return append_utf8_from_utf16(out, in.data) ? coercion::ok : coercion::bad_literal;
    default: return coercion::not_convertible;
    }
}

coercion text_of_item(const item& in, const session_format& format, std::string& out) {
    const auto text = in.text_data();
    std::array<char, 512> room;
    if (in.code != item_code::text8 || format.locale != charset::latin1 || in.is_null() || 2 * text.size() > room.size()) {
        out.clear();
        return to_text(in, format, out);
    }
    // Latin-1 is Unicode as it stands: no table, and no branch to be guessed wrong.
    char* to = room.data();
    for (const auto byte : text) {
        const auto c = std::to_integer<unsigned>(byte);
        const unsigned high = c >> 7U;
        to[high] = static_cast<char>(0x80U | (c & 0x3FU));
        to[0] = static_cast<char>(high != 0 ? 0xC0U | c >> 6U : c);
        to += 1 + high;
    }
    out.assign(room.data(), static_cast<std::size_t>(to - room.data()));
    return coercion::ok;
}

bool ascii_of_text(const item& in, std::span<char> room, std::string_view& out) noexcept {
    if (in.code == item_code::text8) {
        if (in.text_data().size() > room.size()) return false;
        out = trimmed(as_text(in.text_data()));
        return true;
    }
    if (in.data.size() % 2 != 0 || in.data.size() / 2 > room.size()) return false;
    for (std::size_t i = 0; i < in.data.size() / 2; ++i) {
        const auto unit = load_u16(in.data.data() + 2 * i);
        if (unit >= 0x80) return false;
        room[i] = static_cast<char>(unit);
    }
    out = trimmed({room.data(), in.data.size() / 2});
    return true;
}

coercion to_bytes(const item& in, std::string& storage, bytes_view& out) {
    if (in.is_null()) return coercion::null;
    if (in.code == item_code::text8) {
        out = in.text_data();
        return coercion::ok;
    }
    if (in.code == item_code::text16) {
        storage.clear();
        const bool valid = append_utf8_from_utf16(storage, in.data);
        out = as_bytes(storage);
        return valid ? coercion::ok : coercion::bad_literal;
    }
    if (in.code == item_code::positive || in.code == item_code::negative) {
        std::int64_t value = 0;
        if (!load_integer(in, value)) return coercion::out_of_range;
        storage.clear();
        append_number(storage, value);
        out = as_bytes(storage);
        return coercion::ok;
    }
    return coercion::not_convertible;
}

} // namespace irislink::wire
