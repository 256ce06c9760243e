#include <algorithm>
#include <set>
#include <utility>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/parser.hpp"

namespace irislink::sandbox::sql {
namespace {

constexpr int view_limit = 32;

std::string alias_of(std::size_t index) {
    return "c" + std::to_string(index + 1);
}

} // namespace

std::string display_name(const table_name& name) {
    return to_upper(name.schema.empty() ? catalog::default_schema : name.schema) + "." + to_upper(name.name);
}

const table_def& generator::table_named(const table_name& name) const {
    const auto* const found = tables_->find(name.schema, name.name);
    if (found == nullptr) throw sql_error(30, "Table '" + display_name(name) + "' not found");
    return *found;
}

source generator::source_of(const table_def& table, const std::string& alias, const std::string& ref) {
    source out;
    out.alias = alias.empty() ? table.name : alias;
    out.schema = table.schema;
    out.table = table.name;
    for (const auto& column : table.columns) {
        source_column each;
        each.name = column.hidden ? "ID" : column.name;
        each.hidden = column.hidden;
        each.value.sql = ref + (ref.empty() ? "" : ".") + quote_name(column.name);
        each.value.type = column.type;
        each.value.exact = column.exact;
        each.value.nullable = !column.not_null;
        column_info origin;
        origin.name = each.name;
        origin.table = table.name;
        origin.schema = table.schema;
        origin.identity = column.identity;
        origin.row_id = column.hidden || column.identity;
        origin.unique = column.unique;
        origin.key = column.key;
        origin.case_sensitive = column.exact;
        each.value.origin = std::move(origin);
        out.columns.push_back(std::move(each));
    }
    return out;
}

std::string generator::table_(const table_reference& in, scope& into, const scope* parent) {
    const auto ref = fresh_alias();
    source out;
    std::string sql;
    generated_query inner;
    const table_def* table = nullptr;
    if (in.kind == table_reference::form::query) {
        inner = query_(*in.subquery, parent);
    } else {
        // A common table expression hides a table of its name.
        const generated_query* common = nullptr;
        if (in.name.schema.empty())
            for (auto level = with_.rbegin(); level != with_.rend() && common == nullptr; ++level)
                for (const auto& [name, body] : *level)
                    if (name == to_upper(in.name.name)) common = &body;
        if (common != nullptr) {
            inner = *common;
        } else {
            table = &table_named(in.name);
            if (table->audit && !rights_.reads_audit) throw sql_error(99, "User " + user_ + " is not privileged to read " + display_name(in.name));
            if (table->kind == table_kind::view) {
                if (++view_depth_ > view_limit) throw sql_error(1, "Views are nested too deeply");
                const auto body = parse(table->source);
                const auto* const select = std::get_if<query_ptr>(&body.body);
                if (select == nullptr) throw sql_error(30, "View '" + display_name(in.name) + "' is not valid");
                std::vector<std::vector<std::pair<std::string, generated_query>>> none;
                none.swap(with_); // the view sees none of this statement's names
                auto variables = std::exchange(variables_, {});
                inner = query_(**select, nullptr);
                none.swap(with_);
                variables_ = std::move(variables);
                --view_depth_;
                for (std::size_t i = 0; i < inner.labels.size() && i < table->view_columns.size(); ++i) inner.labels[i] = table->view_columns[i];
            }
        }
    }
    if (table != nullptr && table->kind != table_kind::view) {
        out = source_of(*table, in.alias, ref);
        sql = (table->kind == table_kind::system ? table->source : table->physical()) + " AS " + ref;
    } else {
        out.alias = in.alias.empty() ? in.name.name : in.alias;
        if (table != nullptr) {
            out.schema = table->schema;
            out.table = table->name;
        }
        for (std::size_t i = 0; i < inner.columns.size(); ++i) {
            source_column each;
            each.name = i < in.column_aliases.size() ? in.column_aliases[i] : inner.labels[i];
            each.value = inner.columns[i];
            each.value.sql = ref + "." + alias_of(i);
            each.value.parameter = 0;
            each.value.loose = false;
            if (each.value.null_literal) each.value.null_literal = false;
            if (each.value.origin) each.value.origin->row_id = false;
            out.columns.push_back(std::move(each));
        }
        sql = "(" + inner.sql + ") AS " + ref;
    }
    const auto name = to_upper(out.alias);
    if (!name.empty())
        for (const auto& each : into.sources)
            if (to_upper(each.alias) == name && to_upper(each.schema) == to_upper(out.schema))
                throw sql_error(20, "Name conflict in the FROM clause over label '" + out.alias + "'");
    into.sources.push_back(std::move(out));
    return sql;
}

std::string generator::join_(const table_reference& in, scope& into, const scope* parent) {
    auto sql = from_(*in.left, into, parent);
    const auto left_count = into.sources.size();
    sql += " " + (in.join == "INNER" ? std::string() : in.join + " ") + "JOIN ";
    const bool nested = in.right->kind == table_reference::form::join;
    sql += (nested ? "(" : "") + from_(*in.right, into, parent) + (nested ? ")" : "");
    auto names = in.using_columns;
    if (in.natural)
        for (const auto& column : into.sources.back().columns)
            for (std::size_t i = 0; i < left_count; ++i)
                for (const auto& other : into.sources[i].columns)
                    if (!column.hidden && !other.hidden && to_upper(column.name) == to_upper(other.name)) names.push_back(column.name);
    std::string on;
    for (const auto& name : names) {
        const source_column* left = nullptr;
        const source_column* right = nullptr;
        for (std::size_t i = 0; i < into.sources.size(); ++i)
            for (const auto& column : into.sources[i].columns)
                if (!column.hidden && to_upper(column.name) == to_upper(name)) (i < left_count ? left : right) = &column;
        if (left == nullptr || right == nullptr) throw sql_error(29, "Field '" + to_upper(name) + "' not found in the applicable tables");
        on += (on.empty() ? "" : " AND ") + comparison("=", left->value, right->value);
    }
    if (in.on) {
        into.parent = parent;
        on = condition(*in.on, &into);
    }
    if (!on.empty()) sql += " ON " + on;
    return sql;
}

std::string generator::from_(const table_reference& in, scope& into, const scope* parent) {
    return in.kind == table_reference::form::join ? join_(in, into, parent) : table_(in, into, parent);
}

void generator::expand_star(const select_item& item, const scope& in, std::vector<typed>& values, std::vector<std::string>& labels) const {
    bool found = false;
    const auto& wanted = item.qualifier;
    for (const auto& each : in.sources) {
        if (!wanted.empty() && !each.answers_to(wanted)) continue;
        found = true;
        for (const auto& column : each.columns) {
            if (column.hidden) continue;
            values.push_back(column.value);
            labels.push_back(column.name);
        }
    }
    if (!found)
        throw wanted.empty() ? sql_error(26, "Missing FROM clause") : sql_error(23, "Label '" + item.qualifier + "' is not listed among the applicable tables");
}

std::string generator::limit_(const expression* count, const expression* offset) {
    std::string sql;
    if (count != nullptr) sql = " LIMIT max(0," + whole_number(*count, nullptr) + ")";
    if (offset != nullptr) sql += (count == nullptr ? " LIMIT -1" : "") + std::string(" OFFSET max(0,") + whole_number(*offset, nullptr) + ")";
    return sql;
}

std::string generator::order_by(const query& in, const generated_query& made, const scope* in_scope) {
    std::string sql;
    for (const auto& item : in.order_by) {
        sql += sql.empty() ? " ORDER BY " : ", ";
        std::optional<std::size_t> position;
        const auto& value = *item.value;
        if (value.kind == expression_kind::number) {
            const auto number = value.text.find_first_not_of("0123456789") == std::string::npos ? std::stoull(value.text.substr(0, 9)) : 0;
            if (number < 1 || number > made.columns.size()) throw sql_error(5, "Column number specified in ORDER does not match SELECT list");
            position = number - 1;
        } else if (value.kind == expression_kind::column && value.qualifier.empty()) {
            for (std::size_t i = 0; i < made.labels.size() && !position; ++i)
                if (to_upper(made.labels[i]) == to_upper(value.text)) position = i;
        }
        std::optional<typed> ordered;
        if (!position && in_scope != nullptr) {
            ordered = expression_(value, in_scope);
            // The rows of a DISTINCT have nothing but what is selected: t.a is there under another spelling.
            if (in.cores.size() == 1 && in.cores[0].distinct) {
                for (std::size_t i = 0; i < made.columns.size() && !position; ++i)
                    if (made.columns[i].sql == ordered->sql) position = i;
                if (!position) throw sql_error(6, "ORDER BY of a SELECT DISTINCT must name an item of the SELECT list");
            }
        }
        if (position) {
            const auto& column = made.columns[*position];
            sql += alias_of(*position) + (column.type.is_text() && !column.exact ? " COLLATE IRIS" : "");
        } else {
            if (!ordered) throw sql_error(6, "ORDER BY of a UNION must name a column of the SELECT list");
            sql += sort_key(*std::move(ordered));
        }
        sql += item.descending ? " DESC" : "";
    }
    return sql;
}

generator::generated_query generator::values_(const select_core& in, const scope* parent) {
    generated_query out;
    const auto width = in.values.front().size();
    std::vector<std::vector<typed>> rows;
    for (const auto& row : in.values) {
        if (row.size() != width) throw sql_error(62, "Rows of VALUES have different numbers of values");
        auto& values = rows.emplace_back();
        for (const auto& each : row) values.push_back(expression_(*each, parent));
    }
    for (std::size_t i = 0; i < width; ++i) {
        std::vector<typed> column;
        column.reserve(rows.size());
        for (const auto& row : rows) column.push_back(row[i]);
        typed described;
        described.type = common_type(column);
        out.columns.push_back(described);
        out.labels.push_back("Column" + std::to_string(i + 1));
    }
    out.sql = "SELECT ";
    for (std::size_t i = 0; i < width; ++i) out.sql += (i > 0 ? ", column" : "column") + std::to_string(i + 1) + " AS " + alias_of(i);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        out.sql += r == 0 ? " FROM (VALUES (" : ",(";
        for (std::size_t i = 0; i < width; ++i) out.sql += (i > 0 ? "," : "") + merged(rows[r][i], out.columns[i].type);
        out.sql += ")";
        check_size(out.sql);
    }
    out.sql += ")";
    return out;
}

