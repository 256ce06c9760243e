#pragma once
// The functions of the fetch table, by the family of SQL types they read. Each is one cell of
// odbc/convert/table.cpp; NULL and SQLGetData's end are dealt with before they run.

#include <charconv>
#include <concepts>
#include <limits>
#include <type_traits>

#include "odbc/convert/ascii.hpp"
#include "odbc/convert/datetime.hpp"
#include "odbc/convert/guid.hpp"
#include "odbc/convert/interval.hpp"
#include "odbc/convert/number.hpp"
#include "odbc/convert/place.hpp"
#include "wire/codec/coerce.hpp"
#include "wire/types/fixed_timestamp.hpp"

namespace irislink::odbc::cells {

// ---- character ---------------------------------------------------------------------------------

// What an item that holds no text says in a character column: numbers are stored as numbers
// (wire-sql 8.5).
template <class Place> outcome with_number_text(const source& in, Place&& place) noexcept {
    number value;
    const auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    number_text storage;
    std::size_t whole = 0;
    return place(to_text(value, 0, storage, whole));
}

template <class Out> outcome place_characters(const source& in, target& out, text_end ending) noexcept {
    if (wire::is_wide_code(in.value.code)) {
        using decoder = std::conditional_t<std::is_same_v<Out, utf16_out>, utf16_kept_in, utf16_in>;
        return place_text<decoder, Out>({}, in.value.data, out, ending);
    }
    if (wire::is_text_code(in.value.code)) return place_text<narrow_in, Out>(narrow_in(in.format.locale), in.content(), out, ending);
    return with_number_text(in, [&](std::string_view text) {
        return place_text<narrow_in, Out>(narrow_in(wire::charset::latin1), wire::as_bytes(text), out, ending);
    });
}

template <class Out> outcome character_to_text(const source& in, target& out) noexcept {
    return place_characters<Out>(in, out, text_end::terminated);
}

// The bytes of the text as SQL_C_CHAR has them, without terminator.
inline outcome character_to_binary(const source& in, target& out) noexcept {
    return place_characters<utf8_out>(in, out, text_end::filled);
}

inline literal_kind read_literal(const source& in, wire::timestamp& out, bool& lost) noexcept {
    ascii_storage storage;
    const auto text = ascii_of(in.value, storage);
    return text ? parse_datetime(*text, out, lost) : literal_kind::none;
}

inline outcome character_to_date(const source& in, target& out) noexcept {
    wire::timestamp value;
    bool lost = false;
    const auto kind = read_literal(in, value, lost);
    if (kind != literal_kind::date && kind != literal_kind::timestamp) return outcome::bad_literal;
    return place_value(out, date_struct(value.day), is_midnight(value.time) && !lost ? outcome::ok : outcome::fraction_truncated);
}

inline outcome character_to_time(const source& in, target& out) noexcept {
    wire::timestamp value;
    bool lost = false;
    const auto kind = read_literal(in, value, lost);
    if (kind != literal_kind::time && kind != literal_kind::timestamp) return outcome::bad_literal;
    return place_value(out, time_struct(value.time), value.time.nanosecond == 0 && !lost ? outcome::ok : outcome::fraction_truncated);
}

inline outcome character_to_timestamp(const source& in, target& out) noexcept {
    wire::timestamp value;
    bool lost = false;
    const auto kind = read_literal(in, value, lost);
    if (kind == literal_kind::none) return outcome::bad_literal;
    if (kind == literal_kind::time) value.day = current_date();
    return place_value(out, timestamp_struct(value), lost ? outcome::fraction_truncated : outcome::ok);
}

template <std::size_t Shape> outcome place_interval(const interval& value, target& out) noexcept {
    SQL_INTERVAL_STRUCT made;
    const auto result = to_struct(value, interval_shapes[Shape], out.leading_precision, out.precision, made);
    return is_error(result) ? result : place_value(out, made, result);
}

template <std::size_t Shape> outcome character_to_interval(const source& in, target& out) noexcept {
    ascii_storage storage;
    interval value;
    const auto text = ascii_of(in.value, storage);
    if (!text) return outcome::bad_literal;
    const auto result = parse_interval(*text, interval_shapes[Shape], value);
    return is_error(result) ? result : place_interval<Shape>(value, out);
}

inline outcome character_to_guid(const source& in, target& out) noexcept {
    ascii_storage storage;
    SQLGUID value;
    const auto text = ascii_of(in.value, storage);
    if (!text || !parse_guid(*text, value)) return outcome::bad_literal;
    return place_value(out, value);
}

// ---- numbers, from any column that can hold one --------------------------------------------------

inline bool is_integer_item(const wire::item& in) noexcept {
    return in.code == wire::item_code::positive || in.code == wire::item_code::negative;
}

template <std::integral Int> outcome number_to_integer(const source& in, target& out) noexcept {
    if (is_integer_item(in.value)) [[likely]] {
        std::int64_t whole = 0;
        if (wire::to_integer(in.value, whole) != wire::coercion::ok || !std::in_range<Int>(whole)) return outcome::out_of_range;
        return place_value(out, static_cast<Int>(whole));
    }
    number value;
    auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    if constexpr (std::is_signed_v<Int>) {
        std::int64_t whole = 0;
        result = to_signed(value, std::numeric_limits<Int>::min(), std::numeric_limits<Int>::max(), whole);
        return is_error(result) ? result : place_value(out, static_cast<Int>(whole), result);
    } else {
        std::uint64_t whole = 0;
        result = to_unsigned(value, std::numeric_limits<Int>::max(), whole);
        return is_error(result) ? result : place_value(out, static_cast<Int>(whole), result);
    }
}

inline bool is_real_item(const wire::item& in) noexcept {
    return in.code == wire::item_code::real || in.code == wire::item_code::compact_real;
}

template <std::floating_point Real> outcome number_to_real(const source& in, target& out) noexcept {
    if constexpr (std::is_same_v<Real, double>) {
        if (double value = 0; is_real_item(in.value) && wire::to_real(in.value, value) == wire::coercion::ok) return place_value(out, value);
    }
    number value;
    auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    Real made = 0;
    if constexpr (std::is_same_v<Real, float>) {
        result = to_float(value, made);
    } else {
        result = to_double(value, made);
    }
    // The text is exact for any number of digits, which `value` is not; what fails leaves `made` alone.
    if (value.inexact && !is_error(result)) (void)text_to_real(in.value, made);
    return is_error(result) ? result : place_value(out, made);
}

inline outcome number_to_numeric(const source& in, target& out) noexcept {
    number value;
    auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    SQL_NUMERIC_STRUCT made;
    result = to_numeric(value, out.precision, out.scale, made);
    return is_error(result) ? result : place_value(out, made, result);
}

// 0 and 1 are bits; what lies between 0 and 2 is cut to one.
inline outcome number_to_bit(const source& in, target& out) noexcept {
    number value;
    auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    std::uint64_t whole = 0;
    result = to_unsigned(value, 1, whole);
    if (is_error(result)) return result;
    // Between -1 and 0: less than 0 all the same.
    if (result == outcome::fraction_truncated && (value.is_real ? value.real < 0 : value.negative)) return outcome::out_of_range;
    return place_value(out, static_cast<unsigned char>(whole), result);
}

inline bool is_decimal_item(const wire::item& in) noexcept {
    return in.code == wire::item_code::decimal_positive || in.code == wire::item_code::decimal_negative;
}

template <class Out> outcome place_fixed(const fixed_number& value, target& out) noexcept {
    if constexpr (std::is_same_v<Out, utf8_out>) { // straight into a bound column
        if (out.chunk == nullptr && out.data != nullptr && out.capacity > static_cast<SQLLEN>(value.size())) {
            auto* const to = static_cast<char*>(out.data);
            value.write(to);
            to[value.size()] = '\0';
            tell_length(out, static_cast<SQLLEN>(value.size()));
            return outcome::ok;
        }
    }
    number_text storage;
    value.write(storage.data());
    return place_ascii<Out>({storage.data(), value.size()}, value.whole(), out);
}

template <class Out> outcome number_to_text(const source& in, target& out) noexcept {
    if (wire::is_text_code(in.value.code) && !wire::is_wide_code(in.value.code)) { // the server's own digits
        const auto text = wire::as_text(in.content());
        return place_ascii<Out>(text, std::min(text.find('.'), text.size()), out);
    }
    const auto type = in.described.type;
    const bool scaled = type == sql_type::numeric || type == sql_type::decimal_type;
    const int least_scale = scaled ? in.described.scale : 0;
    if (is_integer_item(in.value)) {
        std::int64_t whole = 0;
        if (wire::to_integer(in.value, whole) != wire::coercion::ok) return outcome::out_of_range;
        return place_fixed<Out>({whole, 0, least_scale}, out);
    }
    if (is_decimal_item(in.value)) {
        wire::decimal value;
        if (wire::to_decimal(in.value, value) != wire::coercion::ok) return outcome::out_of_range;
        if (value.exponent <= 0 && value.exponent >= -fixed_number::most_fraction) return place_fixed<Out>({value.mantissa, -value.exponent, least_scale}, out);
    }
    number_text storage;
    number value;
    const auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    std::size_t whole = 0;
    const auto text = to_text(value, least_scale, storage, whole);
    return place_ascii<Out>(text, whole, out);
}

template <std::size_t Shape> outcome number_to_interval(const source& in, target& out) noexcept {
    number value;
    auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    if (value.is_real) return outcome::bad_server_value; // an exact type does not send one
    interval made;
    result = interval_of(value, interval_shapes[Shape], made);
    return is_error(result) ? result : place_interval<Shape>(made, out);
}

// SQL_C_BINARY of a number: the C type that SQL_C_DEFAULT stands for, or SQL_NUMERIC_STRUCT.
inline outcome exact_to_binary(const source& in, target& out) noexcept {
    number value;
    auto result = read_number(in.value, value);
    if (is_error(result)) return result;
    SQL_NUMERIC_STRUCT made;
    const int scale = std::max(in.described.scale, value.is_real ? 0 : -std::min(value.exponent, 0));
    result = to_numeric(value, static_cast<int>(std::min<std::int64_t>(in.described.precision, most_digits)), scale, made);
    if (result != outcome::ok) result = to_numeric(value, most_digits, scale, made);
    return is_error(result) ? result : place_image(out, made);
}

template <std::integral Int> outcome integer_image(const source& in, target& out) noexcept {
    if (out.capacity < static_cast<SQLLEN>(sizeof(Int))) return outcome::out_of_range;
    return number_to_integer<Int>(in, out);
}

inline outcome integer_to_binary(const source& in, target& out) noexcept {
    switch (in.described.type) {
    case sql_type::tinyint: return integer_image<std::int8_t>(in, out);
    case sql_type::smallint: return integer_image<std::int16_t>(in, out);
    case sql_type::integer: return integer_image<std::int32_t>(in, out);
    default: return integer_image<std::int64_t>(in, out);
    }
}

inline outcome real_to_binary(const source& in, target& out) noexcept {
    const bool single = in.described.type == sql_type::real;
    if (out.capacity < static_cast<SQLLEN>(single ? sizeof(float) : sizeof(double))) return outcome::out_of_range;
    return single ? number_to_real<float>(in, out) : number_to_real<double>(in, out);
}

// ---- bit -----------------------------------------------------------------------------------------

// Not zero is true (wire-sql 8.5).
inline outcome read_bit(const source& in, unsigned char& out) noexcept {
    number value;
    const auto result = read_number(in.value, value);
    out = (value.is_real ? value.real != 0 : value.magnitude != 0 || value.inexact) ? 1 : 0;
    return result;
}

template <class Value> outcome bit_to(const source& in, target& out) noexcept {
    unsigned char bit = 0;
    const auto result = read_bit(in, bit);
    return is_error(result) ? result : place_value(out, static_cast<Value>(bit));
}

inline outcome bit_to_numeric(const source& in, target& out) noexcept {
    number value;
    unsigned char bit = 0;
    auto result = read_bit(in, bit);
    if (is_error(result)) return result;
    value.magnitude = bit;
    SQL_NUMERIC_STRUCT made;
    result = to_numeric(value, out.precision, out.scale, made);
    return is_error(result) ? result : place_value(out, made, result);
}

template <class Out> outcome bit_to_text(const source& in, target& out) noexcept {
    unsigned char bit = 0;
    const auto result = read_bit(in, bit);
    return is_error(result) ? result : place_ascii<Out>(bit == 0 ? "0" : "1", 1, out);
}

inline outcome bit_to_binary(const source& in, target& out) noexcept {
    unsigned char bit = 0;
    const auto result = read_bit(in, bit);
    return is_error(result) ? result : place_image(out, bit);
}

// ---- binary --------------------------------------------------------------------------------------

template <class Out> outcome binary_to_text(const source& in, target& out) noexcept {
    if (wire::is_wide_code(in.value.code) || !wire::is_text_code(in.value.code)) return outcome::bad_server_value;
    return place_text<hex_in, hex_out<Out>>({}, in.content(), out);
}

inline outcome binary_to_binary(const source& in, target& out) noexcept {
    if (wire::is_wide_code(in.value.code) || !wire::is_text_code(in.value.code)) return character_to_binary(in, out); // wire-sql 8.5
    return place_bytes(in.content(), out);
}

// ---- dates and times -----------------------------------------------------------------------------

inline outcome outcome_of_datetime(wire::coercion in) noexcept {
    switch (in) {
    case wire::coercion::ok: return outcome::ok;
    case wire::coercion::bad_literal: return outcome::bad_literal;
    case wire::coercion::out_of_range: return outcome::datetime_overflow;
    default: return outcome::bad_server_value;
    }
}

struct date_column {
    using value = wire::date;
    static constexpr std::size_t whole = 10;

