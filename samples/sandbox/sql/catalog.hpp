#pragma once
// What tables there are: loaded from the metadata tables of the database, per session, whenever
// their version changes. So DDL inside a transaction is as private as the transaction.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/sql/ast.hpp"

struct sqlite3;

namespace irislink::sandbox::sql {

class connection;

struct column_def {
    std::string name;
    sql_type type;
    bool not_null{false};
    bool unique{false};
    bool key{false};
    bool identity{false};
    bool hidden{false};      // the row id of a table without an IDENTITY column
    bool exact{false};       // compares by exact characters
    std::string default_sql; // SQLite expression of its DEFAULT; empty: it has none
};

// A unique or primary key, or a plain index.
struct index_def {
    std::string name;
    bool unique{false};
    bool primary{false};
    std::vector<std::string> columns;
};

struct foreign_key_def {
    std::string name;
    std::vector<std::string> columns;
    std::string target_schema;
    std::string target_name;
    std::vector<std::string> target_columns;
    std::string on_delete; // "NO ACTION" ...
    std::string on_update;
};

enum class table_kind : std::uint8_t { table, view, system };

struct table_def {
    std::int64_t id{0};
    std::string schema;
    std::string name;
    table_kind kind{table_kind::table};
    bool audit{false};  // not everybody may read it
    std::string source; // view: its SELECT; system: an SQLite query
    std::vector<std::string> view_columns;
    std::vector<column_def> columns;
    std::vector<index_def> indexes;
    std::vector<foreign_key_def> foreign_keys;
    std::vector<std::string> checks; // names of CHECK constraints

    [[nodiscard]] std::string physical() const; // quoted SQLite name
    [[nodiscard]] const column_def* find(std::string_view column) const;
    [[nodiscard]] const column_def* row_id() const;
    [[nodiscard]] const index_def* index_named(std::string_view index) const;
};

// A procedure or function. The variables of its body stand after its parameters.
struct routine_def {
    std::int64_t id{0};
    std::string schema;
    std::string name;
    bool function{false};
    int result_sets{0}; // 0, 1, -1: several
    std::optional<sql_type> returns;
    std::vector<routine_parameter> parameters;
    std::vector<std::string> statements;
};

class catalog {
public:
    static constexpr std::string_view default_schema = "SQLUser";

    // Creates the metadata tables of a new database.
    static void initialise(sqlite3* db);
    static std::int64_t version(connection& on);
    // Within the transaction that is open on `db`, if there is one. `version`: instead of the stored one.
    static std::shared_ptr<const catalog> load(sqlite3* db, std::int64_t version = 0);

    [[nodiscard]] const table_def* find(std::string_view schema, std::string_view name) const;

    [[nodiscard]] const routine_def* find_routine(std::string_view schema, std::string_view name) const;

    [[nodiscard]] std::int64_t loaded_version() const noexcept { return version_; }

    // True for one that CREATE SCHEMA made, and for one that has tables.
    [[nodiscard]] bool has_schema(std::string_view name) const;
    // True when a foreign key refers to one of `columns` of the table.
    [[nodiscard]] bool referenced(const table_def& table, const std::vector<std::string>& columns) const;

    [[nodiscard]] const std::map<std::string, table_def>& tables() const noexcept { return tables_; }

    [[nodiscard]] const std::map<std::string, routine_def>& routines() const noexcept { return routines_; }

private:
    void add_system_tables(bool with_audit);
    void load_routines(sqlite3* db);

    std::map<std::string, table_def> tables_; // by dotted name
    std::map<std::string, routine_def> routines_;
    std::vector<std::string> schemas_; // made by CREATE SCHEMA, in capitals
    std::int64_t version_{0};
};

[[nodiscard]] std::string quote_name(std::string_view name);
[[nodiscard]] std::string quote_text(std::string_view text);
// SQLite name of a table: its dotted name, quoted.
[[nodiscard]] std::string physical_name(std::string_view schema, std::string_view name);

} // namespace irislink::sandbox::sql
