#pragma once

#include <filesystem>

#include "irislink/irislink.hpp"
#include "samples/demo/front.hpp"

namespace demo {

// Loads the data sets, and asks the questions through every front. False if a count or an answer is wrong.
[[nodiscard]] bool load_and_ask(irislink::connection& db, const login& in, const std::filesystem::path& data);

} // namespace demo
