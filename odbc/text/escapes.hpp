#pragma once
// ODBC's escape clauses. The server knows {fn}, {d}, {t}, {ts}, {oj} and {escape} itself (wire-sql 2.5),
// so they go there as they are. {guid '...'} becomes the plain literal; {interval ...} is refused, since
// no server of this kind has intervals; calls are taken apart elsewhere (driver/sql/call_scanner.hpp).
// What stands in quotes, delimited names and comments is left alone.

#include <string>
#include <string_view>

namespace irislink::odbc {

// Throws 42000 for an escape clause that is not closed or is none of ODBC's, HYC00 for intervals.
[[nodiscard]] std::string rewrite_escapes(std::string_view sql);

} // namespace irislink::odbc
