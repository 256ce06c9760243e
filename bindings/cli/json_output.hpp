#pragma once
// One row as a JSON object. Numbers keep every digit; names that occur twice get a number.

#include <string>
#include <vector>

#include "irislink/irislink.hpp"

namespace irislink::cli {

// Each column's key, already written as JSON text with its colon.
[[nodiscard]] std::vector<std::string> json_keys(const std::vector<column>& columns);
[[nodiscard]] std::string json_row(const row& in, const std::vector<std::string>& keys);

} // namespace irislink::cli
