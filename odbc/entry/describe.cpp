// What a result looks like, and descriptors by their own functions.

#include "odbc/descriptor/field_table.hpp"
#include "odbc/handle/call.hpp"
#include "odbc/handle/statement.hpp"
#include "odbc/info/type_table.hpp"
#include "odbc/text/text.hpp"

using namespace irislink::odbc;

namespace {

template <class Char>
SQLRETURN describe_column(
    SQLHSTMT raw, SQLUSMALLINT column, Char* name, SQLSMALLINT capacity, SQLSMALLINT* length, SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* decimals,
    SQLSMALLINT* nullable
) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        auto& ird = of.described(true);
        if (column > ird.count()) fail("07009", "There is no column " + std::to_string(column));
        const auto& record = ird.record(static_cast<SQLSMALLINT>(column));
        if (!put_text<Char>(record.name, name, capacity, length, length_unit::characters)) of.diag.warn("01004", "The column's name was cut");
        if (type != nullptr) *type = of.told_type(record.concise_type);
        if (size != nullptr) *size = column_size_of(record);
        if (decimals != nullptr) *decimals = decimal_digits_of(record);
        if (nullable != nullptr) *nullable = record.nullable;
        return SQL_SUCCESS;
    });
}

// ODBC 2 names of fields that have others since.
SQLSMALLINT modern_field(SQLUSMALLINT field) {
    switch (field) {
    case SQL_COLUMN_COUNT: return SQL_DESC_COUNT;
    case SQL_COLUMN_NAME: return SQL_DESC_NAME;
    case SQL_COLUMN_LENGTH: return SQL_DESC_OCTET_LENGTH;
    case SQL_COLUMN_NULLABLE: return SQL_DESC_NULLABLE;
    default: return static_cast<SQLSMALLINT>(field);
    }
}

SQLLEN number_of(const field_value& in) {
    return std::visit(
        [](const auto& value) -> SQLLEN {
            if constexpr (std::is_integral_v<std::decay_t<decltype(value)>>) {
                return static_cast<SQLLEN>(value);
            } else {
                return 0;
            }
        },
        in
    );
}

template <class Char>
SQLRETURN column_attribute(SQLHSTMT raw, SQLUSMALLINT column, SQLUSMALLINT field, SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length, SQLLEN* number) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        const auto id = modern_field(field);
        auto& ird = of.described(id != SQL_DESC_COUNT);
        if (id != SQL_DESC_COUNT && column > ird.count()) fail("07009", "There is no column " + std::to_string(column));
        // ODBC 2's precision and scale are of characters and moments too: the size and digits of SQLDescribeCol.
        if (column > 0 && (id == SQL_COLUMN_PRECISION || id == SQL_COLUMN_SCALE)) {
            const auto& record = ird.record(static_cast<SQLSMALLINT>(column));
            if (number != nullptr) *number = id == SQL_COLUMN_PRECISION ? static_cast<SQLLEN>(column_size_of(record)) : decimal_digits_of(record);
            return SQL_SUCCESS;
        }
        const auto value = get_field(ird, static_cast<SQLSMALLINT>(column), id);
        if (const auto* const found = std::get_if<std::string>(&value)) {
            if (!put_text<Char>(*found, text, capacity, length, length_unit::bytes)) of.diag.warn("01004", "The column's attribute was cut");
        } else if (number != nullptr) {
            *number = id == SQL_DESC_CONCISE_TYPE ? of.told_type(static_cast<SQLSMALLINT>(number_of(value))) : number_of(value);
        }
        return SQL_SUCCESS;
    });
}

template <class Char>
SQLRETURN get_descriptor_field(SQLHDESC raw, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER* length) {
    return call<descriptor>(raw, [&](descriptor& of) -> SQLRETURN {
        const auto* const known = find_field(field);
        if (known != nullptr && !known->is_header() && record > of.count() && record >= 1) return SQL_NO_DATA;
        const auto found = get_field(of, record, field);
        if (const auto* const text = std::get_if<std::string>(&found)) {
            if (!put_text<Char>(*text, value, capacity, length, length_unit::bytes)) of.diag.warn("01004", "The descriptor field was cut");
            return SQL_SUCCESS;
        }
        std::visit(
            [&](const auto& number) {
                using type = std::decay_t<decltype(number)>;
                if constexpr (!std::is_same_v<type, std::string>) {
                    if (value != nullptr) *static_cast<type*>(value) = number;
                    if (length != nullptr) *length = sizeof(type);
                }
            },
            found
        );
        return SQL_SUCCESS;
    });
}

template <class Char> SQLRETURN set_descriptor_field(SQLHDESC raw, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER length) {
    return call<descriptor>(raw, [&](descriptor& of) -> SQLRETURN {
        if (is_text_field(field)) {
            const auto units = length >= 0 ? static_cast<SQLLEN>(length) / static_cast<SQLLEN>(sizeof(Char)) : static_cast<SQLLEN>(length);
            set_field(of, record, field, to_utf8(static_cast<const Char*>(value), units));
        } else {
            set_field(of, record, field, value);
        }
        return SQL_SUCCESS;
    });
}

