#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "samples/sandbox/sql/value.hpp"
#include "wire/codec/coerce.hpp"
#include "wire/codec/decimal.hpp"

namespace irislink::sandbox::sql {
namespace {

// What IRIS makes of text in arithmetic: the number it begins with, or 0.
wire::decimal leading_number(std::string_view text) {
    text = trimmed(text);
    if (const auto whole = wire::parse_decimal(text)) return *whole;
    std::size_t end = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    bool point = false;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || (text[end] == '.' && !point))) point = text[end++] == '.' || point;
    return wire::parse_decimal(text.substr(0, end)).value_or(wire::decimal{});
}

// Text as a number: an integer where it is one, otherwise REAL.
void number(sqlite3_context* context, int, sqlite3_value** values) {
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) {
        sqlite3_result_value(context, values[0]);
        return;
    }
    const auto parsed = leading_number(text_argument(values[0]));
    bool exact = true;
    const auto whole = wire::rescale(parsed, 0, exact);
    if (whole && exact) {
        sqlite3_result_int64(context, *whole);
    } else {
        sqlite3_result_double(context, wire::to_double(parsed));
    }
}

// The value itself, which has to be a number.
void checked_number(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_TEXT && !decimal_of(values[0])) {
        raise(context, 104, "Value '" + std::string(text_argument(values[0]).substr(0, 40)) + "' is not a number, as the values beside it are");
        return;
    }
    sqlite3_result_value(context, values[0]);
}

void real(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) {
        sqlite3_result_double(context, sqlite3_value_double(values[0]));
        return;
    }
    sqlite3_result_double(context, wire::to_double(leading_number(text_argument(values[0]))));
}

// A number scaled by 10^scale. Digits beyond the scale leave a fraction (REAL), so that a comparison
// with a scaled column is still exact.
void scaled(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    auto value = decimal_of(values[0]);
    if (!value && sqlite3_value_type(values[0]) == SQLITE_TEXT) value = leading_number(text_argument(values[0]));
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
        sqlite3_result_double(context, wire::to_double({value->mantissa, static_cast<std::int16_t>(value->exponent + sqlite3_value_int(values[1]))}));
    }
}

// Mantissa and the rest below it: value = whole + rest, with rest >= 0 as a flag.
struct parted {
    std::int64_t whole; // floor
    bool rest;
};

std::optional<parted> floor_of(wire::decimal value, int scale) {
    bool exact = true;
    const auto near = wire::rescale(value, scale, exact);
    if (!near) return std::nullopt;
    if (exact) return parted{*near, false};
    const bool above = wire::compare({*near, static_cast<std::int16_t>(-scale)}, value) > 0;
    return parted{above ? *near - 1 : *near, true};
}

// iris_bound(value, scale, side): what a scaled integer is compared with instead of `value`.
// side -1: the next integer below (for > and <=), 1: above (for < and >=), 0: the value itself, or text
// that no integer equals. Text that is no number counts as 0, as everywhere in IRIS.
void bound(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const auto value = decimal_of(values[0]);
    const int side = sqlite3_value_int(values[2]);
    if (!value) {
        if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) {
            sqlite3_result_double(context, sqlite3_value_double(values[0]) * std::pow(10.0, sqlite3_value_int(values[1])));
        } else {
            sqlite3_result_int(context, 0);
        }
        return;
    }
    const auto parts = floor_of(*value, sqlite3_value_int(values[1]));
    if (!parts) { // beyond every 64-bit integer
        sqlite3_result_double(context, value->mantissa < 0 ? -1e300 : 1e300);
    } else if (!parts->rest || side < 0) {
        sqlite3_result_int64(context, parts->whole);
    } else if (side > 0) {
        sqlite3_result_int64(context, parts->whole + 1);
    } else {
        return_text(context, "not whole");
    }
}

// The number with the other sign; text stays text, so that no digit is lost.
void negate(sqlite3_context* context, int, sqlite3_value** values) {
    switch (sqlite3_value_type(values[0])) {
    case SQLITE_NULL: return;
    case SQLITE_FLOAT: sqlite3_result_double(context, -sqlite3_value_double(values[0])); return;
    default: break;
    }
    const auto text = trimmed(text_argument(values[0]));
    if (text.starts_with('-')) {
        return_text(context, text.substr(1));
    } else {
        return_text(context, "-" + std::string(text.starts_with('+') ? text.substr(1) : text));
    }
}

