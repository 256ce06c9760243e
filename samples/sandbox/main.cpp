// irislink-sandbox: a superserver for development and tests.

#include <CLI/CLI.hpp>
#include <pthread.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <iostream>

#include "samples/sandbox/password_prompt.hpp"
#include "samples/sandbox/server/server.hpp"
#include "samples/sandbox/user_commands.hpp"

namespace {

using namespace irislink::sandbox;

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
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
    (void)std::signal(SIGPIPE, SIG_IGN);

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
    bool password_stdin = false;
    init->add_flag("--password-stdin", password_stdin, "read the password of the first accounts from standard input; without it they have none");

    const auto run_user_command = add_user_commands(app, config_file);
    CLI11_PARSE(app, argc, argv);

    try {
        spdlog::set_level(spdlog::level::from_str(level));
        if (*init) {
            const auto password = password_stdin ? read_password(true) : irislink::wire::secret();
            const auto text = starting_config(preset, password.reveal());
            if (std::filesystem::exists(config_file)) throw config_error(config_file + " exists already");
            ::umask(077);
            std::ofstream out(config_file);
            out << text;
            out.close();
            if (!out) throw config_error("cannot write " + config_file);
            return 0;
        }
        if (const auto* const user = app.get_subcommand("user"); *user) return run_user_command();
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
