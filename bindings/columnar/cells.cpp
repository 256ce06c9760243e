#include "bindings/columnar/cells.hpp"

#include <array>
#include <utility>

#include "wire/codec/wide_decimal.hpp"
#include "wire/types/calendar.hpp"
#include "wire/types/fixed_timestamp.hpp"
#include "wire/types/guid.hpp"

namespace irislink::columnar {
namespace {

using wire::coercion;
using wire::item;
using wire::session_format;

using put_fn = coercion (*)(const item&, const session_format&, column_builder&);

// What is the same for every kind: NULL.
template <put_fn Put> coercion decode(wire::item_code code, const std::byte* data, std::size_t size, const session_format& format, void* out) {
    const item cell{code, false, false, {data, size}};
    auto& into = *static_cast<column_builder*>(out);
    if (cell.is_null()) [[unlikely]] {
        into.set_null();
        return coercion::ok;
    }
    return Put(cell, format, into);
}

template <class Int> coercion put_integer(const item& cell, const session_format&, column_builder& into) {
    std::int64_t wide = 0;
    const auto got = wire::to_integer(cell, wide);
    if (got != coercion::ok) return got;
    if (!std::in_range<Int>(wide)) return coercion::out_of_range;
    into.put(static_cast<Int>(wide));
    return coercion::ok;
}

coercion put_bit(const item& cell, const session_format&, column_builder& into) {
    std::int64_t wide = 0;
    const auto got = wire::to_integer(cell, wide);
    if (got != coercion::ok) return got;
    if (wide != 0 && wide != 1) return coercion::out_of_range;
    into.put_bit(wide != 0);
    return coercion::ok;
}

coercion put_real(const item& cell, const session_format&, column_builder& into) {
    double value = 0;
    const auto got = wire::to_real(cell, value);
    if (got == coercion::ok) into.put(value);
    return got;
}

constexpr auto short_powers = [] {
    std::array<std::int64_t, 19> out{1};
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = 10 * out[i - 1];
    return out;
}();

coercion put_decimal(const item& cell, const session_format&, column_builder& into) {
    // A number of the column's own scale needs no arithmetic.
    if (cell.code == wire::item_code::decimal_positive || cell.code == wire::item_code::decimal_negative) {
        wire::decimal number;
        const auto got = wire::to_decimal(cell, number);
        if (got != coercion::ok) return got;
        const auto precision = static_cast<std::size_t>(into.plan->precision);
        const bool fits = precision >= short_powers.size() || (number.mantissa < short_powers[precision] && number.mantissa > -short_powers[precision]);
        if (number.exponent == -into.plan->scale && fits) {
            into.put(static_cast<wire::int128>(number.mantissa));
            return coercion::ok;
        }
    }
    wire::int128 value = 0;
    const auto got = wire::to_scaled(cell, into.plan->precision, into.plan->scale, value);
    if (got == coercion::ok) into.put(value);
    return got;
}

coercion put_text(const item& cell, const session_format& format, column_builder& into) {
    if (cell.code == wire::item_code::text8 && into.plan->layout == layout::bytes) {
        const auto text = cell.text_data();
        if (into.put_ascii(text.data(), text.size())) return coercion::ok;
    }
    const auto got = wire::assign_text(cell, format, into.scratch);
    if (got != coercion::ok) return got;
    return into.put_text(into.scratch) ? coercion::ok : coercion::out_of_range;
}

coercion put_binary(const item& cell, const session_format&, column_builder& into) {
    wire::bytes_view bytes;
    const auto got = wire::to_bytes(cell, into.scratch, bytes);
    if (got != coercion::ok) return got;
    return into.put_bytes(bytes.data(), bytes.size()) ? coercion::ok : coercion::out_of_range;
}

coercion put_date(const item& cell, const session_format&, column_builder& into) {
    wire::date day;
    const auto got = wire::to_date(cell, day);
    if (got == coercion::ok) into.put(wire::days_since_1970(day));
    return got;
}

constexpr std::array<std::int64_t, 4> per_second{1, 1'000, 1'000'000, 1'000'000'000};

// The time since midnight in units; false when it has a finer fraction.
template <time_unit Unit> bool units_of(const wire::time_of_day& time, std::int64_t& out) noexcept {
    constexpr auto units = per_second[static_cast<std::size_t>(Unit)];
    constexpr auto nanoseconds = 1'000'000'000 / units; // of one unit
    if (time.nanosecond % nanoseconds != 0) return false;
    out = (time.hour * 3600 + time.minute * 60 + time.second) * units + time.nanosecond / nanoseconds;
    return true;
}

template <time_unit Unit> coercion put_time(const item& cell, const session_format&, column_builder& into) {
    using Stored = std::conditional_t<Unit <= time_unit::millisecond, std::int32_t, std::int64_t>;
    wire::time_of_day time;
    const auto got = wire::to_time(cell, time);
    if (got != coercion::ok) return got;
    std::int64_t units = 0;
    if (!units_of<Unit>(time, units)) return coercion::fraction_truncated;
    into.put(static_cast<Stored>(units));
    return coercion::ok;
}

template <time_unit Unit> coercion put_timestamp(const item& cell, const session_format&, column_builder& into) {
    wire::timestamp moment;
    if (cell.code != wire::item_code::text8 || !wire::take_fixed_timestamp(wire::as_text(cell.data), moment)) {
        const auto got = wire::to_timestamp(cell, moment);
        if (got != coercion::ok) return got;
    }
    constexpr auto per_day = 86'400 * per_second[static_cast<std::size_t>(Unit)];
    std::int64_t units = 0;
    if (!units_of<Unit>(moment.time, units)) return coercion::fraction_truncated;
    if constexpr (Unit == time_unit::nanosecond) {
        std::int64_t all = 0;
        // The first day that nanoseconds reach begins before them: its midnight alone does not fit.
        const auto sum = static_cast<wire::int128>(wire::days_since_1970(moment.day)) * per_day + units;
        all = static_cast<std::int64_t>(sum);
        if (all != sum) return coercion::out_of_range;
        into.put(all);
    } else {
        into.put(std::int64_t{wire::days_since_1970(moment.day)} * per_day + units);
    }
    return coercion::ok;
}

coercion put_guid(const item& cell, const session_format&, column_builder& into) {
    wire::guid value;
    const auto got = wire::to_guid(cell, value);
    if (got == coercion::ok) into.put(value);
    return got;
}

} // namespace

decode_fn integer_decoder(std::size_t width) {
    switch (width) {
    case 1: return decode<put_integer<std::int8_t>>;
    case 2: return decode<put_integer<std::int16_t>>;
    case 4: return decode<put_integer<std::int32_t>>;
    default: return decode<put_integer<std::int64_t>>;
    }
}

decode_fn bit_decoder() {
    return decode<put_bit>;
}

decode_fn real_decoder() {
    return decode<put_real>;
}

decode_fn decimal_decoder() {
    return decode<put_decimal>;
}

decode_fn text_decoder() {
    return decode<put_text>;
}

decode_fn binary_decoder() {
    return decode<put_binary>;
}

decode_fn date_decoder() {
    return decode<put_date>;
}

decode_fn time_decoder(time_unit unit) {
    switch (unit) {
    case time_unit::second: return decode<put_time<time_unit::second>>;
    case time_unit::millisecond: return decode<put_time<time_unit::millisecond>>;
    case time_unit::microsecond: return decode<put_time<time_unit::microsecond>>;
    default: return decode<put_time<time_unit::nanosecond>>;
    }
}

decode_fn timestamp_decoder(time_unit unit) {
    switch (unit) {
    case time_unit::second: return decode<put_timestamp<time_unit::second>>;
    case time_unit::millisecond: return decode<put_timestamp<time_unit::millisecond>>;
    case time_unit::microsecond: return decode<put_timestamp<time_unit::microsecond>>;
    default: return decode<put_timestamp<time_unit::nanosecond>>;
    }
}

decode_fn guid_decoder() {
    return decode<put_guid>;
}

} // namespace irislink::columnar
