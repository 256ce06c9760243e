#include "driver/error/sqlstate_table.hpp"
#include "driver/session/session.hpp"

namespace irislink::driver {

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
// over: the refusal is the first thing to be read, or a reset when something was written already.
void session::explain_late_refusal(const boost::system::error_code& failed) {
    auto* const line = stream_ ? stream_->tls() : nullptr;
    if (line == nullptr || line->heard()) return;
    const bool reset = failed == asio::error::connection_reset || failed == asio::error::broken_pipe;
    if (!reset && !tls_stream::is_tls(failed)) return;
    const auto fault = line->explain(failed);
    lost(errc::tls_failed, step::tls, fault.what(), fault.hint(), 459);
}

} // namespace irislink::driver
