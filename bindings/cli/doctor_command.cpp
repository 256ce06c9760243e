// irislink doctor: the steps of a connection one after the other, each with what it found; at the first
// failure what is wrong and what to change. Nothing here prints a secret: settings come masked.

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "bindings/cli/commands.hpp"
#include "bindings/cli/greeting.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "driver/session/settings.hpp"

namespace irislink::cli {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using clock_type = std::chrono::steady_clock;

// One step of the walk: prints its findings, throws error when it fails. A step that does not apply
// to the connection is left out.
struct examination {
    std::string_view name;
    std::function<bool()> applies;
    std::function<void()> run;
};

std::string milliseconds_since(clock_type::time_point start) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(1) << std::chrono::duration<double, std::milli>(clock_type::now() - start).count() << " ms";
    return out.str();
}

[[noreturn]] void fail(int native, step at, const std::string& text, const std::string& hint) {
    throw error(diagnostic{errc::connect_failed, std::string(driver::sqlstate_of(native)), native, at, text, hint, true, 0});
}

class doctor {
public:
    doctor(const connect_options& target, doctor_detail detail) : target_(target), detail_(detail) {
        target_.log([this](int severity, std::string_view line) {
            if (severity <= 1) warnings_.emplace_back(line);
        });
    }

    int run() {
        const auto always = [] { return true; };
        const auto by_ticket = [this] { return settings_->kerberos_level(); };
        const auto over_tls = [this] { return settings_->level == driver::security_level::tls; };
        const auto in_clear = [this] { return settings_->level == driver::security_level::password; };
        const std::vector<examination> steps{
            {"settings", always, [this] { settings(); }},
            {"name resolution", always, [this] { resolve(); }},
            {"TCP", always, [this] { connect(); }},
            {"protection", always, [this] { protection(); }},
            {"TLS", over_tls, [this] { tls(); }},
            {"Kerberos", by_ticket, [this] { kerberos(); }},
            {"hello", in_clear, [this] { hello(); }},
            {"login", always, [this] { login(); }},
            {"second factor", always, [this] { second_factor(); }},
            {"statement", always, [this] { statement(); }},
        };
        for (const auto& each : steps) {
            if (!each.applies()) continue;
            held_.str({});
            out() << each.name << "\n";
            try {
                each.run();
            } catch (const error& failed) {
                std::cout << held_.str() << "  FAILED at " << to_string(failed.step()) << ": " << failed.text() << "\n"
                          << "  SQLSTATE " << failed.sqlstate() << ", native code " << failed.native_code() << "\n";
                if (!failed.hint().empty()) std::cout << "  What to do: " << failed.hint() << "\n";
                return failed.step() == step::settings ? 2 : 1;
            }
        }
        std::cout << (detail_ == doctor_detail::failures ? "connected: " : "") << "all is well\n";
        return 0;
    }

private:
    std::ostream& out() { return detail_ == doctor_detail::failures ? held_ : std::cout; }

    void say(const std::string& text) { out() << "    " << text << "\n"; }

    void settings() {
        const auto all = target_.settings();
        std::size_t width = 0;
        std::size_t defaults = 0;
        for (const auto& each : all) width = std::max(width, each.keyword.size());
        for (const auto& each : all) {
            const bool standard = each.origin == "default";
            defaults += standard ? 1 : 0;
            if (standard && detail_ != doctor_detail::every_setting && each.keyword != "Server" && each.keyword != "Port" && each.keyword != "Database")
                continue;
            say(each.keyword + std::string(width - each.keyword.size(), ' ') + " = " + each.shown + "   (" + each.origin + ")");
        }
        if (detail_ != doctor_detail::every_setting) say(std::to_string(defaults) + " settings are at their defaults; --verbose shows them");
        for (const auto& warning : target_.warnings().records()) say("warning " + warning.sqlstate + ": " + warning.text + ". " + warning.hint);
        settings_ = target_.resolve();
        for (const auto& each : warnings_) say("warning: " + each);
        if (!settings_->kerberos_level() && settings_->user.empty() && settings_->access_token.empty() && settings_->access_token_file.empty())
            say("note: no user is set; the server will take it as unauthenticated access");
    }

