#include <array>
#include <charconv>
#include <ctime>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/sqlite.hpp"
#include "samples/sandbox/sql/value.hpp"

namespace irislink::sandbox::sql {
namespace {

using wire::date;
using wire::time_of_day;
using wire::timestamp;

enum class part { year, quarter, month, week, day, day_of_year, day_of_week, hour, minute, second, fraction, unknown };

struct part_name {
    std::string_view name;
    part value;
};

constexpr std::array part_names{
    part_name{"YYYY", part::year},
    part_name{"YY", part::year},
    part_name{"YEAR", part::year},
    part_name{"SQL_TSI_YEAR", part::year},
    part_name{"QQ", part::quarter},
    part_name{"Q", part::quarter},
    part_name{"QUARTER", part::quarter},
    part_name{"SQL_TSI_QUARTER", part::quarter},
    part_name{"MM", part::month},
    part_name{"M", part::month},
    part_name{"MONTH", part::month},
    part_name{"SQL_TSI_MONTH", part::month},
    part_name{"WK", part::week},
    part_name{"WW", part::week},
    part_name{"WEEK", part::week},
    part_name{"SQL_TSI_WEEK", part::week},
    part_name{"DD", part::day},
    part_name{"D", part::day},
    part_name{"DAY", part::day},
    part_name{"SQL_TSI_DAY", part::day},
    part_name{"DY", part::day_of_year},
    part_name{"DAYOFYEAR", part::day_of_year},
    part_name{"DW", part::day_of_week},
    part_name{"WEEKDAY", part::day_of_week},
    part_name{"HH", part::hour},
    part_name{"HOUR", part::hour},
    part_name{"SQL_TSI_HOUR", part::hour},
    part_name{"MI", part::minute},
    part_name{"N", part::minute},
    part_name{"MINUTE", part::minute},
    part_name{"SQL_TSI_MINUTE", part::minute},
    part_name{"SS", part::second},
    part_name{"S", part::second},
    part_name{"SECOND", part::second},
    part_name{"SQL_TSI_SECOND", part::second},
    part_name{"MS", part::fraction},
    part_name{"SQL_TSI_FRAC_SECOND", part::fraction},
};

part part_of(sqlite3_value* value) {
    const auto name = to_upper(text_argument(value));
    for (const auto& each : part_names)
        if (each.name == name) return each.value;
    return part::unknown;
}

std::int64_t seconds_of(const timestamp& value) {
    return wire::horolog_of_date(value.day) * 86400 + std::int64_t{value.time.hour} * 3600 + std::int64_t{value.time.minute} * 60 + value.time.second;
}

std::optional<timestamp> from_seconds(std::int64_t seconds, std::uint32_t nanosecond) {
    auto days = seconds / 86400;
    auto rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        --days;
    }
    const auto day = wire::date_of_horolog(days);
    if (!day) return std::nullopt;
    return timestamp{
        *day, {static_cast<std::uint8_t>(rest / 3600), static_cast<std::uint8_t>(rest / 60 % 60), static_cast<std::uint8_t>(rest % 60), nanosecond}};
}

std::int64_t component(part which, const timestamp& value) {
    switch (which) {
    case part::year: return value.day.year;
    case part::quarter: return (value.day.month - 1) / 3 + 1;
    case part::month: return value.day.month;
    case part::week: return (day_of_year(value.day) + day_of_week({value.day.year, 1, 1}) - 2) / 7 + 1;
    case part::day: return value.day.day;
    case part::day_of_year: return day_of_year(value.day);
    case part::day_of_week: return day_of_week(value.day);
    case part::hour: return value.time.hour;
    case part::minute: return value.time.minute;
    case part::second: return value.time.second;
    case part::fraction: return value.time.nanosecond / 1'000'000;
    case part::unknown: break;
    }
    return 0;
}

void part_function(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto which = part_of(values[0]);
    if (which == part::unknown) {
        raise(context, 8, "Invalid DATEPART '" + std::string(text_argument(values[0])) + "'");
        return;
    }
    auto moment = to_moment(values[1]);
    if (!moment) {
        if (const auto time = wire::parse_time(text_argument(values[1]))) moment = timestamp{{1841, 1, 1}, *time};
    }
    if (moment) {
        sqlite3_result_int64(context, component(which, *moment));
    } else {
        raise(context, 146, "Value '" + std::string(text_argument(values[1]).substr(0, 40)) + "' is not a date");
    }
}

void part_name_function(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(2, values)) return;
    const auto which = part_of(values[0]);
    const auto moment = to_moment(values[1]);
    if (which == part::unknown || !moment) {
        raise(context, which == part::unknown ? 8 : 146, "Invalid argument of DATENAME");
    } else if (which == part::month) {
        return_text(context, month_names[static_cast<std::size_t>(moment->day.month - 1)]);
    } else if (which == part::day_of_week) {
        return_text(context, day_names[static_cast<std::size_t>(day_of_week(moment->day) - 1)]);
    } else {
        return_text(context, std::to_string(component(which, *moment)));
    }
}

