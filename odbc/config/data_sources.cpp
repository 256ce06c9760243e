#include "odbc/config/data_sources.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "driver/config/keywords.hpp"
#include "driver/config/options_impl.hpp"
#include "driver/config/secret_file.hpp"
#include "driver/config/values.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "odbc/config/profile.hpp"
#include "odbc/text/odbc_types.hpp"

#include <odbcinst.h>

namespace irislink::odbc {
namespace {

// unixODBC cuts lines of its ini files at 1000 bytes, and takes the rest for another line.
constexpr std::size_t longest_value = 900;
constexpr std::size_t largest_file = std::size_t{16} << 20U;

constexpr std::string_view reserved_sections[] = {"ODBC", "ODBC Data Sources", "Default"};

[[noreturn]] void refuse(const std::string& text, const std::string& hint) {
    driver::bad_settings(driver::native::bad_setting, text, hint);
}

// Where the library reads and writes, as long as this lives.
class config_scope {
public:
    explicit config_scope(dsn_scope wanted) {
        SQLGetConfigMode(&before_);
        SQLSetConfigMode(wanted == dsn_scope::user ? ODBC_USER_DSN : ODBC_SYSTEM_DSN);
    }

    ~config_scope() { SQLSetConfigMode(before_); }

    config_scope(const config_scope&) = delete;
    config_scope& operator=(const config_scope&) = delete;

private:
    UWORD before_{ODBC_BOTH_DSN};
};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

// The file that the library will write; unixODBC(7) has the rules.
std::string file_of(dsn_scope scope) {
    if (scope == dsn_scope::system) {
        const auto folder = variable("ODBCSYSINI");
        return (folder.empty() ? "/etc" : folder) + "/odbc.ini";
    }
    if (auto file = variable("ODBCINI"); !file.empty()) return file;
    // Not HOME: the library goes by the user.
    const auto* const user = ::getpwuid(::getuid());
    return std::string(user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "/home") + "/.odbc.ini";
}

bool is_secret(std::string_view keyword) {
    const auto* const row = driver::find_keyword(keyword);
    return row != nullptr && row->type == driver::keyword_type::secret;
}

std::string installer_text() {
    DWORD code = 0;
    char text[SQL_MAX_MESSAGE_LENGTH]{};
    WORD length = 0;
    const auto got = SQLInstallerError(1, &code, text, sizeof text, &length);
    return SQL_SUCCEEDED(got) ? std::string(": ") + text : std::string();
}

// The file is there before the library writes, which does not make a missing one, and closed to others before
// a secret is in it.
void prepare_file(const std::string& path, dsn_scope scope, bool secrets, dsn_warnings& warnings) {
    const auto mode = scope == dsn_scope::user && secrets ? 0600U : 0644U;
    const int file = ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, mode);
    if (file < 0) refuse("The file " + path + " can be neither opened nor made", "Check the folder, and who may write to it.");

    struct stat facts {};

    if (secrets && ::fstat(file, &facts) == 0 && (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        if (scope == dsn_scope::user && ::fchmod(file, facts.st_mode & S_IRWXU) == 0) {
            // An empty one is what the library made when it was asked what is there.
            if (facts.st_size > 0) warnings.push_back(path + " was readable for others; it is yours alone now, for it holds a secret");
        } else {
            warnings.push_back(path + " holds a secret that others can read: users of this machine may log in as this user");
        }
    }
    ::close(file);
}

// Whether the file that was prepared is the one that the library has just written to.
bool is_in(const std::string& path, const std::string& name) {
    const auto content = driver::read_secret_file(path, largest_file);
    return content.state == driver::secret_file::outcome::read && driver::parse_ini_section(content.text.reveal(), name).has_value();
}

// A data source that is not in a file yet.
class candidate final : public driver::dsn_source {
public:
    explicit candidate(const driver::setting_pairs& settings) : settings_(&settings) {}

    [[nodiscard]] std::optional<driver::setting_pairs> section(std::string_view) const override {
        driver::setting_pairs out;
        for (const auto& [key, value] : *settings_) out.emplace_back(key, value.clone());
        return out;
    }

