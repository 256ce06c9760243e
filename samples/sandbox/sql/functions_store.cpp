#include <array>
#include <charconv>
#include <limits>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "samples/sandbox/sql/value.hpp"
#include "wire/codec/charset.hpp"
#include "wire/codec/coerce.hpp"
#include "wire/codec/decimal.hpp"

namespace irislink::sandbox::sql {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::optional<wire::decimal> decimal_of(sqlite3_value* value) {
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return wire::decimal{sqlite3_value_int64(value), 0};
    case SQLITE_FLOAT: {
        std::array<char, 40> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), sqlite3_value_double(value)).ptr;
        return wire::parse_decimal({text.data(), static_cast<std::size_t>(end - text.data())});
    }
    case SQLITE_TEXT: return wire::parse_decimal(trimmed(text_argument(value)));
    default: return std::nullopt;
    }
}

std::string plain_text(sqlite3_value* value) {
    std::string out;
    switch (sqlite3_value_type(value)) {
    case SQLITE_FLOAT: wire::append_text(out, sqlite3_value_double(value)); break;
    case SQLITE_BLOB: {
        const auto* const data = static_cast<const std::byte*>(sqlite3_value_blob(value));
        wire::append_utf8(out, {data, static_cast<std::size_t>(sqlite3_value_bytes(value))}, wire::charset::latin1);
        break;
    }
    default: out = text_argument(value);
    }
    return out;
}

namespace {

struct integer_range {
    std::int64_t low;
    std::int64_t high;
};

integer_range range_of(int code) {
    switch (code) {
    case type_code::bit: return {0, 1};
    case type_code::tinyint: return {-128, 127};
    case type_code::smallint: return {-32768, 32767};
    case type_code::integer: return {-2147483648LL, 2147483647};
    default: return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
    }
}

// One value on its way into a column, or through a CAST.
struct assignment {
    sqlite3_context* context;
    sqlite3_value* in;
    sql_type type;
    bool cast;
    std::string_view field;

    void refuse(int code, const std::string& why) const {
        auto shown = plain_text(in);
        if (shown.size() > 40) shown = shown.substr(0, 40) + "...";
        const auto subject = field.empty() ? "Value '" + shown + "' " : "Field '" + std::string(field) + "' (value '" + shown + "') ";
        raise(context, code, subject + why);
    }

    void real() const {
        if (sqlite3_value_type(in) == SQLITE_FLOAT || sqlite3_value_type(in) == SQLITE_INTEGER) {
            sqlite3_result_double(context, sqlite3_value_double(in));
            return;
        }
        const auto text = trimmed(text_argument(in));
        double out = 0;
        const auto* const first = text.data() + (!text.empty() && text.front() == '+' ? 1 : 0);
        const auto [end, error] = std::from_chars(first, text.data() + text.size(), out);
        if (text.empty() || end != text.data() + text.size() || error != std::errc{}) {
            refuse(104, "failed validation: it is not a number");
        } else {
            sqlite3_result_double(context, out);
        }
    }

    void exact_number() const {
        const auto value = decimal_of(in);
        if (!value) {
            refuse(104, "failed validation: it is not a number");
            return;
        }
        bool exact = true;
        const auto out = wire::rescale(*value, type.is_numeric() ? type.scale : 0, exact);
        if (!out || (!exact && type.is_integer() && !cast)) {
            refuse(104, out ? "failed validation: it is not an integer" : "failed validation: it is out of range");
        } else if (type.is_integer()) {
            const auto [low, high] = range_of(type.code);
            if (type.code == type_code::bit && cast) {
                sqlite3_result_int(context, *out != 0 ? 1 : 0);
            } else if (*out < low || *out > high) {
                refuse(104, "failed validation: it is out of range");
            } else {
                sqlite3_result_int64(context, *out);
            }
        } else {
            std::int64_t limit = 1;
            for (int i = 0; i < type.precision && i < 18; ++i) limit *= 10;
            if (*out >= limit || *out <= -limit) {
                refuse(104, "failed validation: it has too many digits");
            } else {
                sqlite3_result_int64(context, *out);
            }
        }
    }

    void bytes() const {
        const auto out = bytes_of(in);
        if (type.code == type_code::varbinary && out.size() > static_cast<std::size_t>(type.precision)) {
            refuse(104, "failed validation: it has more than " + std::to_string(type.precision) + " bytes");
        } else {
            sqlite3_result_blob64(context, out.data(), out.size(), SQLITE_TRANSIENT);
        }
    }

    void moment() const {
        const bool is_time = type.code == type_code::time;
        const auto time = is_time ? to_time(in) : std::nullopt;
        // A number that is no time of day is no date either.
        const bool number = is_time && (sqlite3_value_type(in) != SQLITE_TEXT || decimal_of(in));
        const auto value = time || number ? std::nullopt : to_moment(in);
        if (!time && !value) {
            const std::string what = is_time ? "time" : type.code == type_code::date ? "date" : "timestamp";
            refuse(is_time ? 147 : 146, "is not a valid " + what);
            return;
        }
        std::string out;
        if (is_time) {
            wire::append_text(out, time ? *time : value->time);
        } else if (type.code == type_code::date) {
            wire::append_text(out, value->day);
        } else {
            wire::append_text(out, *value);
        }
        return_text(context, out);
    }

    void text() const {
        const auto out = plain_text(in);
        if (type.code == type_code::varchar) {
            std::size_t length = 0;
            for (const char c : out) length += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
            if (length > static_cast<std::size_t>(type.precision)) {
                refuse(104, "failed validation: it has more than " + std::to_string(type.precision) + " characters");
                return;
            }
        }
        if (type.code == type_code::guid && out.size() != 36) {
            refuse(104, "failed validation: it is not a GUID");
        } else {
            return_text(context, out);
        }
    }
};

// iris_store / iris_cast(value, code, precision, scale, field): the value as a column of that type
// holds it.
template <bool Cast> void store(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const assignment to{
        context, values[0], {sqlite3_value_int(values[1]), sqlite3_value_int(values[2]), sqlite3_value_int(values[3])}, Cast, text_argument(values[4])};
    if (to.type.is_real()) {
        to.real();
    } else if (to.type.is_number()) {
        to.exact_number();
    } else if (to.type.is_binary()) {
        to.bytes();
    } else if (to.type.is_temporal()) {
        to.moment();
    } else {
        to.text();
    }
}

void to_text(sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) == SQLITE_TEXT) {
        sqlite3_result_value(context, values[0]);
    } else if (!any_null(1, values)) {
        return_text(context, plain_text(values[0]));
    }
}

void to_bytes(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const auto out = bytes_of(values[0]);
    sqlite3_result_blob64(context, out.data(), out.size(), SQLITE_TRANSIENT);
}

} // namespace

std::string bytes_of(sqlite3_value* value) {
    if (sqlite3_value_type(value) == SQLITE_BLOB) {
        const auto* const data = static_cast<const char*>(sqlite3_value_blob(value));
        return data == nullptr ? std::string{} : std::string(data, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
    auto text = plain_text(value);
    if (!wire::fits_latin1(text).value_or(false)) return text;
    wire::byte_buffer bytes;
    (void)wire::append_charset(bytes, text, wire::charset::latin1);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void register_store_functions(sqlite3* db) {
    register_function(db, "iris_store", 5, store<false>);
    register_function(db, "iris_cast", 5, store<true>);
    register_function(db, "iris_text", 1, to_text);
    register_function(db, "iris_bytes", 1, to_bytes);
}

} // namespace irislink::sandbox::sql
