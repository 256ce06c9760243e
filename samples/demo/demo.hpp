#pragma once

#include <filesystem>
#include <string>

#include "irislink/irislink.hpp"
#include "samples/demo/sandbox_process.hpp"

namespace demo {

// The login matrix: one line per way to log in. False if any line is not as it should be.
[[nodiscard]] bool show_login_matrix(const sandbox_process& sandbox);

// Loads the data sets and asks the questions. False if a count or an answer is wrong.
[[nodiscard]] bool load_and_ask(irislink::connection& db, const std::filesystem::path& data);

}  // namespace demo
