#include "odbc/convert/interval.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "odbc/convert/ascii.hpp"

namespace irislink::odbc {
namespace {

constexpr std::array<std::uint32_t, 10> tens{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

// Seconds of one unit, by field; months for the first two.
constexpr std::array<std::uint64_t, 6> units{12, 1, 86'400, 3'600, 60, 1};
// What a field that is not the leading one stays below.
constexpr std::array<std::uint64_t, 6> limits{0, 12, 0, 24, 60, 60};
constexpr std::array<std::string_view, 6> names{"year", "month", "day", "hour", "minute", "second"};

constexpr std::size_t index(interval_field field) noexcept {
    return static_cast<std::size_t>(field);
}

constexpr interval_field after(interval_field field) noexcept {
    return static_cast<interval_field>(index(field) + 1);
}

// One field; nothing without a digit. `too_long`: more than nine digits.
std::optional<std::uint64_t> take_field(std::string_view& text, bool& too_long) noexcept {
    std::uint64_t value = 0;
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) {
        if (value > 999'999'999U / 10) too_long = too_long || value * 10 > 999'999'999U;
        value = std::min<std::uint64_t>(value * 10 + static_cast<unsigned>(text[count] - '0'), 10'000'000'000U);
        ++count;
    }
    if (count == 0) return std::nullopt;
    too_long = too_long || value > 999'999'999U;
    text.remove_prefix(count);
    return value;
}

bool take_spaced(std::string_view& text, std::string_view word) noexcept {
    if (!take_word(text, word)) return false;
    text = trim_blanks(text);
    return true;
}

// "(3)" or "(3,6)" behind a field of a qualifier; the digits themselves decide, so it is only skipped.
bool skip_precision(std::string_view& text) noexcept {
    if (!take(text, '(')) return true;
    const auto end = text.find(')');
    if (end == std::string_view::npos || text.substr(0, end).find_first_not_of("0123456789, ") != std::string_view::npos) return false;
    text = trim_blanks(text.substr(end + 1));
    return true;
}

std::optional<interval_field> take_field_name(std::string_view& text) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (take_spaced(text, names[i])) return skip_precision(text) ? std::optional(static_cast<interval_field>(i)) : std::nullopt;
    return std::nullopt;
}

// Takes INTERVAL, sign, quotes and qualifier off: what is left is the string between the quotes.
// False: a literal that is none.
bool open_literal(std::string_view& text, bool& negative, std::optional<interval_shape>& shape) noexcept {
    if (!text.empty() && text.front() == '{') {
        if (text.back() != '}') return false;
        text = trim_blanks(text.substr(1, text.size() - 2));
    }
    auto rest = text;
    if (!take_spaced(rest, "interval")) return true;
    if (take(rest, '-')) {
        negative = true;
    } else {
        (void)take(rest, '+');
    }
    rest = trim_blanks(rest);
    if (!take(rest, '\'')) return false;
    const auto quote = rest.find('\'');
    if (quote == std::string_view::npos) return false;
    const auto inner = rest.substr(0, quote);
    rest = trim_blanks(rest.substr(quote + 1));
    const auto first = take_field_name(rest);
    if (!first) return false;
    auto last = first;
    if (take_spaced(rest, "to")) last = take_field_name(rest);
    if (!last || !rest.empty()) return false;
    const auto found =
        std::find_if(interval_shapes.begin(), interval_shapes.end(), [&](const interval_shape& each) { return each.first == *first && each.last == *last; });
    if (found == interval_shapes.end()) return false;
    shape = *found;
    text = trim_blanks(inner);
    return true;
}

struct fields {
    std::array<std::uint64_t, 6> value{};
    std::array<bool, 6> present{};
    std::uint32_t nanosecond{0};
    bool fraction{false};
    bool fraction_lost{false};
    bool too_long{false};
};

bool take_fraction(std::string_view& text, fields& out) noexcept {
    if (!take(text, '.')) return true;
    std::size_t count = 0;
    for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), ++count) {
        const auto digit = static_cast<unsigned>(text.front() - '0');
        if (count < 9) {
            out.nanosecond += digit * tens[8 - count];
        } else {
            out.fraction_lost = out.fraction_lost || digit != 0;
        }
    }
    out.fraction = true;
    return true;
}

