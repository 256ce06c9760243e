// Long values in pieces: what a stream hands over, cut anywhere between characters, into buffers of
// any size.

#include <gtest/gtest.h>

#include "odbc/convert/convert.hpp"
#include "tests/unit/odbc/convert/notation.hpp"

namespace irislink::odbc {
namespace {

struct read {
    std::string all;
    std::vector<SQLLEN> lengths;
    outcome last{outcome::ok};
};

// SQLGetData as the statement does it: one piece in memory, the next one when it is used up.
read read_stream(const std::vector<std::string>& given, bool binary, SQLSMALLINT c_type, std::size_t capacity, wide_width width = wide_width::two) {
    read out;
    std::size_t piece = 0;
    std::string ready = given.empty() ? "" : given[0];
    for (int call = 0; call < 100'000; ++call) {
        std::string memory(capacity + 4, '\x5A');
        SQLLEN length = -77;
        target to;
        to.data = memory.data();
        to.capacity = static_cast<SQLLEN>(capacity);
        to.length = to.indicator = &length;
        chunk_state chunk;
        to.chunk = &chunk;
        const bool last = piece + 1 >= given.size();
        std::size_t consumed = 0;
        out.last = convert_piece(wire::as_bytes(ready), binary, last, c_type, to, consumed, width);
        EXPECT_EQ(memory.substr(capacity), std::string(4, '\x5A'));
        if (is_error(out.last)) return out;
        out.lengths.push_back(length);
        out.all += memory.substr(0, chunk.delivered);
        ready.erase(0, consumed);
        if (ready.empty() && !last) ready = given[++piece];
        if (out.last == outcome::ok) return out;
        EXPECT_EQ(out.last, outcome::right_truncated);
    }
    ADD_FAILURE() << "the stream never ends";
    return out;
}

TEST(Pieces, TextInEveryBufferSize) {
    const std::vector<std::string> given{"aé€", "😀", "Ж and more", "😀"};
    const std::string whole = "aé€😀Ж and more😀";
    for (std::size_t capacity = 5; capacity < 40; ++capacity) {
        EXPECT_EQ(read_stream(given, false, SQL_C_CHAR, capacity).all, whole) << capacity;
        EXPECT_EQ(read_stream(given, false, SQL_C_WCHAR, capacity + 1).all, test::memory_of('"' + whole + '"', "WCHAR")) << capacity;
        EXPECT_EQ(read_stream(given, false, SQL_C_WCHAR, capacity + 4, wide_width::four).all.size(), 4 * 15U) << capacity;
    }
}

TEST(Pieces, LengthIsUnknownUntilTheLastPieceIsHere) {
    const auto got = read_stream({"abcd", "efgh"}, false, SQL_C_CHAR, 5);
    EXPECT_EQ(got.lengths, (std::vector<SQLLEN>{SQL_NO_TOTAL, 4}));
    const auto tight = read_stream({"abcd", "efgh"}, false, SQL_C_CHAR, 4);
    EXPECT_EQ(tight.lengths, (std::vector<SQLLEN>{SQL_NO_TOTAL, SQL_NO_TOTAL, 4, 1}));
}

TEST(Pieces, BinaryAsBytesAndAsDigits) {
    const std::vector<std::string> given{std::string("\x00\xFF", 2), "\x10"};
    EXPECT_EQ(read_stream(given, true, SQL_C_BINARY, 1).all, std::string("\x00\xFF\x10", 3));
    EXPECT_EQ(read_stream(given, true, SQL_C_CHAR, 3).all, "00FF10");
    EXPECT_EQ(read_stream(given, true, SQL_C_WCHAR, 6).all, test::memory_of("\"00FF10\"", "WCHAR"));
}

TEST(Pieces, EmptyValue) {
    const auto got = read_stream({""}, false, SQL_C_CHAR, 8);
    EXPECT_EQ(got.lengths, std::vector<SQLLEN>{0});
    EXPECT_EQ(got.last, outcome::ok);
}

TEST(Pieces, NoRoomForACharacterAndNoSuchType) {
    EXPECT_EQ(read_stream({"😀"}, false, SQL_C_CHAR, 4).last, outcome::bad_length);
    EXPECT_EQ(read_stream({"1"}, false, SQL_C_SLONG, 4).last, outcome::not_convertible);
}

} // namespace
} // namespace irislink::odbc
