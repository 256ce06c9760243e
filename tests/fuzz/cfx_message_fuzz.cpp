// A Kerberos message as it comes: any bytes at all, and a sound one of the peer with a few bytes changed.
//
// Input: what is done (bit 0 sealed, bit 1 a changed sound message, bit 2 the short key), then either the token, or
// pairs of place and difference up to a place of 0xFF and then the text.

#include "driver/auth/cfx_messages.hpp"

#include <algorithm>
#include <string>

#include "driver/auth/gss_errc.hpp"
#include "tests/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace irislink;
    fuzz::input in(data, size);
    const auto what = in.byte();
    const bool sealed = (what & 1) != 0;
    const auto keys = [what](bool initiator) {
        driver::cfx_keys out;
        out.enctype = (what & 4) != 0 ? 17 : 18;
        out.key = wire::secret(std::string(out.enctype == 17 ? 16 : 32, 'k'));
        out.initiator = initiator;
        return out;
    };
    const auto client = driver::cfx_messages::make(keys(true));
    const auto server = driver::cfx_messages::make(keys(false));
    fuzz::require(client && server, "OpenSSL has what it takes");
    wire::bytes_view plain;
    if ((what & 2) == 0) {
        const auto token = in.rest();
        const auto failed = client->unwrap(token, sealed, plain);
        fuzz::require(plain.size() <= token.size(), "nothing longer than the token comes out");
        fuzz::require(!failed || plain.empty(), "nothing comes out of a bad token");
        return 0;
    }
    std::vector<std::pair<std::size_t, std::uint8_t>> changes;
    for (auto place = in.byte(); place != 0xFF; place = in.byte()) {
        const auto difference = in.byte();
        if (place == 0 && difference == 0) break;
        changes.emplace_back(place, difference);
    }
    const auto text = in.rest();
    wire::byte_buffer token;
    fuzz::require(server->wrap(text, sealed, token), "a message is made");
    const auto sound = token;
    for (const auto& [place, difference] : changes) token[place % token.size()] ^= static_cast<std::byte>(difference);
    const auto failed = client->unwrap(token, sealed, plain);
    if (token == sound) fuzz::require(!failed && std::ranges::equal(plain, text), "a sound message is opened");
    // A rotation by whole turns of the body changes nothing.
    const bool header_kept = std::equal(token.begin(), token.begin() + 16, sound.begin());
    if (token != sound && header_kept) fuzz::require(failed == driver::gss_errc::damaged && plain.empty(), "a changed one is not");
    if (!failed) fuzz::require(std::ranges::equal(plain, text), "nothing else ever comes out");
    return 0;
}
