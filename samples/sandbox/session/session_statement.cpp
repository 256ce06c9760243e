#include <algorithm>

#include "samples/sandbox/session/session.hpp"
#include "samples/sandbox/sql/plan.hpp"
#include "wire/codec/secret.hpp"
#include "wire/messages/batch.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/fetch.hpp"

namespace irislink::sandbox {
namespace {

constexpr std::uint16_t status_of(const std::optional<sql::sql_error>& failure) {
    return failure ? static_cast<std::uint16_t>(failure->code) : wire::status::ok;
}

// Nothing changed: SQLCODE 100 is what an UPDATE or DELETE without a row reports (wire-sql 3.5).
bool nothing_changed(const sql::prepared& statement, const std::vector<std::int64_t>& counts) {
    return statement.kind() == sql::statement_kind::update && !counts.empty() && std::ranges::all_of(counts, [](std::int64_t count) { return count == 0; });
}

} // namespace

session::statement& session::create(const wire::message& in, const std::string& text, const std::vector<wire::parameter_info>& parameters) {
    statements_.erase(in.statement); // ids are used again: the newest meaning counts
    statement made;
    made.text = text;
    for (const auto& each : parameters) made.hints.push_back(each.kind == 'c' ? each.format : 0);
    made.compiled = engine_->prepare(text, made.hints);
    if (made.compiled->compiled().password) wire::secure_zero(made.text.data(), made.text.size());
    return statements_[in.statement] = std::move(made);
}

void session::drop(std::uint32_t id) {
    streams_.close_statement(id);
    statements_.erase(id);
}

session::statement* session::find(const wire::message& in) {
    const auto found = statements_.find(in.statement);
    return found == statements_.end() || !found->second.compiled ? nullptr : &found->second;
}

// The statement to execute, prepared again if DDL has overtaken it. None when the client must start over (404): the
// id means nothing, or what the client was told of it is no longer so. Then it means nothing from now on: one client
// starts over under a new id, and yet executes the old one later, with what it knows of that.
session::statement* session::find_current(const wire::message& in) {
    auto* const st = find(in);
    if (st == nullptr || !engine_->stale(*st->compiled)) return st;
    try {
        auto again = engine_->prepare(st->text, st->hints);
        if (sql::described_alike(*st->compiled, *again)) {
            st->compiled = std::move(again);
            return st;
        }
    } catch (const sql::sql_error&) {
        // Asked directly, the client will hear what is wrong.
    }
    statements_.erase(in.statement); // and not the streams: they may be the values that the client sends once more
    return nullptr;
}

wire::query_reply session::describe(const statement& st) const {
    wire::query_reply out;
    out.columns = describe_columns(st.compiled->columns());
    out.parameters.parameters = describe_parameters(st.compiled->parameters());
    return out;
}

void session::prepare(const wire::message& in) {
    const auto request = decode<wire::prepare_request>(in);
    streams_.close_rows(in.statement);
    const auto& st = create(in, request.sql.text, request.parameters);
    if (st.compiled->kind() == sql::statement_kind::query) {
        reply(in, describe(st));
        return;
    }
    wire::prepare_update_reply out;
    out.parameters.parameters = describe_parameters(st.compiled->parameters());
    if (st.compiled->kind() != sql::statement_kind::update) out.parameters.flags = 0;
    reply(in, out);
}

void session::open(const wire::message& in, statement& st, const wire::parameter_values& values, std::int64_t timeout, std::int64_t max_rows) {
    st.rows.reset();
    if (timeout > 0) {
        engine_->set_deadline(std::chrono::steady_clock::now() + std::chrono::seconds(std::min<std::int64_t>(timeout, std::int64_t{86400} * 365)));
    } else {
        engine_->set_deadline(std::nullopt);
    }
    const auto parameters = read_parameters(values, st.compiled->parameters(), format_, streams_);
    streams_.close_executed(in.statement);
    st.columns = st.compiled->columns();
    st.rows = engine_->open(*st.compiled, parameters, max_rows);
    st.opened = ++opened_;
}

// One block of whole rows, encoded where it is sent from. The last one has status 100.
void session::send_rows(const wire::message& in, statement& st) {
    const auto start = out_.size();
    wire::message_builder builder(out_);
    builder.begin(in.id, in.statement, {wire::status::ok});
    wire::writer body(out_, format_);
    const bool more = append_rows(body, st, in.statement);
    builder.end();
    if (!more) wire::store_u16(out_.data() + start + 12, wire::status::end_of_data);
}

// False when the cursor is at its end, and closed.
bool session::append_rows(wire::writer& body, statement& st, std::uint32_t id) {
    bool more = true;
    try {
        while (more && body.written() < block_bytes_) {
            if (!st.waiting.empty()) {
                body.raw(st.waiting.front());
                st.waiting.pop_front();
                continue;
            }
            more = st.rows && st.rows->next();
            if (more) write_row(body, *st.rows, st.columns, streams_, id);
        }
    } catch (const sql::sql_error& error) {
        st.rows.reset();
        throw sql::sql_error(error.code, error.message, "ServerLoop - Query Fetch");
    }
    if (body.failed()) throw sql::sql_error(400, "A row could not be encoded", "ServerLoop - Query Fetch");
    if (!more) st.rows.reset();
    return more;
}

void session::direct_query(const wire::message& in) {
    const auto request = decode<wire::direct_query_request>(in);
    auto& st = create(in, request.sql.text, request.parameters);
    if (st.compiled->kind() != sql::statement_kind::query) throw sql::sql_error(400, "The statement returns no rows: it must be sent as an update");
    open(in, st, request.values, request.timeout, request.max_rows);
    reply(in, describe(st));
    send_rows(in, st);
}

void session::prepared_query(const wire::message& in) {
    const auto request = decode<wire::prepared_query_request>(in);
    auto* const st = find_current(in);
    if (st == nullptr || st->compiled->kind() != sql::statement_kind::query) {
        reply(in, wire::empty_reply{}, wire::status::statement_gone);
        return;
    }
    open(in, *st, request.values, request.timeout, request.max_rows);
    send_rows(in, *st);
}

void session::fetch(const wire::message& in) {
    const auto found = statements_.find(in.statement);
    statement* st = found == statements_.end() ? nullptr : &found->second;
    if (st == nullptr || (!st->open() && st->opened == 0)) {
        // One client fetches with id 0 whatever the statement's id: the newest open cursor is meant.
        st = nullptr;
        for (auto& [id, each] : statements_)
            if (each.open() && (st == nullptr || each.opened > st->opened)) st = &each;
    }
    if (st == nullptr || !st->open()) {
        reply(in, wire::empty_reply{}, wire::status::end_of_data);
        return;
    }
    send_rows(in, *st);
}

std::vector<std::int64_t> session::update(
    const wire::message& in, statement& st, const wire::parameter_values& values, const wire::key_request& key, std::optional<sql::sql_error>& failure
) {
    if (st.compiled->kind() == sql::statement_kind::query) throw sql::sql_error(400, "The statement returns rows: it must be sent as a query");
    engine_->set_deadline(std::nullopt);
    const auto parameters = read_parameters(values, st.compiled->parameters(), format_, streams_);
    auto counts = engine_->execute(*st.compiled, values.sets, parameters, failure);
    st.key_wanted = key.column.has_value();
    st.key = st.key_wanted && !failure ? engine_->new_identity() : std::nullopt;
    streams_.close_executed(in.statement);
    if (failure) {
        last_error_ = failure->code;
        last_error_text_ = sql::error_text(failure->code, failure->location, failure->message);
    }
    return counts;
}

void session::direct_update(const wire::message& in) {
    const auto request = decode<wire::direct_update_request>(in);
    auto& st = create(in, request.sql.text, request.parameters);
    std::optional<sql::sql_error> failure;
    wire::direct_update_reply out;
    out.counts = update(in, st, request.values, request.key, failure);
    if (failure && request.values.sets <= 1) throw *failure;
    out.parameters.parameters = describe_parameters(st.compiled->parameters());
    const bool kept = st.compiled->kind() == sql::statement_kind::update;
    if (!kept) out.parameters.flags = 0;
    const auto status = failure ? status_of(failure) : nothing_changed(*st.compiled, out.counts) ? wire::status::end_of_data : wire::status::ok;
    reply(in, out, status);
    if (!kept) statements_.erase(in.statement);
}

void session::prepared_update(const wire::message& in) {
    const auto request = decode<wire::prepared_update_request>(in);
    auto* const st = find_current(in);
    if (st == nullptr) {
        reply(in, wire::empty_reply{}, wire::status::statement_gone);
        return;
    }
    std::optional<sql::sql_error> failure;
    wire::update_counts_reply out;
    out.counts = update(in, *st, request.values, request.key, failure);
    if (failure && request.values.sets <= 1) throw *failure;
    reply(in, out, failure ? status_of(failure) : nothing_changed(*st->compiled, out.counts) ? wire::status::end_of_data : wire::status::ok);
}

void session::generated_keys(const wire::message& in) {
    const auto* const st = find(in);
    wire::generated_keys_reply out;
    wire::byte_buffer row;
    if (st != nullptr && st->key) {
        wire::column id;
        id.name = id.label = "ID";
        id.type = sql::type_code::bigint;
        id.precision = 19;
        id.nullable = 0;
        id.flags = wire::column::auto_increment | wire::column::identity | wire::column::row_id;
        out.columns.push_back(std::move(id));
        wire::writer items(row, format_);
        items.integer(*st->key);
        out.row_items = row;
    }
    reply(in, out, wire::status::end_of_data);
}

void session::statement_batch(const wire::message& in) {
    const auto request = decode<wire::statement_batch_request>(in);
    wire::update_counts_reply out;
    std::optional<sql::sql_error> failure;
    const bool own = engine_->autocommit() && !engine_->in_transaction();
    if (own) engine_->set_autocommit(false);
    for (const auto& each : request.entries) {
        try {
            const auto compiled = engine_->prepare(each.sql.text);
            if (compiled->kind() == sql::statement_kind::query) throw sql::sql_error(400, "A query cannot be part of a batch");
            const auto parameters = read_parameters(each.values, compiled->parameters(), format_, streams_);
            const auto counts = engine_->execute(*compiled, each.values.sets, parameters, failure);
            out.counts.insert(out.counts.end(), counts.begin(), counts.end());
        } catch (const sql::sql_error& error) {
            failure = error;
            out.counts.push_back(wire::update_counts_reply::failed_set);
        }
        if (failure) break;
    }
    streams_.close_executed(in.statement);
    if (own) engine_->set_autocommit(true); // commits what went well
    if (failure) {
        last_error_ = failure->code;
        last_error_text_ = sql::error_text(failure->code, failure->location, failure->message);
    }
    reply(in, out, status_of(failure));
}

void session::keep_rows(const wire::message& in, statement& st, const wire::parameter_values& values, std::int64_t timeout, std::int64_t max_rows) {
    open(in, st, values, timeout, max_rows);
    st.kept.clear();
    while (st.rows->next()) {
        auto& row = st.kept.emplace_back();
        wire::writer items(row, format_);
        write_row(items, *st.rows, st.columns, streams_, in.statement);
        if (items.failed()) throw sql::sql_error(400, "A row could not be encoded", "ServerLoop - Query Fetch");
    }
    st.rows.reset();
}

void session::static_direct_query(const wire::message& in) {
    const auto request = decode<wire::static_direct_query_request>(in);
    auto& st = create(in, request.sql.text, request.parameters);
    if (st.compiled->kind() != sql::statement_kind::query) throw sql::sql_error(400, "The statement returns no rows: it must be sent as an update");
    keep_rows(in, st, request.values, request.timeout, request.max_rows);
    reply(in, describe(st));
}

void session::static_prepared_query(const wire::message& in) {
    const auto request = decode<wire::static_prepared_query_request>(in);
    auto* const st = find_current(in);
    if (st == nullptr || st->compiled->kind() != sql::statement_kind::query) {
        reply(in, wire::empty_reply{}, wire::status::statement_gone);
        return;
    }
    keep_rows(in, *st, request.values, request.timeout, request.max_rows);
    reply(in, wire::empty_reply{});
}

void session::static_fetch(const wire::message& in) {
    const auto request = decode<wire::static_fetch_request>(in);
    const auto* const st = find(in);
    if (st == nullptr) throw sql::sql_error(404, {}, "ServerLoop");
    const auto total = static_cast<std::int64_t>(st->kept.size());
    const auto wanted = std::clamp<std::int64_t>(request.rows, 0, total);
    const auto first = request.first <= 0 ? std::max<std::int64_t>(total - wanted + 1, 1) : request.first;
    wire::static_fetch_reply out;
    wire::byte_buffer rows;
    std::int64_t at = first;
    for (; at <= total && at - first < wanted; ++at) {
        const auto& row = st->kept[static_cast<std::size_t>(at - 1)];
        rows.insert(rows.end(), row.begin(), row.end());
    }
    out.rows = at - first;
    out.first = out.rows == 0 ? 0 : first;
    out.row_items = rows;
    reply(in, out, at > total ? wire::status::end_of_data : wire::status::ok);
}

} // namespace irislink::sandbox
