#pragma once
// The Kerberos mechanism: finds credentials and makes a context with the server (wire-session 3.2 to 3.5).
// Its steps may wait for a KDC or a file, so they run outside the executor's thread, one at a time. Takes
// everything it needs when it is made, and touches nothing else.

#include <string>

#include "driver/auth/gss_context.hpp"
#include "driver/auth/kerberos_fault.hpp"
#include "driver/auth/kerberos_tickets.hpp"
#include "driver/session/settings.hpp"

namespace irislink::driver {

struct kerberos_facts {
    std::string principal; // whose ticket it was
    std::string service;   // the server's principal
    int level{0};
    std::int64_t seconds_left{0}; // of the context
};

// Whether the cache (empty: the default one) holds a ticket that is valid now, of `principal` if that is
// named. Reads the cache; throws kerberos_fault for a malformed name.
[[nodiscard]] bool has_ticket(const std::string& ccache, const std::string& principal);

class gss_initiator {
public:
    // `tickets` come before cache and keytab of the settings when they name a cache. `host` as configured
    // makes the server's principal when none is set.
    gss_initiator(const kerberos_settings& settings, kerberos_lease tickets, const std::string& host, security_level level);
    ~gss_initiator();
    gss_initiator(const gss_initiator&) = delete;
    gss_initiator& operator=(const gss_initiator&) = delete;

    // The next token for the server, made from its last one (none at first); may be empty at the end.
    // True when the context is made, and is what was asked for. Throws kerberos_fault.
    [[nodiscard]] bool step(wire::bytes_view from_server, wire::byte_buffer& to_server);

    // After step() said true.
    [[nodiscard]] gss_context take() { return std::move(context_); }

    [[nodiscard]] const kerberos_facts& facts() const noexcept { return facts_; }

private:
    void acquire();
    void finish(unsigned flags);

    kerberos_lease tickets_; // keeps what the context is made with
    std::string principal_;
    std::string ccache_;
    std::string keytab_;
    security_level level_;
    void* credential_{nullptr}; // gss_cred_id_t
    void* service_{nullptr};    // gss_name_t
    gss_context context_;
    kerberos_facts facts_;
};

} // namespace irislink::driver
