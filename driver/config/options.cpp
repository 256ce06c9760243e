#include "irislink/options.hpp"

#include <algorithm>

#include "driver/auth/kerberos_tickets.hpp"
#include "driver/config/environment.hpp"
#include "driver/config/options_impl.hpp"
#include "driver/config/values.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "driver/log/log_line.hpp"
#include "driver/transport/tls_context.hpp"

namespace irislink {

using driver::keyword_type;
using driver::layer;

void connect_options::impl::warn(std::string sqlstate, int native, std::string text, std::string hint) {
    warnings.add({errc::bad_settings, std::move(sqlstate), native, step::settings, std::move(text), std::move(hint), false, 0});
}

void connect_options::impl::add(std::string_view spelling, std::string_view value, const std::string& origin, layer from) {
    const auto* const row = driver::find_keyword(spelling);
    if (row == nullptr) {
        warn(
            "01S00", driver::native::unknown_keyword, "Unknown keyword '" + std::string(spelling.substr(0, 64)) + "'",
            "Did you mean '" + std::string(driver::nearest_keyword(spelling)) + "'?"
        );
        return;
    }
    const auto text = driver::trimmed(value);
    if (row->name == "SQLDialect" && !text.empty() && text != "0" && !driver::same_text(text, "IRIS"))
        warn("01S02", 470, "SQLDialect '" + std::string(text.substr(0, 40)) + "' is not spoken; the dialect is IRIS", "Remove SQLDialect.");
    if (row->name == "TwoFactorToken")
        token_used = from == layer::environment ? driver::environment_token_used(value) : std::make_shared<std::atomic<bool>>(false);
    entries.add(*row, value, origin, from);
}

void connect_options::impl::add_target(std::string_view target) {
    driver::parse_failure failure;
    std::string origin = "connection string";
    std::optional<driver::setting_pairs> pairs;
    if (driver::is_uri(target)) {
        pairs = driver::parse_uri(target, failure);
        origin = "URI";
    } else if (target.find('=') != std::string_view::npos) {
        pairs = driver::parse_connection_string(target, failure);
    } else {
        pairs.emplace().emplace_back("DSN", wire::secret(driver::trimmed(target)));
    }
    if (!pairs)
        driver::bad_settings(
            driver::native::bad_setting, "The connection target is malformed: " + failure.text,
            "A target is iris://user@host:port/NAMESPACE, jdbc:IRIS://host:port/NAMESPACE, KEYWORD=value;..., or the name of a data source."
        );
    for (const auto& [key, value] : *pairs) add(key, value.reveal(), origin, layer::string);
    if (const auto* const dsn = entries.find("DSN"); dsn != nullptr && dsn->from() != layer::environment) add_dsn(std::string(driver::trimmed(dsn->text())));
}

void connect_options::impl::add_dsn(const std::string& name) {
    if (name.empty()) return;
    const auto section = dsns->section(name);
    if (!section)
        driver::bad_settings(
            driver::native::data_source_not_found, "There is no data source '" + name + "'", "Give an iris:// URI, or add the section to " + dsns->where() + "."
        );
    for (const auto& [key, value] : *section) add(key, value.reveal(), "DSN " + name, layer::dsn);
}

void connect_options::impl::add_environment() {
    for (const auto& each : driver::environment_settings()) {
        if (each.row != nullptr) {
            add(each.row->name, each.value.reveal(), "environment " + each.variable, layer::environment);
        } else {
            const auto nearest = driver::nearest_keyword(std::string_view(each.variable).substr(driver::environment_name("").size()));
            notes.push_back(
                "Unknown keyword in the environment variable " + each.variable.substr(0, 80) + "; did you mean " + driver::environment_name(nearest) + "?"
            );
        }
    }
}

connect_options::impl connect_options::impl::in_force() const {
    auto out = *this;
    const auto by_environment = [](const driver::setting_text* given) { return given != nullptr && given->from() == layer::environment; };
    const auto* const dsn = entries.find("DSN");
    const auto* const server = entries.find("Server");
    if (by_environment(dsn) && (server == nullptr || by_environment(server))) out.add_dsn(std::string(driver::trimmed(dsn->text())));
    // Ways to log in are one choice: a password given elsewhere leaves no token to the environment.
    static constexpr std::string_view ways[] = {"PWD", "AccessToken", "AccessTokenFile"};
    const auto from_elsewhere = [&](std::string_view way) {
        const auto* const given = out.entries.find(way);
        return given != nullptr && !by_environment(given);
    };
    if (std::ranges::any_of(ways, from_elsewhere))
        for (const auto way : ways)
            if (!from_elsewhere(way)) out.entries.remove(way);
    return out;
}

connect_options driver::options_access::from(std::string_view target, const dsn_source& dsns) {
    connect_options out;
    out.impl_->dsns = &dsns;
    out.impl_->password_gets_tickets = false;
    out.impl_->add_target(target);
    return out;
}

connect_options::connect_options() : impl_(std::make_unique<impl>()) {
    impl_->add_environment();
}

connect_options::connect_options(std::string_view target) : connect_options() {
    impl_->add_target(target);
}

connect_options::connect_options(const connect_options& other) : impl_(std::make_unique<impl>(*other.impl_)) {}

connect_options::connect_options(connect_options&&) noexcept = default;

connect_options& connect_options::operator=(const connect_options& other) {
    if (this != &other) impl_ = std::make_unique<impl>(*other.impl_);
    return *this;
}

connect_options& connect_options::operator=(connect_options&&) noexcept = default;

connect_options::~connect_options() = default;

connect_options& connect_options::set(std::string_view keyword, std::string_view value) {
    impl_->add(keyword, value, "explicit", layer::explicit_call);
    const auto* const row = driver::find_keyword(keyword);
    if (row != nullptr && row->name == "DSN") impl_->add_dsn(std::string(driver::trimmed(value)));
    return *this;
}

connect_options& connect_options::two_factor(std::function<std::string()> provider) {
    impl_->two_factor = std::move(provider);
    return *this;
}

connect_options& connect_options::two_factor_async(std::function<void(std::function<void(std::string)>)> provider) {
    impl_->two_factor_async = std::move(provider);
    return *this;
}

connect_options& connect_options::access_token(std::function<std::string()> provider) {
    impl_->access_token = std::move(provider);
    return *this;
}

connect_options& connect_options::key_password(std::function<std::string()> provider) {
    impl_->key_password = std::move(provider);
    return *this;
}

connect_options& connect_options::kerberos(std::function<kerberos_credentials()> provider) {
    impl_->kerberos = std::move(provider);
    return *this;
}

connect_options& connect_options::log(log_sink sink) {
    impl_->log = std::move(sink);
    return *this;
}

const diagnostics& connect_options::warnings() const noexcept {
    return impl_->warnings;
}

std::string connect_options::to_string() const {
    std::string out;
    for (const auto& row : driver::keywords()) {
        const auto* const found = impl_->entries.find(row);
        if (found == nullptr || row.type == keyword_type::secret) continue;
        out += std::string(row.name) + "=" + driver::quote_value(found->text()) + ";";
    }
    return out;
}

std::vector<connect_options::setting> connect_options::settings() const {
    auto entries = impl_->entries;
    std::vector<std::string> ignored;
    try {
        entries = impl_->in_force().entries;
        driver::add_settings_file(entries, ignored);
    } catch (const error&) {
        // resolve() says what is wrong with the file or data source; the list shows the rest.
    }
    std::vector<setting> out;
    for (const auto& row : driver::keywords()) {
        if (const auto* const found = entries.find(row)) {
            const bool hidden = row.type == keyword_type::secret;
            out.push_back({std::string(row.name), hidden ? "(set)" : std::string(found->text()), found->origin()});
        } else if (!row.standard.empty() && row.type != keyword_type::ignored) {
            out.push_back({std::string(row.name), std::string(row.standard), "default"});
        }
    }
    return out;
}

std::shared_ptr<const driver::connection_settings> connect_options::resolve() const {
    auto all = impl_->in_force();
    auto& entries = all.entries;
    auto out = std::make_shared<driver::connection_settings>();
    auto warnings = all.notes;
    for (std::size_t i = impl_->warnings.records().size(); i < all.warnings.records().size(); ++i) warnings.push_back(all.warnings.records()[i].text);
    driver::add_settings_file(entries, warnings);
    const auto level = driver::level_of(entries, warnings);
    driver::fill_settings(entries, level, *out);
    if (level == driver::security_level::tls) {
        driver::warn_of_weak_tls(out->tls, warnings);
        out->tls.contexts = std::make_shared<driver::tls_context_keeper>();
    }
    if (out->kerberos_level()) {
        auto& kerberos = out->kerberos;
        kerberos.source = driver::source_of(entries, impl_->kerberos != nullptr, impl_->password_gets_tickets);
        if (kerberos.source != driver::kerberos_source::cache)
            kerberos.tickets = std::make_shared<driver::kerberos_tickets>(kerberos.user, out->password.clone(), impl_->kerberos);
    }
    out->two_factor = impl_->two_factor;
    out->two_factor_async = impl_->two_factor_async;
    out->access_token_provider = impl_->access_token;
    out->tls.key_password_provider = impl_->key_password;
    out->token_used = all.token_used;
    out->log = impl_->log;
    for (const auto& each : warnings) driver::log_line("settings").add("warning", each).write(out->log, driver::log_level::warning);
    return out;
}

} // namespace irislink