std::optional<timestamp> add_months(timestamp value, std::int64_t months) {
    const std::int64_t total = value.day.year * std::int64_t{12} + (value.day.month - 1) + months;
    if (total < 12 || total >= 120000) return std::nullopt;
    value.day.year = static_cast<std::int16_t>(total / 12);
    value.day.month = static_cast<std::uint8_t>(total % 12 + 1);
    while (!wire::valid(value.day)) --value.day.day;
    return value;
}

void date_add(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    const auto which = part_of(values[0]);
    const auto count = sqlite3_value_int64(values[1]);
    const auto moment = to_moment(values[2]);
    if (which == part::unknown || !moment || count > 10'000'000'000 || count < -10'000'000'000) {
        raise(context, which == part::unknown ? 8 : 146, "Invalid argument of DATEADD");
        return;
    }
    std::optional<timestamp> out;
    switch (which) {
    case part::year: out = add_months(*moment, count * 12); break;
    case part::quarter: out = add_months(*moment, count * 3); break;
    case part::month: out = add_months(*moment, count); break;
    case part::week: out = from_seconds(seconds_of(*moment) + count * 604800, moment->time.nanosecond); break;
    case part::hour: out = from_seconds(seconds_of(*moment) + count * 3600, moment->time.nanosecond); break;
    case part::minute: out = from_seconds(seconds_of(*moment) + count * 60, moment->time.nanosecond); break;
    case part::second: out = from_seconds(seconds_of(*moment) + count, moment->time.nanosecond); break;
    case part::fraction: {
        const std::int64_t total = moment->time.nanosecond + count * 1'000'000;
        const std::int64_t carry = total >= 0 ? total / 1'000'000'000 : -((999'999'999 - total) / 1'000'000'000);
        out = from_seconds(seconds_of(*moment) + carry, static_cast<std::uint32_t>(total - carry * 1'000'000'000));
        break;
    }
    default: out = from_seconds(seconds_of(*moment) + count * 86400, moment->time.nanosecond); break;
    }
    if (!out) {
        raise(context, 146, "The result of DATEADD is outside the years 1 to 9999");
        return;
    }
    std::string text;
    wire::append_text(text, *out);
    return_text(context, text);
}

void date_diff(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(3, values)) return;
    const auto which = part_of(values[0]);
    const auto from = to_moment(values[1]);
    const auto to = to_moment(values[2]);
    if (which == part::unknown || !from || !to) {
        raise(context, which == part::unknown ? 8 : 146, "Invalid argument of DATEDIFF");
        return;
    }
    const auto months = [](const timestamp& t) { return t.day.year * std::int64_t{12} + t.day.month - 1; };
    const auto days = wire::horolog_of_date(to->day) - wire::horolog_of_date(from->day);
    std::int64_t out = days;
    switch (which) {
    case part::year: out = to->day.year - from->day.year; break;
    case part::quarter: out = months(*to) / 3 - months(*from) / 3; break;
    case part::month: out = months(*to) - months(*from); break;
    case part::week: out = days / 7; break;
    case part::hour: out = seconds_of(*to) / 3600 - seconds_of(*from) / 3600; break;
    case part::minute: out = seconds_of(*to) / 60 - seconds_of(*from) / 60; break;
    case part::second: out = seconds_of(*to) - seconds_of(*from); break;
    case part::fraction: out = (seconds_of(*to) - seconds_of(*from)) * 1000 + to->time.nanosecond / 1'000'000 - from->time.nanosecond / 1'000'000; break;
    default: break;
    }
    sqlite3_result_int64(context, out);
}

timestamp current_moment(int digits) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm local{};
    ::localtime_r(&now.tv_sec, &local);
    std::uint32_t unit = 1'000'000'000;
    for (int i = 0; i < digits && unit > 1; ++i) unit /= 10;
    const auto nanosecond = digits <= 0 ? 0 : static_cast<std::uint32_t>(now.tv_nsec) / unit * unit;
    return {
        {static_cast<std::int16_t>(local.tm_year + 1900), static_cast<std::uint8_t>(local.tm_mon + 1), static_cast<std::uint8_t>(local.tm_mday)},
        {static_cast<std::uint8_t>(local.tm_hour), static_cast<std::uint8_t>(local.tm_min), static_cast<std::uint8_t>(local.tm_sec % 60), nanosecond}};
}

