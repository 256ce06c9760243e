#include <netinet/tcp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include "driver/auth/access_token.hpp"
#include "driver/auth/token_command.hpp"
#include "driver/config/values.hpp"
#include "driver/error/sqlstate_table.hpp"
#include "driver/session/second_factor.hpp"
#include "driver/session/session_io.hpp"
#include "driver/transport/resolver.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::driver {
namespace {

// For a person to find the telephone and type what it shows.
constexpr std::chrono::seconds time_to_type{300};

// Nothing that comes before the login is long.
constexpr std::size_t login_message_limit = std::size_t{1} << 20U;

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

} // namespace

asio::awaitable<void> session::connect() {
    if (alive_) throw error(diagnostic{errc::out_of_sequence, "08002", 0, step::connect, "The connection is open already", "", false, 0});
    if (settings_->trace) trace_ = std::make_unique<wire_trace>(settings_->trace_file, "connection to " + printable(settings_->endpoints.front()));
    co_await open_line();
    enter(step::login);
    co_await login();
    const auto& in = *settings_;
    if (has_second_factor(in)) {
        co_await second_factor();
    } else if (asks_for_second_factor(in)) {
        (void)co_await two_factor_required();
    }
    if (!second_factor_pending_) co_await apply_settings();
    connected_ = true;
}

asio::awaitable<void> session::apply_settings() {
    if (settings_->fetch_bytes > 0) {
        const auto sized = co_await exchange(wire::query_prefetch_request{settings_->fetch_bytes}, 0, step::login);
        if (sized.status() != wire::status::ok) log(log_level::warning, log_line("fetch_bytes_refused").add("status", sized.status()));
    }
    if (settings_->isolation > 1) (void)co_await set_isolation(settings_->isolation);
}

namespace {

// A connect attempt and the timer that may end it; outlives the coroutine if it must.
struct attempt {
    explicit attempt(const asio::any_io_executor& executor) : socket(executor), limit(executor) {}

    void arm(std::chrono::milliseconds time, const std::shared_ptr<attempt>& self) {
        limit.expires_after(time);
        limit.async_wait([self](boost::system::error_code stopped) {
            if (stopped || self->done) return;
            self->late = true;
            boost::system::error_code ignored;
            self->socket.close(ignored);
        });
    }

    asio::ip::tcp::socket socket;
    asio::steady_timer limit;
    bool done{false};
    bool late{false};
};

} // namespace

// Name resolution and TCP: all addresses of all hosts in order. With several of them none may use up
// the time of the others.
asio::awaitable<void> session::open_line() {
    using clock = std::chrono::steady_clock;
    co_await prepare_line();
    const auto state = current_run_.lock();
    const auto until = state ? state->timer.expiry() : clock::now() + settings_->connect_timeout;
    std::string failures;
    const auto failed_at = [&](const std::string& where, const std::string& why) {
        failures += (failures.empty() ? "" : "; ") + where + ": " + why;
        log(log_level::warning, log_line("connect_failed").add("address", where).add("reason", why));
    };
    bool any_address = false;
    auto hosts_left = settings_->endpoints.size();
    for (const auto& target : settings_->endpoints) {
        --hosts_left;
        mark(step::resolve);
        const auto found = co_await resolve(executor_, target.host, target.port);
        mark(step::connect);
        if (found.addresses.empty()) {
            failed_at(target.host, found.failure);
            continue;
        }
        any_address = true;
        auto left = found.addresses.size() + hosts_left;
        for (const auto& address : found.addresses) {
            const auto one = std::make_shared<attempt>(executor_);
            if (left > 1 && settings_->connect_timeout.count() > 0) {
                const auto time = std::chrono::duration_cast<milliseconds>(until - clock::now());
                one->arm(std::max(time / static_cast<std::int64_t>(left), milliseconds(1)), one);
            }
            --left;
            boost::system::error_code failed;
            co_await one->socket.async_connect(address, asio::redirect_error(asio::use_awaitable, failed));
            one->done = true;
            one->limit.cancel();
            if (failed) {
                if (failed == asio::error::operation_aborted && !one->late) throw boost::system::system_error(failed);
                failed_at(printable({address.address().to_string(), target.port}), one->late ? "no answer" : failed.message());
                continue;
            }
            boost::system::error_code ignored;
            one->socket.set_option(asio::ip::tcp::no_delay(settings_->tcp_no_delay), ignored);
            if (settings_->receive_buffer > 0) one->socket.set_option(asio::socket_base::receive_buffer_size(settings_->receive_buffer), ignored);
            if (settings_->send_buffer > 0) one->socket.set_option(asio::socket_base::send_buffer_size(settings_->send_buffer), ignored);
            if (settings_->keep_alive) one->socket.set_option(asio::socket_base::keep_alive(true), ignored);
            stream_.emplace(std::move(one->socket));
            dead_ = false;
            alive_ = true;
            assembler_ = wire::frame_assembler(login_message_limit);
            facts_.address = printable(target);
            log(log_level::info, log_line("connected").add("address", facts_.address));
            co_await protect_line(target);
            co_return;
        }
    }
    const auto code = any_address ? native::connect_failed : native::resolve_failed;
    throw error(diagnostic{
        any_address ? errc::connect_failed : errc::resolve_failed, std::string(sqlstate_of(code)), code, any_address ? step::connect : step::resolve, failures,
        std::string(hint_of(code)), true, 0});
}

