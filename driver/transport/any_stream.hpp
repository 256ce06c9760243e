#pragma once
// The byte stream under a session: the seam that TLS and GSS fill. One alternative per transport; a
// stream is never reused for a second connection. Belongs to its executor's thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <variant>

namespace irislink::driver {

namespace asio = boost::asio;

using plain_stream = asio::ip::tcp::socket;

class any_stream {
public:
    explicit any_stream(plain_stream socket) : stream_(std::move(socket)) {}

    [[nodiscard]] asio::awaitable<std::size_t> read_some(asio::mutable_buffer into) {
        co_return co_await std::visit([into](auto& s) { return s.async_read_some(into, asio::use_awaitable); }, stream_);
    }

    // One write per request: all of it, or an exception.
    [[nodiscard]] asio::awaitable<void> write(asio::const_buffer data) {
        co_await std::visit([data](auto& s) { return asio::async_write(s, data, asio::use_awaitable); }, stream_);
    }

    void close() noexcept {
        boost::system::error_code ignored;
        lowest().close(ignored);
    }

    [[nodiscard]] plain_stream& lowest() noexcept { return std::get<plain_stream>(stream_); }

private:
    std::variant<plain_stream> stream_;
};

} // namespace irislink::driver
