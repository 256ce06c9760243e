#pragma once
// CN: login (wire-session 4.4 to 4.7), the RN reset that keeps it (6.5), and CI (4.8).

#include <optional>
#include <string>
#include <vector>

#include "wire/codec/secret.hpp"
#include "wire/messages/message.hpp"

namespace irislink::wire {

// CN request. An access token travels in `password` with an empty user (4.7).
struct login_request {
    static constexpr function_code code = "CN"_fc;

    std::string name_space;
    secret user;     // scrambled on the wire, so kept with the password
    secret password; // password or access token
    std::string os_user;
    std::string machine;
    std::string application;
    byte_buffer client_info; // field 7 as an encoded item, of any type; empty is written as ''
    std::string address;     // field 8; "SHM|..." asks for shared memory
    std::string event_class;
    bool autocommit{true};
    std::int64_t isolation{0};
    std::uint32_t features{0};
    std::size_t field_count{12}; // received: trailing fields may be missing

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, login_request& out);

// CN reply, status 0.
struct login_reply {
    std::string server_version;
    bool delimited_identifiers{true};
    std::int64_t reserved{0};
    std::int64_t isolation_levels{35}; // bit mask
    std::int64_t job{0};
    std::int64_t empty_text_code{0};
    std::uint32_t features{0};

    void encode(writer& out) const;
    friend bool operator==(const login_reply&, const login_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, login_reply& out);

// HS or CN reply with a status: at most one text item. A missing text is legal to read, never to
// write (clients of the vendor crash on it).
struct refusal_reply {
    std::string text;

    void encode(writer& out) const;
    friend bool operator==(const refusal_reply&, const refusal_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, refusal_reply& out);

// RN request: auto-commit, isolation. No reply.
struct reset_request {
    static constexpr function_code code = "RN"_fc;
    std::int64_t autocommit{1};
    std::int64_t isolation{0};

    void encode(writer& out) const;
    friend bool operator==(const reset_request&, const reset_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, reset_request& out);

// CI: the namespaces of a server, asked on a fresh connection without HS, user and password in clear
// (4.8). Ours never sends it; a server reads it to refuse it properly.
struct namespace_list_request {
    static constexpr function_code code = "CI"_fc;
    std::string user;
    secret password;

    void encode(writer& out) const;
};

[[nodiscard]] std::error_code decode(reader& in, namespace_list_request& out);

struct namespace_list_reply {
    std::vector<std::string> names;

    void encode(writer& out) const;
    friend bool operator==(const namespace_list_reply&, const namespace_list_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, namespace_list_reply& out);

} // namespace irislink::wire
