#pragma once
// How connections may be protected: the superserver's TLS mode with the settings of %SuperServer, and
// the Kerberos levels with their keytab. Plain values; the files they name are opened by the server.
// Sources: security-behaviour 3.1, 3.7 and decisions 3 and 5.

#include <memory>
#include <set>
#include <string>

#include "wire/codec/secret.hpp"

namespace irislink::sandbox {

enum class tls_mode { disabled, enabled, required };
enum class client_certificate_rule { none, request, require };

struct tls_settings {
    tls_mode mode{tls_mode::disabled};
    std::string certificate; // PEM, own certificate first, then its chain
    std::string key;         // PEM
    std::shared_ptr<const wire::secret> key_password;
    std::string ca_file;  // PEM, whom client certificates must come from
    std::string crl_file; // PEM, client certificates that no longer count
    std::string min_version{"1.2"};
    std::string max_version{"1.3"};
    std::string cipher_list;  // TLS 1.2; empty: OpenSSL's
    std::string ciphersuites; // TLS 1.3; empty: OpenSSL's
    client_certificate_rule client_certificate{client_certificate_rule::none};
};

struct kerberos_settings {
    std::string keytab;    // empty: no Kerberos; the system's keytab is never used
    std::string principal; // empty: any of the keytab
    std::set<int> instance_levels{1, 2, 3};
    std::set<int> service_levels{1, 2, 3};
    bool multi_domain{false}; // accounts are called user@REALM

    // Decision 3: in both sets, or above the lowest level that is.
    [[nodiscard]] bool accepts(int level) const noexcept {
        if (keytab.empty() || level < 1 || level > 3) return false;
        for (const int each : instance_levels)
            if (service_levels.contains(each)) return level >= each;
        return false;
    }
};

} // namespace irislink::sandbox
