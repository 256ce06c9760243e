#include <algorithm>
#include <array>
#include <charconv>

#include "samples/sandbox/sql/functions_support.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/sql_error.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

// TO_CHAR, TO_DATE, TO_TIMESTAMP and the styles of CONVERT. A format element that is not known here is
// an error: a text with the element's name in it would be no answer.

namespace irislink::sandbox::sql {
namespace {

using wire::timestamp;

// The longest first where one begins another.
constexpr std::array elements{"SSSSS", "MONTH", "YYYY", "RRRR", "HH24", "HH12", "A.M.", "P.M.", "MON", "DAY", "DDD", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6",
                              "FF7",   "FF8",   "FF9",  "YY",   "RR",   "MM",   "DD",   "DY",   "HH",  "MI",  "SS",  "FF",  "AM",  "PM",  "D",   "Q"};

// One element, or a literal: punctuation, "text in quotes", the T of an ISO timestamp.
struct piece {
    std::string_view element; // empty: a literal
    std::string_view literal;
};

std::vector<piece> pieces_of(std::string_view format, std::string_view upper) {
    std::vector<piece> out;
    for (std::size_t at = 0; at < format.size();) {
        const char c = upper[at];
        const auto rest = upper.substr(at);
        const auto* const found = std::ranges::find_if(elements, [&](std::string_view each) { return rest.starts_with(each); });
        if (found != elements.end()) {
            out.push_back({*found, {}});
            at += std::string_view(*found).size();
        } else if (c == '"') {
            const auto end = std::min(format.find('"', at + 1), format.size());
            out.push_back({{}, format.substr(at + 1, end - at - 1)});
            at = end + 1;
        } else if ((c >= 'A' && c <= 'Z' && !rest.starts_with("THH")) || (c >= '0' && c <= '9')) {
            throw sql_error(1, "Format element '" + std::string(format.substr(at, 8)) + "' is not supported by the sandbox");
        } else {
            out.push_back({{}, format.substr(at, 1)});
            ++at;
        }
    }
    return out;
}

void put(std::string& out, std::int64_t value, std::size_t width) {
    auto digits = std::to_string(value);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

int fraction_digits(std::string_view element) {
    return element.size() == 3 ? element[2] - '0' : 9;
}

std::string shown(const timestamp& value, std::string_view format) {
    const auto upper = to_upper(format);
    std::string out;
    const int twelve = value.time.hour % 12 == 0 ? 12 : value.time.hour % 12;
    const std::string_view month = month_names[static_cast<std::size_t>(value.day.month - 1)];
    const std::string_view day = day_names[static_cast<std::size_t>(day_of_week(value.day) - 1)];
    for (const auto& [element, literal] : pieces_of(format, upper)) {
        if (element.empty()) {
            out += literal;
        } else if (element == "YYYY" || element == "RRRR") {
            put(out, value.day.year, 4);
        } else if (element == "YY" || element == "RR") {
            put(out, value.day.year % 100, 2);
        } else if (element == "Q") {
            put(out, (value.day.month - 1) / 3 + 1, 1);
        } else if (element == "MONTH") {
            out += month;
        } else if (element == "MON") {
            out += month.substr(0, 3);
        } else if (element == "MM") {
            put(out, value.day.month, 2);
        } else if (element == "DAY") {
            out += day;
        } else if (element == "DY") {
            out += day.substr(0, 3);
        } else if (element == "DDD") {
            put(out, day_of_year(value.day), 3);
        } else if (element == "DD") {
            put(out, value.day.day, 2);
        } else if (element == "D") {
            put(out, day_of_week(value.day), 1);
        } else if (element == "HH24") {
            put(out, value.time.hour, 2);
        } else if (element == "HH12" || element == "HH") {
            put(out, twelve, 2);
        } else if (element == "MI") {
            put(out, value.time.minute, 2);
        } else if (element == "SSSSS") {
            put(out, value.time.hour * 3600 + value.time.minute * 60 + value.time.second, 5);
        } else if (element == "SS") {
            put(out, value.time.second, 2);
        } else if (element.starts_with("FF")) {
            std::string digits;
            put(digits, value.time.nanosecond, 9);
            out += digits.substr(0, static_cast<std::size_t>(fraction_digits(element)));
        } else { // AM, P.M.: the point is the format's, the half of the day the value's
            out += value.time.hour < 12 ? "A" : "P";
            out += element.size() == 4 ? ".M." : "M";
        }
    }
    return out;
}

// A reader of text by a format.
struct reader {
    std::string_view text;
    std::size_t at{0};
    bool failed{false};

    int number(std::size_t width) {
        const auto field = text.substr(std::min(at, text.size()), width);
        int out = 0;
        const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), out);
        if (error != std::errc{} || field.starts_with('-')) {
            failed = true;
            return 0;
        }
        at += static_cast<std::size_t>(end - field.data());
        return out;
    }

