#pragma once
// The functions this driver has: source of SQLGetFunctions, and compared with the exported names by a
// test. A function comes into this table when it works.

#include <span>
#include <string_view>

#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

struct odbc_function {
    SQLUSMALLINT id;
    std::string_view name;
    bool has_wide; // there is a ...W as well
};

[[nodiscard]] std::span<const odbc_function> function_table() noexcept;
[[nodiscard]] bool has_function(SQLUSMALLINT id) noexcept;

} // namespace irislink::odbc
