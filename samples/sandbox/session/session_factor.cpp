// The second factor on the wire: the states pending and refused (wire-session 5.3).

#include <spdlog/spdlog.h>

#include "samples/sandbox/session/session.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/registry.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::sandbox {

using namespace wire::literals;

// False when the message ends here. Nothing that touches data gets past this while a factor is due.
bool session::admit(const wire::message& in) {
    if (state_ == state::refused) {
        // One look at the text, and the line is closed.
        if (in.code == "OE"_fc) error_text(in);
        state_ = state::closing;
        return false;
    }
    if (state_ != state::pending) return true;
    if (in.code == "2E"_fc || in.code == "2F"_fc || in.code == "OE"_fc || in.code == "PG"_fc || in.code == "DC"_fc || in.code == "EI"_fc) return true;
    if (wire::is_one_way(in.code)) {
        // Clients say these right after connecting; they count once the code was right.
        if (in.code == "AN"_fc || in.code == "AF"_fc) later_autocommit_ = in.code == "AN"_fc;
        if (in.code == "RU"_fc || in.code == "RC"_fc) later_isolation_ = in.code == "RC"_fc ? 2 : 1;
        return false;
    }
    refuse_factor(in, "no two-factor code came before " + in.code.name());
    return false;
}

void session::refuse_factor(const wire::message& in, std::string_view reason) {
    spdlog::warn("job={} peer={} login refused for '{}': {}", job_, facts_.address, pending_->user, reason);
    audit(audit_event::login_failure, 417, std::string(reason));
    last_error_ = 417;
    last_error_text_ = "Access Denied";
    reply(in, wire::empty_reply{}, 417);
    pending_.reset();
    state_ = state::refused;
    login_deadline_ = std::chrono::steady_clock::now() + refusal_grace;
}

void session::become_ready() {
    {
        const std::lock_guard lock(mutex_);
        user_ = pending_->user;
    }
    pending_.reset();
    if (later_autocommit_) engine_->set_autocommit(*later_autocommit_);
    if (later_isolation_) engine_->set_isolation(*later_isolation_);
    state_ = state::ready;
}

void session::two_factor_query(const wire::message& in) {
    (void)decode<wire::second_factor_query>(in);
    reply(in, wire::second_factor_query_reply{state_ == state::pending});
}

void session::two_factor_token(const wire::message& in) {
    if (state_ == state::pending) {
        // Malformed is wrong too: there is one answer a login.
        wire::second_factor_token request;
        const auto broken = wire::decode_body(in.body, format_, request);
        assembler_.wipe();
        auto reason = host_->policy().check_factor(pending_->user, [&] {
            return broken ? std::string("the two-factor message is malformed") : host_->factors().check(*pending_, request.token.reveal());
        });
        if (reason.empty()) reason = finish_login();
        if (!reason.empty()) {
            refuse_factor(in, reason);
            return;
        }
        spdlog::info("job={} peer={} second factor accepted for user={}", job_, facts_.address, pending_->user);
        become_ready();
    } else {
        // Nothing is due: accepted, as wire-session 5.3 has it.
        (void)decode<wire::second_factor_token>(in);
        assembler_.wipe();
    }
    reply(in, wire::empty_reply{});
}

} // namespace irislink::sandbox
