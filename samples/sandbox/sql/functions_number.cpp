#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "samples/sandbox/sql/value.hpp"
#include "wire/codec/charset.hpp"
#include "wire/codec/decimal.hpp"

namespace irislink::sandbox::sql {
namespace {

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

// Text as a number: an integer where it is one, otherwise REAL. Text that is none counts as 0, as
// IRIS converts text in arithmetic.
void number(sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) {
        sqlite3_result_value(context, values[0]);
        return;
    }
    const auto parsed = wire::parse_decimal(trimmed(text_argument(values[0])));
    if (!parsed) {
        sqlite3_result_int(context, 0);
        return;
    }
    bool exact = true;
    const auto whole = wire::rescale(*parsed, 0, exact);
    if (whole && exact) {
        sqlite3_result_int64(context, *whole);
    } else {
        sqlite3_result_double(context, wire::to_double(*parsed));
    }
}

void real(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) {
        sqlite3_result_double(context, sqlite3_value_double(values[0]));
        return;
    }
    const auto parsed = wire::parse_decimal(trimmed(text_argument(values[0])));
    sqlite3_result_double(context, parsed ? wire::to_double(*parsed) : 0.0);
}

// A number scaled by 10^scale. Digits beyond the scale leave a fraction (REAL), so that a comparison
// with a scaled column is still exact.
void scaled(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const auto value = decimal_of(values[0]);
    if (!value) {
        sqlite3_result_int(context, 0);
        return;
    }
    bool exact = true;
    const auto scaled_value = wire::rescale(*value, sqlite3_value_int(values[1]), exact);
    if (!scaled_value) {
        sqlite3_result_double(context, wire::to_double(*value) * std::pow(10.0, sqlite3_value_int(values[1])));
    } else if (exact) {
        sqlite3_result_int64(context, *scaled_value);
    } else {
        sqlite3_result_double(
            context, wire::to_double({value->mantissa, static_cast<std::int16_t>(value->exponent + sqlite3_value_int(values[1]))})
        );
    }
}

void rescale(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    bool exact = true;
    const auto drop = static_cast<std::int16_t>(-sqlite3_value_int(values[1]));
    const auto out = wire::rescale({sqlite3_value_int64(values[0]), drop}, 0, exact);
    sqlite3_result_int64(context, out.value_or(0));
}

void decimal_text(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) {  // a sum beyond 64 bits
        raise(context, 104, "Numeric overflow");
        return;
    }
    wire::decimal value{sqlite3_value_int64(values[0]), static_cast<std::int16_t>(-sqlite3_value_int(values[1]))};
    while (value.exponent < 0 && value.mantissa % 10 == 0) {
        value.mantissa /= 10;
        ++value.exponent;
    }
    return_text(context, wire::to_text(value));
}

void decimal_real(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) {
        sqlite3_result_double(context, sqlite3_value_double(values[0]) / std::pow(10.0, sqlite3_value_int(values[1])));
        return;
    }
    sqlite3_result_double(
        context, wire::to_double({sqlite3_value_int64(values[0]), static_cast<std::int16_t>(-sqlite3_value_int(values[1]))})
    );
}

enum class operation { add, subtract, multiply };

template <operation Op>
void integer_arithmetic(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT || sqlite3_value_type(values[1]) == SQLITE_FLOAT) {
        const double a = sqlite3_value_double(values[0]);
        const double b = sqlite3_value_double(values[1]);
        sqlite3_result_double(context, Op == operation::add ? a + b : Op == operation::subtract ? a - b : a * b);
        return;
    }
    const std::int64_t a = sqlite3_value_int64(values[0]);
    const std::int64_t b = sqlite3_value_int64(values[1]);
    std::int64_t out = 0;
    bool overflow = false;
    if constexpr (Op == operation::add) {
        overflow = __builtin_add_overflow(a, b, &out);
    } else if constexpr (Op == operation::subtract) {
        overflow = __builtin_sub_overflow(a, b, &out);
    } else {
        overflow = __builtin_mul_overflow(a, b, &out);
    }
    if (overflow) {
        raise(context, 400, "Numeric overflow");
    } else {
        sqlite3_result_int64(context, out);
    }
}