    [[nodiscard]] std::string where() const override { return "odbc.ini"; }

private:
    const driver::setting_pairs* settings_;
};

void check_name(const std::string& name) {
    const bool reserved = std::ranges::any_of(reserved_sections, [&](std::string_view each) { return driver::same_text(each, name); });
    if (reserved || driver::trimmed(name).size() != name.size() || SQLValidDSN(name.c_str()) == 0)
        refuse("'" + name.substr(0, 64) + "' cannot be the name of a data source", "A name has at most 32 characters, and none of []{}(),;?*=!@\\.");
}

void check_line(const driver::keyword& row, std::string_view value) {
    if (value.size() > longest_value)
        refuse("The value of " + std::string(row.name) + " is too long for odbc.ini", "At most " + std::to_string(longest_value) + " bytes.");
    if (std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
        refuse("The value of " + std::string(row.name) + " holds a control character", "A value is one line of odbc.ini.");
}

} // namespace

std::vector<data_source> data_sources(dsn_scope scope) {
    const config_scope in(scope);
    std::vector<data_source> out;
    for (auto& name : profile_sections(data_source_file)) {
        if (std::ranges::any_of(reserved_sections, [&](std::string_view each) { return driver::same_text(each, name); })) continue;
        data_source one{name, scope, {}};
        for (auto& key : profile_keys(data_source_file, name)) {
            const auto text = profile_text(data_source_file, name, key);
            one.settings.emplace_back(std::move(key), driver::ini_value(text.reveal()));
        }
        out.push_back(std::move(one));
    }
    return out;
}

bool is_registered(const std::string& driver) {
    if (driver.find('/') != std::string::npos) return ::access(driver.c_str(), R_OK) == 0;
    return !profile_text(driver_file, driver, "Driver").empty();
}

driver::setting_pairs checked_settings(const std::string& name, driver::setting_pairs given, dsn_warnings& warnings) {
    check_name(name);
    driver::setting_pairs out;
    std::set<const driver::keyword*> seen;
    for (auto& [key, value] : given) {
        const auto* const row = driver::find_keyword(key);
        if (row == nullptr) {
            warnings.push_back(
                "01S00: Unknown keyword '" + key.substr(0, 64) + "' is left out. Did you mean '" + std::string(driver::nearest_keyword(key)) + "'?"
            );
            continue;
        }
        if (row->name == "DSN" || row->name == "FILEDSN" || row->name == "Driver")
            refuse(key + " is no setting of a data source", "Its name and driver are given by themselves.");
        if (row->name == "TwoFactorToken") refuse("A one-time code cannot be kept in a data source", "Use TwoFactorCommand, or give the code when connecting.");
        if (!seen.insert(row).second) refuse("The keyword " + std::string(row->name) + " is given twice", "Give it once, in one of its spellings.");
        check_line(*row, value.reveal());
        out.emplace_back(key, std::move(value));
    }
    (void)driver::options_access::from("DSN=" + driver::quote_value(name), candidate(out)).resolve();
    return out;
}

void write_data_source(dsn_scope scope, const std::string& name, const std::string& driver, const driver::setting_pairs& settings, dsn_warnings& warnings) {
    const bool secrets = std::ranges::any_of(settings, [](const auto& each) { return is_secret(each.first); });
    const auto path = file_of(scope);
    prepare_file(path, scope, secrets, warnings);
    const config_scope in(scope);
    bool written = SQLWriteDSNToIni(name.c_str(), driver.c_str()) != 0;
    if (written && secrets && !is_in(path, name)) {
        SQLRemoveDSNFromIni(name.c_str());
        refuse(
            "The driver manager's library writes elsewhere than to " + path, "Set ODBCINI or ODBCSYSINI, so that the file is known before a secret is in it."
        );
    }
    for (const auto& [key, value] : settings) {
        if (!written) break;
        auto line = std::string(driver::written_ini_value(value.reveal()).reveal());
        written = SQLWritePrivateProfileString(name.c_str(), key.c_str(), line.c_str(), data_source_file) != 0;
        wire::secure_zero(line.data(), line.size());
    }
    if (!written) refuse("The data source '" + name + "' could not be written to " + path + installer_text(), "Check who may write to the file.");
}

bool remove_data_source(dsn_scope scope, const std::string& name) {
    const config_scope in(scope);
    if (profile_keys(data_source_file, name).empty()) return false;
    if (SQLRemoveDSNFromIni(name.c_str()) == 0)
        refuse("The data source '" + name + "' could not be removed from " + file_of(scope) + installer_text(), "Check who may write to the file.");
    return true;
}

} // namespace irislink::odbc
