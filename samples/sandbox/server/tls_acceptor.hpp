#pragma once
// The superserver's side of TLS: the settings of %SuperServer as an OpenSSL context, and handshakes
// with it. One acceptor serves all threads; each line made by it belongs to one, but for shut_down().
// Sources: wire-session 2.2 and 2.3, security-behaviour 3.1.

#include <openssl/ssl.h>

#include <memory>

#include "samples/sandbox/config/transport_config.hpp"
#include "samples/sandbox/server/connection_facts.hpp"
#include "samples/sandbox/server/transport.hpp"

namespace irislink::sandbox {

class tls_acceptor {
public:
    // Throws config_error naming the setting at fault.
    explicit tls_acceptor(const tls_settings& settings);

    // Null when the handshake fails; the client has been told by an alert. No name (SNI) is asked for.
    [[nodiscard]] std::unique_ptr<transport> accept(std::unique_ptr<transport> line, deadline until, connection_facts& facts) const;

private:
    struct free_context {
        void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    };

    std::unique_ptr<SSL_CTX, free_context> context_;
};

} // namespace irislink::sandbox
