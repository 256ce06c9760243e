#pragma once
// The second factor of a login (wire-session 5, security-behaviour 3.10 and decisions 19 to 22): who
// needs one, and whether what came is right. Reasons are for the log; clients hear Access Denied.
// second_factor is thread-safe; a pending_factor belongs to its session.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "samples/sandbox/auth/message_sender.hpp"
#include "samples/sandbox/auth/sms_code.hpp"
#include "samples/sandbox/auth/used_codes.hpp"

namespace irislink::sandbox {

enum class factor_kind { none, totp, sms };

// What a user has. Both kinds may be set up, one is active.
struct factor_setup {
    factor_kind active{factor_kind::none};
    std::string totp_key;
    std::string phone;
    std::string provider;
};

struct second_factor_settings {
    // A kind is in use when the instance and the service have it.
    bool totp{false};
    bool sms{false};
    bool service_totp{true};
    bool service_sms{true};
    bool required{false}; // users without a second factor are refused (decision 22)
    std::string issuer{"irislink sandbox"};
    std::chrono::seconds timeout{60};
    std::string outbox; // folder; otherwise mail
    smtp_settings smtp;
    provider_table providers{standard_providers()};

    [[nodiscard]] bool uses(factor_kind kind) const noexcept {
        return (kind == factor_kind::totp && totp && service_totp) || (kind == factor_kind::sms && sms && service_sms);
    }
};

struct pending_factor {
    std::string user;
    factor_setup setup;
    sms_code code;
    std::chrono::steady_clock::time_point until;
};

struct factor_decision {
    bool refused{false};
    std::string reason;
    std::unique_ptr<pending_factor> due; // nothing: not needed
};

class second_factor {
public:
    using clock = std::function<std::int64_t()>; // unix time

    // Throws std::invalid_argument for settings that cannot work, std::runtime_error of used_codes.
    second_factor(second_factor_settings settings, std::filesystem::path used, clock now);

    // After the first factor was right. Sends the message of an SMS login, one for each login.
    [[nodiscard]] factor_decision begin(const std::string& user, const factor_setup& setup);

    // Empty when the code is right, else the reason. One answer a login.
    [[nodiscard]] std::string check(pending_factor& pending, std::string_view code);

private:
    second_factor_settings settings_;
    used_codes used_;
    clock now_;
    std::unique_ptr<message_sender> sender_;
};

} // namespace irislink::sandbox
