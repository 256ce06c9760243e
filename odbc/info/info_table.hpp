#pragma once
// SQLGetInfo as data: one row per item that does not depend on the connection.

#include <optional>
#include <string_view>
#include <variant>

#include "odbc/text/odbc_types.hpp"

namespace irislink::odbc {

using info_value = std::variant<std::string_view, SQLUSMALLINT, SQLUINTEGER>;

// Nothing for an item that depends on the connection, or is none.
[[nodiscard]] std::optional<info_value> find_info(SQLUSMALLINT id) noexcept;

} // namespace irislink::odbc