void divide(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const double divisor = sqlite3_value_double(values[1]);
    if (divisor == 0) {
        raise(context, 400, "Division by zero");
    } else {
        sqlite3_result_double(context, sqlite3_value_double(values[0]) / divisor);
    }
}

template <bool Modulo>
void quotient(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const bool whole = sqlite3_value_type(values[0]) == SQLITE_INTEGER && sqlite3_value_type(values[1]) == SQLITE_INTEGER;
    if (sqlite3_value_double(values[1]) == 0) {
        raise(context, 400, "Division by zero");
    } else if (whole) {
        const std::int64_t a = sqlite3_value_int64(values[0]);
        const std::int64_t b = sqlite3_value_int64(values[1]);
        const bool extreme = a == std::numeric_limits<std::int64_t>::min() && b == -1;
        if (extreme && !Modulo) {
            raise(context, 400, "Numeric overflow");
        } else {
            sqlite3_result_int64(context, extreme ? 0 : Modulo ? a % b : a / b);
        }
    } else {
        const double a = sqlite3_value_double(values[0]);
        const double b = sqlite3_value_double(values[1]);
        sqlite3_result_double(context, Modulo ? std::fmod(a, b) : std::trunc(a / b));
    }
}

void sign(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const double value = sqlite3_value_double(values[0]);
    sqlite3_result_int(context, value < 0 ? -1 : value > 0 ? 1 : 0);
}

// iris_round(value, digits, scale of the scaled value or -1 for REAL, truncate)
void round(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const int digits = sqlite3_value_int(values[1]);
    const int scale = sqlite3_value_int(values[2]);
    const bool truncate = sqlite3_value_int(values[3]) != 0;
    if (scale < 0) {
        const double factor = std::pow(10.0, digits);
        const double value = sqlite3_value_double(values[0]) * factor;
        sqlite3_result_double(context, (truncate ? std::trunc(value) : std::round(value)) / factor);
        return;
    }
    std::int64_t value = sqlite3_value_int64(values[0]);
    const int drop = scale - digits;
    if (drop > 18) {
        value = 0;
    } else if (drop > 0) {
        std::int64_t unit = 1;
        for (int i = 0; i < drop; ++i) unit *= 10;
        const auto rest = value % unit;
        value -= rest;
        if (!truncate && rest >= unit - rest) value += unit;
        if (!truncate && -rest >= unit + rest) value -= unit;
    }
    sqlite3_result_int64(context, value);
}

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

std::string shown(sqlite3_value* value) {
    auto text = std::string(text_argument(value).substr(0, 40));
    return "'" + text + "'";
}

void store_number(sqlite3_context* context, sqlite3_value* in, int code, int precision, int scale, bool cast) {
    const auto refuse = [&](const char* why) { raise(context, 104, "Value " + shown(in) + " " + why); };
    const sql_type type{code, precision, scale};
    if (type.is_real()) {
        if (sqlite3_value_type(in) == SQLITE_FLOAT || sqlite3_value_type(in) == SQLITE_INTEGER) {
            sqlite3_result_double(context, sqlite3_value_double(in));
            return;
        }
        const auto text = trimmed(text_argument(in));
        double out = 0;
        const auto* const first = text.data() + (!text.empty() && text.front() == '+' ? 1 : 0);
        const auto [end, error] = std::from_chars(first, text.data() + text.size(), out);
        if (text.empty() || end != text.data() + text.size() || error != std::errc{}) {
            refuse("is not a number");
        } else {
            sqlite3_result_double(context, out);
        }
        return;
    }
    const auto value = decimal_of(in);
    if (!value) {
        refuse("is not a number");
        return;
    }
    bool exact = true;
    const auto out = wire::rescale(*value, type.is_numeric() ? scale : 0, exact);
    if (!out || (!exact && type.is_integer() && !cast)) {
        refuse(out ? "is not an integer" : "is out of range");
        return;
    }
    if (type.is_integer()) {
        const auto [low, high] = range_of(code);
        if (code == type_code::bit && cast) {
            sqlite3_result_int(context, *out != 0 ? 1 : 0);
        } else if (*out < low || *out > high) {
            refuse("is out of range");
        } else {
            sqlite3_result_int64(context, *out);
        }
        return;
    }
    std::int64_t limit = 1;
    for (int i = 0; i < precision && i < 18; ++i) limit *= 10;
    if (*out >= limit || *out <= -limit) {
        refuse("has too many digits");
    } else {
        sqlite3_result_int64(context, *out);
    }
}

