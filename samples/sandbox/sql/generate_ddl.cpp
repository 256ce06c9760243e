#include <algorithm>

#include "samples/sandbox/sql/generator.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox::sql {
namespace {

const char* storage_class(const sql_type& type) {
    if (type.is_integer() || type.is_numeric()) return "INTEGER";
    if (type.is_real()) return "REAL";
    if (type.is_binary()) return "BLOB";
    return "TEXT";
}

std::string number(std::int64_t value) {
    return std::to_string(value);
}

std::string table_id_of(const table_name& name) {
    const auto schema = name.schema.empty() ? std::string(catalog::default_schema) : name.schema;
    return "(SELECT id FROM _iris_tables WHERE schema = " + quote_text(schema) + " COLLATE NOCASE AND name = " + quote_text(name.name) + " COLLATE NOCASE)";
}

constexpr const char* bump_version = "UPDATE _iris_meta SET version = version + 1";

std::string index_metadata(const std::string& table_id, const std::string& name, bool unique, bool primary, const std::vector<std::string>& columns) {
    std::string sql;
    for (std::size_t i = 0; i < columns.size(); ++i)
        sql += (i == 0 ? "INSERT INTO _iris_indexes VALUES " : ",") + std::string("(") + table_id + "," + quote_text(name) + "," + number(unique ? 1 : 0) +
               "," + number(primary ? 1 : 0) + "," + number(static_cast<std::int64_t>(i) + 1) + "," + quote_text(columns[i]) + ")";
    return sql;
}

std::string quoted_list(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ",") + quote_name(name);
    return out;
}

