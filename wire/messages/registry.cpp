// data table
// Every client message of wire-session 10 and wire-sql appendix A that belongs to SQL.

#include "wire/messages/registry.hpp"

#include <algorithm>
#include <array>

namespace irislink::wire {
namespace {

// clang-format off
constexpr std::array table{
    message_kind{"HS"_fc, "HELLO", message_family::session, 1, false, "wire-session 4.1"},
    message_kind{"CN"_fc, "CONNECT", message_family::session, 1, true, "wire-session 4.4"},
    message_kind{"DC"_fc, "DISCONNECT", message_family::session, 0, false, "wire-session 6.2"},
    message_kind{"CI"_fc, "NAMESPACE LIST", message_family::session, 1, true, "wire-session 4.8"},
    message_kind{"2E"_fc, "TWO-FACTOR QUERY", message_family::session, 1, false, "wire-session 5"},
    message_kind{"2F"_fc, "TWO-FACTOR TOKEN", message_family::session, 1, true, "wire-session 5"},
    message_kind{"PG"_fc, "PING", message_family::session, 1, false, "wire-session 6.8"},
    message_kind{"P2"_fc, "BENCHMARK PING", message_family::session, 1, false, "wire-session 6.8"},
    message_kind{"RN"_fc, "RESET", message_family::session, 0, false, "wire-session 6.5"},
    message_kind{"OE"_fc, "ERROR TEXT", message_family::session, 1, false, "wire-session 6.9"},
    message_kind{"EI"_fc, "CANCEL", message_family::session, 1, false, "wire-session 6.6"},
    message_kind{"AN"_fc, "AUTOCOMMIT ON", message_family::session, 0, false, "wire-session 6.3"},
    message_kind{"AF"_fc, "AUTOCOMMIT OFF", message_family::session, 0, false, "wire-session 6.3"},
    message_kind{"TC"_fc, "COMMIT", message_family::session, 1, false, "wire-session 6.3"},
    message_kind{"TR"_fc, "ROLLBACK", message_family::session, 1, false, "wire-session 6.3"},
    message_kind{"IL"_fc, "ISOLATION", message_family::session, 1, false, "wire-session 6.4"},
    message_kind{"IT"_fc, "IN TRANSACTION", message_family::session, 1, false, "wire-session 6.1"},
    message_kind{"RU"_fc, "READ UNCOMMITTED", message_family::session, 0, false, "wire-session 6.4"},
    message_kind{"RC"_fc, "READ COMMITTED", message_family::session, 0, false, "wire-session 6.4"},
    message_kind{"SN"_fc, "STREAM PREFETCH", message_family::session, 1, false, "wire-session 6.1"},
    message_kind{"PB"_fc, "QUERY PREFETCH", message_family::session, 1, false, "wire-session 6.1"},
    message_kind{"CG"_fc, "CLIENT INFO", message_family::session, 1, false, "wire-session 6.7"},
    message_kind{"GS"_fc, "CURRENT SCHEMA", message_family::session, 1, false, "wire-sql 3.12"},
    message_kind{"PP"_fc, "PREPARE", message_family::statement, 1, false, "wire-sql 3.5"},
    message_kind{"DQ"_fc, "DIRECT QUERY", message_family::statement, 2, false, "wire-sql 3.5"},
    message_kind{"DU"_fc, "DIRECT UPDATE", message_family::statement, 1, false, "wire-sql 3.5"},
    message_kind{"PQ"_fc, "PREPARED QUERY", message_family::statement, 1, false, "wire-sql 3.5"},
    message_kind{"PU"_fc, "PREPARED UPDATE", message_family::statement, 1, false, "wire-sql 3.5"},
    message_kind{"DX"_fc, "DIRECT STATIC QUERY", message_family::statement, 1, false, "wire-sql 3.7"},
    message_kind{"EX"_fc, "PREPARED STATIC QUERY", message_family::statement, 1, false, "wire-sql 3.7"},
    message_kind{"GG"_fc, "GENERATED KEYS", message_family::statement, 1, false, "wire-sql 3.11"},
    message_kind{"EB"_fc, "STATEMENT BATCH", message_family::statement, 1, false, "wire-sql 3.10"},
    message_kind{"CU"_fc, "DROP STATEMENT", message_family::statement, 0, false, "wire-sql 3.5"},
    message_kind{"UC"_fc, "DROP STATEMENTS", message_family::statement, 0, false, "wire-sql 3.5"},
    message_kind{"PD"_fc, "DIALECT PREPARE", message_family::statement, 1, false, "wire-sql 3.8"},
    message_kind{"DD"_fc, "DIALECT EXECUTE", message_family::statement, 1, false, "wire-sql 3.8"},
    message_kind{"FD"_fc, "FETCH", message_family::fetch, 1, false, "wire-sql 3.5"},
    message_kind{"FX"_fc, "STATIC FETCH", message_family::fetch, 1, false, "wire-sql 3.7"},
    message_kind{"SF"_fc, "PROCEDURE FETCH", message_family::fetch, 1, false, "wire-sql 3.8"},
    message_kind{"MD"_fc, "MULTI-RESULT FETCH", message_family::fetch, 1, false, "wire-sql 3.8"},
    message_kind{"CC"_fc, "CLOSE CURSOR", message_family::fetch, 0, false, "wire-sql 3.5"},
    message_kind{"SP"_fc, "DESCRIBE PROCEDURE", message_family::procedure, 1, false, "wire-sql 3.8"},
    message_kind{"SU"_fc, "PROCEDURE UPDATE", message_family::procedure, 1, false, "wire-sql 3.8"},
    message_kind{"SQ"_fc, "PROCEDURE QUERY", message_family::procedure, 2, false, "wire-sql 3.8"},
    message_kind{"DS"_fc, "DIRECT PROCEDURE", message_family::procedure, 2, false, "wire-sql 3.8"},
    message_kind{"MS"_fc, "MULTI-RESULT CALL", message_family::procedure, 1, false, "wire-sql 3.8"},
    message_kind{"MR"_fc, "NEXT RESULT", message_family::procedure, 1, false, "wire-sql 3.8"},
    message_kind{"FR"_fc, "RESULT OBJECT", message_family::procedure, 1, false, "wire-sql 3.8"},
    message_kind{"SS"_fc, "STREAM SIZE", message_family::stream, 1, false, "wire-sql 4.2"},
    message_kind{"JS"_fc, "STREAM READ", message_family::stream, 1, false, "wire-sql 4.2"},
    message_kind{"GB"_fc, "STREAM RANGE", message_family::stream, 1, false, "wire-sql 4.2"},
    message_kind{"GP"_fc, "STREAM SEARCH", message_family::stream, 1, false, "wire-sql 4.2"},
    message_kind{"SR"_fc, "STREAM RELEASE", message_family::stream, 1, false, "wire-sql 4.2"},
    message_kind{"CS"_fc, "STREAM CLOSE", message_family::stream, 0, false, "wire-sql 4.2"},
    message_kind{"AS"_fc, "STREAM PIECE", message_family::stream, 1, false, "wire-sql 4.2"},
    message_kind{"SB"_fc, "STORE BINARY", message_family::stream, 1, false, "wire-sql 4.3"},
    message_kind{"SM"_fc, "STORE TEXT", message_family::stream, 1, false, "wire-sql 4.3"},
    message_kind{"SZ"_fc, "STREAM OVERWRITE", message_family::stream, 1, false, "wire-sql 4.3"},
    message_kind{"SX"_fc, "STREAM TRUNCATE", message_family::stream, 1, false, "wire-sql 4.3"},
    message_kind{"TA"_fc, "TABLES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"CO"_fc, "COLUMNS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"PK"_fc, "PRIMARY KEYS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"IK"_fc, "IMPORTED KEYS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"EK"_fc, "EXPORTED KEYS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"CR"_fc, "CROSS REFERENCE", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"II"_fc, "INDEX INFO", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"PR"_fc, "PROCEDURES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"PC"_fc, "PROCEDURE COLUMNS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"FN"_fc, "FUNCTIONS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"FC"_fc, "FUNCTION COLUMNS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"SC"_fc, "SCHEMAS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"CA"_fc, "CATALOGS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"TT"_fc, "TABLE TYPES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"TI"_fc, "TYPE INFO", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"BR"_fc, "BEST ROW ID", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"VC"_fc, "VERSION COLUMNS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"TP"_fc, "TABLE PRIVILEGES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"CP"_fc, "COLUMN PRIVILEGES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"CH"_fc, "PSEUDO COLUMNS", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"UT"_fc, "USER TYPES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"SY"_fc, "SUPER TYPES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"SL"_fc, "SUPER TABLES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"AT"_fc, "ATTRIBUTES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"CF"_fc, "CLIENT INFO PROPERTIES", message_family::catalog, 2, false, "wire-sql 7.2"},
    message_kind{"ta"_fc, "TABLES", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"sc"_fc, "SCHEMAS", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"tt"_fc, "TABLE TYPES", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"ca"_fc, "CATALOGS", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"co"_fc, "COLUMNS, ODBC 2", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"c3"_fc, "COLUMNS, ODBC 3", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"pk"_fc, "PRIMARY KEYS", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"ik"_fc, "IMPORTED KEYS, ODBC 2", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"i3"_fc, "IMPORTED KEYS, ODBC 3", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"ek"_fc, "EXPORTED KEYS, ODBC 2", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"e3"_fc, "EXPORTED KEYS, ODBC 3", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"cr"_fc, "CROSS REFERENCE, ODBC 2", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"r3"_fc, "CROSS REFERENCE, ODBC 3", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"ii"_fc, "INDEX INFO", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"st"_fc, "STATISTICS", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"pr"_fc, "PROCEDURES", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"pc"_fc, "PROCEDURE COLUMNS, ODBC 2", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"p3"_fc, "PROCEDURE COLUMNS, ODBC 3", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"br"_fc, "BEST ROW ID", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"vc"_fc, "ROW VERSION", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"ti"_fc, "TYPE INFO, ODBC 2", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"t3"_fc, "TYPE INFO, ODBC 3", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"tp"_fc, "TABLE PRIVILEGES", message_family::catalog, 2, false, "wire-sql 7.4"},
    message_kind{"cp"_fc, "COLUMN PRIVILEGES", message_family::catalog, 2, false, "wire-sql 7.4"},
};
// clang-format on

} // namespace

std::span<const message_kind> all_messages() noexcept {
    return table;
}

const message_kind* find_message(function_code code) noexcept {
    const auto* const found = std::ranges::find(table, code, [](const message_kind& kind) { return kind.code; });
    return found == table.end() ? nullptr : found;
}

bool is_one_way(function_code code) noexcept {
    const auto* const kind = find_message(code);
    return kind != nullptr && kind->replies == 0;
}

} // namespace irislink::wire
