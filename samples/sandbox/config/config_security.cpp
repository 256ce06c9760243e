#include "samples/sandbox/config/config_security.hpp"

#include <sstream>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/auth/roles.hpp"
#include "samples/sandbox/config/config_factors.hpp"
#include "samples/sandbox/config/table_reader.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

const toml::table* table_of(const toml::table& root, std::string_view name) {
    const auto* const node = root.get(name);
    if (node != nullptr && !node->is_table()) throw config_error("[" + std::string(name) + "] must be a table");
    return node == nullptr ? nullptr : node->as_table();
}

void read_switches(table_reader& in, mechanism_switches& into) {
    in.flag("unauthenticated", into.unauthenticated);
    in.flag("password", into.password);
    in.flag("kerberos", into.kerberos);
    in.flag("access_token", into.access_token);
}

void read_instance(const toml::table& from, security_config& out) {
    table_reader in(from, "[security]");
    read_switches(in, out.instance);
    std::string pattern = out.pattern.text();
    in.text("password_pattern", pattern);
    const auto parsed = parse_password_pattern(pattern);
    if (!parsed) in.fault("password_pattern", "must be of the form 3.32ANP: shortest, longest (up to 128), what is permitted");
    out.pattern = *parsed;
    in.number("password_expires_days", 0, 99999, out.password_days);
    in.number("inactive_limit_days", 0, 365, out.inactive_days);
    in.number("invalid_login_limit", 0, 64, out.failures.limit);
    in.flag("disable_account", out.failures.disable);
    in.text("required_role", out.required_role);
    if (from.contains("public_resources")) out.public_resources = in.texts("public_resources");
    in.flag("multi_domain", out.multi_domain);
    in.text("default_domain", out.default_domain);
    in.finish();
    if (out.default_domain.find('@') != std::string::npos) in.fault("default_domain", "must not hold an @");
    if (out.multi_domain && out.default_domain.empty()) in.fault("default_domain", "is needed with multi_domain");
}

void read_service(const toml::table& from, security_config& out) {
    table_reader in(from, "[service]");
    in.flag("enabled", out.service_enabled);
    read_switches(in, out.service);
    const auto entries = in.texts("allowed_addresses");
    in.finish();
    try {
        out.allowed = allowed_addresses(entries);
    } catch (const std::invalid_argument& error) {
        in.fault("allowed_addresses", std::string("cannot be used: ") + error.what());
    }
}

void read_roles(const toml::table& from, security_config& out) {
    table_reader in(from, "[roles]");
    for (const auto& [key, node] : from) {
        const std::string name(key.str());
        if (name.empty() || name.find(',') != std::string::npos) throw config_error("a role name in [roles] must not be empty or hold a comma");
        if (sql::to_upper(name) == "%ALL") throw config_error("the role %All in [roles] cannot be defined anew");
        out.roles[name] = in.texts(name);
    }
}

audit_settings read_audit(const toml::table& from) {
    table_reader in(from, "[audit]");
    audit_settings out;
    out.enabled = true;
    in.flag("enabled", out.enabled);
    in.flag("login", out.login);
    in.flag("login_failure", out.login_failure);
    in.flag("logout", out.logout);
    in.flag("user_change", out.user_change);
    in.text("file", out.file);
    in.number("table_rows", 1, 100'000'000, out.table_rows);
    in.finish();
    return out;
}

// A TOML date or the same as a text.
std::optional<std::int64_t> read_day(table_reader& in, const toml::table& from, std::string_view key) {
    std::string text;
    if (const auto date = from[key].value_exact<toml::date>()) {
        std::ostringstream shown;
        shown << *date;
        text = shown.str();
        in.know(key);
    } else {
        in.text(key, text);
        if (text.empty()) return std::nullopt;
    }
    const auto day = parse_day(text);
    if (!day) in.fault(key, "must be a date like 2027-01-31");
    return day;
}

} // namespace

security_config read_security(const toml::table& root) {
    security_config out;
    if (const auto* const from = table_of(root, "security")) read_instance(*from, out);
    if (const auto* const from = table_of(root, "service")) read_service(*from, out);
    if (const auto* const from = table_of(root, "roles")) read_roles(*from, out);
    if (const auto* const from = table_of(root, "audit")) out.audit = read_audit(*from);
    return out;
}

