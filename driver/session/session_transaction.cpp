// Transactions, and the state of a session as a whole.

#include "driver/session/session_io.hpp"
#include "wire/messages/login.hpp"

namespace irislink::driver {

asio::awaitable<void> session::finish_transaction(bool commit) {
    require_alive(step::statement);
    co_await settle();
    wire::message reply;
    if (commit) {
        reply = co_await exchange(wire::commit_request{}, 0, step::statement);
    } else {
        reply = co_await exchange(wire::rollback_request{}, 0, step::statement);
    }
    if (reply.status() != wire::status::ok) co_await raise(reply.status(), step::statement);
}

asio::awaitable<void> session::set_autocommit(bool on) {
    require_alive(step::statement);
    if (on == autocommit_) co_return;
    co_await settle();
    // An open transaction is committed by us, where a failure can still be told: AN has no answer.
    if (on) co_await finish_transaction(true);
    if (on) {
        (void)put(wire::autocommit_on_request{}, 0);
    } else {
        (void)put(wire::autocommit_off_request{}, 0);
    }
    co_await send(step::statement);
    autocommit_ = on;
}

asio::awaitable<int> session::set_isolation(int level) {
    require_alive(step::statement);
    co_await settle();
    const auto reply = co_await exchange(wire::isolation_request{level}, 0, step::statement);
    if (reply.status() != wire::status::ok) co_await raise(reply.status(), step::statement);
    wire::integer_reply now;
    decode(reply, now, step::statement);
    if (level != 0 && now.value != level)
        throw error(diagnostic{
            errc::server_error, "HY000", 460, step::statement,
            "The server uses isolation level " + std::to_string(now.value) + " instead of " + std::to_string(level), "", false, 0});
    co_return static_cast<int>(now.value);
}

asio::awaitable<void> session::ping() {
    require_alive(step::statement);
    co_await settle();
    const auto reply = co_await exchange(wire::ping_request{}, 0, step::statement);
    if (reply.status() != wire::status::ok) co_await raise(reply.status(), step::statement);
}

asio::awaitable<void> session::reset() {
    require_alive(step::statement);
    co_await settle();
    new_epoch();
    wire::reset_request request;
    request.autocommit = settings_->autocommit ? 1 : 2;
    (void)put(request, 0);
    co_await send(step::statement);
    autocommit_ = settings_->autocommit;
    // RN has no answer: a ping shows that the server took it.
    co_await ping();
    if (settings_->isolation > 1) co_await set_isolation(settings_->isolation);
}

} // namespace irislink::driver
