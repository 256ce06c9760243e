#include "samples/sandbox/user_commands.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ctime>
#include <iostream>
#include <memory>

#include "samples/sandbox/auth/account_store.hpp"
#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/auth/roles.hpp"
#include "samples/sandbox/auth/totp.hpp"
#include "samples/sandbox/config/config.hpp"
#include "samples/sandbox/password_prompt.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

struct user_options {
    std::string name;
    bool password_stdin{false};
    bool factor_off{false};
    bool picture{false};
    std::string phone;
    std::string provider;
    std::vector<std::string> roles;
    std::string type;
    std::string expires;
    bool disabled{false};
    bool change_password{false};
    bool never_expires{false};
};

// The key is shown here, on the machine that keeps it, and nowhere else; the picture only to people.
void make_totp(account& user, const std::string& issuer, bool picture) {
    const auto key = make_totp_key();
    user.factor.totp_key = key.reveal();
    user.factor.active = factor_kind::totp;
    const auto uri = totp_uri(issuer, user.name, key.reveal());
    std::cout << "key " << key.reveal() << "\nuri " << uri.reveal() << "\n";
    if (picture || ::isatty(STDOUT_FILENO) != 0) std::cout << "\n" << qr_code(uri.reveal()).reveal();
    std::cout << std::flush;
}

bool is_all(const account& user) {
    return user.enabled && std::ranges::any_of(user.roles, [](const auto& each) { return sql::to_upper(each) == "%ALL"; });
}

// An instance where nobody can set anything right any more is not made by mistake (security-behaviour 3.2).
void keep_one_manager(const sandbox_config& config, const account& before, bool still) {
    if (!is_all(before) || still) return;
    for (const auto& [key, each] : config.users)
        if (each.name != before.name && is_all(each)) return;
    throw config_error("'" + before.name + "' is the last enabled user with the role %All");
}

void show(const account& user, const account_state& state, std::int64_t now) {
    std::cout << user.name;
    std::string notes;
    const auto note = [&notes](const std::string& text) { notes += (notes.empty() ? "" : ", ") + text; };
    if (!user.enabled) note("disabled");
    if (state.disabled) note("locked after failed logins");
    if (!state.disabled && state.failures > 0) note(std::to_string(state.failures) + " failed logins");
    if (user.type != account_type::password) note(std::string(type_name(user.type)));
    if (user.expires) note((now >= *user.expires ? "expired " : "expires ") + show_day(*user.expires));
    if (user.change_password) note("must change the password");
    if (!user.roles.empty()) note("roles " + role_list(user.roles));
    if (state.last_login) note("last login " + show_day(*state.last_login));
    if (!state.reason.empty()) note("last refusal: " + state.reason);
    if (!notes.empty()) std::cout << "  (" << notes << ")";
    std::cout << "\n";
}

// What the options say of an account, put into it.
void apply(const user_options& options, const CLI::App& command, account& user) {
    const auto given = [&command](const char* option) { return command.get_option_no_throw(option) != nullptr && command.count(option) > 0; };
    if (given("--roles")) {
        user.roles = options.roles;
        std::erase(user.roles, "");
    }
    if (given("--type")) user.type = *type_named(options.type);
    if (given("--expires")) {
        user.expires = options.expires == "never" ? std::nullopt : parse_day(options.expires);
        if (!user.expires && options.expires != "never") throw config_error("--expires needs a date like 2027-01-31, or never");
    }
    if (given("--disabled")) user.enabled = false;
    if (given("--change-password")) user.change_password = true;
    if (given("--password-never-expires")) user.password_never_expires = true;
}

void set_password(const user_options& options, const sandbox_config& config, account& user) {
    const auto password = read_password(options.password_stdin);
    if (password.empty()) throw config_error("the password is empty");
    if (const auto fault = config.security.pattern.fault(password.reveal()); !fault.empty()) throw config_error(fault);
    user.password = hash_password(password.reveal(), config.hash_iterations);
    user.password_changed = static_cast<std::int64_t>(std::time(nullptr));
    user.change_password = false;
}

void set_sms(const user_options& options, const sandbox_config& config, account& user) {
    if (!options.phone.empty()) user.factor.phone = options.phone;
    if (!options.provider.empty()) user.factor.provider = options.provider;
    if (!message_address(config.second_factor.providers, user.factor.phone, user.factor.provider))
        throw config_error("--phone needs 4 to 15 digits, --provider one of the configured or predefined providers");
    user.factor.active = factor_kind::sms;
}

