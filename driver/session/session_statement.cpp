#include "driver/session/session_io.hpp"

#include "driver/error/sqlstate_table.hpp"
#include "driver/value/convert.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/login.hpp"

#include <algorithm>

namespace irislink::driver {
namespace {

constexpr wire::session_format no_features(wire::session_format in) {
    in.features = 0;
    return in;
}

std::vector<wire::parameter_info> parameter_infos(std::size_t count) {
    return std::vector<wire::parameter_info>(count);
}

column public_column(const wire::column& in) {
    column out;
    out.name = in.name;
    out.label = in.label.empty() ? in.name : in.label;
    // Codes above 1000 are the logical forms of the ordinary ones (wire-sql 8.1).
    out.type = static_cast<sql_type>(in.type > 1000 ? in.type - 1000 : in.type);
    out.precision = in.precision;
    out.scale = in.scale;
    out.nullable = in.nullable;
    out.table = in.table;
    out.schema = in.schema;
    out.auto_increment = (in.flags & wire::column::auto_increment) != 0;
    out.row_id = (in.flags & wire::column::row_id) != 0;
    return out;
}

[[noreturn]] void wrong_parameter_count(std::size_t given, std::size_t wanted) {
    throw error(diagnostic{
        errc::bad_argument, "07002", 0, step::statement,
        "The statement has " + std::to_string(wanted) + " parameters, " + std::to_string(given) + " values were given", "Give one value for each ?.", false, 0}
    );
}

} // namespace

std::int64_t session::timeout_seconds() const noexcept {
    return query_timeout_.count() > 0 ? std::max<std::int64_t>(1, query_timeout_.count() / 1000) : 0;
}

namespace {

// A failed set is an error whatever status came with it; what follows it was not done.
void judge_counts(execution& out) {
    const auto failed = std::find(out.counts.begin(), out.counts.end(), wire::update_counts_reply::failed_set);
    if (failed == out.counts.end()) return;
    out.counts.erase(failed + 1, out.counts.end());
    if (!out.failure)
        out.failure = diagnostic{
            errc::server_error, "HY000", -native::general, step::statement, "The server marked a set of the batch as failed and gave no reason", "", false, 0};
}

// "-1" asks for the row id (wire-sql 3.5).
wire::key_request key_of(bool wanted) {
    wire::key_request out;
    if (wanted) out.column = "-1";
    return out;
}

// A statement that changed nothing gave no key; what the server remembers is that of another one.
bool has_keys(const execution& done) {
    return !done.failure && !done.counts.empty() && done.counts.front() != 0;
}

} // namespace

void session::begin_statement(std::uint32_t id) {
    running_statement_ = id;
    if (const auto state = current_run_.lock()) running_serial_ = state->serial;
}

std::uint32_t session::fresh_statement() {
    if (!free_statements_.empty()) {
        const auto id = free_statements_.back();
        free_statements_.pop_back();
        return id;
    }
    if (next_statement_ > 0x7FFFFFF0U) lost(errc::out_of_sequence, step::statement, "The connection has used up its statement ids", "Connect again.");
    return next_statement_++;
}

void session::release_statement(std::uint32_t id) {
    free_statements_.push_back(id);
}

// True while the server may still have rows of this result under its statement id, or streams that are wanted.
bool session::cursor_open(const result_state& result) const noexcept {
    if (result.closed || result.failure || result.epoch != epoch_) return false;
    if (result.keeps_streams) return true;
    if (result.last_block) return false;
    return result.waiting.empty() || !result.waiting.back().last;
}

std::shared_ptr<result_state> session::make_result(const cached_statement& plan, bool recycle) const {
    auto out = std::make_shared<result_state>(plan.layout);
    out->statement = plan.id;
    out->columns = plan.columns;
    out->epoch = epoch_;
    out->recycle = recycle;
    return out;
}

void session::forget_statements() {
    wire::drop_statements_request request;
    for (const auto& each : cache_) {
        const auto open = each.result.lock();
        if (open && cursor_open(*open)) {
            open->recycle = true;
        } else {
            request.statements.push_back(each.id);
            release_statement(each.id);
        }
    }
    for (auto& [name, each] : procedures_)
        if (in_use(each)) {
            each.last.lock()->recycle = true;
        } else {
            request.statements.push_back(each.id);
            release_statement(each.id);
        }
    procedures_.clear();
    by_text_.clear();
    cache_.clear();
    if (!request.statements.empty()) (void)put(request, 0); // no answer: goes out with the next request
}

void session::new_epoch() {
    ++epoch_;
    procedures_.clear();
    by_text_.clear();
    cache_.clear();
    free_statements_.clear();
    to_close_.clear();
    streams_to_close_.clear();
    outstanding_.reset();
    next_statement_ = 1;
}

void session::abandon(result_state& result) {
    if (result.closed) return;
    const bool open = cursor_open(result);
    result.closed = true;
    result.waiting.clear();
    if (result.epoch != epoch_) return;
    // While an answer for it is under way settle() sees to the rest.
    if (open && !result.asked && !result.of_several) to_close_.push_back(result.statement);
    if (result.recycle && !result.asked) release_statement(result.statement);
}

// Before anything else is asked: the answer that is still under way is taken in and kept for its
// result, and the block in the receive buffer keeps that buffer, so that rows already handed out stay
// what they are.
asio::awaitable<void> session::settle() {
    if (const auto open = current_.lock(); open && open->in_receive_buffer && !open->closed) {
        auto next = wire::frame_assembler();
        const auto pending = assembler_.pending();
        const auto room = next.prepare(std::max<std::size_t>(pending.size(), 1));
        std::copy(pending.begin(), pending.end(), room.begin());
        next.commit(pending.size());
        open->holder = std::make_unique<wire::frame_assembler>(std::move(assembler_));
        open->in_receive_buffer = false;
        assembler_ = std::move(next);
    }
    current_.reset();
    if (outstanding_) {
        const auto result = std::exchange(outstanding_, nullptr);
        settling_ = true;
        const auto reply = co_await receive(step::fetch);
        settling_ = false;
        expect(reply, outstanding_id_, result->statement);
        result->asked = false;
        const bool last = reply.status() == wire::status::end_of_data;
        if (reply.status() != wire::status::ok && !last) {
            // The rest of that result is lost, which whoever reads it must learn; this statement may go on.
            const auto why = co_await server_error(reply.status(), step::fetch);
            result->failure = why.record();
            if (why.is_fatal()) throw why;
        } else if (!result->closed) {
            result->waiting.push_back({wire::byte_buffer(reply.body.begin(), reply.body.end()), last});
        } else if (!last && !result->of_several) {
            to_close_.push_back(result->statement);
        }
        if (result->closed && result->recycle) release_statement(result->statement);
    }
    for (auto& [id, handle] : std::exchange(streams_to_close_, {})) (void)put(wire::stream_close_request{std::move(handle)}, id);
    for (const auto id : std::exchange(to_close_, {})) (void)put(wire::close_cursor_request{}, id);
    still_wanted();
}

asio::awaitable<void> session::ask_for_more(const std::shared_ptr<result_state>& result) {
    outstanding_id_ = put_as(result->more, wire::fetch_request{}, result->statement);
    co_await send(step::fetch);
    result->asked = true;
    outstanding_ = result;
}

// A ROWS reply becomes the current block, and the next one is asked for before this one is read.
asio::awaitable<void> session::take_block(std::shared_ptr<result_state> result, wire::bytes_view rows, std::uint16_t status) {
    if (status != wire::status::ok && status != wire::status::end_of_data) co_await raise(status, step::fetch);
    result->rows.feed(rows);
    result->holder.reset();
    result->in_receive_buffer = true;
    result->last_block = status == wire::status::end_of_data;
    current_ = result;
    if (!result->last_block && !result->asked) co_await ask_for_more(result);
}

asio::awaitable<bool> session::next_block(std::shared_ptr<result_state> result) {
    if (result->closed) throw error(diagnostic{errc::out_of_sequence, "24000", 0, step::fetch, "The result is closed", "", false, 0});
    if (!result->waiting.empty()) {
        auto block = std::move(result->waiting.front());
        result->waiting.pop_front();
        result->kept = std::move(block.items);
        result->rows.feed(result->kept);
        result->holder.reset();
        result->in_receive_buffer = false;
        result->last_block = block.last;
        co_return true;
    }
    if (result->epoch != epoch_)
        throw error(diagnostic{errc::out_of_sequence, "24000", 0, step::fetch, "The connection was reset: the result is gone", "Run the query again.", false, 0}
        );
    if (result->failure) throw error(*result->failure);
    if (result->last_block) {
        if (const auto unfinished = result->rows.finish()) lost(errc::protocol_error, step::fetch, "The last row is incomplete: " + unfinished.message());
        co_return false;
    }
    require_alive(step::fetch);
    begin_statement(result->statement);
    if (!result->asked) {
        co_await settle();
        co_await ask_for_more(result);
    }
    result->in_receive_buffer = false;
    outstanding_.reset();
    result->asked = false;
    const auto id = outstanding_id_;
    const auto reply = co_await receive_block(result, id, step::fetch);
    const auto status = reply.status();
    if (status != wire::status::ok && status != wire::status::end_of_data) {
        const auto why = co_await server_error(status, step::fetch);
        result->failure = why.record();
        throw why;
    }
    co_await take_block(result, reply.body, status);
    co_return true;
}

asio::awaitable<void> session::close_result(std::shared_ptr<result_state> result) {
    if (result->closed) co_return;
    const bool open = cursor_open(*result);
    abandon(*result);
    if (!alive() || !open) co_return;
    co_await settle();
    if (!out_.empty()) co_await send(step::statement);
}

void session::take_columns(cached_statement& into, const std::vector<wire::column>& columns, const wire::statement_features& features) const {
    into.columns.clear();
    into.layout = {};
    into.layout.columns = columns.size();
    into.layout.fast_select = (features.option & wire::feature::fast_select) != 0;
    for (const auto& each : columns) {
        into.columns.push_back(public_column(each));
        if (into.layout.fast_select) into.layout.slots.push_back(each.slot);
    }
}

asio::awaitable<execution>
session::execute_direct(const scanned_statement& sql, const encoded_parameters& parameters, std::uint32_t id, std::int64_t max_rows, bool keys) {
    execution out;
    const wire::parameter_values values{parameters.sets, parameters.count, parameters.items};
    begin_statement(id);
    if (sql.kind == statement_kind::query) {
        wire::direct_query_request request;
        request.sql.text = sql.text;
        request.parameters = parameter_infos(parameters.count);
        request.values = values;
        request.timeout = timeout_seconds();
        request.max_rows = max_rows;
        const auto message_id = put(request, id);
        co_await send(step::statement);
        auto reply = co_await receive(step::statement);
        expect(reply, message_id, id);
        if (reply.status() != wire::status::ok) {
            release_statement(id);
            co_await raise(reply.status(), step::statement);
        }
        wire::query_reply described;
        decode(reply, described, step::statement);
        cached_statement plan;
        plan.id = id;
        take_columns(plan, described.columns, described.features);
        out.rows = make_result(plan, true);
        reply = co_await receive_block(out.rows, message_id, step::statement);
        if (reply.status() != wire::status::ok && reply.status() != wire::status::end_of_data) release_statement(id);
        co_await take_block(out.rows, reply.body, reply.status());
        if (described.parameters.parameters.size() != parameters.count) {
            // The server saw other ? marks than we did: the values went to the wrong places.
            abandon(*out.rows);
            wrong_parameter_count(parameters.count, described.parameters.parameters.size());
        }
        co_return out;
    }
    wire::direct_update_request request;
    request.sql.text = sql.text;
    request.parameters = parameter_infos(parameters.count);
    request.key = key_of(keys);
    request.values = values;
    const auto reply = co_await exchange(request, id, step::statement);
    const auto status = reply.status();
    wire::direct_update_reply done;
    if (status == wire::status::ok || status == wire::status::end_of_data) {
        decode(reply, done, step::statement);
        out.counts = std::move(done.counts);
    } else {
        const bool counted = parameters.sets > 1 && !wire::decode_body(reply.body, no_features(format_), done) && !done.counts.empty();
        auto failed = co_await server_error(status, step::statement);
        if (!counted) {
            release_statement(id);
            throw failed;
        }
        out.counts = std::move(done.counts);
        out.failure = failed.record();
    }
    judge_counts(out);
    try {
        if (keys && has_keys(out)) out.keys = co_await generated_keys(id);
    } catch (const error&) {
        release_statement(id);
        throw;
    }
    release_statement(id);
    if (sql.kind == statement_kind::use) {
        new_epoch();
        namespace_changed_ = true;
    } else if (sql.kind == statement_kind::drop || sql.kind == statement_kind::ddl) {
        forget_statements();
    }
    co_return out;
}

asio::awaitable<session::cache_list::iterator> session::prepare(const scanned_statement& sql) {
    if (const auto found = by_text_.find(sql.text); found != by_text_.end()) {
        cache_.splice(cache_.begin(), cache_, found->second);
        co_return cache_.begin();
    }
    cached_statement made;
    made.id = fresh_statement();
    wire::prepare_request request;
    request.sql.text = sql.text;
    request.parameters = parameter_infos(sql.parameters);
    begin_statement(made.id);
    const auto reply = co_await exchange(request, made.id, step::statement);
    if (reply.status() != wire::status::ok) {
        release_statement(made.id);
        co_await raise(reply.status(), step::statement);
    }
    if (sql.kind == statement_kind::query) {
        wire::query_reply described;
        decode(reply, described, step::statement);
        take_columns(made, described.columns, described.features);
        made.parameters = described.parameters.parameters.size();
        made.described = std::move(described.parameters.parameters);
    } else {
        wire::prepare_update_reply described;
        decode(reply, described, step::statement);
        made.parameters = described.parameters.parameters.size();
        made.described = std::move(described.parameters.parameters);
    }
    if (made.parameters != sql.parameters) {
        release_statement(made.id);
        wrong_parameter_count(sql.parameters, made.parameters);
    }
    made.text = sql.text;
    while (!cache_.empty() && cache_.size() >= std::max<std::size_t>(settings_->statement_cache, 1)) {
        const auto& oldest = cache_.back();
        if (const auto open = oldest.result.lock(); open && cursor_open(*open)) {
            open->recycle = true; // its rows are still wanted
        } else {
            (void)put(wire::drop_statement_request{}, oldest.id);
            release_statement(oldest.id);
        }
        by_text_.erase(oldest.text);
        cache_.pop_back();
    }
    cache_.push_front(std::move(made));
    by_text_[cache_.front().text] = cache_.begin();
    co_return cache_.begin();
}

asio::awaitable<execution> session::execute_prepared(const scanned_statement& sql, const encoded_parameters& parameters, std::int64_t max_rows, bool keys) {
    const auto entry = co_await prepare(sql);
    still_wanted();
    // A prepared statement has one cursor. While rows of its last execution are still to come, another
    // execution goes its own way instead of taking them away.
    if (const auto open = entry->result.lock(); open && cursor_open(*open))
        co_return co_await execute_direct(sql, parameters, fresh_statement(), max_rows, keys);
    const auto id = entry->id;
    const wire::parameter_values values{parameters.sets, parameters.count, parameters.items};
    execution out;
    begin_statement(id);
    std::uint16_t status = 0;
    if (sql.kind == statement_kind::query) {
        wire::prepared_query_request request;
        request.values = values;
        request.timeout = timeout_seconds();
        request.max_rows = max_rows;
        auto result = make_result(*entry, false);
        const auto message_id = put(request, id);
        co_await send(step::statement);
        const auto reply = co_await receive_block(result, message_id, step::statement);
        status = reply.status();
        if (status != wire::status::statement_gone) {
            entry->result = result;
            co_await take_block(result, reply.body, status);
            out.rows = std::move(result);
            co_return out;
        }
    } else {
        wire::prepared_update_request request;
        request.key = key_of(keys);
        request.values = values;
        const auto reply = co_await exchange(request, id, step::statement);
        status = reply.status();
        wire::update_counts_reply done;
        if (status == wire::status::ok || status == wire::status::end_of_data) {
            decode(reply, done, step::statement);
            out.counts = std::move(done.counts);
            judge_counts(out);
            if (keys && has_keys(out)) out.keys = co_await generated_keys(id);
            co_return out;
        }
        if (status != wire::status::statement_gone) {
            const bool counted = parameters.sets > 1 && !wire::decode_body(reply.body, format_, done) && !done.counts.empty();
            auto failed = co_await server_error(status, step::statement);
            if (!counted) throw failed;
            out.counts = std::move(done.counts);
            out.failure = failed.record();
            judge_counts(out);
            co_return out;
        }
    }
    // 404: the server dropped the statement. The work is repeated directly, under the same id.
    by_text_.erase(entry->text);
    cache_.erase(entry);
    co_return co_await execute_direct(sql, parameters, id, max_rows, keys);
}

// Only status 100 is success; a body without anything is no key (wire-sql 3.11).
asio::awaitable<std::vector<value>> session::generated_keys(std::uint32_t id) {
    std::vector<value> out;
    const auto reply = co_await exchange(wire::generated_keys_request{}, id, step::statement);
    const auto status = reply.status();
    if (status != wire::status::end_of_data) {
        diagnostic why{errc::server_error,
                       "HY000",
                       -native::general,
                       step::statement,
                       "The server answered the request for generated keys with status 0, not 100",
                       "",
                       false,
                       0};
        if (status != wire::status::ok) {
            const auto told = co_await server_error(status, step::statement);
            why = told.record();
        }
        why.hint = "The statement itself was executed; only its key is missing.";
        throw error(std::move(why));
    }
    wire::generated_keys_reply keys;
    decode(reply, keys, step::statement);
    if (keys.columns.empty() || keys.row_items.empty()) co_return out;
    wire::row_layout layout;
    layout.columns = keys.columns.size();
    wire::row_cursor rows(layout);
    rows.feed(keys.row_items);
    std::vector<wire::item> cells(keys.columns.size());
    if (!rows.next(cells)) lost(errc::protocol_error, step::statement, "The generated key is incomplete");
    for (std::size_t i = 0; i < cells.size(); ++i) out.push_back(read_value(cells[i], public_column(keys.columns[i]).type, format_));
    co_return out;
}

asio::awaitable<execution> session::execute(scanned_statement sql, encoded_parameters parameters, bool keep, std::int64_t max_rows, bool keys) {
    require_alive(step::statement);
    if (parameters.count != sql.parameters) wrong_parameter_count(parameters.count, sql.parameters);
    // DDL has none, and servers need not keep its statement to be asked about.
    const bool wanted = keys && sql.kind == statement_kind::update;
    co_await settle();
    const bool cached = keep && settings_->statement_cache > 0 && (sql.kind == statement_kind::query || sql.kind == statement_kind::update);
    if (cached) co_return co_await execute_prepared(sql, parameters, max_rows, wanted);
    co_return co_await execute_direct(sql, parameters, fresh_statement(), max_rows, wanted);
}

asio::awaitable<std::size_t> session::describe(scanned_statement sql, std::vector<wire::parameter_description>& parameters, std::vector<column>& columns) {
    require_alive(step::statement);
    co_await settle();
    const auto entry = co_await prepare(sql);
    parameters = entry->described;
    columns = entry->columns;
    co_return entry->parameters;
}

} // namespace irislink::driver
