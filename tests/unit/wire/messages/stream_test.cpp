// wire-sql 4.

#include "wire/messages/stream.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

const std::string handle = "0a 01 31 01 68 61 6e 64 6c 65 ";

TEST(Stream, SizeReadAndCloseTranscript) {
    const auto size = bytes_of_hex(handle);
    const auto asked = decoded<stream_size_request>(size);
    EXPECT_EQ(hex_of(asked.handle.encoded), plain_hex(handle));
    EXPECT_EQ(body_of(asked), plain_hex(handle));
    const auto read = decoded<stream_read_request>(bytes_of_hex(handle + "03 04 05"));
    EXPECT_EQ(read.length, 5);
    EXPECT_EQ(body_of(read), plain_hex(handle + "03 04 05"));
    EXPECT_EQ(decoded<stream_read_request>(bytes_of_hex(handle + "02 05")).length, -1);
    EXPECT_EQ(body_of(stream_close_request{}), "02 04");
    EXPECT_EQ(body_of(decoded<stream_close_request>(bytes_of_hex("02 04"))), "02 04");
}

TEST(Stream, DataIsRaw) {
    const auto body = bytes_of_hex("d0 9f d1 80 d0 b8 d0 b2 21");
    EXPECT_EQ(as_text(decoded<stream_data_reply>(body).data), "Прив!");
}

TEST(Stream, PiecesOfTheOdbcTranscript) {
    const auto asked = decoded<stream_piece_request>(bytes_of_hex(handle + "03 04 64 03 04 01"));
    EXPECT_EQ(asked.units, 100);
    EXPECT_EQ(asked.from_start, 1);
    const auto body = bytes_of_hex("03 04 05 48 65 6c 6c 6f");
    const auto got = decoded<stream_piece_reply>(body);
    EXPECT_EQ(got.units, 5);
    EXPECT_EQ(as_text(got.data), "Hello");
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(StreamStore, TheTwoWaysToAskForANewHandle) {
    const auto odbc = bytes_of_hex("03 01 30 04 00 00 00 61 62 63 d0 96");
    const auto text = decoded<stream_store_text_request>(odbc);
    EXPECT_EQ(text.units, 4U);
    EXPECT_EQ(as_text(text.data), "abcЖ");
    EXPECT_EQ(body_of(text), hex_of(odbc));
    stream_store_binary_request binary;
    const auto data = bytes_of_hex("00 ff");
    binary.units = 2;
    binary.data = data;
    EXPECT_EQ(body_of(binary), "02 04 02 00 00 00 00 ff");
    const auto later = bytes_of_hex("05 01 68 64 6c 03 00 00 00 64 65 66");
    EXPECT_EQ(hex_of(decoded<stream_store_text_request>(later).handle.encoded), "05 01 68 64 6c");
    const auto reply = bytes_of_hex("05 01 68 64 6c");
    EXPECT_EQ(body_of(decoded<stream_store_reply>(reply)), "05 01 68 64 6c");
}

TEST(StreamStore, SizesMustFitTheBytes) {
    EXPECT_EQ(decode_error<stream_store_binary_request>("02 04 03 00 00 00 61 62"), wire_errc::truncated);
    EXPECT_EQ(decode_error<stream_store_binary_request>("02 04 01 00 00 00 61 62"), wire_errc::trailing_bytes);
    EXPECT_EQ(decode_error<stream_store_binary_request>("02 04 ff ff ff ff 61 62"), wire_errc::truncated);
    EXPECT_EQ(decode_error<stream_store_text_request>("02 04 03 00 00 00 61 62"), wire_errc::bad_value);
    EXPECT_EQ(decode_error<stream_store_text_request>("02 04 01 00 00 00 61 62 63 64"), wire_errc::bad_value);
    EXPECT_EQ(decode_error<stream_store_text_request>("02 04 01 00 00"), wire_errc::truncated);
    // A character outside the basic plane: two units as one sequence of four bytes or two of three.
    EXPECT_FALSE(decode_error<stream_store_text_request>("02 04 02 00 00 00 f0 9f 98 80"));
    EXPECT_FALSE(decode_error<stream_store_text_request>("02 04 02 00 00 00 ed a0 bd ed b8 80"));
}

TEST(Stream, RangeSearchChangeAndRelease) {
    EXPECT_EQ(body_of(decoded<stream_range_request>(bytes_of_hex(handle + "02 04 02 05"))), plain_hex(handle + "02 04 02 05"));
    const auto search = decoded<stream_search_request>(bytes_of_hex(handle + "03 04 01 03 01 78"));
    EXPECT_EQ(search.start, 1);
    EXPECT_EQ(search.pattern, "x");
    const auto bytes = bytes_of_hex(handle + "03 04 02 03 04 03 61 62 63");
    const auto overwrite = decoded<stream_overwrite_request>(bytes);
    EXPECT_EQ(overwrite.position, 2);
    EXPECT_EQ(overwrite.length, 3);
    EXPECT_EQ(as_text(overwrite.data), "abc");
    EXPECT_EQ(decoded<stream_truncate_request>(bytes_of_hex(handle + "03 04 05")).length, 5);
    EXPECT_EQ(body_of(decoded<stream_release_request>(bytes_of_hex(handle))), plain_hex(handle));
}

} // namespace
} // namespace irislink::wire
