#pragma once
// From an accepted socket to the line a session talks over: the first five bytes decide between clear
// text, TLS and Kerberos (wire-session 2.1). Thread-safe; establish() blocks its caller alone.

#include <array>
#include <memory>
#include <optional>

#include "samples/sandbox/config/transport_config.hpp"
#include "samples/sandbox/server/connection_facts.hpp"
#include "samples/sandbox/server/transport.hpp"

namespace irislink::sandbox {

class tls_acceptor;
class gss_acceptor;

enum class first_bytes { clear_hello, tls, kerberos, unknown };

using line_start = std::array<std::byte, 5>;

[[nodiscard]] first_bytes classify(const line_start& bytes) noexcept;

// What the layers share.
// False at the end of the stream or of the time.
[[nodiscard]] bool read_exactly(transport& line, std::span<std::byte> into, deadline until);
// Waits a moment for the peer to go, so that last words are not lost to a reset.
void let_go(transport& line, deadline until);

class line_acceptor {
public:
    // Reads certificates, keys and keytab. Throws config_error.
    line_acceptor(const tls_settings& tls, const kerberos_settings& kerberos);
    ~line_acceptor();
    line_acceptor(const line_acceptor&) = delete;
    line_acceptor& operator=(const line_acceptor&) = delete;

    // Null when the client is refused, goes away or takes too long. `socket` stays usable for
    // shut_down() by others; `facts` gets what was found out.
    [[nodiscard]] std::unique_ptr<transport> establish(std::shared_ptr<transport> socket, deadline until, connection_facts& facts) const;

private:
    tls_mode mode_;
    kerberos_settings kerberos_;
    std::unique_ptr<tls_acceptor> tls_;
    std::unique_ptr<gss_acceptor> gss_;
};

} // namespace irislink::sandbox
