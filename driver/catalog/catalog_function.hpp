#pragma once
// The catalog requests of an ODBC client (wire-sql 7.4), for session::catalog(). The reply's columns
// are those of the ODBC reference; the server makes them.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::driver {

enum class catalog_function : std::uint8_t {
    tables,            // table, types, schema
    schemas,           // none
    table_types,       // none
    columns,           // table, column, schema
    primary_keys,      // table, schema
    imported_keys,     // table, schema: of the referencing table
    exported_keys,     // table, schema: of the referenced table
    cross_reference,   // referenced table, referencing table, referenced schema, referencing schema
    statistics,        // table, schema, "0" unique indexes only, "1" all
    best_row_id,       // table, schema
    row_version,       // none
    table_privileges,  // table, schema
    column_privileges, // table, column, schema
    procedures,        // procedure, schema
    procedure_columns, // procedure, column, schema
};

// What the program declared itself for: names of columns and codes of types follow from it.
enum class catalog_form : std::uint8_t { odbc3, odbc2 };

// The two letters of the request.
[[nodiscard]] std::string_view code_of(catalog_function which, catalog_form form) noexcept;

} // namespace irislink::driver
