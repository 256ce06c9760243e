#include "driver/error/sqlstate_table.hpp"

#include <algorithm>
#include <array>
#include <climits>

namespace irislink::driver {
namespace {

constexpr auto rows = [] {
    constexpr auto sql = error_origin::sql;
    constexpr auto session = error_origin::session;
    constexpr auto client = error_origin::client;
    constexpr auto driver = error_origin::driver;
    return std::to_array<error_entry>({
#include "driver/error/sqlstate_table_rows.inc"
    });
}();

constexpr bool ascending() {
    for (std::size_t i = 1; i < rows.size(); ++i) {
        if (rows[i - 1].native >= rows[i].native) return false;
    }
    return true;
}

static_assert(ascending(), "find_error() searches by halves");

struct spelling {
    std::string_view odbc3;
    std::string_view odbc2;
};

// ODBC 3.8, Appendix A, "SQLSTATE Mappings", for the states above.
constexpr auto spellings = std::to_array<spelling>({
    {"07009", "S1002"},
    {"22007", "22008"},
    {"22018", "22005"},
    {"42000", "37000"},
    {"42S01", "S0001"},
    {"42S02", "S0002"},
    {"42S11", "S0011"},
    {"42S22", "S0022"},
    {"HY000", "S1000"},
    {"HY001", "S1001"},
    {"HY008", "S1008"},
    {"HY010", "S1010"},
    {"HY024", "S1009"},
    {"HY090", "S1090"},
    {"HY097", "S1097"},
    {"HY106", "S1106"},
    {"HYC00", "S1C00"},
    {"HYT00", "S1T00"},
});

std::string_view origin_title(error_origin origin) {
    switch (origin) {
    case error_origin::sql: return "Statements";
    case error_origin::session: return "Connection and session";
    case error_origin::client: return "Client libraries";
    case error_origin::driver: return "This driver";
    }
    return "";
}

} // namespace

std::span<const error_entry> error_table() noexcept {
    return rows;
}

const error_entry* find_error(int native) noexcept {
    // INT_MIN has no magnitude; it is in no table either.
    const int code = native < 0 ? (native == INT_MIN ? 0 : -native) : native;
    const auto at = std::lower_bound(rows.begin(), rows.end(), code, [](const error_entry& row, int wanted) { return row.native < wanted; });
    return at != rows.end() && at->native == code ? &*at : nullptr;
}

std::string_view sqlstate_of(int native) noexcept {
    if (native == 0) return "00000";
    const auto* row = find_error(native);
    return row == nullptr ? std::string_view{"HY000"} : row->sqlstate;
}

std::string_view builtin_text(int native) noexcept {
    if (native == 0) return "Success";
    const auto* row = find_error(native);
    return row == nullptr ? std::string_view{"General error"} : row->text;
}

bool is_fatal(int native) noexcept {
    const auto* row = find_error(native);
    return row != nullptr && row->fatal;
}

std::string_view step_hint(step failed) noexcept {
    switch (failed) {
    case step::settings: return "Correct the setting; `irislink keywords` lists all of them with their values.";
    case step::resolve: return "Check the spelling of the host and this machine's name service.";
    case step::connect: return "Check host and port, that the server runs, and firewalls in between.";
    case step::tls:
        return "Check that the server offers TLS on this port, TlsCaFile, and that the "
               "certificate names the host (TlsHostName).";
    case step::kerberos: return "Check the ticket (klist), Service Principal Name and Security Level.";
    case step::hello: return "Check that the port is the superserver's, and whether the server requires TLS.";
    case step::login: return "Check user, password and namespace; the server's audit log has the true reason.";
    case step::second_factor: return "Connect again with a fresh code; a refused or used code is never accepted twice.";
    case step::statement:
    case step::fetch:
    case step::cancel:
    case step::disconnect: return "";
    }
    return "";
}

std::string_view hint_of(int native, step failed) noexcept {
    // A refused token and a refused password share 417; the step knows better than the code.
    if (failed == step::second_factor && (native == native::security || native == -native::security)) return step_hint(failed);
    const auto* row = find_error(native);
    if (row != nullptr && !row->hint.empty()) return row->hint;
    return step_hint(failed);
}

std::string_view odbc2_sqlstate(std::string_view sqlstate) noexcept {
    const auto* at = std::find_if(spellings.begin(), spellings.end(), [&](const spelling& pair) { return pair.odbc3 == sqlstate; });
    return at == spellings.end() ? sqlstate : at->odbc2;
}

std::string errors_markdown() {
    std::string out = "# Errors\n\n"
                      "Generated from `driver/error/sqlstate_table_rows.inc` by `irislink errors --markdown`.\n\n"
                      "Every error carries a SQLSTATE (ODBC 3 spelling; ODBC 2 applications get the older one), "
                      "the native code, the server's words untouched, the step that failed (settings, resolve, "
                      "connect, TLS, Kerberos, hello, login, second factor, statement) and what to do. The native "
                      "code is the SQLCODE without its sign. Codes from 90000 on are raised by this driver alone. "
                      "Codes that are not listed are `HY000`. *Ends the connection* means that the connection "
                      "cannot be used after it.\n";
    for (const auto origin : {error_origin::driver, error_origin::session, error_origin::client, error_origin::sql}) {
        out.append("\n## ").append(origin_title(origin)).append("\n\n");
        out += "| native | SQLSTATE | ends the connection | text | what to do |\n|---|---|---|---|---|\n";
        for (const auto& row : rows) {
            if (row.origin != origin) continue;
            out.append("| ").append(std::to_string(row.native)).append(" | ").append(row.sqlstate);
            out.append(row.fatal ? " | yes | " : " | | ").append(row.text).append(" | ");
            out.append(row.hint).append(row.hint.empty() ? "|\n" : " |\n");
        }
    }
    out += "\n## Steps\n\nAdvice by the step that failed, where the code has none of its own.\n\n"
           "| step | what to do |\n|---|---|\n";
    for (const auto at : {step::settings, step::resolve, step::connect, step::tls, step::kerberos, step::hello, step::login, step::second_factor}) {
        out.append("| ").append(step_name(at)).append(" | ").append(step_hint(at)).append(" |\n");
    }
    return out;
}

} // namespace irislink::driver
