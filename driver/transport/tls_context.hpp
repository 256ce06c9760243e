#pragma once
// The settings of TLS as an OpenSSL context, and the files behind them. Never asks on a terminal.

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "driver/session/settings.hpp"

namespace irislink::driver {

using tls_context = std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)>;

// Throws tls_fault naming the keyword and the file; what the provider of a password throws goes through.
[[nodiscard]] tls_context make_tls_context(const tls_settings& settings);

// The last error of the library in words, without its numbers; forgets it.
[[nodiscard]] std::string openssl_words();

} // namespace irislink::driver
