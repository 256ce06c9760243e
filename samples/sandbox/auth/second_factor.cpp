#include "samples/sandbox/auth/second_factor.hpp"

#include <stdexcept>

#include "samples/sandbox/auth/totp.hpp"

namespace irislink::sandbox {

second_factor::second_factor(second_factor_settings settings, std::filesystem::path used, clock now)
    : settings_(std::move(settings)), used_(std::move(used)), now_(std::move(now)) {
    if (!settings_.uses(factor_kind::sms)) return;
    if (settings_.outbox.empty() == settings_.smtp.server.empty())
        throw std::invalid_argument("codes by text message need either an outbox or a mail server ([two_factor] outbox or [two_factor.smtp] server)");
    sender_ = settings_.outbox.empty() ? make_smtp_sender(settings_.smtp) : make_outbox_sender(settings_.outbox);
}

factor_decision second_factor::begin(const std::string& user, const factor_setup& setup) {
    factor_decision out;
    if (!settings_.uses(setup.active)) {
        if (settings_.required) {
            out.refused = true;
            out.reason = "a second factor is required and the user has none";
        }
        return out;
    }
    const auto now = std::chrono::steady_clock::now();
    auto due = std::make_unique<pending_factor>();
    due->user = user;
    due->setup = setup;
    due->until = now + settings_.timeout;
    if (setup.active == factor_kind::sms) {
        const auto to = message_address(settings_.providers, setup.phone, setup.provider);
        due->code = sms_code::make(now, settings_.timeout);
        if (!to) {
            out.reason = "the user's phone number or provider is not usable";
        } else {
            auto text = settings_.issuer + " code: " + std::string(due->code.reveal());
            out.reason = sender_->send(*to, text);
            wire::secure_zero(text.data(), text.size());
            if (!out.reason.empty()) out.reason = "the code could not be sent: " + out.reason;
        }
        out.refused = !out.reason.empty();
        // The time for an answer begins when the message is on its way.
        due->until = std::chrono::steady_clock::now() + settings_.timeout;
    } else if (!is_totp_key(setup.totp_key)) {
        out.refused = true;
        out.reason = "the user's TOTP key is not usable";
    }
    if (!out.refused) out.due = std::move(due);
    return out;
}

std::string second_factor::check(pending_factor& pending, std::string_view code) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= pending.until) return "the two-factor code came too late";
    if (pending.setup.active == factor_kind::sms) return pending.code.use(code, now) ? "" : "the two-factor code is wrong";
    const auto last = used_.last(pending.user);
    const auto step = match_totp(pending.setup.totp_key, code, now_(), last);
    if (!step) return match_totp(pending.setup.totp_key, code, now_(), -1) ? "the two-factor code was used before" : "the two-factor code is wrong";
    return used_.use(pending.user, *step) ? "" : "the two-factor code was used before";
}

} // namespace irislink::sandbox