    // One of `names`, whole or its first three letters, by number from 1.
    template <class Names> int name(const Names& names) {
        const auto rest = to_upper(text.substr(std::min(at, text.size())));
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto whole = to_upper(names[i]);
            if (!rest.starts_with(std::string_view(whole).substr(0, 3))) continue;
            at += rest.starts_with(whole) ? whole.size() : 3;
            return static_cast<int>(i) + 1;
        }
        failed = true;
        return 0;
    }

    void skip(std::string_view literal) {
        if (text.substr(std::min(at, text.size())).starts_with(literal)) {
            at += literal.size();
        } else if (literal != " ") {
            failed = true;
        }
    }
};

std::optional<timestamp> read(std::string_view text, std::string_view format) {
    const auto upper = to_upper(format);
    reader in{text};
    int year = 0;
    int month = 1;
    int day = 1;
    int of_year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::uint32_t nanosecond = 0;
    std::optional<bool> afternoon;
    for (const auto& [element, literal] : pieces_of(format, upper)) {
        if (element.empty()) {
            in.skip(literal);
        } else if (element == "YYYY" || element == "RRRR") {
            year = in.number(4);
        } else if (element == "YY" || element == "RR") {
            year = in.number(2);
            year += element == "RR" && year >= 50 ? 1900 : 2000;
        } else if (element == "MM") {
            month = in.number(2);
        } else if (element == "MON" || element == "MONTH") {
            month = in.name(month_names);
        } else if (element == "DDD") {
            of_year = in.number(3);
        } else if (element == "DD") {
            day = in.number(2);
        } else if (element == "DAY" || element == "DY") {
            (void)in.name(day_names);
        } else if (element.starts_with("HH")) {
            hour = in.number(2);
        } else if (element == "MI") {
            minute = in.number(2);
        } else if (element == "SS") {
            second = in.number(2);
        } else if (element.starts_with("FF")) {
            const auto first = in.at;
            auto value = static_cast<std::uint32_t>(in.number(static_cast<std::size_t>(fraction_digits(element))));
            for (auto digits = in.at - first; digits < 9; ++digits) value *= 10;
            nanosecond = value;
        } else if (element.ends_with('M') || element.ends_with("M.")) {
            const auto half = to_upper(text.substr(std::min(in.at, text.size()), element.size()));
            if (half != "AM" && half != "PM" && half != "A.M." && half != "P.M.") in.failed = true;
            afternoon = half.starts_with('P');
            in.at += element.size();
        } else {
            throw sql_error(1, "Format element '" + std::string(element) + "' is not supported for reading");
        }
    }
    if (in.failed || in.at < text.size()) return std::nullopt;
    if (afternoon) {
        if (hour < 1 || hour > 12) return std::nullopt;
        hour = hour % 12 + (*afternoon ? 12 : 0);
    }
    const wire::time_of_day time{static_cast<std::uint8_t>(hour), static_cast<std::uint8_t>(minute), static_cast<std::uint8_t>(second), nanosecond};
    wire::date date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
    if (of_year > 0) {
        const auto counted = wire::date_of_horolog(wire::horolog_of_date({static_cast<std::int16_t>(year), 1, 1}) + of_year - 1);
        if (!counted || counted->year != year) return std::nullopt;
        date = *counted;
    }
    if (!wire::valid(date) || !wire::valid(time)) return std::nullopt;
    return timestamp{date, time};
}

