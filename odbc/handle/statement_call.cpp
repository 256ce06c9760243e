// Calls of stored procedures: {call p(?)}, {? = call p(?)}.

#include "driver/value/convert.hpp"
#include "odbc/handle/statement.hpp"

namespace irislink::odbc {

using form = driver::call_argument::form;

void statement::describe_call() {
    const auto facts = on_line([&](driver::session& on) { return on.run<driver::procedure_facts>(on.describe_procedure(call_->name), step::statement); });
    const bool returns = facts.shape.has_return_value();
    if (call_->returns && !returns) fail("42000", "The procedure returns no value: {call ...} without ? =");
    std::vector<std::size_t> wanted; // the parameters that are markers
    if (call_->returns) wanted.push_back(0);
    for (std::size_t i = 0; i < call_->arguments.size(); ++i)
        if (call_->arguments[i].kind == form::marker) wanted.push_back(i + (returns ? 1 : 0));
    for (const auto index : wanted) {
        if (index >= facts.parameters.size()) fail("07001", "The procedure has fewer parameters than the call has arguments");
        const auto& each = facts.parameters[index];
        parameters_.push_back({static_cast<std::int32_t>(each.type), each.precision, each.scale, each.nullable});
    }
    prepared_ = facts.columns;
    describe(prepared_);
}

driver::encoded_parameters statement::arguments_of(const parameter_reader& reader, SQLULEN set, const put_values& put) {
    driver::encoded_parameters out;
    wire::writer items(out.items, parent_.session().format());
    SQLSMALLINT number = call_->returns ? 1 : 0;
    for (const auto& each : call_->arguments) {
        switch (each.kind) {
        case form::marker: reader.append_argument(items, ++number, set, put); break;
        case form::literal: items.text(each.text); break;
        case form::null: items.null(); break;
        case form::omitted: items.omitted(); break;
        }
    }
    if (items.failed()) fail("22018", "A parameter cannot be sent: " + items.error().message());
    out.count = static_cast<std::uint32_t>(call_->arguments.size());
    return out;
}

std::shared_ptr<driver::call_state> statement::run_procedure(driver::encoded_parameters values, first_result as) {
    return on_line([&](driver::session& on) {
        const driver::call_options how{.max_rows = static_cast<std::int64_t>(max_rows_), .must_return = call_->returns, .held = as == first_result::held};
        auto out = on.run<std::shared_ptr<driver::call_state>>(on.call(call_->name, std::move(values), how), step::statement);
        if (out->rows && as == first_result::current) open(std::make_unique<result_cursor>(on.shared_from_this(), out->rows));
        return out;
    });
}

SQLRETURN statement::next_call_result() {
    const auto call = work_.called->state;
    if (!call->more) {
        // Before the cursor is closed, with which the server forgets long values.
        const auto done = put_outputs();
        if (done == SQL_PARAM_DATA_AVAILABLE) { // they are read first
            row_is_there_ = false;
            ird().set_count(0);
            return done;
        }
        close_result();
        return SQL_SUCCEEDED(done) ? SQLRETURN{SQL_NO_DATA} : done;
    }
    close_result();
    ird().set_count(0);
    const bool more = on_line([&](driver::session& on) {
        const bool found = on.run<bool>(on.next_result(call), step::statement);
        if (found) open(std::make_unique<result_cursor>(on.shared_from_this(), call->rows));
        return found;
    });
    if (more) return SQL_SUCCESS;
    const auto done = put_outputs();
    return SQL_SUCCEEDED(done) ? SQLRETURN{SQL_NO_DATA} : done;
}

void statement::end_call() {
    const auto call = std::exchange(work_.called, std::nullopt);
    if (!call || !call->state->more) return;
    const std::lock_guard lock(parent_.line);
    auto& on = parent_.session();
    on.run(on.close_call(call->state), step::statement, on.end_of_upkeep());
}

void statement::end_held() {
    while (!work_.held.empty()) {
        const auto call = std::move(work_.held.front().call);
        work_.held.pop_front();
        if (!call) continue;
        const std::lock_guard lock(parent_.line);
        auto& on = parent_.session();
        if (call->state->rows) result_cursor(on.shared_from_this(), call->state->rows).close();
        if (call->state->more) on.run(on.close_call(call->state), step::statement, on.end_of_upkeep());
    }
}

} // namespace irislink::odbc
