#pragma once
// The only map from native codes to SQLSTATE (ODBC 3 spelling), with the texts a client must supply
// itself, what kills the connection, and what to do about it. Source: wire-sql 6.3 and 6.4,
// wire-session 6.10. docs/errors.md is generated from it (`irislink errors --markdown`).
//
// A native code is the magnitude of the server's SQLCODE, which is also the status on the wire; a
// negative SQLCODE may be passed as it is. Codes from 90000 on are our own: no server sends them,
// because a status has 16 bits.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "driver/error/step.hpp"

namespace irislink::driver {

// Native codes that the driver itself raises.
namespace native {
inline constexpr int server_fatal = 401;
inline constexpr int bad_login = 402;
inline constexpr int unknown_function = 409;
inline constexpr int bad_namespace = 410;
inline constexpr int protocol_version = 413;
inline constexpr int security = 417; // login, password or token refused
inline constexpr int timeout = 450;
inline constexpr int sequencing = 452;
inline constexpr int cancelled = 456;
inline constexpr int secure_link = 459; // TLS or Kerberos
inline constexpr int general = 460;
inline constexpr int link_failure = 461;
inline constexpr int out_of_memory = 462;
inline constexpr int function_sequence = 464;
inline constexpr int not_supported = 469;

inline constexpr int bad_setting = 90001;              // HY024: a keyword's value is not usable
inline constexpr int contradiction = 90002;            // HY000: two settings exclude each other
inline constexpr int unknown_keyword = 90003;          // 01S00: a warning
inline constexpr int data_source_not_found = 90004;    // IM002
inline constexpr int settings_file = 90005;            // 08S01: TLS settings file missing, unreadable, wrong
inline constexpr int resolve_failed = 90010;           // 08001
inline constexpr int connect_failed = 90011;           // 08001
inline constexpr int login_timeout = 90012;            // HYT00
inline constexpr int not_iris = 90013;                 // 08S01: the peer speaks something else
inline constexpr int not_connected = 90014;            // 08003
inline constexpr int already_connected = 90015;        // 08002
inline constexpr int second_factor_pending = 90020;    // 28000: a token is due
inline constexpr int second_factor_missing = 90021;    // 28000: due at login, nothing configured
inline constexpr int clear_token_refused = 90022;      // 28000: would have crossed a clear link
inline constexpr int password_change_required = 90023; // 28000
inline constexpr int protocol_error = 90030;           // 08S01: bytes that no server should send
} // namespace native

enum class error_origin : std::uint8_t {
    sql,     // SQLCODEs of statements
    session, // connection, login, communication
    client,  // numbered by the vendor's client libraries
    driver,  // ours
};

struct error_entry {
    int native;
    std::string_view sqlstate;
    std::string_view text;
    error_origin origin;
    bool fatal;            // the connection cannot be used any more
    std::string_view hint; // what to do; empty where the text says it
};

// Ascending by native code.
[[nodiscard]] std::span<const error_entry> error_table() noexcept;
[[nodiscard]] const error_entry* find_error(int native) noexcept;

// "00000" for 0, "HY000" for codes outside the table.
[[nodiscard]] std::string_view sqlstate_of(int native) noexcept;
// The text to show when the server gave none. "General error" for codes outside the table.
[[nodiscard]] std::string_view builtin_text(int native) noexcept;
[[nodiscard]] bool is_fatal(int native) noexcept;

// What to do about a failure: the code's own advice, else that of the step; never empty for the
// steps of connecting.
[[nodiscard]] std::string_view hint_of(int native, step failed = step::statement) noexcept;
[[nodiscard]] std::string_view step_hint(step failed) noexcept;

// ODBC 2 applications are given the older spelling ("42S02" -> "S0002").
[[nodiscard]] std::string_view odbc2_sqlstate(std::string_view sqlstate) noexcept;

// The error reference, in Markdown.
[[nodiscard]] std::string errors_markdown();

} // namespace irislink::driver