// One SELECT; `tail` is the query whose ORDER BY and LIMIT belong to it, or null inside a UNION.
generator::generated_query generator::core_(const select_core& in, const scope* parent, const query* tail) {
    if (!in.values.empty()) return values_(in, parent);
    generated_query out;
    scope own;
    own.parent = parent;
    std::string from;
    if (in.from) from = " FROM " + from_(*in.from, own, parent);
    own.parent = parent;
    for (const auto& item : in.items) {
        if (item.all) {
            expand_star(item, own, out.columns, out.labels);
            continue;
        }
        auto value = expression_(*item.value, &own);
        std::string label = item.label;
        if (label.empty())
            label = item.value->kind == expression_kind::column                            ? item.value->text
                    : item.value->kind == expression_kind::call && aggregates(*item.value) ? "Aggregate_" + std::to_string(out.columns.size() + 1)
                                                                                           : "Expression_" + std::to_string(out.columns.size() + 1);
        if (value.origin) value.origin->aliased = !item.label.empty();
        out.columns.push_back(std::move(value));
        out.labels.push_back(std::move(label));
    }
    out.sql = std::string("SELECT ") + (in.distinct ? "DISTINCT " : "");
    for (std::size_t i = 0; i < out.columns.size(); ++i) {
        auto& column = out.columns[i];
        if (column.loose && column.negated) {
            settle(column, column);
        } else if (column.loose) {
            column.sql = text_of(column);
        }
        const bool folded = in.distinct && column.type.is_text() && !column.exact;
        out.sql += (i > 0 ? ", " : "") + column.sql + (folded ? " COLLATE IRIS" : "") + " AS " + alias_of(i);
    }
    out.sql += from;
    if (in.where) {
        if (aggregates(*in.where)) throw sql_error(19, "An aggregate function cannot be used in a WHERE clause");
        out.sql += " WHERE " + condition(*in.where, &own);
    }
    const auto no_window = [](const expression& value, const char* where) {
        if (windowed(value)) throw sql_error(1, std::string("A window function cannot be used in ") + where);
    };
    if (in.where) no_window(*in.where, "WHERE");
    for (std::size_t i = 0; i < in.group_by.size(); ++i) {
        no_window(*in.group_by[i], "GROUP BY");
        if (in.group_by[i]->kind == expression_kind::number) throw sql_error(1, "A number in GROUP BY names no column: name the field");
        out.sql += (i == 0 ? " GROUP BY " : ", ") + sort_key(expression_(*in.group_by[i], &own));
    }
    if (!in.distinct_by.empty()) {
        const bool grouped = !in.group_by.empty() || in.having;
        if (grouped || std::ranges::any_of(in.items, [](const auto& each) { return each.value && (aggregates(*each.value) || windowed(*each.value)); }))
            throw sql_error(1, "DISTINCT BY with aggregates, GROUP BY or window functions is not supported by the sandbox");
        // SQLite takes the fields that are not grouped by from one row of each group.
        for (std::size_t i = 0; i < in.distinct_by.size(); ++i) out.sql += (i == 0 ? " GROUP BY " : ", ") + sort_key(expression_(*in.distinct_by[i], &own));
    }
    if (in.having) no_window(*in.having, "HAVING");
    if (in.having) out.sql += " HAVING " + condition(*in.having, &own);
    if (tail != nullptr) {
        out.sql += order_by(*tail, out, &own);
        out.sql += limit_(tail->limit ? tail->limit.get() : in.top.get(), tail->offset.get());
    } else if (in.top || in.offset) {
        out.sql = "SELECT * FROM (" + out.sql + limit_(in.top.get(), in.offset.get()) + ")";
    }
    return out;
}

