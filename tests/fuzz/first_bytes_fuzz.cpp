// The dispatch on the first bytes: a decision never changes with more bytes, and agrees with the codecs.

#include <algorithm>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/security/preamble.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace irislink;
    const wire::bytes_view bytes{reinterpret_cast<const std::byte*>(data), size};
    auto before = wire::line_start::undecided;
    for (std::size_t length = 0; length <= size; ++length) {
        const auto now = wire::classify_first_bytes(bytes.first(length));
        fuzz::require(before == wire::line_start::undecided || now == before, "a decision stays");
        fuzz::require(length >= wire::preamble_size || now == wire::line_start::undecided, "five bytes are needed");
        fuzz::require(length < wire::first_bytes_size || now != wire::line_start::undecided, "fourteen are enough");
        before = now;
    }
    wire::gss_level level{};
    const auto failed = wire::decode_preamble(bytes, level);
    fuzz::require(!failed == (before == wire::line_start::kerberos), "dispatch and codec agree on the preamble");
    if (!failed) {
        const auto again = wire::encode_preamble(level);
        fuzz::require(std::equal(again.begin(), again.end(), bytes.begin()), "the preamble is written as it was read");
    }
    return 0;
}
