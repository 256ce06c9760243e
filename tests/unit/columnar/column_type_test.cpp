// Every SQL type as an Arrow column: its type, its values, and what is refused instead of being changed.

#include <cmath>
#include <limits>

#include "tests/unit/columnar/columnar_fixture.hpp"
#include "wire/types/temporal.hpp"

namespace irislink::test {
namespace {

using columnar::options;
using columnar::time_unit;
using wire::coercion;
using wire::writer;

write_cell integer(std::int64_t value) {
    return [=](writer& out) { out.integer(value); };
}

write_cell text(std::string value) {
    return [=](writer& out) { out.text(value); };
}

write_cell number(std::int64_t mantissa, int exponent) {
    return [=](writer& out) { out.number({mantissa, static_cast<std::int16_t>(exponent)}); };
}

write_cell real(double value) {
    return [=](writer& out) { out.real(value); };
}

const write_cell null_cell = [](writer& out) { out.null(); };
const write_cell omitted = [](writer& out) { out.omitted(); };

TEST(ColumnType, IntegersHaveTheWidthOfTheirType) {
    struct row {
        sql_type type;
        const char* format;
        std::int64_t low;
        std::int64_t high;
    };

    for (const auto& [type, format, low, high] :
         {row{sql_type::tinyint, "c", -128, 127}, row{sql_type::smallint, "s", -32768, 32767}, row{sql_type::integer, "i", -2147483648LL, 2147483647}}) {
        one_column made(column_of("n", type));
        EXPECT_EQ(made.format(), format);
        made.add(integer(low)).add(null_cell).add(integer(high)).add(text("-7")).add(number(50, -1));
        EXPECT_EQ(made.refused(integer(low - 1)), coercion::out_of_range);
        EXPECT_EQ(made.refused(integer(high + 1)), coercion::out_of_range);
        EXPECT_EQ(made.refused(number(15, -1)), coercion::fraction_truncated);
        EXPECT_EQ(made.refused(text("x")), coercion::bad_literal);
        EXPECT_EQ(made.text(), std::to_string(low) + "|NULL|" + std::to_string(high) + "|-7|5");
    }
    one_column wide(column_of("n", sql_type::bigint));
    EXPECT_EQ(wide.format(), "l");
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    wide.add(integer(least)).add(integer(std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(wide.refused(text("9223372036854775808")), coercion::out_of_range);
    EXPECT_EQ(wide.text(), "-9223372036854775808|9223372036854775807");
}

TEST(ColumnType, BitsAreBooleans) {
    one_column made(column_of("b", sql_type::bit));
    EXPECT_EQ(made.format(), "b");
    std::string expected;
    for (int i = 0; i < 19; ++i) {
        made.add(i % 3 == 2 ? null_cell : integer(i % 3));
        expected += std::string(i == 0 ? "" : "|") + (i % 3 == 2 ? "NULL" : i % 3 == 1 ? "true" : "false");
    }
    EXPECT_EQ(made.refused(integer(2)), coercion::out_of_range);
    EXPECT_EQ(made.text(), expected);
}

TEST(ColumnType, Doubles) {
    for (const auto type : {sql_type::floating, sql_type::real, sql_type::double_precision}) {
        one_column made(column_of("d", type));
        EXPECT_EQ(made.format(), "g");
        made.add(real(0.5)).add(integer(3)).add(number(-125, -2)).add(text("1e3")).add(null_cell).add(real(std::numeric_limits<double>::infinity()));
        EXPECT_EQ(made.refused(text("")), coercion::bad_literal);
        EXPECT_EQ(made.text(), "0.500000|3.000000|-1.250000|1000.000000|NULL|inf");
    }
}

TEST(ColumnType, DecimalsHavePrecisionAndScaleOfTheColumn) {
    one_column made(column_of("d", sql_type::numeric, 18, 4));
    EXPECT_EQ(made.format(), "d:18,4");
    made.add(number(-1234567, -4)).add(number(5, 2)).add(integer(7)).add(null_cell).add(number(12500, -5)).add(text(" 1.5 ")).add(real(0.1));
    // A digit more than the scale, a digit more than the precision.
    EXPECT_EQ(made.refused(number(1, -5)), coercion::fraction_truncated);
    EXPECT_EQ(made.refused(integer(100'000'000'000'000)), coercion::out_of_range);
    EXPECT_EQ(made.refused(number(1, 127)), coercion::out_of_range);
    EXPECT_EQ(made.refused(text("12x")), coercion::bad_literal);
    EXPECT_EQ(made.refused(real(std::numeric_limits<double>::quiet_NaN())), coercion::out_of_range);
    EXPECT_EQ(made.text(), "-123.4567|500.0000|7.0000|NULL|0.1250|1.5000|0.1000");
}

TEST(ColumnType, DecimalsOfMoreDigitsThanTheWireHasAreExact) {
    one_column made(column_of("d", sql_type::numeric, 38, 2));
    made.add(text("123456789012345678901234567890123456.78")).add(text("-999999999999999999999999999999999999.99"));
    EXPECT_EQ(made.refused(text("1000000000000000000000000000000000000")), coercion::out_of_range);
    EXPECT_EQ(made.refused(text("12345678901234567890.123")), coercion::fraction_truncated);
    EXPECT_EQ(made.text(), "123456789012345678901234567890123456.78|-999999999999999999999999999999999999.99");
}

TEST(ColumnType, DecimalsOfUnknownShapeHaveRoom) {
    one_column made(column_of("d", sql_type::numeric, 15, -1));
    EXPECT_EQ(made.format(), "d:38,19");
    made.add(number(1, -19)).add(integer(std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(made.text(), "0.0000000000000000001|9223372036854775807.0000000000000000000");
    EXPECT_EQ(one_column(column_of("d", sql_type::decimal_type, 0, 0)).format(), "d:38,0");
    EXPECT_EQ(one_column(column_of("d", sql_type::numeric, 99, 40)).format(), "d:38,38");
}

TEST(ColumnType, TextIsUtf8) {
    one_column made(column_of("s", sql_type::varchar, 50));
    EXPECT_EQ(made.format(), "u");
    made.add(text(""))
        .add(null_cell)
        .add(text("Größe"))
        .add(text("🚀 Ж"))
        .add(integer(-15))
        .add(number(5, -1))
        .add(text("plain ASCII of some length"))
        .add(omitted);
    EXPECT_EQ(
        made.refused([](writer& out) {
            static constexpr std::byte lone[2]{std::byte{0}, std::byte{0xD8}};
            out.item_bytes(wire::item_code::text16, lone);
        }),
        coercion::bad_literal
    );
    EXPECT_EQ(made.text(), "|NULL|Größe|🚀 Ж|-15|0.5|plain ASCII of some length|NULL");
    // A type that nobody knows is text.
    EXPECT_EQ(one_column(column_of("s", static_cast<sql_type>(2002))).format(), "u");
}

TEST(ColumnType, EightBitTextHasTheCharactersOfTheServer) {
    wire::session_format format;
    format.unicode = false;
    format.locale = wire::charset::cp1251;
    one_column made(column_of("s", sql_type::varchar, 50));
    made.add(text("Привет, мир"), format);
    EXPECT_EQ(made.text(), "Привет, мир");
}

TEST(ColumnType, LongColumnsHaveLongOffsets) {
    EXPECT_EQ(one_column(column_of("s", sql_type::longvarchar)).format(), "U");
    EXPECT_EQ(one_column(column_of("s", sql_type::longvarbinary)).format(), "Z");
    options how;
    how.large_offsets = true;
    one_column made(column_of("s", sql_type::varchar, 50), how);
    EXPECT_EQ(made.format(), "U");
    made.add(text("a")).add(null_cell).add(text("bc"));
    EXPECT_EQ(made.text(), "a|NULL|bc");
    EXPECT_EQ(one_column(column_of("s", sql_type::varbinary), how).format(), "Z");
}

TEST(ColumnType, BinaryIsItsBytes) {
    one_column made(column_of("x", sql_type::varbinary));
    EXPECT_EQ(made.format(), "z");
    static constexpr std::byte bytes[]{std::byte{0}, std::byte{0xFF}, std::byte{0x80}};
    made.add([](writer& out) { out.binary(bytes); }).add(null_cell).add([](writer& out) { out.binary({}); });
    EXPECT_EQ(made.refused(real(1)), coercion::not_convertible);
    EXPECT_EQ(made.text(), "00ff80|NULL|");
}

TEST(ColumnType, DatesAreDaysSince1970) {
    one_column made(column_of("d", sql_type::date));
    EXPECT_EQ(made.format(), "tdD");
    made.add(text("1970-01-01")).add(text("0001-01-01")).add(text("9999-12-31")).add(integer(47118)).add(null_cell).add(text("2024-02-29"));
    EXPECT_EQ(made.refused(text("2023-02-29")), coercion::bad_literal);
    EXPECT_EQ(made.refused(integer(2980014)), coercion::out_of_range);
    EXPECT_EQ(made.text(), "0|-719162|2932896|1|NULL|19782");
}

TEST(ColumnType, TimesHaveTheFractionOfTheColumn) {
    struct row {
        int scale;
        const char* format;
        const char* fits;
        const char* value;
        const char* refused;
    };

    for (const auto& [scale, format, fits, value, refused] :
         {row{0, "tts", "00:00:01", "1", "00:00:00.5"}, row{3, "ttm", "00:00:01.25", "1250", "00:00:00.0005"},
          row{6, "ttu", "23:59:59.999999", "86399999999", "00:00:00.0000001"}, row{9, "ttn", "23:59:59.999999999", "86399999999999", "24:00:00"},
          row{-1, "ttu", "00:00:00.000001", "1", "00:00:00.0000001"}}) {
        one_column made(column_of("t", sql_type::time, 8, scale));
        EXPECT_EQ(made.format(), format);
        made.add(text(fits)).add(null_cell).add(integer(3600));
        EXPECT_NE(made.refused(text(refused)), coercion::ok) << refused;
        EXPECT_TRUE(made.text().starts_with(value + std::string("|NULL|3600"))) << scale;
    }
}

TEST(ColumnType, TimestampsHaveTheFractionOfTheColumn) {
    struct row {
        int scale;
        const char* format;
        const char* fits;
        const char* value;
    };

    for (const auto& [scale, format, fits, value] :
         {row{0, "tss:", "1970-01-02 00:00:01", "86401"}, row{3, "tsm:", "1969-12-31 23:59:59.999", "-1"},
          row{6, "tsu:", "9999-12-31 23:59:59.999999", "253402300799999999"}, row{9, "tsn:", "2262-04-11 23:47:16.854775807", "9223372036854775807"},
          row{-1, "tsu:", "0001-01-01 00:00:00", "-62135596800000000"}}) {
        one_column made(column_of("t", sql_type::timestamp, 29, scale));
        EXPECT_EQ(made.format(), format);
        made.add(text(fits)).add(null_cell);
        EXPECT_EQ(made.refused(text("1969-07-20")), coercion::ok);
        EXPECT_EQ(made.refused(text("20 July 1969")), coercion::bad_literal);
        EXPECT_EQ(made.text(), std::string(value) + "|NULL");
    }
    // PosixTime as the server sends it in logical mode.
    one_column posix(column_of("t", sql_type::timestamp, 26, 6));
    posix.add(integer(wire::posix_of_timestamp({{1970, 1, 1}, {0, 0, 1, 5000}}))).add(integer(wire::posix_of_timestamp({{1969, 12, 31}, {23, 59, 59, 0}})));
    EXPECT_EQ(posix.text(), "1000005|-1000000");
}

TEST(ColumnType, TimestampsThatTheUnitCannotHoldAreRefused) {
    one_column nano(column_of("t", sql_type::timestamp, 29, 9));
    nano.add(text("1677-09-21 00:12:43.145224192"));
    EXPECT_EQ(nano.refused(text("1677-09-21 00:12:43.145224191")), coercion::out_of_range);
    EXPECT_EQ(nano.refused(text("2262-04-11 23:47:16.854775808")), coercion::out_of_range);
    EXPECT_EQ(nano.refused(text("9999-12-31 00:00:00")), coercion::out_of_range);
    EXPECT_EQ(nano.text(), "-9223372036854775808");
    options how;
    how.timestamps = time_unit::microsecond;
    one_column micro(column_of("t", sql_type::timestamp, 29, 9), how);
    EXPECT_EQ(micro.format(), "tsu:");
    micro.add(text("9999-12-31 00:00:00.000001"));
    EXPECT_EQ(micro.refused(text("2024-01-01 00:00:00.0000001")), coercion::fraction_truncated);
    EXPECT_EQ(micro.text(), "253402214400000001");
}

TEST(ColumnType, GuidsAreSixteenBytes) {
    one_column made(column_of("g", sql_type::guid, 36));
    EXPECT_EQ(made.format(), "w:16");
    made.add(text("00112233-4455-6677-8899-AABBCCDDEEFF")).add(null_cell).add(text("{ffeeddcc-bbaa-9988-7766-554433221100}"));
    EXPECT_EQ(made.refused(text("00112233445566778899AABBCCDDEEFF")), coercion::bad_literal);
    EXPECT_EQ(made.refused(text("00112233-4455-6677-8899-AABBCCDDEEFG")), coercion::bad_literal);
    EXPECT_EQ(made.refused(integer(1)), coercion::not_convertible);
    EXPECT_EQ(made.text(), "00112233445566778899aabbccddeeff|NULL|ffeeddccbbaa99887766554433221100");
}

} // namespace
} // namespace irislink::test