account_table read_users(const toml::table& users) {
    account_table out;
    for (const auto& [key, node] : users) {
        const auto* const table = node.as_table();
        if (table == nullptr) throw config_error("[users] holds one table per user");
        account user;
        user.name = key.str();
        table_reader in(*table, "[users." + user.name + "]");
        in.text("password", user.password);
        in.flag("enabled", user.enabled);
        user.roles = in.texts("roles");
        std::string type = "password";
        in.text("type", type);
        const auto known = type_named(type);
        if (!known) in.fault("type", "must be password, kerberos, delegated, ldap or os");
        user.type = *known;
        user.expires = read_day(in, *table, "expires");
        in.flag("change_password_on_next_login", user.change_password);
        in.flag("password_never_expires", user.password_never_expires);
        in.number<std::int64_t>("password_changed", 0, 253'402'300'799, user.password_changed);
        for (const auto* const each : {"two_factor", "totp_key", "phone", "provider"}) in.know(each);
        user.factor = read_factor_setup(*table);
        in.finish();
        if (!out.emplace(sql::to_upper(user.name), user).second) throw config_error("user '" + user.name + "' is there twice: names do not depend on case");
    }
    return out;
}

std::string starting_security(std::string_view preset, std::string_view password, int iterations) {
    const bool minimal = preset == "minimal";
    const bool locked = preset == "locked-down";
    const std::string yes = "true";
    const std::string no = "false";
    std::string out =
        "\n# The instance. A mechanism works when [security] and [service] both have it.\n"
        "[security]\n"
        "unauthenticated = " +
        (minimal ? yes : no) +
        "      # nameless clients come in as UnknownUser\n"
        "password = true\n"
        "kerberos = true\n"
        "access_token = true\n"
        "password_pattern = \"" +
        (locked ? "8" : "3") +
        ".32ANP\" # of new passwords: length, alphabetic, numeric, punctuation\n"
        "password_expires_days = 0    # 0 = never\n"
        "inactive_limit_days = " +
        (minimal ? "0 " : "90") +
        "     # between logins; 0 = none\n"
        "invalid_login_limit = 5      # failures in a row; 0 = none\n"
        "disable_account = false      # at the limit; otherwise attempts wait, 1 s to 64 s\n"
        "required_role = \"\"           # to connect\n" +
        (locked ? "public_resources = []        # users need roles: %SQL, %DB_USER, ...\n"
                : "# public_resources = [\"%Service_SQL\", \"%DB_USER\"] # what needs no role; without this line the service and all namespaces\n") +
        "# multi_domain = false       # true: accounts are called user@domain\n"
        "# default_domain = \"\"\n"
        "\n# %Service_Bindings.\n"
        "[service]\n"
        "enabled = " +
        (locked ? no : yes) +
        "\n"
        "unauthenticated = " +
        (minimal ? yes : no) +
        "\n"
        "password = true\n"
        "kerberos = true\n"
        "access_token = true\n"
        "allowed_addresses = []       # empty: everybody; 10.1.0.0/16, 10.1.*.*, 10.1.2.1-20, fd00::/8, names\n"
        "\n# Audit. The table %SYS.Audit, and a file of JSON lines.\n"
        "[audit]\n"
        "enabled = false\n"
        "login = true\n"
        "login_failure = true\n"
        "logout = true\n"
        "user_change = true\n"
        "# file = \"audit.jsonl\"\n"
        "\n# More roles, and the resources they give.\n"
        "[roles]\n"
        "# Reports = [\"%Service_SQL\", \"%DB_USER\"]\n";
    const auto add = [&](std::string name, std::vector<std::string> roles, bool enabled) {
        account made;
        made.name = std::move(name);
        made.roles = std::move(roles);
        made.enabled = enabled;
        const std::string_view first = minimal ? std::string_view("SYS") : password;
        if (made.name != public_user && !first.empty()) made.password = hash_password(first, iterations);
        out += "\n" + user_section(made);
    };
    // Without a password at installation they have none, and nobody logs in as them by password.
    add("_SYSTEM", {"%All"}, !locked);
    add("SuperUser", {"%All"}, true);
    add("Admin", {"%Manager"}, true);
    add("CSPSystem", {}, true);
    add(std::string(unknown_user), minimal ? std::vector<std::string>{"%All"} : std::vector<std::string>{}, true);
    add(std::string(public_user), {}, false);
    return out;
}

} // namespace irislink::sandbox
