// iris:// URIs and jdbc:IRIS:// URLs, up to the checked settings.

#include <string>

#include "driver/config/sources.hpp"
#include "irislink/options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string given(reinterpret_cast<const char*>(data), size);
    const std::string text = irislink::driver::is_uri(given) ? given : "iris://" + given;
    irislink::driver::parse_failure failure;
    const auto pairs = irislink::driver::parse_uri(text, failure);
    if (!pairs) return 0;
    // Looking for data sources and settings files on disk is no part of this.
    irislink::connect_options options;
    options.set("TlsMode", "disable");
    for (const auto& [key, value] : *pairs) {
        if (key.size() == 3 || key.size() > 40) continue;
        options.set(key, value.reveal());
    }
    try {
        (void)options.resolve();
    } catch (const irislink::error&) {
    }
    (void)options.settings();
    return 0;
}
