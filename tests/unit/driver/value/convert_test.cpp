#include "driver/value/convert.hpp"

#include <gtest/gtest.h>

#include "wire/codec/reader.hpp"

namespace irislink::driver {
namespace {

wire::byte_buffer written(const value& in) {
    wire::byte_buffer out;
    wire::writer items(out);
    write_value(items, in);
    EXPECT_FALSE(items.failed());
    return out;
}

value read_back(const value& in, sql_type type) {
    const auto bytes = written(in);
    wire::reader items(bytes);
    return read_value(items.next(), type, wire::default_format);
}

TEST(WriteValue, NullAndEmptyTextDiffer) {
    EXPECT_EQ(written(null), (wire::byte_buffer{std::byte{2}, std::byte{1}}));
    EXPECT_EQ(written(std::string()), (wire::byte_buffer{std::byte{3}, std::byte{1}, std::byte{0}}));
    EXPECT_EQ(written(bytes()), (wire::byte_buffer{std::byte{3}, std::byte{1}, std::byte{0}}));
}

TEST(WriteValue, TemporalValuesTravelAsText) {
    EXPECT_EQ(read_back(date{2024, 2, 29}, sql_type::varchar), value(std::string("2024-02-29")));
    EXPECT_EQ(read_back(time_of_day{1, 2, 3, 400'000'000}, sql_type::varchar), value(std::string("01:02:03.4")));
    EXPECT_EQ(read_back(timestamp{{1, 1, 1}, {0, 0, 0, 1}}, sql_type::varchar), value(std::string("0001-01-01 00:00:00.000000001")));
}

TEST(ReadValue, ByTheColumnsType) {
    EXPECT_EQ(read_back(null, sql_type::integer), value(null));
    EXPECT_EQ(read_back(std::int64_t{1}, sql_type::bit), value(true));
    EXPECT_EQ(read_back(std::string("42"), sql_type::integer), value(std::int64_t{42}));
    EXPECT_EQ(read_back(std::int64_t{42}, sql_type::varchar), value(std::string("42")));
    EXPECT_EQ(read_back(std::int64_t{7}, sql_type::numeric), value(decimal{7, 0}));
    EXPECT_EQ(read_back(std::int64_t{7}, sql_type::double_precision), value(7.0));
    EXPECT_EQ(read_back(0.1, sql_type::double_precision), value(0.1));
    EXPECT_EQ(read_back(decimal{1250, -2}, sql_type::numeric), value(decimal{1250, -2}));
    EXPECT_EQ(read_back(date{1969, 12, 31}, sql_type::date), value(date{1969, 12, 31}));
    EXPECT_EQ(read_back(std::int64_t{47117}, sql_type::date), value(date{1970, 1, 1}));
    EXPECT_EQ(read_back(bytes{std::byte{0xFF}, std::byte{0}}, sql_type::varbinary), value(bytes{std::byte{0xFF}, std::byte{0}}));
}

// What does not fit its column's type is shown as it is, never as another value.
TEST(ReadValue, MisfitsStayText) {
    EXPECT_EQ(read_back(std::string("abc"), sql_type::integer), value(std::string("abc")));
    EXPECT_EQ(read_back(std::string("1.5"), sql_type::integer), value(std::string("1.5")));
    EXPECT_EQ(read_back(std::string("2024-02-30"), sql_type::date), value(std::string("2024-02-30")));
}

TEST(ReadText, BinaryIsHexadecimal) {
    const auto in = written(bytes{std::byte{0}, std::byte{0xAB}});
    wire::reader items(in);
    std::string out;
    EXPECT_EQ(read_text(items.next(), sql_type::varbinary, wire::default_format, out), wire::coercion::ok);
    EXPECT_EQ(out, "00AB");
}

} // namespace
} // namespace irislink::driver
