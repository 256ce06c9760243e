// GSS tokens cut into pieces of any size come out as in one piece, and memory follows what has arrived.
//
// Input: token limit, size of the pieces, then the stream.

#include <algorithm>
#include <cstring>
#include <vector>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/security/gss_packet.hpp"

namespace {

using namespace irislink;

struct outcome {
    std::vector<wire::byte_buffer> tokens;
    std::error_code error;
    std::size_t left{0};
};

outcome split(wire::bytes_view stream, std::size_t limit, std::size_t piece) {
    wire::gss_packet_splitter splitter(limit);
    outcome out;
    const auto size = stream.size();
    while (!stream.empty() && !out.error) {
        const auto part = stream.first(std::min(piece, stream.size()));
        const auto room = splitter.prepare(part.size());
        fuzz::require(room.size() >= part.size(), "prepare gives the room it was asked for");
        std::memcpy(room.data(), part.data(), part.size());
        splitter.commit(part.size());
        stream = stream.subspan(part.size());
        wire::bytes_view token;
        while (splitter.next(token, out.error)) {
            fuzz::require(!token.empty() && token.size() <= limit, "a token is neither empty nor above the limit");
            out.tokens.emplace_back(token.begin(), token.end());
        }
    }
    out.left = splitter.buffered();
    (void)splitter.prepare();
    fuzz::require(splitter.capacity() <= 4 * size + 300'000, "memory follows what has arrived");
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const std::size_t limit = std::size_t{1} << (in.byte() % 25);
    const std::size_t piece = 1 + in.byte();
    const auto stream = in.rest();
    const auto pieces = split(stream, limit, piece);
    const auto whole = split(stream, limit, std::max<std::size_t>(1, stream.size()));
    fuzz::require(pieces.tokens == whole.tokens, "pieces give the same tokens");
    fuzz::require(pieces.error == whole.error, "pieces give the same error");
    wire::byte_buffer again;
    for (const auto& each : whole.tokens) fuzz::require(!wire::append_gss_packet(again, each), "what was read can be written");
    fuzz::require(again.size() + whole.left == stream.size() && std::equal(again.begin(), again.end(), stream.begin()), "and gives the same bytes");
    return 0;
}