generator::generated_query generator::query_(const query& in, const scope* parent) {
    with_.emplace_back();
    for (const auto& table : in.with) {
        if (in.recursive) throw sql_error(1, "WITH RECURSIVE is not supported by the sandbox");
        auto body = query_(*table.body, nullptr);
        if (!table.columns.empty() && table.columns.size() != body.columns.size())
            throw sql_error(
                142, "'" + table.name + "' names " + std::to_string(table.columns.size()) + " columns, its SELECT yields " + std::to_string(body.columns.size())
            );
        for (std::size_t i = 0; i < table.columns.size() && i < body.labels.size(); ++i) body.labels[i] = table.columns[i];
        with_.back().emplace_back(to_upper(table.name), std::move(body));
    }
    generated_query out;
    if (in.cores.size() == 1) {
        out = core_(in.cores[0], parent, in.cores[0].values.empty() ? &in : nullptr);
    } else {
        std::vector<generated_query> parts;
        for (const auto& each : in.cores) parts.push_back(core_(each, parent, nullptr));
        out.labels = parts[0].labels;
        for (std::size_t i = 0; i < parts[0].columns.size(); ++i) {
            std::vector<typed> column;
            for (const auto& part : parts) {
                if (part.columns.size() != parts[0].columns.size()) throw sql_error(9, "Incompatible SELECT lists used in UNION");
                column.push_back(part.columns[i]);
            }
            typed described;
            described.type = common_type(column);
            described.exact = std::ranges::any_of(column, &typed::exact);
            out.columns.push_back(std::move(described));
        }
        for (std::size_t p = 0; p < parts.size(); ++p) {
            if (p > 0) out.sql += " " + in.operators[p - 1] + " ";
            const auto alias = fresh_alias();
            out.sql += "SELECT ";
            for (std::size_t i = 0; i < out.columns.size(); ++i) {
                typed value = parts[p].columns[i];
                value.sql = alias + "." + alias_of(i);
                value.parameter = 0;
                const bool null_literal = value.null_literal;
                const bool folded = out.columns[i].type.is_text() && !out.columns[i].exact;
                out.sql +=
                    (i > 0 ? ", " : "") + (null_literal ? "NULL" : merged(value, out.columns[i].type)) + (folded ? " COLLATE IRIS" : "") + " AS " + alias_of(i);
            }
            out.sql += " FROM (" + parts[p].sql + ") AS " + alias;
        }
        out.sql += order_by(in, out, nullptr) + limit_(in.limit.get(), in.offset.get());
    }
    with_.pop_back();
    check_size(out.sql);
    return out;
}

