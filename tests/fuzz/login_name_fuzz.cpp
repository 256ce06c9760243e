// What a client says of itself, and the small texts of the rules: names, passwords, addresses, days.

#include <stdexcept>

#include "samples/sandbox/auth/account.hpp"
#include "samples/sandbox/auth/allowed_addresses.hpp"
#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/auth/password_pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace irislink::sandbox;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto shown = printable(text, 20);
    if (shown.size() > 20 + 8) __builtin_trap();
    for (const char c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) __builtin_trap();
    if (is_user_name(text, false) && !is_user_name(text, true)) __builtin_trap();
    if (const auto pattern = parse_password_pattern(text)) {
        if (pattern->fault(std::string(static_cast<std::size_t>(pattern->longest) + 1, 'a')).empty()) __builtin_trap();
    }
    if (const auto day = parse_day(text); day && show_day(*day) != text) __builtin_trap();
    // A hash of few iterations at most: what it costs is not what is looked for.
    if (hash_work(text) < 100) (void)verify_password("password", text);
    try {
        (void)allowed_addresses({std::string(text)}).everybody();
    } catch (const std::invalid_argument&) {
    }
    return 0;
}
