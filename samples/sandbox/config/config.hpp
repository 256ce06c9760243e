#pragma once
// The sandbox's TOML file as a value, and the editing of its users. Throws config_error with the
// place of the fault.

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/auth/access_token.hpp"
#include "samples/sandbox/auth/account.hpp"
#include "samples/sandbox/config/security_config.hpp"
#include "samples/sandbox/config/transport_config.hpp"

namespace irislink::sandbox {

struct config_error : std::runtime_error {
    using std::runtime_error::runtime_error;
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
    security_config security;
    account_table users;
    // Where this was read from, and what is kept beside it. Empty: nothing is written, and state lives in
    // memory as long as the server.
    std::string file;
    std::string account_state;
    std::string audit_table;
};

[[nodiscard]] sandbox_config load_config(const std::filesystem::path& file);
[[nodiscard]] sandbox_config parse_config(std::string_view text);

// A commented starting file; presets as in security-behaviour 3.2.
// `password` is that of the accounts it begins with; without one they have none.
[[nodiscard]] std::string starting_config(std::string_view preset, std::string_view password = {});

// Edits of the [users] tables, written atomically with mode 0600. The rest of the file stays.
void set_user(const std::filesystem::path& file, const account& user);
// Changes the user as the file has it now; the changed one comes back. One editor at a time, among
// processes too.
account change_user(const std::filesystem::path& file, std::string_view name, const std::function<void(account&)>& change);
void remove_user(const std::filesystem::path& file, std::string_view name);

} // namespace irislink::sandbox