// years[-months]
bool split_months(std::string_view text, const interval_shape& shape, fields& out) noexcept {
    const auto first = take_field(text, out.too_long);
    if (!first) return false;
    auto field = shape.first;
    if (take(text, '-')) {
        const auto second = take_field(text, out.too_long);
        if (!second) return false;
        out.value[index(interval_field::month)] = *second;
        out.present[index(interval_field::month)] = true;
        field = interval_field::year;
    } else if (!shape.single()) {
        return false;
    }
    out.value[index(field)] = *first;
    out.present[index(field)] = true;
    return text.empty();
}

// [days ]hours[:minutes[:seconds]], or any tail of that
bool split_seconds(std::string_view text, const interval_shape& shape, fields& out) noexcept {
    const auto put = [&](interval_field field, std::uint64_t value) {
        out.value[index(field)] = value;
        out.present[index(field)] = true;
    };
    std::array<std::uint64_t, 3> list{};
    std::size_t count = 0;
    const auto first = take_field(text, out.too_long);
    if (!first) return false;
    list[count++] = *first;
    bool days = false;
    if (!text.empty() && text.front() == ' ') {
        days = true;
        put(interval_field::day, *first);
        text = trim_blanks(text);
        count = 0;
        const auto hours = take_field(text, out.too_long);
        if (!hours) return false;
        list[count++] = *hours;
    }
    while (count < 3 && take(text, ':')) {
        const auto next = take_field(text, out.too_long);
        if (!next) return false;
        list[count++] = *next;
    }
    if (!take_fraction(text, out) || !text.empty()) return false;

    auto start = interval_field::hour;
    if (!days && count == 1) {
        if (!shape.single()) return false; // "5" for DAY TO SECOND could be anything
        start = shape.first;
    } else if (!days && count == 2 && shape.last == interval_field::second) {
        start = interval_field::minute;
    }
    for (std::size_t i = 0; i < count; ++i) put(static_cast<interval_field>(index(start) + i), list[i]);
    return !out.fraction || out.present[index(interval_field::second)];
}

} // namespace

outcome parse_interval(std::string_view text, const interval_shape& shape, interval& out) noexcept {
    out = {};
    text = trim_blanks(text);
    std::optional<interval_shape> said;
    if (!open_literal(text, out.negative, said)) return outcome::bad_literal;
    if (take(text, '-')) {
        out.negative = !out.negative;
    } else {
        (void)take(text, '+');
    }
    const auto& read_as = said ? *said : shape;
    if (read_as.of_months() != shape.of_months()) return outcome::bad_literal;
    fields split;
    if (!(read_as.of_months() ? split_months(text, read_as, split) : split_seconds(text, read_as, split))) return outcome::bad_literal;
    if (split.too_long) return outcome::interval_overflow;
    out.of_months = shape.of_months();
    bool leading = true;
    for (std::size_t i = 0; i < split.value.size(); ++i) {
        if (!split.present[i]) continue;
        if (!leading && split.value[i] >= limits[i]) return outcome::bad_literal;
        leading = false;
        out.amount += split.value[i] * units[i];
    }
    out.nanosecond = split.nanosecond;
    out.fraction_lost = split.fraction_lost;
    if (out.amount == 0 && out.nanosecond == 0) out.negative = false;
    return outcome::ok;
}

