#include <spdlog/spdlog.h>

#include <algorithm>

#include "samples/sandbox/session/session.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/hello.hpp"

namespace irislink::sandbox {

void session::hello(const wire::message& in) {
    if (state_ != state::greeting) throw sql::sql_error(464, "HS was sent twice", "ServerLoop");
    const auto request = decode<wire::hello_request>(in);
    if (host_->config().tls.mode == tls_mode::required && facts_.protection != line_protection::tls) {
        // Here and not at the login, which would bring the password over the clear line (2.3).
        refuse(in, "TLS is required");
        state_ = state::closing;
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

void session::login(const wire::message& in) {
    if (state_ != state::login) throw sql::sql_error(464, "CN was sent twice", "ServerLoop");
    const auto request = decode<wire::login_request>(in);
    assembler_.wipe(); // the password came this way
    const auto outcome = host_->policy().decide(request, facts_);
    if (!outcome.accepted) {
        spdlog::warn("job={} peer={} login refused for '{}': {}", job_, facts_.address, std::string(request.user.reveal()), outcome.reason);
        refuse(in, outcome.client_text, static_cast<std::uint16_t>(outcome.status));
        state_ = state::closing;
        return;
    }
    auto factor = host_->factors().begin(outcome.user, outcome.factor);
    if (factor.refused) {
        spdlog::warn("job={} peer={} login refused for '{}': {}", job_, facts_.address, outcome.user, factor.reason);
        refuse(in, "Access Denied");
        state_ = state::closing;
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
        engine_ = std::make_unique<sql::session>(host_->database(), outcome.user, outcome.name_space);
    }
    engine_->set_autocommit(request.autocommit);
    // 1 means READ COMMITTED from ODBC, whose field 7 is an integer, and READ UNCOMMITTED else (4.5).
    wire::reader info(request.client_info);
    const bool odbc = !request.client_info.empty() && info.next().code == wire::item_code::positive;
    engine_->set_isolation(request.isolation == 2 || (request.isolation == 1 && odbc) ? 2 : request.isolation == 32 ? 32 : 1);
    spdlog::info("job={} peer={} login user={} namespace={} application={}", job_, facts_.address, outcome.user, outcome.name_space, request.application);
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
