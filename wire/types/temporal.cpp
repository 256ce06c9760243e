#include "wire/types/temporal.hpp"

#include <array>

#include "wire/types/calendar.hpp"
#include "wire/types/fixed_timestamp.hpp"

namespace irislink::wire {
namespace {

constexpr std::int64_t posix_bit = 1152921504606846976;      // 2^60
constexpr std::int64_t posix_negative = 6917529027641081856; // 2^62 + 2^61
constexpr std::int64_t microseconds_per_day = 86'400'000'000;
constexpr std::int64_t first_horolog = -672045;
constexpr std::int64_t last_horolog = 2980013;

constexpr bool leap(int year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(int year, int month) noexcept {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[static_cast<std::size_t>(month - 1)];
}

std::optional<date> date_of_days(std::int64_t days) noexcept {
    const std::int64_t shifted = days + 719468; // since 0000-03-01
    if (shifted < 306 || days > last_horolog - horolog_of_1970) return std::nullopt;
    const std::int64_t era = shifted / 146097;
    const std::int64_t day_of_era = shifted % 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    if (year < 1 || year > 9999) return std::nullopt;
    return date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

// Reads exactly `digits` digits at the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t least, std::size_t most) noexcept {
    int value = 0;
    std::size_t count = 0;
    while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9') value = value * 10 + (text[count++] - '0');
    if (count < least) return std::nullopt;
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) noexcept {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<date> take_date(std::string_view& text) noexcept {
    const auto year = take_number(text, 4, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 1, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 1, 2);
    if (!day) return std::nullopt;
    const date out{static_cast<std::int16_t>(*year), static_cast<std::uint8_t>(*month), static_cast<std::uint8_t>(*day)};
    return valid(out) ? std::optional(out) : std::nullopt;
}

std::optional<time_of_day> take_time(std::string_view& text) noexcept {
    const auto hour = take_number(text, 1, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2, 2);
    if (!minute) return std::nullopt;
    time_of_day out{static_cast<std::uint8_t>(*hour), static_cast<std::uint8_t>(*minute), 0, 0};
    if (take(text, ':')) {
        const auto second = take_number(text, 2, 2);
        if (!second) return std::nullopt;
        out.second = static_cast<std::uint8_t>(*second);
        if (take(text, '.')) {
            std::uint32_t unit = 100'000'000;
            if (text.empty()) return std::nullopt;
            while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
                out.nanosecond += static_cast<std::uint32_t>(text.front() - '0') * unit;
                unit /= 10; // digits beyond nanoseconds count nothing
                text.remove_prefix(1);
            }
        }
    }
    return valid(out) ? std::optional(out) : std::nullopt;
}

void append_padded(std::string& out, std::uint32_t value, int width) {
    std::array<char, 10> digits{};
    for (int i = width; i-- > 0; value /= 10) digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), static_cast<std::size_t>(width));
}

bool is_posix(std::int64_t value) noexcept {
    return value >= posix_bit || value < -posix_bit;
}

// The number before the comma of a $HOROLOG pair "58089,3600", or a bare day number.
std::optional<std::int64_t> day_of_text(std::string_view text) noexcept {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos && text.size() > 7) return std::nullopt;
    const auto number = parse_decimal(text.substr(0, comma));
    bool exact = true;
    if (!number) return std::nullopt;
    return rescale(*number, 0, exact);
}

// The PosixTime an integer item or a 19-digit text stands for.
std::optional<std::int64_t> posix_of_item(const item& in, std::string_view text) noexcept {
    std::int64_t value = 0;
    if (in.code == item_code::positive || in.code == item_code::negative) {
        if (to_integer(in, value) != coercion::ok || !is_posix(value)) return std::nullopt;
        return value;
    }
    if (text.size() < 19 || text[4] == '-' || to_integer(in, value) != coercion::ok) return std::nullopt;
    return value;
}