// A whole number that came as REAL: an integer if 64 bits hold it, else an error. (The cast alone would
// be undefined.)
void return_whole(sqlite3_context* context, double value) {
    constexpr double limit = 9223372036854775808.0; // 2^63
    if (value >= -limit && value < limit) {
        sqlite3_result_int64(context, static_cast<std::int64_t>(value));
    } else {
        raise(context, 400, "Numeric overflow");
    }
}

__extension__ using int128 = __int128;

// An integer, if 64 bits hold it.
void return_exact(sqlite3_context* context, int128 value) {
    if (value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max()) {
        sqlite3_result_int64(context, static_cast<std::int64_t>(value));
    } else {
        raise(context, 400, "Numeric overflow");
    }
}

// iris_floor(value, scale, ceiling) of a scaled integer.
void floor_or_ceiling(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const int scale = sqlite3_value_int(values[1]);
    const bool ceiling = sqlite3_value_int(values[2]) != 0;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) {
        const double value = sqlite3_value_double(values[0]) / std::pow(10.0, scale);
        return_whole(context, ceiling ? std::ceil(value) : std::floor(value));
        return;
    }
    const auto parts = floor_of({sqlite3_value_int64(values[0]), static_cast<std::int16_t>(-scale)}, 0);
    if (parts) sqlite3_result_int64(context, parts->whole + (ceiling && parts->rest ? 1 : 0));
}

void rescale(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) {
        return_whole(context, std::round(sqlite3_value_double(values[0]) / std::pow(10.0, sqlite3_value_int(values[1]))));
        return;
    }
    bool exact = true;
    const auto drop = static_cast<std::int16_t>(-sqlite3_value_int(values[1]));
    const auto out = wire::rescale({sqlite3_value_int64(values[0]), drop}, 0, exact);
    sqlite3_result_int64(context, out.value_or(0));
}

void decimal_text(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_FLOAT) { // outgrew 64 bits
        std::string out;
        wire::append_text(out, sqlite3_value_double(values[0]) / std::pow(10.0, sqlite3_value_int(values[1])));
        return_text(context, out);
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
    sqlite3_result_double(context, wire::to_double({sqlite3_value_int64(values[0]), static_cast<std::int16_t>(-sqlite3_value_int(values[1]))}));
}

enum class operation { add, subtract, multiply };

// Soft: of operands whose scale is a guess, so that leaving 64 bits is nobody's mistake.
template <operation Op, bool Soft> void integer_arithmetic(sqlite3_context* context, int, sqlite3_value** values) {
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
    if (overflow && Soft) {
        const auto x = static_cast<double>(a);
        const auto y = static_cast<double>(b);
        sqlite3_result_double(context, Op == operation::add ? x + y : Op == operation::subtract ? x - y : x * y);
    } else if (overflow) {
        raise(context, 400, "Numeric overflow");
    } else {
        sqlite3_result_int64(context, out);
    }
}

// iris_divide(a, b, shift): a / b * 10^shift. Integers, scaled ones among them, are divided as they are
// in the widest format there is, so that 0.3 / 0.1 is 3.
void divide(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto wide = [](sqlite3_value* value) {
        return sqlite3_value_type(value) == SQLITE_INTEGER ? static_cast<long double>(sqlite3_value_int64(value))
                                                           : static_cast<long double>(sqlite3_value_double(value));
    };
    const auto divisor = wide(values[1]);
    if (divisor == 0) {
        raise(context, 400, "Division by zero");
        return;
    }
    const int shift = sqlite3_value_int(values[2]);
    auto out = wide(values[0]);
    long double unit = 1;
    for (int i = 0; i < std::abs(shift); ++i) unit *= 10;
    out = shift >= 0 ? out * unit / divisor : out / (divisor * unit);
    sqlite3_result_double(context, static_cast<double>(out));
}

