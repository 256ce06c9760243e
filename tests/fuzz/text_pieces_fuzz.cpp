// Text in pieces: whatever is cut where, the same characters come out, and they are valid UTF-8.
//
// Input: one byte, the length of the pieces; then the text.

#include <string>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/codec/charset.hpp"
#include "wire/codec/text_pieces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace irislink;
    if (size == 0) return 0;
    const std::size_t piece = data[0] % 16U + 1;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    wire::text_pieces whole;
    std::string expected;
    whole.add(expected, wire::as_bytes(text));
    whole.finish(expected);
    wire::text_pieces cut;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) cut.add(out, wire::as_bytes(text.substr(at, piece)));
    cut.finish(out);
    fuzz::require(wire::utf16_length(out).has_value(), "the outcome is UTF-8");
    fuzz::require(cut.malformed() == whole.malformed(), "pieces do not make text malformed");
    fuzz::require(out == expected, "pieces do not change the text");
    if (wire::utf16_length(text)) fuzz::require(out == text && !cut.malformed(), "UTF-8 is unchanged");
    return 0;
}
