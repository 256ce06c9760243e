#pragma once
// irislink-sandbox user ...: edits the users of a configuration, and what is kept beside it.

#include <functional>
#include <string>

namespace CLI {
class App;
} // namespace CLI

namespace irislink::sandbox {

// Adds the command to the program. The function that comes back runs it after parsing and gives the exit
// status; it throws config_error. `config_file` must live as long as the program's options.
[[nodiscard]] std::function<int()> add_user_commands(CLI::App& program, std::string& config_file);

} // namespace irislink::sandbox
