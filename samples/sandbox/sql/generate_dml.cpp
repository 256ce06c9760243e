#include <algorithm>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox::sql {
namespace {

std::string field_name(const table_def& table, const column_def& column) {
    return table.schema + "." + table.name + "." + column.name;
}

} // namespace

const table_def& generator::writable(const table_name& name) {
    const auto& table = table_named(name);
    if (table.kind == table_kind::view) throw sql_error(35, "View '" + display_name(name) + "' cannot be updated");
    if (table.kind == table_kind::system) throw sql_error(115, "Table '" + display_name(name) + "' is read-only");
    return table;
}

// What an assignment stores: the value as a column of that type holds it, or the column's default.
std::string generator::assigned(const expression& value, const table_def& table, const column_def& column, const scope* in_scope) {
    if (value.kind == expression_kind::default_value) return column.default_sql.empty() ? "NULL" : column.default_sql;
    auto made = expression_(value, in_scope);
    return store(made, column.type, field_name(table, column));
}

std::vector<const column_def*> generator::insert_columns(const insert_statement& in, const table_def& table) const {
    std::vector<const column_def*> columns;
    if (in.columns.empty()) {
        for (const auto& each : table.columns)
            if (!each.hidden && !each.identity) columns.push_back(&each);
    }
    for (const auto& name : in.columns) {
        const auto* column = table.find(name);
        if (column == nullptr && (to_upper(name) == "ID" || to_upper(name) == "%ID")) column = table.row_id();
        if (column == nullptr) throw sql_error(29, "Field '" + to_upper(name) + "' not found in table '" + display_name(in.table) + "'");
        if (std::ranges::find(columns, column) != columns.end()) throw sql_error(377, "Field '" + name + "' is given twice");
        columns.push_back(column);
    }
    return columns;
}

plan generator::insert_(const insert_statement& in) {
    const auto& table = writable(in.table);
    plan out;
    out.kind = statement_kind::update;
    out.dml = dml_kind::insert;
    const auto columns = insert_columns(in, table);
    if (in.default_values && (!in.or_update || columns.empty())) {
        out.sql = "INSERT INTO " + table.physical() + " DEFAULT VALUES";
        return out;
    }
    const auto check_width = [&](std::size_t width) {
        if (width == columns.size()) return;
        // A statement that names every column but the identity may also give all of them.
        throw width < columns.size()
            ? sql_error(62, "Mismatched number of columns: " + std::to_string(columns.size()) + " expected, " + std::to_string(width) + " values given")
            : sql_error(116, "Number of values (" + std::to_string(width) + ") does not match the number of columns (" + std::to_string(columns.size()) + ")");
    };
    std::string rows; // what a FROM clause can name
    std::vector<std::string> values;
    const auto alias = fresh_alias();
    if (in.default_values || (in.source->cores.size() == 1 && !in.source->cores[0].values.empty())) {
        const auto add_row = [&](const auto& value_of) {
            rows += rows.empty() ? "VALUES (" : ",(";
            for (std::size_t i = 0; i < columns.size(); ++i) rows += (i > 0 ? "," : "") + assigned(value_of(i), table, *columns[i], nullptr);
            rows += ")";
        };
        expression defaults;
        defaults.kind = expression_kind::default_value;
        if (in.default_values) {
            add_row([&](std::size_t) -> const expression& { return defaults; });
        } else {
            for (const auto& row : in.source->cores[0].values) {
                check_width(row.size());
                add_row([&](std::size_t i) -> const expression& { return *row[i]; });
            }
        }
        for (std::size_t i = 0; i < columns.size(); ++i) values.push_back(alias + ".column" + std::to_string(i + 1));
    } else {
        auto made = query_(*in.source, nullptr);
        check_width(made.columns.size());
        for (std::size_t i = 0; i < made.columns.size(); ++i) {
            typed value = made.columns[i];
            value.sql = alias + ".c" + std::to_string(i + 1);
            value.loose = false;
            values.push_back(store(value, columns[i]->type, field_name(table, *columns[i])));
        }
        rows = made.sql;
    }
    std::string list;
    for (const auto* column : columns) list += (list.empty() ? "" : ",") + quote_name(column->name);
    std::string upsert;
    if (in.or_update) {
        out.dml = dml_kind::insert_or_update;
        upsert = or_update(table, columns, values, list);
    } else if (rows.starts_with("VALUES ")) {
        out.sql = "INSERT INTO " + table.physical() + "(" + list + ") " + rows;
        return out;
    }
    out.sql = "INSERT INTO " + table.physical() + "(" + list + ") SELECT ";
    for (std::size_t i = 0; i < values.size(); ++i) out.sql += (i > 0 ? "," : "") + values[i];
    // WHERE true keeps SQLite from reading ON CONFLICT as the condition of a join.
    out.sql += " FROM (" + rows + ") AS " + alias + " WHERE true" + upsert;
    return out;
}

