#include "driver/log/wire_trace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "irislink/error.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/registry.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::driver {
namespace {

using testing::HasSubstr;
using testing::Not;

class WireTrace : public testing::Test {
protected:
    void SetUp() override { file_ = std::filesystem::temp_directory_path() / ("irislink-trace-" + std::to_string(::getpid())); }

    void TearDown() override { std::filesystem::remove(file_); }

    [[nodiscard]] std::string content() const {
        std::ifstream in(file_, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    template <class M> std::string traced(const M& request) {
        wire::byte_buffer bytes;
        EXPECT_FALSE(wire::append_request(bytes, request, 3, 0, wire::default_format));
        wire_trace trace(file_.string(), "test");
        trace.sent(bytes);
        return content();
    }

    static std::string hex(std::string_view text) {
        std::string out;
        for (const char c : text) {
            static constexpr char digits[] = "0123456789abcdef";
            out.push_back(digits[static_cast<unsigned char>(c) >> 4U]);
            out.push_back(digits[static_cast<unsigned char>(c) & 15U]);
        }
        return out;
    }

    std::filesystem::path file_;
};

TEST_F(WireTrace, LoginsAndTokensAreWithheld) {
    wire::login_request login;
    login.name_space = "USER";
    login.user = wire::secret("demo");
    login.password = wire::secret("geheim");
    const auto first = traced(login);
    EXPECT_THAT(first, HasSubstr("\"withheld\": "));
    // Not even the namespace beside the password.
    EXPECT_THAT(first, Not(HasSubstr(hex("USER"))));
    wire::second_factor_token token;
    token.token = wire::secret("123456");
    EXPECT_THAT(traced(token), Not(HasSubstr(hex("123456"))));
}

TEST_F(WireTrace, EveryMessageThatCarriesASecretIsWithheld) {
    for (const auto& kind : wire::all_messages()) {
        std::filesystem::remove(file_);
        wire::byte_buffer bytes(wire::frame_header_size);
        const std::string_view canary = "CANARY";
        for (const char c : canary) bytes.push_back(static_cast<std::byte>(c));
        wire::encode_header(
            {static_cast<std::uint32_t>(canary.size()), 1, 0, false, kind.code},
            std::span<std::byte, wire::frame_header_size>(bytes.data(), wire::frame_header_size)
        );
        {
            wire_trace trace(file_.string(), "test");
            trace.sent(bytes);
        }
        EXPECT_EQ(content().find(hex(canary)) == std::string::npos, kind.carries_secret) << kind.name;
    }
}

TEST_F(WireTrace, UnknownMessagesAreWithheldToo) {
    wire::byte_buffer bytes(wire::frame_header_size + 6, std::byte{0x41});
    wire::encode_header({6, 1, 0, false, wire::function_code{0x7A7A}}, std::span<std::byte, wire::frame_header_size>(bytes.data(), wire::frame_header_size));
    wire_trace trace(file_.string(), "test");
    trace.sent(bytes);
    EXPECT_THAT(content(), Not(HasSubstr("414141")));
}

TEST_F(WireTrace, FileIsTheOwnersAlone) {
    const wire_trace trace(file_.string(), "test");

    struct stat facts {};

    ASSERT_EQ(::stat(file_.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(WireTrace, FileThatCannotBeWrittenIsASettingsError) {
    try {
        const wire_trace trace("/nonexistent/folder/file", "test");
        FAIL();
    } catch (const error& failed) {
        EXPECT_EQ(failed.step(), step::settings);
    }
}

} // namespace
} // namespace irislink::driver
