#include "driver/session/session_io.hpp"

#include "driver/error/sqlstate_table.hpp"

namespace irislink::driver {
namespace {

// A block of rows in one read, where the line is fast enough to have it there.
constexpr std::size_t read_size = std::size_t{64} << 10U;
constexpr std::size_t largest_kept_buffer = std::size_t{4} << 20U;

// What may be behind a line that ends before the login is through.
std::string hint_of_end(step at, bool over_tls) {
    if (at != step::hello && at != step::login) return {};
    if (over_tls) return "TLS itself is well: the server may refuse this address or this service, or not be an IRIS superserver. Its log says which.";
    return "The server may want TLS or Kerberos (Security Level), refuse this address, or not be an IRIS superserver.";
}

} // namespace

session::session(std::shared_ptr<const connection_settings> settings)
    : settings_(std::move(settings)), own_context_(std::make_unique<asio::io_context>(1)), executor_(own_context_->get_executor()) {}

session::session(std::shared_ptr<const connection_settings> settings, asio::any_io_executor executor)
    : settings_(std::move(settings)), executor_(std::move(executor)) {}

session::~session() {
    die();
}

void session::die() noexcept {
    dead_ = true;
    alive_ = false;
    if (stream_) stream_->close();
    outstanding_.reset();
    settling_ = false;
}

void session::lost(errc code, step at, std::string text, std::string hint, int native) {
    die();
    log(log_level::error, log_line("connection_lost").add("step", to_string(at)).add("reason", text));
    std::string state = code == errc::protocol_error || code == errc::connection_lost ? "08S01" : "HY000";
    if (native != 461) state = sqlstate_of(native);
    throw error(diagnostic{code, std::move(state), native, at, std::move(text), std::move(hint), true, 0});
}

void session::require_alive(step at) const {
    if (!stream_) throw error(diagnostic{errc::not_connected, "08003", 0, at, "There is no connection", "Connect first.", true, 0});
    if (dead_) throw error(diagnostic{errc::connection_lost, "08S01", 461, at, "The connection was closed after an earlier error", "Connect again.", true, 0});
    if (second_factor_pending_ && at != step::second_factor && at != step::disconnect)
        throw error(diagnostic{
            errc::second_factor_required, "28000", native::second_factor_pending, step::second_factor, "The server waits for the second factor",
            "Send the code, or set TwoFactorToken, TwoFactorCommand or a callback.", false, 0});
}

void session::log(log_level level, const log_line& line) const {
    line.write(settings_->log, level);
}

asio::awaitable<void> session::send(step at, bool secret) {
    boost::system::error_code failed;
    try {
        co_await stream_->write(asio::buffer(out_));
    } catch (const boost::system::system_error& failure) {
        wire::secure_zero(out_.data(), out_.size());
        out_.clear();
        if (failure.code() == asio::error::operation_aborted) throw;
        failed = failure.code();
    }
    if (failed) {
        // What the server said before it went may still be there to read.
        if (stream_->tls() != nullptr && !stream_->tls()->heard()) {
            try {
                std::byte last{};
                (void)co_await stream_->read_some(asio::buffer(&last, 1));
            } catch (const boost::system::system_error& failure) {
                if (failure.code() == asio::error::operation_aborted) throw;
                if (tls_stream::is_tls(failure.code())) failed = failure.code();
            }
        }
        explain_late_refusal(failed);
        lost(errc::connection_lost, at, "The connection broke while sending: " + failed.message(), hint_of_end(at, stream_->tls() != nullptr));
    }
    if (secret) wire::secure_zero(out_.data(), out_.size());
    out_.clear();
    // A batch may have been large; what it took is not kept for ever.
    if (out_.capacity() > largest_kept_buffer) wire::byte_buffer().swap(out_);
}

// The next message if it is here already.
bool session::take_message(wire::message& into, step at) {
    std::error_code malformed;
    if (assembler_.next(into, malformed)) return true;
    if (malformed) lost(errc::protocol_error, at, "The server's answer is malformed: " + malformed.message());
    return false;
}

asio::awaitable<void> session::read_more(step at) {
    const auto room = assembler_.prepare(read_size);
    std::size_t got = 0;
    std::string reason;
    try {
        got = co_await stream_->read_some(asio::buffer(room.data(), room.size()));
    } catch (const boost::system::system_error& failure) {
        if (failure.code() == asio::error::operation_aborted) throw;
        explain_late_refusal(failure.code());
        reason =
            failure.code() == asio::error::eof || tls_stream::is_truncation(failure.code()) ? "the server closed the connection" : failure.code().message();
    }
    if (!reason.empty()) {
        lost(errc::connection_lost, at, "Communication link failure: " + reason, hint_of_end(at, stream_->tls() != nullptr));
    }
    assembler_.commit(got);
}

asio::awaitable<wire::message> session::receive(step at) {
    wire::message reply;
    while (!take_message(reply, at)) co_await read_more(at);
    if (trace_) trace_->received(reply);
    co_return reply;
}

// A ROWS message. The next one is asked for as soon as the header of this one says that there is one,
// while its body is still on its way.
asio::awaitable<wire::message> session::receive_block(std::shared_ptr<result_state> result, std::uint32_t id, step at) {
    wire::message reply;
    while (!take_message(reply, at)) {
        wire::frame_header head;
        if (!result->asked && assembler_.peek_header(head) && head.id == id && head.statement == result->statement && !head.more &&
            head.code.value == wire::status::ok)
            co_await ask_for_more(result);
        co_await read_more(at);
    }
    if (trace_) trace_->received(reply);
    expect(reply, id, result->statement);
    co_return reply;
}

// A reply repeats the ids of its request; anything else means that the line is out of step.
void session::expect(const wire::message& reply, std::uint32_t id, std::uint32_t statement) {
    if (reply.id == id && reply.statement == statement) return;
    lost(
        errc::protocol_error, step::statement, "Message sequencing error: the answer does not belong to the request",
        "The peer may not be an IRIS superserver.", 452
    );
}

// The text of a status by OE, and the error made of it. The server's words stay untouched.
asio::awaitable<error> session::server_error(std::uint16_t status, step at) {
    wire::text_reply text;
    const auto reply = co_await exchange(wire::error_text_request{status}, 0, at);
    if (reply.status() == wire::status::ok && !reply.body.empty()) decode(reply, text, at);
    if (text.text.empty()) text.text = builtin_text(status);
    diagnostic out{errc::server_error, std::string(sqlstate_of(status)), -static_cast<int>(status), at, text.text, std::string(hint_of(status, at)), false, 0};
    if (status == wire::status::cancelled) out.code = errc::cancelled;
    if (status == wire::status::timeout) out.code = errc::timed_out;
    if (status == wire::status::security) out.code = errc::login_refused;
    // A server that says its process or line is broken is believed. A refusal of rights is not that.
    if (is_fatal(status) && status != wire::status::security && status != native::bad_login && status != native::bad_namespace) {
        die();
        out.fatal = true;
    }
    co_return error(std::move(out));
}

asio::awaitable<void> session::raise(std::uint16_t status, step at) {
    const auto why = co_await server_error(status, at);
    throw why;
}

} // namespace irislink::driver
