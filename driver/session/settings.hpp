#pragma once
// Everything a connection is made from, as one immutable value. A reconnect, a cancel connection and
// a pool use the same object: none of them can end up with less protection than the first.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "irislink/options.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {

using std::chrono::milliseconds;

struct endpoint {
    std::string host{"127.0.0.1"};
    std::uint16_t port{1972};
};

enum class security_level : std::uint8_t { password = 0, kerberos = 1, integrity = 2, encryption = 3, tls = 10 };

enum class tls_check : std::uint8_t { none, chain, chain_and_host };
enum class tls_version : std::uint16_t { tls10 = 0x0301, tls11 = 0x0302, tls12 = 0x0303, tls13 = 0x0304 };

class tls_context_keeper;

// In force at level 10 alone.
struct tls_settings {
    tls_check check{tls_check::chain_and_host};
    std::string ca_file;  // PEM; empty: the system's store
    std::string crl_file; // PEM; empty: revocation is not checked
    std::string certificate_file;
    std::string key_file; // empty: in certificate_file
    wire::secret key_password;
    std::function<std::string()> key_password_provider; // asked when the key is encrypted and key_password empty
    tls_version lowest{tls_version::tls12};
    tls_version highest{tls_version::tls13};
    std::string host_name;                        // the name to check and to send; empty: the endpoint's host
    std::vector<std::string> pins;                // SHA-256 of public keys, lower-case hexadecimal; empty: any
    std::string cipher_list;                      // TLS 1.2 and below
    std::string ciphersuites;                     // TLS 1.3
    int verify_depth{9};                          // intermediate certificates
    std::shared_ptr<tls_context_keeper> contexts; // what the files held
};

class kerberos_tickets;

// Where tickets come from (decision 7): cache and keytab; name and password or a callback; or the second
// when the first has none.
enum class kerberos_source : std::uint8_t { cache, password, cache_then_password };

// In force at levels 1 to 3 alone.
struct kerberos_settings {
    std::string service_principal; // empty: iris/<host as configured>
    std::string principal;         // empty: the cache's
    std::string ccache;
    std::string keytab;
    kerberos_source source{kerberos_source::cache};
    std::string user;                          // whose password it is, and whose cache will do; empty: as the callback says
    std::shared_ptr<kerberos_tickets> tickets; // but for source cache
};

struct connection_settings {
    std::vector<endpoint> endpoints;
    std::string name_space{"USER"};
    std::string user;
    wire::secret password;
    wire::secret access_token;     // sent with a null user (wire-session 4.7)
    std::string access_token_file; // read for every login
    security_level level{security_level::password};
    tls_settings tls;
    kerberos_settings kerberos;

    milliseconds connect_timeout{10'000}; // resolve, TCP and the protection of the line
    milliseconds login_timeout{15'000};   // HS to the second factor
    milliseconds query_timeout{0};        // 0: none
    milliseconds cancel_grace{5'000};     // for the answer of a statement that was cancelled
    bool honour_query_timeout{true};      // of statements (the vendor's Query Timeout switch)
    bool keep_alive{true};
    bool tcp_no_delay{true};
    int receive_buffer{0}; // 0: the system's choice
    int send_buffer{0};
    std::string application;
    std::int64_t fetch_bytes{0};                              // 0: the server's own block size
    std::size_t long_value_limit{std::size_t{256} << 20U};    // bytes of a long value read whole; 0: none
    std::size_t static_cursor_limit{std::size_t{256} << 20U}; // bytes of rows that a static ODBC cursor keeps; 0: none
    bool unicode_sql_types{false};                            // ODBC: text is described as wide
    bool autocommit{true};
    int isolation{0}; // 0: the server's default
    std::uint32_t feature_option{0};
    std::size_t statement_cache{100};

    wire::secret two_factor_token;
    std::vector<std::string> two_factor_command;
    std::function<std::string()> two_factor;
    std::function<void(std::function<void(std::string)>)> two_factor_async;
    std::function<std::string()> access_token_provider;
    // Whether two_factor_token was sent: shared by all settings made from the same options (decision 17).
    std::shared_ptr<std::atomic<bool>> token_used{std::make_shared<std::atomic<bool>>(false)};
    bool allow_token_in_clear{false};

    [[nodiscard]] bool kerberos_level() const noexcept { return level != security_level::password && level != security_level::tls; }

    bool trace{false};
    std::string trace_file;
    log_sink log;
};

} // namespace irislink::driver
