#pragma once
// The result of SQLGetTypeInfo, made from the type table.

#include "irislink/value.hpp"
#include "odbc/text/odbc_types.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::odbc {

struct type_info {
    std::vector<column> columns;
    wire::byte_buffer items; // rows by data type
};

// SQL_ALL_TYPES, or one type: no rows for a type that the server has not.
[[nodiscard]] type_info make_type_info(SQLSMALLINT type, const wire::session_format& format, bool wide);

} // namespace irislink::odbc
