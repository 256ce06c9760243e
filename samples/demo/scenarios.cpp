// data table
#include <strings.h>

#include "samples/demo/login_matrix.hpp"

namespace demo {
namespace {

using world = const login_world&;
using through = const front&;

// Logs in and asks who one is.
attempt_result log_in(through front, const login& in) {
    try {
        const auto rows = front.open(in)->ask("SELECT $USERNAME");
        const auto who = rows.empty() ? std::string() : rows.front();
        if (::strcasecmp(who.c_str(), in.user.c_str()) != 0) return {false, "HY000", "logged in as '" + who + "'", {}};
        return {true, {}, {}, {}};
    } catch (const front_error& failed) {
        return {false, failed.sqlstate(), failed.what(), failed.step()};
    }
}

login with(login in, const std::string& keyword, const std::string& value) {
    in.keywords.emplace_back(keyword, value);
    return in;
}

login over_tls(world in, const sandbox_process& sandbox, const std::string& user, const std::string& authority = "ca.pem") {
    auto out = by_password(sandbox, user);
    out.keywords.insert(out.keywords.end(), {{"TlsMode", "verify-full"}, {"TlsCaFile", in.file(authority)}, {"TlsMinVersion", "1.3"}});
    return out;
}

attempt_result with_certificate(world in, through front) {
    return log_in(front, with(with(over_tls(in, in.mutual(), "demo"), "TlsCertFile", in.file("client.pem")), "TlsKeyFile", in.file("client.key")));
}

attempt_result by_ticket(through front, const sandbox_process& sandbox, int level, const std::string& cache) {
    return log_in(
        front, {"demo",
                {{"Server", "localhost"},
                 {"Port", std::to_string(sandbox.port())},
                 {"Database", "USER"},
                 {"Security Level", std::to_string(level)},
                 {"KerberosCcache", cache},
                 {"Service Principal Name", "iris/localhost"}},
                {}}
    );
}

// The code in the settings.
login with_token(world in, through front, const std::string& user) {
    const auto name = in.user_of(user, front.tag);
    return with(by_password(in.open(), name), "TwoFactorToken", in.code_of(name));
}

// The code when the server asks for it.
login asked(login in, std::function<std::string()> code) {
    in.code = std::move(code);
    return in;
}

attempt_result wrong_code(world in, through front) {
    const auto name = in.user_of("totp_wrong", front.tag);
    return log_in(front, asked(by_password(in.open(), name), [&] { return in.wrong_code_of(name); }));
}

attempt_result same_code_twice(world in, through front) {
    const auto login = with_token(in, front, "totp_again");
    const auto first = log_in(front, login);
    if (!first.logged_in) return {false, "HY000", "the first login failed: " + first.words, {}};
    return log_in(front, login);
}

attempt_result text_message(world in, through front) {
    return log_in(front, asked(by_password(in.open(), "sms"), [&] { return in.open().newest_code(); }));
}

// A program of the user's own gives the code.
attempt_result code_by_command(world in, through front) {
    const auto name = in.user_of("totp_tls", front.tag);
    return log_in(front, with(over_tls(in, in.open(), name), "TwoFactorCommand", "cat \"" + in.file_with_code_of(name) + "\""));
}

attempt_result after_five_guesses(world in, through front) {
    const auto name = in.user_of("guessed", front.tag);
    for (int i = 0; i < 5; ++i)
        if (log_in(front, by_password(in.open(), name, "not-the-password")).logged_in) return {true, {}, {}, {}};
    return log_in(front, by_password(in.open(), name));
}

} // namespace

std::vector<scenario> scenarios() {
    return {
        // name, SQLSTATE, step and words of the right failure, what is done
        {"password", "", "", "", [](world in, through front) { return log_in(front, by_password(in.open(), "demo")); }},
        {"wrong password", "28000", "login", "Access Denied (Check user name, password",
         [](world in, through front) { return log_in(front, by_password(in.open(), "demo", "not-the-password")); }},
        {"TLS 1.3 verified", "", "", "", [](world in, through front) { return log_in(front, over_tls(in, in.open(), "demo")); }},
        {"TLS with unknown CA", "08S01", "TLS", "The server's certificate comes from an unknown CA",
         [](world in, through front) { return log_in(front, over_tls(in, in.open(), "demo", "other-ca.pem")); }},
        {"TLS with wrong host", "08S01", "TLS", "The server's certificate is not for 'iris.example.com'",
         [](world in, through front) { return log_in(front, with(over_tls(in, in.open(), "demo"), "TlsHostName", "iris.example.com")); }},
        {"mutual TLS", "", "", "", with_certificate},
        {"Kerberos level 1", "", "", "", [](world in, through front) { return by_ticket(front, in.open(), 1, in.tickets()); }},
        {"Kerberos level 2", "", "", "", [](world in, through front) { return by_ticket(front, in.open(), 2, in.tickets()); }},
        {"Kerberos level 3", "", "", "", [](world in, through front) { return by_ticket(front, in.open(), 3, in.tickets()); }},
        {"Kerberos below the server's level", "08S01", "Kerberos", "ended the connection during the Kerberos login",
         [](world in, through front) { return by_ticket(front, in.sealed(), 2, in.tickets()); }},
        {"no ticket", "08S01", "Kerberos", "No Kerberos credentials", [](world in, through front) { return by_ticket(front, in.open(), 3, in.no_tickets()); }},
        {"password + TOTP", "", "", "", [](world in, through front) { return log_in(front, with_token(in, front, "totp")); }},
        {"wrong TOTP", "28000", "second factor", "Access Denied (Connect again with a new code", wrong_code},
        {"reused TOTP", "28000", "second factor", "Access Denied (Connect again with a new code", same_code_twice},
        {"password + SMS code", "", "", "", text_message},
        {"TLS + TOTP", "", "", "", code_by_command},
        {"account locked after repeated failures", "28000", "login", "Access Denied (Check user name, password", after_five_guesses},
        {"password change required", "28000", "login", "Password change required",
         [](world in, through front) { return log_in(front, by_password(in.open(), "new")); }},
    };
}

} // namespace demo
