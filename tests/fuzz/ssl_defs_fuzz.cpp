// The TLS settings file: parsing, matching and meaning.

#include "driver/config/ssl_defs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace irislink::driver;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    ssl_defs_error failure;
    const auto file = parse_ssl_defs(text, failure);
    if (!file) {
        if (failure.text.empty()) __builtin_trap();
        return 0;
    }
    (void)match_ssl_defs(*file, "db1.example.com", 1972);
    (void)match_ssl_defs(*file, "::1", 1972);
    for (const auto& each : file->sections) {
        const auto meaning = interpret_ssl_defs(each, failure);
        if (!meaning && failure.text.empty()) __builtin_trap();
    }
    return 0;
}
