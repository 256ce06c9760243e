#pragma once
// The TLS settings file (SSLDefs.ini, security-behaviour 2.5 and decisions 9 to 14): its text, which
// section applies to a connection, and what a section means in our keywords. Pure functions on text;
// ssl_defs_files.hpp finds and reads the file.
//
// Read as the vendor's library reads it where that is safe: sections and keys without regard to case
// and blanks, lines of ; and # skipped, the first of two values wins. Differently: an unknown key is
// a warning instead of the silent end of its section, and blanks inside paths and passwords stay.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::driver {

struct ssl_defs_entry {
    std::string key;    // as written
    wire::secret value; // any of them may be the key's password
    std::size_t line{0};
};

struct ssl_defs_section {
    std::string name;
    std::size_t line{0};
    std::vector<ssl_defs_entry> entries;

    // Null when the key is absent.
    [[nodiscard]] const ssl_defs_entry* find(std::string_view key) const;
    [[nodiscard]] std::string_view text(std::string_view key) const;
};

struct ssl_defs {
    std::vector<ssl_defs_section> sections;

    [[nodiscard]] const ssl_defs_section* find(std::string_view name) const;
};

// Errors are texts with line numbers, never with values; what they are an error of (the file) is said
// by the caller.
struct ssl_defs_error {
    std::string text;
};

[[nodiscard]] std::optional<ssl_defs> parse_ssl_defs(std::string_view text, ssl_defs_error& failure);

// The first connection section whose Address and Port are those of host and port (decision 10), or
// null. No name resolution.
[[nodiscard]] const ssl_defs_section* match_ssl_defs(const ssl_defs& in, std::string_view host, std::uint16_t port);

// Text of hosts, or IP literals of equal value.
[[nodiscard]] bool same_host(std::string_view left, std::string_view right);

// A configuration section in our keywords (TlsMode, TlsCaFile, ...), with warnings.
struct ssl_defs_meaning {
    std::vector<std::pair<std::string, wire::secret>> settings;
    std::vector<std::string> warnings;
};

[[nodiscard]] std::optional<ssl_defs_meaning> interpret_ssl_defs(const ssl_defs_section& section, ssl_defs_error& failure);

} // namespace irislink::driver
