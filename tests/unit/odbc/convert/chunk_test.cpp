// SQLGetData in pieces, NULL, indicators, and what the matrix cannot say in one line.

#include "tests/unit/odbc/convert/fixture.hpp"

#include <ctime>
#include <numeric>

namespace irislink::odbc {
namespace {

using test::cell_under_test;
using test::memory_of;
using test::read_pieces;

const std::string mixed = "aé€😀z😀Ж12345678901234567890é€😀";

TEST(Chunks, TextComesWholeForEveryBufferSize) {
    const cell_under_test cell("w:" + mixed);
    for (std::size_t capacity = 5; capacity < 64; ++capacity) {
        const auto narrow = read_pieces(cell, SQL_C_CHAR, capacity);
        EXPECT_EQ(narrow.all, mixed) << capacity;
        EXPECT_EQ(narrow.outcomes.back(), outcome::no_data);
    }
    const auto wide_text = memory_of('"' + mixed + '"', "WCHAR");
    for (std::size_t capacity = 6; capacity < 64; ++capacity) {
        const auto wide = read_pieces(cell, SQL_C_WCHAR, capacity);
        EXPECT_EQ(wide.all, wide_text) << capacity;
        EXPECT_EQ(wide.outcomes.back(), outcome::no_data);
    }
}

TEST(Chunks, LengthIsWhatWasLeftBeforeTheCall) {
    const cell_under_test cell("s:abcdefghij");
    const auto read = read_pieces(cell, SQL_C_CHAR, 5);
    EXPECT_EQ(read.lengths, (std::vector<SQLLEN>{10, 6, 2}));
    EXPECT_EQ(read.outcomes, (std::vector{outcome::right_truncated, outcome::right_truncated, outcome::ok, outcome::no_data}));
    const auto wide = read_pieces(cell, SQL_C_WCHAR, 10);
    EXPECT_EQ(wide.lengths, (std::vector<SQLLEN>{20, 12, 4}));
}

TEST(Chunks, LengthCountsBytesOfTheCForm) {
    const cell_under_test cell("w:Ж😀Ж😀");
    EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, 7).lengths, (std::vector<SQLLEN>{12, 6}));
    EXPECT_EQ(read_pieces(cell, SQL_C_WCHAR, 8).lengths, (std::vector<SQLLEN>{12, 6}));
    EXPECT_EQ(read_pieces(cell, SQL_C_WCHAR, 12, wide_width::four).lengths, (std::vector<SQLLEN>{16, 8}));
}

TEST(Chunks, PairsAndSequencesStayWhole) {
    const cell_under_test cell("w:a😀b");
    // Room for three units: 'a' and the pair. With room for two, the pair waits for the next call.
    EXPECT_EQ(read_pieces(cell, SQL_C_WCHAR, 6).lengths, (std::vector<SQLLEN>{8, 6, 2}));
    EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, 5).lengths, (std::vector<SQLLEN>{6, 5, 1}));
}

TEST(Chunks, BufferWithoutRoomForACharacterIsAnErrorAndNoLoop) {
    const cell_under_test cell("w:a😀b");
    const auto narrow = read_pieces(cell, SQL_C_CHAR, 4);
    EXPECT_EQ(narrow.all, "a");
    EXPECT_EQ(narrow.outcomes.back(), outcome::bad_length);
    EXPECT_STREQ(sqlstate_of(narrow.outcomes.back()), "HY090");
    EXPECT_EQ(read_pieces(cell, SQL_C_WCHAR, 4).outcomes.back(), outcome::bad_length);
    EXPECT_EQ(read_pieces(cell_under_test("x:01", sql_type::varbinary), SQL_C_CHAR, 2).outcomes.back(), outcome::bad_length);
}

TEST(Chunks, SplittingOnRequestFillsEveryBuffer) {
    const cell_under_test cell("w:" + mixed);
    const auto wide_text = memory_of('"' + mixed + '"', "WCHAR");
    for (std::size_t capacity = 2; capacity < 40; ++capacity) {
        EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, capacity, wide_width::two, true).all, mixed) << capacity;
        if (capacity >= 4) {
            EXPECT_EQ(read_pieces(cell, SQL_C_WCHAR, capacity, wide_width::two, true).all, wide_text) << capacity;
        }
    }
    const auto read = read_pieces(cell, SQL_C_WCHAR, 10, wide_width::two, true);
    for (std::size_t i = 1; i < read.lengths.size(); ++i) EXPECT_EQ(read.lengths[i - 1] - read.lengths[i], 8);
}

