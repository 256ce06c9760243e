#pragma once
// The byte stream under a session: the seam that TLS and GSS fill. One alternative per transport; a
// stream is never reused for a second connection. Belongs to its executor's thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <variant>

#include "driver/transport/gss_stream.hpp"
#include "driver/transport/tls_stream.hpp"

namespace irislink::driver {

namespace asio = boost::asio;

using plain_stream = asio::ip::tcp::socket;

class any_stream {
public:
    explicit any_stream(plain_stream socket) : stream_(std::move(socket)) {}

    explicit any_stream(tls_stream line) : stream_(std::move(line)) {}

    explicit any_stream(gss_stream line) : stream_(std::move(line)) {}

    [[nodiscard]] asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) {
        co_return co_await std::visit([into](auto& s) { return s.async_read_some(into, asio::use_awaitable); }, stream_);
    }

    // One write per request: all of it, or an exception.
    [[nodiscard]] asio::awaitable<void> write(asio::const_buffer data) {
        co_await std::visit([data](auto& s) { return write_all(s, data); }, stream_);
    }

    void close() noexcept {
        boost::system::error_code ignored;
        lowest().close(ignored);
    }

    [[nodiscard]] plain_stream& lowest() noexcept {
        return std::visit([](auto& s) -> plain_stream& { return lowest_of(s); }, stream_);
    }

    // Null when the line is something else.
    [[nodiscard]] tls_stream* tls() noexcept { return std::get_if<tls_stream>(&stream_); }

private:
    static asio::awaitable<void> write_all(plain_stream& to, asio::const_buffer data) { co_await asio::async_write(to, data, asio::use_awaitable); }

    static asio::awaitable<void> write_all(gss_stream& to, asio::const_buffer data) { return to.write(data); }

    static asio::awaitable<void> write_all(tls_stream& to, asio::const_buffer data) { return to.write(data); }

    static plain_stream& lowest_of(plain_stream& s) noexcept { return s; }

    static plain_stream& lowest_of(gss_stream& s) noexcept { return s.lowest(); }

    static plain_stream& lowest_of(tls_stream& s) noexcept { return s.lowest(); }

    std::variant<plain_stream, tls_stream, gss_stream> stream_;
};

} // namespace irislink::driver
