#include "samples/demo/sandbox_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <vector>

extern char** environ;

namespace demo {
namespace {

struct child_process {
    pid_t id{-1};
    int input{-1};
    int output{-1};
};

child_process spawn(const std::vector<std::string>& command, const std::string& log) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    std::vector<char*> arguments;
    for (const auto& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    child_process child;
    // The program's own signals are blocked (main.cpp); a child's must not be.
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int failed = ::posix_spawn(&child.id, arguments[0], &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    child.input = in[1];
    child.output = out[0];
    if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
    return child;
}

void run(const std::vector<std::string>& command, const std::string& input, const std::string& log) {
    const auto child = spawn(command, log);
    if (::write(child.input, input.data(), input.size()) != static_cast<ssize_t>(input.size())) throw std::runtime_error("cannot write to " + command[0]);
    ::close(child.input);
    ::close(child.output);
    int status = 0;
    ::waitpid(child.id, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(command[0] + " " + command[1] + " failed; see " + log);
}

} // namespace

sandbox_process::sandbox_process(const std::filesystem::path& programs) : program_(programs / "irislink-sandbox") {
    auto pattern = (std::filesystem::temp_directory_path() / "irislink-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = pattern;
    config_ = folder_ / "sandbox.toml";
    run({program_, "init", "--config", config_}, {}, folder_ / "log");
}

sandbox_process::~sandbox_process() {
    end();
}

void sandbox_process::end() noexcept {
    if (const auto child = child_.exchange(-1); child > 0) {
        ::kill(child, SIGTERM);
        int status = 0;
        ::waitpid(child, &status, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void sandbox_process::add_user(const std::string& name, const std::string& password) {
    run({program_, "user", "add", name, "--config", config_, "--password-stdin"}, password, folder_ / "log");
}

void sandbox_process::start() {
    const auto child = spawn({program_, "--config", config_, "--port", "0"}, folder_ / "log");
    child_ = child.id;
    ::close(child.input);
    std::string line;
    pollfd entry{child.output, POLLIN, 0};
    while (line.find('\n') == std::string::npos && ::poll(&entry, 1, 10'000) > 0) {
        std::array<char, 256> text{};
        const auto got = ::read(child.output, text.data(), text.size());
        if (got <= 0) break;
        line.append(text.data(), static_cast<std::size_t>(got));
    }
    ::close(child.output);
    const auto colon = line.rfind(':');
    if (!line.starts_with("listening ") || colon == std::string::npos) throw std::runtime_error("the sandbox did not start");
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

std::string sandbox_process::uri(const std::string& user, const std::string& password) const {
    return "iris://" + user + ":" + password + "@127.0.0.1:" + std::to_string(port_) + "/USER";
}

} // namespace demo
