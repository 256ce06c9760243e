// irislink: runs SQL, walks a connection step by step, reads wire traces.

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <sstream>

#include "bindings/cli/commands.hpp"
#include "bindings/cli/target_arguments.hpp"
#ifdef IRISLINK_WITH_ODBC
#include "bindings/cli/dsn_command.hpp"
#endif
#include "driver/config/keywords.hpp"
#include "driver/error/sqlstate_table.hpp"

namespace {

using namespace irislink;

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
    cli::target_arguments target;

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

#ifdef IRISLINK_WITH_ODBC
    const cli::dsn_command dsn(app);
#endif

    auto* const trace = app.add_subcommand("trace", "decode a wire trace");
    trace->add_option("file", file, "trace file")->required();

    auto* const keywords = app.add_subcommand("keywords", "the connection keywords");
    bool markdown = false;
    keywords->add_flag("--markdown", markdown, "as docs/configuration.md has them");
    auto* const errors = app.add_subcommand("errors", "the error codes, as Markdown");
    errors->add_flag("--markdown", markdown, "as docs/errors.md has them; the only form there is");
    try {
        app.parse(argc, argv);
#ifdef IRISLINK_WITH_ODBC
        if (dsn.chosen()) return dsn.run();
#endif
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
        if (*doctor) return cli::run_doctor(target.options(), target.verbose ? cli::doctor_detail::every_setting : cli::doctor_detail::steps);
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
