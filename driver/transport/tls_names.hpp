#pragma once
// What certificates say, in words for people: bounded and printable, whoever made them.

#include <openssl/x509.h>

#include <string>

#include "driver/transport/tls_stream.hpp"

namespace irislink::driver {

[[nodiscard]] std::string subject_of(X509* certificate);
[[nodiscard]] std::string issuer_of(X509* certificate);
// The names a client may find in it: DNS and IP of subjectAltName, or the CN when it has none.
[[nodiscard]] std::string names_of(X509* certificate);
[[nodiscard]] bool has_alternative_names(X509* certificate);
// SHA-256 of the public key, 64 lower-case hexadecimal digits; empty when it has none.
[[nodiscard]] std::string key_pin_of(X509* certificate);
// What X509_verify_cert found, with the certificate concerned.
[[nodiscard]] tls_fault certificate_fault(int verify_error, X509* concerned, X509* server, const std::string& host);
// What the library or the peer's alert means. `reason` is OpenSSL's.
[[nodiscard]] tls_fault handshake_fault(int reason);

} // namespace irislink::driver
