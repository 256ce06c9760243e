#include "samples/sandbox/config/config.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "samples/sandbox/auth/secret_file.hpp"
#include "samples/sandbox/config/config_factors.hpp"
#include "samples/sandbox/config/config_security.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

template <class T> void read(const toml::table& from, std::string_view key, T& into) {
    const auto* const node = from.get(key);
    if (node == nullptr) return;
    if constexpr (std::is_same_v<T, std::string>) {
        if (const auto v = node->value<std::string>(); v && node->is_string()) {
            into = *v;
            return;
        }
    } else if constexpr (std::is_same_v<T, bool>) {
        if (node->is_boolean()) {
            into = *node->value<bool>();
            return;
        }
    } else {
        if (node->is_integer()) {
            const auto v = *node->value<std::int64_t>();
            if (v >= 0 && v <= 1'000'000'000) {
                into = static_cast<T>(v);
                return;
            }
        }
    }
    std::ostringstream where;
    where << node->source().begin;
    throw config_error("wrong value for '" + std::string(key) + "' at " + where.str());
}

std::vector<std::string> read_list(const toml::table& from, std::string_view key, std::vector<std::string> standard) {
    const auto* const node = from.get(key);
    if (node == nullptr) return standard;
    const auto* const array = node->as_array();
    std::vector<std::string> out;
    if (array == nullptr) throw config_error("'" + std::string(key) + "' must be a list of texts");
    for (const auto& each : *array) {
        if (!each.is_string()) throw config_error("'" + std::string(key) + "' must be a list of texts");
        out.push_back(*each.value<std::string>());
    }
    return out;
}

void refuse_unknown(const toml::table& in, std::initializer_list<std::string_view> known, std::string_view where) {
    for (const auto& [key, node] : in)
        if (std::ranges::find(known, std::string_view(key.str())) == known.end())
            throw config_error("unknown setting '" + std::string(key.str()) + "' in " + std::string(where));
}

const toml::table& section(const toml::table& root, std::string_view name) {
    const auto* const table = root[name].as_table();
    if (table == nullptr) throw config_error("[" + std::string(name) + "] must be a table");
    return *table;
}

// A text that is one of a few.
template <class T> void read_choice(const toml::table& from, std::string_view key, std::initializer_list<std::pair<std::string_view, T>> choices, T& into) {
    if (!from.contains(key)) return;
    std::string text;
    read(from, key, text);
    std::string known;
    for (const auto& [name, value] : choices) {
        if (name == text) {
            into = value;
            return;
        }
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    throw config_error("'" + std::string(key) + "' must be one of " + known);
}

tls_settings read_tls(const toml::table& from) {
    refuse_unknown(
        from,
        {"mode", "certificate", "key", "key_password", "ca_file", "crl_file", "min_version", "max_version", "cipher_list", "ciphersuites",
         "client_certificate"},
        "[tls]"
    );
    tls_settings out;
    read_choice(from, "mode", {{"disabled", tls_mode::disabled}, {"enabled", tls_mode::enabled}, {"required", tls_mode::required}}, out.mode);
    read_choice(
        from, "client_certificate",
        {{"none", client_certificate_rule::none}, {"request", client_certificate_rule::request}, {"require", client_certificate_rule::require}},
        out.client_certificate
    );
    read(from, "certificate", out.certificate);
    read(from, "key", out.key);
    read(from, "ca_file", out.ca_file);
    read(from, "crl_file", out.crl_file);
    read(from, "min_version", out.min_version);
    read(from, "max_version", out.max_version);
    read(from, "cipher_list", out.cipher_list);
    read(from, "ciphersuites", out.ciphersuites);
    std::string password;
    read(from, "key_password", password);
    if (!password.empty()) out.key_password = std::make_shared<const wire::secret>(password);
    wire::secure_zero(password.data(), password.size());
    return out;
}

std::set<int> read_levels(const toml::table& from, std::string_view key, std::set<int> standard) {
    const auto* const node = from.get(key);
    if (node == nullptr) return standard;
    const auto* const array = node->as_array();
    std::set<int> out;
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
        const auto level = array->get(i)->is_integer() ? array->get(i)->value<std::int64_t>().value_or(0) : 0;
        if (level < 1 || level > 3) throw config_error("'" + std::string(key) + "' must hold levels from 1 to 3");
        out.insert(static_cast<int>(level));
    }
    if (array == nullptr) throw config_error("'" + std::string(key) + "' must be a list of levels");
    return out;
}

kerberos_settings read_kerberos(const toml::table& from) {
    refuse_unknown(from, {"keytab", "principal", "instance_levels", "service_levels", "multi_domain"}, "[kerberos]");
    kerberos_settings out;
    read(from, "keytab", out.keytab);
    read(from, "principal", out.principal);
    out.instance_levels = read_levels(from, "instance_levels", out.instance_levels);
    out.service_levels = read_levels(from, "service_levels", out.service_levels);
    read(from, "multi_domain", out.multi_domain);
    if (out.keytab.empty()) throw config_error("[kerberos] needs a keytab");
    return out;
}

} // namespace

wire::secret read_file(const std::filesystem::path& file) {
    auto text = read_secret_file(file);
    if (!text) throw config_error("cannot read " + file.string());
    return *std::move(text);
}

