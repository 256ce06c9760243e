#pragma once
// Child processes of the demonstration. Failures throw std::runtime_error.

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace demo {

struct child_process {
    pid_t id{-1};
    int output{-1}; // what it prints; to be closed by the caller
    int input{-1};  // of spawn_talking(): what it reads; to be closed by the caller
};

// Starts a program, whose standard error is appended to the file `log`. `input` is all it can read.
[[nodiscard]] child_process spawn(const std::vector<std::string>& command, const std::string& input, const std::string& log);

// The same for a program that is talked to.
[[nodiscard]] child_process spawn_talking(const std::vector<std::string>& command, const std::string& log);

// Runs a program to its end and returns what it printed. Anything but exit status 0 is a failure.
std::string run(const std::vector<std::string>& command, const std::string& input, const std::string& log);

// Asks a program to end, and waits.
void stop(pid_t child) noexcept;

// A TCP port of loopback that nobody uses at the moment.
[[nodiscard]] std::uint16_t free_port();

} // namespace demo
