#include "wire/types/temporal.hpp"

#include "wire/types/fixed_timestamp.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

std::string text_of(const auto& value) {
    std::string out;
    append_text(out, value);
    return out;
}

struct day_case {
    std::int64_t horolog;
    date day;
};

constexpr day_case days[] = {
    {-672045, {1, 1, 1}},   {0, {1840, 12, 31}},   {1, {1841, 1, 1}},      {-1, {1840, 12, 30}},  {47117, {1970, 1, 1}},     {58074, {2000, 1, 1}},
    {58133, {2000, 2, 29}}, {58134, {2000, 3, 1}}, {21608, {1900, 2, 28}}, {21609, {1900, 3, 1}}, {2980013, {9999, 12, 31}},
};

TEST(Temporal, DayNumbersBothWays) {
    for (const auto& [horolog, day] : days) {
        EXPECT_EQ(date_of_horolog(horolog), day) << horolog;
        EXPECT_EQ(horolog_of_date(day), horolog) << text_of(day);
    }
}

TEST(Temporal, EveryDayOfTheCalendarSurvivesAndFollowsTheOneBefore) {
    date before{};
    for (std::int64_t number = -672045; number <= 2980013; ++number) {
        const auto day = date_of_horolog(number);
        ASSERT_TRUE(day) << number;
        ASSERT_TRUE(valid(*day));
        ASSERT_EQ(horolog_of_date(*day), number);
        if (number > -672045) {
            ASSERT_LT(before, *day);
        }
        before = *day;
    }
}

TEST(Temporal, DaysOutsideTheCalendarAreRefused) {
    for (const std::int64_t number : {std::int64_t{-672046}, std::int64_t{2980014}, INT64_MIN, INT64_MAX}) EXPECT_FALSE(date_of_horolog(number)) << number;
}

struct posix_case {
    std::int64_t encoded;
    const char* text;
};

constexpr posix_case moments[] = {
    {1152921504606846976, "1970-01-01 00:00:00"},        {1152921504606846977, "1970-01-01 00:00:00.000001"},
    {1406323805406846975, "9999-12-31 23:59:59.999999"}, {-6917529027641081857, "1969-12-31 23:59:59.999999"},
    {-6917529027642081856, "1969-12-31 23:59:59"},       {-6979664624441081856, "0001-01-01 00:00:00"},
};

TEST(Temporal, PosixTimesBothWays) {
    for (const auto& [encoded, text] : moments) {
        const auto moment = timestamp_of_posix(encoded);
        ASSERT_TRUE(moment) << encoded;
        EXPECT_EQ(text_of(*moment), text);
        EXPECT_EQ(posix_of_timestamp(*moment), encoded);
        EXPECT_EQ(parse_timestamp(text), moment);
    }
}

TEST(Temporal, TheEpochOnTheWire) {
    EXPECT_EQ(written([](writer& out) { out.integer(posix_of_timestamp({{1970, 1, 1}, {}})); }), "0a 04 00 00 00 00 00 00 00 10");
    EXPECT_EQ(written([](writer& out) { out.integer(posix_of_timestamp({{1970, 1, 1}, {.nanosecond = 1000}})); }), "0a 04 01 00 00 00 00 00 00 10");
}

TEST(Temporal, PosixTimesOutsideTheRangeAreRefused) {
    for (const std::int64_t encoded :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1152921504606846975}, std::int64_t{-6917529027641081856},
          std::int64_t{1406323805406846976}, std::int64_t{-6979664624441081857}, INT64_MIN, INT64_MAX})
        EXPECT_FALSE(timestamp_of_posix(encoded)) << encoded;
}

