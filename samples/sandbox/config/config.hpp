#pragma once
// The sandbox's TOML file as a value, and the editing of its users. Throws config_error with the
// place of the fault.

#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/auth/access_token.hpp"
#include "samples/sandbox/auth/second_factor.hpp"
#include "samples/sandbox/config/transport_config.hpp"

namespace irislink::sandbox {

struct config_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct account {
    std::string name;
    std::string password; // hash
    bool enabled{true};
    std::vector<std::string> roles;
    factor_setup factor;
};

struct sandbox_config {
    std::string bind{"127.0.0.1"};
    int port{1972};
    std::string database; // path; empty: a private temporary one
    std::vector<std::string> namespaces{"USER", "%SYS"};
    std::size_t block_bytes{32768};
    std::size_t message_limit{std::size_t{256} << 20U};
    int max_sessions{500};
    int login_timeout_seconds{10};
    int idle_timeout_seconds{0}; // 0: none
    int lock_timeout_seconds{10};
    int protocol{69};
    int hash_iterations{10000};
    second_factor_settings second_factor;
    access_token_settings access_tokens;
    std::string used_codes; // file of used one-time codes; empty: memory
    tls_settings tls;
    kerberos_settings kerberos;
    std::map<std::string, account> users; // by name in capitals
};

[[nodiscard]] sandbox_config load_config(const std::filesystem::path& file);
[[nodiscard]] sandbox_config parse_config(std::string_view text);

// A commented starting file; presets as in security-behaviour 3.2.
[[nodiscard]] std::string starting_config(std::string_view preset);

// Edits of the [users] tables, written atomically with mode 0600. The rest of the file stays.
void set_user(const std::filesystem::path& file, const account& user);
void remove_user(const std::filesystem::path& file, std::string_view name);

} // namespace irislink::sandbox
