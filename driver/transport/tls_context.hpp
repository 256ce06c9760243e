#pragma once
// The settings of TLS as an OpenSSL context, and the files behind them. Never asks on a terminal.

#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>

#include "driver/session/settings.hpp"

namespace irislink::driver {

using tls_context = std::shared_ptr<SSL_CTX>;

// The context of one settings object: files are read when the first connection wants it, and never again, so
// that all connections of the object trust and present the same. A change of a file is seen by new settings.
// Any thread; the caller waits for files, and for the provider of a password.
class tls_context_keeper {
public:
    // Throws tls_fault naming the keyword and the file; what the provider throws goes through. Then the next
    // call reads anew.
    [[nodiscard]] tls_context get(const tls_settings& settings);

private:
    std::mutex mutex_;
    tls_context context_;
};

// What the context calls; tls_stream.cpp has them.
int verify_server(X509_STORE_CTX* chain, void*);
int note_certificate_request(SSL* ssl, void*);

// The last error of the library in words, without its numbers; forgets it.
[[nodiscard]] std::string openssl_words();

} // namespace irislink::driver
