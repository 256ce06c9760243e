// The sandbox's file: every table of it. What is wrong is a config_error, and nothing else.

#include "samples/sandbox/config/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace irislink::sandbox;
    try {
        const auto config = parse_config({reinterpret_cast<const char*>(data), size});
        const auto& rules = config.security;
        if (rules.failures.limit < 0 || rules.failures.limit > 64 || rules.pattern.shortest > rules.pattern.longest) __builtin_trap();
        (void)rules.pattern.fault("password");
        if (!rules.allowed.everybody() && rules.allowed.allows("no address")) __builtin_trap();
    } catch (const config_error&) {
    }
    return 0;
}
