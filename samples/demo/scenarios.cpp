// data table
#include <strings.h>

#include "irislink/irislink.hpp"
#include "samples/demo/login_matrix.hpp"

namespace demo {
namespace {

// The C++ front. `query` is what follows ? in the URI.
attempt through_cpp(const std::string& user, const std::string& password, const std::string& query = {}) {
    return [=](const sandbox_process& sandbox) -> attempt_result {
        try {
            irislink::connection db(sandbox.uri(user, password) + query);
            auto rows = db.query("SELECT USER");
            const auto who = rows.next() ? rows.current().text(0).value_or("") : std::string();
            if (::strcasecmp(who.c_str(), user.c_str()) != 0) return {false, "HY000", "logged in as '" + who + "'"};
            return {true, {}, {}};
        } catch (const irislink::error& failed) {
            return {false, failed.sqlstate(), failed.text()};
        }
    };
}

} // namespace

std::vector<scenario> scenarios() {
    const attempt not_yet;
    return {
        // name, SQLSTATE of the right failure, ODBC, C++, Python
        {"password", "", not_yet, through_cpp("demo", "demo-password"), not_yet},
        {"wrong password", "28000", not_yet, through_cpp("demo", "not-the-password"), not_yet},
        {"TLS 1.3 verified", "", not_yet, not_yet, not_yet},
        {"TLS with unknown CA", "08S01", not_yet, not_yet, not_yet},
        {"TLS with wrong host", "08S01", not_yet, not_yet, not_yet},
        {"mutual TLS", "", not_yet, not_yet, not_yet},
        {"Kerberos level 1", "", not_yet, not_yet, not_yet},
        {"Kerberos level 2", "", not_yet, not_yet, not_yet},
        {"Kerberos level 3", "", not_yet, not_yet, not_yet},
        {"Kerberos below the server's level", "08S01", not_yet, not_yet, not_yet},
        {"no ticket", "08S01", not_yet, not_yet, not_yet},
        {"password + TOTP", "", not_yet, not_yet, not_yet},
        {"wrong TOTP", "28000", not_yet, not_yet, not_yet},
        {"reused TOTP", "28000", not_yet, not_yet, not_yet},
        {"password + SMS code", "", not_yet, not_yet, not_yet},
        {"TLS + TOTP", "", not_yet, not_yet, not_yet},
        {"account locked after repeated failures", "28000", not_yet, not_yet, not_yet},
        {"password change required", "28000", not_yet, not_yet, not_yet},
    };
}

} // namespace demo
