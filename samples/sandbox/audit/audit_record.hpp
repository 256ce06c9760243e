#pragma once
// One event of the audit (security-behaviour 3.11, decision 26). A plain value; it holds no secrets.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::sandbox {

enum class audit_event { login, login_failure, logout, audit_change, user_change };

struct event_name {
    std::string_view source;
    std::string_view type;
    std::string_view name;
};

[[nodiscard]] event_name name_of(audit_event event) noexcept;

struct audit_record {
    std::chrono::system_clock::time_point time;
    audit_event event{audit_event::login};
    std::string user;
    std::string roles;          // as $ROLES shows them
    std::string authentication; // mechanism, with the second factor
    int level{0};               // of the connection: 0, 1, 2, 3, 10
    std::string address;        // of the client, as the server sees it
    std::string os_user;        // what follows is what the client says of itself
    std::string machine;
    std::string executable;
    std::int64_t job{0}; // of the server, for the session
    std::string name_space;
    int status{0};           // what the client was told: 0, or the code of the refusal
    std::string description; // the true reason, or what was changed
};

// UTC with microseconds: 2027-01-31 12:34:56.123456
[[nodiscard]] std::string show_time(std::chrono::system_clock::time_point time);

// One line of JSON, without its end. Bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string to_json(const audit_record& record, std::int64_t index);

} // namespace irislink::sandbox
