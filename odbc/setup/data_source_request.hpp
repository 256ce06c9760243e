#pragma once
// What ConfigDSN is asked for: one change of one data source. One thread at a time, as the installer has it.

#include <string_view>

#include "odbc/config/data_sources.hpp"
#include "odbc/text/odbc_types.hpp"

#include <odbcinst.h>

namespace irislink::odbc {

// "KEYWORD=value", each with a zero behind it, and one more behind the last. What has no '=' is malformed: nothing.
[[nodiscard]] std::optional<driver::setting_pairs> attribute_pairs(std::string_view attributes);

// The list's length with its last zero but one; 0 for a null pointer.
template <class Char> [[nodiscard]] std::size_t list_length(const Char* list) {
    std::size_t length = 0;
    while (list != nullptr && list[length] != 0) {
        while (list[length] != 0) ++length;
        ++length;
    }
    return length;
}

// ODBC_ADD_DSN to ODBC_REMOVE_SYS_DSN. Reasons for a failure, and warnings, go to the installer's error queue, with
// no value in them. Nothing is thrown but bad_alloc.
[[nodiscard]] bool change_data_source(WORD request, const std::string& driver, std::string_view attributes);

} // namespace irislink::odbc
