// Catalog functions: requests of the wire, whose rows the server makes (wire-sql 7.4).

#include "odbc/handle/call.hpp"
#include "odbc/handle/statement.hpp"
#include "odbc/info/type_info.hpp"
#include "odbc/text/text.hpp"

using namespace irislink::odbc;
using irislink::driver::catalog_function;

namespace {

// "Identifier Arguments", ODBC reference: quotes are taken off, and blanks at the end of what has none. Case is
// none of the driver's business: the server compares names without it (SQL_IC_MIXED).
std::string as_identifier(std::string in) {
    in.erase(in.find_last_not_of(' ') + 1);
    if (const auto first = in.find_first_not_of(' '); first != std::string::npos && in[first] == '"') in.erase(0, first);
    if (in.size() < 2 || in.front() != '"' || in.back() != '"') return in;
    std::string out;
    for (std::size_t i = 1; i + 1 < in.size(); ++i) {
        if (in[i] == '"' && in[i + 1] == '"' && i + 2 < in.size()) ++i;
        out += in[i];
    }
    return out;
}

// The pattern that nothing but the name itself is like.
std::string as_pattern(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

// An argument as the program gave it: a null pointer is not the same as empty text.
template <class Char> struct name {
    const Char* text;
    SQLSMALLINT length;

    [[nodiscard]] bool is_given() const noexcept { return text != nullptr; }

    [[nodiscard]] std::string utf8() const { return to_utf8(text, length); }

    // A pattern; what the server takes for "any" is %. With SQL_ATTR_METADATA_ID the identifier, which stands for itself.
    [[nodiscard]] std::string pattern(const statement& of, const char* what) const {
        if (of.takes_identifiers()) return as_pattern(as_identifier(required(what)));
        return is_given() ? utf8() : "%";
    }

    // A name; the server goes through all of them where there is none.
    [[nodiscard]] std::string name_or_any(const statement& of, const char* what) const {
        if (of.takes_identifiers()) return as_identifier(required(what));
        return is_given() ? utf8() : "%";
    }

    [[nodiscard]] std::string required_name(const statement& of, const char* what) const {
        auto out = required(what);
        return of.takes_identifiers() ? as_identifier(std::move(out)) : out;
    }

private:
    [[nodiscard]] std::string required(const char* what) const {
        if (!is_given()) fail("HY009", std::string(what) + " must be given");
        return utf8();
    }
};

template <class Char> name(const Char*, SQLSMALLINT) -> name<Char>;
template <class Char> name(Char*, SQLSMALLINT) -> name<Char>;

using catalog_work = std::function<SQLRETURN(statement&)>;

catalog_work ask(catalog_function which, std::vector<std::string> arguments) {
    return [which, arguments = std::move(arguments)](statement& of) { return of.catalog(which, arguments); };
}

template <class Char> SQLRETURN tables(SQLHSTMT raw, name<Char> catalog, name<Char> schema, name<Char> table, name<Char> types) {
    return call_working<statement>(raw, SQL_API_SQLTABLES, [&](const statement& of) -> catalog_work {
        const auto blank = [](const name<Char>& in) { return in.is_given() && in.utf8().empty(); };
        // The three enumerations: one argument is %, the others are empty.
        if (catalog.is_given() && catalog.utf8() == SQL_ALL_CATALOGS && blank(schema) && blank(table)) {
            // A namespace is no catalog of this server: there are none.
            std::vector<irislink::column> columns(5);
            const char* const labels[]{"TABLE_CAT", "TABLE_SCHEM", "TABLE_NAME", "TABLE_TYPE", "REMARKS"};
            for (std::size_t i = 0; i < 5; ++i) columns[i].name = columns[i].label = labels[i];
            return [columns](statement& on) { return on.show(columns, {}); };
        }
        if (schema.is_given() && schema.utf8() == SQL_ALL_SCHEMAS && blank(catalog) && blank(table)) return ask(catalog_function::schemas, {});
        if (types.is_given() && types.utf8() == SQL_ALL_TABLE_TYPES && blank(catalog) && blank(schema) && blank(table))
            return ask(catalog_function::table_types, {});
        return ask(catalog_function::tables, {table.pattern(of, "The table"), types.utf8(), schema.pattern(of, "The schema")});
    });
}

template <class Char> SQLRETURN columns(SQLHSTMT raw, name<Char> schema, name<Char> table, name<Char> column) {
    return call_working<statement>(raw, SQL_API_SQLCOLUMNS, [&](const statement& of) -> catalog_work {
        return ask(catalog_function::columns, {table.pattern(of, "The table"), column.pattern(of, "The column"), schema.pattern(of, "The schema")});
    });
}

template <class Char> SQLRETURN primary_keys(SQLHSTMT raw, name<Char> schema, name<Char> table) {
    return call_working<statement>(raw, SQL_API_SQLPRIMARYKEYS, [&](const statement& of) -> catalog_work {
        return ask(catalog_function::primary_keys, {table.required_name(of, "The table"), schema.name_or_any(of, "The schema")});
    });
}

template <class Char> SQLRETURN foreign_keys(SQLHSTMT raw, name<Char> primary_schema, name<Char> primary, name<Char> foreign_schema, name<Char> foreign) {
    return call_working<statement>(raw, SQL_API_SQLFOREIGNKEYS, [&](const statement& of) -> catalog_work {
        if (!primary.is_given() && !foreign.is_given()) fail("HY009", "One of the two tables must be given");
        if (!primary.is_given())
            return ask(catalog_function::imported_keys, {foreign.required_name(of, "The table"), foreign_schema.name_or_any(of, "The schema")});
        if (!foreign.is_given())
            return ask(catalog_function::exported_keys, {primary.required_name(of, "The table"), primary_schema.name_or_any(of, "The schema")});
        return ask(
            catalog_function::cross_reference, {primary.required_name(of, "The table"), foreign.required_name(of, "The table"),
                                                primary_schema.name_or_any(of, "The schema"), foreign_schema.name_or_any(of, "The schema")}
        );
    });
}

template <class Char> SQLRETURN statistics(SQLHSTMT raw, name<Char> schema, name<Char> table, SQLUSMALLINT unique, SQLUSMALLINT accuracy) {
    return call_working<statement>(raw, SQL_API_SQLSTATISTICS, [&](const statement& of) -> catalog_work {
        if (unique != SQL_INDEX_UNIQUE && unique != SQL_INDEX_ALL) fail("HY100", "Indexes are asked for as unique or all");
        if (accuracy != SQL_QUICK && accuracy != SQL_ENSURE) fail("HY101", "There is no such accuracy of statistics");
        return ask(
            catalog_function::statistics, {table.required_name(of, "The table"), schema.name_or_any(of, "The schema"), unique == SQL_INDEX_UNIQUE ? "0" : "1"}
        );
    });
}

template <class Char>
SQLRETURN special_columns(SQLHSTMT raw, SQLUSMALLINT kind, name<Char> schema, name<Char> table, SQLUSMALLINT scope, SQLUSMALLINT nullable) {
    return call_working<statement>(raw, SQL_API_SQLSPECIALCOLUMNS, [&](const statement& of) -> catalog_work {
        if (kind != SQL_BEST_ROWID && kind != SQL_ROWVER) fail("HY097", "There is no such kind of special columns");
        if (scope > SQL_SCOPE_SESSION) fail("HY098", "There is no such scope");
        if (nullable != SQL_NO_NULLS && nullable != SQL_NULLABLE) fail("HY099", "Columns are nullable or not");
        const auto wanted = table.required_name(of, "The table");
        if (kind == SQL_ROWVER) return ask(catalog_function::row_version, {});
        return ask(catalog_function::best_row_id, {wanted, schema.name_or_any(of, "The schema")});
    });
}

template <class Char> SQLRETURN column_privileges(SQLHSTMT raw, name<Char> schema, name<Char> table, name<Char> column) {
    return call_working<statement>(raw, SQL_API_SQLCOLUMNPRIVILEGES, [&](const statement& of) -> catalog_work {
        return ask(
            catalog_function::column_privileges, {table.required_name(of, "The table"), column.pattern(of, "The column"), schema.name_or_any(of, "The schema")}
        );
    });
}

template <class Char> SQLRETURN table_privileges(SQLHSTMT raw, name<Char> schema, name<Char> table) {
    return call_working<statement>(raw, SQL_API_SQLTABLEPRIVILEGES, [&](const statement& of) -> catalog_work {
        return ask(catalog_function::table_privileges, {table.pattern(of, "The table"), schema.pattern(of, "The schema")});
    });
}

template <class Char> SQLRETURN procedures(SQLHSTMT raw, name<Char> schema, name<Char> procedure) {
    return call_working<statement>(raw, SQL_API_SQLPROCEDURES, [&](const statement& of) -> catalog_work {
        return ask(catalog_function::procedures, {procedure.pattern(of, "The procedure"), schema.pattern(of, "The schema")});
    });
}

template <class Char> SQLRETURN procedure_columns(SQLHSTMT raw, name<Char> schema, name<Char> procedure, name<Char> column) {
    return call_working<statement>(raw, SQL_API_SQLPROCEDURECOLUMNS, [&](const statement& of) -> catalog_work {
        return ask(
            catalog_function::procedure_columns, {procedure.pattern(of, "The procedure"), column.pattern(of, "The column"), schema.pattern(of, "The schema")}
        );
    });
}

} // namespace

extern "C" {

SQLRETURN SQL_API SQLTables(
    SQLHSTMT raw, SQLCHAR* catalog, SQLSMALLINT catalog_length, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length,
    SQLCHAR* types, SQLSMALLINT types_length
) {
    return tables(raw, name{catalog, catalog_length}, name{schema, schema_length}, name{table, table_length}, name{types, types_length});
}

SQLRETURN SQL_API SQLTablesW(
    SQLHSTMT raw, SQLWCHAR* catalog, SQLSMALLINT catalog_length, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length,
    SQLWCHAR* types, SQLSMALLINT types_length
) {
    return tables(raw, name{catalog, catalog_length}, name{schema, schema_length}, name{table, table_length}, name{types, types_length});
}

SQLRETURN SQL_API SQLColumns(
    SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length, SQLCHAR* column,
    SQLSMALLINT column_length
) {
    return columns(raw, name{schema, schema_length}, name{table, table_length}, name{column, column_length});
}

SQLRETURN SQL_API SQLColumnsW(
    SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length, SQLWCHAR* column,
    SQLSMALLINT column_length
) {
    return columns(raw, name{schema, schema_length}, name{table, table_length}, name{column, column_length});
}

SQLRETURN SQL_API SQLPrimaryKeys(SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length) {
    return primary_keys(raw, name{schema, schema_length}, name{table, table_length});
}

SQLRETURN SQL_API
SQLPrimaryKeysW(SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length) {
    return primary_keys(raw, name{schema, schema_length}, name{table, table_length});
}

SQLRETURN SQL_API SQLForeignKeys(
    SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* primary_schema, SQLSMALLINT primary_schema_length, SQLCHAR* primary, SQLSMALLINT primary_length, SQLCHAR*,
    SQLSMALLINT, SQLCHAR* foreign_schema, SQLSMALLINT foreign_schema_length, SQLCHAR* foreign, SQLSMALLINT foreign_length
) {
    return foreign_keys(
        raw, name{primary_schema, primary_schema_length}, name{primary, primary_length}, name{foreign_schema, foreign_schema_length},
        name{foreign, foreign_length}
    );
}

SQLRETURN SQL_API SQLForeignKeysW(
    SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* primary_schema, SQLSMALLINT primary_schema_length, SQLWCHAR* primary, SQLSMALLINT primary_length, SQLWCHAR*,
    SQLSMALLINT, SQLWCHAR* foreign_schema, SQLSMALLINT foreign_schema_length, SQLWCHAR* foreign, SQLSMALLINT foreign_length
) {
    return foreign_keys(
        raw, name{primary_schema, primary_schema_length}, name{primary, primary_length}, name{foreign_schema, foreign_schema_length},
        name{foreign, foreign_length}
    );
}

SQLRETURN SQL_API SQLStatistics(
    SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length, SQLUSMALLINT unique,
    SQLUSMALLINT accuracy
) {
    return statistics(raw, name{schema, schema_length}, name{table, table_length}, unique, accuracy);
}

SQLRETURN SQL_API SQLStatisticsW(
    SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length, SQLUSMALLINT unique,
    SQLUSMALLINT accuracy
) {
    return statistics(raw, name{schema, schema_length}, name{table, table_length}, unique, accuracy);
}

SQLRETURN SQL_API
SQLTablePrivileges(SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length) {
    return table_privileges(raw, name{schema, schema_length}, name{table, table_length});
}

SQLRETURN SQL_API
SQLTablePrivilegesW(SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length) {
    return table_privileges(raw, name{schema, schema_length}, name{table, table_length});
}

SQLRETURN SQL_API SQLColumnPrivileges(
    SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length, SQLCHAR* column,
    SQLSMALLINT column_length
) {
    return column_privileges(raw, name{schema, schema_length}, name{table, table_length}, name{column, column_length});
}

SQLRETURN SQL_API SQLColumnPrivilegesW(
    SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length, SQLWCHAR* column,
    SQLSMALLINT column_length
) {
    return column_privileges(raw, name{schema, schema_length}, name{table, table_length}, name{column, column_length});
}

SQLRETURN SQL_API
SQLProcedures(SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* procedure, SQLSMALLINT procedure_length) {
    return procedures(raw, name{schema, schema_length}, name{procedure, procedure_length});
}

SQLRETURN SQL_API
SQLProceduresW(SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* procedure, SQLSMALLINT procedure_length) {
    return procedures(raw, name{schema, schema_length}, name{procedure, procedure_length});
}

SQLRETURN SQL_API SQLProcedureColumns(
    SQLHSTMT raw, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* procedure, SQLSMALLINT procedure_length, SQLCHAR* column,
    SQLSMALLINT column_length
) {
    return procedure_columns(raw, name{schema, schema_length}, name{procedure, procedure_length}, name{column, column_length});
}

SQLRETURN SQL_API SQLProcedureColumnsW(
    SQLHSTMT raw, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* procedure, SQLSMALLINT procedure_length, SQLWCHAR* column,
    SQLSMALLINT column_length
) {
    return procedure_columns(raw, name{schema, schema_length}, name{procedure, procedure_length}, name{column, column_length});
}

SQLRETURN SQL_API SQLSpecialColumns(
    SQLHSTMT raw, SQLUSMALLINT kind, SQLCHAR*, SQLSMALLINT, SQLCHAR* schema, SQLSMALLINT schema_length, SQLCHAR* table, SQLSMALLINT table_length,
    SQLUSMALLINT scope, SQLUSMALLINT nullable
) {
    return special_columns(raw, kind, name{schema, schema_length}, name{table, table_length}, scope, nullable);
}

SQLRETURN SQL_API SQLSpecialColumnsW(
    SQLHSTMT raw, SQLUSMALLINT kind, SQLWCHAR*, SQLSMALLINT, SQLWCHAR* schema, SQLSMALLINT schema_length, SQLWCHAR* table, SQLSMALLINT table_length,
    SQLUSMALLINT scope, SQLUSMALLINT nullable
) {
    return special_columns(raw, kind, name{schema, schema_length}, name{table, table_length}, scope, nullable);
}

} // extern "C"
