// wire-sql 1.9: what a reader gets from an item, for every code.

#include "wire/codec/coerce.hpp"

#include <cmath>
#include <limits>

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

struct to_integer_case {
    const char* hex;
    coercion result;
    std::int64_t value;
};

constexpr to_integer_case integer_cases[] = {
    {"01", coercion::null, -77},
    {"02 01", coercion::null, -77},
    {"02 00", coercion::null, -77},
    {"03 01 00", coercion::ok, 0}, // '' is 0
    {"05 01 20 37 20", coercion::ok, 7},
    {"04 01 2b 37", coercion::ok, 7},
    {"05 01 2d 34 32", coercion::ok, -42},
    {"05 01 31 65 33", coercion::ok, 1000},
    {"05 01 31 2e 35", coercion::fraction_truncated, 1},
    {"06 01 2d 31 2e 35", coercion::fraction_truncated, -1},
    {"05 01 31 2e 30", coercion::ok, 1},
    {"05 01 61 62 63", coercion::bad_literal, -77},
    {"05 01 31 32 78", coercion::bad_literal, -77},
    {"05 01 2b 2d 31", coercion::bad_literal, -77},
    {"15 01 39 32 32 33 33 37 32 30 33 36 38 35 34 37 37 35 38 30 38", coercion::out_of_range, -77},
    {"04 02 37 00", coercion::ok, 7},
    {"04 02 00 d8", coercion::bad_literal, -77},
    {"03 04 05", coercion::ok, 5},
    {"03 04 00", coercion::ok, 0},
    {"05 04 05 00 00", coercion::ok, 5},
    {"03 05 ff", coercion::ok, -1},
    {"0a 04 00 00 00 00 00 00 00 80", coercion::out_of_range, -77},
    {"0b 04 01 00 00 00 00 00 00 00 00", coercion::ok, 1},
    {"0b 04 01 00 00 00 00 00 00 00 01", coercion::out_of_range, -77},
    {"0b 05 00 00 00 00 00 00 00 80 ff", coercion::ok, std::numeric_limits<std::int64_t>::min()},
    {"0a 05 00 00 00 00 00 00 00 7f", coercion::out_of_range, -77},
    {"04 06 ff 0f", coercion::fraction_truncated, 1},
    {"04 07 ff f1", coercion::fraction_truncated, -1},
    {"04 06 ff 32", coercion::ok, 5},
    {"04 06 03 01", coercion::ok, 1000},
    {"04 06 7f 01", coercion::out_of_range, -77},
    {"04 06 80 01", coercion::fraction_truncated, 0},
    {"02 06", coercion::ok, 0},
    {"02 07", coercion::out_of_range, -77},
    {"02 08", coercion::ok, 0},
    {"04 08 c0 3f", coercion::fraction_truncated, 1},
    {"0a 08 00 00 00 00 00 00 f0 3f", coercion::ok, 1},
    {"0a 08 00 00 00 00 00 00 e0 43", coercion::out_of_range, -77}, // 2^63
    {"0a 08 00 00 00 00 00 00 e0 c3", coercion::ok, std::numeric_limits<std::int64_t>::min()},
    {"04 08 80 7f", coercion::out_of_range, -77}, // infinity
    {"04 09 f8 7f", coercion::out_of_range, -77}, // NaN
    {"07 08 00 00 00 00 00", coercion::not_convertible, -77},
    {"0b 08 00 00 00 00 00 00 00 f0 3f", coercion::not_convertible, -77},
    {"0b 09 00 00 00 00 00 00 00 f0 3f", coercion::not_convertible, -77},
    {"05 19 31 40 41", coercion::not_convertible, -77},
    {"04 03 31 00", coercion::not_convertible, -77},
};

TEST(Coerce, ToInteger) {
    for (const auto& [hex, result, expected] : integer_cases) {
        const auto bytes = bytes_of_hex(hex);
        std::int64_t value = -77;
        EXPECT_EQ(to_integer(item_of(bytes), value), result) << hex;
        EXPECT_EQ(value, expected) << hex;
    }
}

struct to_decimal_case {
    const char* hex;
    coercion result;
    decimal value;
};