bool is_number_format(std::string_view upper) {
    return upper.find_first_of("90") != std::string_view::npos && upper.find_first_not_of("90.,$SFM") == std::string_view::npos;
}

// 9 and 0 stand for digits, 0 also for those that are not there. Too large a number is shown as #.
std::string shown_number(const wire::decimal& value, std::string_view format) {
    std::string pattern(format);
    const bool tight = pattern.starts_with("FM");
    if (tight) pattern.erase(0, 2);
    const bool leading = pattern.starts_with('S');
    const bool trailing = !leading && pattern.ends_with('S');
    std::erase(pattern, 'S');
    const bool dollar = pattern.find('$') != std::string::npos;
    std::erase(pattern, '$');
    const auto point = std::min(pattern.find('.'), pattern.size());
    if (pattern.find_first_not_of("90.,") != std::string::npos || pattern.find('.', point + 1) != std::string::npos)
        throw sql_error(1, "Number format '" + std::string(format) + "' is not supported by the sandbox");
    const auto decimals = static_cast<int>(std::ranges::count_if(pattern.substr(point), [](char c) { return c != '.' && c != ','; }));
    bool exact = true;
    const auto scaled = wire::rescale(value, decimals, exact);
    const bool negative = value.mantissa < 0;
    std::string digits = scaled ? std::to_string(*scaled).substr(*scaled < 0 ? 1 : 0) : std::string(64, '9');
    if (digits.size() < static_cast<std::size_t>(decimals) + 1) digits.insert(0, static_cast<std::size_t>(decimals) + 1 - digits.size(), '0');
    auto whole = digits.substr(0, digits.size() - static_cast<std::size_t>(decimals));
    const auto fraction = digits.substr(whole.size());
    const auto places = static_cast<std::size_t>(std::ranges::count_if(pattern.substr(0, point), [](char c) { return c != ','; }));
    if (whole == "0" && places > 0 && decimals > 0 && pattern.substr(0, point).find('0') == std::string::npos) whole.clear();
    const std::size_t width = pattern.size() + (dollar ? 1 : 0);
    if (whole.size() > places && !(whole == "0" && places == 0)) return std::string(width + 1, '#');
    std::string body;
    std::size_t place = places;
    bool started = false;
    for (const char c : pattern.substr(0, point)) {
        if (c == ',') {
            if (started) body.push_back(',');
            continue;
        }
        started = started || c == '0' || place <= whole.size();
        if (started) body.push_back(place <= whole.size() ? whole[whole.size() - place] : '0');
        --place;
    }
    if (point < pattern.size()) body += "." + fraction;
    if (dollar) body.insert(0, 1, '$');
    const std::string sign = negative ? "-" : "+";
    if (trailing) return body + sign;
    body.insert(0, leading ? sign : negative ? "-" : tight ? "" : " ");
    if (!tight && body.size() < width + 1) body.insert(0, width + 1 - body.size(), ' ');
    return body;
}

struct style {
    int number;
    std::string_view format;
};

