#include "samples/sandbox/sql/generate_ddl.hpp"

#include <algorithm>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"

// Indexes, views and schemas, and what falls with DROP.

namespace irislink::sandbox::sql {

std::string table_id_of(const table_name& name) {
    return "(SELECT id FROM _iris_tables WHERE schema = " + quote_text(schema_of(name)) + " COLLATE NOCASE AND name = " + quote_text(name.name) +
           " COLLATE NOCASE)";
}

std::string require_step(const std::string& condition, int code, const std::string& text) {
    return "SELECT iris_require((" + condition + "), " + number(code) + ", " + quote_text(text) + ")";
}

namespace {

std::string physical_index(const table_def& table, const std::string& index) {
    return dotted({table.schema, table.name, index});
}

// The row id of SQLite is unique without an index.
bool is_row_id(const table_def& table, const index_def& index) {
    return index.columns.size() == 1 && table.row_id() != nullptr && to_upper(table.row_id()->name) == to_upper(index.columns[0]);
}

} // namespace

void add_index(std::vector<ddl_step>& steps, const table_def& table, const std::string& id, const index_def& index) {
    if (!is_row_id(table, index))
        steps.push_back(
            std::string("CREATE ") + (index.unique ? "UNIQUE " : "") + "INDEX " + quote_name(physical_index(table, index.name)) + " ON " + table.physical() +
            "(" + quoted_list(index.columns) + ")"
        );
    for (std::size_t i = 0; i < index.columns.size(); ++i)
        steps.push_back(
            "INSERT INTO _iris_indexes VALUES (" + id + "," + quote_text(index.name) + "," + number(index.unique ? 1 : 0) + "," +
            number(index.primary ? 1 : 0) + "," + number(static_cast<std::int64_t>(i) + 1) + "," + quote_text(index.columns[i]) + ")"
        );
}

void drop_index(std::vector<ddl_step>& steps, const table_def& table, const index_def& index) {
    if (!is_row_id(table, index)) {
        const auto name = physical_index(table, index.name);
        steps.push_back(require_step(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = " + quote_text(name), 317, "'" + index.name + "' cannot be dropped"
        ));
        steps.push_back("DROP INDEX " + quote_name(name));
    }
    steps.push_back("DELETE FROM _iris_indexes WHERE table_id = " + number(table.id) + " AND name = " + quote_text(index.name));
}

std::string refresh_keys(const std::string& id) {
    const std::string of_column = "(SELECT count(*) FROM _iris_indexes i WHERE i.table_id = _iris_columns.table_id AND i.column_name = _iris_columns.name";
    return "UPDATE _iris_columns SET is_key = " + of_column + " AND i.is_primary = 1) > 0, is_unique = identity = 1 OR hidden = 1 OR " + of_column +
           " AND i.is_unique = 1 AND (SELECT count(*) FROM _iris_indexes j WHERE j.table_id = i.table_id AND j.name = i.name) = 1) > 0 WHERE table_id = " + id;
}

plan generator::create_index_(const create_index& in) {
    auto out = ddl_plan();
    const auto& table = writable(in.table);
    index_def index{in.name, in.unique, false, {}};
    for (const auto& name : in.columns) {
        const auto* const column = table.find(name);
        if (column == nullptr) throw sql_error(31, "Field '" + to_upper(name) + "' not found in table '" + display_name(in.table) + "'");
        index.columns.push_back(column->name);
    }
    if (table.index_named(in.name) != nullptr) {
        if (in.if_not_exists) return out;
        throw sql_error(324, "Index '" + in.name + "' already exists for table '" + display_name(in.table) + "'");
    }
    if (in.unique) out.steps.push_back(no_duplicates(table, index.columns, in.name));
    add_index(out.steps, table, number(table.id), index);
    out.steps.push_back(refresh_keys(number(table.id)));
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::create_view_(const create_view& in) {
    auto out = ddl_plan();
    const auto schema = schema_of(in.view);
    const auto* const existing = tables_->find(schema, in.view.name);
    if (existing != nullptr) {
        if (!in.or_replace || existing->kind != table_kind::view) throw sql_error(201, "Table or view '" + display_name(in.view) + "' already exists");
        out.steps.push_back("DELETE FROM _iris_tables WHERE id = " + number(existing->id));
    }
    const auto limited = [](const select_core& each) { return each.top != nullptr; };
    if (!in.body->order_by.empty() && !in.body->limit && !std::ranges::any_of(in.body->cores, limited))
        throw sql_error(143, "ORDER BY is not valid in a view without TOP or LIMIT");
    const auto made = query_(*in.body, nullptr);
    if (!in.columns.empty() && in.columns.size() != made.columns.size())
        throw sql_error(
            142, "The view names " + number(static_cast<std::int64_t>(in.columns.size())) + " columns, its SELECT yields " +
                     number(static_cast<std::int64_t>(made.columns.size()))
        );
    auto text = in.text;
    while (!text.empty() && (text.back() == ' ' || text.back() == ';' || text.back() == '\n')) text.pop_back();
    out.steps.push_back(
        "INSERT INTO _iris_tables(schema,name,kind,source) VALUES (" + quote_text(schema) + "," + quote_text(in.view.name) + ",'V'," + quote_text(text) + ")"
    );
    const auto id = table_id_of({schema, in.view.name});
    const auto described = describe(made);
    for (std::size_t i = 0; i < described.size(); ++i) {
        column_definition column;
        column.name = in.columns.empty() ? described[i].label : in.columns[i];
        column.type = described[i].type;
        column.not_null = described[i].nullable == 0;
        out.steps.push_back(column_metadata(id, i + 1, column, column.not_null, false));
    }
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::create_schema_(const create_schema& in) {
    auto out = ddl_plan();
    if (tables_->has_schema(in.name)) {
        if (in.if_not_exists) return out;
        throw sql_error(476, "Schema '" + in.name + "' already exists");
    }
    out.steps.push_back("INSERT INTO _iris_schemas VALUES (" + quote_text(in.name) + ")");
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::drop_schema(const drop_statement& in) {
    auto out = ddl_plan();
    const auto& name = in.name.name;
    if (!tables_->has_schema(name)) {
        if (in.if_exists) return out;
        throw sql_error(312, "Schema '" + name + "' does not exist");
    }
    std::vector<const table_def*> inside;
    for (const auto& [key, table] : tables_->tables()) {
        if (to_upper(table.schema) != to_upper(name)) continue;
        if (table.kind == table_kind::system) throw sql_error(312, "Schema '" + name + "' belongs to the system and cannot be dropped");
        inside.push_back(&table);
    }
    std::vector<const routine_def*> routines;
    for (const auto& [key, routine] : tables_->routines())
        if (to_upper(routine.schema) == to_upper(name)) routines.push_back(&routine);
    if ((!inside.empty() || !routines.empty()) && !in.cascade) throw sql_error(482, "Schema '" + name + "' is not empty");
    for (const auto& [key, table] : tables_->tables())
        for (const auto& foreign : table.foreign_keys)
            if (to_upper(foreign.target_schema) == to_upper(name) && to_upper(table.schema) != to_upper(name))
                throw sql_error(320, "Cannot drop schema '" + name + "': foreign key '" + foreign.name + "' of another schema refers to it");
    // Tables may refer to each other: without the references none stands in the way of another.
    for (const auto* table : inside)
        for (const auto& foreign : table->foreign_keys) drop_foreign_key(out, *table, foreign.name);
    for (const auto* table : inside) drop_table_steps(out, *table);
    for (const auto* routine : routines) out.steps.push_back("DELETE FROM _iris_routines WHERE id = " + number(routine->id));
    out.steps.push_back("DELETE FROM _iris_schemas WHERE name = " + quote_text(name) + " COLLATE NOCASE");
    out.steps.emplace_back(bump_version);
    return out;
}

void generator::drop_table_steps(plan& out, const table_def& table) {
    const auto id = number(table.id);
    if (table.kind == table_kind::table) out.steps.push_back("DROP TABLE " + table.physical());
    for (const auto* const metadata : {"_iris_columns", "_iris_indexes", "_iris_foreign_keys", "_iris_checks"})
        out.steps.push_back(std::string("DELETE FROM ") + metadata + " WHERE table_id = " + id);
    out.steps.push_back("DELETE FROM _iris_tables WHERE id = " + id);
}

plan generator::drop_index_(const drop_statement& in) {
    auto out = ddl_plan();
    const table_def* found = nullptr;
    const index_def* index = nullptr;
    for (const auto& [key, table] : tables_->tables()) {
        if (in.on && tables_->find(in.on->schema, in.on->name) != &table) continue;
        const auto* const named = table.index_named(in.name.name);
        if (named == nullptr) continue;
        if (found != nullptr) throw sql_error(334, "Index name '" + in.name.name + "' is ambiguous: say of which table");
        found = &table;
        index = named;
    }
    if (found == nullptr) {
        if (in.if_exists) return out;
        throw sql_error(333, "Index '" + in.name.name + "' not found");
    }
    if (index->unique) keep_referenced(*found, *index);
    drop_index(out.steps, *found, *index);
    out.steps.push_back(refresh_keys(number(found->id)));
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::drop_(const drop_statement& in) {
    if (in.kind == drop_statement::form::schema) return drop_schema(in);
    if (in.kind == drop_statement::form::procedure || in.kind == drop_statement::form::function) return drop_routine_(in);
    if (in.kind == drop_statement::form::index) return drop_index_(in);
    auto out = ddl_plan();
    const auto* const table = tables_->find(in.name.schema, in.name.name);
    const bool want_view = in.kind == drop_statement::form::view;
    if (table == nullptr || (table->kind == table_kind::view) != want_view) {
        if (in.if_exists) return out;
        throw sql_error(30, (want_view ? "View '" : "Table '") + display_name(in.name) + "' not found");
    }
    if (table->kind == table_kind::system) throw sql_error(115, "'" + display_name(in.name) + "' is read-only");
    if (!want_view)
        out.steps.push_back(require_step(
            "SELECT count(*) = 0 FROM _iris_foreign_keys WHERE target_schema = " + quote_text(table->schema) +
                " COLLATE NOCASE AND target_name = " + quote_text(table->name) + " COLLATE NOCASE AND table_id <> " + number(table->id),
            320, "Cannot drop table '" + display_name(in.name) + "': a foreign key refers to it"
        ));
    drop_table_steps(out, *table);
    out.steps.emplace_back(bump_version);
    return out;
}

} // namespace irislink::sandbox::sql
