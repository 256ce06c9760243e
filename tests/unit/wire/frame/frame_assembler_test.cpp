#include "wire/frame/frame_assembler.hpp"

#include <cstring>
#include <vector>

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

void push(frame_assembler& to, bytes_view data) {
    const auto room = to.prepare(data.size());
    ASSERT_GE(room.size(), data.size());
    if (!data.empty()) std::memcpy(room.data(), data.data(), data.size());
    to.commit(data.size());
}

struct received {
    std::uint32_t id;
    std::uint32_t statement;
    std::uint16_t code;
    std::string body;
    friend bool operator==(const received&, const received&) = default;
};

std::vector<received> take_all(frame_assembler& from, std::error_code& error) {
    std::vector<received> out;
    message each;
    while (from.next(each, error)) out.push_back({each.id, each.statement, each.code.value, std::string(as_text(each.body))});
    return out;
}

byte_buffer frame(std::uint32_t id, std::uint32_t statement, std::uint16_t code, std::string_view body, bool more = false) {
    byte_buffer out(frame_header_size);
    encode_header(
        {static_cast<std::uint32_t>(body.size()), id, statement, more, {code}}, std::span<std::byte, frame_header_size>{out.data(), frame_header_size}
    );
    const auto bytes = as_bytes(body);
    out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}

void append(byte_buffer& to, const byte_buffer& more) {
    to.insert(to.end(), more.begin(), more.end());
}

// Three messages: an empty one, one in three frames, one plain.
byte_buffer sample_stream() {
    byte_buffer stream = frame(5, 0, 0, "");
    append(stream, frame(7, 1, 0, "abc", true));
    append(stream, frame(7, 1, 0, "d", true));
    append(stream, frame(7, 1, 100, "ef"));
    append(stream, frame(9, 2, 404, "x"));
    return stream;
}

const std::vector<received> sample_messages{{5, 0, 0, ""}, {7, 1, 100, "abcdef"}, {9, 2, 404, "x"}};

TEST(FrameAssembler, SplitAtEveryByte) {
    const auto stream = sample_stream();
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        frame_assembler assembler;
        std::error_code error;
        push(assembler, bytes_view(stream).first(cut));
        auto got = take_all(assembler, error);
        ASSERT_FALSE(error);
        push(assembler, bytes_view(stream).subspan(cut));
        for (auto& each : take_all(assembler, error)) got.push_back(std::move(each));
        ASSERT_FALSE(error);
        EXPECT_EQ(got, sample_messages) << "cut at " << cut;
        EXPECT_EQ(assembler.buffered(), 0U);
    }
}

TEST(FrameAssembler, OneByteAtATime) {
    const auto stream = sample_stream();
    frame_assembler assembler;
    std::vector<received> got;
    std::error_code error;
    for (const auto byte : stream) {
        push(assembler, bytes_view(&byte, 1));
        for (auto& each : take_all(assembler, error)) got.push_back(std::move(each));
        ASSERT_FALSE(error);
    }
    EXPECT_EQ(got, sample_messages);
}

TEST(FrameAssembler, TheStatusOfTheLastFrameCounts) {
    frame_assembler assembler;
    byte_buffer stream = frame(7, 1, 0, "a", true);
    append(stream, frame(7, 1, 450, "b"));
    push(assembler, stream);
    message got;
    std::error_code error;
    ASSERT_TRUE(assembler.next(got, error));
    EXPECT_EQ(got.status(), 450);
}

TEST(FrameAssembler, ReadsWhatTheBuilderCut) {
    byte_buffer stream;
    message_builder builder(stream);
    builder.begin(9, 3, "PQ"_fc);
    std::string payload;
    for (int i = 0; i < 100000; ++i) payload.push_back(static_cast<char>(i * 7));
    append(stream, {as_bytes(payload).begin(), as_bytes(payload).end()});
    builder.end(32000);
    EXPECT_EQ(stream.size(), 100000 + 4 * frame_header_size);
    frame_assembler assembler;
    push(assembler, stream);
    message got;
    std::error_code error;
    ASSERT_TRUE(assembler.next(got, error));
    EXPECT_EQ(as_text(got.body), payload);
}

TEST(FrameAssembler, AnEmptyFrameThatAnnouncesMoreIsRefused) {
    for (const bool inside : {false, true}) {
        frame_assembler assembler;
        byte_buffer stream;
        if (inside) append(stream, frame(7, 1, 0, "a", true));
        append(stream, frame(7, 1, 0, "", true));
        push(assembler, stream);
        message got;
        std::error_code error;
        EXPECT_FALSE(assembler.next(got, error));
        EXPECT_EQ(error, wire_errc::bad_continuation);
    }
}

TEST(FrameAssembler, AnEmptyFinalFrameEndsAMessage) {
    frame_assembler assembler;
    byte_buffer stream = frame(7, 1, 0, "a", true);
    append(stream, frame(7, 1, 100, ""));
    push(assembler, stream);
    std::error_code error;
    EXPECT_EQ(take_all(assembler, error), (std::vector<received>{{7, 1, 100, "a"}}));
}