template <class Char>
SQLRETURN get_descriptor_record(
    SQLHDESC raw, SQLSMALLINT number, Char* name, SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* code, SQLLEN* length,
    SQLSMALLINT* precision, SQLSMALLINT* scale, SQLSMALLINT* nullable
) {
    return call<descriptor>(raw, [&](descriptor& of) -> SQLRETURN {
        const auto* const record = of.find(number);
        if (record == nullptr && number < 1) fail("07009", "There is no descriptor record " + std::to_string(number));
        if (record == nullptr) return SQL_NO_DATA;
        if (!put_text<Char>(record->name, name, capacity, name_length, length_unit::characters)) of.diag.warn("01004", "The name was cut");
        if (type != nullptr) *type = record->type;
        if (code != nullptr) *code = record->datetime_interval_code;
        if (length != nullptr) *length = record->octet_length;
        if (precision != nullptr) *precision = record->precision;
        if (scale != nullptr) *scale = record->scale;
        if (nullable != nullptr) *nullable = record->nullable;
        return SQL_SUCCESS;
    });
}

} // namespace

extern "C" {

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT raw, SQLSMALLINT* count) {
    return call<statement>(raw, [&](statement& of) -> SQLRETURN {
        const auto found = of.described(false).count();
        if (count != nullptr) *count = found;
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLDescribeCol(
    SQLHSTMT raw, SQLUSMALLINT column, SQLCHAR* name, SQLSMALLINT capacity, SQLSMALLINT* length, SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* decimals,
    SQLSMALLINT* nullable
) {
    return describe_column(raw, column, name, capacity, length, type, size, decimals, nullable);
}

SQLRETURN SQL_API SQLDescribeColW(
    SQLHSTMT raw, SQLUSMALLINT column, SQLWCHAR* name, SQLSMALLINT capacity, SQLSMALLINT* length, SQLSMALLINT* type, SQLULEN* size, SQLSMALLINT* decimals,
    SQLSMALLINT* nullable
) {
    return describe_column(raw, column, name, capacity, length, type, size, decimals, nullable);
}

SQLRETURN SQL_API
SQLColAttribute(SQLHSTMT raw, SQLUSMALLINT column, SQLUSMALLINT field, SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length, SQLLEN* number) {
    return column_attribute<SQLCHAR>(raw, column, field, text, capacity, length, number);
}

SQLRETURN SQL_API
SQLColAttributeW(SQLHSTMT raw, SQLUSMALLINT column, SQLUSMALLINT field, SQLPOINTER text, SQLSMALLINT capacity, SQLSMALLINT* length, SQLLEN* number) {
    return column_attribute<SQLWCHAR>(raw, column, field, text, capacity, length, number);
}

SQLRETURN SQL_API SQLGetDescField(SQLHDESC raw, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER* length) {
    return get_descriptor_field<SQLCHAR>(raw, record, field, value, capacity, length);
}

SQLRETURN SQL_API SQLGetDescFieldW(SQLHDESC raw, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER capacity, SQLINTEGER* length) {
    return get_descriptor_field<SQLWCHAR>(raw, record, field, value, capacity, length);
}

SQLRETURN SQL_API SQLSetDescField(SQLHDESC raw, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER length) {
    return set_descriptor_field<SQLCHAR>(raw, record, field, value, length);
}

SQLRETURN SQL_API SQLSetDescFieldW(SQLHDESC raw, SQLSMALLINT record, SQLSMALLINT field, SQLPOINTER value, SQLINTEGER length) {
    return set_descriptor_field<SQLWCHAR>(raw, record, field, value, length);
}

SQLRETURN SQL_API SQLGetDescRec(
    SQLHDESC raw, SQLSMALLINT number, SQLCHAR* name, SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* code, SQLLEN* length,
    SQLSMALLINT* precision, SQLSMALLINT* scale, SQLSMALLINT* nullable
) {
    return get_descriptor_record(raw, number, name, capacity, name_length, type, code, length, precision, scale, nullable);
}

SQLRETURN SQL_API SQLGetDescRecW(
    SQLHDESC raw, SQLSMALLINT number, SQLWCHAR* name, SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type, SQLSMALLINT* code, SQLLEN* length,
    SQLSMALLINT* precision, SQLSMALLINT* scale, SQLSMALLINT* nullable
) {
    return get_descriptor_record(raw, number, name, capacity, name_length, type, code, length, precision, scale, nullable);
}

SQLRETURN SQL_API SQLSetDescRec(
    SQLHDESC raw, SQLSMALLINT number, SQLSMALLINT type, SQLSMALLINT code, SQLLEN length, SQLSMALLINT precision, SQLSMALLINT scale, SQLPOINTER data,
    SQLLEN* length_ptr, SQLLEN* indicator
) {
    return call<descriptor>(raw, [&](descriptor& of) -> SQLRETURN {
        if (of.what() == descriptor_kind::ird) fail("HY016", "The row descriptor of the driver cannot be changed");
        const auto concise = concise_of(type, code);
        if (concise == 0) fail("HY021", "The type and its date or interval code contradict each other");
        auto& record = of.ensure(number);
        of.set_type(record, concise);
        record.octet_length = length;
        record.precision = precision;
        record.scale = scale;
        of.check(record);
        if (of.is_application()) {
            record.octet_length_ptr = length_ptr;
            record.indicator_ptr = indicator;
            record.data_ptr = data;
        }
        ++of.changes;
        return SQL_SUCCESS;
    });
}

SQLRETURN SQL_API SQLCopyDesc(SQLHDESC source, SQLHDESC raw) {
    auto* const from = handle_cast<descriptor>(source);
    if (from == nullptr) return SQL_INVALID_HANDLE;
    return call<descriptor>(raw, [&](descriptor& to) -> SQLRETURN {
        if (to.what() == descriptor_kind::ird) fail("HY016", "The row descriptor of the driver cannot be changed");
        if (from != &to) to.copy_from(*from);
        return SQL_SUCCESS;
    });
}

} // extern "C"