template <bool Modulo> void quotient(sqlite3_context* context, int, sqlite3_value** values) {
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

// iris_in_domain(result, arguments ...): the result, if the function has one for the arguments.
void in_domain(sqlite3_context* context, int count, sqlite3_value** values) {
    if (any_null(count - 1, values + 1)) return;
    if (sqlite3_value_type(values[0]) == SQLITE_NULL || !std::isfinite(sqlite3_value_double(values[0]))) {
        raise(context, 400, "The function has no value for its argument, or none that a DOUBLE could hold");
    } else {
        sqlite3_result_value(context, values[0]);
    }
}

void sign(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const double value = sqlite3_value_double(values[0]);
    sqlite3_result_int(context, value < 0 ? -1 : value > 0 ? 1 : 0);
}

// A number rounded to a multiple of 10^drop, or cut there.
double round_real(double value, std::int64_t drop, bool truncate) {
    const double unit = std::pow(10.0, static_cast<double>(std::abs(drop)));
    const double scaled_value = drop > 0 ? value / unit : value * unit;
    if (!std::isfinite(unit) || !std::isfinite(scaled_value)) return drop > 0 ? 0 : value; // no digit is that far out
    const double whole = truncate ? std::trunc(scaled_value) : std::round(scaled_value);
    return drop > 0 ? whole * unit : whole / unit;
}

// iris_round(value, digits, scale of the scaled value or -1 for REAL, truncate)
void round(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    // More digits than any number has are all the same.
    const auto digits = std::clamp<std::int64_t>(sqlite3_value_int64(values[1]), -1000, 1000);
    const int scale = sqlite3_value_int(values[2]);
    const bool truncate = sqlite3_value_int(values[3]) != 0;
    const auto drop = std::max(scale, 0) - digits;
    if (scale < 0 || sqlite3_value_type(values[0]) == SQLITE_FLOAT) { // the latter outgrew 64 bits
        const double out = round_real(sqlite3_value_double(values[0]), drop, truncate);
        if (std::isfinite(out)) {
            sqlite3_result_double(context, out);
        } else {
            raise(context, 400, "Numeric overflow");
        }
        return;
    }
    int128 value = sqlite3_value_int64(values[0]);
    if (drop > 19) {
        value = 0;
    } else if (drop > 0) {
        int128 unit = 1;
        for (int i = 0; i < drop; ++i) unit *= 10;
        const auto rest = value % unit;
        value -= rest;
        if (!truncate && 2 * rest >= unit) value += unit;
        if (!truncate && -2 * rest >= unit) value -= unit;
    }
    return_exact(context, value);
}

// iris_sum(value) and iris_average_<digits>(value): of integers, exact whatever they come to in between.
struct exact_sum {
    [[nodiscard]] int128 whole() const { return std::bit_cast<int128>(words); }

    void add(int128 more) { words = std::bit_cast<std::array<std::uint64_t, 2>>(whole() + more); }

    std::array<std::uint64_t, 2> words; // of 128 bits: SQLite's memory is aligned for 64
    double rest;                        // of values that outgrew 64 bits
    std::int64_t reals;
    std::int64_t count;
};

template <int Sign> void sum_step(sqlite3_context* context, int, sqlite3_value** values) {
    auto* const state = static_cast<exact_sum*>(sqlite3_aggregate_context(context, sizeof(exact_sum)));
    if (state == nullptr || sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    state->count += Sign;
    if (sqlite3_value_type(values[0]) != SQLITE_FLOAT) {
        state->add(Sign * static_cast<int128>(sqlite3_value_int64(values[0])));
        return;
    }
    state->reals += Sign;
    state->rest = state->reals == 0 ? 0 : state->rest + Sign * sqlite3_value_double(values[0]);
}

void sum_value(sqlite3_context* context) {
    const auto* const state = static_cast<exact_sum*>(sqlite3_aggregate_context(context, 0));
    if (state == nullptr || state->count == 0) return;
    if (state->reals > 0) {
        sqlite3_result_double(context, static_cast<double>(state->whole()) + state->rest);
    } else {
        return_exact(context, state->whole());
    }
}

// The average times 10^digits, rounded half up.
template <int Digits> void average_value(sqlite3_context* context) {
    const auto* const state = static_cast<exact_sum*>(sqlite3_aggregate_context(context, 0));
    if (state == nullptr || state->count == 0) return;
    if (state->reals > 0) {
        const auto count = static_cast<double>(state->count);
        sqlite3_result_double(context, (static_cast<double>(state->whole()) / count + state->rest / count) * std::pow(10.0, Digits));
        return;
    }
    // Digit by digit, so that only the quotient grows.
    int128 out = state->whole() / state->count;
    int128 rest = state->whole() % state->count;
    for (int i = 0; i < Digits; ++i) {
        rest *= 10;
        out = out * 10 + rest / state->count;
        rest %= state->count;
    }
    if (2 * rest >= state->count) ++out;
    if (-2 * rest >= state->count) --out;
    return_exact(context, out);
}

template <int... Digits> void register_sums(sqlite3* db, std::integer_sequence<int, Digits...>) {
    const auto add = [db](const std::string& name, void (*value)(sqlite3_context*)) {
        sqlite3_create_window_function(db, name.c_str(), 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, nullptr, sum_step<1>, value, value, sum_step<-1>, nullptr);
    };
    add("iris_sum", sum_value);
    (add("iris_average_" + std::to_string(Digits), average_value<Digits>), ...);
}

// iris_var_samp(value) and its like: by Welford's method, which loses nothing to large means.
struct spread {
    std::int64_t count;
    double mean;
    double squares;
};

void variance_step(sqlite3_context* context, int, sqlite3_value** values) {
    auto* const state = static_cast<spread*>(sqlite3_aggregate_context(context, sizeof(spread)));
    if (state == nullptr || sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    const double value = sqlite3_value_double(values[0]);
    const double before = value - state->mean;
    state->mean += before / static_cast<double>(++state->count);
    state->squares += before * (value - state->mean);
}

void variance_inverse(sqlite3_context* context, int, sqlite3_value** values) {
    auto* const state = static_cast<spread*>(sqlite3_aggregate_context(context, sizeof(spread)));
    if (state == nullptr || sqlite3_value_type(values[0]) == SQLITE_NULL) return;
    if (--state->count == 0) {
        *state = {};
        return;
    }
    const double value = sqlite3_value_double(values[0]);
    const double before = value - state->mean;
    state->mean -= before / static_cast<double>(state->count);
    state->squares -= before * (value - state->mean);
}

template <bool Root, bool Population> void variance_value(sqlite3_context* context) {
    const auto* const state = static_cast<spread*>(sqlite3_aggregate_context(context, 0));
    if (state == nullptr || state->count == 0) return;
    const auto divisor = static_cast<double>(state->count - (Population ? 0 : 1));
    const double variance = divisor == 0 ? 0 : std::max(state->squares, 0.0) / divisor; // of one value: 0
    sqlite3_result_double(context, Root ? std::sqrt(variance) : variance);
}

template <bool Root, bool Population> void register_variance(sqlite3* db, const char* name) {
    sqlite3_create_window_function(
        db, name, 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, nullptr, variance_step, variance_value<Root, Population>, variance_value<Root, Population>,
        variance_inverse, nullptr
    );
}

} // namespace

void register_number_functions(sqlite3* db) {
    register_sums(db, std::make_integer_sequence<int, 19>());
    register_variance<false, false>(db, "iris_var_samp");
    register_variance<false, true>(db, "iris_var_pop");
    register_variance<true, false>(db, "iris_stddev_samp");
    register_variance<true, true>(db, "iris_stddev_pop");
    register_function(db, "iris_number", 1, number);
    register_function(db, "iris_checked_number", 1, checked_number);
    register_function(db, "iris_real", 1, real);
    register_function(db, "iris_scaled", 2, scaled);
    register_function(db, "iris_rescale", 2, rescale);
    register_function(db, "iris_dec_text", 2, decimal_text);
    register_function(db, "iris_dec_real", 2, decimal_real);
    register_function(db, "iris_bound", 3, bound);
    register_function(db, "iris_negate", 1, negate);
    register_function(db, "iris_add", 2, integer_arithmetic<operation::add, false>);
    register_function(db, "iris_sub", 2, integer_arithmetic<operation::subtract, false>);
    register_function(db, "iris_mul", 2, integer_arithmetic<operation::multiply, false>);
    register_function(db, "iris_add_soft", 2, integer_arithmetic<operation::add, true>);
    register_function(db, "iris_sub_soft", 2, integer_arithmetic<operation::subtract, true>);
    register_function(db, "iris_mul_soft", 2, integer_arithmetic<operation::multiply, true>);
    register_function(db, "iris_divide", 3, divide);
    register_function(db, "iris_quotient", 2, quotient<false>);
    register_function(db, "iris_modulo", 2, quotient<true>);
    register_function(db, "iris_in_domain", -1, in_domain);
    register_function(db, "iris_sign", 1, sign);
    register_function(db, "iris_round", 4, round);
    register_function(db, "iris_floor", 3, floor_or_ceiling);
}

} // namespace irislink::sandbox::sql