TEST(FrameAssembler, FramesOfOneMessageMustAgree) {
    for (const auto& second : {frame(8, 1, 0, "b"), frame(7, 2, 0, "b")}) {
        frame_assembler assembler;
        byte_buffer stream = frame(7, 1, 0, "a", true);
        append(stream, second);
        push(assembler, stream);
        message got;
        std::error_code error;
        EXPECT_FALSE(assembler.next(got, error));
        EXPECT_EQ(error, wire_errc::bad_continuation);
    }
}

TEST(FrameAssembler, AnAnnouncedTwoGibibytesTakeNoMemory) {
    auto header = frame(1, 0, "HS"_fc.value, "");
    store_u32(header.data(), 0x7FFFFFFF);
    frame_assembler assembler;
    push(assembler, header);
    message got;
    std::error_code error;
    EXPECT_FALSE(assembler.next(got, error));
    EXPECT_EQ(error, wire_errc::limit_exceeded);
    EXPECT_LT(assembler.capacity(), 100'000U);
}

TEST(FrameAssembler, WithinTheLimitMemoryFollowsWhatArrives) {
    auto header = frame(1, 0, "HS"_fc.value, "");
    store_u32(header.data(), 200U << 20U);
    frame_assembler assembler;
    push(assembler, header);
    message got;
    std::error_code error;
    const std::vector<std::byte> piece(1000);
    for (int i = 0; i < 50; ++i) {
        EXPECT_FALSE(assembler.next(got, error));
        ASSERT_FALSE(error);
        const auto room = assembler.prepare();
        ASSERT_GE(room.size(), piece.size());
        std::memcpy(room.data(), piece.data(), piece.size());
        assembler.commit(piece.size());
    }
    EXPECT_EQ(assembler.buffered(), 50'000 + frame_header_size);
    EXPECT_LT(assembler.capacity(), 400'000U);
}

TEST(FrameAssembler, EndlessContinuationHitsTheLimit) {
    constexpr std::size_t limit = 100'000;
    frame_assembler assembler(limit);
    const auto piece = frame(7, 1, 0, std::string(1000, 'x'), true);
    message got;
    std::error_code error;
    int frames = 0;
    for (; frames < 1000 && !error; ++frames) {
        push(assembler, piece);
        EXPECT_FALSE(assembler.next(got, error));
    }
    EXPECT_EQ(error, wire_errc::limit_exceeded);
    EXPECT_EQ(frames, 101);
    EXPECT_LT(assembler.capacity(), 3 * limit);
}

TEST(FrameAssembler, TheLimitIsExactAndMayChange) {
    frame_assembler assembler(10);
    message got;
    std::error_code error;
    push(assembler, frame(1, 0, 0, "0123456789"));
    EXPECT_TRUE(assembler.next(got, error));
    push(assembler, frame(2, 0, 0, "0123456789a"));
    EXPECT_FALSE(assembler.next(got, error));
    EXPECT_EQ(error, wire_errc::limit_exceeded);
    frame_assembler wider(10);
    wider.set_message_limit(11);
    push(wider, frame(2, 0, 0, "0123456789a"));
    EXPECT_TRUE(wider.next(got, error));
}

TEST(FrameAssembler, TheHeaderCanBeSeenBeforeTheBody) {
    frame_assembler assembler;
    const auto whole = frame(7, 1, 100, "abc");
    frame_header header;
    push(assembler, bytes_view(whole).first(13));
    EXPECT_FALSE(assembler.peek_header(header));
    push(assembler, bytes_view(whole).subspan(13, 1));
    ASSERT_TRUE(assembler.peek_header(header));
    EXPECT_EQ(header.code.value, status::end_of_data);
    EXPECT_EQ(header.length, 3U);
}

TEST(FrameAssembler, WipeForgetsAndOverwrites) {
    frame_assembler assembler;
    push(assembler, frame(7, 1, 0, "pass", true));
    message got;
    std::error_code error;
    EXPECT_FALSE(assembler.next(got, error));
    push(assembler, bytes_view(frame(7, 1, 0, "word")).first(16));
    const auto* const memory = assembler.prepare(1).data();
    assembler.wipe();
    EXPECT_EQ(assembler.buffered(), 0U);
    // The bytes in front of the free room were the header and "wo".
    for (int i = 1; i <= 16; ++i) EXPECT_EQ(memory[-i], std::byte{0});
    push(assembler, frame(9, 2, 0, "fresh"));
    EXPECT_EQ(take_all(assembler, error), (std::vector<received>{{9, 2, 0, "fresh"}}));
}

TEST(FrameAssembler, CommitNeverGoesBeyondWhatWasPrepared) {
    frame_assembler assembler;
    const auto room = assembler.prepare(10);
    assembler.commit(room.size() + 1000);
    EXPECT_EQ(assembler.buffered(), room.size());
}

} // namespace
} // namespace irislink::wire
