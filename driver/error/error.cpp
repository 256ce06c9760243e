#include "irislink/error.hpp"

namespace irislink {
namespace {

class category final : public std::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "irislink"; }

    [[nodiscard]] std::string message(int value) const override {
        switch (static_cast<errc>(value)) {
        case errc::bad_settings: return "the connection settings are not valid";
        case errc::resolve_failed: return "the host name could not be resolved";
        case errc::connect_failed: return "the server could not be reached";
        case errc::tls_failed: return "TLS could not be established";
        case errc::kerberos_failed: return "Kerberos authentication failed";
        case errc::protocol_error: return "the server broke the protocol";
        case errc::connection_lost: return "the connection was lost";
        case errc::login_refused: return "the login was refused";
        case errc::second_factor_required: return "a second factor is required";
        case errc::second_factor_refused: return "the second factor was refused";
        case errc::timed_out: return "the time limit was exceeded";
        case errc::cancelled: return "the operation was cancelled";
        case errc::server_error: return "the server reported an error";
        case errc::not_connected: return "there is no connection";
        case errc::bad_argument: return "an argument is not valid";
        case errc::bad_conversion: return "a value does not fit the type asked for";
        case errc::out_of_sequence: return "the call is not allowed in this state";
        case errc::password_change_required: return "the password must be changed first";
        }
        return "unknown error";
    }
};

} // namespace

const std::error_category& error_category() noexcept {
    static const category instance;
    return instance;
}

std::error_code make_error_code(errc value) noexcept {
    return {static_cast<int>(value), error_category()};
}

std::string_view to_string(step value) noexcept {
    switch (value) {
    case step::settings: return "settings";
    case step::resolve: return "resolve";
    case step::connect: return "connect";
    case step::tls: return "TLS";
    case step::kerberos: return "Kerberos";
    case step::hello: return "hello";
    case step::login: return "login";
    case step::second_factor: return "second factor";
    case step::statement: return "statement";
    case step::fetch: return "fetch";
    case step::cancel: return "cancel";
    case step::disconnect: return "disconnect";
    }
    return "?";
}

std::string diagnostic::message() const {
    std::string out = "[" + sqlstate + "] ";
    if (native < 0) out += "SQLCODE " + std::to_string(native) + " ";
    if (native > 0) out += "(" + std::to_string(native) + ") ";
    out += "at " + std::string(to_string(step));
    if (row != 0) out += ", row " + std::to_string(row);
    out += ": " + text;
    if (!hint.empty()) out += " -- " + hint;
    return out;
}

} // namespace irislink
