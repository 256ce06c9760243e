#include "samples/sandbox/sql/catalog.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "samples/sandbox/sql/connection.hpp"
#include "samples/sandbox/sql/lexer.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox::sql {
namespace {

constexpr const char* metadata = R"(
CREATE TABLE IF NOT EXISTS _iris_meta(version INTEGER NOT NULL);
INSERT INTO _iris_meta SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM _iris_meta);
CREATE TABLE IF NOT EXISTS _iris_tables(
    id INTEGER PRIMARY KEY, schema TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    source TEXT, description TEXT, UNIQUE(schema COLLATE NOCASE, name COLLATE NOCASE));
CREATE TABLE IF NOT EXISTS _iris_columns(
    table_id INTEGER NOT NULL REFERENCES _iris_tables(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL, precision INTEGER NOT NULL,
    scale INTEGER NOT NULL, not_null INTEGER NOT NULL, is_unique INTEGER NOT NULL,
    is_key INTEGER NOT NULL, identity INTEGER NOT NULL, hidden INTEGER NOT NULL,
    exact INTEGER NOT NULL, default_text TEXT, description TEXT);
CREATE TABLE IF NOT EXISTS _iris_indexes(
    table_id INTEGER NOT NULL REFERENCES _iris_tables(id) ON DELETE CASCADE,
    name TEXT NOT NULL, is_unique INTEGER NOT NULL, is_primary INTEGER NOT NULL,
    ordinal INTEGER NOT NULL, column_name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _iris_foreign_keys(
    table_id INTEGER NOT NULL REFERENCES _iris_tables(id) ON DELETE CASCADE,
    name TEXT NOT NULL, ordinal INTEGER NOT NULL, column_name TEXT NOT NULL,
    target_schema TEXT NOT NULL, target_name TEXT NOT NULL, target_column TEXT NOT NULL,
    delete_rule TEXT NOT NULL, update_rule TEXT NOT NULL DEFAULT 'NO ACTION');
CREATE TABLE IF NOT EXISTS _iris_checks(
    table_id INTEGER NOT NULL REFERENCES _iris_tables(id) ON DELETE CASCADE, name TEXT NOT NULL,
    clause TEXT);
CREATE TABLE IF NOT EXISTS _iris_routines(
    id INTEGER PRIMARY KEY, schema TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
    result_sets INTEGER NOT NULL, source TEXT NOT NULL, UNIQUE(schema COLLATE NOCASE, name COLLATE NOCASE));
CREATE TABLE IF NOT EXISTS _iris_routine_columns(
    routine_id INTEGER NOT NULL REFERENCES _iris_routines(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, name TEXT NOT NULL, mode INTEGER NOT NULL, type INTEGER NOT NULL,
    precision INTEGER NOT NULL, scale INTEGER NOT NULL, default_text TEXT);
CREATE TABLE IF NOT EXISTS _iris_routine_statements(
    routine_id INTEGER NOT NULL REFERENCES _iris_routines(id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _iris_schemas(name TEXT NOT NULL UNIQUE COLLATE NOCASE);
)";

// INFORMATION_SCHEMA as queries over the metadata (wire-sql 7.5), and the audit, which is a file of its
// own, attached. Column types: t text, l longer text, i integer, m timestamp.
struct system_table {
    const char* schema;
    const char* name;
    const char* columns; // "NAME:t NAME:i ..."
    const char* query;
};

#define IRISLINK_TYPE_NAME                                                                                                                                     \
    "CASE c.type WHEN -7 THEN 'bit' WHEN -6 THEN 'tinyint' WHEN -5 THEN 'bigint' WHEN 5 THEN "                                                                 \
    "'smallint' WHEN 4 THEN 'integer' WHEN 2 THEN 'numeric' WHEN 8 THEN 'double' WHEN 12 THEN "                                                                \
    "'varchar' WHEN -1 THEN 'longvarchar' WHEN -3 THEN 'varbinary' WHEN -4 THEN 'longvarbinary' "                                                              \
    "WHEN 91 THEN 'date' WHEN 92 THEN 'time' WHEN 93 THEN 'timestamp' WHEN -11 THEN "                                                                          \
    "'uniqueidentifier' ELSE 'varchar' END"

constexpr std::array system_tables{
    system_table{
        "INFORMATION_SCHEMA", "TABLES", "TABLE_CATALOG:t TABLE_SCHEMA:t TABLE_NAME:t TABLE_TYPE:t CLASSNAME:t DESCRIPTION:t",
        "SELECT NULL, schema, name, CASE kind WHEN 'V' THEN 'VIEW' ELSE 'BASE TABLE' END, "
        "schema || '.' || name, description FROM _iris_tables"},
    system_table{
        "INFORMATION_SCHEMA", "SCHEMATA", "CATALOG_NAME:t SCHEMA_NAME:t SCHEMA_OWNER:t",
        "SELECT NULL, s, '_SYSTEM' FROM (SELECT DISTINCT schema AS s FROM _iris_tables UNION SELECT "
        "schema FROM _iris_routines UNION SELECT "
        "'SQLUser' UNION SELECT 'INFORMATION_SCHEMA')"},
    system_table{
        "INFORMATION_SCHEMA", "VIEWS", "TABLE_CATALOG:t TABLE_SCHEMA:t TABLE_NAME:t VIEW_DEFINITION:t",
        "SELECT NULL, schema, name, source FROM _iris_tables WHERE kind = 'V'"},
    system_table{
        "INFORMATION_SCHEMA", "COLUMNS",
        "TABLE_CATALOG:t TABLE_SCHEMA:t TABLE_NAME:t COLUMN_NAME:t ORDINAL_POSITION:i "
        "COLUMN_DEFAULT:t IS_NULLABLE:t DATA_TYPE:t CHARACTER_MAXIMUM_LENGTH:i NUMERIC_PRECISION:i "
        "NUMERIC_SCALE:i COLLATION_NAME:t IS_IDENTITY:t IS_GENERATED:t AUTO_INCREMENT:t "
        "UNIQUE_COLUMN:t PRIMARY_KEY:t DESCRIPTION:t SQL_TYPE_CODE:i",
        "SELECT NULL, t.schema, t.name, c.name, c.ordinal, c.default_text, CASE c.not_null WHEN 1 "
        "THEN 'NO' ELSE 'YES' END, " IRISLINK_TYPE_NAME ", CASE WHEN c.type IN (12,-1,-3,-4,-11) THEN c.precision END, CASE WHEN c.type IN "
        "(-7,-6,-5,2,4,5,8) THEN c.precision END, CASE WHEN c.type IN (-7,-6,-5,2,4,5) THEN c.scale "
        "END, CASE WHEN c.type = 12 THEN CASE c.exact WHEN 1 THEN 'EXACT' ELSE 'SQLUPPER' END END, "
        "CASE c.identity WHEN 1 THEN 'YES' ELSE 'NO' END, 'NEVER', CASE c.identity WHEN 1 THEN 'YES' "
        "ELSE 'NO' END, CASE c.is_unique WHEN 1 THEN 'YES' ELSE 'NO' END, CASE c.is_key WHEN 1 THEN "
        "'YES' ELSE 'NO' END, c.description, c.type FROM _iris_columns c JOIN _iris_tables t ON t.id = "
        "c.table_id WHERE c.hidden = 0"},
    system_table{
        "INFORMATION_SCHEMA", "INDEXES",
        "TABLE_SCHEMA:t TABLE_NAME:t NON_UNIQUE:i INDEX_NAME:t ORDINAL_POSITION:i COLUMN_NAME:t "
        "ASC_OR_DESC:t PRIMARY_KEY:i",
        "SELECT t.schema, t.name, 1 - i.is_unique, i.name, i.ordinal, i.column_name, 'A', "
        "i.is_primary FROM _iris_indexes i JOIN _iris_tables t ON t.id "
        "= i.table_id"},
    system_table{
        "INFORMATION_SCHEMA", "TABLE_CONSTRAINTS", "CONSTRAINT_SCHEMA:t CONSTRAINT_NAME:t TABLE_SCHEMA:t TABLE_NAME:t CONSTRAINT_TYPE:t",
        "SELECT DISTINCT t.schema, i.name, t.schema, t.name, CASE i.is_primary WHEN 1 THEN 'PRIMARY "
        "KEY' ELSE 'UNIQUE' END FROM _iris_indexes i JOIN _iris_tables t ON t.id = i.table_id WHERE "
        "i.is_unique = 1 UNION ALL SELECT DISTINCT t.schema, f.name, t.schema, t.name, 'FOREIGN KEY' "
        "FROM _iris_foreign_keys f JOIN _iris_tables t ON t.id = f.table_id UNION ALL SELECT t.schema, k.name, t.schema, t.name, "
        "'CHECK' FROM _iris_checks k JOIN _iris_tables t ON t.id = k.table_id"},
    system_table{
        "INFORMATION_SCHEMA", "KEY_COLUMN_USAGE",
        "CONSTRAINT_SCHEMA:t CONSTRAINT_NAME:t TABLE_SCHEMA:t TABLE_NAME:t COLUMN_NAME:t "
        "ORDINAL_POSITION:i REFERENCED_TABLE_SCHEMA:t REFERENCED_TABLE_NAME:t "
        "REFERENCED_COLUMN_NAME:t CONSTRAINT_TYPE:t",
        "SELECT t.schema, i.name, t.schema, t.name, i.column_name, i.ordinal, NULL, NULL, NULL, CASE "
        "i.is_primary WHEN 1 THEN 'PRIMARY KEY' ELSE 'UNIQUE' END FROM _iris_indexes i JOIN "
        "_iris_tables t ON t.id = i.table_id WHERE i.is_unique = 1 UNION ALL SELECT t.schema, f.name, "
        "t.schema, t.name, f.column_name, f.ordinal, f.target_schema, f.target_name, f.target_column, "
        "'FOREIGN KEY' FROM _iris_foreign_keys f JOIN _iris_tables t ON t.id = f.table_id"},
    system_table{
        "INFORMATION_SCHEMA", "CONSTRAINT_COLUMN_USAGE", "TABLE_SCHEMA:t TABLE_NAME:t COLUMN_NAME:t CONSTRAINT_SCHEMA:t CONSTRAINT_NAME:t",
        "SELECT t.schema, t.name, i.column_name, t.schema, i.name FROM _iris_indexes i JOIN "
        "_iris_tables t ON t.id = i.table_id WHERE i.is_unique = 1 UNION ALL SELECT f.target_schema, "
        "f.target_name, f.target_column, t.schema, f.name FROM _iris_foreign_keys f JOIN _iris_tables "
        "t ON t.id = f.table_id"},
    system_table{
        "INFORMATION_SCHEMA", "REFERENTIAL_CONSTRAINTS",
        "CONSTRAINT_SCHEMA:t CONSTRAINT_NAME:t UNIQUE_CONSTRAINT_TABLE_SCHEMA:t "
        "UNIQUE_CONSTRAINT_TABLE:t UPDATE_RULE:t DELETE_RULE:t CONSTRAINT_TABLE_NAME:t UNIQUE_CONSTRAINT_SCHEMA:t "
        "UNIQUE_CONSTRAINT_NAME:t MATCH_OPTION:t",
        "SELECT DISTINCT t.schema, f.name, f.target_schema, f.target_name, f.update_rule, f.delete_rule, t.name, "
        "f.target_schema, (SELECT i.name FROM _iris_indexes i JOIN _iris_tables u ON u.id = i.table_id WHERE u.schema = f.target_schema "
        "AND u.name = f.target_name AND i.is_unique = 1 GROUP BY i.name HAVING "
        "count(*) = (SELECT count(*) FROM _iris_foreign_keys g WHERE g.table_id = f.table_id AND g.name = f.name) AND count(*) = "
        "sum(i.column_name IN (SELECT g.target_column FROM _iris_foreign_keys g WHERE g.table_id = f.table_id AND g.name = f.name)) "
        "ORDER BY i.is_primary DESC, i.name LIMIT 1), 'NONE' "
        "FROM _iris_foreign_keys f JOIN _iris_tables t ON t.id = f.table_id"},
    system_table{
        "INFORMATION_SCHEMA", "CHECK_CONSTRAINTS", "CONSTRAINT_SCHEMA:t CONSTRAINT_NAME:t TABLE_NAME:t CHECK_CLAUSE:l",
        "SELECT t.schema, k.name, t.name, k.clause FROM _iris_checks k JOIN _iris_tables t ON t.id = k.table_id"},
    system_table{
        "INFORMATION_SCHEMA", "ROUTINES",
        "ROUTINE_CATALOG:t ROUTINE_SCHEMA:t ROUTINE_NAME:t ROUTINE_TYPE:t DATA_TYPE:t ROUTINE_DEFINITION:l RESULT_SETS:i IN_PARAMETERS:i OUT_PARAMETERS:i",
        "SELECT NULL, r.schema, r.name, CASE r.kind WHEN 'F' THEN 'FUNCTION' ELSE 'PROCEDURE' END, (SELECT " IRISLINK_TYPE_NAME
        " FROM _iris_routine_columns c WHERE c.routine_id = r.id AND c.ordinal = 0), r.source, r.result_sets, "
        "(SELECT count(*) FROM _iris_routine_columns c WHERE c.routine_id = r.id AND c.ordinal > 0 AND c.mode IN (1,2)), "
        "(SELECT count(*) FROM _iris_routine_columns c WHERE c.routine_id = r.id AND c.ordinal > 0 AND c.mode IN (2,4)) FROM _iris_routines r"},
    system_table{
        "INFORMATION_SCHEMA", "PARAMETERS",
        "SPECIFIC_CATALOG:t SPECIFIC_SCHEMA:t SPECIFIC_NAME:t ORDINAL_POSITION:i PARAMETER_MODE:t IS_RESULT:t PARAMETER_NAME:t DATA_TYPE:t "
        "CHARACTER_MAXIMUM_LENGTH:i NUMERIC_PRECISION:i NUMERIC_SCALE:i PARAMETER_DEFAULT:t SQL_TYPE_CODE:i ROUTINE_TYPE:t",
        "SELECT NULL, r.schema, r.name, c.ordinal, CASE WHEN c.ordinal = 0 THEN 'OUT' WHEN c.mode = 1 THEN 'IN' WHEN c.mode = 2 THEN 'INOUT' ELSE 'OUT' END, "
        "CASE c.ordinal WHEN 0 THEN 'YES' ELSE 'NO' END, c.name, " IRISLINK_TYPE_NAME ", CASE WHEN c.type IN (12,-1,-3,-4,-11) THEN c.precision END, "
        "CASE WHEN c.type IN (-7,-6,-5,2,4,5,8) THEN c.precision END, CASE WHEN c.type IN (-7,-6,-5,2,4,5) THEN c.scale END, c.default_text, c.type, "
        "CASE r.kind WHEN 'F' THEN 'FUNCTION' ELSE 'PROCEDURE' END FROM _iris_routine_columns c JOIN _iris_routines r ON r.id = c.routine_id "
        "WHERE c.ordinal = 0 OR c.mode > 0"},
    system_table{
        "%SYS", "Audit",
        "AuditIndex:i UTCTimeStamp:m EventSource:t EventType:t Event:t Username:t Roles:l Authentication:t SecurityLevel:i "
        "ClientIPAddress:t OSUsername:t ClientMachine:t ClientExecutableName:t JobId:i Namespace:t Status:i Description:l",
        "SELECT AuditIndex, UTCTimeStamp, EventSource, EventType, Event, Username, Roles, Authentication, SecurityLevel, "
        "ClientIPAddress, OSUsername, ClientMachine, ClientExecutableName, JobId, Namespace, Status, Description "
        "FROM iris_audit.audit"},
};

#undef IRISLINK_TYPE_NAME

} // namespace

std::string quote_name(std::string_view name) {
    std::string out = "\"";
    for (const char c : name) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    return out + "\"";
}

std::string quote_text(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) { // an SQLite literal ends at the first NUL
        static constexpr char digits[] = "0123456789ABCDEF";
        std::string out = "CAST(x'";
        for (const char c : text) {
            out.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
            out.push_back(digits[static_cast<unsigned char>(c) & 0xFU]);
        }
        return out + "' AS TEXT)";
    }
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out.push_back('\'');
        out.push_back(c);
    }
    return out + "'";
}

std::string physical_name(std::string_view schema, std::string_view name) {
    return quote_name(dotted({schema, name}));
}

std::string table_def::physical() const {
    return physical_name(schema, name);
}

const column_def* table_def::find(std::string_view column) const {
    const auto wanted = to_upper(column);
    for (const auto& each : columns)
        if (!each.hidden && to_upper(each.name) == wanted) return &each;
    return nullptr;
}

const index_def* table_def::index_named(std::string_view index) const {
    const auto wanted = to_upper(index);
    const auto found = std::ranges::find_if(indexes, [&](const index_def& each) { return to_upper(each.name) == wanted; });
    return found == indexes.end() ? nullptr : &*found;
}

const column_def* table_def::row_id() const {
    for (const auto& each : columns)
        if (each.hidden || each.identity) return &each;
    return nullptr;
}

void catalog::initialise(sqlite3* db) {
    execute_sql(db, metadata);

    // Files of older versions.
    struct later_column {
        const char* table;
        const char* name;
        const char* type;
    };

    static constexpr std::array later{
        later_column{"_iris_foreign_keys", "update_rule", "TEXT NOT NULL DEFAULT 'NO ACTION'"},
        later_column{"_iris_tables", "description", "TEXT"},
        later_column{"_iris_columns", "description", "TEXT"},
        later_column{"_iris_checks", "clause", "TEXT"},
    };
    for (const auto& [table, name, type] : later) {
        const auto there = prepare_sql(db, std::string("SELECT 1 FROM pragma_table_info('") + table + "') WHERE name = '" + name + "'");
        if (!step(there.get())) execute_sql(db, std::string("ALTER TABLE ") + table + " ADD COLUMN " + name + " " + type);
    }
}

std::int64_t catalog::version(connection& on) {
    const auto query = on.statement("SELECT version FROM _iris_meta");
    return step(query.get()) ? sqlite3_column_int64(query.get(), 0) : 0;
}

std::shared_ptr<const catalog> catalog::load(sqlite3* db, std::int64_t version) {
    auto out = std::make_shared<catalog>();
    out->version_ = version;
    if (version == 0) {
        const auto stored = prepare_sql(db, "SELECT version FROM _iris_meta");
        if (step(stored.get())) out->version_ = sqlite3_column_int64(stored.get(), 0);
    }
    std::map<std::int64_t, table_def*> by_id;
    auto tables = prepare_sql(db, "SELECT id, schema, name, kind, source FROM _iris_tables");
    while (step(tables.get())) {
        table_def table;
        table.id = sqlite3_column_int64(tables.get(), 0);
        table.schema = column_text(tables.get(), 1);
        table.name = column_text(tables.get(), 2);
        table.kind = column_text(tables.get(), 3) == "V" ? table_kind::view : table_kind::table;
        table.source = column_text(tables.get(), 4);
        auto key = dotted({table.schema, table.name});
        auto& stored = out->tables_[std::move(key)] = std::move(table);
        by_id[stored.id] = &stored;
    }
    auto columns = prepare_sql(
        db, "SELECT table_id, name, type, precision, scale, not_null, is_unique, is_key, identity, "
            "hidden, exact FROM _iris_columns ORDER BY table_id, ordinal"
    );
    while (step(columns.get())) {
        const auto found = by_id.find(sqlite3_column_int64(columns.get(), 0));
        if (found == by_id.end()) continue;
        column_def column;
        column.name = column_text(columns.get(), 1);
        column.type = {sqlite3_column_int(columns.get(), 2), sqlite3_column_int(columns.get(), 3), sqlite3_column_int(columns.get(), 4)};
        column.not_null = sqlite3_column_int(columns.get(), 5) != 0;
        column.unique = sqlite3_column_int(columns.get(), 6) != 0;
        column.key = sqlite3_column_int(columns.get(), 7) != 0;
        column.identity = sqlite3_column_int(columns.get(), 8) != 0;
        column.hidden = sqlite3_column_int(columns.get(), 9) != 0;
        column.exact = sqlite3_column_int(columns.get(), 10) != 0;
        if (found->second->kind == table_kind::view) {
            found->second->view_columns.push_back(column.name);
        }
        found->second->columns.push_back(std::move(column));
    }
    auto indexes = prepare_sql(db, "SELECT table_id, name, is_unique, is_primary, column_name FROM _iris_indexes ORDER BY table_id, name, ordinal");
    while (step(indexes.get())) {
        const auto found = by_id.find(sqlite3_column_int64(indexes.get(), 0));
        if (found == by_id.end()) continue;
        auto& all = found->second->indexes;
        const auto name = column_text(indexes.get(), 1);
        if (all.empty() || all.back().name != name)
            all.push_back({name, sqlite3_column_int(indexes.get(), 2) != 0, sqlite3_column_int(indexes.get(), 3) != 0, {}});
        all.back().columns.push_back(column_text(indexes.get(), 4));
    }
    auto references = prepare_sql(
        db, "SELECT table_id, name, column_name, target_schema, target_name, target_column, delete_rule, update_rule FROM _iris_foreign_keys "
            "ORDER BY table_id, name, ordinal"
    );
    while (step(references.get())) {
        const auto found = by_id.find(sqlite3_column_int64(references.get(), 0));
        if (found == by_id.end()) continue;
        auto& all = found->second->foreign_keys;
        const auto name = column_text(references.get(), 1);
        if (all.empty() || all.back().name != name)
            all.push_back(
                {name,
                 {},
                 column_text(references.get(), 3),
                 column_text(references.get(), 4),
                 {},
                 column_text(references.get(), 6),
                 column_text(references.get(), 7)}
            );
        all.back().columns.push_back(column_text(references.get(), 2));
        all.back().target_columns.push_back(column_text(references.get(), 5));
    }
    auto checks = prepare_sql(db, "SELECT table_id, name FROM _iris_checks");
    while (step(checks.get())) {
        const auto found = by_id.find(sqlite3_column_int64(checks.get(), 0));
        if (found != by_id.end()) found->second->checks.push_back(column_text(checks.get(), 1));
    }
    auto schemas = prepare_sql(db, "SELECT name FROM _iris_schemas");
    while (step(schemas.get())) out->schemas_.push_back(to_upper(column_text(schemas.get(), 0)));
    const auto defaults = prepare_sql(db, "SELECT name, dflt_value FROM pragma_table_info(?1) WHERE dflt_value IS NOT NULL");
    for (auto& [key, table] : out->tables_) {
        sqlite3_reset(defaults.get());
        sqlite3_bind_text64(defaults.get(), 1, key.data(), key.size(), SQLITE_STATIC, SQLITE_UTF8);
        while (step(defaults.get())) {
            const auto name = column_text(defaults.get(), 0);
            const auto column = std::ranges::find(table.columns, name, &column_def::name);
            if (column != table.columns.end()) column->default_sql = "(" + column_text(defaults.get(), 1) + ")";
        }
    }
    out->load_routines(db);
    out->add_system_tables(sqlite3_db_filename(db, "iris_audit") != nullptr);
    return out;
}

void catalog::add_system_tables(bool with_audit) {
    for (const auto& row : system_tables) {
        table_def table;
        table.audit = std::string_view(row.schema) == "%SYS";
        if (table.audit && !with_audit) continue;
        table.schema = row.schema;
        table.name = row.name;
        table.kind = table_kind::system;
        std::string list;
        std::string_view rest = row.columns;
        while (!rest.empty()) {
            const auto space = std::min(rest.find(' '), rest.size());
            const auto entry = rest.substr(0, space);
            rest.remove_prefix(std::min(space + 1, rest.size()));
            column_def column;
            column.name = entry.substr(0, entry.size() - 2);
            column.type = entry.back() == 'i'   ? integer_type
                          : entry.back() == 'm' ? sql_type{type_code::timestamp, 26, 6}
                                                : sql_type{type_code::varchar, entry.back() == 'l' ? 4096 : 128, 0};
            list += (list.empty() ? "" : ",") + quote_name(column.name);
            table.columns.push_back(std::move(column));
        }
        table.source = "(WITH s(" + list + ") AS (" + row.query + ") SELECT * FROM s)";
        auto key = dotted({table.schema, table.name});
        tables_[std::move(key)] = std::move(table);
    }
}

void catalog::load_routines(sqlite3* db) {
    std::map<std::int64_t, routine_def*> by_id;
    auto routines = prepare_sql(db, "SELECT id, schema, name, kind, result_sets FROM _iris_routines");
    while (step(routines.get())) {
        routine_def routine;
        routine.id = sqlite3_column_int64(routines.get(), 0);
        routine.schema = column_text(routines.get(), 1);
        routine.name = column_text(routines.get(), 2);
        routine.function = column_text(routines.get(), 3) == "F";
        routine.result_sets = sqlite3_column_int(routines.get(), 4);
        auto key = dotted({routine.schema, routine.name});
        auto& stored = routines_[std::move(key)] = std::move(routine);
        by_id[stored.id] = &stored;
    }
    auto columns =
        prepare_sql(db, "SELECT routine_id, ordinal, name, mode, type, precision, scale, default_text FROM _iris_routine_columns ORDER BY routine_id, ordinal");
    while (step(columns.get())) {
        const auto found = by_id.find(sqlite3_column_int64(columns.get(), 0));
        if (found == by_id.end()) continue;
        const sql_type type{sqlite3_column_int(columns.get(), 4), sqlite3_column_int(columns.get(), 5), sqlite3_column_int(columns.get(), 6)};
        if (sqlite3_column_int(columns.get(), 1) == 0) {
            found->second->returns = type;
            continue;
        }
        found->second->parameters.push_back(
            {column_text(columns.get(), 2), static_cast<parameter_mode>(sqlite3_column_int(columns.get(), 3)), type, column_text(columns.get(), 7)}
        );
    }
    auto statements = prepare_sql(db, "SELECT routine_id, text FROM _iris_routine_statements ORDER BY routine_id, ordinal");
    while (step(statements.get())) {
        const auto found = by_id.find(sqlite3_column_int64(statements.get(), 0));
        if (found != by_id.end()) found->second->statements.push_back(column_text(statements.get(), 1));
    }
}

const routine_def* catalog::find_routine(std::string_view schema, std::string_view name) const {
    const auto found = routines_.find(dotted({schema.empty() ? default_schema : schema, name}));
    return found == routines_.end() ? nullptr : &found->second;
}

bool catalog::has_schema(std::string_view name) const {
    const auto wanted = to_upper(name);
    return wanted == to_upper(default_schema) || std::ranges::find(schemas_, wanted) != schemas_.end() ||
           std::ranges::any_of(tables_, [&](const auto& each) { return to_upper(each.second.schema) == wanted; }) ||
           std::ranges::any_of(routines_, [&](const auto& each) { return to_upper(each.second.schema) == wanted; });
}

bool catalog::referenced(const table_def& table, const std::vector<std::string>& columns) const {
    for (const auto& [key, each] : tables_)
        for (const auto& foreign : each.foreign_keys)
            if (find(foreign.target_schema, foreign.target_name) == &table &&
                std::ranges::find_first_of(foreign.target_columns, columns) != foreign.target_columns.end())
                return true;
    return false;
}

const table_def* catalog::find(std::string_view schema, std::string_view name) const {
    const auto found = tables_.find(dotted({schema.empty() ? default_schema : schema, name}));
    return found == tables_.end() ? nullptr : &found->second;
}

} // namespace irislink::sandbox::sql