constexpr to_decimal_case decimal_cases[] = {
    {"02 01", coercion::null, {7, 7}},
    {"03 01 00", coercion::bad_literal, {7, 7}},
    {"06 01 31 2e 35 30", coercion::ok, {150, -2}},
    {"05 01 20 35 20", coercion::ok, {5, 0}},
    {"05 01 61 62 63", coercion::bad_literal, {7, 7}},
    {"08 02 31 00 2e 00 35 00", coercion::ok, {15, -1}},
    {"04 02 00 d8", coercion::bad_literal, {7, 7}},
    {"03 04 05", coercion::ok, {5, 0}},
    {"03 05 fe", coercion::ok, {-2, 0}},
    {"05 06 fe e2 04", coercion::ok, {1250, -2}},
    {"04 06 00 00", coercion::ok, {0, 0}},
    {"03 07 ff", coercion::ok, {-1, -1}},
    {"04 08 c0 3f", coercion::ok, {15, -1}},
    {"06 08 cd cc cc 3d", coercion::ok, {1, -1}}, // shortest of the single: 0.1
    {"0a 08 9a 99 99 99 99 99 b9 3f", coercion::ok, {1, -1}},
    {"04 08 80 7f", coercion::out_of_range, {7, 7}},
    {"04 09 f8 7f", coercion::out_of_range, {7, 7}},
    {"0a 08 9c 75 00 88 3c e4 37 7e", coercion::out_of_range, {7, 7}}, // 1e300
    {"05 19 31 40 41", coercion::not_convertible, {7, 7}},
};

TEST(Coerce, ToDecimal) {
    for (const auto& [hex, result, expected] : decimal_cases) {
        const auto bytes = bytes_of_hex(hex);
        decimal value{7, 7};
        EXPECT_EQ(to_decimal(item_of(bytes), value), result) << hex;
        if (result == coercion::ok) {
            EXPECT_EQ(value, expected) << hex;
        }
    }
}

struct to_real_case {
    const char* hex;
    coercion result;
    double value;
};

const to_real_case real_cases[] = {
    {"02 01", coercion::null, 7},
    {"03 01 00", coercion::bad_literal, 7},
    {"05 01 31 2e 35", coercion::ok, 1.5},
    {"06 01 2b 31 2e 35", coercion::ok, 1.5},
    {"05 01 2b 2d 31", coercion::bad_literal, 7},
    {"06 01 31 65 2d 33", coercion::ok, 0.001},
    {"07 01 31 65 39 39 39", coercion::out_of_range, 7},
    {"05 01 31 78 78", coercion::bad_literal, 7},
    {"04 02 37 00", coercion::ok, 7.0},
    {"03 04 05", coercion::ok, 5.0},
    {"02 05", coercion::ok, -1.0},
    {"04 06 ff 01", coercion::ok, 0.1},
    {"02 08", coercion::ok, 0.0},
    {"04 08 80 3f", coercion::ok, 1.0},
    {"07 09 10 00 00 70 41", coercion::ok, 16777217.0},
    {"02 09", coercion::ok, 0.0},
    {"04 08 80 ff", coercion::ok, -std::numeric_limits<double>::infinity()},
    {"08 08 01 02 03 04 05 06", coercion::not_convertible, 7},
    {"05 1a 31 40 41", coercion::not_convertible, 7},
};

TEST(Coerce, ToReal) {
    for (const auto& [hex, result, expected] : real_cases) {
        const auto bytes = bytes_of_hex(hex);
        double value = 7;
        EXPECT_EQ(to_real(item_of(bytes), value), result) << hex;
        EXPECT_EQ(value, expected) << hex;
    }
}

struct to_text_case {
    const char* hex;
    coercion result;
    const char* text;
};

constexpr to_text_case text_cases[] = {
    {"02 01", coercion::null, "="},
    {"01", coercion::null, "="},
    {"03 01 00", coercion::ok, "="},
    {"03 01 e9", coercion::ok, "=é"},
    {"06 02 e5 65 2c 67", coercion::ok, "=日本"},
    {"04 02 00 d8", coercion::bad_literal, "=\xEF\xBF\xBD"},
    {"03 04 05", coercion::ok, "=5"},
    {"0a 05 00 00 00 00 00 00 00 80", coercion::ok, "=-9223372036854775808"},
    {"05 06 fe e2 04", coercion::ok, "=12.50"},
    {"04 06 03 01", coercion::ok, "=1000"}, // plain notation
    {"03 07 fe", coercion::ok, "=-0.01"},
    {"06 08 cd cc cc 3d", coercion::ok, "=0.1"},
    {"0a 08 9a 99 99 99 99 99 b9 3f", coercion::ok, "=0.1"},
    {"0a 08 00 00 00 a0 99 99 b9 3f", coercion::ok, "=0.10000000149011612"},
    {"04 08 80 7f", coercion::ok, "=Infinity"},
    {"04 08 80 ff", coercion::ok, "=-Infinity"},
    {"04 09 f8 7f", coercion::ok, "=NaN"},
    {"0c 19 31 40 4d 79 2e 43 6c 61 73 73", coercion::ok, "=1@My.Class"},
    {"06 1a 31 00 40 00", coercion::ok, "=1@"},
    {"04 fb 31 40", coercion::ok, "=1@"},
    {"06 fc 31 00 40 00", coercion::ok, "=1@"},
    {"0b 04 01 00 00 00 00 00 00 00 01", coercion::out_of_range, "="},
    {"07 08 01 02 03 04 05", coercion::not_convertible, "="},
    {"04 03 31 00", coercion::not_convertible, "="},
    {"03 00 05", coercion::not_convertible, "="},
};

