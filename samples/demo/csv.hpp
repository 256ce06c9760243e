#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace demo {

// The rows below the header. Every row must have as many fields as the header; throws
// std::runtime_error with the line otherwise.
[[nodiscard]] std::vector<std::vector<std::string>> read_csv(const std::filesystem::path& file);

} // namespace demo
