// The program that the README shows does what the README says.

#include <array>
#include <cstdio>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {
namespace {

struct outcome {
    std::string out;
    int status{0};
};

outcome run_program(const std::string& command) {
    outcome made;
    auto* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return {"popen failed", -1};
    std::array<char, 512> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) made.out += buffer.data();
    made.status = ::pclose(pipe);
    return made;
}

const std::string program = std::string(IRISLINK_BIN_DIR) + "/irislink-readme";

TEST(ReadmeProgram, PrintsItsRow) {
    sandbox_runner server;
    const auto done = run_program(program + " '" + server.uri() + "'");
    EXPECT_EQ(done.status, 0) << done.out;
    EXPECT_EQ(done.out, "Mars 🚀: 0.642\n");
}

TEST(ReadmeProgram, SaysWhyItCannotConnect) {
    const auto done = run_program(program + " iris://demo:geheim@127.0.0.1:1/USER");
    EXPECT_NE(done.status, 0);
    EXPECT_NE(done.out.find("08001"), std::string::npos) << done.out;
    EXPECT_EQ(done.out.find("geheim"), std::string::npos) << done.out;
}

} // namespace
} // namespace irislink::test