    static outcome read(const source& in, value& out) noexcept { return outcome_of_datetime(wire::to_date(in.value, out)); }

    static SQL_DATE_STRUCT image(const value& in) noexcept { return date_struct(in); }
};

struct time_column {
    using value = wire::time_of_day;
    static constexpr std::size_t whole = 8;

    static outcome read(const source& in, value& out) noexcept { return outcome_of_datetime(wire::to_time(in.value, out)); }

    static SQL_TIME_STRUCT image(const value& in) noexcept { return time_struct(in); }
};

struct timestamp_column {
    using value = wire::timestamp;
    static constexpr std::size_t whole = 19;

    static outcome read(const source& in, value& out) noexcept { return outcome_of_datetime(wire::to_timestamp(in.value, out)); }

    static SQL_TIMESTAMP_STRUCT image(const value& in) noexcept { return timestamp_struct(in); }
};

template <class Column, class Out> outcome datetime_to_text(const source& in, target& out) noexcept {
    typename Column::value value;
    const auto result = Column::read(in, value);
    if (is_error(result)) return result;
    datetime_text storage;
    return place_ascii<Out>(to_text(value, storage), Column::whole, out);
}

template <class Column> outcome datetime_to_binary(const source& in, target& out) noexcept {
    typename Column::value value;
    const auto result = Column::read(in, value);
    return is_error(result) ? result : place_image(out, Column::image(value));
}

inline outcome date_to_date(const source& in, target& out) noexcept {
    wire::date value;
    const auto result = date_column::read(in, value);
    return is_error(result) ? result : place_value(out, date_struct(value));
}

inline outcome date_to_timestamp(const source& in, target& out) noexcept {
    wire::timestamp value;
    const auto result = date_column::read(in, value.day);
    return is_error(result) ? result : place_value(out, timestamp_struct(value));
}

inline outcome time_to_time(const source& in, target& out) noexcept {
    wire::time_of_day value;
    const auto result = time_column::read(in, value);
    if (is_error(result)) return result;
    return place_value(out, time_struct(value), value.nanosecond == 0 ? outcome::ok : outcome::fraction_truncated);
}

// ODBC's own TIME has no fraction; ours has, and the structure has room for it.
inline outcome time_to_timestamp(const source& in, target& out) noexcept {
    wire::timestamp value;
    const auto result = time_column::read(in, value.time);
    if (is_error(result)) return result;
    value.day = current_date();
    return place_value(out, timestamp_struct(value));
}

inline outcome timestamp_to_date(const source& in, target& out) noexcept {
    wire::timestamp value;
    const auto result = timestamp_column::read(in, value);
    if (is_error(result)) return result;
    return place_value(out, date_struct(value.day), is_midnight(value.time) ? outcome::ok : outcome::fraction_truncated);
}

inline outcome timestamp_to_time(const source& in, target& out) noexcept {
    wire::timestamp value;
    const auto result = timestamp_column::read(in, value);
    if (is_error(result)) return result;
    return place_value(out, time_struct(value.time), value.time.nanosecond == 0 ? outcome::ok : outcome::fraction_truncated);
}

inline outcome timestamp_to_timestamp(const source& in, target& out) noexcept {
    if (timestamp_fields fields; in.value.code == wire::item_code::text8 && wire::take_fixed_timestamp(wire::as_text(in.value.data), fields)) [[likely]]
        return place_value(out, timestamp_image(fields));
    wire::timestamp value;
    const auto result = timestamp_column::read(in, value);
    return is_error(result) ? result : place_value(out, timestamp_struct(value));
}

// ---- GUID ----------------------------------------------------------------------------------------

template <class Out> outcome guid_to_text(const source& in, target& out) noexcept {
    ascii_storage storage;
    const auto text = ascii_of(in.value, storage);
    if (!text) return outcome::bad_server_value;
    return place_ascii<Out>(*text, text->size(), out);
}

inline outcome guid_to_binary(const source& in, target& out) noexcept {
    if (out.capacity < static_cast<SQLLEN>(sizeof(SQLGUID))) return outcome::out_of_range;
    return character_to_guid(in, out);
}

} // namespace irislink::odbc::cells