TEST(Chunks, BinaryIsFilledToTheLastByte) {
    std::string hex;
    for (int i = 0; i < 256; ++i) {
        char two[4];
        (void)std::snprintf(two, sizeof two, "%02X", static_cast<unsigned>(i));
        hex += two;
    }
    const cell_under_test cell("x:" + hex, sql_type::varbinary);
    for (std::size_t capacity = 1; capacity < 300; capacity += 7) {
        const auto read = read_pieces(cell, SQL_C_BINARY, capacity);
        EXPECT_EQ(read.all, memory_of("x:" + hex, "BINARY"));
        EXPECT_EQ(read.lengths.front(), 256);
        EXPECT_EQ(read.lengths.size(), (256 + capacity - 1) / capacity);
    }
    for (std::size_t capacity = 3; capacity < 600; capacity += 7) EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, capacity).all, hex);
    EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, 6).lengths.at(1), 508);
}

TEST(Chunks, BinaryOfTextIsItsUtf8) {
    const cell_under_test cell("w:" + mixed);
    for (std::size_t capacity = 1; capacity < 20; ++capacity) EXPECT_EQ(read_pieces(cell, SQL_C_BINARY, capacity).all, mixed) << capacity;
}

TEST(Chunks, FixedSizesAreDeliveredOnce) {
    const cell_under_test number("i:5", sql_type::integer);
    const auto read = read_pieces(number, SQL_C_SLONG, 4);
    EXPECT_EQ(read.outcomes.back(), outcome::no_data);
    EXPECT_EQ(read.outcomes.size(), 2U);
    const auto moment = read_pieces(cell_under_test("s:2024-02-29 01:02:03", sql_type::timestamp), SQL_C_TYPE_TIMESTAMP, 16);
    EXPECT_EQ(moment.outcomes, (std::vector{outcome::ok, outcome::no_data}));
}

TEST(Chunks, NumbersAsTextGoOnAfterTheirWholeDigits) {
    const cell_under_test cell("d:12345678e-5", sql_type::numeric);
    const auto read = read_pieces(cell, SQL_C_CHAR, 5);
    EXPECT_EQ(read.all, "123.45678");
    EXPECT_EQ(read.lengths, (std::vector<SQLLEN>{9, 5, 1}));
    EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, 3).outcomes.front(), outcome::out_of_range);
}

TEST(Chunks, BufferOfNoBytesAsksForTheLength) {
    chunk_state chunk;
    SQLLEN length = 0;
    target to;
    to.length = to.indicator = &length;
    to.chunk = &chunk;
    const cell_under_test text("w:Ж😀");
    EXPECT_EQ(find_conversion(sql_type::varchar, SQL_C_WCHAR)(text.view(), to), outcome::right_truncated);
    EXPECT_EQ(length, 6);
    char one = 'x';
    to.data = &one;
    EXPECT_EQ(find_conversion(sql_type::varchar, SQL_C_WCHAR)(text.view(), to), outcome::right_truncated);
    EXPECT_EQ(length, 6);
    EXPECT_EQ(one, 'x');
    chunk = {};
    const cell_under_test number("i:12345", sql_type::integer);
    EXPECT_EQ(find_conversion(sql_type::integer, SQL_C_CHAR)(number.view(), to), outcome::right_truncated);
    EXPECT_EQ(length, 5);
}

TEST(Chunks, EmptyTextIsNotNull) {
    for (const auto type : {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY}) {
        const auto read = read_pieces(cell_under_test("s:"), static_cast<SQLSMALLINT>(type), 8);
        EXPECT_EQ(read.lengths, std::vector<SQLLEN>{0});
        EXPECT_EQ(read.outcomes, (std::vector{outcome::ok, outcome::no_data}));
    }
}

