#pragma once
// What the plans of DDL statements are made of.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/sql/catalog.hpp"
#include "samples/sandbox/sql/plan.hpp"

namespace irislink::sandbox::sql {

inline constexpr const char* bump_version = "UPDATE _iris_meta SET version = version + 1";

[[nodiscard]] inline plan ddl_plan() {
    plan out;
    out.kind = statement_kind::ddl;
    return out;
}

[[nodiscard]] inline std::string number(std::int64_t value) {
    return std::to_string(value);
}

[[nodiscard]] inline std::string schema_of(const table_name& name) {
    return name.schema.empty() ? std::string(catalog::default_schema) : name.schema;
}

[[nodiscard]] inline std::string quoted_list(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ",") + quote_name(name);
    return out;
}

// SQLite expression for the id of a table, also of one that an earlier step of the plan creates.
[[nodiscard]] std::string table_id_of(const table_name& name);
// A step that fails with `code` unless the SQLite condition holds.
[[nodiscard]] std::string require_step(const std::string& condition, int code, const std::string& text);
// Creates the index, unless it is the row id's own, and notes it. `id`: expression of the table's id.
void add_index(std::vector<ddl_step>& steps, const table_def& table, const std::string& id, const index_def& index);
void drop_index(std::vector<ddl_step>& steps, const table_def& table, const index_def& index);
// Which columns are keys and unique, after a change of indexes.
[[nodiscard]] std::string refresh_keys(const std::string& id);

} // namespace irislink::sandbox::sql
