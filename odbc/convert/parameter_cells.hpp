#pragma once
// The functions of the parameter table. What a C type holds is read by one of the `from_` types below
// (a number, a date, ...); what the SQL type makes of it is one function per family.

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>

#include "driver/value/convert.hpp"
#include "odbc/convert/ascii.hpp"
#include "odbc/convert/datetime.hpp"
#include "odbc/convert/guid.hpp"
#include "odbc/convert/interval.hpp"
#include "odbc/convert/number.hpp"
#include "odbc/convert/parameter.hpp"
#include "odbc/convert/text_units.hpp"

namespace irislink::odbc::parameter_cells {

template <class Value> Value load(const parameter& in) noexcept {
    Value out;
    std::memcpy(&out, in.data, sizeof out); // row-wise binding may be unaligned
    return out;
}

// ---- text and bytes of the application -----------------------------------------------------------

// The bytes that the length or the terminator tells; false: no such length.
template <std::size_t Unit> bool text_bytes(const parameter& in, wire::bytes_view& out) noexcept {
    const auto* const at = static_cast<const std::byte*>(in.data);
    if (in.length == SQL_NTS) {
        if (at == nullptr) return false;
        std::size_t size = 0;
        const auto limit = in.capacity > 0 ? static_cast<std::size_t>(in.capacity) / Unit : std::numeric_limits<std::size_t>::max();
        static constexpr std::byte zero[Unit]{};
        while (size < limit && std::memcmp(at + size * Unit, zero, Unit) != 0) ++size;
        out = {at, size * Unit};
        return true;
    }
    if (in.length < 0 || in.length % static_cast<SQLLEN>(Unit) != 0 || (at == nullptr && in.length > 0)) return false;
    out = {at, static_cast<std::size_t>(in.length)};
    return true;
}

// SQL_C_CHAR and SQL_C_WCHAR, by the bytes of a unit.
template <std::size_t Unit> struct from_text {
    static constexpr bool is_text = true;

    // Whole, as UTF-8.
    static outcome text(const parameter& in, std::string& out) {
        wire::bytes_view data;
        if (!text_bytes<Unit>(in, data)) return outcome::bad_length;
        if constexpr (Unit == 1) {
            if (!wire::utf16_length(wire::as_text(data))) return outcome::bad_literal;
            out = wire::as_text(data);
        } else if constexpr (Unit == 2) {
            out.clear();
            if (!wire::append_utf8_from_utf16(out, data)) return outcome::bad_literal;
        } else {
            out.clear();
            for (std::size_t at = 0; at < data.size(); at += 4) {
                const char32_t c = wire::load_u32(data.data() + at);
                if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return outcome::bad_literal;
                wire::append_utf8(out, c);
            }
        }
        return outcome::ok;
    }

    // As ASCII, for what is read as a value. Views the buffer or `storage`.
    static outcome ascii(const parameter& in, ascii_storage& storage, std::string_view& out) noexcept {
        wire::bytes_view data;
        if (!text_bytes<Unit>(in, data)) return outcome::bad_length;
        if constexpr (Unit == 1) {
            out = wire::as_text(data);
        } else {
            std::size_t size = 0;
            for (std::size_t at = 0; at < data.size(); at += Unit) {
                std::uint32_t unit = 0;
                std::memcpy(&unit, data.data() + at, Unit); // little-endian, like everything here
                if (unit == ' ' && size == 0) continue;
                if (unit >= 0x80 || (size == storage.size() && unit != ' ')) return outcome::bad_literal;
                if (size < storage.size()) storage[size++] = static_cast<char>(unit);
            }
            out = {storage.data(), size};
        }
        return outcome::ok;
    }

    static outcome read(const parameter& in, number& out) noexcept {
        ascii_storage storage;
        std::string_view text;
        const auto result = ascii(in, storage, text);
        if (is_error(result)) return result;
        return parse_number(text, out) ? outcome::ok : outcome::bad_literal;
    }
};

inline bool longer_than_declared(const parameter& in, std::size_t size) noexcept {
    return in.column_size > 0 && size > in.column_size;
}

inline outcome put_text(const parameter& in, std::string_view ascii, value& out) {
    if (longer_than_declared(in, ascii.size())) return outcome::text_too_long;
    out = std::string(ascii);
    return outcome::ok;
}

template <class From> outcome text_to_character(const parameter& in, value& out) {
    std::string text;
    const auto result = From::text(in, text);
    if (is_error(result)) return result;
    // UTF-16 units, as the server's VARCHAR counts; UTF-8 never has fewer bytes than that.
    if (longer_than_declared(in, text.size()) && longer_than_declared(in, wire::utf16_length(text).value_or(text.size()))) return outcome::text_too_long;
    out = std::move(text);
    return outcome::ok;
}

// Pairs of hexadecimal digits; an odd last one is not converted (Appendix D, "C to SQL: Character").
template <class From> outcome text_to_binary(const parameter& in, value& out) {
    std::string text;
    const auto result = From::text(in, text);
    if (is_error(result)) return result;
    bytes made;
    made.reserve(text.size() / 2);
    const auto digit = [](char c) { return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        const int high = digit(text[at]);
        const int low = digit(text[at + 1]);
        if (high < 0 || low < 0) return outcome::bad_literal;
        made.push_back(static_cast<std::byte>(high << 4 | low));
    }
    if (text.size() % 2 != 0 && digit(text.back()) < 0) return outcome::bad_literal;
    if (longer_than_declared(in, made.size())) return outcome::text_too_long;
    out = std::move(made);
    return outcome::ok;
}

// ---- numbers -------------------------------------------------------------------------------------

template <class C> struct from_integer {
    static constexpr bool is_text = false;

    static outcome read(const parameter& in, number& out) noexcept {
        const auto value = load<C>(in);
        out = {};
        if constexpr (std::is_signed_v<C>) {
            out.negative = value < 0;
            out.magnitude = out.negative ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
        } else {
            out.magnitude = value;
        }
        return outcome::ok;
    }
};

template <class C> struct from_real {
    static constexpr bool is_text = false;

    static outcome read(const parameter& in, number& out) noexcept {
        out = {};
        out.is_real = true;
        out.is_single = std::is_same_v<C, float>;
        out.real = static_cast<double>(load<C>(in));
        return outcome::ok;
    }
};

struct from_bit {
    static constexpr bool is_text = false;