class user_program {
public:
    user_program(CLI::App& program, std::string& config_file) : file_(&config_file) {
        auto* const user = program.add_subcommand("user", "edit the users of a configuration");
        user->require_subcommand(1);
        const auto command = [&](const char* name, const char* what, bool with_name) {
            auto* const out = user->add_subcommand(name, what);
            if (with_name) out->add_option("name", options_.name, "user name")->required();
            out->add_option("--config", *file_, "the TOML file")->required();
            return out;
        };
        const auto properties = [&](CLI::App& of) {
            of.add_option("--roles", options_.roles, "role names, with commas between them; undefined ones give nothing")->delimiter(',');
            of.add_option("--type", options_.type, "how the user logs in")->check(CLI::IsMember({"password", "kerberos", "delegated", "ldap", "os"}));
            of.add_option("--expires", options_.expires, "the day from which the account is no longer good, or never");
            of.add_flag("--disabled", options_.disabled, "may not log in");
            of.add_flag("--change-password", options_.change_password, "at the next login");
            of.add_flag("--password-never-expires", options_.never_expires, "whatever the instance says");
        };
        add_ = command("add", "add a user", true);
        add_->add_flag("--password-stdin", options_.password_stdin, "read the password from standard input");
        properties(*add_);
        edit_ = command("edit", "change roles, type, expiry", true);
        properties(*edit_);
        passwd_ = command("passwd", "change a password", true);
        passwd_->add_flag("--password-stdin", options_.password_stdin, "read the password from standard input");
        passwd_->add_flag("--change-password", options_.change_password, "again at the next login");
        unlock_ = command("unlock", "enable a user, and forget failed logins and absence", true);
        remove_ = command("remove", "remove a user", true);
        totp_ = command("totp", "make a new TOTP key and ask for its codes at login; the old key ends", true);
        totp_->add_flag("--off", options_.factor_off, "no second factor any more");
        totp_->add_flag("--qr", options_.picture, "draw the QR code even when this is no terminal");
        sms_ = command("sms", "send a code by text message at login", true);
        auto* const phone = sms_->add_option("--phone", options_.phone, "mobile number");
        auto* const provider = sms_->add_option("--provider", options_.provider, "a provider of the configuration or a predefined one");
        phone->needs(provider);
        provider->needs(phone);
        sms_->add_flag("--off", options_.factor_off, "no second factor any more");
        list_ = command("list", "list the users", false);
    }

    int run() {
        const auto config = load_config(*file_);
        if (*list_) {
            const account_store store(config.account_state);
            for (const auto& [key, each] : config.users) show(each, store.state(each.name), static_cast<std::int64_t>(std::time(nullptr)));
            return 0;
        }
        if (*add_) return add(config);
        const auto found = config.users.find(sql::to_upper(options_.name));
        if (found == config.users.end()) throw config_error("no user '" + options_.name + "'");
        const auto& before = found->second;
        if (*remove_) {
            keep_one_manager(config, before, false);
            remove_user(*file_, before.name);
            account_store(config.account_state).forget(before.name);
            return 0;
        }
        if (*unlock_) account_store(config.account_state).unlock(before.name);
        auto edited = before;
        change(config, edited);
        keep_one_manager(config, before, is_all(edited));
        (void)change_user(*file_, before.name, [&](account& user) { user = edited; });
        return 0;
    }

private:
    int add(const sandbox_config& config) {
        if (config.users.contains(sql::to_upper(options_.name))) throw config_error("user '" + options_.name + "' exists already");
        if (!is_user_name(options_.name, config.security.multi_domain))
            throw config_error("'" + options_.name + "' is no user name: up to 128 characters, no * and, with a single domain, no @");
        account made;
        made.name = options_.name;
        apply(options_, *add_, made);
        if (made.type == account_type::password) {
            const bool change = made.change_password;
            set_password(options_, config, made);
            made.change_password = change;
        }
        // What an account of this name did before is not the new one's.
        account_store(config.account_state).forget(made.name);
        set_user(*file_, made);
        return 0;
    }

    void change(const sandbox_config& config, account& user) {
        if (*unlock_) user.enabled = true;
        if (*edit_) apply(options_, *edit_, user);
        if (*passwd_) {
            set_password(options_, config, user);
            apply(options_, *passwd_, user);
        }
        if (!*totp_ && !*sms_) return;
        const auto kind = *totp_ ? factor_kind::totp : factor_kind::sms;
        if (options_.factor_off) {
            if (user.factor.active == kind) user.factor.active = factor_kind::none;
            return;
        }
        if (*totp_) {
            make_totp(user, config.second_factor.issuer, options_.picture);
        } else {
            set_sms(options_, config, user);
        }
        if (!config.second_factor.uses(kind))
            std::cerr << "note: this kind is not switched on in [two_factor] of " << *file_ << ", so it is not asked for yet\n";
    }

    std::string* file_;
    user_options options_;
    CLI::App* add_{nullptr};
    CLI::App* edit_{nullptr};
    CLI::App* passwd_{nullptr};
    CLI::App* unlock_{nullptr};
    CLI::App* remove_{nullptr};
    CLI::App* totp_{nullptr};
    CLI::App* sms_{nullptr};
    CLI::App* list_{nullptr};
};

} // namespace

std::function<int()> add_user_commands(CLI::App& program, std::string& config_file) {
    return [made = std::make_shared<user_program>(program, config_file)] { return made->run(); };
}

} // namespace irislink::sandbox
