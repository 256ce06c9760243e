#pragma once
// The arguments of every command that connects: what to connect to, and with what.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "driver/config/sources.hpp"
#include "irislink/irislink.hpp"

namespace irislink::cli {

// A line from standard input; on a terminal prompted for, and not shown.
[[nodiscard]] wire::secret read_line_quietly(const char* prompt, bool from_stdin);

struct keyword_value {
    std::string keyword;
    std::string value;
};

// KEYWORD=VALUE; anything else is wrong usage of `option`.
[[nodiscard]] keyword_value split_setting(const std::string& option, const std::string& text);

struct target_arguments {
    std::string target;
    std::vector<std::string> set;
    bool password_stdin{false};
    bool verbose{false};

    void add_to(CLI::App& command);
    // The same where the target is a data source and nothing else.
    void add_name_to(CLI::App& command);

    [[nodiscard]] connect_options options() const;
    // The data source `target` as ODBC programs see it.
    [[nodiscard]] connect_options options(const driver::dsn_source& dsns) const;

private:
    void add_settings_to(CLI::App& command);
    [[nodiscard]] connect_options complete(connect_options out) const;
};

} // namespace irislink::cli