    static outcome read(const parameter& in, number& out) noexcept {
        out = {};
        out.magnitude = load<unsigned char>(in) != 0 ? 1 : 0;
        return outcome::ok;
    }
};

struct from_numeric_struct {
    static constexpr bool is_text = false;

    static outcome read(const parameter& in, number& out) noexcept {
        auto value = load<SQL_NUMERIC_STRUCT>(in);
        value.scale = static_cast<SQLSCHAR>(in.scale); // the structure's own is for output only ("C Data Types", note [e])
        return from_numeric(value, out) ? outcome::ok : outcome::out_of_range;
    }
};

// The structure for a numeric SQL type, as SQL_C_BINARY.
template <class From, std::size_t Size> struct from_image {
    static constexpr bool is_text = false;

    static outcome read(const parameter& in, number& out) noexcept {
        if (in.length != static_cast<SQLLEN>(Size)) return outcome::out_of_range;
        return From::read(in, out);
    }
};

// A single-field interval.
template <std::size_t Shape> struct from_interval {
    static constexpr bool is_text = false;

    static outcome read_interval(const parameter& in, interval& out) noexcept {
        interval_shape shape;
        if (!from_struct(load<SQL_INTERVAL_STRUCT>(in), in.precision, out, shape)) return outcome::interval_overflow;
        return shape.tag == interval_shapes[Shape].tag ? outcome::ok : outcome::interval_overflow;
    }

    static outcome read(const parameter& in, number& out) noexcept {
        interval value;
        const auto result = read_interval(in, value);
        if (!is_error(result)) out = to_number(value, interval_shapes[Shape]);
        return result;
    }
};

template <class From> outcome number_to_character(const parameter& in, value& out) {
    number value;
    const auto result = From::read(in, value);
    if (is_error(result)) return result;
    number_text storage;
    std::size_t whole = 0;
    return put_text(in, to_text(value, 0, storage, whole), out);
}

// What is lost of a number: text has its own words for it.
template <class From> constexpr outcome lost_digits = From::is_text ? outcome::text_too_long : outcome::out_of_range;

template <class From> outcome number_to_integer(const parameter& in, value& out) {
    number value;
    auto result = From::read(in, value);
    if (is_error(result)) return result;
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
    if (in.sql_code == SQL_TINYINT) {
        low = std::numeric_limits<std::int8_t>::min();
        high = std::numeric_limits<std::int8_t>::max();
    } else if (in.sql_code == SQL_SMALLINT) {
        low = std::numeric_limits<std::int16_t>::min();
        high = std::numeric_limits<std::int16_t>::max();
    } else if (in.sql_code == SQL_INTEGER) {
        low = std::numeric_limits<std::int32_t>::min();
        high = std::numeric_limits<std::int32_t>::max();
    }
    std::int64_t whole = 0;
    result = to_signed(value, low, high, whole);
    if (result == outcome::out_of_range) return lost_digits<From>;
    if (result == outcome::fraction_truncated && From::is_text) return outcome::text_too_long;
    out = whole;
    return result;
}

// Declared digits before the point; sizes of 0 declare nothing.
inline bool fits_declared(const parameter& in, const number& value) noexcept {
    if (in.column_size == 0 || in.column_size > SQLULEN{most_digits} || in.decimals < 0) return true;
    SQL_NUMERIC_STRUCT unused;
    return !is_error(to_numeric(value, static_cast<int>(in.column_size), in.decimals, unused));
}

// Never through a double. Digits beyond the declared scale are the server's to round, except for text,
// where ODBC wants 22001.
template <class From> outcome number_to_exact(const parameter& in, value& out) {
    number value;
    const auto result = From::read(in, value);
    if (is_error(result)) return result;
    if (value.is_real) {
        if (!(value.real - value.real == 0)) return outcome::out_of_range; // infinite or not a number
        number_text digits;
        std::size_t whole = 0;
        const auto text = to_text(value, 0, digits, whole);
        if (!parse_number(text, value)) return outcome::out_of_range;
    }
    if (!fits_declared(in, value)) return lost_digits<From>;
    if constexpr (From::is_text) {
        uint128 magnitude = 0;
        if (in.column_size > 0 && in.decimals >= 0 && scaled(value, in.decimals, magnitude) != outcome::ok) return outcome::text_too_long;
    }
    wire::decimal made;
    if (to_decimal(value, made)) {
        out = decimal{made.mantissa, made.exponent};
        return outcome::ok;
    }
    if constexpr (From::is_text) {
        ascii_storage storage;
        std::string_view text;
        (void)From::ascii(in, storage, text);
        out = std::string(trim_blanks(text)); // every digit, as the application wrote it
    } else {
        if (value.exponent > 127) return outcome::out_of_range;
        if (value.exponent < -128) { // a double next to nothing
            uint128 magnitude = 0;
            (void)scaled(value, 128, magnitude);
            out = decimal{static_cast<std::int64_t>(value.negative ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude)), -128};
            return outcome::fraction_truncated;
        }
        number_text digits;
        std::size_t whole = 0;
        out = std::string(to_text(value, 0, digits, whole));
    }
    return outcome::ok;
}

