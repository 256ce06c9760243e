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

plan generator::insert_(const insert_statement& in) {
    const auto& table = writable(in.table);
    plan out;
    out.kind = statement_kind::update;
    out.dml = dml_kind::insert;
    const std::string verb = in.or_update ? "INSERT OR REPLACE INTO " : "INSERT INTO ";
    if (in.default_values) {
        out.sql = verb + table.physical() + " DEFAULT VALUES";
        return out;
    }
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
    std::string list;
    for (const auto* column : columns) list += (list.empty() ? "" : ",") + quote_name(column->name);
    out.sql = verb + table.physical() + "(" + list + ") ";
    const auto& source = *in.source;
    const auto check_width = [&](std::size_t width) {
        if (width == columns.size()) return;
        // A statement that names every column but the identity may also give all of them.
        throw width < columns.size()
            ? sql_error(62, "Mismatched number of columns: " + std::to_string(columns.size()) + " expected, " + std::to_string(width) + " values given")
            : sql_error(116, "Number of values (" + std::to_string(width) + ") does not match the number of columns (" + std::to_string(columns.size()) + ")");
    };
    if (source.cores.size() == 1 && !source.cores[0].values.empty()) {
        bool first = true;
        for (const auto& row : source.cores[0].values) {
            check_width(row.size());
            out.sql += first ? "VALUES (" : ",(";
            first = false;
            for (std::size_t i = 0; i < row.size(); ++i) {
                auto value = expression_(*row[i], nullptr);
                out.sql += (i > 0 ? "," : "") + store(value, columns[i]->type, field_name(table, *columns[i]));
            }
            out.sql += ")";
        }
        return out;
    }
    auto made = query_(source, nullptr);
    check_width(made.columns.size());
    const auto alias = fresh_alias();
    out.sql += "SELECT ";
    for (std::size_t i = 0; i < made.columns.size(); ++i) {
        typed value = made.columns[i];
        value.sql = alias + ".c" + std::to_string(i + 1);
        value.loose = false;
        out.sql += (i > 0 ? "," : "") + store(value, columns[i]->type, field_name(table, *columns[i]));
    }
    // WHERE TRUE keeps SQLite from reading what follows a SELECT source as an upsert clause.
    out.sql += " FROM (" + made.sql + ") AS " + alias + " WHERE true";
    return out;
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
    for (const auto& each : in.assignments) {
        const auto* const column = table.find(each.column);
        if (column == nullptr) throw sql_error(29, "Field '" + to_upper(each.column) + "' not found in table '" + display_name(in.table) + "'");
        if (column->identity) throw sql_error(107, "The IDENTITY field '" + column->name + "' cannot be updated");
        auto value = expression_(*each.value, &own);
        set += (set.empty() ? "" : ", ") + quote_name(column->name) + " = " + store(value, column->type, field_name(table, *column));
    }
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
