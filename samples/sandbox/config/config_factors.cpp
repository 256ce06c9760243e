#include "samples/sandbox/config/config_factors.hpp"

#include "samples/sandbox/auth/totp.hpp"
#include "samples/sandbox/config/table_reader.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

smtp_settings read_smtp(const toml::table& from) {
    table_reader in(from, "[two_factor.smtp]");
    smtp_settings out;
    std::string tls = "none";
    int seconds = 8;
    in.text("server", out.server);
    in.number("port", 1, 65535, out.port);
    in.text("from", out.from);
    in.text("user", out.user);
    in.text("password", out.password);
    in.text("tls", tls);
    in.text("ca_file", out.ca_file);
    in.number("timeout", 1, 60, seconds);
    in.finish();
    if (tls == "starttls") {
        out.protection = smtp_protection::starttls;
    } else if (tls == "tls") {
        out.protection = smtp_protection::tls;
    } else if (tls != "none") {
        in.fault("tls", "must be none, starttls or tls");
    }
    out.time_limit = std::chrono::seconds(seconds);
    return out;
}

} // namespace

second_factor_settings read_second_factor(const toml::table& from) {
    table_reader in(from, "[two_factor]");
    second_factor_settings out;
    int seconds = 60;
    in.flag("totp", out.totp);
    in.flag("sms", out.sms);
    in.flag("service_totp", out.service_totp);
    in.flag("service_sms", out.service_sms);
    in.flag("required", out.required);
    in.text("issuer", out.issuer);
    in.number("timeout", 1, 3600, seconds);
    in.text("outbox", out.outbox);
    if (const auto* const smtp = in.table("smtp")) out.smtp = read_smtp(*smtp);
    if (const auto* const providers = in.table("providers")) {
        for (const auto& [name, node] : *providers) {
            const auto gateway = node.value<std::string>();
            if (!gateway || !is_gateway(*gateway)) throw config_error("the gateway of provider '" + std::string(name.str()) + "' must be a host name");
            out.providers[sql::to_upper(name.str())] = *gateway;
        }
    }
    in.finish();
    for (const char c : out.issuer)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) in.fault("issuer", "must not hold control characters");
    out.timeout = std::chrono::seconds(seconds);
    return out;
}

access_token_settings read_access_tokens(const toml::table& from) {
    table_reader in(from, "[access_tokens]");
    access_token_settings out;
    out.enabled = true;
    in.flag("enabled", out.enabled);
    in.text("issuer", out.issuer);
    in.text("audience", out.audience);
    in.text("account_claim", out.account_claim);
    in.path("key_set", out.key_set);
    for (auto& each : in.texts("public_keys")) out.public_keys.emplace_back(std::move(each));
    in.path("shared_key", out.shared_key);
    in.flag("over_clear", out.over_clear);
    in.finish();
    return out;
}

factor_setup read_factor_setup(const toml::table& from) {
    const auto text = [&](std::string_view key) {
        const auto* const node = from.get(key);
        if (node == nullptr) return std::string();
        if (!node->is_string()) throw config_error("'" + std::string(key) + "' of a user must be a text");
        return *node->value<std::string>();
    };
    factor_setup out;
    out.totp_key = text("totp_key");
    out.phone = text("phone");
    out.provider = text("provider");
    const auto kind = text("two_factor");
    if (kind == "totp") {
        out.active = factor_kind::totp;
    } else if (kind == "sms") {
        out.active = factor_kind::sms;
    } else if (!kind.empty() && kind != "none") {
        throw config_error("'two_factor' of a user must be none, totp or sms");
    }
    if (out.active == factor_kind::totp && !is_totp_key(out.totp_key)) throw config_error("'totp_key' of a user must be base 32 of at least 128 bits");
    return out;
}

} // namespace irislink::sandbox