// iris_store / iris_cast(value, code, precision, scale): the value as a column of that type holds it.
template <bool Cast>
void store(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    auto* const in = values[0];
    const int code = sqlite3_value_int(values[1]);
    const int precision = sqlite3_value_int(values[2]);
    const sql_type type{code, precision, sqlite3_value_int(values[3])};
    if (type.is_number()) {
        store_number(context, in, code, precision, type.scale, Cast);
        return;
    }
    if (type.is_binary()) {
        if (sqlite3_value_type(in) == SQLITE_INTEGER || sqlite3_value_type(in) == SQLITE_FLOAT) (void)sqlite3_value_text(in);
        const auto* data = sqlite3_value_blob(in);
        const auto size = sqlite3_value_bytes(in);
        if (code == type_code::varbinary && size > precision) {
            raise(context, 104, "Value of " + std::to_string(size) + " bytes is longer than " + std::to_string(precision));
        } else {
            sqlite3_result_blob(context, size == 0 ? "" : data, size, SQLITE_TRANSIENT);
        }
        return;
    }
    if (type.is_temporal()) {
        std::string out;
        bool valid = true;
        if (code == type_code::time) {
            const auto time = wire::parse_time(trimmed(text_argument(in)));
            const auto moment = time ? std::nullopt : to_moment(in);
            valid = time || moment;
            if (valid) wire::append_text(out, time ? *time : moment->time);
        } else {
            const auto moment = to_moment(in);
            valid = moment.has_value();
            if (valid && code == type_code::date) wire::append_text(out, moment->day);
            if (valid && code == type_code::timestamp) wire::append_text(out, *moment);
        }
        if (valid) {
            return_text(context, out);
        } else {
            raise(context, code == type_code::time ? 147 : 146, "Value " + shown(in) + " is not a valid " + (code == type_code::date ? "date" : code == type_code::time ? "time" : "timestamp"));
        }
        return;
    }
    if (sqlite3_value_type(in) == SQLITE_BLOB) {
        sqlite3_result_value(context, in);
        return;
    }
    const auto text = text_argument(in);
    if (code == type_code::varchar) {
        std::size_t length = 0;
        for (const char c : text) length += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        if (length > static_cast<std::size_t>(precision)) {
            raise(context, 104, "Value of " + std::to_string(length) + " characters is longer than " + std::to_string(precision));
            return;
        }
    }
    if (code == type_code::guid && text.size() != 36) {
        raise(context, 104, "Value " + shown(in) + " is not a GUID");
        return;
    }
    return_text(context, text);
}

}  // namespace

void register_number_functions(sqlite3* db) {
    register_function(db, "iris_number", 1, number);
    register_function(db, "iris_real", 1, real);
    register_function(db, "iris_scaled", 2, scaled);
    register_function(db, "iris_rescale", 2, rescale);
    register_function(db, "iris_dec_text", 2, decimal_text);
    register_function(db, "iris_dec_real", 2, decimal_real);
    register_function(db, "iris_add", 2, integer_arithmetic<operation::add>);
    register_function(db, "iris_sub", 2, integer_arithmetic<operation::subtract>);
    register_function(db, "iris_mul", 2, integer_arithmetic<operation::multiply>);
    register_function(db, "iris_divide", 2, divide);
    register_function(db, "iris_quotient", 2, quotient<false>);
    register_function(db, "iris_modulo", 2, quotient<true>);
    register_function(db, "iris_sign", 1, sign);
    register_function(db, "iris_round", 4, round);
    register_function(db, "iris_store", 4, store<false>);
    register_function(db, "iris_cast", 4, store<true>);
}

}  // namespace irislink::sandbox::sql
