#include "samples/sandbox/audit/audit_record.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace irislink::sandbox {

event_name name_of(audit_event event) noexcept {
    switch (event) {
    case audit_event::login: return {"%System", "%Login", "Login"};
    case audit_event::login_failure: return {"%System", "%Login", "LoginFailure"};
    case audit_event::logout: return {"%System", "%Login", "Logout"};
    case audit_event::user_change: return {"%System", "%Security", "UserChange"};
    default: return {"%System", "%System", "AuditChange"};
    }
}

std::string show_time(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto moment = floor<microseconds>(time);
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss clock(moment - day);
    std::array<char, 64> out{};
    (void)std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02u %02d:%02d:%02d.%06d", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count())
    );
    return out.data();
}

std::string to_json(const audit_record& record, std::int64_t index) {
    const auto name = name_of(record.event);
    nlohmann::ordered_json out;
    out["index"] = index;
    out["time"] = show_time(record.time);
    out["event"] = std::string(name.source) + "/" + std::string(name.type) + "/" + std::string(name.name);
    out["user"] = record.user;
    out["roles"] = record.roles;
    out["authentication"] = record.authentication;
    out["level"] = record.level;
    out["address"] = record.address;
    out["os_user"] = record.os_user;
    out["machine"] = record.machine;
    out["executable"] = record.executable;
    out["job"] = record.job;
    out["namespace"] = record.name_space;
    out["status"] = record.status;
    out["description"] = record.description;
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace irislink::sandbox
