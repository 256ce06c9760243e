#include "bindings/cli/dsn_command.hpp"

#include <algorithm>
#include <array>
#include <iostream>

#include "bindings/cli/commands.hpp"
#include "driver/config/keywords.hpp"
#include "driver/config/values.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "odbc/config/odbcinst_source.hpp"

namespace irislink::cli {
namespace {

using odbc::dsn_scope;

std::string value_of(const odbc::data_source& in, std::string_view keyword) {
    for (const auto& [key, value] : in.settings) {
        const auto* const row = driver::find_keyword(key);
        if (row != nullptr && row->name == keyword && row->type != driver::keyword_type::secret) return std::string(value.reveal());
    }
    return {};
}

std::string place_of(const odbc::data_source& in) {
    auto out = value_of(in, "Server");
    if (const auto port = value_of(in, "Port"); !port.empty()) out += ":" + port;
    if (const auto database = value_of(in, "Database"); !database.empty()) out += "/" + database;
    return out;
}

std::string_view word_of(dsn_scope scope) {
    return scope == dsn_scope::user ? "user" : "system";
}

bool exists(dsn_scope scope, const std::string& name) {
    const auto all = odbc::data_sources(scope);
    return std::ranges::any_of(all, [&](const auto& each) { return driver::same_text(each.name, name); });
}

// What stands on a command line is in the process list and in the shell's history.
void refuse_secrets(const keyword_value& in) {
    const auto* const row = driver::find_keyword(in.keyword);
    if (row == nullptr || row->type != driver::keyword_type::secret) return;
    const std::string hint = row->name == "PWD"              ? "Use --password-stdin."
                             : row->name == "AccessToken"    ? "Use AccessTokenFile."
                             : row->name == "TwoFactorToken" ? "Use TwoFactorCommand, or give the code when connecting."
                                                             : "Write it into odbc.ini with an editor.";
    driver::bad_settings(driver::native::bad_setting, std::string(row->name) + " is a secret, and arguments of programs are seen by others", hint);
}

} // namespace

dsn_command::dsn_command(CLI::App& app)
    : command_(app.add_subcommand("dsn", "data sources of ODBC programs")), list_(command_->add_subcommand("list", "show them, without their secrets")),
      add_(command_->add_subcommand("add", "add one")), test_(command_->add_subcommand("test", "connect, and say what is wrong where that fails")),
      remove_(command_->add_subcommand("remove", "remove one")) {
    command_->require_subcommand(1);
    for (auto* const each : {list_, add_, remove_}) {
        auto* const user = each->add_flag("--user", user_, each == list_ ? "the user's alone" : "the user's own (as without)");
        each->add_flag("--system", system_, each == list_ ? "the system's alone" : "the system's, for all users")->excludes(user);
    }
    for (auto* const each : {add_, remove_}) each->add_option("name", name_, "data source")->required();
    add_->add_option("settings", settings_, "KEYWORD=VALUE; `irislink keywords` lists them");
    add_->add_option("--driver", driver_, "driver of odbcinst.ini, or the path of one")->capture_default_str();
    add_->add_flag("--password-stdin", password_stdin_, "read the password from standard input, and keep it in the data source");
    add_->add_flag("--replace", replace_, "in place of the one of that name");
    target_.add_name_to(*test_);
}

int dsn_command::run() const {
    if (*list_) return list();
    if (*add_) return add();
    if (*test_) return test();
    return remove();
}

int dsn_command::list() const {
    std::vector<std::array<std::string, 4>> rows{{"name", "scope", "driver", "server"}};
    for (const auto scope : {dsn_scope::user, dsn_scope::system}) {
        if ((system_ && scope == dsn_scope::user) || (user_ && scope == dsn_scope::system)) continue;
        for (const auto& each : odbc::data_sources(scope)) rows.push_back({each.name, std::string(word_of(scope)), value_of(each, "Driver"), place_of(each)});
    }
    std::array<std::size_t, 4> widths{};
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << "\n";
    }
    return 0;
}

int dsn_command::add() const {
    driver::setting_pairs given;
    for (const auto& each : settings_) {
        const auto one = split_setting("settings", each);
        refuse_secrets(one);
        given.emplace_back(one.keyword, wire::secret(driver::trimmed(one.value)));
    }
    if (password_stdin_) given.emplace_back("PWD", read_line_quietly("Password: ", true));
    if (!replace_ && exists(scope(), name_))
        driver::bad_settings(
            driver::native::bad_setting, "There is a data source '" + name_ + "' of the " + std::string(word_of(scope())) + "'s already",
            "Use --replace, or another name."
        );
    odbc::dsn_warnings warnings;
    const auto settings = odbc::checked_settings(name_, std::move(given), warnings);
    if (!odbc::is_registered(driver_)) warnings.push_back("odbcinst.ini has no driver '" + driver_ + "': ODBC programs will not find it");
    odbc::write_data_source(scope(), name_, driver_, settings, warnings);
    for (const auto& each : warnings) std::cerr << "warning " << each << "\n";
    std::cout << "added " << name_ << " (" << word_of(scope()) << "); `irislink dsn test " << name_ << "` tries it\n";
    return 0;
}

int dsn_command::test() const {
    return run_doctor(target_.options(odbc::odbcinst_dsn_source()), target_.verbose ? doctor_detail::every_setting : doctor_detail::failures);
}

int dsn_command::remove() const {
    if (!odbc::remove_data_source(scope(), name_))
        driver::bad_settings(
            driver::native::data_source_not_found, "There is no data source '" + name_ + "' of the " + std::string(word_of(scope())) + "'s",
            "`irislink dsn list` shows all."
        );
    std::cout << "removed " << name_ << " (" << word_of(scope()) << ")\n";
    return 0;
}

} // namespace irislink::cli
