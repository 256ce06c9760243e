#pragma once
// The places settings come from, as pure functions on text: ODBC connection strings, URIs, odbc.ini
// sections. Each gives keyword/value pairs in order; what they mean is for the table.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wire/codec/secret.hpp"

namespace irislink::driver {

// Any value may be a password.
using setting_pairs = std::vector<std::pair<std::string, wire::secret>>;

struct parse_failure {
    std::string text; // never contains a value: it might be a secret
};

// "KEY=value;KEY={value with ; and }} };..." Nothing with `failure` set for malformed text.
[[nodiscard]] std::optional<setting_pairs> parse_connection_string(std::string_view text, parse_failure& failure);

[[nodiscard]] bool is_uri(std::string_view text);

// iris://user:password@host:port,host2/NAMESPACE?keyword=value, or the JDBC driver's
// jdbc:IRIS://host:port/namespace/logfile:eventclass:nodelay:ssl?username=U&password=P
[[nodiscard]] std::optional<setting_pairs> parse_uri(std::string_view text, parse_failure& failure);

// What a line of an ini file means: {value} with } doubled, as in connection strings, for values that begin
// or end with blanks or begin with a brace; anything else stands for itself.
[[nodiscard]] wire::secret ini_value(std::string_view written);
// The other way round.
[[nodiscard]] wire::secret written_ini_value(std::string_view value);

// The section `name` of an ini file, or nothing when it has none.
[[nodiscard]] std::optional<setting_pairs> parse_ini_section(std::string_view file, std::string_view name);

// Where data sources come from. ODBC has its own, over the driver manager's library.
class dsn_source {
public:
    dsn_source() = default;
    dsn_source(const dsn_source&) = delete;
    dsn_source& operator=(const dsn_source&) = delete;
    virtual ~dsn_source() = default;

    // The section of that name, or nothing.
    [[nodiscard]] virtual std::optional<setting_pairs> section(std::string_view name) const = 0;
    // For the message when there is none: "odbc.ini (...)".
    [[nodiscard]] virtual std::string where() const = 0;
};

// ODBCINI, ~/.odbc.ini, $ODBCSYSINI/odbc.ini or /etc/odbc.ini: the first that has the section.
[[nodiscard]] const dsn_source& ini_dsn_source();

// {value} with } doubled where a connection string needs it.
[[nodiscard]] std::string quote_value(std::string_view value);

} // namespace irislink::driver