asio::awaitable<void> session::prepare_line() {
    if (settings_->level == security_level::tls) {
        mark(step::tls);
        read_tls_files();
    } else if (settings_->kerberos_level()) {
        mark(step::kerberos);
        co_await find_tickets();
    }
}

// What the level asks for, or an exception: there is no other way out, and no second try with less.
asio::awaitable<void> session::protect_line(endpoint target) {
    switch (settings_->level) {
    case security_level::password: co_return;
    case security_level::tls:
        mark(step::tls);
        co_await start_tls(std::move(target));
        co_return;
    case security_level::kerberos:
    case security_level::integrity:
    case security_level::encryption:
        mark(step::kerberos);
        co_await start_kerberos(std::move(target));
        co_return;
    }
    lost(errc::bad_settings, step::connect, "No such security level", "", 459);
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
        // The account is right and its password is too old: its owner can do something about it.
        if (same_text(text, builtin_text(native::password_change_required)))
            throw error(diagnostic{
                errc::password_change_required, "28000", native::password_change_required, at, std::move(text),
                std::string(hint_of(native::password_change_required, at)), true, 0});
        throw error(diagnostic{
            errc::login_refused, std::string(sqlstate_of(reply.status())), static_cast<int>(reply.status()), at, std::move(text),
            std::string(hint_of(reply.status(), at)), true, 0});
    };
    if (hello.status() != wire::status::ok) refused(hello, step::hello);
    wire::hello_reply agreed;
    decode(hello, agreed, step::hello);
    if (agreed.protocol < wire::oldest_protocol || agreed.protocol > wire::newest_protocol)
        lost(errc::protocol_error, step::hello, "The server speaks protocol version " + std::to_string(agreed.protocol) + "; 57 to 69 are understood", "", 413);
    format_ = agreed.format();

    wire::login_request request;
    request.name_space = settings_->name_space;
    if (auto token = access_token_of(*settings_); !token.empty()) {
        // A null user beside the token is what marks it (wire-session 4.7).
        require_private_line(step::login, "An access token");
        request.password = std::move(token);
    } else if (settings_->level == security_level::password || settings_->level == security_level::tls) {
        request.user = wire::secret(settings_->user);
        request.password = settings_->password.clone();
        boost::system::error_code failed;
        if (settings_->level == security_level::password && !request.password.empty() && !stream_->lowest().remote_endpoint(failed).address().is_loopback())
            log(log_level::warning, log_line("password_in_clear").add("address", facts_.address).add("reason", "level 0 does not protect it"));
    }
    request.os_user = os_user();
    request.machine = host_name();
    request.application = settings_->application.empty() ? program_name() : settings_->application;
    boost::system::error_code ignored;
    request.address = stream_->lowest().local_endpoint(ignored).address().to_string();
    request.autocommit = settings_->autocommit;
    request.isolation = 0; // anything else is set by IL, whose answer can be checked (wire-session 4.5)
    request.features = settings_->feature_option;
    // Room beforehand: a buffer that grows would leave copies of the password behind.
    out_.reserve(4096 + 8 * request.password.reveal().size());
    const auto id = put(request, 0);
    co_await send(step::login, true);
    const auto reply = co_await receive(step::login);
    expect(reply, id, 0);
    if (reply.status() != wire::status::ok) refused(reply, step::login);
    wire::login_reply accepted;
    decode(reply, accepted, step::login);
    if ((accepted.features & ~settings_->feature_option) != 0) lost(errc::protocol_error, step::login, "The server granted features that were not asked for");
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
    assembler_.set_message_limit(wire::default_message_limit);
    log(log_level::info,
        log_line("login").add("user", settings_->user).add("namespace", settings_->name_space).add("protocol", agreed.protocol).add("job", accepted.job));
}

