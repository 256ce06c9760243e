#pragma once
// irislink dsn list|add|test|remove: data sources, as the driver manager's library keeps them.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "bindings/cli/target_arguments.hpp"
#include "odbc/config/data_sources.hpp"

namespace irislink::cli {

class dsn_command {
public:
    // Declares itself; must live as long as `app` parses.
    explicit dsn_command(CLI::App& app);

    [[nodiscard]] bool chosen() const { return command_->parsed(); }

    // The exit status, as bindings/cli/commands.hpp has it.
    [[nodiscard]] int run() const;

private:
    [[nodiscard]] int list() const;
    [[nodiscard]] int add() const;
    [[nodiscard]] int test() const;
    [[nodiscard]] int remove() const;

    [[nodiscard]] odbc::dsn_scope scope() const { return system_ ? odbc::dsn_scope::system : odbc::dsn_scope::user; }

    CLI::App* command_;
    CLI::App* list_;
    CLI::App* add_;
    CLI::App* test_;
    CLI::App* remove_;
    target_arguments target_; // of `test`
    std::string name_;
    std::vector<std::string> settings_;
    std::string driver_{"irislink"};
    bool user_{false};
    bool system_{false};
    bool replace_{false};
    bool password_stdin_{false};
};

} // namespace irislink::cli
