#include "samples/demo/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace demo {

child_process spawn_talking(const std::vector<std::string>& command, const std::string& log) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    child_process child;
    // The program's own signals are blocked, SIGPIPE ignored (main.cpp); a child's must not be.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t ignored;
    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    ::posix_spawnattr_setsigdefault(&attributes, &ignored);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int failed = ::posix_spawnp(&child.id, arguments[0], &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    child.output = out[0];
    child.input = in[1];
    if (failed != 0) {
        ::close(child.output);
        ::close(child.input);
        throw std::runtime_error("cannot start " + command[0]);
    }
    return child;
}

child_process spawn(const std::vector<std::string>& command, const std::string& input, const std::string& log) {
    auto child = spawn_talking(command, log);
    // A few bytes: a pipe takes them whether or not anybody reads.
    const bool written = ::write(child.input, input.data(), input.size()) == static_cast<ssize_t>(input.size());
    ::close(std::exchange(child.input, -1));
    if (!written) {
        ::close(child.output);
        throw std::runtime_error("cannot tell " + command[0] + " what to do");
    }
    return child;
}

std::string run(const std::vector<std::string>& command, const std::string& input, const std::string& log) {
    const auto child = spawn(command, input, log);
    std::string printed;
    std::array<char, 4096> text{};
    for (ssize_t got = 0; (got = ::read(child.output, text.data(), text.size())) > 0;) printed.append(text.data(), static_cast<std::size_t>(got));
    ::close(child.output);
    int status = 0;
    ::waitpid(child.id, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(command[0] + " " + command[1] + " failed; see " + log);
    return printed;
}

void stop(pid_t child) noexcept {
    ::kill(child, SIGTERM);
    int status = 0;
    ::waitpid(child, &status, 0);
}

std::uint16_t free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool found =
        ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(probe);
    if (!found) throw std::runtime_error("no free port");
    return ntohs(address.sin_port);
}

} // namespace demo