sandbox_config parse_config(std::string_view text) {
    toml::table root;
    try {
        root = toml::parse(text);
    } catch (const toml::parse_error& error) {
        std::ostringstream out;
        out << error.description() << " at " << error.source().begin;
        throw config_error(out.str());
    } catch (const broken_toml& error) {
        throw config_error(error.what());
    }
    refuse_unknown(root, {"server", "users", "two_factor", "access_tokens", "tls", "kerberos", "security", "service", "roles", "audit"}, "the file");
    sandbox_config out;
    if (const auto* const server = root["server"].as_table()) {
        refuse_unknown(
            *server,
            {"bind", "port", "database", "namespaces", "block_bytes", "message_limit", "max_sessions", "login_timeout", "idle_timeout", "lock_timeout",
             "protocol", "hash_iterations"},
            "[server]"
        );
        read(*server, "bind", out.bind);
        read(*server, "port", out.port);
        read(*server, "database", out.database);
        out.namespaces = read_list(*server, "namespaces", out.namespaces);
        read(*server, "block_bytes", out.block_bytes);
        read(*server, "message_limit", out.message_limit);
        read(*server, "max_sessions", out.max_sessions);
        read(*server, "login_timeout", out.login_timeout_seconds);
        read(*server, "idle_timeout", out.idle_timeout_seconds);
        read(*server, "lock_timeout", out.lock_timeout_seconds);
        read(*server, "protocol", out.protocol);
        read(*server, "hash_iterations", out.hash_iterations);
        if (out.protocol < 57 || out.protocol > 69) throw config_error("'protocol' must be 57 to 69");
        if (out.block_bytes < 16) throw config_error("'block_bytes' is too small");
        if (out.port > 65535) throw config_error("'port' must be at most 65535");
        if (out.hash_iterations < 1000) throw config_error("'hash_iterations' must be at least 1000");
    }
    if (const auto* const factors = root["two_factor"].as_table()) out.second_factor = read_second_factor(*factors);
    if (const auto* const tokens = root["access_tokens"].as_table()) out.access_tokens = read_access_tokens(*tokens);
    if (root.contains("tls")) out.tls = read_tls(section(root, "tls"));
    if (root.contains("kerberos")) out.kerberos = read_kerberos(section(root, "kerberos"));
    if (root.contains("users")) out.users = read_users(section(root, "users"));
    out.security = read_security(root);
    // One switch, in whichever of the two places it is.
    out.security.multi_domain = out.kerberos.multi_domain = out.security.multi_domain || out.kerberos.multi_domain;
    return out;
}

sandbox_config load_config(const std::filesystem::path& file) {
    try {
        auto out = parse_config(read_file(file).reveal());
        out.file = file.string();
        out.used_codes = out.file + ".used-codes";
        out.account_state = out.file + ".state";
        out.audit_table = out.file + ".audit";
        return out;
    } catch (const config_error& error) {
        throw config_error(file.string() + ": " + error.what());
    }
}

std::string starting_config(std::string_view preset, std::string_view password) {
    static constexpr std::array presets{"minimal", "normal", "locked-down"};
    if (std::ranges::find(presets, preset) == presets.end()) throw config_error("unknown preset '" + std::string(preset) + "': minimal, normal or locked-down");
    const bool locked = preset == "locked-down";
    return "# irislink-sandbox, preset " + std::string(preset) +
           "\n"
           "# A development server. Add users with: irislink-sandbox user add NAME --config THIS-FILE\n\n"
           "[server]\n"
           "bind = \"127.0.0.1\"        # other addresses need --allow-remote\n"
           "port = 1972\n"
           "# database = \"sandbox.db\" # an SQLite file; without it data lives as long as the server\n"
           "namespaces = [\"USER\", \"%SYS\"]\n"
           "block_bytes = 32768       # size of a result block\n"
           "message_limit = 268435456 # bytes of one message; longer ones end the session\n"
           "max_sessions = 500\n"
           "login_timeout = 10        # seconds, from the first byte to the login\n"
           "idle_timeout = " +
           std::string(locked ? "3600" : "0") +
           "          # seconds; 0 = none\n"
           "lock_timeout = 10         # seconds a writer waits for another\n"
           "hash_iterations = " +
           std::string(locked ? "200000" : "10000") +
           "   # PBKDF2 work factor of new passwords\n"
           "\n# TLS, the settings of %SuperServer. Without this section TLS is disabled.\n"
           "# [tls]\n"
           "# mode = \"enabled\"              # disabled, enabled, required\n"
           "# certificate = \"server.pem\"    # PEM, own certificate first, then its chain\n"
           "# key = \"server.key\"\n"
           "# key_password = \"\"             # of an encrypted key\n"
           "# ca_file = \"ca.pem\"            # whom client certificates must come from\n"
           "# crl_file = \"revoked.pem\"      # client certificates that no longer count\n"
           "# client_certificate = \"none\"   # none, request, require\n"
           "# min_version = \"1.2\"           # 1.2 or 1.3\n"
           "# max_version = \"1.3\"\n"
           "# cipher_list = \"\"              # TLS 1.2, as OpenSSL writes it\n"
           "# ciphersuites = \"\"             # TLS 1.3\n"
           "\n# Kerberos. Levels: 1 authentication, 2 with integrity, 3 with encryption. A client's level counts\n"
           "# when it is at or above the lowest that both lists hold.\n"
           "# [kerberos]\n"
           "# keytab = \"iris.keytab\"        # never the system's\n"
           "# principal = \"\"                # iris/host.example.com; empty: any of the keytab\n"
           "# instance_levels = [1, 2, 3]\n"
           "# service_levels = [1, 2, 3]\n"
           "# multi_domain = false          # true: accounts are called user@REALM\n" +
           starting_security(preset, password, locked ? 200000 : 10000);
}

} // namespace irislink::sandbox
