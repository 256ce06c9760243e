#include "driver/error/sqlstate_table.hpp"
#include "driver/session/session.hpp"
#include "driver/transport/tls_context.hpp"

namespace irislink::driver {

void session::read_tls_files() {
    const auto& in = settings_->tls;
    try {
        (void)in.contexts->get(in);
    } catch (const tls_fault& fault) {
        lost(errc::tls_failed, step::tls, fault.what(), fault.hint(), 459);
    }
    // A person may have been asked for the key's password.
    if (in.key_password_provider) enter(step::tls);
}

asio::awaitable<void> session::start_tls(endpoint target) {
    try {
        stream_.emplace(tls_stream(std::move(stream_->lowest()), settings_->tls, target.host));
        auto& line = *stream_->tls();
        co_await line.handshake();
        facts_.tls = line.facts();
    } catch (const tls_fault& fault) {
        lost(errc::tls_failed, step::tls, fault.what(), fault.hint(), 459);
    }
    log(log_level::info, log_line("tls").add("version", facts_.tls.version).add("cipher", facts_.tls.cipher));
}

// With TLS 1.3 the server refuses the client's certificate after the client's side of the handshake is
// over: the refusal is the first thing to be read, or a reset when something was written already. An end
// without a word is about the certificate only when the server asked for one.
void session::explain_late_refusal(const boost::system::error_code& failed) {
    auto* const line = stream_ ? stream_->tls() : nullptr;
    if (line == nullptr || line->heard()) return;
    if (tls_stream::is_end(failed) ? !line->certificate_wanted() : !tls_stream::is_tls(failed)) return;
    const auto fault = line->explain(failed);
    lost(errc::tls_failed, step::tls, fault.what(), fault.hint(), 459);
}

} // namespace irislink::driver