template <class From> outcome number_to_real(const parameter& in, value& out) {
    number value;
    auto result = From::read(in, value);
    if (is_error(result)) return result;
    double made = 0;
    result = to_double(value, made);
    if (is_error(result)) return result;
    if constexpr (From::is_text) {
        if (value.inexact) {
            ascii_storage storage;
            std::string_view text;
            (void)From::ascii(in, storage, text);
            (void)text_to_real(text, made);
        }
    }
    if (in.sql_code == SQL_REAL) {
        float narrow = 0;
        if (is_error(to_float(value, narrow))) return outcome::out_of_range;
    }
    out = made;
    return outcome::ok;
}

template <class From> outcome number_to_bit(const parameter& in, value& out) {
    number value;
    auto result = From::read(in, value);
    if (is_error(result)) return result;
    std::uint64_t whole = 0;
    result = to_unsigned(value, 1, whole);
    if (is_error(result)) return outcome::out_of_range;
    if (result == outcome::fraction_truncated) {
        const bool negative = value.is_real ? value.real < 0 : value.negative;
        return negative ? outcome::out_of_range : outcome::text_too_long;
    }
    out = whole != 0;
    return outcome::ok;
}

// ---- binary --------------------------------------------------------------------------------------

inline outcome binary_to_binary(const parameter& in, value& out) {
    if (in.length < 0 || (in.data == nullptr && in.length > 0)) return outcome::bad_length;
    if (longer_than_declared(in, static_cast<std::size_t>(in.length))) return outcome::text_too_long;
    const auto* const first = static_cast<const std::byte*>(in.data);
    out = bytes(first, first + in.length);
    return outcome::ok;
}

