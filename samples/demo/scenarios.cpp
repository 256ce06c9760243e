// data table
#include <strings.h>

#include "irislink/irislink.hpp"
#include "samples/demo/login_matrix.hpp"

namespace demo {
namespace {

using world = const login_world&;

// Logs in and asks who one is.
attempt_result log_in(const irislink::connect_options& options, const std::string& user) {
    try {
        irislink::connection db(options);
        auto rows = db.query("SELECT $USERNAME");
        const auto who = rows.next() ? rows.current().text(0).value_or("") : std::string();
        if (::strcasecmp(who.c_str(), user.c_str()) != 0) return {false, "HY000", "logged in as '" + who + "'", {}};
        return {true, {}, {}, {}};
    } catch (const irislink::error& failed) {
        return {false, failed.sqlstate(), failed.text(), std::string(to_string(failed.step()))};
    }
}

irislink::connect_options options_for(const sandbox_process& sandbox, const std::string& user) {
    return irislink::connect_options(sandbox.uri(user, "demo-password"));
}

attempt_result password(world in, const std::string& text) {
    return log_in(irislink::connect_options(in.open().uri("demo", text)), "demo");
}

irislink::connect_options over_tls(world in, const sandbox_process& sandbox, const std::string& user, const std::string& authority = "ca.pem") {
    auto out = options_for(sandbox, user);
    out.set("TlsMode", "verify-full").set("TlsCaFile", in.file(authority)).set("TlsMinVersion", "1.3");
    return out;
}

attempt_result other_name(world in) {
    auto options = over_tls(in, in.open(), "demo");
    options.set("TlsHostName", "iris.example.com");
    return log_in(options, "demo");
}

attempt_result with_certificate(world in) {
    auto options = over_tls(in, in.mutual(), "demo");
    options.set("TlsCertFile", in.file("client.pem")).set("TlsKeyFile", in.file("client.key"));
    return log_in(options, "demo");
}

attempt_result by_ticket(const sandbox_process& sandbox, int level, const std::string& cache) {
    irislink::connect_options options(sandbox.uri({}, {}, "localhost"));
    options.set("Security Level", std::to_string(level)).set("KerberosCcache", cache).set("Service Principal Name", "iris/localhost");
    return log_in(options, "demo");
}

attempt_result with_code(irislink::connect_options options, const std::string& user, const std::string& code) {
    options.two_factor([code] { return code; });
    return log_in(options, user);
}

attempt_result same_code_twice(world in) {
    const auto code = in.code_of("totp_again");
    auto first = with_code(options_for(in.open(), "totp_again"), "totp_again", code);
    if (!first.logged_in) return {false, "HY000", "the first login failed: " + first.words, {}};
    return with_code(options_for(in.open(), "totp_again"), "totp_again", code);
}

attempt_result text_message(world in) {
    auto options = options_for(in.open(), "sms");
    options.two_factor([&in] { return in.open().newest_code(); });
    return log_in(options, "sms");
}

attempt_result after_five_guesses(world in) {
    for (int i = 0; i < 5; ++i)
        if (log_in(irislink::connect_options(in.open().uri("guessed", "not-the-password")), "guessed").logged_in) return {true, {}, {}, {}};
    return log_in(options_for(in.open(), "guessed"), "guessed");
}

attempt_result password_too_old(world in) {
    auto got = log_in(options_for(in.open(), "new"), "new");
    // Its own error, with its own words.
    if (!got.logged_in && got.words != "Password change required") got.sqlstate = "HY000";
    return got;
}

} // namespace

std::vector<scenario> scenarios() {
    const attempt not_yet;
    return {
        // name, SQLSTATE and step of the right failure, ODBC, C++, Python
        {"password", "", "", not_yet, [](world in) { return password(in, "demo-password"); }, not_yet},
        {"wrong password", "28000", "login", not_yet, [](world in) { return password(in, "not-the-password"); }, not_yet},
        {"TLS 1.3 verified", "", "", not_yet, [](world in) { return log_in(over_tls(in, in.open(), "demo"), "demo"); }, not_yet},
        {"TLS with unknown CA", "08S01", "TLS", not_yet, [](world in) { return log_in(over_tls(in, in.open(), "demo", "other-ca.pem"), "demo"); }, not_yet},
        {"TLS with wrong host", "08S01", "TLS", not_yet, other_name, not_yet},
        {"mutual TLS", "", "", not_yet, with_certificate, not_yet},
        {"Kerberos level 1", "", "", not_yet, [](world in) { return by_ticket(in.open(), 1, in.tickets()); }, not_yet},
        {"Kerberos level 2", "", "", not_yet, [](world in) { return by_ticket(in.open(), 2, in.tickets()); }, not_yet},
        {"Kerberos level 3", "", "", not_yet, [](world in) { return by_ticket(in.open(), 3, in.tickets()); }, not_yet},
        {"Kerberos below the server's level", "08S01", "Kerberos", not_yet, [](world in) { return by_ticket(in.sealed(), 2, in.tickets()); }, not_yet},
        {"no ticket", "08S01", "Kerberos", not_yet, [](world in) { return by_ticket(in.open(), 3, in.no_tickets()); }, not_yet},
        {"password + TOTP", "", "", not_yet, [](world in) { return with_code(options_for(in.open(), "totp"), "totp", in.code_of("totp")); }, not_yet},
        {"wrong TOTP", "28000", "second factor", not_yet,
         [](world in) { return with_code(options_for(in.open(), "totp_wrong"), "totp_wrong", in.wrong_code_of("totp_wrong")); }, not_yet},
        {"reused TOTP", "28000", "second factor", not_yet, same_code_twice, not_yet},
        {"password + SMS code", "", "", not_yet, text_message, not_yet},
        {"TLS + TOTP", "", "", not_yet, [](world in) { return with_code(over_tls(in, in.open(), "totp_tls"), "totp_tls", in.code_of("totp_tls")); }, not_yet},
        {"account locked after repeated failures", "28000", "login", not_yet, after_five_guesses, not_yet},
        {"password change required", "28000", "login", not_yet, password_too_old, not_yet},
    };
}

} // namespace demo
