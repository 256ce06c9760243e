#pragma once
// One row per descriptor field: where it lives and who may touch it. SQLGetDescField, SQLSetDescField
// and SQLColAttribute all read this table. Source: "SQLSetDescField", ODBC reference.

#include <span>
#include <string>
#include <variant>

#include "odbc/descriptor/descriptor.hpp"

namespace irislink::odbc {

// The member that holds a field. Pointers are plain addresses.
using field_place = std::variant<
    std::monostate, // SQL_DESC_COUNT, which is the number of records
    SQLSMALLINT descriptor_header::*, SQLINTEGER descriptor_header::*, SQLULEN descriptor_header::*, SQLUSMALLINT * descriptor_header::*,
    SQLLEN * descriptor_header::*, SQLULEN * descriptor_header::*, SQLSMALLINT descriptor_record::*, SQLINTEGER descriptor_record::*,
    SQLLEN descriptor_record::*, SQLULEN descriptor_record::*, SQLPOINTER descriptor_record::*, SQLLEN * descriptor_record::*,
    std::string descriptor_record::*>;

struct descriptor_field {
    SQLSMALLINT id;
    field_place place;
    // Two letters per descriptor, in the order of descriptor_kind: r, w, or - for neither.
    std::string_view rights;

    [[nodiscard]] bool is_header() const noexcept { return place.index() < 7; }

    [[nodiscard]] bool may_read(descriptor_kind kind) const noexcept { return rights[2 * static_cast<std::size_t>(kind)] == 'r'; }

    [[nodiscard]] bool may_write(descriptor_kind kind) const noexcept { return rights[2 * static_cast<std::size_t>(kind) + 1] == 'w'; }
};

// Null when there is no such field (HY091).
[[nodiscard]] const descriptor_field* find_field(SQLSMALLINT id) noexcept;

// A field's value. Numbers keep their C type, since that is what is written to the program.
using field_value = std::variant<SQLSMALLINT, SQLINTEGER, SQLLEN, SQLULEN, SQLPOINTER, std::string>;

// Throws HY091 for a field that this descriptor has not, 07009 for a record it has not.
[[nodiscard]] field_value get_field(descriptor& of, SQLSMALLINT record, SQLSMALLINT id);
// `number` is the argument of SQLSetDescField: a number or an address. Throws also HY092, HY021.
void set_field(descriptor& of, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER number);
void set_field(descriptor& of, SQLSMALLINT record, SQLSMALLINT id, std::string text);
[[nodiscard]] bool is_text_field(SQLSMALLINT id) noexcept;

} // namespace irislink::odbc
