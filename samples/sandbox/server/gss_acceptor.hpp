#pragma once
// The superserver's side of Kerberos: contexts with a keytab of its own, then level 1 in the clear and
// levels 2 and 3 in RFC 4121 tokens. One acceptor serves all threads; each line made by it belongs to
// one, but for shut_down(). Sources: wire-session 3, decision 5.

#include <gssapi/gssapi.h>

#include <memory>
#include <string>

#include "samples/sandbox/config/transport_config.hpp"
#include "samples/sandbox/server/connection_facts.hpp"
#include "samples/sandbox/server/transport.hpp"

namespace irislink::sandbox {

// Decision 5. In a single-domain instance the realm of the service is the domain; a principal of another
// realm keeps its realm, so that it never becomes somebody else's account.
[[nodiscard]] std::string account_of(const std::string& principal, const std::string& service, bool multi_domain);

class gss_acceptor {
public:
    // Throws config_error when the keytab cannot be read or lacks the principal.
    explicit gss_acceptor(const kerberos_settings& settings);
    ~gss_acceptor();
    gss_acceptor(const gss_acceptor&) = delete;
    gss_acceptor& operator=(const gss_acceptor&) = delete;

    // After the preamble. Null when no context comes about; an error token has been sent then.
    [[nodiscard]] std::unique_ptr<transport> accept(std::shared_ptr<transport> line, int level, deadline until, connection_facts& facts) const;

private:
    gss_cred_id_t credential_{GSS_C_NO_CREDENTIAL};
    bool multi_domain_;
};

} // namespace irislink::sandbox
