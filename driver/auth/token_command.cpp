#include "driver/auth/token_command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "irislink/error.hpp"

extern char** environ;

namespace irislink::driver {
namespace {

constexpr std::chrono::seconds time_limit{30};
constexpr std::size_t output_limit = 256;

[[noreturn]] void fail_command(const std::string& text) {
    throw error(diagnostic{
        errc::second_factor_required, "28000", 417, step::second_factor, "TwoFactorCommand: " + text, "Run the program by hand to see what it prints.", false,
        0});
}

} // namespace

wire::secret run_token_command(const std::vector<std::string>& command) {
    if (command.empty()) fail_command("no program is named");
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_command("no pipe could be made");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    std::vector<char*> arguments;
    arguments.reserve(command.size() + 1);
    for (const auto& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    const int spawned = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (spawned != 0) {
        ::close(ends[0]);
        fail_command("'" + command[0] + "' cannot be started");
    }
    std::array<char, output_limit + 1> text{};
    std::size_t size = 0;
    bool in_time = true;
    const auto until = std::chrono::steady_clock::now() + time_limit;
    while (size < text.size()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        pollfd entry{ends[0], POLLIN, 0};
        if (left <= 0 || (::poll(&entry, 1, static_cast<int>(left)) == 0)) {
            in_time = false;
            break;
        }
        const auto got = ::read(ends[0], text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    ::close(ends[0]);
    if (!in_time || size == text.size()) ::kill(child, SIGKILL);
    // A program may close its output and stay: the time limit holds for its end too.
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(child, &status, WNOHANG)) == 0 || (ended < 0 && errno == EINTR)) {
        if (in_time && std::chrono::steady_clock::now() >= until) {
            in_time = false;
            ::kill(child, SIGKILL);
        }
        ::poll(nullptr, 0, 5);
    }
    std::string_view line(text.data(), size);
    line = line.substr(0, line.find_first_of("\r\n"));
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    wire::secret out(line);
    wire::secure_zero(text.data(), text.size());
    if (!in_time) fail_command("'" + command[0] + "' took longer than 30 seconds");
    if (size == text.size()) fail_command("'" + command[0] + "' printed more than 256 bytes");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail_command("'" + command[0] + "' failed");
    if (out.empty()) fail_command("'" + command[0] + "' printed nothing");
    return out;
}

} // namespace irislink::driver
