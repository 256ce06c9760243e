#include <algorithm>

#include "samples/sandbox/sql/body_step.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/parser.hpp"
#include "samples/sandbox/sql/session_impl.hpp"

// Stored procedures: a body is run statement by statement, each compiled and executed as one of a
// client's is, with the parameters and variables of the routine as its parameters.

namespace irislink::sandbox::sql {
namespace {

constexpr int call_limit = 32;

sql_value to_value(const cell& in) {
    switch (in.kind) {
    case cell_kind::null: break;
    case cell_kind::integer: return in.integer;
    case cell_kind::real: return in.real;
    case cell_kind::fixed: return in.dec;
    case cell_kind::text: return std::string(in.text);
    case cell_kind::bytes: {
        const auto* const data = reinterpret_cast<const std::byte*>(in.text.data());
        return std::vector<std::byte>(data, data + in.text.size());
    }
    }
    return std::monostate{};
}

table_name parse_name(std::string_view name) {
    auto call = parse("CALL " + std::string(name));
    auto* const out = std::get_if<call_statement>(&call.body);
    if (out == nullptr || !out->arguments.empty()) throw sql_error(428, "'" + std::string(name) + "' is not the name of a procedure", "ServerLoop - Procedure");
    return std::move(out->routine);
}

bool is_parameter(const routine_parameter& each) {
    return each.mode != parameter_mode::local;
}

// Whether nothing but jumps out of the body follows a step.
bool is_last(const std::vector<std::string>& steps, std::size_t index) {
    for (auto at = index + 1; at < steps.size();) {
        const auto next = step_of(steps[at]);
        if (next.kind != body_step::form::jump || next.target <= at) return false;
        at = next.target;
    }
    return true;
}

std::vector<variable_def> variables_of(const routine_def& routine) {
    std::vector<variable_def> out;
    for (const auto& each : routine.parameters) out.push_back({each.name, each.type});
    if (routine.returns) out.push_back({{}, *routine.returns});
    return out;
}

} // namespace

const routine_def& session::impl::routine(const catalog& tables, const table_name& name) const {
    const auto* const found = tables.find_routine(name.schema, name.name);
    if (found == nullptr)
        throw sql_error(
            428, "Stored procedure '" + (name.schema.empty() ? std::string(catalog::default_schema) : name.schema) + "." + name.name + "' not found",
            "ServerLoop - Procedure"
        );
    return *found;
}

std::vector<sql_value> session::impl::first_row(const std::shared_ptr<const plan>& made, std::span<const sql_value> parameters) {
    const auto rows = open(made, parameters.first(made->parameters.size()), 1);
    std::vector<sql_value> out(rows->columns());
    if (!rows->next()) return out;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = to_value(rows->get(i));
    return out;
}

bool session::impl::holds(const std::string& condition, std::span<const variable_def> variables, std::span<const sql_value> values) {
    if (must_stop()) throw sql_error(456, "SQL query execution interrupted by user", "ServerLoop - Procedure");
    std::shared_ptr<const plan> made;
    {
        const auto on = active();
        made = compile(condition, {}, *on, variables);
    }
    const auto found = first_row(made, values).at(0);
    const auto* const truth = std::get_if<std::int64_t>(&found);
    return truth != nullptr && *truth != 0;
}

// False when the body ends here: RETURN.
bool session::impl::run_body_statement(
    const std::string& text, std::span<const variable_def> variables, std::vector<sql_value>& values, call_outcome& out, const result_sink& take
) {
    // A statement of its own is too short for SQLite to ask.
    if (must_stop()) throw sql_error(456, "SQL query execution interrupted by user", "ServerLoop - Procedure");
    std::shared_ptr<const plan> made;
    {
        const auto on = active();
        made = compile(text, {}, *on, variables);
    }
    const auto given = std::span<const sql_value>(values).first(made->parameters.size());
    switch (made->kind) {
    case statement_kind::query: take(made->columns, open(made, given, 0), false); break;
    case statement_kind::update: {
        std::vector<std::int64_t> counts;
        std::optional<sql_error> failure;
        run_update(made, 1, given, counts, failure);
        if (failure) throw *failure;
        out.changed += counts.at(0);
        break;
    }
    case statement_kind::ddl: run_ddl(made); break;
    case statement_kind::transaction: run_transaction(made->transaction); break;
    case statement_kind::call: run_call(made, given, &values); break;
    case statement_kind::assign: {
        if (made->target && !made->sql.empty()) values[*made->target] = first_row(made, given).at(0);
        return !made->target || !variables[*made->target].name.empty();
    }
    case statement_kind::other: break;
    }
    return true;
}

call_outcome session::impl::run_routine(const table_name& name, std::span<const std::optional<sql_value>> arguments, const result_sink& results) {
    std::shared_ptr<const catalog> schema;
    {
        const auto on = active();
        schema = tables(*on);
    }
    const auto& called = routine(*schema, name); // lives as long as `schema`, whatever the body does
    const auto shown = called.schema + "." + called.name;
    const auto count = static_cast<std::size_t>(std::ranges::count_if(called.parameters, is_parameter));
    for (std::size_t i = count; i < arguments.size(); ++i)
        if (arguments[i])
            throw sql_error(
                430, "Procedure '" + shown + "' has " + std::to_string(count) + " parameters, " + std::to_string(arguments.size()) + " were given",
                "ServerLoop - Procedure"
            );
    if (call_depth >= call_limit) throw sql_error(427, "Procedures call each other too deeply", "ServerLoop - Procedure");

    struct depth_guard {
        explicit depth_guard(int& depth) : depth_(&depth) { ++depth; }

        ~depth_guard() { --*depth_; }

        depth_guard(const depth_guard&) = delete;
        depth_guard& operator=(const depth_guard&) = delete;
        int* depth_;
    };

    const depth_guard guard(call_depth);

    const auto variables = variables_of(called);
    std::vector<sql_value> values(variables.size());
    // Arguments become values of the parameters' types by statements of their own: SET name = ?
    const auto assign = [&](std::size_t index, const std::string& source, std::span<const variable_def> known, std::vector<sql_value>& from) {
        call_outcome ignored;
        (void)run_body_statement("SET " + quote_name(variables[index].name) + " = " + source, known, from, ignored, {});
    };
    call_outcome out;
    try {
        for (std::size_t i = 0; i < count; ++i) {
            const auto& parameter = called.parameters[i];
            if (parameter.mode == parameter_mode::out) continue;
            const bool given = i < arguments.size() && arguments[i].has_value();
            if (given) values[i] = *arguments[i];
            if (given && !std::holds_alternative<std::monostate>(values[i])) assign(i, ":%qpar(" + std::to_string(i + 1) + ")", variables, values);
            if (!given && !parameter.default_text.empty()) assign(i, parameter.default_text, variables, values);
        }
        for (std::size_t at = 0; at < called.statements.size(); ++at) {
            const auto step = step_of(called.statements[at]);
            if (step.kind != body_step::form::statement) {
                if (step.kind == body_step::form::jump || !holds(step.sql(), variables, values)) at = step.target - 1;
                continue;
            }
            const bool last = is_last(called.statements, at);
            const auto take = [&](std::vector<column_info> columns, std::unique_ptr<cursor> rows, bool) {
                if (results) results(std::move(columns), std::move(rows), last);
            };
            if (!run_body_statement(called.statements[at], variables, values, out, take)) break;
        }
    } catch (sql_error& error) {
        error.message += " (procedure " + shown + ")";
        throw;
    }
    if (called.returns) out.returned = std::move(values.back());
    values.resize(count);
    out.values = std::move(values);
    return out;
}

// CALL as a statement: in a body variables that are arguments take what the procedure has put out, and
// result sets are nobody's.
void session::impl::run_call(const std::shared_ptr<const plan>& made, std::span<const sql_value> parameters, std::vector<sql_value>* variables) {
    std::vector<std::optional<sql_value>> arguments;
    if (!made->sql.empty())
        for (auto& each : first_row(made, parameters)) arguments.emplace_back(std::move(each));
    auto out = run_routine(*made->routine, arguments, {});
    for (std::size_t i = 0; variables != nullptr && i < made->argument_targets.size() && i < out.values.size(); ++i)
        if (made->argument_targets[i]) (*variables)[*made->argument_targets[i]] = std::move(out.values[i]);
}

routine_info session::describe_routine(std::string_view name) {
    const auto on = impl_->active();
    const auto schema = impl_->tables(*on);
    const auto& found = impl_->routine(*schema, parse_name(name));
    routine_info out;
    out.name = quote_name(found.schema) + "." + quote_name(found.name);
    out.returns = found.returns;
    for (const auto& each : found.parameters)
        if (is_parameter(each)) out.parameters.push_back({each.name, each.type, static_cast<int>(each.mode)});
    out.rows = found.result_sets == 0 ? routine_info::results::none : found.result_sets == 1 ? routine_info::results::one : routine_info::results::many;
    out.schema_version = schema->loaded_version();
    if (out.rows != routine_info::results::one) return out;
    const auto variables = variables_of(found);
    for (const auto& text : found.statements) {
        if (step_of(text).kind != body_step::form::statement) continue;
        const auto made = impl_->compile(text, {}, *on, variables);
        if (made->kind == statement_kind::query) out.columns = made->columns;
    }
    return out;
}

bool session::stale(const routine_info& routine) {
    const auto on = impl_->active();
    return routine.schema_version != impl_->tables(*on)->loaded_version();
}

call_outcome session::call(const routine_info& routine, std::span<const std::optional<sql_value>> arguments, const result_sink& results) {
    impl_->new_identity.reset();
    try {
        return impl_->run_routine(parse_name(routine.name), arguments, results);
    } catch (const sql_error& error) {
        throw impl_->reason(error);
    }
}

} // namespace irislink::sandbox::sql
