#include "odbc/descriptor/descriptor.hpp"

#include "odbc/convert/convert.hpp"

namespace irislink::odbc {

bool is_parameter_type(SQLSMALLINT value) noexcept {
    switch (value) {
    case SQL_PARAM_INPUT:
    case SQL_PARAM_OUTPUT:
    case SQL_PARAM_INPUT_OUTPUT:
    case SQL_PARAM_OUTPUT_STREAM:
    case SQL_PARAM_INPUT_OUTPUT_STREAM: return true;
    default: return false;
    }
}

verbose_type verbose_of(SQLSMALLINT concise) noexcept {
    if (concise >= SQL_TYPE_DATE && concise <= SQL_TYPE_TIMESTAMP) return {SQL_DATETIME, static_cast<SQLSMALLINT>(concise - SQL_TYPE_DATE + SQL_CODE_DATE)};
    if (concise >= SQL_INTERVAL_YEAR && concise <= SQL_INTERVAL_MINUTE_TO_SECOND)
        return {SQL_INTERVAL, static_cast<SQLSMALLINT>(concise - SQL_INTERVAL_YEAR + SQL_CODE_YEAR)};
    return {concise, 0};
}

SQLSMALLINT concise_of(SQLSMALLINT type, SQLSMALLINT code) noexcept {
    if (type == SQL_DATETIME)
        return code >= SQL_CODE_DATE && code <= SQL_CODE_TIMESTAMP ? static_cast<SQLSMALLINT>(SQL_TYPE_DATE + code - SQL_CODE_DATE) : SQLSMALLINT{0};
    if (type == SQL_INTERVAL)
        return code >= SQL_CODE_YEAR && code <= SQL_CODE_MINUTE_TO_SECOND ? static_cast<SQLSMALLINT>(SQL_INTERVAL_YEAR + code - SQL_CODE_YEAR) : SQLSMALLINT{0};
    return type;
}

// ODBC 2's date codes are SQL_DATETIME and SQL_INTERVAL in ODBC 3, so only 9 to 11 as concise types
// reach here from old programs.
SQLSMALLINT modern_code_of(SQLSMALLINT concise) noexcept {
    switch (concise) {
    case SQL_DATE: return SQL_TYPE_DATE;
    case SQL_TIME: return SQL_TYPE_TIME;
    case SQL_TIMESTAMP: return SQL_TYPE_TIMESTAMP;
    default: return concise;
    }
}

SQLSMALLINT old_code_of(SQLSMALLINT concise) noexcept {
    switch (concise) {
    case SQL_TYPE_DATE: return SQL_DATE;
    case SQL_TYPE_TIME: return SQL_TIME;
    case SQL_TYPE_TIMESTAMP: return SQL_TIMESTAMP;
    default: return concise;
    }
}

void descriptor::set_count(SQLSMALLINT count) {
    if (count < 0) fail("07009", "A descriptor cannot have " + std::to_string(count) + " records");
    records_.resize(static_cast<std::size_t>(count));
    ++changes;
}

void descriptor::set_bookmark(std::optional<descriptor_record> record) {
    bookmark_ = std::move(record);
    ++changes;
}

descriptor_record& descriptor::record(SQLSMALLINT number) {
    if (number == 0 && bookmark_) return *bookmark_;
    if (number < 1 || number > count()) fail("07009", "There is no descriptor record " + std::to_string(number));
    return records_[static_cast<std::size_t>(number) - 1];
}

descriptor_record& descriptor::ensure(SQLSMALLINT number) {
    if (number == 0 && bookmark_) return *bookmark_;
    if (number < 1) fail("07009", "Descriptor records count from 1");
    if (number > count()) records_.resize(static_cast<std::size_t>(number));
    return records_[static_cast<std::size_t>(number) - 1];
}

const descriptor_record* descriptor::find(SQLSMALLINT number) const noexcept {
    if (number == 0 && bookmark_) return &*bookmark_;
    if (number < 1 || number > count()) return nullptr;
    return &records_[static_cast<std::size_t>(number) - 1];
}

void descriptor::set_type(descriptor_record& of, SQLSMALLINT concise) const {
    concise = modern_code_of(concise);
    of.concise_type = concise;
    const auto verbose = verbose_of(concise);
    of.type = verbose.type;
    of.datetime_interval_code = verbose.code;
    // "SQL_DESC_TYPE" in SQLSetDescField: what setting a type resets.
    if (verbose.type == SQL_DATETIME) {
        of.precision = concise == SQL_TYPE_TIMESTAMP ? 6 : 0;
    } else if (verbose.type == SQL_INTERVAL) {
        of.precision = 6;
        of.datetime_interval_precision = 2;
    } else if (concise == SQL_NUMERIC || concise == SQL_DECIMAL) {
        of.precision = 38;
        of.scale = 0;
    } else if (concise == SQL_CHAR || concise == SQL_VARCHAR) {
        of.length = 1;
        of.precision = 0;
    } else if (concise == SQL_FLOAT) {
        of.precision = 15;
    }
}

void descriptor::unbind(SQLSMALLINT number) {
    if (number == 0) set_bookmark(descriptor_record{});
    if (number < 1 || number > count()) return;
    records_[static_cast<std::size_t>(number) - 1] = {};
    while (!records_.empty() && !records_.back().is_bound()) records_.pop_back();
    ++changes;
}

void descriptor::check(const descriptor_record& of) const {
    if (what_ == descriptor_kind::ird) return;
    if (is_application() && !is_c_type(of.concise_type)) fail("HY021", "The descriptor record's type " + std::to_string(of.concise_type) + " is no C type");
    if (concise_of(of.type, of.datetime_interval_code) != of.concise_type) fail("HY021", "The descriptor record's types contradict each other");
    if (of.type == SQL_NUMERIC && (of.precision < 1 || of.precision > 38 || of.scale < -38 || of.scale > 38))
        fail("HY021", "The descriptor record's precision or scale is out of range");
}

void descriptor::copy_from(const descriptor& other) {
    const auto alloc_type = header.alloc_type;
    header = other.header;
    header.alloc_type = alloc_type;
    records_ = other.records_;
    if (what_ == descriptor_kind::ard) bookmark_ = other.bookmark_.value_or(descriptor_record{});
    ++changes;
}

} // namespace irislink::odbc
