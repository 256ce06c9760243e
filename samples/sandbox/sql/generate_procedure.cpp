#include <algorithm>
#include <utility>

#include "samples/sandbox/sql/body_step.hpp"
#include "samples/sandbox/sql/generate_ddl.hpp"
#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/parser.hpp"

// Routines: their definition, what the statements of a body know beyond SQL, and functions in SQL.

namespace irislink::sandbox::sql {
namespace {

constexpr int function_limit = 16; // functions that call functions

std::string shown(const routine_def& routine) {
    return routine.schema + "." + routine.name;
}

} // namespace

generator::generator(
    const catalog& tables, std::string user, std::string name_space, session_rights rights, std::span<const std::int64_t> hints,
    std::span<const variable_def> variables
)
    : tables_(&tables), user_(std::move(user)), name_space_(std::move(name_space)), rights_(std::move(rights)), hints_(hints) {
    for (const auto& each : variables) variables_.push_back({to_upper(each.name), each.type, static_cast<std::uint32_t>(variables_.size()) + 1});
}

const generator::variable* generator::find_variable(std::string_view name) const {
    const auto found = std::ranges::find(variables_, to_upper(name), &variable::name);
    return found == variables_.end() ? nullptr : &*found;
}

// The parameter that holds the value, in the variable's type.
typed generator::variable_(const variable& in) {
    if (in.value) return *in.value;
    if (parameters_.size() < in.parameter) {
        parameters_.resize(in.parameter, parameter_info{{type_code::varchar, 50, 0}, 1});
        parameter_known_.resize(in.parameter, false);
    }
    expression wrapper;
    wrapper.kind = expression_kind::cast;
    auto& holder = wrapper.args.emplace_back(std::make_unique<expression>());
    holder->kind = expression_kind::parameter;
    holder->parameter = in.parameter;
    return cast_(wrapper, in.type, nullptr);
}

// Every statement of the body for once, so that a mistake shows when the routine is made. What the body
// itself creates is not there yet: then its statements have been parsed, and that is all.
void generator::check_body(const create_routine& in, const std::vector<variable_def>& variables) const {
    std::vector<statement> parsed;
    for (const auto& text : in.statements)
        if (const auto sql = step_of(text).sql(); !sql.empty()) parsed.push_back(parse(sql));
    const auto defines = [](const statement& each) {
        return !std::holds_alternative<query_ptr>(each.body) && !std::holds_alternative<insert_statement>(each.body) &&
               !std::holds_alternative<update_statement>(each.body) && !std::holds_alternative<delete_statement>(each.body) &&
               !std::holds_alternative<assign_variable>(each.body) && !std::holds_alternative<call_statement>(each.body) &&
               !std::holds_alternative<transaction_statement>(each.body);
    };
    if (std::ranges::any_of(parsed, defines)) return;
    for (const auto& each : parsed) {
        generator one(*tables_, user_, name_space_, rights_, {}, variables);
        (void)one.generate(each);
    }
}

plan generator::create_routine_(const create_routine& in) {
    auto out = ddl_plan();
    const auto schema = schema_of(in.name);
    if (to_upper(schema) == "INFORMATION_SCHEMA" || schema.starts_with("%")) throw sql_error(115, "Schema '" + schema + "' is read-only");
    if (const auto* const existing = tables_->find_routine(in.name.schema, in.name.name)) {
        if (!in.or_replace || existing->function != in.function) throw sql_error(361, "Procedure '" + shown(*existing) + "' exists already");
        out.steps.push_back("DELETE FROM _iris_routines WHERE id = " + number(existing->id));
    }
    std::vector<variable_def> variables;
    for (const auto& each : in.parameters) variables.push_back({each.name, each.type});
    if (in.returns) variables.push_back({{}, *in.returns});
    check_body(in, variables);
    int queries = 0;
    for (const auto& text : in.statements)
        if (step_of(text).kind == body_step::form::statement && std::holds_alternative<query_ptr>(parse(text).body)) ++queries;
    if (in.function && (queries > 0 || in.many_results)) throw sql_error(425, "A function has a value, no result sets");
    const bool many = queries > 1 || in.many_results;
    out.steps.push_back(
        "INSERT INTO _iris_routines(schema,name,kind,result_sets,source) VALUES (" + quote_text(schema) + "," + quote_text(in.name.name) + "," +
        (in.function ? "'F'" : "'P'") + "," + number(many ? -1 : queries) + "," + quote_text(in.text) + ")"
    );
    const auto id =
        "(SELECT id FROM _iris_routines WHERE schema = " + quote_text(schema) + " COLLATE NOCASE AND name = " + quote_text(in.name.name) + " COLLATE NOCASE)";
    const auto column = [&](std::size_t ordinal, const std::string& name, int mode, const sql_type& type, const std::string& initial) {
        out.steps.push_back(
            "INSERT INTO _iris_routine_columns VALUES (" + id + "," + number(static_cast<std::int64_t>(ordinal)) + "," + quote_text(name) + "," + number(mode) +
            "," + number(type.code) + "," + number(type.precision) + "," + number(type.scale) + "," +
            (initial.empty() ? std::string("NULL") : quote_text(initial)) + ")"
        );
    };
    if (in.returns) column(0, "RETURN_VALUE", static_cast<int>(parameter_mode::out), *in.returns, {});
    for (std::size_t i = 0; i < in.parameters.size(); ++i)
        column(i + 1, in.parameters[i].name, static_cast<int>(in.parameters[i].mode), in.parameters[i].type, in.parameters[i].default_text);
    for (std::size_t i = 0; i < in.statements.size(); ++i)
        out.steps.push_back(
            "INSERT INTO _iris_routine_statements VALUES (" + id + "," + number(static_cast<std::int64_t>(i)) + "," + quote_text(in.statements[i]) + ")"
        );
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::drop_routine_(const drop_statement& in) {
    auto out = ddl_plan();
    const bool function = in.kind == drop_statement::form::function;
    const auto* const routine = tables_->find_routine(in.name.schema, in.name.name);
    if (routine == nullptr || routine->function != function) {
        if (in.if_exists) return out;
        throw sql_error(function ? 359 : 428, (function ? "Function '" : "Procedure '") + display_name(in.name) + "' not found");
    }
    out.steps.push_back("DELETE FROM _iris_routines WHERE id = " + number(routine->id));
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::assign_(const assign_variable& in) {
    plan out;
    out.kind = statement_kind::assign;
    const auto* const target = find_variable(in.name);
    if (target == nullptr || target->parameter == 0) {
        if (!in.name.empty()) throw sql_error(1, "SET " + to_upper(in.name) + " is not supported by the sandbox");
        if (in.value) throw sql_error(432, "RETURN has a value, and the procedure RETURNS none");
        return out;
    }
    out.target = target->parameter - 1;
    if (!in.value) return out;
    const auto type = target->type;
    auto value = expression_(*in.value, nullptr);
    typed stored;
    stored.sql = store(value, type, in.name);
    stored.type = type;
    const generated_query made{"SELECT " + stored.sql, {stored}, {"Value"}};
    out.sql = made.sql;
    out.columns = describe(made);
    return out;
}

plan generator::call_statement_(const call_statement& in) {
    plan out;
    out.kind = statement_kind::call;
    out.routine = in.routine;
    if (in.arguments.empty()) return out;
    generated_query made{"SELECT ", {}, {}};
    for (const auto& each : in.arguments) {
        auto value = expression_(*each, nullptr);
        made.sql += (made.columns.empty() ? "" : ",") + value.sql;
        made.columns.push_back(std::move(value));
        made.labels.emplace_back("Argument");
        const bool names = each->kind == expression_kind::variable || (each->kind == expression_kind::column && each->qualifier.empty());
        const auto* const known = names ? find_variable(each->text) : nullptr;
        out.argument_targets.push_back(known != nullptr && known->parameter != 0 ? std::optional<std::size_t>(known->parameter - 1) : std::nullopt);
    }
    out.sql = made.sql;
    out.columns = describe(made);
    return out;
}

// A function in an expression stands for the expression that it returns: its parameters are casts of
// the arguments.
typed generator::user_function(const expression& in, const scope* in_scope) {
    const routine_def* routine = nullptr;
    for (const auto& [key, each] : tables_->routines())
        if (key == to_upper(in.text) || key == dotted({catalog::default_schema, in.text})) routine = &each;
    if (routine == nullptr || !routine->returns) throw sql_error(359, "SQL Function '" + in.text + "' not found");
    if (routine->statements.size() != 1)
        throw sql_error(358, "Function '" + shown(*routine) + "' cannot stand in an expression: its body is more than one RETURN");
    const auto body = parse(routine->statements[0]);
    const auto* const returned = std::get_if<assign_variable>(&body.body);
    if (returned == nullptr || !returned->name.empty() || !returned->value)
        throw sql_error(358, "Function '" + shown(*routine) + "' cannot stand in an expression: its body is more than one RETURN");
    if (in.args.size() > routine->parameters.size()) throw sql_error(357, "Function '" + shown(*routine) + "' has too many arguments");
    if (function_depth_ >= function_limit) throw sql_error(359, "Functions are nested too deeply");
    std::vector<variable> arguments;
    for (std::size_t i = 0; i < routine->parameters.size(); ++i) {
        const auto& parameter = routine->parameters[i];
        if (parameter.mode != parameter_mode::in)
            throw sql_error(358, "Function '" + shown(*routine) + "' cannot stand in an expression: it has OUT parameters");
        expression wrapper;
        wrapper.kind = expression_kind::cast;
        typed value;
        if (i < in.args.size()) {
            value = expression_(*in.args[i], in_scope);
        } else {
            if (parameter.default_text.empty()) throw sql_error(357, "Function '" + shown(*routine) + "' has too few arguments");
            const auto initial = parse("RETURN " + parameter.default_text);
            value = expression_(*std::get<assign_variable>(initial.body).value, nullptr);
        }
        typed stored;
        stored.sql = store(value, parameter.type, parameter.name);
        stored.type = parameter.type;
        arguments.push_back({to_upper(parameter.name), parameter.type, 0, std::move(stored)});
    }
    auto outer = std::exchange(variables_, std::move(arguments));
    ++function_depth_;
    auto value = expression_(*returned->value, nullptr);
    --function_depth_;
    variables_ = std::move(outer);
    typed out;
    out.sql = store(value, *routine->returns, routine->name);
    out.type = *routine->returns;
    return out;
}

} // namespace irislink::sandbox::sql
