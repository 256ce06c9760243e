#pragma once
// The program irislink-sandbox as a person runs it: a folder, a sandbox.toml in it that is still to be made, and commands.

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::test {

class sandbox_command {
public:
    // What it prints, errors included; its exit code is in `code`.
    std::string run(const std::string& arguments, const std::string& input = {}) {
        const auto line = "printf '%s\\n' '" + input + "' | " IRISLINK_BIN_DIR "/irislink-sandbox " + arguments + " --config " + config.string() + " 2>&1";
        std::FILE* const pipe = ::popen(line.c_str(), "r");
        std::string out;
        std::array<char, 4096> part{};
        while (std::fgets(part.data(), part.size(), pipe) != nullptr) out += part.data();
        code = WEXITSTATUS(::pclose(pipe));
        return out;
    }

    temporary_folder folder;
    std::filesystem::path config{folder / "sandbox.toml"};
    int code{0};
};

} // namespace irislink::test
