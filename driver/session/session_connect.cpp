#include <netinet/tcp.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>

#include "driver/auth/token_command.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "driver/session/session_io.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::driver {
namespace {

std::string host_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

std::string os_user() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) return found->pw_name;
    return std::to_string(::geteuid());
}

std::string program_name() {
    std::array<char, 1024> path{};
    const auto size = ::readlink("/proc/self/exe", path.data(), path.size());
    if (size <= 0) return "irislink";
    const std::string_view text(path.data(), static_cast<std::size_t>(size));
    return std::string(text.substr(text.rfind('/') + 1));
}

std::string printable(const endpoint& to) {
    return (to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]") + ":" + std::to_string(to.port);
}

}  // namespace

asio::awaitable<void> session::connect() {
    if (stream_ && !dead_) throw error(diagnostic{errc::out_of_sequence, "08002", 0, step::connect, "The connection is open already", "", false, 0});
    if (settings_->level != security_level::password)
        throw error(diagnostic{errc::bad_settings, "HYC00", 459, settings_->level == security_level::tls ? step::tls : step::kerberos,
                               "Security level " + std::to_string(static_cast<int>(settings_->level)) + " is not available in this build",
                               "Nothing was sent: a connection is never made with less protection than asked for.", true, 0});
    if (settings_->trace) trace_ = std::make_unique<wire_trace>(settings_->trace_file, "connection to " + printable(settings_->endpoints.front()));
    co_await open_line();
    co_await login();
    if (!settings_->two_factor_token.empty() || !settings_->two_factor_command.empty() || settings_->two_factor) co_await second_factor();
    if (settings_->isolation > 1) co_await set_isolation(settings_->isolation);
}

// Name resolution and TCP, all addresses of all hosts in order.
asio::awaitable<void> session::open_line() {
    std::string failures;
    bool resolved = false;
    for (const auto& target : settings_->endpoints) {
        boost::system::error_code failed;
        asio::ip::tcp::resolver resolver(executor_);
        const auto addresses = co_await resolver.async_resolve(target.host, std::to_string(target.port), asio::ip::tcp::resolver::numeric_service,
                                                               asio::redirect_error(asio::use_awaitable, failed));
        if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
        if (failed) {
            failures += (failures.empty() ? "" : "; ") + target.host + ": " + failed.message();
            continue;
        }
        resolved = true;
        for (const auto& address : addresses) {
            asio::ip::tcp::socket socket(executor_);
            co_await socket.async_connect(address.endpoint(), asio::redirect_error(asio::use_awaitable, failed));
            if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
            if (failed) {
                failures += (failures.empty() ? "" : "; ") + address.endpoint().address().to_string() + ":" + std::to_string(target.port) + ": " + failed.message();
                log(1, "event=connect_failed address=" + address.endpoint().address().to_string() + " reason=\"" + failed.message() + "\"");
                continue;
            }
            boost::system::error_code ignored;
            socket.set_option(asio::ip::tcp::no_delay(true), ignored);
            if (settings_->keep_alive) socket.set_option(asio::socket_base::keep_alive(true), ignored);
            stream_.emplace(std::move(socket));
            dead_ = false;
            assembler_ = wire::frame_assembler();
            facts_.address = printable(target);
            log(2, "event=connected address=" + facts_.address);
            co_return;
        }
    }
    throw error(diagnostic{resolved ? errc::connect_failed : errc::resolve_failed, "08001", 461, resolved ? step::connect : step::resolve, failures,
                           resolved ? "Check that the server runs, that the port is right and that no firewall is in between." : "Check the host name.", true, 0});
}

