#include <boost/asio/use_awaitable.hpp>

#include "driver/session/session.hpp"
#include "driver/transport/off_thread.hpp"
#include "wire/security/gss_packet.hpp"
#include "wire/security/preamble.hpp"

namespace irislink::driver {
namespace {

constexpr std::size_t context_token_limit = std::size_t{64} << 10U; // tickets with many groups included
constexpr int most_rounds = 8;

// For a person to type a password.
constexpr std::chrono::seconds time_to_answer{300};

// What one step in a thread of its own works on; the thread may outlive whoever waits for it.
struct token_step {
    token_step(const kerberos_settings& settings, kerberos_lease tickets, const std::string& host, security_level level)
        : mechanism(settings, std::move(tickets), host, level) {}

    gss_initiator mechanism;
    wire::byte_buffer from_server;
    wire::byte_buffer to_server;
    bool done{false};
};

} // namespace

// Tickets by name and password, or as a callback says, before anything is sent to the server: whoever cannot
// have them never shows up there, and a person who types does not use up the server's patience.
asio::awaitable<void> session::find_tickets() {
    const auto& from = settings_->kerberos;
    const auto tickets = from.tickets;
    if (from.source == kerberos_source::cache) co_return;
    try {
        if (from.source == kerberos_source::cache_then_password) {
            const auto found = std::make_shared<bool>(false);
            const std::function<void()> look = [found, ccache = from.ccache, user = from.user] { *found = has_ticket(ccache, user); };
            co_await off_thread(executor_, look);
            if (*found) co_return;
        }
        const auto state = current_run_.lock();
        const bool cancelling = state && state->at == step::cancel;
        const auto got = std::make_shared<std::optional<kerberos_lease>>();
        const std::function<void()> obtain = [got, tickets] { *got = tickets->obtain(); };
        const std::function<void()> ask = [tickets] { tickets->ask(); };
        for (;;) {
            if (tickets->asks() && !cancelling) {
                if (state) state->enter(step::kerberos, time_to_answer);
                co_await off_thread(executor_, ask);
                enter(step::kerberos);
            }
            co_await off_thread(executor_, obtain);
            if (*got) break;
            if (cancelling) throw kerberos_fault("The ticket has run out, and a cancel asks nobody for another", "Connect again.");
        }
        tickets_ = **got;
    } catch (const kerberos_fault& fault) {
        lost(fault.code(), step::kerberos, fault.what(), fault.hint(), fault.native());
    }
}

// Preamble, tokens, and from then on what the level says. With no ticket nothing is sent at all.
asio::awaitable<void> session::start_kerberos(endpoint target) {
    const auto fail = [this](const std::string& text, const std::string& hint) { lost(errc::kerberos_failed, step::kerberos, text, hint, 459); };
    const auto level = settings_->level;
    const auto work = std::make_shared<token_step>(settings_->kerberos, tickets_, target.host, level);
    const std::function<void()> next = [work] { work->done = work->mechanism.step(work->from_server, work->to_server); };
    wire::gss_packet_splitter splitter(context_token_limit);
    const auto preamble = wire::encode_preamble(static_cast<wire::gss_level>(level));
    wire::byte_buffer out(preamble.begin(), preamble.end());
    bool sent = false;
    try {
        for (int round = 0;; ++round) {
            co_await off_thread(executor_, next);
            if (!work->to_server.empty()) {
                if (const auto failed = wire::append_gss_packet(out, work->to_server)) throw kerberos_fault("No token could be sent: " + failed.message(), "");
                co_await stream_->write(asio::buffer(out));
                out.clear();
                sent = true;
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
        // A cache that the callback named may be of no use: the next connection asks again.
        if (!sent && !tickets_.ccache.empty() && !tickets_.keeper) settings_->kerberos.tickets->forget(tickets_);
        fail(fault.what(), fault.hint());
    } catch (const boost::system::system_error& broken) {
        if (broken.code() == asio::error::operation_aborted || dead_) throw;
        fail(
            "The server ended the connection during the Kerberos login: " + (broken.code() == asio::error::eof ? "closed" : broken.code().message()),
            "Security Level " + std::to_string(static_cast<int>(level)) + " may be below what the server accepts, or it has no Kerberos; try a higher level."
        );
    }
    tickets_ = {};
    facts_.kerberos = work->mechanism.facts();
    if (level != security_level::kerberos) stream_.emplace(gss_stream(std::move(stream_->lowest()), work->mechanism.take()));
    log(log_level::info,
        log_line("kerberos").add("principal", facts_.kerberos.principal).add("service", facts_.kerberos.service).add("level", facts_.kerberos.level));
}

} // namespace irislink::driver
