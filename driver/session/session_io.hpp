#pragma once
// The exchange of messages; templates of session used by its source files.

#include "driver/session/session.hpp"
#include "wire/messages/control.hpp"

namespace irislink::driver {

// Appends a request to what the next send() writes; the id it got.
template <class M> std::uint32_t session::put(const M& request, std::uint32_t statement) {
    return put_as(M::code, request, statement);
}

template <class M> std::uint32_t session::put_as(wire::function_code code, const M& request, std::uint32_t statement) {
    const auto id = next_id_;
    next_id_ = next_id_ > 0x7FFFFFF0U ? 1 : next_id_ + 2;
    const auto start = out_.size();
    if (const auto failed = wire::append_message(out_, request, code, id, statement, format_))
        throw error(diagnostic{
            errc::bad_argument, "22021", 0, step::statement, "The request could not be encoded: " + failed.message(), "Text must be valid UTF-8.", false, 0});
    if (trace_) trace_->sent(wire::bytes_view(out_).subspan(start));
    return id;
}

template <class M> asio::awaitable<wire::message> session::exchange(const M& request, std::uint32_t statement, step at) {
    const auto id = put(request, statement);
    co_await send(at);
    auto reply = co_await receive(at);
    expect(reply, id, statement);
    co_return reply;
}

template <class M> void session::decode(const wire::message& reply, M& out, step at) {
    if (const auto failed = wire::decode_body(reply.body, format_, out))
        lost(errc::protocol_error, at, "The server's answer is malformed: " + failed.message());
}

} // namespace irislink::driver
