#include "driver/session/session.hpp"

namespace irislink::driver {

asio::awaitable<void> session::start_kerberos(endpoint target) {
    lost(
        errc::bad_settings, step::kerberos,
        "Security level " + std::to_string(static_cast<int>(settings_->level)) + " is not available in this build for " + target.host,
        "Nothing was sent: a connection is never made with less protection than asked for.", 459
    );
    co_return;
}

} // namespace irislink::driver
