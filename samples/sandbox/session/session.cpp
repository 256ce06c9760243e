#include "samples/sandbox/session/session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "wire/messages/control.hpp"
#include "wire/messages/registry.hpp"

namespace irislink::sandbox {
namespace {

constexpr std::size_t login_message_limit = std::size_t{64} * 1024;

} // namespace

using namespace wire::literals;

struct session::handler_entry {
    wire::function_code code;
    handler function;
};

session::handler session::find_handler(wire::function_code code) {
    static constexpr std::array<handler_entry, 52> handlers{{
        {"HS"_fc, &session::hello},
        {"CN"_fc, &session::login},
        {"DC"_fc, &session::disconnect},
        {"RN"_fc, &session::reset},
        {"2E"_fc, &session::two_factor_query},
        {"2F"_fc, &session::two_factor_token},
        {"PG"_fc, &session::ping},
        {"P2"_fc, &session::benchmark_ping},
        {"OE"_fc, &session::error_text},
        {"EI"_fc, &session::cancel_other},
        {"AN"_fc, &session::autocommit_on},
        {"AF"_fc, &session::autocommit_off},
        {"TC"_fc, &session::commit},
        {"TR"_fc, &session::rollback},
        {"IT"_fc, &session::in_transaction},
        {"IL"_fc, &session::isolation},
        {"RU"_fc, &session::read_uncommitted},
        {"RC"_fc, &session::read_committed},
        {"PB"_fc, &session::prefetch},
        {"SN"_fc, &session::stream_prefetch},
        {"CG"_fc, &session::client_info},
        {"GS"_fc, &session::current_schema},
        {"UC"_fc, &session::drop_statements},
        {"CU"_fc, &session::drop_statement},
        {"CC"_fc, &session::close_cursor},
        {"PP"_fc, &session::prepare},
        {"DQ"_fc, &session::direct_query},
        {"DU"_fc, &session::direct_update},
        {"PQ"_fc, &session::prepared_query},
        {"PU"_fc, &session::prepared_update},
        {"FD"_fc, &session::fetch},
        {"SF"_fc, &session::fetch},
        {"MD"_fc, &session::fetch},
        {"GG"_fc, &session::generated_keys},
        {"EB"_fc, &session::statement_batch},
        {"DX"_fc, &session::static_direct_query},
        {"EX"_fc, &session::static_prepared_query},
        {"FX"_fc, &session::static_fetch},
        {"SP"_fc, &session::describe_procedure},
        {"SU"_fc, &session::procedure_update},
        {"SQ"_fc, &session::procedure_query},
        {"DS"_fc, &session::direct_procedure},
        {"MS"_fc, &session::multi_result},
        {"MR"_fc, &session::next_result},
        {"SS"_fc, &session::stream_size},
        {"JS"_fc, &session::stream_read},
        {"GB"_fc, &session::stream_range},
        {"AS"_fc, &session::stream_piece},
        {"CS"_fc, &session::stream_close},
        {"SR"_fc, &session::stream_release},
        {"SB"_fc, &session::store_binary},
        {"SM"_fc, &session::store_text},
    }};
    const auto* const found = std::ranges::find(handlers, code, &handler_entry::code);
    if (found != handlers.end()) return found->function;
    const auto* const kind = wire::find_message(code);
    return kind != nullptr && kind->family == wire::message_family::catalog ? &session::catalog : nullptr;
}

session::session(session_host& host, std::unique_ptr<transport> stream, std::int64_t job, connection_facts facts)
    : host_(&host), stream_(std::move(stream)), job_(job), facts_(std::move(facts)), assembler_(login_message_limit), block_bytes_(host.config().block_bytes) {
    login_deadline_ = std::chrono::steady_clock::now() + std::chrono::seconds(host.config().login_timeout_seconds);
}

session::~session() {
    // Cursors before the connections they run on.
    statements_.clear();
    if (logged_in_) audit(audit_event::logout, 0, {});
}

std::string session::user() const {
    const std::lock_guard lock(mutex_);
    return user_;
}

void session::cancel(std::uint32_t target) {
    const std::lock_guard lock(mutex_);
    if (running_ == target && engine_) engine_->interrupt();
}

void session::end() {
    const std::lock_guard lock(mutex_);
    if (engine_) engine_->end();
}

bool session::receive(wire::message& in) {
    while (true) {
        std::error_code error;
        if (assembler_.next(in, error)) return true;
        if (error) {
            spdlog::warn("job={} peer={} dropped: {}", job_, facts_.address, error.message());
            return false;
        }
        deadline until = state_ == state::ready ? deadline{} : login_deadline_;
        if (state_ == state::ready && host_->config().idle_timeout_seconds > 0)
            until = std::chrono::steady_clock::now() + std::chrono::seconds(host_->config().idle_timeout_seconds);
        const auto room = assembler_.prepare();
        const auto got = stream_->read(room, until);
        if (got == 0) return false;
        assembler_.commit(got);
    }
}

bool session::flush() {
    if (out_.empty()) return true;
    const bool sent = stream_->write(out_, std::chrono::steady_clock::now() + std::chrono::minutes(5));
    out_.clear();
    return sent;
}

void session::run() {
    wire::message in;
    while (state_ != state::closing && receive(in)) {
        if (state_ == state::greeting) {
            // Other protocols end here: the first message of a client is always HS (wire-session 2.1).
            if (in.code != "HS"_fc) {
                spdlog::warn("job={} peer={} dropped: the first message is {}", job_, facts_.address, in.code.name());
                return;
            }
        }
        dispatch(in);
        if (engine_ && engine_->ended()) {
            spdlog::info("job={} ended: its client is gone, or the server stops", job_);
            return;
        }
        if (!flush()) return;
        if (state_ == state::ready) assembler_.set_message_limit(host_->config().message_limit);
    }
    if (pending_) {
        spdlog::warn("job={} peer={} login refused for '{}': no two-factor code came", job_, facts_.address, pending_->user);
        if (!cancels_) audit(audit_event::login_failure, 0, "no two-factor code came");
    }
    (void)flush();
}

void session::dispatch(const wire::message& in) {
    const auto function = find_handler(in.code);
    try {
        if (!admit(in)) return;
        if (function == nullptr) {
            if (wire::is_one_way(in.code)) return;
            throw sql::sql_error(400, "Unknown xDBC function: " + in.code.name(), "ServerLoop");
        }
        if (state_ == state::login && in.code != "CN"_fc && in.code != "DC"_fc) {
            refuse(in, "Access Denied");
            state_ = state::closing;
            return;
        }
        if (engine_) {
            const std::lock_guard lock(mutex_);
            running_ = in.statement;
            engine_->clear_interrupt();
        }
        (this->*function)(in);
    } catch (const sql::sql_error& error) {
        out_.clear();
        if (wire::is_one_way(in.code)) {
            last_error_ = error.code;
            last_error_text_ = sql::error_text(error.code, error.location, error.message);
        } else {
            fail(in, error);
        }
    }
    const std::lock_guard lock(mutex_);
    running_.reset();
}

void session::fail(const wire::message& to, const sql::sql_error& error) {
    last_error_ = error.code;
    last_error_text_ = sql::error_text(error.code, error.location, error.message);
    spdlog::debug("job={} {} failed: SQLCODE -{} {}", job_, to.code.name(), error.code, error.message);
    reply(to, wire::empty_reply{}, static_cast<std::uint16_t>(error.code));
}

void session::refuse(const wire::message& to, std::string text, std::uint16_t status) {
    reply(to, wire::refusal_reply{std::move(text)}, status);
}

} // namespace irislink::sandbox
