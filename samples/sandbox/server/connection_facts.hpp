#pragma once
// What is known of a connection before its login: where it comes from and how its line is protected.
// Filled by the server once the line is established, then only read; the login policy decides by it.
// A plain value. Sources: wire-session 2 and 3, security-behaviour decisions 3 to 5.

#include <string>

namespace irislink::sandbox {

enum class line_protection { clear, tls, kerberos };

struct connection_facts {
    std::string address; // of the client, as text without a port

    line_protection protection{line_protection::clear};

    // TLS
    std::string tls_version; // "TLSv1.2", "TLSv1.3"
    std::string tls_cipher;
    bool client_certificate{false};         // one was presented and verified
    std::string client_certificate_subject; // RFC 2253

    // Kerberos: the level announced in the preamble, and the initiator of the context. At these
    // levels the identity is the initiator's, never the user of the login message (decision 4).
    int kerberos_level{0};          // 1, 2, 3; 0 without Kerberos
    std::string kerberos_principal; // "alice@EXAMPLE.COM"
    std::string kerberos_account;   // by decision 5: "alice", or the principal in a multi-domain instance

    // The line hides what it carries: TLS, or Kerberos with encryption.
    [[nodiscard]] bool sealed() const noexcept { return protection == line_protection::tls || kerberos_level == 3; }

    // The number that clients call the security level.
    [[nodiscard]] int level() const noexcept { return protection == line_protection::tls ? 10 : kerberos_level; }
};

} // namespace irislink::sandbox