TEST(Coerce, ToTextAppends) {
    for (const auto& [hex, result, expected] : text_cases) {
        const auto bytes = bytes_of_hex(hex);
        std::string text = "=";
        EXPECT_EQ(to_text(item_of(bytes), unicode_format, text), result) << hex;
        EXPECT_EQ(text, expected) << hex;
    }
}

// Every length around the limits of the fast paths, with every byte of Latin-1 somewhere.
TEST(Coerce, AssigningTextIsAppendingToNothing) {
    for (const auto set : {charset::latin1, charset::cp1251}) {
        session_format format = unicode_format;
        format.locale = set;
        for (std::size_t size = 0; size <= 300; ++size)
            for (const bool ascii : {true, false}) {
                byte_buffer content;
                for (std::size_t i = 0; i < size; ++i) content.push_back(static_cast<std::byte>(ascii ? 'a' + i % 26 : i * 7 + size));
                const item in{item_code::text8, false, false, content};
                std::string appended;
                std::string assigned = "what was there before, and is longer than most of what comes";
                const auto expected = to_text(in, format, appended);
                EXPECT_EQ(assign_text(in, format, assigned), expected) << size;
                if (expected == coercion::ok) {
                    EXPECT_EQ(assigned, appended) << size;
                }
            }
    }
    std::string text = "before";
    const auto null_item = bytes_of_hex("02 01");
    const auto empty_text = bytes_of_hex("03 01 00");
    const auto number = bytes_of_hex("03 04 2a");
    EXPECT_EQ(assign_text(item_of(null_item), unicode_format, text), coercion::null);
    EXPECT_EQ(assign_text(item_of(empty_text), unicode_format, text), coercion::ok);
    EXPECT_EQ(text, "");
    EXPECT_EQ(assign_text(item_of(number), unicode_format, text), coercion::ok);
    EXPECT_EQ(text, "42");
}

TEST(Coerce, TextOfDoublesIsTheShortestThatReadsBack) {
    for (const double value : {0.1, 1e300, 5e-324, 1.7976931348623157e308, 123456789.125, -2.5}) {
        std::string text;
        append_text(text, value);
        EXPECT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
    }
    std::string single;
    append_text(single, 0.1F);
    EXPECT_EQ(single, "0.1");
}

struct to_bytes_case {
    const char* hex;
    coercion result;
    const char* bytes;
};

constexpr to_bytes_case bytes_cases[] = {
    {"02 01", coercion::null, ""},
    {"03 01 00", coercion::ok, ""},
    {"05 01 00 ff 80", coercion::ok, "00 ff 80"},
    {"04 02 16 04", coercion::ok, "d0 96"}, // UTF-8 of the text
    {"04 02 00 d8", coercion::bad_literal, "ef bf bd"},
    {"04 04 d2 04", coercion::ok, "31 32 33 34"}, // ASCII digits
    {"02 05", coercion::ok, "2d 31"},
    {"04 06 ff 0f", coercion::not_convertible, ""},
    {"02 08", coercion::not_convertible, ""},
};

TEST(Coerce, ToBytes) {
    for (const auto& [hex, result, expected] : bytes_cases) {
        const auto bytes = bytes_of_hex(hex);
        std::string storage;
        bytes_view out;
        EXPECT_EQ(to_bytes(item_of(bytes), storage, out), result) << hex;
        EXPECT_EQ(hex_of(out), expected) << hex;
    }
}

TEST(Coerce, SinglesAreTheShortCodeEightForms) {
    const auto single = bytes_of_hex("04 08 80 3f");
    const auto full = bytes_of_hex("0a 08 00 00 00 00 00 00 f0 3f");
    const auto compact = bytes_of_hex("04 09 f8 7f");
    EXPECT_TRUE(is_single(item_of(single)));
    EXPECT_FALSE(is_single(item_of(full)));
    EXPECT_FALSE(is_single(item_of(compact)));
}

// What cannot fail takes no memory of the peer's length.
TEST(Coerce, ATextLongerThanAnyNumberIsNone) {
    for (const std::size_t length : {std::size_t{512}, std::size_t{513}}) {
        const std::string narrow = std::string(length - 1, ' ') + "7";
        std::string wide;
        for (const char c : narrow) wide.append({c, '\0'});
        const auto expected = length == 512 ? coercion::ok : coercion::bad_literal;
        for (const auto& [code, text] : {std::pair(item_code::text8, narrow), std::pair(item_code::text16, wide)}) {
            item cell;
            cell.code = code;
            cell.data = as_bytes(text);
            std::int64_t whole = 0;
            decimal number;
            double real = 0;
            EXPECT_EQ(to_integer(cell, whole), expected);
            EXPECT_EQ(to_decimal(cell, number), expected);
            EXPECT_EQ(to_real(cell, real), expected);
        }
    }
}

} // namespace
} // namespace irislink::wire