asio::awaitable<void> session::login() {
    format_ = {};
    next_id_ = 1;
    const auto hello = co_await exchange(wire::hello_request{wire::newest_protocol}, 0, step::hello);
    const auto refused = [this](const wire::message& reply, step at) {
        wire::refusal_reply why;
        const bool readable = !wire::decode_body(reply.body, format_, why);
        std::string text = readable && !why.text.empty() ? why.text : std::string(builtin_text(reply.status()));
        die();
        throw error(diagnostic{errc::login_refused, std::string(sqlstate_of(reply.status())), static_cast<int>(reply.status()), at,
                               std::move(text), std::string(hint_of(reply.status(), at)), true, 0});
    };
    if (hello.status() != wire::status::ok) refused(hello, step::hello);
    wire::hello_reply agreed;
    decode(hello, agreed, step::hello);
    if (agreed.protocol < wire::oldest_protocol || agreed.protocol > wire::newest_protocol)
        lost(errc::protocol_error, step::hello, "The server speaks protocol version " + std::to_string(agreed.protocol) + "; 57 to 69 are understood", "", 413);
    format_ = agreed.format();

    wire::login_request request;
    request.name_space = settings_->name_space;
    request.user = wire::secret(settings_->user);
    request.password = settings_->password.clone();
    request.os_user = os_user();
    request.machine = host_name();
    request.application = settings_->application.empty() ? program_name() : settings_->application;
    boost::system::error_code ignored;
    request.address = stream_->lowest().local_endpoint(ignored).address().to_string();
    request.autocommit = settings_->autocommit;
    request.isolation = 0;  // anything else is set by IL, whose answer can be checked (wire-session 4.5)
    request.features = settings_->feature_option;
    const auto id = put(request, 0);
    try {
        co_await stream_->write(asio::buffer(out_));
    } catch (...) {
        wire::secure_zero(out_.data(), out_.size());
        out_.clear();
        throw;
    }
    wire::secure_zero(out_.data(), out_.size());
    out_.clear();
    const auto reply = co_await receive(step::login);
    expect(reply, id, 0);
    if (reply.status() != wire::status::ok) refused(reply, step::login);
    wire::login_reply accepted;
    decode(reply, accepted, step::login);
    if ((accepted.features & ~settings_->feature_option) != 0)
        lost(errc::protocol_error, step::login, "The server granted features that were not asked for");
    format_.features = accepted.features;
    facts_.version = accepted.server_version;
    facts_.protocol = agreed.protocol;
    facts_.job = accepted.job;
    facts_.features = accepted.features;
    facts_.delimited_identifiers = accepted.delimited_identifiers;
    facts_.unicode = format_.unicode;
    job_ = accepted.job;
    autocommit_ = settings_->autocommit;
    logged_in_ = true;
    if (settings_->fetch_bytes > 0) {
        const auto sized = co_await exchange(wire::query_prefetch_request{settings_->fetch_bytes}, 0, step::login);
        if (sized.status() != wire::status::ok) log(1, "event=fetch_bytes_refused status=" + std::to_string(sized.status()));
    }
    log(2, "event=login user=" + settings_->user + " namespace=" + settings_->name_space + " protocol=" + std::to_string(agreed.protocol));
}

asio::awaitable<bool> session::two_factor_required() {
    require_alive(step::second_factor);
    const auto reply = co_await exchange(wire::second_factor_query{}, 0, step::second_factor);
    if (reply.status() != wire::status::ok) throw co_await server_error(reply.status(), step::second_factor);
    wire::second_factor_query_reply answer;
    decode(reply, answer, step::second_factor);
    second_factor_pending_ = answer.required;
    co_return answer.required;
}

asio::awaitable<void> session::send_two_factor(wire::secret token) {
    require_alive(step::second_factor);
    boost::system::error_code ignored;
    const auto peer = stream_->lowest().remote_endpoint(ignored).address();
    if (!peer.is_loopback() && !settings_->allow_token_in_clear)
        throw error(diagnostic{errc::second_factor_refused, "28000", 417, step::second_factor, "A one-time code is not sent over an unprotected line",
                               "Use Security Level 10 or 3, or set AllowTokenInClear=1.", false, 0});
    wire::second_factor_token request;
    request.token = std::move(token);
    const auto id = put(request, 0);
    co_await stream_->write(asio::buffer(out_));
    wire::secure_zero(out_.data(), out_.size());
    out_.clear();
    const auto reply = co_await receive(step::second_factor);
    expect(reply, id, 0);
    if (reply.status() == wire::status::ok) {
        second_factor_pending_ = false;
        co_return;
    }
    // A refused code ends the connection; a code is never sent twice (decision 17).
    const auto refused = co_await server_error(reply.status(), step::second_factor);
    die();
    throw error(diagnostic{errc::second_factor_refused, "28000", 417, step::second_factor, refused.text(), "Connect again with a new code.", true, 0});
}

asio::awaitable<void> session::second_factor() {
    if (!co_await two_factor_required()) co_return;
    wire::secret token;
    if (!settings_->two_factor_token.empty()) {
        token = settings_->two_factor_token.clone();
    } else if (settings_->two_factor) {
        auto text = settings_->two_factor();
        token = wire::secret(text);
        wire::secure_zero(text.data(), text.size());
    } else {
        token = run_token_command(settings_->two_factor_command);
    }
    co_await send_two_factor(std::move(token));
}

asio::awaitable<void> session::disconnect() {
    if (!stream_ || dead_) {
        die();
        co_return;
    }
    next_id_ = 1;
    const auto start = out_.size();
    if (!wire::append_request(out_, wire::disconnect_request{}, 0, 0, format_)) {
        if (trace_) trace_->sent(wire::bytes_view(out_).subspan(start));
        try {
            co_await stream_->write(asio::buffer(out_));
        } catch (const boost::system::system_error&) {
            // The peer is gone already: that is what was wanted.
        }
    }
    out_.clear();
    die();
}

asio::awaitable<std::int64_t> session::cancel_job(std::int64_t job, std::uint32_t statement) {
    co_await open_line();
    co_await login();
    wire::cancel_request request;
    request.job = job;
    request.statement = statement;
    const auto reply = co_await exchange(request, 0, step::cancel);
    const auto status = reply.status();
    if (status != wire::status::ok) {
        auto refused = co_await server_error(status, step::cancel);
        co_await disconnect();
        throw refused;
    }
    co_await disconnect();
    co_return 0;
}

}  // namespace irislink::driver