TEST(Temporal, DatesInText) {
    EXPECT_EQ(parse_date("2024-02-29"), (date{2024, 2, 29}));
    EXPECT_EQ(parse_date("0001-01-01"), (date{1, 1, 1}));
    EXPECT_EQ(parse_date("2024-3-7"), (date{2024, 3, 7}));
    for (const auto* text :
         {"", "2023-02-29", "1900-02-29", "2024-04-31", "2024-00-10", "2024-13-01", "2024-01-00", "2024-01-32", "0000-01-01", "10000-01-01", "24-01-01",
          "2024/01/01", "2024-01-01x", " 2024-01-01", "2024-01", "-024-01-01"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Temporal, TimesInText) {
    EXPECT_EQ(parse_time("00:00:00"), time_of_day{});
    EXPECT_EQ(parse_time("23:59:59.999999999"), (time_of_day{23, 59, 59, 999999999}));
    EXPECT_EQ(parse_time("7:05"), (time_of_day{7, 5, 0, 0}));
    EXPECT_EQ(parse_time("01:02:03.5"), (time_of_day{1, 2, 3, 500000000}));
    EXPECT_EQ(parse_time("01:02:03.0000000019"), (time_of_day{1, 2, 3, 1}));
    for (const auto* text : {"", "24:00:00", "12:60:00", "12:00:60", "12", "12:0", "12:00:0", "12:00:00.", "12:00:00.x", "12:00:00x", "-1:00:00", " 12:00"})
        EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Temporal, TimestampsInText) {
    const timestamp noon{{2024, 2, 29}, {12, 0, 0, 0}};
    EXPECT_EQ(parse_timestamp("2024-02-29 12:00:00"), noon);
    EXPECT_EQ(parse_timestamp("2024-02-29T12:00"), noon);
    EXPECT_EQ(parse_timestamp("2024-02-29"), (timestamp{{2024, 2, 29}, {}}));
    for (const auto* text : {"", "2024-02-29 ", "2024-02-29  12:00:00", "2024-02-29 25:00:00", "2024-02-30 12:00:00", "2024-02-29 12:00:00Z"})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

// The form read by position: any byte that does not belong where it stands is found, wherever it stands.
TEST(Temporal, TimestampsByPosition) {
    for (const std::string good :
         {"2024-02-29 23:59:58", "2024-02-29 23:59:58.123456", "2024-02-29 23:59:58.1", "2024-02-29 23:59:58.123456789", "0001-01-01 00:00:00.000000"}) {
        timestamp out;
        ASSERT_TRUE(take_fixed_timestamp(std::string_view(good), out)) << good;
        EXPECT_EQ(text_of(out).substr(0, 19), good.substr(0, 19));
        for (std::size_t at = 0; at < good.size(); ++at)
            for (int byte = 0; byte < 256; ++byte) {
                auto changed = good;
                changed[at] = static_cast<char>(byte);
                const bool digit = good[at] >= '0' && good[at] <= '9';
                timestamp untouched{{1, 2, 3}, {4, 5, 6, 7}};
                const auto before = untouched;
                if (take_fixed_timestamp(std::string_view(changed), untouched)) {
                    EXPECT_TRUE(digit ? byte >= '0' && byte <= '9' : changed == good) << changed;
                    EXPECT_EQ(text_of(untouched).substr(0, 19), changed.substr(0, 19));
                } else {
                    EXPECT_EQ(untouched, before) << changed;
                    EXPECT_NE(changed, good);
                }
            }
        EXPECT_FALSE(take_fixed_timestamp(std::string_view(good).substr(0, 18), out));
    }
    timestamp out;
    EXPECT_TRUE(take_fixed_timestamp(std::string_view("2024-02-29 23:59:58.000123"), out));
    EXPECT_EQ(out.time.nanosecond, 123000U);
    for (const std::string_view bad :
         {"2023-02-29 12:00:00", "2024-04-31 12:00:00", "2024-13-01 12:00:00", "2024-00-01 12:00:00", "2024-01-00 12:00:00", "0000-01-01 12:00:00",
          "2024-01-01 24:00:00", "2024-01-01 12:60:00", "2024-01-01 12:00:60", "2024-01-01 12:00:00.", "2024-01-01 12:00:00.1234567890"})
        EXPECT_FALSE(take_fixed_timestamp(bad, out)) << bad;
}

TEST(Temporal, FractionsAreWrittenWithoutTrailingZeros) {
    EXPECT_EQ(text_of(date{7, 3, 9}), "0007-03-09");
    EXPECT_EQ(text_of(time_of_day{1, 2, 3, 0}), "01:02:03");
    EXPECT_EQ(text_of(time_of_day{1, 2, 3, 500000000}), "01:02:03.5");
    EXPECT_EQ(text_of(time_of_day{1, 2, 3, 1}), "01:02:03.000000001");
    EXPECT_EQ(text_of(time_of_day{1, 2, 3, 123450000}), "01:02:03.12345");
    EXPECT_EQ(text_of(timestamp{{2024, 1, 2}, {3, 4, 5, 60000000}}), "2024-01-02 03:04:05.06");
}

TEST(Temporal, FieldsOutOfRangeAreNotValid) {
    EXPECT_FALSE(valid(date{0, 1, 1}));
    EXPECT_FALSE(valid(date{10000, 1, 1}));
    EXPECT_FALSE(valid(date{2023, 2, 29}));
    EXPECT_TRUE(valid(date{2024, 2, 29}));
    EXPECT_FALSE(valid(time_of_day{24, 0, 0, 0}));
    EXPECT_FALSE(valid(time_of_day{0, 60, 0, 0}));
    EXPECT_FALSE(valid(time_of_day{0, 0, 60, 0}));
    EXPECT_FALSE(valid(time_of_day{0, 0, 0, 1000000000}));
}

byte_buffer item_bytes_of(const std::function<void(writer&)>& write) {
    byte_buffer out;
    writer to(out);
    write(to);
    return out;
}

byte_buffer text_item(std::string_view text) {
    return item_bytes_of([&](writer& out) { out.text(text); });
}

// The same text as UTF-16, as a server may send it when a neighbour made it choose so.
byte_buffer wide_item(std::string_view text) {
    byte_buffer data;
    append_utf16(data, text);
    return item_bytes_of([&](writer& out) { out.item_bytes(item_code::text16, data); });
}

struct item_case {
    byte_buffer bytes;
    coercion as_date;
    const char* day;
    coercion as_time;
    const char* time;
    coercion as_timestamp;
    const char* moment;
};

// wire-sql 8.3, row by row.
TEST(Temporal, ItemsAreReadByTheirCode) {
    constexpr auto ok = coercion::ok;
    constexpr auto bad = coercion::bad_literal;
    constexpr auto range = coercion::out_of_range;
    constexpr auto no = coercion::not_convertible;
    const auto integer = [](std::int64_t value) { return item_bytes_of([=](writer& out) { out.integer(value); }); };
    const auto number = [](decimal value) { return item_bytes_of([=](writer& out) { out.number(value); }); };
    const item_case cases[] = {
        {integer(58074), ok, "2000-01-01", ok, "16:07:54", no, ""},
        {integer(-672045), ok, "0001-01-01", range, "", no, ""},
        {integer(86399), ok, "2077-07-20", ok, "23:59:59", no, ""},
        {integer(86400), ok, "2077-07-21", range, "", no, ""},
        {integer(2980014), range, "", range, "", no, ""},
        {integer(1152921504606846976), ok, "1970-01-01", ok, "00:00:00", ok, "1970-01-01 00:00:00"},
        {integer(-6917529027642081856), ok, "1969-12-31", ok, "23:59:59", ok, "1969-12-31 23:59:59"},
        {integer(16777216), no, "", no, "", no, ""},
        {integer(INT64_MAX), range, "", range, "", range, ""},
        {number({580745, -1}), ok, "2000-01-01", ok, "16:07:54.5", no, ""},
        {number({5, -1}), ok, "1840-12-31", ok, "00:00:00.5", no, ""},
        {number({-5, -1}), ok, "1840-12-31", range, "", no, ""},
        {text_item("58074"), ok, "2000-01-01", bad, "", bad, ""},
        {text_item("58074,3600"), ok, "2000-01-01", bad, "", bad, ""},
        {text_item("2000-01-01"), ok, "2000-01-01", ok, "00:00:00", ok, "2000-01-01 00:00:00"},
        {text_item("2000-01-01 10:11:12.5"), ok, "2000-01-01", ok, "10:11:12.5", ok, "2000-01-01 10:11:12.5"},
        {wide_item("2000-01-01 10:11:12"), ok, "2000-01-01", ok, "10:11:12", ok, "2000-01-01 10:11:12"},
        {text_item("10:11:12"), bad, "", ok, "10:11:12", bad, ""},
        {text_item("1152921504606846977"), ok, "1970-01-01", ok, "00:00:00.000001", ok, "1970-01-01 00:00:00.000001"},
        {text_item("2000-02-30"), bad, "", bad, "", bad, ""},
        {text_item("nonsense"), bad, "", bad, "", bad, ""},
        {text_item(""), bad, "", bad, "", bad, ""},
        {text_item("Привет"), bad, "", no, "", bad, ""},
        {item_bytes_of([](writer& out) { out.real(1.5); }), no, "", no, "", no, ""},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(hex_of(each.bytes));
        const auto in = item_of(each.bytes);
        date day;
        EXPECT_EQ(to_date(in, day), each.as_date);
        if (each.as_date == ok) {
            EXPECT_EQ(text_of(day), each.day);
        }
        time_of_day time;
        EXPECT_EQ(to_time(in, time), each.as_time);
        if (each.as_time == ok) {
            EXPECT_EQ(text_of(time), each.time);
        }
        timestamp moment;
        EXPECT_EQ(to_timestamp(in, moment), each.as_timestamp);
        if (each.as_timestamp == ok) {
            EXPECT_EQ(text_of(moment), each.moment);
        }
    }
}

TEST(Temporal, NullItemsAreNull) {
    const auto bytes = bytes_of_hex("02 01");
    date day;
    time_of_day time;
    timestamp moment;
    EXPECT_EQ(to_date(item_of(bytes), day), coercion::null);
    EXPECT_EQ(to_time(item_of(bytes), time), coercion::null);
    EXPECT_EQ(to_timestamp(item_of(bytes), moment), coercion::null);
}

} // namespace
} // namespace irislink::wire
