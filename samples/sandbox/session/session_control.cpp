#include "samples/sandbox/session/session.hpp"
#include "wire/messages/control.hpp"

namespace irislink::sandbox {

void session::disconnect(const wire::message&) {
    state_ = state::closing;
}

void session::ping(const wire::message& in) {
    reply(in, wire::empty_reply{});
}

void session::benchmark_ping(const wire::message& in) {
    const auto request = decode<wire::benchmark_request>(in);
    if (request.flavour == 3) {
        reply(in, wire::integer_reply{0});
    } else {
        reply(in, wire::empty_reply{});
    }
}

void session::error_text(const wire::message& in) {
    const auto code = static_cast<int>(decode<wire::error_text_request>(in).value);
    if (code == last_error_ && !last_error_text_.empty()) {
        reply(in, wire::text_reply{last_error_text_});
    } else {
        reply(in, wire::text_reply{std::string(sql::fixed_text(code))});
    }
}

void session::cancel_other(const wire::message& in) {
    const auto request = decode<wire::cancel_request>(in);
    if (!host_->cancel(request.job, request.statement, state_ == state::pending ? pending_->user : user()))
        throw sql::sql_error(417, "The job to cancel does not exist or belongs to another user", "ServerLoop");
    cancels_ = true;
    reply(in, wire::empty_reply{});
}

void session::autocommit_on(const wire::message&) {
    engine_->set_autocommit(true);
}

void session::autocommit_off(const wire::message&) {
    engine_->set_autocommit(false);
}

void session::commit(const wire::message& in) {
    engine_->commit();
    reply(in, wire::empty_reply{});
}

void session::rollback(const wire::message& in) {
    engine_->rollback();
    reply(in, wire::empty_reply{});
}

void session::in_transaction(const wire::message& in) {
    reply(in, wire::empty_reply{}, engine_->in_transaction() ? 1 : 0);
}

void session::isolation(const wire::message& in) {
    const auto level = decode<wire::isolation_request>(in).value;
    if (level == 1 || level == 2 || level == 32) engine_->set_isolation(static_cast<int>(level));
    reply(in, wire::integer_reply{engine_->isolation()});
}

void session::read_uncommitted(const wire::message&) {
    engine_->set_isolation(1);
}

void session::read_committed(const wire::message&) {
    engine_->set_isolation(2);
}

void session::prefetch(const wire::message& in) {
    const auto bytes = decode<wire::query_prefetch_request>(in).value;
    if (bytes < 1 || bytes > 16'000'000) throw sql::sql_error(467, "The size of a result block must be 1 to 16000000", "ServerLoop");
    block_bytes_ = static_cast<std::size_t>(bytes);
    reply(in, wire::empty_reply{});
}

void session::stream_prefetch(const wire::message& in) {
    // Values always travel as handles; the marker of the inline form is not known (wire-sql 4.1).
    (void)decode<wire::stream_prefetch_request>(in);
    reply(in, wire::empty_reply{});
}

void session::client_info(const wire::message& in) {
    (void)decode<wire::client_info_request>(in);
    reply(in, wire::empty_reply{});
}

void session::current_schema(const wire::message& in) {
    reply(in, wire::text_reply{engine_->current_schema()});
}

void session::drop_statements(const wire::message& in) {
    const auto request = decode<wire::drop_statements_request>(in);
    if (request.statements.empty()) {
        statements_.clear();
        streams_.clear();
    }
    for (const auto id : request.statements) drop(id);
}

void session::drop_statement(const wire::message& in) {
    drop(in.statement);
}

void session::close_cursor(const wire::message& in) {
    const auto found = statements_.find(in.statement);
    if (found == statements_.end()) return;
    found->second.rows.reset();
    found->second.waiting.clear();
    streams_.close_statement(in.statement);
}

} // namespace irislink::sandbox
