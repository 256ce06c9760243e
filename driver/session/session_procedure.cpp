// Stored procedures (wire-sql 3.8): described once by SP and kept by name, then called by SU, SQ or MS.

#include <algorithm>

#include "driver/session/long_value.hpp"
#include "driver/session/session_io.hpp"
#include "driver/value/convert.hpp"
#include "wire/messages/fields.hpp"

namespace irislink::driver {
namespace {

constexpr std::int64_t close_current = 1;
constexpr std::int64_t close_all = 3;

column parameter_column(const wire::procedure_parameter& in) {
    column out;
    out.name = out.label = in.name;
    out.type = static_cast<sql_type>(in.type > 1000 ? in.type - 1000 : in.type);
    out.precision = in.precision;
    out.scale = in.scale;
    out.nullable = in.nullable;
    return out;
}

// The one row of what came out. Its bytes are copied: the line goes on.
std::shared_ptr<result_state> output_of(const procedure_facts& facts, std::size_t arguments, const call_state& call, wire::bytes_view items) {
    wire::row_layout layout;
    layout.columns = arguments + (call.returns ? 1 : 0);
    auto out = std::make_shared<result_state>(layout);
    out->statement = call.statement;
    out->epoch = call.epoch;
    out->columns.assign(facts.parameters.begin(), facts.parameters.begin() + static_cast<std::ptrdiff_t>(layout.columns));
    out->kept.assign(items.begin(), items.end());
    out->rows.feed(out->kept);
    out->last_block = true;
    return out;
}

// Adds arguments that are not given behind the first `given` ones, up to the last parameter that comes out.
void leave_out(encoded_parameters& arguments, std::uint32_t given, std::size_t given_bytes, const procedure_facts& facts, const wire::session_format& format) {
    arguments.items.resize(given_bytes);
    arguments.count = given;
    const std::size_t first = facts.shape.has_return_value() ? 1 : 0;
    auto wanted = facts.modes.size();
    while (wanted > first + given && facts.modes[wanted - 1] == procedure_facts::only_in) --wanted;
    wire::writer items(arguments.items, format);
    for (; first + arguments.count < wanted; ++arguments.count) items.omitted();
}

} // namespace

// True while the server may still have results of the last call under the procedure's statement id.
bool session::in_use(const cached_procedure& procedure) const noexcept {
    const auto last = procedure.last.lock();
    return last && last->epoch == epoch_ && (last->more || (last->rows && cursor_open(*last->rows)));
}

// Described under a fresh id when it is not known yet, or when the one that is has results to give still.
asio::awaitable<session::cached_procedure> session::find_procedure(const std::string& name) {
    const auto known = procedures_.find(name);
    if (known != procedures_.end() && !in_use(known->second)) co_return known->second;
    cached_procedure made;
    made.id = fresh_statement();
    wire::describe_procedure_request request;
    request.name = name;
    begin_statement(made.id);
    const auto reply = co_await exchange(request, made.id, step::statement);
    if (reply.status() != wire::status::ok) {
        release_statement(made.id);
        co_await raise(reply.status(), step::statement);
    }
    wire::describe_procedure_reply described;
    decode(reply, described, step::statement);
    made.facts.shape = described.shape;
    for (const auto& each : described.parameters) {
        made.facts.parameters.push_back(parameter_column(each));
        made.facts.modes.push_back(each.mode);
    }
    if (described.shape.has_return_value() && made.facts.parameters.empty())
        lost(errc::protocol_error, step::statement, "The description of the procedure lacks its return value");
    cached_statement plan;
    take_columns(plan, described.columns, {});
    made.facts.columns = std::move(plan.columns);
    made.layout = plan.layout;
    if (known != procedures_.end() || settings_->statement_cache == 0) co_return made;
    if (procedures_.size() >= settings_->statement_cache) {
        // Any will do: a program calls few, and describing one again is one message.
        for (auto each = procedures_.begin(); each != procedures_.end(); ++each) {
            if (in_use(each->second)) continue;
            (void)put(wire::drop_statement_request{}, each->second.id);
            release_statement(each->second.id);
            procedures_.erase(each);
            break;
        }
    }
    procedures_[name] = made;
    co_return made;
}

asio::awaitable<procedure_facts> session::describe_procedure(std::string name) {
    require_alive(step::statement);
    co_await settle();
    auto found = co_await find_procedure(name);
    const auto kept = procedures_.find(name);
    if (kept == procedures_.end() || kept->second.id != found.id) release_statement(found.id);
    co_return std::move(found.facts);
}

// The status of the first answer: 404 when the server has forgotten the procedure. Throws other failures.
asio::awaitable<std::uint16_t>
session::run_procedure(const cached_procedure& procedure, const encoded_parameters& arguments, std::int64_t max_rows, std::shared_ptr<call_state> into) {
    const wire::parameter_values values{1, arguments.count, arguments.items};
    const auto& facts = procedure.facts;
    const auto outputs = std::uint64_t{arguments.count} + (into->returns ? 1 : 0);
    const auto id = procedure.id;
    begin_statement(id);
    std::uint32_t message_id = 0;
    if (facts.shape.multiple_results()) {
        wire::multi_result_request request;
        request.timeout = timeout_seconds();
        request.values = values;
        message_id = put(request, id);
    } else if (facts.shape.has_columns()) {
        wire::procedure_query_request request;
        request.timeout = timeout_seconds();
        request.max_rows = max_rows;
        request.values = values;
        message_id = put(request, id);
    } else {
        wire::procedure_update_request request;
        request.values = values;
        message_id = put(request, id);
    }
    co_await send(step::statement);
    const auto reply = co_await receive(step::statement);
    expect(reply, message_id, id);
    const auto status = reply.status();
    if (status == wire::status::statement_gone) co_return status;
    if (status != wire::status::ok && status != wire::status::end_of_data) co_await raise(status, step::statement);
    const auto check = [&](wire::bytes_view items) {
        wire::reader in(items, format_);
        if (wire::count_items(in) != outputs) lost(errc::protocol_error, step::statement, "The server's answer has another number of parameters than the call");
    };
    if (facts.shape.multiple_results()) {
        wire::multi_result_reply done;
        done.outputs = outputs;
        decode(reply, done, step::statement);
        into->output = output_of(facts, arguments.count, *into, done.output);
        co_await take_result(into, done.first, status);
        co_return status;
    }
    if (!facts.shape.has_columns()) {
        wire::procedure_update_reply done;
        decode(reply, done, step::statement);
        check(done.output);
        into->output = output_of(facts, arguments.count, *into, done.output);
        into->changed = done.update_count;
        co_return status;
    }
    wire::procedure_query_reply done;
    decode(reply, done, step::statement);
    check(done.output);
    into->output = output_of(facts, arguments.count, *into, done.output);
    cached_statement plan;
    plan.id = id;
    plan.columns = facts.columns;
    plan.layout = procedure.layout;
    into->rows = make_result(plan, false);
    into->rows->more = wire::procedure_fetch_request::code;
    if (status == wire::status::end_of_data) { // no rows, and no second message
        into->rows->last_block = true;
        co_return status;
    }
    const auto rows = co_await receive_block(into->rows, message_id, step::statement);
    co_await take_block(into->rows, rows.body, rows.status());
    co_return status;
}

// What MS and MR say of a result: a result set with its first rows, a count, or that there is no more.
asio::awaitable<void> session::take_result(std::shared_ptr<call_state> call, const wire::next_result_reply& reply, std::uint16_t status) {
    call->rows.reset();
    call->more = reply.result != wire::next_result_reply::no_more_results;
    if (reply.result >= 0) call->changed = reply.result;
    if (reply.result != wire::next_result_reply::result_set) co_return;
    cached_statement plan;
    plan.id = call->statement;
    take_columns(plan, reply.columns, {});
    call->rows = make_result(plan, false);
    call->rows->more = wire::multi_fetch_request::code;
    call->rows->of_several = true;
    co_await take_block(call->rows, reply.row_items, status);
}

void session::end_call(call_state& call) {
    call.more = false;
    if (!std::exchange(call.recycle, false) || call.epoch != epoch_) return;
    // The rows of a single result set are still wanted: then the id goes with them.
    if (call.rows && !call.rows->of_several && cursor_open(*call.rows)) {
        call.rows->recycle = true;
    } else {
        release_statement(call.statement);
    }
}

asio::awaitable<std::shared_ptr<call_state>> session::call(std::string name, encoded_parameters arguments, call_options how) {
    require_alive(step::statement);
    co_await settle();
    const auto given = arguments.count;
    const auto given_bytes = arguments.items.size();
    for (bool again = false;; again = true) {
        const auto procedure = co_await find_procedure(name);
        still_wanted();
        const auto kept = procedures_.find(name);
        const bool cached = kept != procedures_.end() && kept->second.id == procedure.id;
        auto out = std::make_shared<call_state>();
        out->statement = procedure.id;
        out->epoch = epoch_;
        out->recycle = !cached;
        out->returns = procedure.facts.shape.has_return_value();
        out->gives_results = procedure.facts.gives_results();
        const auto parameters = procedure.facts.parameters.size() - (out->returns ? 1 : 0);
        if (how.all_outputs) leave_out(arguments, given, given_bytes, procedure.facts, format_);
        std::exception_ptr failure;
        std::uint16_t status = 0;
        if (given > parameters) {
            failure = std::make_exception_ptr(error(diagnostic{
                errc::bad_argument, "07001", 0, step::statement,
                "The procedure has " + std::to_string(parameters) + " parameters, " + std::to_string(given) + " arguments were given", "", false, 0}));
        } else if (how.must_return && !out->returns) {
            failure = std::make_exception_ptr(error(diagnostic{
                errc::bad_argument, "42000", 0, step::statement, "The procedure returns no value", "Write {call ...} without ? =.", false, 0}));
        } else {
            const auto& modes = procedure.facts.modes;
            out->modes.assign(modes.begin(), modes.begin() + std::ptrdiff_t{arguments.count} + (out->returns ? 1 : 0));
            if (cached) kept->second.last = out;
            try {
                status = co_await run_procedure(procedure, arguments, how.max_rows, out);
            } catch (...) {
                failure = std::current_exception();
            }
        }
        if (failure) {
            end_call(*out);
            std::rethrow_exception(failure);
        }
        if (status != wire::status::statement_gone) {
            if (how.held) hold(*out);
            if (!out->more) end_call(*out);
            co_return out;
        }
        // 404: the procedure was changed, or the server has dropped what it knew.
        if (cached) procedures_.erase(kept);
        release_statement(procedure.id);
        if (again) co_await raise(status, step::statement);
    }
}

void session::hold(call_state& call) {
    if (!call.rows) return;
    auto& rows = *call.rows;
    const auto has_longs = [](const result_state& of) { return std::ranges::any_of(of.columns, is_long, &column::type); };
    rows.keeps_streams = has_longs(rows) || has_longs(*call.output);
    if (!rows.in_receive_buffer) return;
    const auto unread = rows.rows.unread();
    rows.kept.assign(unread.begin(), unread.end());
    rows.rows.feed(rows.kept);
    rows.in_receive_buffer = false;
}

asio::awaitable<bool> session::next_result(std::shared_ptr<call_state> call) {
    if (!call->more || call->epoch != epoch_) {
        if (call->rows) abandon(*call->rows);
        call->rows.reset();
        co_return false;
    }
    require_alive(step::statement);
    co_await settle(); // a block that is under way comes before the answer
    if (call->rows) call->rows->closed = true;
    call->rows.reset();
    while (call->more) {
        wire::next_result_request request;
        request.value = close_current;
        begin_statement(call->statement);
        const auto reply = co_await exchange(request, call->statement, step::statement);
        const auto status = reply.status();
        if (status != wire::status::ok && status != wire::status::end_of_data) {
            end_call(*call);
            co_await raise(status, step::statement);
        }
        wire::next_result_reply next;
        decode(reply, next, step::statement);
        co_await take_result(call, next, status);
        if (call->rows) co_return true;
    }
    end_call(*call);
    co_return false;
}

asio::awaitable<void> session::close_call(std::shared_ptr<call_state> call) {
    if (call->rows && !call->more) {
        co_await close_result(call->rows);
        co_return;
    }
    if (!call->more || !alive() || call->epoch != epoch_) co_return;
    co_await settle();
    if (call->rows) call->rows->closed = true;
    wire::next_result_request request;
    request.value = close_all;
    end_call(*call);
    (void)co_await exchange(request, call->statement, step::statement);
}

} // namespace irislink::driver
