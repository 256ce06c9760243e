#pragma once

#include <filesystem>

#include "irislink/irislink.hpp"

namespace demo {

// Loads the data sets and asks the questions. False if a count or an answer is wrong.
[[nodiscard]] bool load_and_ask(irislink::connection& db, const std::filesystem::path& data);

} // namespace demo
