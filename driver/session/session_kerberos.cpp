#include <boost/asio/use_awaitable.hpp>

#include "driver/session/session.hpp"
#include "driver/transport/off_thread.hpp"
#include "wire/security/gss_packet.hpp"
#include "wire/security/preamble.hpp"

namespace irislink::driver {
namespace {

constexpr std::size_t context_token_limit = std::size_t{64} << 10U; // tickets with many groups included
constexpr int most_rounds = 8;

// What one step in a thread of its own works on; the thread may outlive whoever waits for it.
struct token_step {
    token_step(const kerberos_settings& settings, const std::string& host, security_level level) : mechanism(settings, host, level) {}

    gss_initiator mechanism;
    wire::byte_buffer from_server;
    wire::byte_buffer to_server;
    bool done{false};
};

} // namespace

// Preamble, tokens, and from then on what the level says. With no ticket nothing is sent at all.
asio::awaitable<void> session::start_kerberos(endpoint target) {
    const auto fail = [this](const std::string& text, const std::string& hint) { lost(errc::kerberos_failed, step::kerberos, text, hint, 459); };
    const auto level = settings_->level;
    const auto work = std::make_shared<token_step>(settings_->kerberos, target.host, level);
    const std::function<void()> next = [work] { work->done = work->mechanism.step(work->from_server, work->to_server); };
    wire::gss_packet_splitter splitter(context_token_limit);
    const auto preamble = wire::encode_preamble(static_cast<wire::gss_level>(level));
    wire::byte_buffer out(preamble.begin(), preamble.end());
    try {
        for (int round = 0;; ++round) {
            co_await off_thread(executor_, next);
            if (!work->to_server.empty()) {
                if (const auto failed = wire::append_gss_packet(out, work->to_server)) throw kerberos_fault("No token could be sent: " + failed.message(), "");
                co_await stream_->write(asio::buffer(out));
                out.clear();
            }
            if (work->done) break;
            if (round == most_rounds) throw kerberos_fault("The Kerberos exchange does not end", "The server is broken.");
            wire::bytes_view token;
            std::error_code malformed;
            while (!splitter.next(token, malformed)) {
                if (malformed)
                    throw kerberos_fault(
                        "What answers is no Kerberos token: " + malformed.message(), "Check host and port; the server may not speak Kerberos."
                    );
                const auto room = splitter.prepare();
                splitter.commit(co_await stream_->read_some(asio::buffer(room.data(), room.size())));
            }
            work->from_server.assign(token.begin(), token.end());
        }
        // Bytes that came before it was our turn were put in by somebody else.
        if (splitter.buffered() != 0) throw kerberos_fault("Bytes came behind the server's Kerberos token", "Somebody may be changing the traffic.");
    } catch (const kerberos_fault& fault) {
        fail(fault.what(), fault.hint());
    } catch (const boost::system::system_error& broken) {
        if (broken.code() == asio::error::operation_aborted || dead_) throw;
        fail(
            "The server ended the connection during the Kerberos login: " + (broken.code() == asio::error::eof ? "closed" : broken.code().message()),
            "Security Level " + std::to_string(static_cast<int>(level)) + " may be below what the server accepts, or it has no Kerberos; try a higher level."
        );
    }
    facts_.kerberos = work->mechanism.facts();
    if (level != security_level::kerberos) stream_.emplace(gss_stream(std::move(stream_->lowest()), work->mechanism.take()));
    log(log_level::info,
        log_line("kerberos").add("principal", facts_.kerberos.principal).add("service", facts_.kerberos.service).add("level", facts_.kerberos.level));
}

} // namespace irislink::driver