inline outcome binary_to_character(const parameter& in, value& out) {
    if (in.length < 0) return outcome::bad_length;
    return text_to_character<from_text<1>>(in, out);
}

inline outcome binary_to_integer(const parameter& in, value& out) {
    switch (in.sql_code) {
    case SQL_TINYINT: return number_to_integer<from_image<from_integer<std::int8_t>, 1>>(in, out);
    case SQL_SMALLINT: return number_to_integer<from_image<from_integer<std::int16_t>, 2>>(in, out);
    case SQL_INTEGER: return number_to_integer<from_image<from_integer<std::int32_t>, 4>>(in, out);
    default: return number_to_integer<from_image<from_integer<std::int64_t>, 8>>(in, out);
    }
}

// The image of a SQL_NUMERIC_STRUCT says its own scale: there is no descriptor for it.
inline outcome binary_to_exact(const parameter& in, value& out) {
    if (in.length != static_cast<SQLLEN>(sizeof(SQL_NUMERIC_STRUCT))) return outcome::out_of_range;
    auto image = in;
    image.scale = load<SQL_NUMERIC_STRUCT>(in).scale;
    return number_to_exact<from_numeric_struct>(image, out);
}

inline outcome binary_to_real(const parameter& in, value& out) {
    if (in.sql_code == SQL_REAL) return number_to_real<from_image<from_real<float>, 4>>(in, out);
    return number_to_real<from_image<from_real<double>, 8>>(in, out);
}

inline outcome binary_to_bit(const parameter& in, value& out) {
    return number_to_bit<from_image<from_integer<std::uint8_t>, 1>>(in, out);
}

// ---- dates and times -----------------------------------------------------------------------------

// Fraction digits that the declared type has no room for. A timestamp's size tells them too (20 and the digits):
// POCO gives the size alone.
inline bool loses_fraction(const parameter& in, std::uint32_t nanosecond) noexcept {
    if (in.column_size == 0 || in.decimals < 0) return false;
    const auto digits = std::max<SQLULEN>(static_cast<SQLULEN>(in.decimals), in.column_size > 20 ? in.column_size - 20 : 0);
    std::uint32_t unit = 1'000'000'000;
    for (SQLULEN i = 0; i < digits && unit > 1; ++i) unit /= 10;
    return nanosecond % unit != 0;
}

inline outcome put_datetime(const parameter& in, literal_kind from, literal_kind to, const wire::timestamp& value, bool lost, irislink::value& out) {
    switch (to) {
    case literal_kind::date:
        if (from == literal_kind::time) return outcome::bad_literal;
        if (lost || (from == literal_kind::timestamp && !is_midnight(value.time))) return outcome::datetime_overflow;
        out = driver::from_wire(value.day);
        return outcome::ok;
    case literal_kind::time:
        if (from == literal_kind::date) return outcome::bad_literal;
        // A timestamp's fraction has no place in ODBC's TIME; a time literal's has in the server's.
        if (lost || (from == literal_kind::timestamp && value.time.nanosecond != 0)) return outcome::datetime_overflow;
        out = driver::from_wire(value.time);
        return outcome::ok;
    default: {
        if (lost || loses_fraction(in, value.time.nanosecond)) return outcome::datetime_overflow;
        auto whole = value;
        if (from == literal_kind::time) whole.day = current_date();
        out = driver::from_wire(whole);
        return outcome::ok;
    }
    }
}

template <class From, literal_kind To> outcome text_to_datetime(const parameter& in, value& out) {
    ascii_storage storage;
    std::string_view text;
    const auto result = From::ascii(in, storage, text);
    if (is_error(result)) return result;
    wire::timestamp value;
    bool lost = false;
    const auto kind = parse_datetime(text, value, lost);
    if (kind == literal_kind::none) return outcome::bad_literal;
    return put_datetime(in, kind, To, value, lost, out);
}