    void resolve() {
        asio::io_context context;
        tcp::resolver resolver(context);
        for (const auto& each : settings_->endpoints) {
            boost::system::error_code failed;
            const auto found = resolver.resolve(each.host, std::to_string(each.port), failed);
            if (failed) {
                say(each.host + ": " + failed.message());
                continue;
            }
            for (const auto& address : found) {
                addresses_.push_back(address.endpoint());
                say(each.host + " is " + address.endpoint().address().to_string());
            }
        }
        if (addresses_.empty())
            fail(driver::native::resolve_failed, step::resolve, "No host name could be resolved", std::string(driver::hint_of(driver::native::resolve_failed)));
    }

    void connect() {
        bool refused = false;
        for (const auto& each : addresses_) {
            asio::io_context context;
            tcp::socket socket(context);
            boost::system::error_code result = asio::error::timed_out;
            const auto start = clock_type::now();
            socket.async_connect(each, [&result](boost::system::error_code done) { result = done; });
            context.run_for(settings_->connect_timeout);
            const auto name = each.address().to_string() + " port " + std::to_string(each.port());
            say(name + (result ? ": " + result.message() : ": open, " + milliseconds_since(start)));
            refused = refused || result == asio::error::connection_refused;
            if (!result && !reached_) reached_ = each;
        }
        if (reached_) return;
        const auto port = std::to_string(addresses_.front().port());
        fail(
            driver::native::connect_failed, step::connect, "No address of the server accepts a connection",
            refused ? "The machine answers, but nothing listens on port " + port +
                          ": check that the server runs, and that this is the superserver's port (1972 unless configured otherwise)."
                    : "Nothing answers: check the host, and whether a firewall drops connections to port " + port + "."
        );
    }

    void protection() {
        const auto level = static_cast<int>(settings_->level);
        if (level != 0) {
            say("security level " + std::to_string(level) + (level == 10 ? ", TLS" : ", Kerberos") + " is asked for");
            return;
        }
        bool loopback = true;
        for (const auto& each : addresses_) loopback = loopback && each.address().is_loopback();
        say(loopback ? "level 0: nothing is protected; the traffic stays on this machine"
                     : "level 0: nothing is protected; the password is scrambled only, and anybody on the way can read it");
    }

    // A greeting of our own, since what answers may be anything.
    void hello() {
        const auto start = clock_type::now();
        const auto found = greet(*reached_, settings_->login_timeout);
        switch (found.peer) {
        case peer_kind::iris:
            say("protocol version " + std::to_string(found.reply.protocol) + ", flags " + std::to_string(found.reply.flags) + ", locale " + found.reply.locale +
                ", " + milliseconds_since(start));
            return;
        case peer_kind::refusing:
            fail(
                found.status, step::hello, found.text,
                "The server speaks our protocol and refuses this kind of connection: it may require TLS (TlsMode=verify-full)."
            );
        case peer_kind::tls:
            fail(
                driver::native::not_iris, step::hello, "The server speaks TLS and nothing else on this port",
                "Set TlsMode=verify-full (Authentication Method=2)."
            );
        case peer_kind::closing:
            fail(
                driver::native::link_failure, step::hello, "The server closed the connection at the greeting",
                "It may require TLS or Kerberos, or refuse this machine's address: ask for its superserver settings."
            );
        case peer_kind::silent:
            fail(
                driver::native::login_timeout, step::hello, "The server accepted the connection and says nothing",
                "It is overloaded or stopped, or this is not a superserver's port. LoginTimeout says how long to wait."
            );
        case peer_kind::other:
            fail(
                driver::native::not_iris, step::hello, "What answers is not an IRIS superserver: it said " + found.text,
                "Give the superserver's port (1972 unless configured otherwise), not that of a web server or another program."
            );
        }
    }