asio::awaitable<bool> session::two_factor_required() {
    require_alive(step::second_factor);
    const auto reply = co_await exchange(wire::second_factor_query{}, 0, step::second_factor);
    if (reply.status() != wire::status::ok) co_await raise(reply.status(), step::second_factor);
    wire::second_factor_query_reply answer;
    decode(reply, answer, step::second_factor);
    second_factor_pending_ = answer.required;
    second_factor_wanted_ = second_factor_wanted_ || answer.required;
    co_return answer.required;
}

// Tokens cross TLS, level 3 or loopback (decision 18).
void session::require_private_line(step at, const std::string& what) {
    if (settings_->level == security_level::tls || settings_->level == security_level::encryption || settings_->allow_token_in_clear) return;
    boost::system::error_code failed;
    const auto peer = stream_->lowest().remote_endpoint(failed).address();
    if (!failed && peer.is_loopback()) return;
    die();
    throw error(diagnostic{
        errc::second_factor_refused, "28000", native::clear_token_refused, at, what + " is not sent over an unprotected line",
        std::string(hint_of(native::clear_token_refused, at)), true, 0});
}

asio::awaitable<void> session::send_two_factor(wire::secret token) {
    require_alive(step::second_factor);
    require_private_line(step::second_factor, "A one-time code");
    wire::second_factor_token request;
    request.token = std::move(token);
    const auto id = put(request, 0);
    co_await send(step::second_factor, true);
    const auto reply = co_await receive(step::second_factor);
    expect(reply, id, 0);
    if (reply.status() == wire::status::ok) {
        const bool was_pending = std::exchange(second_factor_pending_, false);
        // During connect() the settings follow anyway.
        if (was_pending && connected_) co_await apply_settings();
        co_return;
    }
    // A refused code ends the connection; a code is never sent twice (decision 17).
    const auto refused = co_await server_error(reply.status(), step::second_factor);
    die();
    throw error(diagnostic{errc::second_factor_refused, "28000", 417, step::second_factor, refused.text(), "Connect again with a new code.", true, 0});
}

// The code may come at any time and from any thread: a timer is what the coroutine waits for.
asio::awaitable<wire::secret> session::token_of_callback() {
    struct answer {
        explicit answer(const asio::any_io_executor& executor) : arrival(executor) {}

        asio::steady_timer arrival;
        wire::secret token;
        bool given{false};
    };

    const auto waiting = std::make_shared<answer>(executor_);
    waiting->arrival.expires_after(time_to_type);
    if (const auto state = current_run_.lock()) state->enter(step::second_factor, time_to_type + std::chrono::seconds(1));
    // The receiver may outlive the session: it owns nothing of it.
    settings_->two_factor_async([to = std::weak_ptr(waiting), session = weak_from_this()](std::string text) {
        auto token = std::make_shared<wire::secret>(text);
        wire::secure_zero(text.data(), text.size());
        const auto alive = session.lock();
        if (!alive) return;
        asio::post(alive->executor_, [to, token] {
            const auto target = to.lock();
            if (!target || std::exchange(target->given, true)) return;
            target->token = std::move(*token);
            target->arrival.cancel();
        });
    });
    boost::system::error_code ended;
    if (!waiting->given) co_await waiting->arrival.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (!waiting->given) lost(errc::timed_out, step::second_factor, "No code was given in time", "Connect again.", native::login_timeout);
    co_return std::move(waiting->token);
}

asio::awaitable<void> session::second_factor() {
    if (!co_await two_factor_required()) co_return;
    wire::secret token;
    if (!settings_->two_factor_token.empty()) {
        if (settings_->token_used->exchange(true)) {
            die();
            throw error(diagnostic{
                errc::second_factor_required, "28000", native::second_factor_missing, step::second_factor,
                "TwoFactorToken was used by an earlier connection; a code is never sent twice",
                "Set a new TwoFactorToken, or TwoFactorCommand or a callback, which give a new code each time.", true, 0});
        }
        token = settings_->two_factor_token.clone();
    } else if (settings_->two_factor) {
        auto text = settings_->two_factor();
        token = wire::secret(text);
        wire::secure_zero(text.data(), text.size());
    } else if (settings_->two_factor_async) {
        token = co_await token_of_callback();
    } else {
        token = run_token_command(settings_->two_factor_command);
    }
    // A person may have taken a minute to type it.
    enter(step::second_factor);
    co_await send_two_factor(std::move(token));
}

asio::awaitable<void> session::disconnect() {
    if (!alive_) {
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

} // namespace irislink::driver
