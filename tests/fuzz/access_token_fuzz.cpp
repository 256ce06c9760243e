// An access token as a client sends it, and a key set as a file holds it: splitting, base64url, JSON.

#include <stdexcept>

#include "samples/sandbox/auth/access_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace irislink::sandbox;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::string reason;
    const auto claims = read_access_token(text, "sub", reason);
    if (!claims && reason.empty()) __builtin_trap();
    if (claims) {
        // What is verified is a part of what came, and nothing longer than it comes out.
        if (!text.starts_with(claims->signed_text) || claims->signature.size() > size) __builtin_trap();
        if (find_token_algorithm("none")) __builtin_trap();
    }
    try {
        for (const auto& key : read_jwks(text, true)) (void)verify_signature(key, text, text);
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