TEST(Chunks, HalfOfAPairIsReplacedOrKept) {
    const cell_under_test cell("u:0041,D83D,0042,0043");
    const auto narrow = read_pieces(cell, SQL_C_CHAR, 6);
    EXPECT_EQ(
        narrow.all, "A\xEF\xBF\xBD"
                    "BC"
    );
    EXPECT_EQ(narrow.outcomes, (std::vector{outcome::right_truncated, outcome::ok, outcome::no_data}));
    const auto whole = read_pieces(cell, SQL_C_CHAR, 60);
    EXPECT_EQ(whole.outcomes.front(), outcome::substituted);
}

TEST(Null, NeedsAnIndicator) {
    const cell_under_test cell("null");
    char memory[8] = "before";
    SQLLEN length = -77;
    SQLLEN indicator = -77;
    target to;
    to.data = memory;
    to.capacity = sizeof memory;
    to.length = &length;
    const auto run = find_conversion(sql_type::varchar, SQL_C_CHAR);
    EXPECT_EQ(run(cell.view(), to), outcome::null_not_told);
    EXPECT_STREQ(sqlstate_of(outcome::null_not_told), "22002");
    to.indicator = &indicator;
    EXPECT_EQ(run(cell.view(), to), outcome::ok);
    EXPECT_EQ(indicator, SQL_NULL_DATA);
    EXPECT_EQ(length, -77);
    EXPECT_STREQ(memory, "before");
}

TEST(Null, SeparateIndicatorOfAValueIsZero) {
    char memory[8];
    SQLLEN length = -77;
    SQLLEN indicator = -77;
    target to;
    to.data = memory;
    to.capacity = sizeof memory;
    to.length = &length;
    to.indicator = &indicator;
    EXPECT_EQ(find_conversion(sql_type::varchar, SQL_C_CHAR)(cell_under_test("s:abc").view(), to), outcome::ok);
    EXPECT_EQ(indicator, 0);
    EXPECT_EQ(length, 3);
}

TEST(Null, IsDeliveredOnceBySQLGetData) {
    const auto read = read_pieces(cell_under_test("null", sql_type::integer), SQL_C_SLONG, 4);
    EXPECT_EQ(read.outcomes.back(), outcome::no_data);
    EXPECT_EQ(read.lengths, std::vector<SQLLEN>{SQL_NULL_DATA});
}

TEST(Placement, NoPointersAtAll) {
    target to;
    for (const auto c_type : {SQL_C_CHAR, SQL_C_WCHAR, SQL_C_BINARY, SQL_C_SLONG, SQL_C_NUMERIC, SQL_C_TYPE_TIMESTAMP}) {
        const auto run = find_conversion(sql_type::varchar, static_cast<SQLSMALLINT>(c_type));
        (void)run(cell_under_test("s:12").view(), to); // must not write anywhere
    }
    SQLINTEGER number = 0;
    to.data = &number;
    EXPECT_EQ(find_conversion(sql_type::integer, SQL_C_SLONG)(cell_under_test("i:7", sql_type::integer).view(), to), outcome::ok);
    EXPECT_EQ(number, 7);
}

TEST(Placement, UnalignedMemory) {
    alignas(8) char memory[64] = {};
    target to;
    to.data = memory + 1; // row-wise binding in packed structures
    to.capacity = 40;
    EXPECT_EQ(find_conversion(sql_type::double_precision, SQL_C_DOUBLE)(cell_under_test("r:0.5", sql_type::double_precision).view(), to), outcome::ok);
    EXPECT_EQ(std::string(memory + 1, 8), memory_of("real 0.5", "DOUBLE"));
    EXPECT_EQ(find_conversion(sql_type::varchar, SQL_C_WCHAR)(cell_under_test("w:Ж😀").view(), to), outcome::ok);
    EXPECT_EQ(std::string(memory + 1, 8), memory_of("'Ж😀'", "WCHAR"));
}

TEST(Placement, FourByteWideCharacters) {
    const auto read = read_pieces(cell_under_test("w:aЖ😀"), SQL_C_WCHAR, 64, wide_width::four);
    std::string expected;
    for (const char32_t c : {U'a', U'Ж', U'😀'}) expected.append(reinterpret_cast<const char*>(&c), 4);
    EXPECT_EQ(read.all, expected);
    EXPECT_EQ(read_pieces(cell_under_test("i:-5", sql_type::integer), SQL_C_WCHAR, 64, wide_width::four).all.size(), 8U);
}

