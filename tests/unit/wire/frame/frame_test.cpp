#include "wire/frame/frame.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

std::span<const std::byte, frame_header_size> header_at(const byte_buffer& bytes, std::size_t at = 0) {
    return std::span<const std::byte, frame_header_size>{bytes.data() + at, frame_header_size};
}

TEST(Frame, RequestHeaderOfTheSpecification) {
    const auto bytes = bytes_of_hex("02 00 00 00  01 00 00 00  00 00 00 00  48 53  45 00");
    const auto header = decode_header(header_at(bytes));
    EXPECT_EQ(header, (frame_header{.length = 2, .id = 1, .statement = 0, .more = false, .code = "HS"_fc}));
}

TEST(Frame, ReplyHeaderCarriesAStatus) {
    const auto bytes = bytes_of_hex("0F 00 00 00  03 00 00 00  00 00 00 00  A1 01");
    EXPECT_EQ(decode_header(header_at(bytes)).code.value, status::security);
}

TEST(Frame, TopBitOfTheStatementMeansMore) {
    const auto bytes = bytes_of_hex("00 7D 00 00  09 00 00 00  03 00 00 80  50 51");
    const auto header = decode_header(header_at(bytes));
    EXPECT_EQ(header, (frame_header{.length = 32000, .id = 9, .statement = 3, .more = true, .code = "PQ"_fc}));
    byte_buffer again(frame_header_size);
    encode_header(header, std::span<std::byte, frame_header_size>{again.data(), frame_header_size});
    EXPECT_EQ(hex_of(again), hex_of(bytes));
}

TEST(Frame, CodesHaveNames) {
    EXPECT_EQ(("2E"_fc).name(), "2E");
    EXPECT_EQ(("c3"_fc).name(), "c3");
    EXPECT_EQ(function_code{0xC241}.name(), "?41C2");
    EXPECT_EQ(function_code{100}.name(), "?6400");
}

TEST(MessageBuilder, OneFrameOfAnySize) {
    byte_buffer out = bytes_of_hex("aa");
    message_builder builder(out);
    builder.begin(5, 2, "DQ"_fc);
    out.resize(out.size() + 70000, std::byte{7});
    builder.end();
    EXPECT_EQ(out.size(), 1 + frame_header_size + 70000);
    EXPECT_EQ(decode_header(header_at(out, 1)), (frame_header{.length = 70000, .id = 5, .statement = 2, .more = false, .code = "DQ"_fc}));
}

// Payload sizes around the chunk size, so that each cut and the absence of one are seen.
TEST(MessageBuilder, CutsLongPayloadsIntoFrames) {
    constexpr std::size_t chunk = 10;
    for (std::size_t size = 0; size <= 41; ++size) {
        byte_buffer out;
        message_builder builder(out);
        builder.begin(9, 3, "PQ"_fc);
        for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::byte>(i));
        builder.end(chunk);
        byte_buffer joined;
        std::size_t at = 0;
        std::size_t frames = 0;
        bool more = true;
        while (more) {
            ASSERT_LE(at + frame_header_size, out.size());
            const auto header = decode_header(header_at(out, at));
            EXPECT_EQ(header.id, 9U);
            EXPECT_EQ(header.statement, 3U);
            EXPECT_EQ(header.code, "PQ"_fc);
            at += frame_header_size;
            ASSERT_LE(at + header.length, out.size());
            more = header.more;
            EXPECT_EQ(header.length, more ? chunk : size - joined.size());
            joined.insert(joined.end(), out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(at + header.length));
            at += header.length;
            ++frames;
        }
        EXPECT_EQ(at, out.size());
        EXPECT_EQ(frames, size == 0 ? 1 : (size + chunk - 1) / chunk);
        ASSERT_EQ(joined.size(), size);
        for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(joined[i], static_cast<std::byte>(i));
    }
}

TEST(MessageBuilder, SeveralMessagesInOneBuffer) {
    byte_buffer out;
    ASSERT_FALSE(append_request(out, ping_request{}, 5, 0, unicode_format));
    ASSERT_FALSE(append_request(out, disconnect_request{}, 0, 0, unicode_format));
    EXPECT_EQ(
        hex_of(out), plain_hex("00 00 00 00 05 00 00 00 00 00 00 00 50 47"
                               "00 00 00 00 00 00 00 00 00 00 00 00 44 43")
    );
}

TEST(MessageBuilder, AFailedRequestLeavesTheBufferAsItWas) {
    byte_buffer out = bytes_of_hex("aa bb");
    EXPECT_EQ(append_request(out, describe_procedure_request{.name = "\xFF"}, 5, 1, unicode_format), wire_errc::bad_text);
    EXPECT_EQ(append_reply(out, text_reply{.text = "\xFF"}, 5, 1, 0, unicode_format), wire_errc::bad_text);
    EXPECT_EQ(hex_of(out), "aa bb");
}

TEST(MessageBuilder, RepliesCarryTheStatus) {
    byte_buffer out;
    ASSERT_FALSE(append_reply(out, empty_reply{}, 7, 4, status::statement_gone, unicode_format));
    EXPECT_EQ(hex_of(out), plain_hex("00 00 00 00 07 00 00 00 04 00 00 00 94 01"));
}

} // namespace
} // namespace irislink::wire
