#include "odbc/handle/browse.hpp"

#include <algorithm>

#include "driver/config/options_impl.hpp"
#include "driver/session/settings.hpp"
#include "odbc/config/odbcinst_source.hpp"

namespace irislink::odbc {
namespace {

constexpr const char* code_keyword = "TwoFactorToken";

driver::setting_pairs parse(std::string_view request) {
    driver::parse_failure failure;
    auto out = driver::parse_connection_string(request, failure);
    if (!out) fail("HY024", "The browse request is malformed: " + failure.text);
    return std::move(*out);
}

bool is_code(const driver::keyword& row) {
    return row.name == code_keyword;
}

} // namespace

struct browse_dialogue::question {
    const char* keyword;
    const char* words;
    const char* values; // {a,b}, or ?
    bool optional;
};

browse_dialogue::browse_dialogue(std::string_view request, diag_area& diag) : options_(driver::options_access::from(request, odbcinst_dsn_source())) {
    for (const auto& each : options_.warnings().records()) diag.add(record_of(each));
}

bool browse_dialogue::is_asked(const driver::keyword& row) const {
    return std::ranges::find(asked_, &row) != asked_.end();
}

void browse_dialogue::leave_out(std::string_view keyword, diag_area& diag) const {
    diag.warn("01S00", "'" + std::string(keyword.substr(0, 64)) + "' was not asked for at this step of the dialogue, and is left out");
}

void browse_dialogue::answer(std::string_view request, diag_area& diag) {
    for (const auto& [keyword, value] : parse(request)) {
        const auto* const row = driver::find_keyword(keyword);
        if (row == nullptr || !is_asked(*row)) {
            leave_out(keyword, diag);
        } else if (!value.empty() || row->name == "UID" || row->name == "PWD") {
            options_.set(row->name, value.reveal());
        }
    }
}

std::string browse_dialogue::put(const std::vector<question>& questions) {
    std::string out;
    asked_.clear();
    for (const auto& each : questions) {
        asked_.push_back(driver::find_keyword(each.keyword));
        out += std::string(out.empty() ? "" : ";") + (each.optional ? "*" : "") + each.keyword + ":" + each.words + "=" + each.values;
    }
    return out;
}

std::string browse_dialogue::ask() {
    const auto settings = options_.settings();
    const auto is_given = [&](std::string_view keyword, bool even_empty) {
        return std::ranges::any_of(settings, [&](const auto& each) {
            return each.keyword == keyword && each.origin != "default" && (even_empty || !each.shown.empty());
        });
    };
    std::vector<question> questions;
    const auto add_optional = [&] {
        if (!is_given("Port", false)) questions.push_back({"PORT", "Port", "?", true});
        if (!is_given("Database", false)) questions.push_back({"DATABASE", "Namespace", "?", true});
    };
    if (!is_given("Server", false)) {
        questions.push_back({"SERVER", "Server", "?", false});
        add_optional();
        // Whether a name and a password are needed follows from it, so it comes before them.
        if (!is_given("Security Level", true)) questions.push_back({"SECURITY LEVEL", "Protection of the line", "{0,1,2,3,10}", true});
        return put(questions);
    }
    const auto checked = options_.resolve();
    const bool by_token = !checked->access_token.empty() || !checked->access_token_file.empty();
    if (!checked->kerberos_level() && !by_token) {
        // An empty answer is one: it stands for a login without a name.
        if (!is_given("UID", true)) questions.push_back({"UID", "User name", "?", false});
        if (!is_given("PWD", true)) questions.push_back({"PWD", "Password", "?", false});
    }
    if (questions.empty()) return {};
    add_optional();
    return put(questions);
}

std::string browse_dialogue::ask_for_code() {
    code_is_due_ = true;
    return put({{code_keyword, "One-time code", "?", false}});
}

wire::secret browse_dialogue::code(std::string_view request, diag_area& diag) const {
    wire::secret out;
    for (auto& [keyword, value] : parse(request)) {
        const auto* const row = driver::find_keyword(keyword);
        if (row == nullptr || !is_code(*row)) {
            leave_out(keyword, diag);
        } else if (out.empty()) {
            out = value.clone();
        }
    }
    return out;
}

} // namespace irislink::odbc