outcome interval_of(const number& in, const interval_shape& shape, interval& out) noexcept {
    out = {};
    uint128 whole = 0;
    uint128 billionths = 0;
    const auto result = scaled(in, 0, whole);
    if (result == outcome::out_of_range || whole > 999'999'999U) return outcome::interval_overflow;
    out.negative = in.negative;
    out.of_months = shape.of_months();
    out.amount = static_cast<std::uint64_t>(whole) * units[index(shape.first)];
    if (shape.first == interval_field::second) {
        out.fraction_lost = scaled(in, 9, billionths) == outcome::fraction_truncated;
        out.nanosecond = static_cast<std::uint32_t>(billionths % 1'000'000'000U);
    } else {
        out.fraction_lost = result == outcome::fraction_truncated;
    }
    if (out.amount == 0 && out.nanosecond == 0) out.negative = false;
    return outcome::ok;
}

outcome to_struct(const interval& in, const interval_shape& shape, int leading_precision, int seconds_precision, SQL_INTERVAL_STRUCT& out) noexcept {
    if (seconds_precision < 0 || seconds_precision > 9) seconds_precision = 6;
    if (leading_precision < 1 || leading_precision > 9) leading_precision = 2;
    std::array<SQLUINTEGER, 6> value{};
    auto rest = in.amount;
    for (auto field = shape.first;; field = after(field)) {
        const auto part = rest / units[index(field)];
        rest %= units[index(field)];
        if (field == shape.first && part >= tens[static_cast<std::size_t>(leading_precision)]) return outcome::interval_overflow;
        value[index(field)] = static_cast<SQLUINTEGER>(part);
        if (field == shape.last) break;
    }
    bool lost = rest != 0 || in.fraction_lost;
    SQLUINTEGER fraction = 0;
    if (shape.last == interval_field::second) {
        const auto unit = tens[static_cast<std::size_t>(9 - seconds_precision)];
        fraction = in.nanosecond / unit;
        lost = lost || in.nanosecond % unit != 0;
    } else {
        lost = lost || in.nanosecond != 0;
    }
    out = {};
    out.interval_type = shape.tag;
    bool zero = fraction == 0;
    for (const auto each : value) zero = zero && each == 0;
    out.interval_sign = in.negative && !zero ? SQL_TRUE : SQL_FALSE;
    if (shape.of_months()) {
        out.intval.year_month = {value[0], value[1]};
    } else {
        out.intval.day_second = {value[2], value[3], value[4], value[5], fraction};
    }
    return lost ? outcome::fraction_truncated : outcome::ok;
}

bool from_struct(const SQL_INTERVAL_STRUCT& in, int seconds_precision, interval& out, interval_shape& shape) noexcept {
    if (seconds_precision < 0 || seconds_precision > 9) seconds_precision = 6;
    int tag = 0; // what the application wrote need not be an enumerator
    static_assert(sizeof tag == sizeof in.interval_type);
    std::memcpy(&tag, &in.interval_type, sizeof tag);
    const auto found =
        std::find_if(interval_shapes.begin(), interval_shapes.end(), [&](const interval_shape& each) { return static_cast<int>(each.tag) == tag; });
    if (found == interval_shapes.end()) return false;
    shape = *found;
    out = {};
    out.of_months = shape.of_months();
    std::array<SQLUINTEGER, 6> value{};
    if (out.of_months) {
        value[0] = in.intval.year_month.year;
        value[1] = in.intval.year_month.month;
    } else {
        const auto& from = in.intval.day_second;
        value = {0, 0, from.day, from.hour, from.minute, from.second};
        if (shape.last == interval_field::second) {
            if (from.fraction >= tens[static_cast<std::size_t>(seconds_precision)]) return false;
            out.nanosecond = from.fraction * tens[static_cast<std::size_t>(9 - seconds_precision)];
        }
    }
    for (auto field = shape.first;; field = after(field)) {
        const auto part = value[index(field)];
        if (field == shape.first ? part > 999'999'999U : part >= limits[index(field)]) return false;
        out.amount += part * units[index(field)];
        if (field == shape.last) break;
    }
    out.negative = in.interval_sign == SQL_TRUE && (out.amount != 0 || out.nanosecond != 0);
    return true;
}

std::string_view to_text(const interval& in, const interval_shape& shape, interval_text& storage) noexcept {
    auto* to = storage.data();
    auto* const end = to + storage.size();
    if (in.negative) *to++ = '-';
    auto rest = in.amount;
    for (auto field = shape.first;; field = after(field)) {
        const auto part = rest / units[index(field)];
        rest %= units[index(field)];
        if (field != shape.first) {
            *to++ = field == interval_field::month ? '-' : field == interval_field::hour ? ' ' : ':';
            if (part < 10 && field != interval_field::month) *to++ = '0';
        }
        to = std::to_chars(to, end, part).ptr;
        if (field == shape.last) break;
    }
    if (shape.last == interval_field::second && in.nanosecond != 0) {
        *to++ = '.';
        for (std::size_t i = 0; i < 9; ++i) *to++ = static_cast<char>('0' + in.nanosecond / tens[8 - i] % 10);
        while (to[-1] == '0') --to;
    }
    return {storage.data(), static_cast<std::size_t>(to - storage.data())};
}

number to_number(const interval& in, const interval_shape& shape) noexcept {
    number out;
    out.negative = in.negative;
    out.magnitude = in.amount / units[index(shape.first)];
    if (in.nanosecond != 0) {
        out.magnitude = out.magnitude * 1'000'000'000U + in.nanosecond;
        out.exponent = -9;
        while (out.magnitude % 10 == 0) {
            out.magnitude /= 10;
            ++out.exponent;
        }
    }
    return out;
}

} // namespace irislink::odbc
