// irislink: runs SQL, walks a connection step by step, reads wire traces.

#include <CLI/CLI.hpp>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>

#include "driver/cli/commands.hpp"
#include "driver/config/keywords.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "wire/codec/secret.hpp"

namespace {

using namespace irislink;

termios before_prompt{};

// Ctrl-C at the prompt must not leave a terminal that shows nothing. Both calls may be made here.
void give_back_terminal(int) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_prompt);
    ::_exit(130);
}

std::string read_line_quietly(const char* prompt, bool from_stdin) {
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
    return line;
}

struct target_arguments {
    std::string target;
    std::vector<std::string> set;
    bool password_stdin{false};
    bool verbose{false};

    void add_to(CLI::App& command) {
        command.add_option("target", target, "DSN, iris:// URI, jdbc:IRIS:// URL or connection string")->required();
        command.add_option("--set", set, "KEYWORD=VALUE, beats everything else; may be repeated")->take_all()->allow_extra_args(false);
        command.add_flag("--password-stdin", password_stdin, "read the password from standard input");
        command.add_flag("-v,--verbose", verbose, "show the driver's log, and every setting");
    }

    [[nodiscard]] connect_options options() const {
        connect_options out(target);
        for (const auto& each : set) {
            const auto equals = each.find('=');
            if (equals == std::string::npos) throw CLI::ValidationError("--set", "needs KEYWORD=VALUE");
            out.set(each.substr(0, equals), each.substr(equals + 1));
        }
        bool has_password = false;
        bool has_user = false;
        for (const auto& each : out.settings()) {
            has_password = has_password || each.keyword == "PWD" || each.keyword == "AccessToken" || each.keyword == "AccessTokenFile";
            has_user = has_user || each.keyword == "UID";
        }
        if (password_stdin || (!has_password && has_user && ::isatty(STDIN_FILENO) != 0)) {
            auto text = read_line_quietly("Password: ", password_stdin);
            out.password(text);
            wire::secure_zero(text.data(), text.size());
        }
        if (verbose) out.log([](int, std::string_view line) { std::cerr << line << "\n"; });
        for (const auto& warning : out.warnings().records())
            std::cerr << "warning " << warning.sqlstate << ": " << warning.text << ". " << warning.hint << "\n";
        return out;
    }
};

std::string read_file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + name);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

} // namespace

int main(int argc, char** argv) {
    CLI::App app{"irislink: client tool for InterSystems IRIS servers and the irislink sandbox.\n"
                 "Exit status: 0 done, 1 the server or a statement failed, 2 wrong usage or settings, 130 interrupted."};
    app.set_version_flag("--version", "irislink " IRISLINK_VERSION);
    app.require_subcommand(1);
    target_arguments target;

    auto* const sql = app.add_subcommand("sql", "run SQL from the argument, a file or the prompt");
    target.add_to(*sql);
    std::vector<std::string> statements;
    std::string file;
    std::string format = "table";
    std::int64_t max_rows = 0;
    bool timing = false;
    sql->add_option("sql", statements, "statements");
    sql->add_option("--file", file, "read statements from a file");
    sql->add_option("--format", format, "table, csv, json or jsonl")->check(CLI::IsMember({"table", "csv", "json", "jsonl"}));
    sql->add_option("--max-rows", max_rows, "stop after this many rows")->check(CLI::NonNegativeNumber);
    sql->add_flag("--timing", timing, "show how long each statement took");

    auto* const ping = app.add_subcommand("ping", "connect, log in, measure round trips");
    target.add_to(*ping);
    int count = 10;
    ping->add_option("--count", count, "round trips")->check(CLI::Range(1, 1'000'000));

    auto* const doctor = app.add_subcommand("doctor", "walk the connection step by step and say what is wrong");
    target.add_to(*doctor);

    auto* const trace = app.add_subcommand("trace", "decode a wire trace");
    trace->add_option("file", file, "trace file")->required();

    auto* const keywords = app.add_subcommand("keywords", "the connection keywords");
    bool markdown = false;
    keywords->add_flag("--markdown", markdown, "as docs/configuration.md has them");
    auto* const errors = app.add_subcommand("errors", "the error codes, as Markdown");
    errors->add_flag("--markdown", markdown, "as docs/errors.md has them; the only form there is");
    try {
        app.parse(argc, argv);
        if (*trace) return cli::run_trace(file);
        if (*keywords) {
            std::cout << (markdown ? driver::keywords_markdown() : driver::keywords_text());
            return 0;
        }
        if (*errors) {
            std::cout << driver::errors_markdown();
            return 0;
        }
        if (*ping) return cli::run_ping(target.options(), count);
        if (*doctor) return cli::run_doctor(target.options(), target.verbose);
        cli::sql_request request{target.options(), statements, cli::output_format::table, max_rows, timing};
        if (!file.empty()) request.statements.push_back(read_file(file));
        if (format == "csv") request.format = cli::output_format::csv;
        if (format == "json") request.format = cli::output_format::json;
        if (format == "jsonl") request.format = cli::output_format::json_lines;
        return cli::run_sql(request);
    } catch (const CLI::ParseError& wrong) {
        return app.exit(wrong) == 0 ? 0 : 2;
    } catch (const error& failed) {
        std::cerr << "irislink: " << failed.what() << "\n";
        return failed.step() == step::settings ? 2 : 1;
    } catch (const std::exception& failed) {
        std::cerr << "irislink: " << failed.what() << "\n";
        return 2;
    }
}
