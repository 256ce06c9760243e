#include "bindings/cli/target_arguments.hpp"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "driver/config/options_impl.hpp"

namespace irislink::cli {
namespace {

termios before_prompt{};

// Ctrl-C at the prompt must not leave a terminal that shows nothing. Both calls may be made here.
void give_back_terminal(int) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_prompt);
    ::_exit(130);
}

} // namespace

wire::secret read_line_quietly(const char* prompt, bool from_stdin) {
    const bool terminal = !from_stdin && ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &before_prompt) == 0;

    struct sigaction on_signal {};

    on_signal.sa_handler = give_back_terminal;

    struct sigaction interrupt_before {};

    struct sigaction end_before {};

    if (terminal) {
        ::sigaction(SIGINT, &on_signal, &interrupt_before);
        ::sigaction(SIGTERM, &on_signal, &end_before);
        // The echo goes before the prompt comes: fast typists, and programs, answer at once.
        auto quiet = before_prompt;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &quiet);
        std::cerr << prompt << std::flush;
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_prompt);
        ::sigaction(SIGINT, &interrupt_before, nullptr);
        ::sigaction(SIGTERM, &end_before, nullptr);
        std::cerr << "\n";
    }
    wire::secret out(line);
    wire::secure_zero(line.data(), line.size());
    return out;
}

keyword_value split_setting(const std::string& option, const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) throw CLI::ValidationError(option, "needs KEYWORD=VALUE");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

void target_arguments::add_to(CLI::App& command) {
    command.add_option("target", target, "DSN, iris:// URI, jdbc:IRIS:// URL or connection string")->required();
    add_settings_to(command);
}

void target_arguments::add_name_to(CLI::App& command) {
    command.add_option("name", target, "data source")->required();
    add_settings_to(command);
}

void target_arguments::add_settings_to(CLI::App& command) {
    command.add_option("--set", set, "KEYWORD=VALUE, beats everything else; may be repeated")->take_all()->allow_extra_args(false);
    command.add_flag("--password-stdin", password_stdin, "read the password from standard input");
    command.add_flag("-v,--verbose", verbose, "show the driver's log, and every setting");
}

connect_options target_arguments::options() const {
    return complete(connect_options(target));
}

connect_options target_arguments::options(const driver::dsn_source& dsns) const {
    return complete(driver::options_access::from("DSN=" + driver::quote_value(target), dsns));
}

connect_options target_arguments::complete(connect_options out) const {
    for (const auto& each : set) {
        const auto one = split_setting("--set", each);
        out.set(one.keyword, one.value);
    }
    bool has_password = false;
    bool has_user = false;
    for (const auto& each : out.settings()) {
        has_password = has_password || each.keyword == "PWD" || each.keyword == "AccessToken" || each.keyword == "AccessTokenFile";
        has_user = has_user || each.keyword == "UID";
    }
    if (password_stdin || (!has_password && has_user && ::isatty(STDIN_FILENO) != 0)) out.password(read_line_quietly("Password: ", password_stdin).reveal());
    if (verbose) out.log([](int, std::string_view line) { std::cerr << line << "\n"; });
    for (const auto& warning : out.warnings().records()) std::cerr << "warning " << warning.sqlstate << ": " << warning.text << ". " << warning.hint << "\n";
    return out;
}

} // namespace irislink::cli
