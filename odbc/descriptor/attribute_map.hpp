#pragma once
// Statement attributes that are descriptor fields: listed once, stored in the descriptor alone.
// Source: "SQLSetStmtAttr", ODBC reference.

#include "odbc/descriptor/descriptor.hpp"

namespace irislink::odbc {

struct attribute_place {
    SQLINTEGER attribute;
    descriptor_kind descriptor;
    SQLSMALLINT field;
};

// Null for an attribute that is none.
[[nodiscard]] const attribute_place* find_attribute_place(SQLINTEGER attribute) noexcept;

} // namespace irislink::odbc
