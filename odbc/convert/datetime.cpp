#include "odbc/convert/datetime.hpp"

#include <ctime>

#include "odbc/convert/ascii.hpp"

namespace irislink::odbc {
namespace {

// The text between the quotes of {d '...'}, {t '...'} or {ts '...'}; false when a brace leads to
// anything else.
bool open_escape(std::string_view& text, literal_kind& said) noexcept {
    if (text.empty() || text.front() != '{') return true;
    auto inner = text.substr(1);
    if (inner.empty() || inner.back() != '}') return false;
    inner.remove_suffix(1);
    inner = trim_blanks(inner);
    if (take_word(inner, "ts")) {
        said = literal_kind::timestamp;
    } else if (take_word(inner, "d")) {
        said = literal_kind::date;
    } else if (take_word(inner, "t")) {
        said = literal_kind::time;
    } else {
        return false;
    }
    inner = trim_blanks(inner);
    if (inner.size() < 2 || inner.front() != '\'' || inner.back() != '\'') return false;
    text = trim_blanks(inner.substr(1, inner.size() - 2));
    return true;
}

bool beyond_nanoseconds(std::string_view text) noexcept {
    const auto point = text.find('.');
    if (point == std::string_view::npos || text.size() - point <= 10) return false;
    return text.substr(point + 10).find_first_not_of('0') != std::string_view::npos;
}

char* put_number(char* to, std::uint32_t value, int width) noexcept {
    for (int i = width; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
    return to + width;
}

char* put(char* to, const wire::date& in) noexcept {
    to = put_number(to, static_cast<std::uint32_t>(in.year), 4);
    *to++ = '-';
    to = put_number(to, in.month, 2);
    *to++ = '-';
    return put_number(to, in.day, 2);
}

char* put(char* to, const wire::time_of_day& in) noexcept {
    to = put_number(to, in.hour, 2);
    *to++ = ':';
    to = put_number(to, in.minute, 2);
    *to++ = ':';
    to = put_number(to, in.second, 2);
    if (in.nanosecond == 0) return to;
    *to++ = '.';
    to = put_number(to, in.nanosecond, 9);
    while (to[-1] == '0') --to;
    return to;
}

} // namespace

literal_kind parse_datetime(std::string_view text, wire::timestamp& out, bool& fraction_lost) noexcept {
    auto said = literal_kind::none;
    text = trim_blanks(text);
    if (!open_escape(text, said)) return literal_kind::none;
    fraction_lost = beyond_nanoseconds(text);
    auto found = literal_kind::none;
    if (text.size() > 10) {
        if (const auto moment = wire::parse_timestamp(text)) {
            out = *moment;
            found = literal_kind::timestamp;
        }
    } else if (const auto day = wire::parse_date(text)) {
        out.day = *day;
        found = literal_kind::date;
    }
    if (found == literal_kind::none) {
        if (const auto time = wire::parse_time(text)) {
            out.time = *time;
            found = literal_kind::time;
        }
    }
    return said == literal_kind::none || said == found ? found : literal_kind::none;
}

wire::date current_date() noexcept {
    const auto now = std::time(nullptr);
    std::tm local{};
    (void)localtime_r(&now, &local);
    return {static_cast<std::int16_t>(local.tm_year + 1900), static_cast<std::uint8_t>(local.tm_mon + 1), static_cast<std::uint8_t>(local.tm_mday)};
}

bool from_struct(const SQL_DATE_STRUCT& in, wire::date& out) noexcept {
    if (in.month > 12 || in.day > 31) return false; // before they are narrowed
    const wire::date day{in.year, static_cast<std::uint8_t>(in.month), static_cast<std::uint8_t>(in.day)};
    if (!wire::valid(day)) return false;
    out = day;
    return true;
}

bool from_struct(const SQL_TIME_STRUCT& in, wire::time_of_day& out) noexcept {
    if (in.hour > 23 || in.minute > 59 || in.second > 59) return false;
    out = {static_cast<std::uint8_t>(in.hour), static_cast<std::uint8_t>(in.minute), static_cast<std::uint8_t>(in.second), 0};
    return true;
}

bool from_struct(const SQL_TIMESTAMP_STRUCT& in, wire::timestamp& out) noexcept {
    wire::timestamp made;
    if (!from_struct(SQL_DATE_STRUCT{in.year, in.month, in.day}, made.day)) return false;
    if (!from_struct(SQL_TIME_STRUCT{in.hour, in.minute, in.second}, made.time)) return false;
    if (in.fraction > 999'999'999) return false;
    made.time.nanosecond = in.fraction;
    out = made;
    return true;
}

std::string_view to_text(const wire::date& in, datetime_text& storage) noexcept {
    return {storage.data(), static_cast<std::size_t>(put(storage.data(), in) - storage.data())};
}

std::string_view to_text(const wire::time_of_day& in, datetime_text& storage) noexcept {
    return {storage.data(), static_cast<std::size_t>(put(storage.data(), in) - storage.data())};
}

std::string_view to_text(const wire::timestamp& in, datetime_text& storage) noexcept {
    auto* to = put(storage.data(), in.day);
    *to++ = ' ';
    to = put(to, in.time);
    return {storage.data(), static_cast<std::size_t>(to - storage.data())};
}

} // namespace irislink::odbc
