#include <spdlog/spdlog.h>

#include <algorithm>

#include "samples/sandbox/session/session.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/hello.hpp"

namespace irislink::sandbox {
namespace {

// What a client says of itself. The vendor's newest Python client sends the NUL that ends its C strings.
std::string said(std::string_view text) {
    while (text.ends_with('\0')) text.remove_suffix(1);
    return printable(text);
}

} // namespace

void session::hello(const wire::message& in) {
    if (state_ != state::greeting) throw sql::sql_error(464, "HS was sent twice", "ServerLoop");
    const auto request = decode<wire::hello_request>(in);
    if (host_->config().tls.mode == tls_mode::required && facts_.protection != line_protection::tls) {
        // Here and not at the login, which would bring the password over the clear line (2.3).
        refuse_login(in, "TLS is required", "TLS is required");
        return;
    }
    if (request.protocol < wire::oldest_protocol) {
        refuse(in, "Protocol version " + std::to_string(request.protocol) + " is not supported", 413);
        state_ = state::closing;
        return;
    }
    wire::hello_reply answer;
    answer.protocol = static_cast<std::uint16_t>(std::min<int>(request.protocol, host_->config().protocol));
    answer.flags = answer.protocol >= 65 ? wire::hello_reply::unicode_flag | wire::hello_reply::compact_double_flag : wire::hello_reply::unicode_flag;
    reply(in, answer);
    format_ = answer.format();
    state_ = state::login;
}

void session::audit(audit_event event, int status, std::string description) {
    auto record = who_;
    record.event = event;
    record.level = facts_.level();
    record.address = facts_.address;
    record.job = job_;
    record.status = status;
    record.description = std::move(description);
    host_->audit().write(std::move(record));
}

void session::refuse_login(const wire::message& in, const std::string& reason, const std::string& client_text, int status) {
    spdlog::warn("job={} peer={} login refused for '{}': {}", job_, facts_.address, who_.user, reason);
    audit(audit_event::login_failure, status, reason);
    refuse(in, client_text, static_cast<std::uint16_t>(status));
    state_ = state::closing;
}

// Everything that was asked for is right. Empty, or why it is not a login after all.
std::string session::finish_login() {
    auto reason = host_->policy().complete(login_);
    if (!reason.empty()) return reason;
    logged_in_ = true;
    if (!login_.new_password.empty()) {
        login_.new_password.wipe();
        audit(audit_event::user_change, 0, "the password of " + login_.user + " was changed at login");
    }
    audit(audit_event::login, 0, {});
    return {};
}

// ALTER USER. Everybody may change the own password; another one needs the right that IRIS asks for.
void session::change_password(std::string_view user, std::string_view password) {
    const auto& policy = host_->policy();
    const bool own = login_.mechanism != login_mechanism::unauthenticated && sql::to_upper(user) == sql::to_upper(login_.user);
    if (!own && !policy.directory().current()->may(login_.roles, secure_resource))
        throw sql::sql_error(99, "User " + login_.user + " is not privileged to change the password of another user", "ServerLoop");
    if (policy.directory().current()->find(user) == nullptr) throw sql::sql_error(400, "ERROR #838: User " + printable(user) + " does not exist", "ServerLoop");
    if (const auto fault = policy.change_password(user, password); !fault.empty()) throw sql::sql_error(400, fault, "ServerLoop");
    audit(audit_event::user_change, 0, "the password of " + printable(user) + " was changed by ALTER USER");
}

void session::login(const wire::message& in) {
    if (state_ != state::login) throw sql::sql_error(464, "CN was sent twice", "ServerLoop");
    const auto request = decode<wire::login_request>(in);
    assembler_.wipe(); // the password came this way
    who_.os_user = said(request.os_user);
    who_.machine = said(request.machine);
    who_.executable = said(request.application);
    who_.name_space = printable(request.name_space);
    login_ = host_->policy().decide(request, facts_);
    const auto& outcome = login_;
    for (const auto& each : outcome.before) {
        who_.user = each.user;
        who_.authentication = mechanism_name(each.mechanism);
        spdlog::warn("job={} peer={} {} failed for '{}': {}", job_, facts_.address, who_.authentication, each.user, each.reason);
        audit(audit_event::login_failure, 0, each.reason);
    }
    who_.user = outcome.user;
    who_.roles = role_list(outcome.roles);
    who_.authentication = mechanism_name(outcome.mechanism);
    if (!outcome.accepted) {
        refuse_login(in, outcome.reason, outcome.client_text, outcome.status);
        return;
    }
    who_.name_space = outcome.name_space;
    auto factor = host_->factors().begin(outcome.user, outcome.factor);
    if (factor.refused) {
        refuse_login(in, factor.reason, "Access Denied");
        return;
    }
    if (factor.due) {
        who_.authentication += factor.due->setup.active == factor_kind::sms ? "+SMS" : "+TOTP";
    } else if (const auto reason = finish_login(); !reason.empty()) {
        refuse_login(in, reason, "Access Denied");
        return;
    }
    wire::login_reply answer;
    answer.server_version = "InterSystems IRIS Version 2024.1.0.0 xDBC Protocol Version " + std::to_string(format_.protocol) + " (irislink sandbox)";
    answer.job = job_;
    // No fast paths: what is granted changes later layouts (wire-sql 0.3). 33 is what a sandbox grants.
    answer.features = request.features & (wire::feature::fast_select | wire::feature::redirect_output);
    reply(in, answer);
    format_.features = answer.features;
    {
        const std::lock_guard lock(mutex_);
        // Until the second factor was right, nobody owns this session: it cannot be cancelled either.
        if (!factor.due) user_ = outcome.user;
        sql::account_service* const passwords = this;
        const sql::session_rights rights{who_.roles, outcome.reads_audit};
        engine_ = std::make_unique<sql::session>(host_->database(), outcome.user, outcome.name_space, rights, passwords);
        engine_->watch([this] { return stream_->peer_gone(); });
    }
    engine_->set_autocommit(request.autocommit);
    // 1 means READ COMMITTED from ODBC, whose field 7 is an integer, and READ UNCOMMITTED else (4.5).
    wire::reader info(request.client_info);
    const bool odbc = !request.client_info.empty() && info.next().code == wire::item_code::positive;
    engine_->set_isolation(request.isolation == 2 || (request.isolation == 1 && odbc) ? 2 : request.isolation == 32 ? 32 : 1);
    spdlog::info(
        "job={} peer={} login user={} roles={} by={} namespace={} application={}", job_, facts_.address, outcome.user, who_.roles, who_.authentication,
        outcome.name_space, who_.executable
    );
    if (factor.due) {
        pending_ = std::move(factor.due);
        state_ = state::pending;
        // A code that comes too late is still answered.
        login_deadline_ = pending_->until + refusal_grace;
    } else {
        state_ = state::ready;
    }
}

void session::reset(const wire::message& in) {
    const auto request = decode<wire::reset_request>(in);
    statements_.clear();
    streams_.clear();
    engine_->reset();
    engine_->set_autocommit(request.autocommit != 2);
    if (request.isolation != 0) engine_->set_isolation(static_cast<int>(request.isolation));
}

} // namespace irislink::sandbox
