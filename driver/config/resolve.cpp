// From the texts of the settings to the checked settings of a connection.

#include <limits>

#include "driver/config/options_impl.hpp"
#include "driver/config/ssl_defs_files.hpp"
#include "driver/config/values.hpp"
#include "driver/error/sqlstate_table.hpp"

namespace irislink::driver {
namespace {

constexpr std::string_view system_store = "%OSCertificateStore";

[[noreturn]] void contradiction(const std::string& text, const std::string& hint) {
    bad_settings(native::contradiction, text, hint);
}

// What the settings of protection say, before they are weighed against each other.
struct wishes {
    std::optional<std::int64_t> method;
    std::optional<std::int64_t> level;
    layer level_from{layer::dsn};
    bool disabled{false};          // TlsMode=disable
    std::string_view tls_by;       // the setting that asks for TLS; empty: none
    std::string_view section;      // of the TLS settings file
    std::string_view section_name; // how that keyword was given
};

// Tls* settings that make sense with TLS alone: whoever sets one believes that TLS is on.
constexpr std::string_view details[] = {"TlsCaFile", "TlsCrlFile", "TlsCertFile", "TlsKeyFile", "TlsPin", "TlsHostName"};

wishes read_wishes(const setting_map& in) {
    wishes out;
    if (in.find("Authentication Method") != nullptr) out.method = in.number("Authentication Method", 0, 2);
    if (const auto* const given = in.find("Security Level")) {
        out.level = in.number("Security Level", 0, 10);
        out.level_from = given->from();
        if (*out.level > 3 && *out.level != 10) bad_value(*find_keyword("Security Level"), given->text());
    }
    if (const auto* const mode = in.find("TlsMode")) {
        out.disabled = same_text(trimmed(mode->text()), "disable");
        if (!out.disabled) {
            (void)check_value(*find_keyword("TlsMode"), mode->text());
            out.tls_by = "TlsMode";
        }
    }
    if (in.find("SSL") != nullptr && in.flag("SSL")) out.tls_by = "SSL";
    out.section = trimmed(in.text("TlsConfig"));
    if (out.method == 2) out.tls_by = "Authentication Method";
    if (out.level == 10) out.tls_by = "Security Level";
    return out;
}

std::optional<std::int64_t> asked_kerberos(const wishes& in) {
    if (in.method == 1) return in.level.value_or(2);
    if (in.level && *in.level >= 1 && *in.level <= 3 && !in.method) return in.level;
    return std::nullopt;
}

} // namespace

void setting_map::add(const keyword& row, std::string_view value, const std::string& origin, layer from) {
    const auto found = entries_.find(&row);
    if (found != entries_.end()) {
        const auto had = found->second.from();
        if (had > from || (had == from && from != layer::explicit_call)) return;
    }
    entries_.insert_or_assign(&row, setting_text(value, origin, from));
}

void setting_map::remove(std::string_view name) {
    entries_.erase(find_keyword(name));
}

const setting_text* setting_map::find(const keyword& row) const {
    const auto found = entries_.find(&row);
    return found == entries_.end() ? nullptr : &found->second;
}

const setting_text* setting_map::find(std::string_view name) const {
    const auto& row = *find_keyword(name);
    const auto* const out = find(row);
    // "Security Level=" in a DSN says nothing; an empty password is a password.
    if (out == nullptr || row.type == keyword_type::secret || row.type == keyword_type::text) return out;
    return trimmed(out->text()).empty() ? nullptr : out;
}

std::string_view setting_map::text(std::string_view name) const {
    const auto* const given = find(name);
    return given != nullptr ? given->text() : find_keyword(name)->standard;
}

std::int64_t setting_map::number(std::string_view name, std::int64_t low, std::int64_t high) const {
    return number_value(*find_keyword(name), text(name), low, high);
}

bool setting_map::flag(std::string_view name) const {
    return flag_value(*find_keyword(name), text(name));
}

milliseconds setting_map::duration(std::string_view name) const {
    return milliseconds(number(name, 0, 1'000'000) * 1000);
}

// Decisions 1, 2 and 8: one level, never a silent choice between two.
security_level level_of(const setting_map& in, std::vector<std::string>& warnings) {
    const auto want = read_wishes(in);
    static constexpr auto pairs = "Method 0 goes with level 0, method 1 with levels 1 to 3, method 2 with level 10.";
    const auto clash = [&] {
        contradiction("Authentication Method " + std::to_string(*want.method) + " contradicts Security Level " + std::to_string(*want.level), pairs);
    };
    // The vendor's installer writes Security Level=2 beside every method into every DSN; there it
    // means nothing unless the method is Kerberos.
    const bool template_level = want.level == 2 && want.level_from == layer::dsn;
    if (want.method == 0 && want.level && *want.level != 0 && !template_level) clash();
    if (want.method == 1 && want.level && (*want.level == 0 || *want.level == 10)) clash();
    if (want.method == 2 && want.level && *want.level != 10 && *want.level != 2) clash();
    const auto kerberos = asked_kerberos(want);
    if (kerberos && !want.tls_by.empty())
        contradiction("Kerberos and TLS are both asked for (by " + std::string(want.tls_by) + ")", "A connection has one level: remove one of the two.");
    if (want.disabled && !want.tls_by.empty()) contradiction("TlsMode=disable contradicts " + std::string(want.tls_by), "Remove one of the two.");
    if (want.level == 0 && !want.tls_by.empty()) contradiction("Security Level 0 contradicts " + std::string(want.tls_by), "Remove one of the two.");
    if (kerberos) return static_cast<security_level>(*kerberos);
    if (!want.tls_by.empty()) return security_level::tls;
    // From here on nothing asks for protection; nothing may look as if it did.
    for (const auto name : details) {
        const auto* const given = in.find(name);
        if (given == nullptr || trimmed(given->text()).empty()) continue;
        if (want.disabled) {
            warnings.push_back(std::string(name) + " has no effect with TlsMode=disable");
        } else {
            contradiction(std::string(name) + " is set, but nothing switches TLS on", "Add TlsMode=verify-full, or remove " + std::string(name) + ".");
        }
    }
    return security_level::password;
}

void add_settings_file(setting_map& to, std::vector<std::string>& warnings) {
    const auto want = read_wishes(to);
    if (want.disabled) return;
    const auto kerberos = asked_kerberos(want);
    // A vendor DSN keeps its SSL Server Name when somebody sets the method back to 0 or 1.
    const bool switched_off = want.tls_by.empty() && (want.method == 0 || want.level == 0);
    std::optional<ssl_defs_choice> choice;
    if (!want.section.empty()) {
        if (kerberos)
            contradiction(
                "Kerberos is asked for, and TlsConfig names the TLS settings '" + std::string(want.section) + "'",
                "A connection has one level: remove TlsConfig, or Kerberos."
            );
        if (switched_off) {
            if (to.find("TlsConfig")->from() != layer::dsn)
                contradiction("TlsConfig is set together with a method or level without TLS", "Set Authentication Method=2, or remove TlsConfig.");
            warnings.emplace_back("SSL Server Name has no effect without Authentication Method 2");
            return;
        }
        choice = choose_ssl_defs(want.section, {}, 0);
    } else {
        const auto port = static_cast<std::uint16_t>(to.number("Port", 1, 65535));
        for (const auto& each : endpoint_values(to.text("Server"), port)) {
            choice = choose_ssl_defs({}, each.host, each.port);
            if (choice) break;
        }
        if (choice && kerberos)
            contradiction(
                "Kerberos is asked for, and the TLS settings file " + choice->file + " has TLS for this server ('" + choice->section + "')",
                "A connection has one level: remove the server from the file, or Kerberos."
            );
    }
    if (!choice) return;
    const auto origin = "settings file " + choice->file + " [" + choice->section + "]";
    for (const auto& [name, value] : choice->meaning.settings) to.add(*find_keyword(name), value.reveal(), origin, layer::settings_file);
    for (const auto& each : choice->meaning.warnings) warnings.push_back(choice->file + ": " + each);
}

void warn_of_weak_tls(const tls_settings& in, std::vector<std::string>& warnings) {
    if (in.check == tls_check::none && in.pins.empty())
        warnings.emplace_back("TlsMode=require: the server's certificate is not checked, anybody can pose as the server");
    if (in.lowest < tls_version::tls12) warnings.emplace_back("TLS versions below 1.2 are allowed; they are weak");
}

namespace {

void fill_tls(const setting_map& in, tls_settings& out) {
    if (in.find("TlsMode") != nullptr) out.check = check_value(*find_keyword("TlsMode"), in.text("TlsMode"));
    const auto authorities = trimmed(in.text("TlsCaFile"));
    if (authorities != system_store) out.ca_file = authorities;
    out.crl_file = trimmed(in.text("TlsCrlFile"));
    if (!out.crl_file.empty() && out.check == tls_check::none)
        contradiction("TlsCrlFile is set, and TlsMode=require checks no certificate", "Set TlsMode=verify-full, or remove TlsCrlFile.");
    out.certificate_file = trimmed(in.text("TlsCertFile"));
    out.key_file = trimmed(in.text("TlsKeyFile"));
    if (out.certificate_file.empty() && !out.key_file.empty())
        bad_settings(native::contradiction, "TlsKeyFile is set without TlsCertFile", "Name the certificate that belongs to the key.");
    out.key_password = wire::secret(in.text("TlsKeyPassword"));
    out.lowest = version_value(*find_keyword("TlsMinVersion"), in.text("TlsMinVersion"));
    out.highest = version_value(*find_keyword("TlsMaxVersion"), in.text("TlsMaxVersion"));
    // A maximum below the default minimum asks for old versions in so many words.
    if (in.find("TlsMinVersion") == nullptr && out.highest < out.lowest) out.lowest = out.highest;
    if (out.lowest > out.highest) contradiction("TlsMinVersion is above TlsMaxVersion", "Swap them, or remove one.");
    out.host_name = trimmed(in.text("TlsHostName"));
    if (const auto pins = trimmed(in.text("TlsPin")); !pins.empty()) out.pins = pin_values(*find_keyword("TlsPin"), pins);
    out.cipher_list = in.text("TlsCipherList");
    out.ciphersuites = in.text("TlsCiphersuites");
    out.verify_depth = static_cast<int>(in.number("TlsVerifyDepth", 1, 100));
}

void fill_timeouts(const setting_map& in, connection_settings& out) {
    out.connect_timeout = in.duration("ConnectTimeout");
    out.login_timeout = in.duration("LoginTimeout");
    const auto vendor = in.number("Query Timeout", 0, 1'000'000);
    out.honour_query_timeout = vendor != 0 && !in.flag("Disable Query Timeout");
    out.query_timeout = in.duration("QueryTimeout");
    if (in.find("QueryTimeout") == nullptr && vendor > 1) out.query_timeout = milliseconds(vendor * 1000);
    if (!out.honour_query_timeout) out.query_timeout = milliseconds(0);
}

} // namespace

// Decision 7. Whoever gives a password, or a callback that asks for one, and names no cache and no keytab
// wants it used: the ticket that happens to lie in the default cache may be somebody else's.
kerberos_source source_of(const setting_map& in, bool asks, bool password_counts) {
    const bool named = in.find("UID") != nullptr && !trimmed(in.text("UID")).empty();
    const bool principal = in.find("KerberosPrincipal") != nullptr && !trimmed(in.text("KerberosPrincipal")).empty();
    const bool password = !in.text("PWD").empty() && (named || principal);
    const bool cache = in.find("KerberosCcache") != nullptr && !trimmed(in.text("KerberosCcache")).empty();
    const bool keytab = in.find("KerberosKeytab") != nullptr && !trimmed(in.text("KerberosKeytab")).empty();
    const auto wish = trimmed(in.text("KerberosCredentials"));
    if (wish.empty()) return (asks || (password && password_counts)) && !cache && !keytab ? kerberos_source::password : kerberos_source::cache;
    if (same_text(wish, "cache")) return kerberos_source::cache;
    const bool first_cache = same_text(wish, "cache-then-password");
    if (!first_cache && !same_text(wish, "password")) bad_value(*find_keyword("KerberosCredentials"), wish);
    if (!asks && !password)
        contradiction("KerberosCredentials=" + std::string(wish) + " is set, and there is no user with a password", "Set UID and PWD, or a callback.");
    if (keytab || (cache && !first_cache))
        contradiction("KerberosCredentials=" + std::string(wish) + " contradicts " + (keytab ? "KerberosKeytab" : "KerberosCcache"), "Remove one of the two.");
    return first_cache ? kerberos_source::cache_then_password : kerberos_source::password;
}

void fill_settings(const setting_map& in, security_level level, connection_settings& out) {
    out.level = level;
    out.endpoints = endpoint_values(in.text("Server"), static_cast<std::uint16_t>(in.number("Port", 1, 65535)));
    out.name_space = in.text("Database");
    out.user = in.text("UID");
    out.password = wire::secret(in.text("PWD"));
    out.access_token = wire::secret(trimmed(in.text("AccessToken")));
    out.access_token_file = in.text("AccessTokenFile");
    if (!out.access_token.empty() && !out.access_token_file.empty()) contradiction("AccessToken and AccessTokenFile are both set", "Remove one of the two.");
    if (level == security_level::tls) fill_tls(in, out.tls);
    if (out.kerberos_level()) {
        out.kerberos.service_principal = trimmed(in.text("Service Principal Name"));
        out.kerberos.principal = trimmed(in.text("KerberosPrincipal"));
        out.kerberos.ccache = trimmed(in.text("KerberosCcache"));
        out.kerberos.keytab = trimmed(in.text("KerberosKeytab"));
        out.kerberos.user = out.kerberos.principal.empty() ? out.user : out.kerberos.principal;
    }
    fill_timeouts(in, out);
    out.keep_alive = in.flag("KeepAlive");
    out.tcp_no_delay = in.flag("TCP_NODELAY");
    out.receive_buffer = static_cast<int>(in.number("RecvBufferSize", 0, 1'000'000'000));
    out.send_buffer = static_cast<int>(in.number("SendBufferSize", 0, 1'000'000'000));
    out.application = in.text("ApplicationName");
    out.fetch_bytes = in.number("FetchBytes", 0, 16'000'000);
    out.long_value_limit = static_cast<std::size_t>(in.number("LongValueLimit", 0, std::int64_t{1} << 40U));
    out.static_cursor_limit = static_cast<std::size_t>(in.number("StaticCursorLimit", 0, std::int64_t{1} << 40U));
    out.unicode_sql_types = in.flag("Unicode SQLTypes");
    out.autocommit = in.flag("AutoCommit");
    out.isolation = static_cast<int>(in.number("Isolation", 0, 32));
    if (out.isolation > 2 && out.isolation != 32) bad_value(*find_keyword("Isolation"), in.text("Isolation"));
    out.feature_option = static_cast<std::uint32_t>(in.number("FeatureOption", 0, 1));
    out.statement_cache = static_cast<std::size_t>(in.number("StatementCache", 0, 100'000));
    out.two_factor_token = wire::secret(in.text("TwoFactorToken"));
    out.two_factor_command = word_values(in.text("TwoFactorCommand"));
    if (!out.two_factor_token.empty() && !out.two_factor_command.empty())
        contradiction("TwoFactorToken and TwoFactorCommand are both set", "Remove one of the two.");
    out.allow_token_in_clear = in.flag("AllowTokenInClear");
    out.trace_file = in.text("TraceFile");
    out.trace = in.find("Trace") != nullptr ? in.flag("Trace") : !out.trace_file.empty();
    if (out.trace && out.trace_file.empty()) bad_settings(native::bad_setting, "Trace is on without a TraceFile", "Set TraceFile.");
}

} // namespace irislink::driver
