#include "samples/sandbox/password_prompt.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <string>

namespace irislink::sandbox {

wire::secret read_password(bool from_stdin) {
    termios saved{};
    const bool terminal = !from_stdin && ::isatty(STDIN_FILENO) != 0 && ::tcgetattr(STDIN_FILENO, &saved) == 0;
    if (terminal) {
        // The echo goes before the prompt comes: fast typists, and programs, answer at once.
        auto quiet = saved;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
        std::cerr << "Password: " << std::flush;
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSANOW, &saved);
        std::cerr << "\n";
    }
    wire::secret out(line);
    wire::secure_zero(line.data(), line.size());
    return out;
}

} // namespace irislink::sandbox
