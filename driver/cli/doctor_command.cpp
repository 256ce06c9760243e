#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <iostream>

#include "driver/cli/commands.hpp"
#include "driver/session/session.hpp"

namespace irislink::cli {
namespace {

namespace asio = boost::asio;

// One step of the walk: prints its findings, throws error when it fails.
struct examination {
    std::string_view name;
    std::function<void()> run;
};

void say(const std::string& text) {
    std::cout << "    " << text << "\n";
}

[[noreturn]] void fail(step at, const std::string& text, const std::string& hint) {
    throw error(diagnostic{errc::connect_failed, "08001", 461, at, text, hint, true, 0});
}

class doctor {
public:
    explicit doctor(const connect_options& target) : target_(&target) {}

    int run() {
        const std::vector<examination> steps{
            {"settings", [this] { settings(); }},     {"name resolution", [this] { resolve(); }}, {"TCP", [this] { tcp(); }},
            {"protection", [this] { protection(); }}, {"hello and login", [this] { login(); }},   {"second factor", [this] { second_factor(); }},
            {"statement", [this] { statement(); }},
        };
        for (const auto& each : steps) {
            std::cout << each.name << "\n";
            try {
                each.run();
            } catch (const error& failed) {
                std::cout << "  FAILED: " << failed.record().text << "\n";
                std::cout << "  SQLSTATE " << failed.sqlstate() << ", code " << failed.native_code() << ", step " << to_string(failed.step()) << "\n";
                if (!failed.hint().empty()) std::cout << "  What to do: " << failed.hint() << "\n";
                return 1;
            }
        }
        std::cout << "all is well\n";
        return 0;
    }

private:
    void settings() {
        for (const auto& each : target_->settings()) say(each.keyword + " = " + each.shown + "   (" + each.origin + ")");
        for (const auto& warning : target_->warnings().records()) say("warning " + warning.sqlstate + ": " + warning.text + " " + warning.hint);
        settings_ = target_->resolve();
        if (settings_->user.empty()) say("note: no user name is set; the server may refuse unauthenticated access");
    }

    void resolve() {
        asio::io_context context;
        asio::ip::tcp::resolver resolver(context);
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
        if (addresses_.empty()) fail(step::resolve, "no host name could be resolved", "Check the Server keyword and the machine's name service.");
    }

    void tcp() {
        asio::io_context context;
        bool reached = false;
        for (const auto& each : addresses_) {
            asio::ip::tcp::socket socket(context);
            boost::system::error_code result = asio::error::timed_out;
            const auto start = std::chrono::steady_clock::now();
            socket.async_connect(each, [&result](boost::system::error_code done) { result = done; });
            context.restart();
            context.run_for(settings_->connect_timeout);
            const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
            const auto name = each.address().to_string() + ":" + std::to_string(each.port());
            say(name + (result ? ": " + result.message() : ": open, " + std::to_string(took.count()) + " ms"));
            reached = reached || !result;
            boost::system::error_code ignored;
            socket.close(ignored);
            context.restart();
            context.run();
        }
        if (!reached)
            fail(step::connect, "no address could be reached", "Check that the server runs, that Port is its superserver port (1972 by default), and firewalls.");
    }

    void protection() {
        const auto level = static_cast<int>(settings_->level);
        if (level != 0) {
            say("security level " + std::to_string(level) + " is asked for");
            return;
        }
        bool loopback = true;
        for (const auto& each : addresses_) loopback = loopback && each.address().is_loopback();
        say(loopback ? "level 0: nothing is protected; the traffic stays on this machine"
                     : "level 0: nothing is protected, and the password can be read by anybody on the way");
    }

    void login() {
        try {
            db_.connect(*target_);
        } catch (const error& failed) {
            throw_advised(failed);
        }
        const auto server = db_.server();
        say("protocol version " + std::to_string(server.protocol) + ", features " + std::to_string(server.features));
        say(server.version);
        say("logged in as " + settings_->user + " to " + settings_->name_space + ", job " + std::to_string(server.job));
    }

    // A failure while greeting often means that the peer speaks something else: a short look tells.
    [[noreturn]] void throw_advised(const error& failed) {
        auto record = failed.record();
        if (failed.step() == step::hello && failed.record().code != errc::login_refused) record.hint = peer_advice(record.hint);
        throw error(std::move(record));
    }

    std::string peer_advice(const std::string& standard) {
        try {
            asio::io_context context;
            asio::ip::tcp::socket socket(context);
            socket.connect(addresses_.front());
            // The first bytes of a TLS handshake; a TLS server answers with a record or an alert (0x15, 0x16).
            static constexpr unsigned char hello[] = {0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03};
            asio::write(socket, asio::buffer(hello));
            unsigned char first = 0;
            boost::system::error_code result = asio::error::timed_out;
            asio::async_read(socket, asio::buffer(&first, 1), [&result](boost::system::error_code done, std::size_t) { result = done; });
            context.run_for(std::chrono::seconds(2));
            if (!result && (first == 0x15 || first == 0x16)) return "The server speaks TLS on this port: set Security Level=10.";
            if (!result && first >= 0x20 && first < 0x7F) return "The peer speaks a text protocol; this is not the superserver port of an IRIS server.";
        } catch (const boost::system::system_error&) {
            // No second look: the standard advice stands.
        }
        return standard;
    }

    void second_factor() {
        if (db_.two_factor_required()) {
            throw error(diagnostic{errc::second_factor_required, "28000", 417, step::second_factor, "The server wants a second factor for this account",
                                   "Set TwoFactorToken or TwoFactorCommand.", false, 0});
        }
        say("none is due");
    }

    void statement() {
        auto rows = db_.query("SELECT 1");
        if (!rows.next() || rows.current().get<std::int64_t>(0) != 1)
            throw error(diagnostic{errc::protocol_error, "HY000", 0, step::statement, "SELECT 1 did not give 1", "", false, 0});
        say("SELECT 1 works");
    }

    const connect_options* target_;
    std::shared_ptr<const driver::connection_settings> settings_;
    std::vector<asio::ip::tcp::endpoint> addresses_;
    connection db_;
};

}  // namespace

int run_doctor(const connect_options& target) {
    return doctor(target).run();
}

}  // namespace irislink::cli
