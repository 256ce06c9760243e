#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "samples/sandbox/auth/second_factor.hpp"
#include "samples/sandbox/auth/totp.hpp"
#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::sandbox {
namespace {

constexpr std::string_view key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

class SecondFactorBlock : public ::testing::Test {
protected:
    test::temporary_folder folder;
};

TEST_F(SecondFactorBlock, OneOfManyAtTheSameMomentUsesACode) {
    used_codes used(folder / "used");
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            if (used.use("alice", 100)) ++good;
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(good, 1);
    EXPECT_TRUE(used.use("bob", 100)) << "users do not share";
    EXPECT_FALSE(used.use("alice", 99));
    const used_codes later(folder / "used");
    EXPECT_EQ(later.last("alice"), 100);
    EXPECT_EQ(later.last("carol"), -1);
}

TEST_F(SecondFactorBlock, WhatCannotBeKeptIsNotAccepted) {
    used_codes used(folder / "missing" / "used");
    EXPECT_FALSE(used.use("alice", 100));
    for (const auto* const text : {"", "[]", "{\"alice\": \"x\"}"}) {
        std::ofstream(folder / "broken") << text;
        EXPECT_THROW(used_codes{folder / "broken"}, std::runtime_error) << text;
    }
}

TEST_F(SecondFactorBlock, TheClockDecidesWhichCodeIsRight) {
    second_factor_settings settings;
    settings.totp = true;
    std::int64_t now = 59;
    second_factor factors(settings, {}, [&now] { return now; });
    const factor_setup setup{factor_kind::totp, std::string(key), {}, {}};
    const auto answer = [&](std::string_view code) { return factors.check(*factors.begin("alice", setup).due, code); };
    EXPECT_EQ(answer("287082"), "");
    EXPECT_EQ(answer("287082"), "the two-factor code was used before");
    EXPECT_EQ(answer("123456"), "the two-factor code is wrong");
    now = 1111111109;
    EXPECT_EQ(answer("287082"), "the two-factor code is wrong");
    EXPECT_EQ(answer("081804"), "");
    settings.timeout = std::chrono::seconds(0);
    second_factor late(settings, {}, [&now] { return now; });
    EXPECT_EQ(late.check(*late.begin("alice", setup).due, "081804"), "the two-factor code came too late");
}

TEST_F(SecondFactorBlock, ReasonsOfRefusals) {
    second_factor_settings settings;
    settings.totp = true;
    settings.required = true;
    second_factor factors(settings, {}, [] { return std::int64_t{59}; });
    EXPECT_TRUE(factors.begin("alice", {}).refused);
    EXPECT_TRUE(factors.begin("alice", {factor_kind::totp, "short", {}, {}}).refused);
    settings.sms = true;
    EXPECT_THROW(second_factor(settings, {}, {}), std::invalid_argument) << "no way to send a message";
    settings.outbox = (folder / "box").string();
    second_factor sms(settings, {}, [] { return std::int64_t{59}; });
    EXPECT_TRUE(sms.begin("bob", {factor_kind::sms, {}, "", "Verizon"}).refused);
    EXPECT_TRUE(std::filesystem::is_empty(folder / "box"));
}

} // namespace
} // namespace irislink::sandbox
