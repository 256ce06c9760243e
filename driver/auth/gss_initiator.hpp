#pragma once
// The Kerberos mechanism: finds credentials and makes a context with the server (wire-session 3.2 to 3.5).
// Its steps may wait for a KDC or a file, so they run outside the executor's thread, one at a time. Takes
// everything it needs when it is made, and touches nothing else.

#include <string>

#include "driver/auth/gss_context.hpp"
#include "driver/session/settings.hpp"

namespace irislink::driver {

// Why Kerberos failed, and what to do about it.
class kerberos_fault : public std::runtime_error {
public:
    kerberos_fault(const std::string& text, std::string hint) : std::runtime_error(text), hint_(std::move(hint)) {}

    [[nodiscard]] const std::string& hint() const noexcept { return hint_; }

private:
    std::string hint_;
};

struct kerberos_facts {
    std::string principal; // whose ticket it was
    std::string service;   // the server's principal
    int level{0};
    std::int64_t seconds_left{0}; // of the context
};

class gss_initiator {
public:
    // `host` as configured makes the server's principal when none is set.
    gss_initiator(const kerberos_settings& settings, const std::string& host, security_level level);
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

    std::string principal_;
    std::string ccache_;
    std::string keytab_;
    bool own_cache_{false}; // in memory, for a ticket that a keytab got
    security_level level_;
    void* credential_{nullptr}; // gss_cred_id_t
    void* service_{nullptr};    // gss_name_t
    gss_context context_;
    kerberos_facts facts_;
};

} // namespace irislink::driver
