// A byte stream cut into pieces of any size gives the same messages as in one piece, and memory follows
// what has arrived.
//
// Input: message limit, size of the pieces, then the stream.

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/frame/frame_assembler.hpp"

namespace {

using namespace irislink;

struct outcome {
    std::vector<std::string> messages;
    std::error_code error;
};

outcome assemble(wire::bytes_view stream, std::size_t limit, std::size_t piece) {
    wire::frame_assembler assembler(limit);
    outcome out;
    wire::message each;
    while (!stream.empty() && !out.error) {
        const auto part = stream.first(std::min(piece, stream.size()));
        const auto room = assembler.prepare(part.size());
        fuzz::require(room.size() >= part.size(), "prepare gives the room it was asked for");
        std::memcpy(room.data(), part.data(), part.size());
        assembler.commit(part.size());
        stream = stream.subspan(part.size());
        while (assembler.next(each, out.error)) {
            fuzz::require(each.body.size() <= limit, "no message is above the limit");
            fuzz::require((each.statement & wire::continuation_bit) == 0, "the continuation bit is taken off");
            std::string text = std::to_string(each.id) + " " + std::to_string(each.statement) + " " + each.code.name() + " ";
            out.messages.push_back(text.append(wire::as_text(each.body)));
        }
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const std::size_t limit = std::size_t{1} << (in.byte() % 24);
    const std::size_t piece = 1 + in.byte();
    const auto stream = in.rest();
    const auto pieces = assemble(stream, limit, piece);
    const auto whole = assemble(stream, limit, std::max<std::size_t>(1, stream.size()));
    fuzz::require(pieces.messages == whole.messages, "pieces give the same messages");
    fuzz::require(pieces.error == whole.error, "pieces give the same error");

    wire::frame_assembler once(limit);
    const auto room = once.prepare(stream.size());
    if (!stream.empty()) std::memcpy(room.data(), stream.data(), stream.size());
    once.commit(stream.size());
    wire::message each;
    std::error_code error;
    while (once.next(each, error)) {
    }
    (void)once.prepare();
    fuzz::require(once.capacity() <= 4 * stream.size() + 300'000, "memory follows what has arrived");
    return 0;
}
