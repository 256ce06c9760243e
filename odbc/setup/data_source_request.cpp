#include "odbc/setup/data_source_request.hpp"

#include <algorithm>

#include "driver/config/keywords.hpp"
#include "driver/config/values.hpp"

namespace irislink::odbc {
namespace {

void post(DWORD code, const std::string& text) {
    SQLPostInstallerError(code, text.c_str());
}

// The library says by its mode which file is meant, and asks for the user's kind of change in both.
dsn_scope scope_of(WORD request) {
    UWORD mode = ODBC_BOTH_DSN;
    SQLGetConfigMode(&mode);
    return request >= ODBC_ADD_SYS_DSN || mode == ODBC_SYSTEM_DSN ? dsn_scope::system : dsn_scope::user;
}

// Takes the value of `keyword` out of the list; of several the first counts.
std::string take(driver::setting_pairs& from, std::string_view keyword) {
    std::string out;
    std::erase_if(from, [&](const auto& each) {
        if (!driver::same_text(each.first, keyword)) return false;
        if (out.empty()) out = each.second.reveal();
        return true;
    });
    return out;
}

// What the data source has already, where the change does not say otherwise.
void add_what_stays(dsn_scope scope, const std::string& name, driver::setting_pairs& to) {
    for (auto& each : data_sources(scope)) {
        if (!driver::same_text(each.name, name)) continue;
        for (auto& [key, value] : each.settings) {
            const auto* const row = driver::find_keyword(key);
            const bool changed = std::ranges::any_of(to, [&](const auto& given) { return driver::find_keyword(given.first) == row; });
            if (row != nullptr && row->name != "Driver" && !changed) to.emplace_back(key, std::move(value));
        }
    }
}

} // namespace

std::optional<driver::setting_pairs> attribute_pairs(std::string_view attributes) {
    driver::setting_pairs out;
    while (!attributes.empty()) {
        const auto one = attributes.substr(0, attributes.find('\0'));
        attributes.remove_prefix(std::min(one.size() + 1, attributes.size()));
        const auto equals = one.find('=');
        if (equals == std::string_view::npos || driver::trimmed(one.substr(0, equals)).empty()) return std::nullopt;
        out.emplace_back(driver::trimmed(one.substr(0, equals)), driver::ini_value(driver::trimmed(one.substr(equals + 1))));
    }
    return out;
}

bool change_data_source(WORD request, const std::string& driver, std::string_view attributes) {
    if (request < ODBC_ADD_DSN || request > ODBC_REMOVE_SYS_DSN) {
        post(ODBC_ERROR_INVALID_REQUEST_TYPE, "There is no such request");
        return false;
    }
    auto settings = attribute_pairs(attributes);
    if (!settings) {
        post(ODBC_ERROR_INVALID_KEYWORD_VALUE, "The attributes hold something that is not KEYWORD=value");
        return false;
    }
    const auto kind = static_cast<WORD>(request >= ODBC_ADD_SYS_DSN ? request - ODBC_ADD_SYS_DSN + ODBC_ADD_DSN : request);
    const auto scope = scope_of(request);
    const auto name = take(*settings, "DSN");
    (void)take(*settings, "Driver");
    auto code = DWORD{ODBC_ERROR_REMOVE_DSN_FAILED};
    try {
        if (kind == ODBC_REMOVE_DSN) {
            if (remove_data_source(scope, name)) return true;
            post(ODBC_ERROR_INVALID_DSN, "There is no data source '" + name.substr(0, 64) + "'");
            return false;
        }
        dsn_warnings warnings;
        code = ODBC_ERROR_INVALID_KEYWORD_VALUE;
        if (kind == ODBC_CONFIG_DSN) add_what_stays(scope, name, *settings);
        const auto checked = checked_settings(name, *std::move(settings), warnings);
        code = ODBC_ERROR_CREATE_DSN_FAILED;
        write_data_source(scope, name, driver, checked, warnings);
        for (const auto& each : warnings) post(ODBC_ERROR_GENERAL_ERR, each);
        return true;
    } catch (const error& failed) {
        post(code, failed.text() + ". " + failed.hint());
        return false;
    }
}

} // namespace irislink::odbc
