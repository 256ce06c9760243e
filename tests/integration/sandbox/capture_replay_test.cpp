#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/integration/sandbox/raw_client.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "wire/messages/registry.hpp"

namespace irislink::test {
namespace {

// What the client said in a recorded session, message by message.
std::vector<wire::byte_buffer> client_messages(const std::filesystem::path& file) {
    std::vector<wire::byte_buffer> out;
    std::ifstream in(file);
    std::string line;
    while (std::getline(in, line)) {
        if (line.find("\"dir\": \"C\"") == std::string::npos) continue;
        const auto begin = line.find("\"hex\": \"") + 8;
        const auto hex = line.substr(begin, line.find('"', begin) - begin);
        auto& bytes = out.emplace_back();
        for (std::size_t i = 0; i + 1 < hex.size(); i += 2) bytes.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    return out;
}

// Every request of the official clients gets as many answers as its kind has, under its own ids, and
// the line never falls out of step. (Their data is not here, so most answers are errors; that a real
// conversation works is shown by running the clients themselves.)
TEST(CaptureReplay, EveryRequestIsAnsweredUnderItsIds) {
    const std::filesystem::path folder = std::filesystem::path(IRISLINK_SOURCE_DIR) / "tests/golden/captures";
    std::size_t sessions = 0;
    std::size_t requests = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".jsonl") continue;
        SCOPED_TRACE(file.path().filename().string());
        sandbox_runner runner;
        raw_client client(runner.port());
        client.log_in();
        ++sessions;
        for (const auto& bytes : client_messages(file.path())) {
            const auto header = wire::decode_header(wire::bytes_view(bytes).first<wire::frame_header_size>());
            const auto name = header.code.name();
            // The test has logged in itself; a recorded token or good-bye would end the session.
            if (name == "HS" || name == "CN" || name == "DC" || name == "2F") continue;
            const auto* const kind = wire::find_message(header.code);
            ASSERT_NE(kind, nullptr) << name;
            client.send(bytes);
            ++requests;
            for (int i = 0; i < kind->replies; ++i) {
                const auto answer = client.receive();
                ASSERT_TRUE(answer) << name;
                EXPECT_EQ(answer->id, header.id) << name;
                EXPECT_EQ(answer->statement, header.statement) << name;
                if (answer->status() != 0 && answer->status() != 100) break; // an error is one message
            }
        }
        client.request(wire::empty_request<wire::function_code{'P' | 'G' << 8}>{}, 9999);
        const auto pong = client.receive();
        ASSERT_TRUE(pong);
        EXPECT_EQ(pong->id, 9999U);
    }
    EXPECT_GE(sessions, 15U);
    EXPECT_GT(requests, 150U);
}

} // namespace
} // namespace irislink::test
