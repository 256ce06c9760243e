#pragma once
// The form that programs with windows (ODBCManageDataSources) make of a data source: one property per keyword.

#include "odbc/text/odbc_types.hpp"

#include <odbcinst.h>
#include <odbcinstext.h>

namespace irislink::odbc {

// Appends them to the list that ends with `last`. The list's memory is the C library's, and its user frees it. False,
// with nothing appended, when there is no memory.
[[nodiscard]] bool append_properties(HODBCINSTPROPERTY last);

} // namespace irislink::odbc
