#include <algorithm>

#include "samples/sandbox/session/session.hpp"

// Stored procedures on the wire (wire-sql 3.8): SP describes, SU SQ MS call, DS does both at once.

namespace irislink::sandbox {
namespace {

using results = sql::routine_info::results;

// What a call may leave in memory until its client has fetched it.
constexpr std::size_t most_results = 1000;
constexpr std::size_t most_kept_bytes = std::size_t{256} << 20U;

// The view of a value that rows have of theirs.
sql::cell cell_of(const sql::sql_value& value) {
    struct viewer {
        sql::cell operator()(std::monostate) const { return {}; }

        sql::cell operator()(std::int64_t v) const { return {sql::cell_kind::integer, v, 0, {}, {}}; }

        sql::cell operator()(double v) const { return {sql::cell_kind::real, 0, v, {}, {}}; }

        sql::cell operator()(const sql::decimal& v) const { return {sql::cell_kind::fixed, 0, 0, v, {}}; }

        sql::cell operator()(const std::string& v) const { return {sql::cell_kind::text, 0, 0, {}, v}; }

        sql::cell operator()(const std::vector<std::byte>& v) const {
            return {sql::cell_kind::bytes, 0, 0, {}, {reinterpret_cast<const char*>(v.data()), v.size()}};
        }
    };

    return std::visit(viewer{}, value);
}

wire::describe_procedure_reply description_of(const sql::routine_info& routine) {
    wire::describe_procedure_reply out;
    const bool returns = routine.returns.has_value();
    switch (routine.rows) {
    case results::none: out.shape.ret = returns ? 2 : 0; break;
    case results::one: out.shape.ret = returns ? 3 : 1; break;
    case results::many: out.shape.ret = returns ? -2 : -1; break;
    }
    if (out.shape.has_columns()) out.columns = describe_columns(routine.columns);
    out.parameters = describe_parameters(routine);
    return out;
}

} // namespace

void session::statement::take_result(routine_result&& result) {
    columns = std::move(result.columns);
    waiting = std::move(result.kept);
    rows = std::move(result.rows);
}

session::statement& session::create_routine(const wire::message& in, const std::string& name) {
    statements_.erase(in.statement);
    statement made;
    made.routine = engine_->describe_routine(name);
    return statements_[in.statement] = std::move(made);
}

// As find_current().
session::statement* session::find_routine(const wire::message& in) {
    const auto found = statements_.find(in.statement);
    if (found == statements_.end() || !found->second.routine) return nullptr;
    auto& routine = *found->second.routine;
    if (!engine_->stale(routine)) return &found->second;
    try {
        auto again = engine_->describe_routine(routine.name);
        if (description_of(again) == description_of(routine)) {
            routine = std::move(again);
            return &found->second;
        }
    } catch (const sql::sql_error&) {
        // Asked directly, the client will hear what is wrong.
    }
    statements_.erase(in.statement);
    return nullptr;
}

sql::call_outcome session::call(const wire::message& in, statement& st, const wire::parameter_values& values, std::int64_t timeout, std::int64_t max_rows) {
    st.rows.reset();
    st.waiting.clear();
    st.results.clear();
    const auto patience = std::chrono::seconds(std::clamp<std::int64_t>(timeout, 0, std::int64_t{86400} * 365));
    engine_->set_deadline(timeout > 0 ? std::optional(std::chrono::steady_clock::now() + patience) : std::nullopt);
    const auto arguments = read_arguments(values, *st.routine, format_, streams_);
    streams_.close_executed(in.statement);
    std::size_t kept = 0;
    auto out = engine_->call(*st.routine, arguments, [&](std::vector<sql::column_info> columns, std::unique_ptr<sql::cursor> rows, bool last) {
        // A loop may give any number of them.
        if (st.results.size() == most_results) throw sql::sql_error(400, "The procedure gives more than 1000 result sets", "ServerLoop - Procedure");
        auto& result = st.results.emplace_back();
        result.columns = std::move(columns);
        if (last && max_rows <= 0) {
            result.rows = std::move(rows);
            return;
        }
        while (rows->next() && (max_rows <= 0 || static_cast<std::int64_t>(result.kept.size()) < max_rows)) {
            wire::writer items(result.kept.emplace_back(), format_);
            write_row(items, *rows, result.columns, streams_, in.statement);
            if (items.failed()) throw sql::sql_error(400, "A row could not be encoded", "ServerLoop - Procedure");
            kept += result.kept.back().size();
            if (kept > most_kept_bytes) throw sql::sql_error(400, "The results of the procedure take more than 256 MiB", "ServerLoop - Procedure");
        }
    });
    st.opened = ++opened_;
    return out;
}

// [return value] and one item for each argument that was sent: clients that give the list back show what
// went in beside what came out.
void session::write_output(wire::writer& out, std::uint32_t id, const sql::routine_info& routine, const sql::call_outcome& outcome, std::size_t sent) {
    if (routine.returns) write_cell(out, cell_of(outcome.returned), *routine.returns, streams_, id);
    for (std::size_t i = 0; i < sent; ++i) {
        if (i < routine.parameters.size()) {
            write_cell(out, cell_of(outcome.values[i]), routine.parameters[i].type, streams_, id);
        } else {
            out.omitted();
        }
    }
}

void session::describe_procedure(const wire::message& in) {
    const auto request = decode<wire::describe_procedure_request>(in);
    streams_.close_rows(in.statement);
    reply(in, description_of(*create_routine(in, request.name).routine));
}

void session::procedure_update(const wire::message& in) {
    const auto request = decode<wire::procedure_update_request>(in);
    auto* const st = find_routine(in);
    if (st == nullptr || st->routine->rows != results::none) {
        reply(in, wire::empty_reply{}, wire::status::statement_gone);
        return;
    }
    const auto outcome = call(in, *st, request.values, 0, request.max_rows);
    wire::byte_buffer output;
    wire::writer items(output, format_);
    write_output(items, in.statement, *st->routine, outcome, request.values.count);
    reply(in, wire::procedure_update_reply{output, outcome.changed});
}

void session::procedure_query(const wire::message& in) {
    const auto request = decode<wire::procedure_query_request>(in);
    auto* const st = find_routine(in);
    if (st == nullptr || st->routine->rows != results::one) {
        reply(in, wire::empty_reply{}, wire::status::statement_gone);
        return;
    }
    const auto outcome = call(in, *st, request.values, request.timeout, request.max_rows);
    wire::byte_buffer output;
    wire::writer items(output, format_);
    write_output(items, in.statement, *st->routine, outcome, request.values.count);
    // A body that returned early has no rows: status 100, and no second message.
    const bool rows = !st->results.empty();
    reply(in, wire::procedure_query_reply{output}, rows ? wire::status::ok : wire::status::end_of_data);
    if (!rows) return;
    st->take_result(std::move(st->results.front()));
    st->results.clear();
    send_rows(in, *st);
}

void session::direct_procedure(const wire::message& in) {
    const auto request = decode<wire::direct_procedure_request>(in);
    auto& st = create_routine(in, request.name);
    wire::direct_procedure_reply out;
    out.description = description_of(*st.routine);
    if (st.routine->rows == results::many) { // described only: the client goes on with MS
        reply(in, out);
        return;
    }
    const auto outcome = call(in, st, request.values, request.timeout, request.max_rows);
    wire::byte_buffer output;
    wire::writer items(output, format_);
    write_output(items, in.statement, *st.routine, outcome, request.values.count);
    out.output = output;
    out.update_count = outcome.changed;
    const bool rows = !st.results.empty();
    reply(in, out, rows || st.routine->rows == results::none ? wire::status::ok : wire::status::end_of_data);
    if (!rows) return;
    st.take_result(std::move(st.results.front()));
    st.results.clear();
    send_rows(in, st);
}

// What MS and MR say of the next result; false when no rows are left beyond what it carries.
bool session::take_next(statement& st, std::uint32_t id, wire::next_result_reply& out, wire::byte_buffer& rows) {
    st.rows.reset();
    st.waiting.clear();
    if (st.results.empty()) return false;
    auto result = std::move(st.results.front());
    st.results.pop_front();
    st.take_result(std::move(result));
    out.result = wire::next_result_reply::result_set;
    out.columns = describe_columns(st.columns);
    wire::writer items(rows, format_);
    const bool more = append_rows(items, st, id);
    out.row_items = rows;
    return more;
}

void session::multi_result(const wire::message& in) {
    const auto request = decode<wire::multi_result_request>(in);
    auto* const st = find_routine(in);
    if (st == nullptr) {
        reply(in, wire::empty_reply{}, wire::status::statement_gone);
        return;
    }
    const auto outcome = call(in, *st, request.values, request.timeout, 0);
    wire::byte_buffer output;
    wire::writer items(output, format_);
    write_output(items, in.statement, *st->routine, outcome, request.values.count);
    wire::multi_result_reply out;
    out.output = output;
    wire::byte_buffer rows;
    const bool more = take_next(*st, in.statement, out.first, rows);
    reply(in, out, more ? wire::status::ok : wire::status::end_of_data);
}

void session::next_result(const wire::message& in) {
    static constexpr std::int64_t close_all = 3;
    const auto request = decode<wire::next_result_request>(in);
    const auto found = statements_.find(in.statement);
    wire::next_result_reply out;
    wire::byte_buffer rows;
    bool more = false;
    if (found != statements_.end() && found->second.routine) {
        if (request.value == close_all) found->second.results.clear();
        more = take_next(found->second, in.statement, out, rows);
    }
    reply(in, out, more ? wire::status::ok : wire::status::end_of_data);
}

} // namespace irislink::sandbox
