// Connection strings and ini sections: no crash, no memory taken beyond the input, and what is quoted
// comes back as it was.

#include <cstdlib>

#include "driver/config/sources.hpp"
#include "irislink/options.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace irislink::driver;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    parse_failure failure;
    if (const auto pairs = parse_connection_string(text, failure)) {
        for (const auto& [key, value] : *pairs) {
            const auto again = parse_connection_string("X=" + quote_value(value.reveal()), failure);
            if (!again || again->size() != 1 || again->front().second != value) std::abort();
        }
    }
    (void)parse_ini_section(text, "a");
    if (text.find('=') == std::string_view::npos) return 0;
    try {
        // No data source and no settings file of this machine may take part.
        const irislink::connect_options options(std::string("DSN=;TlsMode=disable;") + std::string(text));
        (void)options.to_string();
        (void)options.resolve();
    } catch (const irislink::error&) {
    }
    return 0;
}
