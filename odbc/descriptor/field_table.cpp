// data table
#include "odbc/descriptor/field_table.hpp"

#include <algorithm>
#include <array>

namespace irislink::odbc {
namespace {

using head = descriptor_header;
using rec = descriptor_record;

// clang-format off
const std::array fields{
    //                                                                       ARD APD IRD IPD
    descriptor_field{SQL_DESC_ALLOC_TYPE, &head::alloc_type,                  "r-r-r-r-"},
    descriptor_field{SQL_DESC_ARRAY_SIZE, &head::array_size,                  "rwrw----"},
    descriptor_field{SQL_DESC_ARRAY_STATUS_PTR, &head::array_status_ptr,      "rwrwrwrw"},
    descriptor_field{SQL_DESC_BIND_OFFSET_PTR, &head::bind_offset_ptr,        "rwrw----"},
    descriptor_field{SQL_DESC_BIND_TYPE, &head::bind_type,                    "rwrw----"},
    descriptor_field{SQL_DESC_COUNT, std::monostate{},                        "rwrwr-rw"},
    descriptor_field{SQL_DESC_ROWS_PROCESSED_PTR, &head::rows_processed_ptr,  "----rwrw"},
    descriptor_field{SQL_DESC_AUTO_UNIQUE_VALUE, &rec::auto_unique_value,     "----r---"},
    descriptor_field{SQL_DESC_BASE_COLUMN_NAME, &rec::base_column_name,       "----r---"},
    descriptor_field{SQL_DESC_BASE_TABLE_NAME, &rec::base_table_name,         "----r---"},
    descriptor_field{SQL_DESC_CASE_SENSITIVE, &rec::case_sensitive,           "----r-r-"},
    descriptor_field{SQL_DESC_CATALOG_NAME, &rec::catalog_name,               "----r---"},
    descriptor_field{SQL_DESC_CONCISE_TYPE, &rec::concise_type,               "rwrwr-rw"},
    descriptor_field{SQL_DESC_DATA_PTR, &rec::data_ptr,                       "rwrw--rw"},
    descriptor_field{SQL_DESC_DATETIME_INTERVAL_CODE, &rec::datetime_interval_code, "rwrwr-rw"},
    descriptor_field{SQL_DESC_DATETIME_INTERVAL_PRECISION, &rec::datetime_interval_precision, "rwrwr-rw"},
    descriptor_field{SQL_DESC_DISPLAY_SIZE, &rec::display_size,               "----r---"},
    descriptor_field{SQL_DESC_FIXED_PREC_SCALE, &rec::fixed_prec_scale,       "----r-r-"},
    descriptor_field{SQL_DESC_INDICATOR_PTR, &rec::indicator_ptr,             "rwrw----"},
    descriptor_field{SQL_DESC_LABEL, &rec::label,                             "----r---"},
    descriptor_field{SQL_DESC_LENGTH, &rec::length,                           "rwrwr-rw"},
    descriptor_field{SQL_DESC_LITERAL_PREFIX, &rec::literal_prefix,           "----r---"},
    descriptor_field{SQL_DESC_LITERAL_SUFFIX, &rec::literal_suffix,           "----r---"},
    descriptor_field{SQL_DESC_LOCAL_TYPE_NAME, &rec::local_type_name,         "----r-r-"},
    descriptor_field{SQL_DESC_NAME, &rec::name,                               "----r-rw"},
    descriptor_field{SQL_DESC_NULLABLE, &rec::nullable,                       "----r-r-"},
    descriptor_field{SQL_DESC_NUM_PREC_RADIX, &rec::num_prec_radix,           "rwrwr-rw"},
    descriptor_field{SQL_DESC_OCTET_LENGTH, &rec::octet_length,               "rwrwr-rw"},
    descriptor_field{SQL_DESC_OCTET_LENGTH_PTR, &rec::octet_length_ptr,       "rwrw----"},
    descriptor_field{SQL_DESC_PARAMETER_TYPE, &rec::parameter_type,           "------rw"},
    descriptor_field{SQL_DESC_PRECISION, &rec::precision,                     "rwrwr-rw"},
    descriptor_field{SQL_DESC_ROWVER, &rec::rowver,                           "----r-r-"},
    descriptor_field{SQL_DESC_SCALE, &rec::scale,                             "rwrwr-rw"},
    descriptor_field{SQL_DESC_SCHEMA_NAME, &rec::schema_name,                 "----r---"},
    descriptor_field{SQL_DESC_SEARCHABLE, &rec::searchable,                   "----r---"},
    descriptor_field{SQL_DESC_TABLE_NAME, &rec::table_name,                   "----r---"},
    descriptor_field{SQL_DESC_TYPE, &rec::type,                               "rwrwr-rw"},
    descriptor_field{SQL_DESC_TYPE_NAME, &rec::type_name,                     "----r-r-"},
    descriptor_field{SQL_DESC_UNNAMED, &rec::unnamed,                         "----r-rw"},
    descriptor_field{SQL_DESC_UNSIGNED, &rec::is_unsigned,                    "----r-r-"},
    descriptor_field{SQL_DESC_UPDATABLE, &rec::updatable,                     "----r---"},
};

// clang-format on

const descriptor_field& require(SQLSMALLINT id) {
    const auto* const found = find_field(id);
    if (found == nullptr) fail("HY091", "There is no descriptor field " + std::to_string(id));
    return *found;
}

// A number passed where a pointer is expected.
SQLLEN number_of(SQLPOINTER in) noexcept {
    return static_cast<SQLLEN>(reinterpret_cast<std::intptr_t>(in));
}

template <class T> field_value value_of(T in) {
    if constexpr (std::is_pointer_v<T>) {
        return static_cast<SQLPOINTER>(in);
    } else {
        return in;
    }
}

template <class T> void assign(T& to, SQLPOINTER in) {
    if constexpr (std::is_pointer_v<T>) {
        to = static_cast<T>(in);
    } else if constexpr (std::is_integral_v<T>) {
        to = static_cast<T>(number_of(in));
    } else {
        fail("HY091", "The descriptor field takes text");
    }
}

// Fields that change others.
bool set_special(descriptor& of, descriptor_record& record, SQLSMALLINT id, SQLPOINTER number) {
    const auto value = static_cast<SQLSMALLINT>(number_of(number));
    switch (id) {
    case SQL_DESC_CONCISE_TYPE: of.set_type(record, value); return true;
    case SQL_DESC_TYPE:
        if (value == SQL_DATETIME || value == SQL_INTERVAL) {
            record.type = value;
            const auto concise = concise_of(value, record.datetime_interval_code);
            record.concise_type = concise == 0 ? value : concise;
        } else {
            of.set_type(record, value);
        }
        return true;
    case SQL_DESC_DATETIME_INTERVAL_CODE:
        record.datetime_interval_code = value;
        if (const auto concise = concise_of(record.type, value); concise != 0) record.concise_type = concise;
        return true;
    case SQL_DESC_DATA_PTR:
        if (of.what() != descriptor_kind::ipd) {
            if (number != nullptr) of.check(record);
            record.data_ptr = number;
        } else {
            of.check(record); // "setting it on an IPD forces a consistency check"
        }
        return true;
    case SQL_DESC_UNNAMED:
        if (value != SQL_UNNAMED) fail("HY091", "SQL_DESC_UNNAMED can only be set to SQL_UNNAMED");
        record.unnamed = SQL_UNNAMED;
        record.name.clear();
        return true;
    case SQL_DESC_PARAMETER_TYPE:
        if (!is_parameter_type(value)) fail("HY105", "There is no such kind of parameter");
        record.parameter_type = value;
        return true;
    default: return false;
    }
}

} // namespace

const descriptor_field* find_field(SQLSMALLINT id) noexcept {
    const auto* const found = std::ranges::find(fields, id, &descriptor_field::id);
    return found == fields.end() ? nullptr : found;
}

bool is_text_field(SQLSMALLINT id) noexcept {
    const auto* const found = find_field(id);
    return found != nullptr && std::holds_alternative<std::string descriptor_record::*>(found->place);
}

field_value get_field(descriptor& of, SQLSMALLINT record, SQLSMALLINT id) {
    const auto& field = require(id);
    if (!field.may_read(of.what())) fail("HY091", "This descriptor has no field " + std::to_string(id));
    return std::visit(
        [&](auto place) -> field_value {
            using place_type = decltype(place);
            if constexpr (std::is_same_v<place_type, std::monostate>) {
                return of.count();
            } else if constexpr (requires { of.header.*place; }) {
                return value_of(of.header.*place);
            } else {
                return value_of(of.record(record).*place);
            }
        },
        field.place
    );
}

void set_field(descriptor& of, SQLSMALLINT record, SQLSMALLINT id, SQLPOINTER number) {
    const auto& field = require(id);
    if (of.what() == descriptor_kind::ird && !field.may_write(of.what())) fail("HY016", "The row descriptor of the driver cannot be changed");
    if (!field.may_write(of.what())) fail("HY091", "The descriptor field " + std::to_string(id) + " cannot be set here");
    ++of.changes;
    if (id == SQL_DESC_COUNT) return of.set_count(static_cast<SQLSMALLINT>(number_of(number)));
    if (id == SQL_DESC_ARRAY_SIZE && number_of(number) < 1) fail("HY024", "The array size must be at least 1");
    std::visit(
        [&](auto place) {
            using place_type = decltype(place);
            if constexpr (std::is_same_v<place_type, std::monostate>) {
            } else if constexpr (requires { of.header.*place; }) {
                assign(of.header.*place, number);
            } else {
                auto& target = of.ensure(record);
                if (set_special(of, target, id, number)) return;
                assign(target.*place, number);
                // "If any other field of the record is set, the record becomes unbound."
                const bool keeps = id == SQL_DESC_OCTET_LENGTH_PTR || id == SQL_DESC_INDICATOR_PTR || id == SQL_DESC_OCTET_LENGTH;
                if (of.is_application() && !keeps) target.data_ptr = nullptr;
            }
        },
        field.place
    );
}

void set_field(descriptor& of, SQLSMALLINT record, SQLSMALLINT id, std::string text) {
    const auto& field = require(id);
    if (of.what() == descriptor_kind::ird) fail("HY016", "The row descriptor of the driver cannot be changed");
    if (!field.may_write(of.what()) || !is_text_field(id)) fail("HY091", "The descriptor field " + std::to_string(id) + " cannot be set here");
    auto& target = of.ensure(record);
    target.*std::get<std::string descriptor_record::*>(field.place) = std::move(text);
    if (id == SQL_DESC_NAME) target.unnamed = SQL_NAMED;
    ++of.changes;
}

} // namespace irislink::odbc