void now(sqlite3_context* context, int, sqlite3_value** values) {
    const auto moment = current_moment(sqlite3_value_int(values[1]));
    std::string out;
    switch (sqlite3_value_int(values[0])) {
    case type_code::date: wire::append_text(out, moment.day); break;
    case type_code::time: wire::append_text(out, moment.time); break;
    default: wire::append_text(out, moment); break;
    }
    return_text(context, out);
}

// Lenient forms for comparisons: what is no date stays as it is and equals none.
template <int Code> void lenient(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    std::string out;
    if (Code == type_code::time) {
        const auto time = to_time(values[0]);
        const auto moment = time ? std::nullopt : to_moment(values[0]);
        if (time || moment) wire::append_text(out, time ? *time : moment->time);
    } else if (const auto moment = to_moment(values[0])) {
        if (Code == type_code::date && moment->time == time_of_day{}) {
            wire::append_text(out, moment->day);
        } else {
            wire::append_text(out, *moment);
        }
    }
    if (out.empty()) {
        sqlite3_result_value(context, values[0]);
    } else {
        return_text(context, out);
    }
}

// The day number ($HOROLOG) of a date.
void day_number(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    if (const auto moment = to_moment(values[0])) sqlite3_result_int64(context, wire::horolog_of_date(moment->day));
}

// Seconds since midnight, scaled by 10^9.
void seconds(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    const auto time = wire::parse_time(text_argument(values[0]));
    if (!time) return;
    const std::int64_t whole = time->hour * 3600 + time->minute * 60 + time->second;
    sqlite3_result_int64(context, whole * 1'000'000'000 + time->nanosecond);
}

void last_day(sqlite3_context* context, int, sqlite3_value** values) {
    if (any_null(1, values)) return;
    auto moment = to_moment(values[0]);
    if (!moment) return;
    moment->day.day = 31;
    while (!wire::valid(moment->day)) --moment->day.day;
    std::string out;
    wire::append_text(out, moment->day);
    return_text(context, out);
}

} // namespace

// Sunday is 1; day 0 of $HOROLOG, 1840-12-31, was a Thursday.
int day_of_week(wire::date value) {
    return static_cast<int>(((wire::horolog_of_date(value) + 4) % 7 + 7) % 7) + 1;
}

int day_of_year(wire::date value) {
    return static_cast<int>(wire::horolog_of_date(value) - wire::horolog_of_date({value.year, 1, 1})) + 1;
}

std::optional<wire::time_of_day> to_time(sqlite3_value* value) {
    if (sqlite3_value_type(value) == SQLITE_TEXT) {
        if (const auto time = wire::parse_time(trimmed(text_argument(value)))) return time;
    }
    // Seconds since midnight, also as text: clients send number literals so.
    const auto seconds = decimal_of(value);
    bool exact = true;
    const auto scaled = seconds ? wire::rescale(*seconds, 9, exact) : std::nullopt;
    constexpr std::int64_t second = 1'000'000'000;
    if (!scaled || *scaled < 0 || *scaled >= 86400 * second) return std::nullopt;
    const auto whole = *scaled / second;
    return wire::time_of_day{
        static_cast<std::uint8_t>(whole / 3600), static_cast<std::uint8_t>(whole / 60 % 60), static_cast<std::uint8_t>(whole % 60),
        static_cast<std::uint32_t>(*scaled % second)};
}

std::optional<wire::timestamp> to_moment(sqlite3_value* value) {
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        const auto day = wire::date_of_horolog(sqlite3_value_int64(value));
        if (!day) return std::nullopt;
        return wire::timestamp{*day, {}};
    }
    const auto text = text_argument(value);
    if (auto parsed = wire::parse_timestamp(text)) return parsed;
    // A day number that came as text.
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    const auto day = wire::date_of_horolog(number);
    if (!day) return std::nullopt;
    return wire::timestamp{*day, {}};
}

void register_date_functions(sqlite3* db) {
    register_function(db, "iris_date", 1, lenient<type_code::date>);
    register_function(db, "iris_time", 1, lenient<type_code::time>);
    register_function(db, "iris_timestamp", 1, lenient<type_code::timestamp>);
    register_function(db, "iris_now", 2, now, false);
    register_function(db, "iris_part", 2, part_function);
    register_function(db, "iris_part_name", 2, part_name_function);
    register_function(db, "iris_date_add", 3, date_add);
    register_function(db, "iris_date_diff", 3, date_diff);
    register_function(db, "iris_day", 1, day_number);
    register_function(db, "iris_seconds", 1, seconds);
    register_function(db, "iris_last_day", 1, last_day);
}

} // namespace irislink::sandbox::sql
