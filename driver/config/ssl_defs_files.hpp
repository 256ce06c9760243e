#pragma once
// Finds and reads the TLS settings file, and picks the part of it that applies to one connection
// (security-behaviour, decision 9).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "driver/config/ssl_defs.hpp"

namespace irislink::driver {

struct ssl_defs_choice {
    std::string file;
    std::string section; // the configuration
    bool by_address{false};
    ssl_defs_meaning meaning;
};

// `section` names a section (empty: the one whose Address and Port match). Nothing when there is no
// file, or no match for an unnamed one. Throws error (step settings) for a file that is named and
// missing, unreadable or malformed, a named section that is missing, and a section that applies but
// cannot be used.
[[nodiscard]] std::optional<ssl_defs_choice> choose_ssl_defs(std::string_view section, std::string_view host, std::uint16_t port);

} // namespace irislink::driver
