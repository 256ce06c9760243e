// Intervals that come from text go back to the same text, in every shape.

#include "odbc/convert/interval.hpp"

#include <gtest/gtest.h>

namespace irislink::odbc {
namespace {

TEST(Interval, TextSurvivesTheStructure) {
    const std::array<const char*, 13> texts{"5",      "63",          "100",   "12", "90", "45.5", "5-3", "3 04", "3 04:05", "-3 12:30:45.000001",
                                            "100:30", "12:03:04.25", "-30:04"};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto& shape = interval_shapes[i];
        interval read;
        ASSERT_EQ(parse_interval(texts[i], shape, read), outcome::ok) << texts[i];
        SQL_INTERVAL_STRUCT made{};
        ASSERT_EQ(to_struct(read, shape, 9, 9, made), outcome::ok) << texts[i];
        interval back;
        interval_shape found{};
        ASSERT_TRUE(from_struct(made, 9, back, found)) << texts[i];
        EXPECT_EQ(found.c_type, shape.c_type);
        interval_text storage;
        EXPECT_EQ(to_text(back, found, storage), texts[i]);
    }
}

TEST(Interval, LargestFieldsFitTheText) {
    interval read;
    const auto& shape = interval_shapes[9]; // DAY TO SECOND
    ASSERT_EQ(parse_interval("-999999999 23:59:59.999999999", shape, read), outcome::ok);
    interval_text storage;
    EXPECT_EQ(to_text(read, shape, storage), "-999999999 23:59:59.999999999");
    EXPECT_EQ(parse_interval("1000000000 00:00:00", shape, read), outcome::interval_overflow);
}

TEST(Interval, StructuresThatAreNone) {
    SQL_INTERVAL_STRUCT in{};
    interval out;
    interval_shape shape{};
    EXPECT_FALSE(from_struct(in, 6, out, shape)); // tag 0
    in.interval_type = SQL_IS_HOUR_TO_MINUTE;
    in.intval.day_second.minute = 60;
    EXPECT_FALSE(from_struct(in, 6, out, shape));
    in.intval.day_second.minute = 59;
    in.intval.day_second.hour = 1'000'000'000;
    EXPECT_FALSE(from_struct(in, 6, out, shape));
    in.intval.day_second.hour = 999'999'999;
    EXPECT_TRUE(from_struct(in, 6, out, shape));
}

} // namespace
} // namespace irislink::odbc
