#include "tests/support/sandbox_runner/sandbox_runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace irislink::test {
namespace {

const std::string program = std::string(IRISLINK_BIN_DIR) + "/irislink-sandbox";

struct pipe_ends {
    pipe_ends() {
        if (::pipe2(fd.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    }

    ~pipe_ends() {
        for (const int each : fd)
            if (each >= 0) ::close(each);
    }

    void close(std::size_t which) {
        ::close(fd[which]);
        fd[which] = -1;
    }

    std::array<int, 2> fd{-1, -1};
};

pid_t spawn(std::vector<std::string> arguments, int in, int out, int error = -1) {
    arguments.insert(arguments.begin(), program);
    std::vector<char*> pointers;
    for (auto& each : arguments) pointers.push_back(each.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    if (in >= 0) ::posix_spawn_file_actions_adddup2(&actions, in, 0);
    if (out >= 0) ::posix_spawn_file_actions_adddup2(&actions, out, 1);
    if (error >= 0) ::posix_spawn_file_actions_adddup2(&actions, error, 2);
    pid_t child = 0;
    const int failed = ::posix_spawn(&child, program.c_str(), &actions, nullptr, pointers.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) throw std::runtime_error(program + " cannot be started");
    return child;
}

void run_to_end(const std::vector<std::string>& arguments, const std::string& input) {
    pipe_ends in;
    pipe_ends out;
    const auto child = spawn(arguments, in.fd[0], out.fd[1]);
    in.close(0);
    if (::write(in.fd[1], input.data(), input.size()) < 0) throw std::runtime_error("the sandbox does not read");
    in.close(1);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(program + " " + arguments.front() + " failed");
}

} // namespace

void sandbox_runner::make_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "irislink-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
}

sandbox_runner::sandbox_runner(const std::vector<std::string>& changes, const std::string& sections) {
    make_folder();
    const auto config = (folder_ / "sandbox.toml").string();
    run_to_end({"init", "--config", config, "--preset", "minimal"}, {});
    std::ostringstream made;
    std::ifstream old(config);
    for (std::string line; std::getline(old, line);) {
        const auto key = line.substr(0, line.find_first_of(" ="));
        for (const auto& change : changes)
            if (!key.empty() && change.substr(0, change.find_first_of(" =")) == key) line = change;
        made << line << "\n";
    }
    old.close();
    made << sections;
    std::ofstream(config) << made.str();
    run_to_end({"user", "add", "demo", "--config", config, "--password-stdin"}, "demo\n");
    start("error", -1);
}

sandbox_runner::sandbox_runner(const std::string& config, config_text) {
    make_folder();
    std::ofstream(folder_ / "sandbox.toml") << config;
    const int log = ::open((folder_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    start("debug", log);
    ::close(log);
}

void sandbox_runner::start(const std::string& log_level, int log) {
    pipe_ends out;
    server_ = spawn({"--config", (folder_ / "sandbox.toml").string(), "--port", "0", "--log-level", log_level}, -1, out.fd[1], log);
    out.close(1);
    std::string line;
    char c = 0;
    pollfd ready{out.fd[0], POLLIN, 0};
    while (::poll(&ready, 1, 10'000) == 1 && ::read(out.fd[0], &c, 1) == 1 && c != '\n') line.push_back(c);
    const auto colon = line.rfind(':');
    if (!line.starts_with("listening ") || colon == std::string::npos) {
        kill();
        throw std::runtime_error("the sandbox did not get ready: " + line + this->log());
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

sandbox_runner::~sandbox_runner() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string sandbox_runner::uri(const std::string& query) const {
    return "iris://demo:demo@127.0.0.1:" + std::to_string(port_) + "/USER" + (query.empty() ? "" : "?" + query);
}

void sandbox_runner::kill() {
    if (server_ == 0) return;
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    server_ = 0;
}

bool sandbox_runner::end() {
    if (server_ == 0) return true;
    ::kill(server_, SIGTERM);
    for (int i = 0; i < 1000; ++i) {
        if (::waitpid(server_, nullptr, WNOHANG) == server_) {
            server_ = 0;
            return true;
        }
        ::poll(nullptr, 0, 10);
    }
    kill();
    return false;
}

std::string sandbox_runner::log() const {
    std::ostringstream out;
    out << std::ifstream(folder_ / "log").rdbuf();
    return out.str();
}

void sandbox_runner::stop() {
    ::kill(server_, SIGSTOP);
}

void sandbox_runner::resume() {
    ::kill(server_, SIGCONT);
}

} // namespace irislink::test