    // The line and the login are one call: what comes after the protection is kept for the step it belongs
    // to. What the line turned out to be is shown either way.
    void protect(step at, const std::function<void(const server_info&)>& show) {
        try {
            db_.connect(settings_);
            show(db_.server());
        } catch (const error& failed) {
            show(db_.server());
            if (failed.step() == at) throw;
            later_ = failed;
        }
    }

    void kerberos() {
        protect(step::kerberos, [this](const server_info& facts) { show_kerberos(facts); });
    }

    void show_kerberos(const server_info& facts) {
        if (facts.kerberos_service.empty()) return;
        say("ticket of " + facts.kerberos_principal + " for " + facts.kerberos_service);
        say("both sides have proved who they are; " + std::string(
                                                          settings_->level == driver::security_level::kerberos ? "what follows is not protected"
                                                          : settings_->level == driver::security_level::integrity
                                                              ? "what follows cannot be changed, but be read"
                                                              : "what follows is encrypted"
                                                      ));
    }

    void tls() {
        protect(step::tls, [this](const server_info& facts) { show_tls(facts); });
    }

    void show_tls(const server_info& facts) {
        if (facts.tls_version.empty()) return;
        say(facts.tls_version + ", " + facts.tls_cipher);
        for (const auto& each : facts.tls_chain) say("certificate: " + each);
        say(facts.tls_check);
        if (!facts.tls_client_certificate.empty()) say("client certificate: " + facts.tls_client_certificate);
    }

    void login() {
        try {
            if (later_) throw error(*later_);
            if (!db_.is_open()) db_.connect(settings_);
        } catch (const error& failed) {
            if (failed.step() != step::login || failed.record().code != errc::login_refused) throw;
            auto record = failed.record();
            record.hint = login_advice(record.hint);
            throw error(std::move(record));
        }
        const auto server = db_.server();
        say(server.version);
        say("logged in" + (settings_->user.empty() ? std::string() : " as " + settings_->user) + ", namespace " + settings_->name_space + ", job " +
            std::to_string(server.job) + ", features " + std::to_string(server.features));
    }

    // Servers say "Access Denied" to everything. Trying another namespace would tell which it was, but a
    // second failed login may be the one that locks the account.
    std::string login_advice(const std::string& standard) {
        if (settings_->name_space == "USER") return standard;
        return standard + " The answer is the same for a namespace: check too that Database '" + settings_->name_space + "' exists and is open to this user.";
    }

    void second_factor() {
        const auto& in = *settings_;
        if (!in.two_factor_token.empty() || !in.two_factor_command.empty()) {
            say(std::string("the code comes from ") + (in.two_factor_token.empty() ? "TwoFactorCommand" : "TwoFactorToken") + "; the server is satisfied");
            return;
        }
        if (db_.two_factor_required())
            fail(
                driver::native::second_factor_missing, step::second_factor, "The server wants a second factor for this account",
                std::string(driver::hint_of(driver::native::second_factor_missing))
            );
        say("none is due");
    }

    void statement() {
        const auto start = clock_type::now();
        auto rows = db_.query("SELECT 1");
        if (!rows.next() || rows.current().get<std::int64_t>(0) != 1) fail(driver::native::protocol_error, step::statement, "SELECT 1 did not give 1", "");
        say("SELECT 1 works, " + milliseconds_since(start));
    }

    connect_options target_;
    doctor_detail detail_;
    std::ostringstream held_; // what a step said, until it is known whether it is to be shown
    std::vector<std::string> warnings_;
    std::shared_ptr<const driver::connection_settings> settings_;
    std::vector<tcp::endpoint> addresses_;
    std::optional<tcp::endpoint> reached_;
    connection db_;
    std::optional<error> later_; // the failure of a step that comes after TLS
};

} // namespace

int run_doctor(const connect_options& target, doctor_detail detail) {
    return doctor(target, detail).run();
}

} // namespace irislink::cli