std::optional<time_of_day> time_of_seconds(decimal seconds) noexcept {
    bool exact = true;
    const auto nanoseconds = rescale(seconds, 9, exact);
    if (!nanoseconds || *nanoseconds < 0 || *nanoseconds >= 86'400'000'000'000) return std::nullopt;
    const std::int64_t whole = *nanoseconds / 1'000'000'000;
    return time_of_day{
        static_cast<std::uint8_t>(whole / 3600), static_cast<std::uint8_t>(whole / 60 % 60), static_cast<std::uint8_t>(whole % 60),
        static_cast<std::uint32_t>(*nanoseconds % 1'000'000'000)};
}

bool is_integer(item_code code) noexcept {
    return code == item_code::positive || code == item_code::negative;
}

bool is_decimal(item_code code) noexcept {
    return code == item_code::decimal_positive || code == item_code::decimal_negative;
}

// Text of a date or time is ASCII; wide items are narrowed when they are.
std::string_view ascii_text(const item& in, std::array<char, 48>& storage) noexcept {
    if (in.code == item_code::text8) return as_text(in.text_data());
    if (in.code != item_code::text16 || in.data.size() / 2 > storage.size()) return {};
    std::size_t size = 0;
    for (std::size_t i = 0; i + 1 < in.data.size(); i += 2) {
        const auto unit = load_u16(in.data.data() + i);
        if (unit >= 0x80) return {};
        storage[size++] = static_cast<char>(unit);
    }
    return {storage.data(), size};
}

} // namespace

bool valid(date value) noexcept {
    return value.year >= 1 && value.year <= 9999 && value.month >= 1 && value.month <= 12 && value.day >= 1 &&
           value.day <= days_in_month(value.year, value.month);
}

bool valid(time_of_day value) noexcept {
    return value.hour < 24 && value.minute < 60 && value.second < 60 && value.nanosecond < 1'000'000'000;
}

std::optional<date> date_of_horolog(std::int64_t day) noexcept {
    if (day < first_horolog || day > last_horolog) return std::nullopt;
    return date_of_days(day - horolog_of_1970);
}

std::int64_t horolog_of_date(date value) noexcept {
    return days_since_1970(value) + horolog_of_1970;
}

std::optional<timestamp> timestamp_of_posix(std::int64_t encoded) noexcept {
    const std::int64_t micros = encoded > 0 ? encoded - posix_bit : encoded + posix_negative;
    // Each moment has one encoding: positive ones before 1970 and negative ones after it are none.
    if ((encoded > 0) != (micros >= 0)) return std::nullopt;
    std::int64_t days = micros / microseconds_per_day;
    std::int64_t rest = micros % microseconds_per_day;
    if (rest < 0) {
        rest += microseconds_per_day;
        --days;
    }
    if (days < first_horolog - horolog_of_1970 || days > last_horolog - horolog_of_1970) return std::nullopt;
    const auto day = date_of_days(days);
    if (!day) return std::nullopt;
    const std::int64_t seconds = rest / 1'000'000;
    return timestamp{
        *day,
        {static_cast<std::uint8_t>(seconds / 3600), static_cast<std::uint8_t>(seconds / 60 % 60), static_cast<std::uint8_t>(seconds % 60),
         static_cast<std::uint32_t>(rest % 1'000'000) * 1000U}};
}

std::int64_t posix_of_timestamp(const timestamp& value) noexcept {
    const std::int64_t seconds = value.time.hour * 3600 + value.time.minute * 60 + value.time.second;
    const std::int64_t micros = days_since_1970(value.day) * microseconds_per_day + seconds * 1'000'000 + value.time.nanosecond / 1000;
    return micros >= 0 ? micros + posix_bit : micros - posix_negative;
}

std::optional<date> parse_date(std::string_view text) noexcept {
    const auto out = take_date(text);
    return text.empty() ? out : std::nullopt;
}

std::optional<time_of_day> parse_time(std::string_view text) noexcept {
    const auto out = take_time(text);
    return text.empty() ? out : std::nullopt;
}

std::optional<timestamp> parse_timestamp(std::string_view text) noexcept {
    if (timestamp fixed; take_fixed_timestamp(text, fixed)) return fixed;
    const auto day = take_date(text);
    if (!day) return std::nullopt;
    if (text.empty()) return timestamp{*day, {}};
    if (!take(text, ' ') && !take(text, 'T')) return std::nullopt;
    const auto time = take_time(text);
    if (!time || !text.empty()) return std::nullopt;
    return timestamp{*day, *time};
}

void append_text(std::string& out, date value) {
    append_padded(out, static_cast<std::uint32_t>(value.year), 4);
    out.push_back('-');
    append_padded(out, value.month, 2);
    out.push_back('-');
    append_padded(out, value.day, 2);
}

void append_text(std::string& out, const time_of_day& value) {
    append_padded(out, value.hour, 2);
    out.push_back(':');
    append_padded(out, value.minute, 2);
    out.push_back(':');
    append_padded(out, value.second, 2);
    if (value.nanosecond == 0) return;
    std::uint32_t fraction = value.nanosecond;
    int width = 9;
    while (fraction % 10 == 0) {
        fraction /= 10;
        --width;
    }
    out.push_back('.');
    append_padded(out, fraction, width);
}

void append_text(std::string& out, const timestamp& value) {
    append_text(out, value.day);
    out.push_back(' ');
    append_text(out, value.time);
}

coercion to_date(const item& in, date& out) noexcept {
    if (in.is_null()) return coercion::null;
    std::array<char, 48> storage{};
    const auto text = ascii_text(in, storage);
    std::optional<std::int64_t> day;
    if (is_integer(in.code) && in.data.size() <= 3) {
        std::int64_t value = 0;
        if (to_integer(in, value) != coercion::ok) return coercion::out_of_range;
        day = value;
    } else if (is_decimal(in.code)) {
        std::int64_t value = 0;
        const auto got = to_integer(in, value);
        if (got != coercion::ok && got != coercion::fraction_truncated) return got;
        day = value;
    } else if (text.size() > 4 && text[4] == '-') {
        const auto parsed = parse_timestamp(text);
        if (!parsed) return coercion::bad_literal;
        out = parsed->day;
        return coercion::ok;
    } else if (const auto posix = posix_of_item(in, text)) {
        const auto moment = timestamp_of_posix(*posix);
        if (!moment) return coercion::out_of_range;
        out = moment->day;
        return coercion::ok;
    } else if (!text.empty()) {
        day = day_of_text(text);
        if (!day) return coercion::bad_literal;
    } else {
        return in.code == item_code::text8 || in.code == item_code::text16 ? coercion::bad_literal : coercion::not_convertible;
    }
    const auto value = date_of_horolog(*day);
    if (!value) return coercion::out_of_range;
    out = *value;
    return coercion::ok;
}

coercion to_time(const item& in, time_of_day& out) noexcept {
    if (in.is_null()) return coercion::null;
    std::array<char, 48> storage{};
    const auto text = ascii_text(in, storage);
    std::optional<time_of_day> value;
    if ((is_integer(in.code) && in.data.size() <= 3) || is_decimal(in.code)) {
        decimal seconds;
        if (to_decimal(in, seconds) != coercion::ok) return coercion::out_of_range;
        value = time_of_seconds(seconds);
        if (!value) return coercion::out_of_range;
    } else if (text.size() > 4 && text[4] == '-') {
        const auto parsed = parse_timestamp(text);
        if (!parsed) return coercion::bad_literal;
        value = parsed->time;
    } else if (const auto posix = posix_of_item(in, text)) {
        const auto moment = timestamp_of_posix(*posix);
        if (!moment) return coercion::out_of_range;
        value = moment->time;
    } else if (!text.empty() || in.code == item_code::text8) {
        value = parse_time(text);
        if (!value) return coercion::bad_literal;
    } else {
        return coercion::not_convertible;
    }
    out = *value;
    return coercion::ok;
}

coercion to_timestamp(const item& in, timestamp& out) noexcept {
    if (in.is_null()) return coercion::null;
    if (in.code == item_code::text8 && take_fixed_timestamp(as_text(in.data), out)) return coercion::ok;
    std::array<char, 48> storage{};
    const auto text = ascii_text(in, storage);
    std::optional<timestamp> value;
    if (const auto posix = posix_of_item(in, text)) {
        value = timestamp_of_posix(*posix);
        if (!value) return coercion::out_of_range;
    } else if (in.code == item_code::text8 || in.code == item_code::text16) {
        value = parse_timestamp(text);
        if (!value) return coercion::bad_literal;
    } else {
        return coercion::not_convertible;
    }
    out = *value;
    return coercion::ok;
}

} // namespace irislink::wire