TEST(Placement, TextOfAnEightBitServer) {
    cell_under_test cell("x:CAEEF2"); // "Кот" in CP1251
    cell.format.unicode = false;
    cell.format.locale = wire::charset::cp1251;
    EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, 64).all, "Кот");
    EXPECT_EQ(read_pieces(cell, SQL_C_CHAR, 4).all, "Кот");
    EXPECT_EQ(read_pieces(cell, SQL_C_WCHAR, 64).all, memory_of("\"Кот\"", "WCHAR"));
}

TEST(Placement, ContentOfALongColumnHasNoMarkers) {
    cell_under_test cell("x:00", sql_type::longvarbinary);
    EXPECT_EQ(read_pieces(cell, SQL_C_BINARY, 8).all, "");
    cell.loaded = true;
    EXPECT_EQ(read_pieces(cell, SQL_C_BINARY, 8).all, std::string(1, '\0'));
    cell.item.data = {};
    const auto empty = read_pieces(cell, SQL_C_BINARY, 8);
    EXPECT_EQ(empty.lengths, std::vector<SQLLEN>{0});
    cell.item = {};
    EXPECT_EQ(read_pieces(cell, SQL_C_BINARY, 8).lengths, std::vector<SQLLEN>{SQL_NULL_DATA});
}

TEST(Placement, TimesBecomeTimestampsOfToday) {
    const auto before = std::time(nullptr);
    SQL_TIMESTAMP_STRUCT made{};
    target to;
    to.data = &made;
    EXPECT_EQ(find_conversion(sql_type::time, SQL_C_TYPE_TIMESTAMP)(cell_under_test("s:12:34:56.5", sql_type::time).view(), to), outcome::ok);
    const auto after = std::time(nullptr);
    const auto today = [](std::time_t now) {
        std::tm local{};
        (void)localtime_r(&now, &local);
        return std::array<int, 3>{local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
    };
    const std::array<int, 3> day{made.year, made.month, made.day};
    EXPECT_TRUE(day == today(before) || day == today(after));
    EXPECT_EQ(made.hour, 12);
    EXPECT_EQ(made.fraction, 500'000'000U);
    EXPECT_EQ(find_conversion(sql_type::varchar, SQL_C_TYPE_TIMESTAMP)(cell_under_test("s:01:02:03").view(), to), outcome::ok);
    EXPECT_GE(made.year, day[0]);
    EXPECT_EQ(made.hour, 1);
}

TEST(Lookup, TypesThatAreNone) {
    EXPECT_EQ(find_conversion(sql_type::varchar, 12345), nullptr);
    EXPECT_FALSE(is_c_type(12345));
    EXPECT_TRUE(is_c_type(SQL_C_DEFAULT));
    EXPECT_EQ(find_conversion(sql_type::integer, SQL_C_GUID), nullptr);
    // A type code of a newer server is text.
    EXPECT_NE(find_conversion(static_cast<sql_type>(77), SQL_C_CHAR), nullptr);
    EXPECT_EQ(size_of_c_type(SQL_C_NUMERIC), static_cast<SQLLEN>(sizeof(SQL_NUMERIC_STRUCT)));
    EXPECT_EQ(size_of_c_type(SQL_C_CHAR), 0);
    EXPECT_EQ(default_c_type(sql_type::wvarchar), SQL_C_WCHAR);
}

TEST(Outcomes, HaveAStateEach) {
    EXPECT_STREQ(sqlstate_of(outcome::ok), "00000");
    EXPECT_STREQ(sqlstate_of(outcome::bad_server_value), "HY000");
    EXPECT_STREQ(sqlstate_of(outcome::not_convertible), "07006");
    EXPECT_FALSE(is_error(outcome::fraction_truncated));
    EXPECT_TRUE(is_error(outcome::text_too_long));
    for (int i = 2; i <= static_cast<int>(outcome::bad_server_value); ++i) EXPECT_NE(std::string(text_of(static_cast<outcome>(i))), "");
}

} // namespace
} // namespace irislink::odbc
