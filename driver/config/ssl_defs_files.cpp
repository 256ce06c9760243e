#include "driver/config/ssl_defs_files.hpp"

#include <cstdlib>
#include <filesystem>

#include "driver/config/secret_file.hpp"
#include "driver/config/values.hpp"
#include "driver/error/sqlstate_table.hpp"

namespace irislink::driver {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 1U << 20U;

[[noreturn]] void unusable(const std::string& file, const std::string& why, const std::string& hint) {
    bad_settings(native::settings_file, "The TLS settings file " + file + " cannot be used: " + why, hint);
}

// The file that counts, or an empty text when there is none.
std::string settings_file() {
    if (const char* named = std::getenv("ISC_SSLconfigurations"); named != nullptr && *named != '\0') return named;
    std::error_code ignored;
    std::vector<std::string> folders;
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') folders.push_back(std::string(home) + "/.irislink/");
    folders.emplace_back("/etc/irislink/");
    for (const auto& folder : folders)
        for (const auto* const name : {"SSLDefs.ini", "SSLdefs.ini"})
            if (fs::exists(folder + name, ignored)) return folder + name;
    return {};
}

wire::secret read(const std::string& file) {
    static constexpr auto hint = "Correct the file or the variable ISC_SSLconfigurations; TlsMode=disable connects without TLS and without the file.";
    std::error_code failed;
    if (!fs::is_regular_file(file, failed)) unusable(file, "there is no such file", hint);
    auto content = read_secret_file(file, largest_file);
    if (content.state == secret_file::outcome::too_large) unusable(file, "it is larger than 1 MiB", hint);
    if (content.state != secret_file::outcome::read) unusable(file, "it cannot be read", hint);
    return std::move(content.text);
}

} // namespace

std::optional<ssl_defs_choice> choose_ssl_defs(std::string_view section, std::string_view host, std::uint16_t port) {
    static constexpr auto correct_it = "Correct that line of the file.";
    const auto file = settings_file();
    if (file.empty()) {
        if (section.empty()) return std::nullopt;
        bad_settings(
            native::settings_file, "TlsConfig names the section '" + std::string(section) + "', but there is no TLS settings file",
            "Set ISC_SSLconfigurations to the file, or put it at ~/.irislink/SSLDefs.ini or /etc/irislink/SSLDefs.ini."
        );
    }
    ssl_defs_error failure;
    const auto parsed = parse_ssl_defs(read(file).reveal(), failure);
    if (!parsed) unusable(file, failure.text, correct_it);
    const ssl_defs_section* found = nullptr;
    ssl_defs_choice out;
    out.file = file;
    const auto* entry = section.empty() ? match_ssl_defs(*parsed, host, port) : parsed->find(section);
    if (entry == nullptr) {
        if (section.empty()) return std::nullopt;
        std::string names;
        for (const auto& each : parsed->sections) names += (names.empty() ? "" : ", ") + each.name;
        unusable(file, "it has no section '" + std::string(section) + "'", names.empty() ? "The file has no sections." : "Its sections are: " + names + ".");
    }
    out.by_address = section.empty();
    // A connection section names its configuration; a configuration may also be named directly.
    if (const auto* const link = entry->find("SSLConfig")) {
        const auto name = trimmed(link->value.reveal());
        found = parsed->find(name);
        if (found == nullptr)
            unusable(
                file, "line " + std::to_string(link->line) + ": SSLConfig names the section '" + std::string(name) + "', which the file does not have",
                correct_it
            );
    } else if (out.by_address) {
        unusable(file, "line " + std::to_string(entry->line) + ": the section '" + entry->name + "' matches this server and has no SSLConfig", correct_it);
    } else {
        found = entry;
    }
    out.section = found->name;
    auto meaning = interpret_ssl_defs(*found, failure);
    if (!meaning) unusable(file, failure.text, correct_it);
    out.meaning = *std::move(meaning);
    return out;
}

} // namespace irislink::driver
