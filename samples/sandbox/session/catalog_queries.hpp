#pragma once
// The SQL behind each catalog request; empty for a code without an answer.

#include <string_view>

#include "wire/frame/function_code.hpp"

namespace irislink::sandbox {

[[nodiscard]] std::string_view find_catalog_query(wire::function_code code) noexcept;

} // namespace irislink::sandbox
