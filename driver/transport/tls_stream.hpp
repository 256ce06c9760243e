#pragma once
// TLS over a connected socket: OpenSSL behind asio::ssl::stream, whose memory BIOs leave the socket to
// Asio (no SIGPIPE). Checks the peer before anything but handshake messages crosses the line. Belongs
// to its executor's thread.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "driver/session/settings.hpp"

namespace irislink::driver {

// Why there is no TLS, in words, and what to change.
class tls_fault : public std::runtime_error {
public:
    tls_fault(const std::string& text, std::string hint) : std::runtime_error(text), hint_(std::move(hint)) {}

    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    std::string hint_;
};

struct tls_facts {
    std::string version; // "TLSv1.3"
    std::string cipher;
    std::vector<std::string> chain; // subjects, the server's first, as it was verified (or sent)
    std::string check;              // what was checked, in words
    std::string client_certificate; // what became of the client's own, in words; empty: it was not wanted
};

class tls_stream {
public:
    // With the context that `settings` keeps. `host` is checked and sent unless TlsHostName says otherwise.
    // Throws tls_fault.
    tls_stream(boost::asio::ip::tcp::socket socket, const tls_settings& settings, const std::string& host);
    ~tls_stream();
    tls_stream(tls_stream&&) noexcept;
    tls_stream& operator=(tls_stream&&) noexcept;

    // Throws tls_fault, or system_error (operation_aborted) when it is cancelled.
    [[nodiscard]] boost::asio::awaitable<void> handshake();
    [[nodiscard]] boost::asio::awaitable<std::size_t> async_read_some(boost::asio::mutable_buffer into, boost::asio::use_awaitable_t<>);
    [[nodiscard]] boost::asio::awaitable<void> write(boost::asio::const_buffer data);

    // Whether the peer has sent anything after the handshake. Until it has, it may still refuse the
    // client's certificate (TLS 1.3).
    [[nodiscard]] bool heard() const noexcept;
    // Whether the peer asked for a client certificate.
    [[nodiscard]] bool certificate_wanted() const noexcept;
    // After the handshake.
    [[nodiscard]] const tls_facts& facts() const noexcept;
    [[nodiscard]] boost::asio::ip::tcp::socket& lowest() noexcept;

    // Whether `failed` is TLS itself: an alert, a damaged record, an end without close_notify.
    [[nodiscard]] static bool is_tls(const boost::system::error_code& failed) noexcept;
    [[nodiscard]] static bool is_truncation(const boost::system::error_code& failed) noexcept;
    // Whether the line is at its end, well ended or not.
    [[nodiscard]] static bool is_end(const boost::system::error_code& failed) noexcept;
    [[nodiscard]] tls_fault explain(const boost::system::error_code& failed) const;

    struct impl; // for the callbacks of the library

private:
    std::unique_ptr<impl> impl_;
};

} // namespace irislink::driver
