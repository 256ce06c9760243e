#include "wire/security/gss_packet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/wire/hex.hpp"
#include "wire/error/errc.hpp"

namespace irislink::wire {
namespace {

using test::bytes_of_hex;

void push(gss_packet_splitter& to, bytes_view data) {
    const auto room = to.prepare(data.size());
    ASSERT_GE(room.size(), data.size());
    if (!data.empty()) std::memcpy(room.data(), data.data(), data.size());
    to.commit(data.size());
}

std::vector<std::string> take_all(gss_packet_splitter& from, std::error_code& error) {
    std::vector<std::string> out;
    bytes_view token;
    while (from.next(token, error)) out.emplace_back(as_text(token));
    return out;
}

TEST(GssPacket, LengthIsBigEndian) {
    byte_buffer out;
    EXPECT_FALSE(append_gss_packet(out, as_bytes("abc")));
    EXPECT_EQ(out, bytes_of_hex("00 00 00 03 61 62 63"));
    out.clear();
    EXPECT_FALSE(append_gss_packet(out, byte_buffer(715)));
    EXPECT_EQ(byte_buffer(out.begin(), out.begin() + 4), bytes_of_hex("00 00 02 CB"));
    EXPECT_EQ(out.size(), 719U);
}

TEST(GssPacket, WriterRefusesWhatNoReaderTakes) {
    byte_buffer out;
    EXPECT_EQ(append_gss_packet(out, {}), wire_errc::bad_value);
    EXPECT_EQ(append_gss_packet(out, byte_buffer(largest_gss_token + 1)), wire_errc::limit_exceeded);
    EXPECT_TRUE(out.empty());
    EXPECT_FALSE(append_gss_packet(out, byte_buffer(largest_gss_token)));
}

TEST(GssPacket, PiecesOfEverySizeGiveTheSameTokens) {
    byte_buffer stream;
    const std::vector<std::string> tokens{"a", std::string(300, 'b'), "cd", std::string(70'000, 'e')};
    for (const auto& each : tokens) ASSERT_FALSE(append_gss_packet(stream, as_bytes(each)));
    for (const std::size_t piece : {1U, 2U, 3U, 4U, 5U, 7U, 100U, 65'536U, 100'000U}) {
        gss_packet_splitter splitter;
        std::vector<std::string> got;
        for (bytes_view rest(stream); !rest.empty();) {
            const auto part = rest.first(std::min(piece, rest.size()));
            push(splitter, part);
            rest = rest.subspan(part.size());
            std::error_code error;
            for (auto& each : take_all(splitter, error)) got.push_back(std::move(each));
            ASSERT_FALSE(error);
        }
        EXPECT_EQ(got, tokens) << piece;
        EXPECT_EQ(splitter.buffered(), 0U);
    }
}

TEST(GssPacket, TruncatedAtEveryLengthWaits) {
    const auto whole = bytes_of_hex("00 00 00 05 01 02 03 04 05");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        gss_packet_splitter splitter;
        push(splitter, bytes_view(whole).first(size));
        bytes_view token;
        std::error_code error;
        EXPECT_FALSE(splitter.next(token, error)) << size;
        EXPECT_FALSE(error) << size;
        EXPECT_EQ(splitter.buffered(), size);
        push(splitter, bytes_view(whole).subspan(size));
        ASSERT_TRUE(splitter.next(token, error)) << size;
        EXPECT_EQ(byte_buffer(token.begin(), token.end()), bytes_of_hex("01 02 03 04 05"));
    }
}

TEST(GssPacket, OversizedIsAnErrorBeforeMemoryIsTaken) {
    for (const auto* const length : {"01 00 00 01", "FF FF FF FF", "80 00 00 00"}) {
        gss_packet_splitter splitter;
        push(splitter, bytes_of_hex(length));
        (void)splitter.prepare();
        EXPECT_LT(splitter.capacity(), 100'000U) << length;
        bytes_view token;
        std::error_code error;
        EXPECT_FALSE(splitter.next(token, error));
        EXPECT_EQ(error, wire_errc::limit_exceeded) << length;
        // It stays dead.
        EXPECT_FALSE(splitter.next(token, error));
        EXPECT_EQ(error, wire_errc::limit_exceeded) << length;
    }
    gss_packet_splitter small(8);
    push(small, bytes_of_hex("00 00 00 09"));
    bytes_view token;
    std::error_code error;
    EXPECT_FALSE(small.next(token, error));
    EXPECT_EQ(error, wire_errc::limit_exceeded);
}

// 16 MiB announced and four bytes sent: no 16 MiB.
TEST(GssPacket, MemoryFollowsWhatHasArrived) {
    gss_packet_splitter splitter;
    push(splitter, bytes_of_hex("01 00 00 00"));
    (void)splitter.prepare();
    EXPECT_LT(splitter.capacity(), 200'000U);
}

TEST(GssPacket, AnEmptyTokenIsAnError) {
    gss_packet_splitter splitter;
    push(splitter, bytes_of_hex("00 00 00 00 00 00 00 01 61"));
    bytes_view token;
    std::error_code error;
    EXPECT_FALSE(splitter.next(token, error));
    EXPECT_EQ(error, wire_errc::bad_value);
}

TEST(GssPacket, WipeForgets) {
    gss_packet_splitter splitter;
    push(splitter, bytes_of_hex("00 00 00 02 61"));
    splitter.wipe();
    EXPECT_EQ(splitter.buffered(), 0U);
    const auto room = splitter.prepare(5);
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(room[i], std::byte{0});
}

} // namespace
} // namespace irislink::wire
