#pragma once
// The stream of security levels 2 and 3: every byte in both directions travels in a GSS token behind its
// length (wire-session 3.3). Token boundaries carry no meaning. Belongs to its executor's thread; reads
// and writes may take turns, each of them one at a time. After an error the stream is dead.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "driver/auth/gss_context.hpp"
#include "wire/codec/secret.hpp"
#include "wire/security/gss_packet.hpp"

namespace irislink::driver {

class gss_stream {
public:
    gss_stream(boost::asio::ip::tcp::socket socket, gss_context context) : socket_(std::move(socket)), context_(std::move(context)) {}

    // Some bytes, at least one. Throws boost::system::system_error: of the socket, or of gss_category().
    [[nodiscard]] boost::asio::awaitable<std::size_t> async_read_some(boost::asio::mutable_buffer into, boost::asio::use_awaitable_t<>);
    [[nodiscard]] boost::asio::awaitable<void> write(boost::asio::const_buffer data);

    [[nodiscard]] boost::asio::ip::tcp::socket& lowest() noexcept { return socket_; }

private:
    boost::asio::ip::tcp::socket socket_;
    gss_context context_;
    wire::gss_packet_splitter splitter_;
    wire::bytes_view plain_; // of the context: what was opened and not yet given out
    wire::byte_buffer out_;
    bool broken_{false};
};

} // namespace irislink::driver
