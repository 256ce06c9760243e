#pragma once
// Descriptors: what a program says about its buffers (ARD, APD) and what the driver says about columns
// and parameters (IRD, IPD). Statement attributes such as SQL_ATTR_ROW_ARRAY_SIZE live here and nowhere
// else (attribute_map.hpp). Record 0 is the bookmark's, of row descriptors alone; in the IRD it is there
// while the statement's results have bookmarks.

#include <optional>
#include <string>
#include <vector>

#include "odbc/handle/handle.hpp"

namespace irislink::odbc {

class connection;

enum class descriptor_kind : std::uint8_t { ard, apd, ird, ipd };

struct descriptor_header {
    SQLSMALLINT alloc_type{SQL_DESC_ALLOC_AUTO};
    SQLULEN array_size{1};
    SQLUSMALLINT* array_status_ptr{nullptr};
    SQLLEN* bind_offset_ptr{nullptr};
    SQLINTEGER bind_type{SQL_BIND_BY_COLUMN};
    SQLULEN* rows_processed_ptr{nullptr};
};

struct descriptor_record {
    SQLSMALLINT type{SQL_C_DEFAULT};
    SQLSMALLINT concise_type{SQL_C_DEFAULT};
    SQLSMALLINT datetime_interval_code{0};
    SQLINTEGER datetime_interval_precision{2};
    SQLULEN length{0};
    SQLLEN octet_length{0};
    SQLSMALLINT precision{0};
    SQLSMALLINT scale{0};
    SQLPOINTER data_ptr{nullptr};
    SQLLEN* indicator_ptr{nullptr};
    SQLLEN* octet_length_ptr{nullptr};
    SQLSMALLINT parameter_type{SQL_PARAM_INPUT};
    SQLSMALLINT nullable{SQL_NULLABLE_UNKNOWN};
    SQLSMALLINT unnamed{SQL_UNNAMED};
    SQLINTEGER num_prec_radix{0};
    SQLINTEGER auto_unique_value{SQL_FALSE};
    SQLINTEGER case_sensitive{SQL_FALSE};
    SQLLEN display_size{0};
    SQLSMALLINT fixed_prec_scale{SQL_FALSE};
    SQLSMALLINT searchable{SQL_PRED_SEARCHABLE};
    SQLSMALLINT is_unsigned{SQL_TRUE};
    SQLSMALLINT updatable{SQL_ATTR_READWRITE_UNKNOWN};
    SQLSMALLINT rowver{SQL_FALSE};
    std::string name;
    std::string label;
    std::string base_column_name;
    std::string base_table_name;
    std::string table_name;
    std::string schema_name;
    std::string catalog_name;
    std::string type_name;
    std::string local_type_name;
    std::string literal_prefix;
    std::string literal_suffix;

    [[nodiscard]] bool is_bound() const noexcept { return data_ptr != nullptr || octet_length_ptr != nullptr || indicator_ptr != nullptr; }
};

class descriptor final : public handle, public in_handle_memory<descriptor> {
public:
    static constexpr handle_tag kind = handle_tag::descriptor;

    descriptor(descriptor_kind what, connection* owner) : handle(kind), what_(what), owner_(owner) {
        if (what_ == descriptor_kind::ard) bookmark_.emplace();
    }

    [[nodiscard]] descriptor_kind what() const noexcept { return what_; }

    // Of an explicitly allocated descriptor; null for the four of a statement.
    [[nodiscard]] connection* owner() const noexcept { return owner_; }

    [[nodiscard]] bool is_application() const noexcept { return what_ == descriptor_kind::ard || what_ == descriptor_kind::apd; }

    [[nodiscard]] SQLSMALLINT count() const noexcept { return static_cast<SQLSMALLINT>(records_.size()); }

    // Grows with records that are unbound; shrinks by forgetting.
    void set_count(SQLSMALLINT count);
    // The IRD's record 0, or none.
    void set_bookmark(std::optional<descriptor_record> record);
    // Records count from 1; 0 is the bookmark's. Throws 07009 for one that is not there.
    [[nodiscard]] descriptor_record& record(SQLSMALLINT number);
    // The same, made when it is not there yet.
    [[nodiscard]] descriptor_record& ensure(SQLSMALLINT number);
    // Null when it is not there.
    [[nodiscard]] const descriptor_record* find(SQLSMALLINT number) const noexcept;
    // Sets CONCISE_TYPE, TYPE and the date and interval code together, with the defaults of the type.
    void set_type(descriptor_record& of, SQLSMALLINT concise) const;
    // SQL_UNBIND: drops records from the end that bind nothing.
    void unbind(SQLSMALLINT number);
    // SQL_DESC_DATA_PTR was set: the record must make sense now. Throws HY021.
    void check(const descriptor_record& of) const;
    void copy_from(const descriptor& other);

    descriptor_header header;
    // Counts changes of types and bindings, for plans made from them.
    std::uint64_t changes{0};

private:
    descriptor_kind what_;
    connection* owner_;
    std::vector<descriptor_record> records_;
    std::optional<descriptor_record> bookmark_; // an ARD's is always there, bound or not
};

// SQL_PARAM_INPUT and the like.
[[nodiscard]] bool is_parameter_type(SQLSMALLINT value) noexcept;

// The verbose type and the code of a concise type; itself and 0 for what is neither date nor interval.
struct verbose_type {
    SQLSMALLINT type;
    SQLSMALLINT code;
};

[[nodiscard]] verbose_type verbose_of(SQLSMALLINT concise) noexcept;
// The other way; 0 for a pair that is none.
[[nodiscard]] SQLSMALLINT concise_of(SQLSMALLINT type, SQLSMALLINT code) noexcept;
// ODBC 2's codes of date, time and timestamp (9 to 11) are SQL_DATETIME and SQL_INTERVAL in ODBC 3; as concise types
// they come from old programs alone. Any other type is itself.
[[nodiscard]] SQLSMALLINT modern_code_of(SQLSMALLINT concise) noexcept;
// The other way.
[[nodiscard]] SQLSMALLINT old_code_of(SQLSMALLINT concise) noexcept;

} // namespace irislink::odbc