struct from_date {
    static constexpr auto kind = literal_kind::date;
    using image = SQL_DATE_STRUCT;

    static bool read(const parameter& in, wire::timestamp& out) noexcept { return from_struct(load<image>(in), out.day); }

    static std::string_view text(const wire::timestamp& in, datetime_text& storage) noexcept { return to_text(in.day, storage); }
};

struct from_time {
    static constexpr auto kind = literal_kind::time;
    using image = SQL_TIME_STRUCT;

    static bool read(const parameter& in, wire::timestamp& out) noexcept { return from_struct(load<image>(in), out.time); }

    static std::string_view text(const wire::timestamp& in, datetime_text& storage) noexcept { return to_text(in.time, storage); }
};

struct from_timestamp {
    static constexpr auto kind = literal_kind::timestamp;
    using image = SQL_TIMESTAMP_STRUCT;

    static bool read(const parameter& in, wire::timestamp& out) noexcept { return from_struct(load<image>(in), out); }

    static std::string_view text(const wire::timestamp& in, datetime_text& storage) noexcept { return to_text(in, storage); }
};

template <class From, literal_kind To> outcome struct_to_datetime(const parameter& in, value& out) {
    wire::timestamp value;
    if constexpr (From::kind == literal_kind::timestamp && To != literal_kind::timestamp) {
        // The part that is not asked for may be anything ("C to SQL: Timestamp", note [a]).
        const auto whole = load<SQL_TIMESTAMP_STRUCT>(in);
        const bool valid = To == literal_kind::date ? from_struct(SQL_DATE_STRUCT{whole.year, whole.month, whole.day}, value.day)
                                                    : from_struct(SQL_TIME_STRUCT{whole.hour, whole.minute, whole.second}, value.time);
        if (!valid) return outcome::bad_datetime;
        const bool rest = To == literal_kind::date ? (whole.hour | whole.minute | whole.second) != 0 || whole.fraction != 0 : whole.fraction != 0;
        return rest ? outcome::datetime_overflow : put_datetime(in, To, To, value, false, out);
    } else {
        if (!From::read(in, value)) return outcome::bad_datetime;
        return put_datetime(in, From::kind, To, value, false, out);
    }
}

template <class From> outcome struct_to_character(const parameter& in, value& out) {
    wire::timestamp value;
    if (!From::read(in, value)) return outcome::datetime_overflow;
    datetime_text storage;
    return put_text(in, From::text(value, storage), out);
}

template <class From> outcome binary_to_datetime(const parameter& in, value& out) {
    if (in.length != static_cast<SQLLEN>(sizeof(typename From::image))) return outcome::out_of_range;
    return struct_to_datetime<From, From::kind>(in, out);
}

// ---- GUID, intervals -----------------------------------------------------------------------------

template <class From> outcome text_to_guid(const parameter& in, value& out) {
    ascii_storage storage;
    std::string_view text;
    const auto result = From::ascii(in, storage, text);
    if (is_error(result)) return result;
    SQLGUID value;
    if (!parse_guid(text, value)) return outcome::bad_literal;
    guid_text made;
    out = std::string(to_text(value, made));
    return outcome::ok;
}

inline outcome guid_to_character(const parameter& in, value& out) {
    guid_text storage;
    return put_text(in, to_text(load<SQLGUID>(in), storage), out);
}

inline outcome guid_to_guid(const parameter& in, value& out) {
    guid_text storage;
    out = std::string(to_text(load<SQLGUID>(in), storage));
    return outcome::ok;
}

inline outcome binary_to_guid(const parameter& in, value& out) {
    if (in.length != static_cast<SQLLEN>(sizeof(SQLGUID))) return outcome::out_of_range;
    return guid_to_guid(in, out);
}

template <std::size_t Shape> outcome interval_to_character(const parameter& in, value& out) {
    interval value;
    const auto result = from_interval<Shape>::read_interval(in, value);
    if (is_error(result)) return result;
    interval_text storage;
    return put_text(in, to_text(value, interval_shapes[Shape], storage), out);
}

inline outcome no_intervals(const parameter&, value&) {
    return outcome::not_supported;
}

} // namespace irislink::odbc::parameter_cells