std::vector<column_info> generator::describe(const generated_query& in) const {
    std::vector<column_info> out;
    for (std::size_t i = 0; i < in.columns.size(); ++i) {
        const auto& column = in.columns[i];
        column_info info = column.origin.value_or(column_info{});
        if (!column.origin) {
            info.expression = true;
            info.name = in.labels[i];
        }
        info.label = in.labels[i];
        info.type = column.type;
        if (column.null_literal) info.type = {type_code::varchar, 50, 0};
        info.nullable = column.origin ? (column.nullable ? 1 : 0) : 2;
        out.push_back(std::move(info));
    }
    return out;
}

plan generator::generate(const statement& in) {
    parameters_.assign(in.parameters, parameter_info{{type_code::varchar, 50, 0}, 1});
    parameter_known_.assign(in.parameters, false);
    plan out;
    if (const auto* select = std::get_if<query_ptr>(&in.body)) {
        const auto made = query_(**select, nullptr);
        out.kind = statement_kind::query;
        out.sql = made.sql;
        out.columns = describe(made);
    } else if (const auto* insert = std::get_if<insert_statement>(&in.body)) {
        out = insert_(*insert);
    } else if (const auto* update = std::get_if<update_statement>(&in.body)) {
        out = update_(*update);
    } else if (const auto* remove = std::get_if<delete_statement>(&in.body)) {
        out = delete_(*remove);
    } else if (const auto* table = std::get_if<create_table>(&in.body)) {
        out = create_table_(*table);
    } else if (const auto* index = std::get_if<create_index>(&in.body)) {
        out = create_index_(*index);
    } else if (const auto* view = std::get_if<create_view>(&in.body)) {
        out = create_view_(*view);
    } else if (const auto* schema = std::get_if<create_schema>(&in.body)) {
        out = create_schema_(*schema);
    } else if (const auto* drop = std::get_if<drop_statement>(&in.body)) {
        out = drop_(*drop);
    } else if (const auto* alter = std::get_if<alter_table>(&in.body)) {
        out = alter_(*alter);
    } else if (const auto* transaction = std::get_if<transaction_statement>(&in.body)) {
        out.kind = statement_kind::transaction;
        out.transaction = *transaction;
        out.constant = true;
    } else if (const auto* user = std::get_if<alter_user>(&in.body)) {
        out.password = *user;
        out.constant = true;
    } else if (const auto* routine = std::get_if<create_routine>(&in.body)) {
        out = create_routine_(*routine);
    } else if (const auto* assignment = std::get_if<assign_variable>(&in.body)) {
        out = assign_(*assignment);
    } else if (const auto* call = std::get_if<call_statement>(&in.body)) {
        out = call_statement_(*call);
    } else {
        out.constant = true;
    }
    for (auto& parameter : parameters_) {
        // Only what clients know how to encode (wire-sql 3.3); everything here is on that list.
        if (parameter.type.is_text() && parameter.type.precision < 1) parameter.type.precision = 50;
    }
    out.parameters = parameters_;
    out.schema_version = tables_->loaded_version();
    return out;
}

} // namespace irislink::sandbox::sql