constexpr std::array styles{
    style{1, "MM/DD/YY"},
    style{2, "YY.MM.DD"},
    style{3, "DD/MM/YY"},
    style{4, "DD.MM.YY"},
    style{5, "DD-MM-YY"},
    style{8, "HH24:MI:SS"},
    style{10, "MM-DD-YY"},
    style{11, "YY/MM/DD"},
    style{12, "YYMMDD"},
    style{20, "YYYY-MM-DD HH24:MI:SS"},
    style{21, "YYYY-MM-DD HH24:MI:SS.FF3"},
    style{101, "MM/DD/YYYY"},
    style{102, "YYYY.MM.DD"},
    style{103, "DD/MM/YYYY"},
    style{104, "DD.MM.YYYY"},
    style{105, "DD-MM-YYYY"},
    style{108, "HH24:MI:SS"},
    style{110, "MM-DD-YYYY"},
    style{111, "YYYY/MM/DD"},
    style{112, "YYYYMMDD"},
    style{120, "YYYY-MM-DD HH24:MI:SS"},
    style{121, "YYYY-MM-DD HH24:MI:SS.FF3"},
};

std::string_view format_of_style(sqlite3_value* value) {
    const auto number = decimal_of(value);
    const auto* const found = std::ranges::find_if(styles, [&](const style& each) { return number && wire::compare({each.number, 0}, *number) == 0; });
    if (found == styles.end()) throw sql_error(141, "CONVERT format " + plain_text(value) + " is not supported by the sandbox");
    return found->format;
}

// `work` may throw sql_error.
template <class Work> void guarded(sqlite3_context* context, int count, sqlite3_value** values, Work work) {
    if (any_null(count, values)) return;
    try {
        work();
    } catch (const sql_error& error) {
        raise(context, error.code, error.message);
    }
}

std::optional<timestamp> moment_or_time(sqlite3_value* value) {
    if (sqlite3_value_type(value) == SQLITE_TEXT) {
        if (const auto time = wire::parse_time(text_argument(value))) return timestamp{{1841, 1, 1}, *time};
    }
    return to_moment(value);
}

// iris_to_char(value, format)
void to_char(sqlite3_context* context, int, sqlite3_value** values) {
    guarded(context, 2, values, [&] {
        const auto format = text_argument(values[1]);
        const auto upper = to_upper(format);
        const auto number = decimal_of(values[0]);
        if (number && is_number_format(upper)) {
            return_text(context, shown_number(*number, upper));
        } else if (const auto moment = moment_or_time(values[0])) {
            return_text(context, shown(*moment, format));
        } else {
            throw sql_error(146, "Value '" + plain_text(values[0]).substr(0, 40) + "' is no date");
        }
    });
}

// iris_convert_text(value, style): CONVERT(VARCHAR, date, style)
void convert_text(sqlite3_context* context, int, sqlite3_value** values) {
    guarded(context, 2, values, [&] {
        if (const auto moment = moment_or_time(values[0])) return_text(context, shown(*moment, format_of_style(values[1])));
    });
}

void return_read(sqlite3_context* context, sqlite3_value* value, std::string_view format, bool whole) {
    const auto text = trimmed(text_argument(value));
    const auto moment = read(text, format);
    if (!moment) throw sql_error(146, "Value '" + std::string(text.substr(0, 40)) + "' is not a valid date in the format " + std::string(format));
    std::string out;
    if (whole) {
        wire::append_text(out, *moment);
    } else {
        wire::append_text(out, moment->day);
    }
    return_text(context, out);
}

// iris_to_date(text, format), iris_to_timestamp(text, format)
template <bool Whole> void to_moment_by(sqlite3_context* context, int, sqlite3_value** values) {
    guarded(context, 2, values, [&] { return_read(context, values[0], text_argument(values[1]), Whole); });
}

// iris_convert_date(text, style): the style is the one the text is in.
void convert_date(sqlite3_context* context, int, sqlite3_value** values) {
    guarded(context, 2, values, [&] { return_read(context, values[0], format_of_style(values[1]), true); });
}

} // namespace

void register_format_functions(sqlite3* db) {
    register_function(db, "iris_to_char", 2, to_char);
    register_function(db, "iris_to_date", 2, to_moment_by<false>);
    register_function(db, "iris_to_timestamp", 2, to_moment_by<true>);
    register_function(db, "iris_convert_text", 2, convert_text);
    register_function(db, "iris_convert_date", 2, convert_date);
}

} // namespace irislink::sandbox::sql
