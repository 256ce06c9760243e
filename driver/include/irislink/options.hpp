#pragma once
// Where to connect and how. Filled from a URI (iris:// or jdbc:IRIS://), a DSN, a connection string or
// single keywords; the later setting of a keyword by set() beats what a string said. What none of them
// says is taken from IRISLINK_* variables, which are read when options are made. Copyable; immutable once
// a connection uses it. Secrets are kept in memory that is overwritten, and never shown.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "irislink/error.hpp"

namespace irislink {

namespace driver {
struct connection_settings;
struct options_access;
} // namespace driver

// Log sink: severity 0 error, 1 warning, 2 info, 3 debug; `line` is "event key=value ...".
using log_sink = std::function<void(int severity, std::string_view line)>;

// What a callback gives for a Kerberos login: a name and its password, or a credential cache.
struct kerberos_credentials {
    std::string principal; // alice or alice@REALM; empty: KerberosPrincipal, or UID
    std::string password;  // overwritten once it is taken
    std::string ccache;    // "FILE:/tmp/..."; beats the password
};

class connect_options {
public:
    connect_options();
    // "iris://user@host:1972/USER?...", "jdbc:IRIS://host:1972/USER", "Server=...;Port=...;UID=...", or
    // the name of a DSN.
    explicit connect_options(std::string_view target);
    connect_options(const connect_options&);
    connect_options(connect_options&&) noexcept;
    connect_options& operator=(const connect_options&);
    connect_options& operator=(connect_options&&) noexcept;
    ~connect_options();

    // Any keyword of docs/configuration.md. Unknown keywords are remembered as warnings (01S00).
    connect_options& set(std::string_view keyword, std::string_view value);

    connect_options& user(std::string_view name) { return set("UID", name); }

    connect_options& password(std::string_view text) { return set("PWD", text); }

    // Called for the code when the server wants a second factor. Runs in the thread that connects, and
    // blocks it; LoginTimeout starts anew when it returns. May throw.
    connect_options& two_factor(std::function<std::string()> provider);
    // The same for a program that must not block: called with a function that takes the code, to be
    // called once, later, from any thread. The person has five minutes. One of the two callbacks.
    connect_options& two_factor_async(std::function<void(std::function<void(std::string)>)> provider);
    // Called for a fresh access token at every login, in the thread that connects. Beats user and
    // password; never sent over an unprotected line (decision 18).
    connect_options& access_token(std::function<std::string()> provider);
    // Called for the password of an encrypted TlsKeyFile when TlsKeyPassword is not set, in the thread that
    // connects: once for all connections of the same settings, as the files are read. ConnectTimeout starts
    // anew when it returns.
    connect_options& key_password(std::function<std::string()> provider);
    // Called at security levels 1 to 3 when there is no ticket yet, or it has run out, to ask a person, say.
    // Once for all connections of the same settings (a pool's, a cancel's), which never call it at the same
    // time, and never for a cancel. Runs in a thread of its own while the operation waits; the person has
    // five minutes, ConnectTimeout starts anew when it returns. May throw. KerberosCredentials says whether
    // a cache is tried first.
    connect_options& kerberos(std::function<kerberos_credentials()> provider);
    connect_options& log(log_sink sink);

    // A complete connection string without secrets.
    [[nodiscard]] std::string to_string() const;

    struct setting {
        std::string keyword;
        std::string shown;  // secrets are masked
        std::string origin; // "explicit", "URI", "connection string", "DSN name", "settings file ...", "environment IRISLINK_...", "default"
    };

    // Every setting in force and where it came from.
    [[nodiscard]] std::vector<setting> settings() const;
    [[nodiscard]] const diagnostics& warnings() const noexcept;

    // The checked settings. Throws error (step settings) for contradictions and bad values.
    [[nodiscard]] std::shared_ptr<const driver::connection_settings> resolve() const;

private:
    friend struct driver::options_access;
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace irislink