// INSERT OR UPDATE: a row whose unique key is there already gets the given values, and keeps the others.
// SQLite looks at NOT NULL before it looks for the key, so required columns that are not given take
// part with what the row has: they are added to `list` and `values`.
std::string generator::or_update(const table_def& table, const std::vector<const column_def*>& columns, std::vector<std::string>& values, std::string& list) {
    std::vector<std::string> found; // conditions that find the row, by key
    const auto by_key = [&](const std::vector<std::string>& key) {
        std::string condition;
        for (const auto& name : key) {
            const auto at = std::ranges::find(columns, name, &column_def::name);
            if (at == columns.end()) return;
            condition += (condition.empty() ? "" : " AND ") + quote_name(name) + " = " + values[static_cast<std::size_t>(at - columns.begin())];
        }
        if (!condition.empty()) found.push_back(std::move(condition));
    };
    if (const auto* const row_id = table.row_id()) by_key({row_id->name});
    for (const auto& each : table.indexes)
        if (each.unique) by_key(each.columns);
    std::string set;
    for (const auto* column : columns) {
        if (column->hidden || column->identity) continue; // a row keeps its id
        set += (set.empty() ? "" : ",") + quote_name(column->name) + "=excluded." + quote_name(column->name);
    }
    const auto row_id = quote_name(table.row_id()->name);
    if (set.empty()) set = row_id + "=" + row_id; // nothing to change, but the row counts
    for (const auto& each : table.columns) {
        const bool given = std::ranges::find(columns, &each) != columns.end();
        if (given || !each.not_null || each.identity || each.hidden || !each.default_sql.empty() || found.empty()) continue;
        std::string existing = "coalesce(NULL";
        for (const auto& condition : found) existing += ",(SELECT " + quote_name(each.name) + " FROM " + table.physical() + " WHERE " + condition + ")";
        values.push_back(existing + ")");
        list += "," + quote_name(each.name);
    }
    // A row id that is given names the row, whatever other keys say.
    const bool by_id = std::ranges::find(columns, table.row_id()) != columns.end();
    return (by_id ? " ON CONFLICT(" + row_id + ") DO UPDATE SET " + set : "") + " ON CONFLICT DO UPDATE SET " + set + " RETURNING " + row_id;
}

plan generator::update_(const update_statement& in) {
    const auto& table = writable(in.table);
    plan out;
    out.kind = statement_kind::update;
    out.dml = dml_kind::update;
    const auto ref = fresh_alias();
    scope own;
    own.sources.push_back(source_of(table, in.alias, ref));
    std::string from;
    if (in.from) from = " FROM " + from_(*in.from, own, nullptr);
    std::string set;
    std::vector<std::string> assigned_columns;
    for (const auto& each : in.assignments) {
        const auto* const column = table.find(each.column);
        if (column == nullptr) throw sql_error(29, "Field '" + to_upper(each.column) + "' not found in table '" + display_name(in.table) + "'");
        if (column->identity) throw sql_error(107, "The IDENTITY field '" + column->name + "' cannot be updated");
        assigned_columns.push_back(column->name);
        set += (set.empty() ? "" : ", ") + quote_name(column->name) + " = " + assigned(*each.value, table, *column, &own);
    }
    out.table = table.physical();
    for (const auto& each : table.foreign_keys)
        out.sets_reference = out.sets_reference || std::ranges::find_first_of(each.columns, assigned_columns) != each.columns.end();
    out.sets_referenced = tables_->referenced(table, assigned_columns);
    out.sql = "UPDATE " + table.physical() + " AS " + ref + " SET " + set + from;
    if (in.where) out.sql += " WHERE " + condition(*in.where, &own);
    return out;
}

plan generator::delete_(const delete_statement& in) {
    const auto& table = writable(in.table);
    plan out;
    out.kind = statement_kind::update;
    out.dml = dml_kind::delete_;
    const auto ref = fresh_alias();
    scope own;
    own.sources.push_back(source_of(table, in.alias, ref));
    out.sql = "DELETE FROM " + table.physical() + " AS " + ref;
    if (in.where) out.sql += " WHERE " + condition(*in.where, &own);
    return out;
}

} // namespace irislink::sandbox::sql
