#include <algorithm>

#include "samples/sandbox/sql/generate_ddl.hpp"
#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"

// CREATE TABLE and ALTER TABLE, with the constraints of both.

namespace irislink::sandbox::sql {
namespace {

const char* storage_class(const sql_type& type) {
    if (type.is_integer() || type.is_numeric()) return "INTEGER";
    if (type.is_real()) return "REAL";
    if (type.is_binary()) return "BLOB";
    return "TEXT";
}

std::string text_or_null(const std::string& text) {
    return text.empty() ? "NULL" : quote_text(text);
}

bool is_exact(const column_definition& in) {
    return in.collation == "EXACT" || in.collation == "SQLSTRING";
}

column_def column_of(const column_definition& in) {
    column_def out;
    out.name = in.name;
    out.type = in.type;
    out.identity = in.identity;
    out.not_null = in.not_null || in.identity;
    out.exact = is_exact(in);
    return out;
}

bool name_taken(const table_def& table, const std::string& name) {
    const auto same = [&](const std::string& each) { return to_upper(each) == to_upper(name); };
    return table.index_named(name) != nullptr || std::ranges::any_of(table.foreign_keys, same, &foreign_key_def::name) ||
           std::ranges::any_of(table.checks, same);
}

std::string free_name(const table_def& table, const std::string& stem) {
    const auto base = to_upper(table.name) + stem;
    std::string out = base;
    for (int i = 1; stem != "_PKEY" && (i == 1 || name_taken(table, out)); ++i) out = base + std::to_string(i);
    return out;
}

std::string all_given(const std::vector<std::string>& columns) {
    std::string out;
    for (const auto& name : columns) out += (out.empty() ? "" : " AND ") + quote_name(name) + " IS NOT NULL";
    return out;
}

} // namespace

std::string generator::constant(const expression& in, const sql_type& type) {
    auto value = expression_(in, nullptr);
    if (value.parameter != 0) throw sql_error(148, "Host variables are not allowed in a DEFAULT");
    // Literals stay literals: SQLite refuses a function call as the default of an added column.
    if (in.kind == expression_kind::string && type.is_text()) return quote_text(in.text);
    if (in.kind == expression_kind::number && type.is_number()) {
        if (type.is_real()) return in.text;
        const auto number_value = wire::parse_decimal(in.text);
        bool exact = true;
        const auto scaled = number_value ? wire::rescale(*number_value, type.is_numeric() ? type.scale : 0, exact) : std::nullopt;
        if (scaled && exact) return number(*scaled);
    }
    return store(value, type);
}

std::string generator::column_ddl(const column_definition& in, bool not_null) {
    std::string sql = quote_name(in.name);
    if (in.identity) return sql + " INTEGER PRIMARY KEY AUTOINCREMENT";
    sql += std::string(" ") + storage_class(in.type);
    if (in.type.is_text()) sql += is_exact(in) ? " COLLATE BINARY" : " COLLATE IRIS";
    if (not_null) sql += " NOT NULL";
    if (in.default_value) sql += " DEFAULT (" + constant(*in.default_value, in.type) + ")";
    return sql;
}

// Whether a column is unique or a key, refresh_keys() finds out.
std::string generator::column_metadata(const std::string& table_id, std::size_t ordinal, const column_definition& in, bool not_null, bool hidden) {
    std::string default_text = "NULL";
    if (in.default_value && in.default_value->kind == expression_kind::string)
        default_text = quote_text(quote_text(in.default_value->text)); // as a literal, so that 'NULL' is not NULL
    if (in.default_value && (in.default_value->kind == expression_kind::number || in.default_value->kind == expression_kind::call))
        default_text = quote_text(in.default_value->text);
    return "INSERT INTO _iris_columns VALUES (" + table_id + "," + number(static_cast<std::int64_t>(ordinal)) + "," + quote_text(in.name) + "," +
           number(in.type.code) + "," + number(in.type.precision) + "," + number(in.type.scale) + "," + number(not_null || in.identity ? 1 : 0) + ",0,0," +
           number(in.identity ? 1 : 0) + "," + number(hidden ? 1 : 0) + "," + number(is_exact(in) ? 1 : 0) + "," + default_text + "," +
           text_or_null(in.description) + ")";
}

std::string generator::no_duplicates(const table_def& table, const std::vector<std::string>& columns, const std::string& name) {
    return require_step(
        "SELECT count(*) = 0 FROM (SELECT 1 FROM " + table.physical() + " WHERE " + all_given(columns) + " GROUP BY " + quoted_list(columns) +
            " HAVING count(*) > 1)",
        125, "Unique constraint '" + name + "' cannot be created: the table has duplicates"
    );
}

// A key that a foreign key refers to must stay.
void generator::keep_referenced(const table_def& table, const index_def& index) const {
    for (const auto& [key, other] : tables_->tables())
        for (const auto& foreign : other.foreign_keys)
            if (tables_->find(foreign.target_schema, foreign.target_name) == &table && foreign.target_columns == index.columns)
                throw sql_error(317, "Constraint '" + index.name + "' cannot be dropped: foreign key '" + foreign.name + "' refers to it");
}

foreign_key_def generator::foreign_key_of(const table_def& table, const table_constraint& in, std::vector<std::string> columns) const {
    foreign_key_def out;
    out.columns = std::move(columns);
    out.on_delete = in.on_delete.empty() ? "NO ACTION" : in.on_delete;
    out.on_update = in.on_update.empty() ? "NO ACTION" : in.on_update;
    const bool own = dotted({schema_of(in.references), in.references.name}) == dotted({table.schema, table.name});
    const auto* const target = own ? &table : tables_->find(in.references.schema, in.references.name);
    if (target == nullptr || target->kind != table_kind::table)
        throw sql_error(310, "Foreign key references non-existent table '" + display_name(in.references) + "'");
    out.target_schema = target->schema;
    out.target_name = target->name;
    if (in.references_columns.empty()) {
        const auto primary = std::ranges::find_if(target->indexes, &index_def::primary);
        if (primary != target->indexes.end()) {
            out.target_columns = primary->columns;
        } else {
            out.target_columns.push_back(target->row_id()->name);
        }
    }
    for (const auto& name : in.references_columns) {
        const auto* column = target->find(name);
        if (column == nullptr && to_upper(name) == "ID") column = target->row_id();
        if (column == nullptr) throw sql_error(31, "Field '" + to_upper(name) + "' not found in table '" + display_name(in.references) + "'");
        out.target_columns.push_back(column->name);
    }
    if (out.target_columns.size() != out.columns.size()) throw sql_error(316, "The foreign key and the referenced key have different numbers of fields");
    const bool unique =
        (out.target_columns.size() == 1 && out.target_columns[0] == target->row_id()->name) || std::ranges::any_of(target->indexes, [&](const index_def& each) {
            return each.unique && std::ranges::is_permutation(each.columns, out.target_columns);
        });
    if (!unique) throw sql_error(314, "Foreign key references fields of '" + display_name(in.references) + "' that are not a unique key");
    return out;
}

// Adds one constraint to `table`. With `id` of a table that is there, its rows are checked and its
// definition is changed; without, what belongs into CREATE TABLE(...) is appended to `body`.
void generator::add_constraint(plan& out, table_def& table, const table_constraint& in, const std::string& id, std::string* body) {
    const auto shown = display_name({table.schema, table.name});
    const auto definition = quote_text(dotted({table.schema, table.name}));
    std::vector<std::string> columns;
    for (const auto& name : in.columns) {
        const auto* column = table.find(name);
        if (column == nullptr) throw sql_error(31, "Field '" + to_upper(name) + "' not found in table '" + shown + "'");
        columns.push_back(column->name);
    }
    const auto named = [&](const char* stem, int taken) {
        if (!in.name.empty() && name_taken(table, in.name)) throw sql_error(taken, "Constraint '" + in.name + "' already exists for table '" + shown + "'");
        return in.name.empty() ? free_name(table, stem) : in.name;
    };
    const auto put = [&](const std::string& clause) {
        if (body != nullptr) {
            *body += ", " + clause;
        } else {
            out.steps.push_back(ddl_step::edit(definition, "iris_with_constraint(sql, " + quote_text(clause) + ")"));
        }
    };
    switch (in.kind) {
    case table_constraint::form::primary_key:
    case table_constraint::form::unique: {
        const bool primary = in.kind == table_constraint::form::primary_key;
        if (primary && std::ranges::any_of(table.indexes, &index_def::primary)) throw sql_error(307, "Table '" + shown + "' already has a primary key");
        index_def index{named(primary ? "_PKEY" : "_UNIQUE", 324), true, primary, columns};
        for (const auto& name : columns) {
            auto& column = *std::ranges::find(table.columns, name, &column_def::name);
            if (!primary || column.not_null || body != nullptr) continue;
            out.steps.push_back(require_step(
                "SELECT count(*) = 0 FROM " + table.physical() + " WHERE " + quote_name(name) + " IS NULL", 305,
                "Field '" + name + "' of the primary key is NULL in some rows"
            ));
            out.steps.push_back(ddl_step::edit(definition, "iris_with_not_null(sql, " + quote_text(quote_name(name)) + ")"));
            out.steps.push_back("UPDATE _iris_columns SET not_null = 1 WHERE table_id = " + id + " AND name = " + quote_text(name));
        }
        if (body == nullptr) out.steps.push_back(no_duplicates(table, columns, index.name));
        add_index(out.steps, table, id, index);
        table.indexes.push_back(std::move(index));
        return;
    }
    case table_constraint::form::foreign_key: {
        auto foreign = foreign_key_of(table, in, columns);
        foreign.name = named("_FKEY", 311);
        const auto target = physical_name(foreign.target_schema, foreign.target_name);
        if (body == nullptr) {
            std::string match;
            for (std::size_t i = 0; i < columns.size(); ++i)
                match += (i > 0 ? " AND" : "") + std::string(" p.") + quote_name(foreign.target_columns[i]) + " = c." + quote_name(columns[i]);
            out.steps.push_back(require_step(
                "SELECT count(*) = 0 FROM " + table.physical() + " AS c WHERE " + all_given(columns) + " AND NOT EXISTS (SELECT 1 FROM " + target +
                    " AS p WHERE" + match + ")",
                127, "Foreign key '" + foreign.name + "' cannot be created: some rows refer to rows that are not there"
            ));
        }
        put("CONSTRAINT " + quote_name(foreign.name) + " FOREIGN KEY(" + quoted_list(columns) + ") REFERENCES " + target + "(" +
            quoted_list(foreign.target_columns) + ") ON DELETE " + foreign.on_delete + " ON UPDATE " + foreign.on_update);
        for (std::size_t i = 0; i < columns.size(); ++i)
            out.steps.push_back(
                "INSERT INTO _iris_foreign_keys VALUES (" + id + "," + quote_text(foreign.name) + "," + number(static_cast<std::int64_t>(i) + 1) + "," +
                quote_text(columns[i]) + "," + quote_text(foreign.target_schema) + "," + quote_text(foreign.target_name) + "," +
                quote_text(foreign.target_columns[i]) + "," + quote_text(foreign.on_delete) + "," + quote_text(foreign.on_update) + ")"
            );
        table.foreign_keys.push_back(std::move(foreign));
        return;
    }
    case table_constraint::form::check: break;
    }
    const auto name = named("_CHECK", 324);
    scope own;
    own.sources.push_back(source_of(table, {}, {}));
    const auto condition_sql = condition(*in.check, &own);
    if (!parameters_.empty()) throw sql_error(148, "Host variables are not allowed in a CHECK");
    if (body == nullptr)
        out.steps.push_back(require_step(
            "SELECT count(*) = 0 FROM " + table.physical() + " WHERE NOT " + condition_sql, 104, "Some rows do not pass CHECK constraint '" + name + "'"
        ));
    put("CONSTRAINT " + quote_name(name) + " CHECK(" + condition_sql + ")");
    out.steps.push_back("INSERT INTO _iris_checks VALUES (" + id + "," + quote_text(name) + "," + quote_text(in.check_text) + ")");
    table.checks.push_back(name);
}

plan generator::create_table_(const create_table& in) {
    auto out = ddl_plan();
    table_def table;
    table.schema = schema_of(in.table);
    table.name = in.table.name;
    if (to_upper(table.schema) == "INFORMATION_SCHEMA") throw sql_error(312, "Invalid schema name '" + table.schema + "'");
    if (tables_->find(table.schema, table.name) != nullptr) {
        if (in.if_not_exists) return out;
        throw sql_error(201, "Table '" + display_name(in.table) + "' already exists");
    }
    if (in.columns.empty()) throw sql_error(1, "A table needs at least one column");
    std::vector<std::string> key; // its columns are NOT NULL from the start
    const auto note_key = [&](const table_constraint& each) {
        if (each.kind == table_constraint::form::primary_key)
            for (const auto& name : each.columns) key.push_back(to_upper(name));
    };
    for (const auto& each : in.columns) std::ranges::for_each(each.constraints, note_key);
    std::ranges::for_each(in.constraints, note_key);
    const auto id = table_id_of({table.schema, table.name});
    std::string body;
    std::vector<std::string> metadata;
    for (std::size_t i = 0; i < in.columns.size(); ++i) {
        const auto& each = in.columns[i];
        if (table.find(each.name) != nullptr) throw sql_error(306, "Column '" + each.name + "' is defined twice");
        if (each.identity && table.row_id() != nullptr) throw sql_error(308, "The table has more than one IDENTITY field");
        auto column = column_of(each);
        column.not_null = column.not_null || std::ranges::find(key, to_upper(each.name)) != key.end();
        body += (i > 0 ? ", " : "") + column_ddl(each, column.not_null);
        metadata.push_back(column_metadata(id, i + 1, each, column.not_null, false));
        table.columns.push_back(std::move(column));
    }
    if (table.row_id() == nullptr) {
        // The row id of IRIS; its physical name cannot clash with a column of the application.
        column_definition row_id;
        row_id.name = "%rowid";
        row_id.type = {type_code::bigint, 19, 0};
        body = quote_name(row_id.name) + " INTEGER PRIMARY KEY AUTOINCREMENT, " + body;
        metadata.push_back(column_metadata(id, 0, row_id, false, true));
        auto column = column_of(row_id);
        column.hidden = true;
        table.columns.push_back(std::move(column));
    }
    // Foreign keys last: they may refer to keys of the table itself.
    plan constraints;
    for (const bool foreign : {false, true}) {
        const auto add = [&](const table_constraint& each) {
            if ((each.kind == table_constraint::form::foreign_key) == foreign) add_constraint(constraints, table, each, id, &body);
        };
        for (const auto& each : in.columns) std::ranges::for_each(each.constraints, add);
        std::ranges::for_each(in.constraints, add);
    }
    out.steps.push_back("CREATE TABLE " + table.physical() + "(" + body + ")");
    out.steps.push_back(
        "INSERT INTO _iris_tables(schema,name,kind,description) VALUES (" + quote_text(table.schema) + "," + quote_text(table.name) + ",'T'," +
        text_or_null(in.description) + ")"
    );
    for (auto& each : metadata) out.steps.emplace_back(std::move(each));
    std::ranges::move(constraints.steps, std::back_inserter(out.steps));
    out.steps.push_back(refresh_keys(id));
    out.steps.emplace_back(bump_version);
    return out;
}

void generator::add_column(plan& out, table_def& table, const column_definition& in) {
    const auto id = number(table.id);
    if (table.find(in.name) != nullptr) throw sql_error(306, "Column '" + in.name + "' already exists");
    if (in.identity) throw sql_error(1, "ALTER TABLE ADD of an IDENTITY field is not supported by the sandbox");
    const auto needs_value = in.not_null && !in.default_value;
    if (needs_value)
        out.steps.push_back(
            require_step("SELECT count(*) = 0 FROM " + table.physical(), 304, "NOT NULL field '" + in.name + "' without default, and the table has data")
        );
    // SQLite adds no required column without a default, even to an empty table; so it is required only
    // once it is there.
    out.steps.push_back("ALTER TABLE " + table.physical() + " ADD COLUMN " + column_ddl(in, in.not_null && !needs_value));
    if (needs_value)
        out.steps.push_back(ddl_step::edit(quote_text(dotted({table.schema, table.name})), "iris_with_not_null(sql, " + quote_text(quote_name(in.name)) + ")"));
    out.steps.push_back(column_metadata(id, table.columns.size() + 1, in, in.not_null, false));
    table.columns.push_back(column_of(in));
    for (const auto& each : in.constraints) add_constraint(out, table, each, id, nullptr);
}

void generator::drop_column(plan& out, const table_def& table, const alter_table& in) {
    const auto id = number(table.id);
    const auto* const column = table.find(in.name);
    if (column == nullptr) throw sql_error(31, "Field '" + to_upper(in.name) + "' not found in table '" + display_name(in.table) + "'");
    if (column->identity) throw sql_error(322, "Column '" + column->name + "' is the row id");
    const auto holds = [&](const std::vector<std::string>& columns) { return std::ranges::find(columns, column->name) != columns.end(); };
    if (tables_->referenced(table, {column->name})) throw sql_error(322, "Column '" + column->name + "' is referred to by a foreign key");
    for (const auto& each : table.foreign_keys) {
        if (!holds(each.columns)) continue;
        if (!in.cascade) throw sql_error(322, "Column '" + column->name + "' is part of foreign key '" + each.name + "'");
        drop_foreign_key(out, table, each.name);
    }
    for (const auto& each : table.indexes) {
        if (!holds(each.columns)) continue;
        if (!in.cascade) throw sql_error(322, "Column '" + column->name + "' is part of index '" + each.name + "'");
        drop_index(out.steps, table, each);
    }
    out.steps.push_back("ALTER TABLE " + table.physical() + " DROP COLUMN " + quote_name(column->name));
    out.steps.push_back("DELETE FROM _iris_columns WHERE table_id = " + id + " AND name = " + quote_text(column->name));
}

void generator::drop_foreign_key(plan& out, const table_def& table, const std::string& name) {
    out.steps.push_back(ddl_step::edit(quote_text(dotted({table.schema, table.name})), "iris_without_constraint(sql, " + quote_text(quote_name(name)) + ")"));
    for (const auto* const metadata : {"_iris_foreign_keys", "_iris_checks"})
        out.steps.push_back(std::string("DELETE FROM ") + metadata + " WHERE table_id = " + number(table.id) + " AND name = " + quote_text(name));
}

void generator::drop_constraint(plan& out, const table_def& table, const alter_table& in) {
    using form = alter_table::form;
    const auto wanted = to_upper(in.name);
    const auto same = [&](const std::string& each) { return to_upper(each) == wanted; };
    const auto drop_key = [&](const index_def& each) {
        keep_referenced(table, each);
        drop_index(out.steps, table, each);
    };
    if (in.kind == form::drop_primary_key) {
        const auto found = std::ranges::find_if(table.indexes, &index_def::primary);
        if (found == table.indexes.end()) throw sql_error(315, "Table '" + display_name(in.table) + "' has no primary key");
        drop_key(*found);
        return;
    }
    const auto foreign = std::ranges::find_if(table.foreign_keys, same, &foreign_key_def::name);
    if (foreign != table.foreign_keys.end()) {
        drop_foreign_key(out, table, foreign->name);
        return;
    }
    if (in.kind == form::drop_constraint) {
        const auto* const index = table.index_named(in.name);
        if (index != nullptr && index->unique) {
            drop_key(*index);
            return;
        }
        const auto check = std::ranges::find_if(table.checks, same);
        if (check != table.checks.end()) {
            drop_foreign_key(out, table, *check);
            return;
        }
    }
    throw sql_error(315, "Constraint '" + in.name + "' not found for table '" + display_name(in.table) + "'");
}

void generator::rename_table(plan& out, const table_def& table, const std::string& name) {
    if (tables_->find(table.schema, name) != nullptr) throw sql_error(201, "Table '" + display_name({table.schema, name}) + "' already exists");
    const auto id = number(table.id);
    // Indexes are called by the name of their table.
    for (const auto& each : table.indexes) drop_index(out.steps, table, each);
    out.steps.push_back("ALTER TABLE " + table.physical() + " RENAME TO " + physical_name(table.schema, name));
    out.steps.push_back("UPDATE _iris_tables SET name = " + quote_text(name) + " WHERE id = " + id);
    out.steps.push_back(
        "UPDATE _iris_foreign_keys SET target_name = " + quote_text(name) + " WHERE target_schema = " + quote_text(table.schema) +
        " AND target_name = " + quote_text(table.name)
    );
    auto renamed = table;
    renamed.name = name;
    for (const auto& each : table.indexes) add_index(out.steps, renamed, id, each);
}

void generator::rename_column(plan& out, const table_def& table, const alter_table& in) {
    const auto* const column = table.find(in.name);
    if (column == nullptr) throw sql_error(31, "Field '" + to_upper(in.name) + "' not found in table '" + display_name(in.table) + "'");
    const auto* const taken = table.find(in.new_name);
    if (taken != nullptr && taken != column) throw sql_error(306, "Column '" + in.new_name + "' already exists");
    const auto to = quote_text(in.new_name);
    const auto from = quote_text(column->name);
    const auto of_table = " WHERE table_id = " + number(table.id);
    out.steps.push_back("ALTER TABLE " + table.physical() + " RENAME COLUMN " + quote_name(column->name) + " TO " + quote_name(in.new_name));
    out.steps.push_back("UPDATE _iris_columns SET name = " + to + of_table + " AND name = " + from);
    const auto renamed = " SET column_name = " + to + of_table + " AND column_name = " + from;
    out.steps.push_back("UPDATE _iris_indexes" + renamed);
    out.steps.push_back("UPDATE _iris_foreign_keys" + renamed);
    out.steps.push_back(
        "UPDATE _iris_foreign_keys SET target_column = " + to + " WHERE target_schema = " + quote_text(table.schema) +
        " AND target_name = " + quote_text(table.name) + " AND target_column = " + from
    );
}

plan generator::alter_(const alter_table& in) {
    using form = alter_table::form;
    auto out = ddl_plan();
    auto table = writable(in.table); // as the statement makes it, step by step
    switch (in.kind) {
    case form::add:
        for (const auto& each : in.added) add_column(out, table, each);
        for (const auto& each : in.constraints) add_constraint(out, table, each, number(table.id), nullptr);
        break;
    case form::drop_column: drop_column(out, writable(in.table), in); break;
    case form::drop_constraint:
    case form::drop_foreign_key:
    case form::drop_primary_key: drop_constraint(out, writable(in.table), in); break;
    case form::rename_table: rename_table(out, table, in.new_name); break;
    case form::rename_column: rename_column(out, table, in); break;
    }
    out.steps.push_back(refresh_keys(number(table.id)));
    out.steps.emplace_back(bump_version);
    return out;
}

} // namespace irislink::sandbox::sql