plan ddl_plan() {
    plan out;
    out.kind = statement_kind::ddl;
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

std::string generator::column_ddl(const column_definition& in, bool& has_row_id) {
    std::string sql = quote_name(in.name);
    if (in.identity) {
        if (has_row_id) throw sql_error(308, "The table has more than one IDENTITY field");
        has_row_id = true;
        return sql + " INTEGER PRIMARY KEY AUTOINCREMENT";
    }
    sql += std::string(" ") + storage_class(in.type);
    if (in.type.is_text()) sql += in.collation == "EXACT" || in.collation == "SQLSTRING" ? " COLLATE BINARY" : " COLLATE IRIS";
    if (in.not_null || in.primary_key) sql += " NOT NULL";
    if (in.default_value) sql += " DEFAULT (" + constant(*in.default_value, in.type) + ")";
    return sql;
}

std::string generator::column_metadata(const std::string& table_id, std::size_t ordinal, const column_definition& in, bool unique, bool key, bool hidden) {
    const bool exact = in.collation == "EXACT" || in.collation == "SQLSTRING";
    std::string default_text = "NULL";
    if (in.default_value && (in.default_value->kind == expression_kind::string || in.default_value->kind == expression_kind::number ||
                             in.default_value->kind == expression_kind::call))
        default_text = quote_text(in.default_value->text);
    return "INSERT INTO _iris_columns VALUES (" + table_id + "," + number(static_cast<std::int64_t>(ordinal)) + "," + quote_text(in.name) + "," +
           number(in.type.code) + "," + number(in.type.precision) + "," + number(in.type.scale) + "," + number(in.not_null || key || in.identity ? 1 : 0) +
           "," + number(unique ? 1 : 0) + "," + number(key ? 1 : 0) + "," + number(in.identity ? 1 : 0) + "," + number(hidden ? 1 : 0) + "," +
           number(exact ? 1 : 0) + "," + default_text + ")";
}

plan generator::create_table_(const create_table& in) {
    auto out = ddl_plan();
    const auto schema = in.table.schema.empty() ? std::string(catalog::default_schema) : in.table.schema;
    if (to_upper(schema) == "INFORMATION_SCHEMA") throw sql_error(312, "Invalid schema name '" + schema + "'");
    if (tables_->find(schema, in.table.name) != nullptr) {
        if (in.if_not_exists) return out;
        throw sql_error(201, "Table '" + display_name(in.table) + "' already exists");
    }
    if (in.columns.empty()) throw sql_error(1, "A table needs at least one column");
    bool has_row_id = false;
    std::string body;
    std::vector<std::string> metadata;
    const auto table_id = table_id_of({schema, in.table.name});
    const auto column_named = [&](const std::string& name) -> const column_definition& {
        for (const auto& each : in.columns)
            if (to_upper(each.name) == to_upper(name)) return each;
        throw sql_error(31, "Field '" + to_upper(name) + "' not found in the CREATE TABLE statement");
    };
    std::vector<std::string> key;
    std::string key_name = to_upper(in.table.name) + "_PKEY";
    for (const auto& each : in.columns)
        if (each.primary_key) key.push_back(each.name);
    for (const auto& each : in.constraints)
        if (each.kind == table_constraint::form::primary_key) {
            if (!key.empty()) throw sql_error(307, "The table has more than one primary key");
            for (const auto& name : each.columns) key.push_back(column_named(name).name);
            if (!each.name.empty()) key_name = each.name;
        }
    scope checks;
    source self;
    self.alias = in.table.name;
    for (const auto& each : in.columns) {
        for (const auto& other : self.columns)
            if (to_upper(other.name) == to_upper(each.name)) throw sql_error(306, "Column '" + each.name + "' is defined twice");
        source_column column;
        column.name = each.name;
        column.value.sql = quote_name(each.name);
        column.value.type = each.type;
        self.columns.push_back(std::move(column));
    }
    checks.sources.push_back(std::move(self));
    int unnamed = 0;
    std::string tail;
    const auto foreign_key = [&](std::string name, const std::vector<std::string>& columns, const table_name& target, std::vector<std::string> target_columns,
                                 const std::string& rule) {
        const bool own = to_upper(target.name) == to_upper(in.table.name) &&
                         to_upper(target.schema.empty() ? std::string(catalog::default_schema) : target.schema) == to_upper(schema);
        const auto* const table = own ? nullptr : tables_->find(target.schema, target.name);
        if (!own && (table == nullptr || table->kind != table_kind::table))
            throw sql_error(310, "Foreign key references non-existent table '" + display_name(target) + "'");
        if (target_columns.empty()) {
            if (own) {
                target_columns = key;
            } else {
                for (const auto& each : table->columns)
                    if (each.key) target_columns.push_back(each.name);
                if (target_columns.empty() && table->row_id() != nullptr) target_columns.push_back(table->row_id()->name);
            }
        }
        if (target_columns.size() != columns.size()) throw sql_error(316, "The foreign key and the referenced key have different numbers of fields");
        if (name.empty()) name = to_upper(in.table.name) + "_FKEY" + number(++unnamed);
        const auto target_schema = target.schema.empty() ? std::string(catalog::default_schema) : target.schema;
        tail += ", FOREIGN KEY(" + quoted_list(columns) + ") REFERENCES " + physical_name(target_schema, target.name) + "(" + quoted_list(target_columns) +
                ")" + (rule.empty() ? "" : " ON DELETE " + rule);
        for (std::size_t i = 0; i < columns.size(); ++i)
            metadata.push_back(
                "INSERT INTO _iris_foreign_keys VALUES (" + table_id + "," + quote_text(name) + "," + number(static_cast<std::int64_t>(i) + 1) + "," +
                quote_text(columns[i]) + "," + quote_text(own ? schema : table->schema) + "," + quote_text(own ? in.table.name : table->name) + "," +
                quote_text(target_columns[i]) + "," + quote_text(rule.empty() ? "NO ACTION" : rule) + ")"
            );
    };
    std::vector<std::string> unique_columns;
    for (const auto& each : in.constraints) {
        std::vector<std::string> columns;
        for (const auto& name : each.columns) columns.push_back(column_named(name).name);
        if (each.kind == table_constraint::form::unique) {
            const auto name = each.name.empty() ? to_upper(in.table.name) + "_UNIQUE" + number(++unnamed) : each.name;
            tail += ", UNIQUE(" + quoted_list(columns) + ")";
            metadata.push_back(index_metadata(table_id, name, true, false, columns));
            if (columns.size() == 1) unique_columns.push_back(columns[0]);
        } else if (each.kind == table_constraint::form::foreign_key) {
            foreign_key(each.name, columns, each.references, each.references_columns, each.on_delete);
        } else if (each.kind == table_constraint::form::check) {
            tail += ", CHECK(" + condition(*each.check, &checks) + ")";
        }
    }
    for (std::size_t i = 0; i < in.columns.size(); ++i) {
        const auto& column = in.columns[i];
        body += (i > 0 ? ", " : "") + column_ddl(column, has_row_id);
        const bool in_key = std::ranges::find(key, column.name) != key.end();
        const bool single_key = in_key && key.size() == 1;
        const bool unique = column.unique || single_key || column.identity || std::ranges::find(unique_columns, column.name) != unique_columns.end();
        if (column.unique && !column.identity) {
            tail += ", UNIQUE(" + quote_name(column.name) + ")";
            metadata.push_back(index_metadata(table_id, to_upper(in.table.name) + "_" + to_upper(column.name) + "_UNIQUE", true, false, {column.name}));
        }
        if (column.check) tail += ", CHECK(" + condition(*column.check, &checks) + ")";
        if (column.references)
            foreign_key(
                {}, {column.name}, *column.references, column.references_column.empty() ? std::vector<std::string>{} : std::vector{column.references_column},
                column.on_delete
            );
        metadata.push_back(column_metadata(table_id, i + 1, column, unique, in_key, false));
    }
    if (!key.empty()) {
        const bool identity_key = key.size() == 1 && column_named(key[0]).identity;
        if (!identity_key) tail += ", UNIQUE(" + quoted_list(key) + ")";
        metadata.push_back(index_metadata(table_id, key_name, true, true, key));
    }
    if (!has_row_id) {
        // The row id of IRIS; its physical name cannot clash with a column of the application.
        column_definition row_id;
        row_id.name = "%rowid";
        row_id.type = {type_code::bigint, 19, 0};
        body = quote_name(row_id.name) + " INTEGER PRIMARY KEY AUTOINCREMENT, " + body;
        metadata.push_back(column_metadata(table_id, 0, row_id, true, false, true));
    }
    out.steps.push_back("CREATE TABLE " + physical_name(schema, in.table.name) + "(" + body + tail + ")");
    out.steps.push_back("INSERT INTO _iris_tables(schema,name,kind) VALUES (" + quote_text(schema) + "," + quote_text(in.table.name) + ",'T')");
    std::ranges::move(metadata, std::back_inserter(out.steps));
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::create_index_(const create_index& in) {
    auto out = ddl_plan();
    const auto& table = writable(in.table);
    std::vector<std::string> columns;
    for (const auto& name : in.columns) {
        const auto* const column = table.find(name);
        if (column == nullptr) throw sql_error(31, "Field '" + to_upper(name) + "' not found in table '" + display_name(in.table) + "'");
        columns.push_back(column->name);
    }
    const auto index = quote_name(dotted({table.schema, table.name, in.name}));
    out.steps.push_back(
        std::string("CREATE ") + (in.unique ? "UNIQUE " : "") + "INDEX " + (in.if_not_exists ? "IF NOT EXISTS " : "") + index + " ON " + table.physical() +
        "(" + quoted_list(columns) + ")"
    );
    const auto id = number(table.id);
    if (in.if_not_exists) out.steps.push_back("DELETE FROM _iris_indexes WHERE table_id = " + id + " AND name = " + quote_text(in.name) + " COLLATE NOCASE");
    out.steps.push_back(index_metadata(id, in.name, in.unique, false, columns));
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::create_view_(const create_view& in) {
    auto out = ddl_plan();
    const auto schema = in.view.schema.empty() ? std::string(catalog::default_schema) : in.view.schema;
    const auto* const existing = tables_->find(schema, in.view.name);
    if (existing != nullptr) {
        if (!in.or_replace || existing->kind != table_kind::view) throw sql_error(201, "Table or view '" + display_name(in.view) + "' already exists");
        out.steps.push_back("DELETE FROM _iris_tables WHERE id = " + number(existing->id));
    }
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
        out.steps.push_back(column_metadata(id, i + 1, column, false, false, false));
    }
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::drop_(const drop_statement& in) {
    auto out = ddl_plan();
    if (in.kind == drop_statement::form::schema) return out;
    if (in.kind == drop_statement::form::index) {
        for (const auto& [key, table] : tables_->tables()) {
            if (in.on && tables_->find(in.on->schema, in.on->name) != &table) continue;
            if (table.kind != table_kind::table) continue;
            out.steps.push_back("DROP INDEX IF EXISTS " + quote_name(dotted({table.schema, table.name, in.name.name})));
            out.steps.push_back(
                "DELETE FROM _iris_indexes WHERE table_id = " + number(table.id) + " AND name = " + quote_text(in.name.name) + " COLLATE NOCASE"
            );
        }
        out.steps.insert(
            out.steps.begin(), "SELECT iris_require((SELECT count(*) FROM _iris_indexes WHERE name = " + quote_text(in.name.name) + " COLLATE NOCASE) + " +
                                   number(in.if_exists ? 1 : 0) + ", 333, " + quote_text("Index '" + in.name.name + "' not found") + ")"
        );
        out.steps.emplace_back(bump_version);
        return out;
    }
    const auto* const table = tables_->find(in.name.schema, in.name.name);
    const bool want_view = in.kind == drop_statement::form::view;
    if (table == nullptr || (table->kind == table_kind::view) != want_view) {
        if (in.if_exists) return out;
        throw sql_error(30, (want_view ? "View '" : "Table '") + display_name(in.name) + "' not found");
    }
    if (table->kind == table_kind::system) throw sql_error(115, "'" + display_name(in.name) + "' is read-only");
    const auto id = number(table->id);
    if (!want_view) {
        out.steps.push_back(
            "SELECT iris_require((SELECT count(*) = 0 FROM _iris_foreign_keys WHERE target_schema = " + quote_text(table->schema) +
            " COLLATE NOCASE AND target_name = " + quote_text(table->name) + " COLLATE NOCASE AND table_id <> " + id + "), 320, " +
            quote_text("Cannot drop table '" + display_name(in.name) + "': a foreign key refers to it") + ")"
        );
        out.steps.push_back("DROP TABLE " + table->physical());
    }
    for (const auto* const metadata : {"_iris_columns", "_iris_indexes", "_iris_foreign_keys"})
        out.steps.push_back(std::string("DELETE FROM ") + metadata + " WHERE table_id = " + id);
    out.steps.push_back("DELETE FROM _iris_tables WHERE id = " + id);
    out.steps.emplace_back(bump_version);
    return out;
}

plan generator::alter_(const alter_table& in) {
    auto out = ddl_plan();
    const auto& table = writable(in.table);
    const auto id = number(table.id);
    if (in.kind == alter_table::form::add_column) {
        std::size_t ordinal = table.columns.size() + 1;
        for (const auto& column : in.added) {
            if (table.find(column.name) != nullptr) throw sql_error(306, "Column '" + column.name + "' already exists");
            if (column.identity || column.unique || column.primary_key || column.references || column.check)
                throw sql_error(1, "ALTER TABLE ADD COLUMN with a key or constraint is not supported by the sandbox");
            bool has_row_id = true;
            if (column.not_null && !column.default_value)
                out.steps.push_back(
                    "SELECT iris_require((SELECT count(*) = 0 FROM " + table.physical() + "), 304, " +
                    quote_text("NOT NULL field '" + column.name + "' without default, and the table has data") + ")"
                );
            auto definition = column_ddl(column, has_row_id);
            // SQLite wants a default it can see; the check above has made sure that no row needs one.
            if (column.not_null && !column.default_value) definition += " DEFAULT ''";
            out.steps.push_back("ALTER TABLE " + table.physical() + " ADD COLUMN " + definition);
            out.steps.push_back(column_metadata(id, ordinal++, column, false, false, false));
        }
    } else if (in.kind == alter_table::form::rename_table) {
        const auto renamed = table_name{table.schema, in.new_name};
        if (tables_->find(renamed.schema, renamed.name) != nullptr) throw sql_error(201, "Table '" + display_name(renamed) + "' already exists");
        out.steps.push_back("ALTER TABLE " + table.physical() + " RENAME TO " + physical_name(table.schema, in.new_name));
        out.steps.push_back("UPDATE _iris_tables SET name = " + quote_text(in.new_name) + " WHERE id = " + id);
    } else {
        const auto* const column = table.find(in.column);
        if (column == nullptr) throw sql_error(31, "Field '" + to_upper(in.column) + "' not found in table '" + display_name(in.table) + "'");
        const auto where = " WHERE table_id = " + id + " AND name = " + quote_text(column->name);
        if (in.kind == alter_table::form::drop_column) {
            if (column->key || column->identity || column->unique) throw sql_error(322, "Column '" + column->name + "' is part of a key");
            out.steps.push_back("ALTER TABLE " + table.physical() + " DROP COLUMN " + quote_name(column->name));
            out.steps.push_back("DELETE FROM _iris_columns" + where);
        } else {
            if (table.find(in.new_name) != nullptr) throw sql_error(306, "Column '" + in.new_name + "' already exists");
            out.steps.push_back("ALTER TABLE " + table.physical() + " RENAME COLUMN " + quote_name(column->name) + " TO " + quote_name(in.new_name));
            out.steps.push_back("UPDATE _iris_columns SET name = " + quote_text(in.new_name) + where);
            out.steps.push_back(
                "UPDATE _iris_indexes SET column_name = " + quote_text(in.new_name) + " WHERE table_id = " + id +
                " AND column_name = " + quote_text(column->name)
            );
        }
    }
    out.steps.emplace_back(bump_version);
    return out;
}

} // namespace irislink::sandbox::sql
