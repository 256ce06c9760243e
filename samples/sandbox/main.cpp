// irislink-sandbox: a superserver for development and tests.

#include <CLI/CLI.hpp>
#include <pthread.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/auth/totp.hpp"
#include "samples/sandbox/server/server.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "wire/codec/secret.hpp"

namespace {

using namespace irislink::sandbox;

// From standard input, without echo when it is a terminal.
irislink::wire::secret read_password(bool from_stdin) {
    termios saved{};
    const bool terminal = !from_stdin && ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &saved) == 0;
    if (terminal) {
        // The echo goes before the prompt comes: fast typists, and programs, answer at once.
        auto quiet = saved;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
        std::cerr << "Password: " << std::flush;
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &saved);
        std::cerr << "\n";
    }
    irislink::wire::secret out(line);
    irislink::wire::secure_zero(line.data(), line.size());
    return out;
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

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

int serve(sandbox_config config, bool allow_remote) {
    if (!is_loopback(config.bind) && !allow_remote)
        throw config_error("'" + config.bind + "' is not a loopback address: this is a development server; say --allow-remote to mean it");
    if (config.users.empty()) spdlog::warn("no users yet: add one with irislink-sandbox user add");
    // Signals are taken by this thread alone.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const auto bind = config.bind;
    server running(std::move(config));
    running.start();
    spdlog::info("irislink-sandbox is a development server, not an InterSystems product");
    std::cout << "listening " << bind << ":" << running.port() << std::endl;
    int signal = 0;
    sigwait(&signals, &signal);
    running.stop();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    spdlog::set_default_logger(spdlog::stderr_color_mt("sandbox"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
    std::signal(SIGPIPE, SIG_IGN);

    CLI::App app{"A development superserver for irislink: speaks the InterSystems IRIS wire protocol, keeps data in SQLite."};
    std::string config_file;
    std::string bind;
    std::string database;
    std::string level = "info";
    int port = -1;
    bool allow_remote = false;
    app.add_option("--config", config_file, "the TOML file");
    app.add_option("--port", port, "port; 0 picks a free one")->check(CLI::Range(0, 65535));
    app.add_option("--bind", bind, "address to listen on");
    app.add_option("--database", database, "SQLite file");
    app.add_option("--log-level", level, "debug, info, warn, error, off");
    app.add_flag("--allow-remote", allow_remote, "listen on an address that is not loopback");

    auto* const init = app.add_subcommand("init", "write a commented starting file");
    std::string preset = "normal";
    init->add_option("--config", config_file, "the TOML file to write")->required();
    init->add_option("--preset", preset, "minimal, normal or locked-down");

    auto* const user = app.add_subcommand("user", "edit the users of a configuration");
    user->require_subcommand(1);
    std::string name;
    bool password_stdin = false;
    const auto user_command = [&](const char* command, const char* what, bool with_name) {
        auto* const out = user->add_subcommand(command, what);
        if (with_name) out->add_option("name", name, "user name")->required();
        out->add_option("--config", config_file, "the TOML file")->required();
        return out;
    };
    auto* const add = user_command("add", "add a user", true);
    add->add_flag("--password-stdin", password_stdin, "read the password from standard input");
    auto* const change = user_command("passwd", "change a password", true);
    change->add_flag("--password-stdin", password_stdin, "read the password from standard input");
    auto* const unlock = user_command("unlock", "enable a user", true);
    auto* const remove = user_command("remove", "remove a user", true);
    auto* const totp = user_command("totp", "make a new TOTP key and ask for its codes at login; the old key ends", true);
    bool factor_off = false;
    bool picture = false;
    totp->add_flag("--off", factor_off, "no second factor any more");
    totp->add_flag("--qr", picture, "draw the QR code even when this is no terminal");
    auto* const sms = user_command("sms", "send a code by text message at login", true);
    std::string phone;
    std::string provider;
    auto* const phone_option = sms->add_option("--phone", phone, "mobile number");
    auto* const provider_option = sms->add_option("--provider", provider, "a provider of the configuration or a predefined one");
    phone_option->needs(provider_option);
    provider_option->needs(phone_option);
    sms->add_flag("--off", factor_off, "no second factor any more");
    auto* const list = user_command("list", "list the users", false);
    CLI11_PARSE(app, argc, argv);

    try {
        spdlog::set_level(spdlog::level::from_str(level));
        if (*init) {
            const auto text = starting_config(preset);
            if (std::filesystem::exists(config_file)) throw config_error(config_file + " exists already");
            ::umask(077);
            std::ofstream out(config_file);
            out << text;
            out.close();
            if (!out) throw config_error("cannot write " + config_file);
            return 0;
        }
        if (*user) {
            auto config = load_config(config_file);
            const auto found = config.users.find(sql::to_upper(name));
            const bool known = found != config.users.end();
            if (*list) {
                for (const auto& [key, each] : config.users) std::cout << each.name << (each.enabled ? "" : "  (disabled)") << "\n";
                return 0;
            }
            if (*add && known) throw config_error("user '" + name + "' exists already");
            if (!*add && !known) throw config_error("no user '" + name + "'");
            if (*remove) {
                remove_user(config_file, found->second.name);
                return 0;
            }
            account edited = known ? found->second : account{name, {}, true, {}, {}};
            if (*totp || *sms) {
                const auto kind = *totp ? factor_kind::totp : factor_kind::sms;
                if (factor_off) {
                    if (edited.factor.active == kind) edited.factor.active = factor_kind::none;
                } else if (*totp) {
                    make_totp(edited, config.second_factor.issuer, picture);
                } else {
                    if (!phone.empty()) edited.factor.phone = phone;
                    if (!provider.empty()) edited.factor.provider = provider;
                    if (!message_address(config.second_factor.providers, edited.factor.phone, edited.factor.provider))
                        throw config_error("--phone needs 4 to 15 digits, --provider one of the configured or predefined providers");
                    edited.factor.active = factor_kind::sms;
                }
                if (!factor_off && !config.second_factor.uses(kind))
                    std::cerr << "note: this kind is not switched on in [two_factor] of " << config_file << ", so it is not asked for yet\n";
            } else if (*unlock) {
                edited.enabled = true;
            } else {
                (void)change;
                const auto password = read_password(password_stdin);
                if (password.empty()) throw config_error("the password is empty");
                edited.password = hash_password(password.reveal(), config.hash_iterations);
            }
            set_user(config_file, edited);
            return 0;
        }
        if (config_file.empty()) throw config_error("--config is missing; irislink-sandbox init writes a starting file");
        auto config = load_config(config_file);
        if (port >= 0) config.port = port;
        if (!bind.empty()) config.bind = bind;
        if (!database.empty()) config.database = database;
        return serve(std::move(config), allow_remote);
    } catch (const std::exception& error) {
        std::cerr << "irislink-sandbox: " << error.what() << "\n";
        return 2;
    }
}
