#include "samples/sandbox/auth/totp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

namespace irislink::sandbox {
namespace {

// "12345678901234567890" of RFC 6238, appendix B.
constexpr std::string_view rfc_key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

std::string output_of(const std::string& command) {
    const std::unique_ptr<std::FILE, decltype(&::pclose)> pipe(::popen(command.c_str(), "r"), &::pclose);
    std::string out;
    std::array<char, 256> part{};
    while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

TEST(Totp, TheVectorsOfTheRfcInSixDigits) {
    const std::pair<std::int64_t, std::string_view> vectors[] = {
        {59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
    };
    for (const auto& [time, code] : vectors) {
        EXPECT_EQ(totp_code(rfc_key, time / totp_step_seconds).reveal(), code) << time;
        EXPECT_EQ(match_totp(rfc_key, code, time, -1), time / totp_step_seconds) << time;
    }
}

TEST(Totp, OathtoolAgreesForAFreshKey) {
    const auto key = make_totp_key();
    for (const std::int64_t time : {1700000000, 1700000029, 1764000000}) {
        const auto wanted = output_of("oathtool --totp -b --now @" + std::to_string(time) + " " + std::string(key.reveal()));
        ASSERT_EQ(wanted.size(), 6U);
        EXPECT_EQ(totp_code(key.reveal(), time / totp_step_seconds).reveal(), wanted);
    }
}

TEST(Totp, FreshKeysHave160BitsAndDiffer) {
    const auto one = make_totp_key();
    const auto other = make_totp_key();
    EXPECT_EQ(one.reveal().size(), 32U);
    EXPECT_EQ(one.reveal().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), std::string_view::npos);
    EXPECT_FALSE(one == other);
}

TEST(Totp, GoodInTheCurrentAndThePreviousStepOnly) {
    const std::int64_t step = 40'000'000;
    const auto code = totp_code(rfc_key, step);
    const auto at = [&](std::int64_t time) { return match_totp(rfc_key, code.reveal(), time, -1).has_value(); };
    EXPECT_FALSE(at(step * 30 - 1)) << "a clock that is behind";
    EXPECT_TRUE(at(step * 30));
    EXPECT_TRUE(at(step * 30 + 29));
    EXPECT_TRUE(at(step * 30 + 30));
    EXPECT_TRUE(at(step * 30 + 59));
    EXPECT_FALSE(at(step * 30 + 60));
}

TEST(Totp, ACodeThatWasUsedAndThoseBeforeItAreRefused) {
    const std::int64_t step = 40'000'000;
    const auto now = step * 30 + 5;
    const auto current = totp_code(rfc_key, step);
    const auto previous = totp_code(rfc_key, step - 1);
    const auto used = match_totp(rfc_key, previous.reveal(), now, -1);
    ASSERT_EQ(used, step - 1);
    EXPECT_FALSE(match_totp(rfc_key, previous.reveal(), now, *used));
    EXPECT_EQ(match_totp(rfc_key, current.reveal(), now, *used), step);
    EXPECT_FALSE(match_totp(rfc_key, previous.reveal(), now, step));
}

TEST(Totp, WhatIsNoCodeIsRefused) {
    const std::int64_t now = 59;
    for (const auto* const text : {"", "28708", "2870820", " 287082", "287083", "28708a", "000000"}) EXPECT_FALSE(match_totp(rfc_key, text, now, -1)) << text;
    EXPECT_FALSE(match_totp(rfc_key, std::string_view("287082\0", 7), now, -1));
    for (const auto* const key : {"", "GEZDGNBV", "not base 32!", "1111111111111111111111111111"}) {
        EXPECT_FALSE(is_totp_key(key)) << key;
        EXPECT_FALSE(match_totp(key, "000000", now, -1)) << key;
        EXPECT_FALSE(match_totp(key, "", now, -1)) << key;
    }
}

TEST(Totp, KeysMayBeTypedInGroupsAndInLowerCase) {
    EXPECT_TRUE(is_totp_key("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"));
    EXPECT_EQ(match_totp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", "287082", 59, -1), 1);
}

TEST(Totp, TheUriNamesIssuerAccountAndKeyEscaped) {
    EXPECT_EQ(
        totp_uri("My Lab: 1", "zo\xC3\xAB@x", rfc_key).reveal(),
        "otpauth://totp/My%20Lab%3A%201:zo%C3%AB%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20Lab%3A%201&algorithm=SHA1&digits=6&period=30"
    );
}

TEST(Totp, TheQrCodeIsASquareWithItsThreeEyes) {
    const auto drawn = qr_code(totp_uri("irislink", "alice", rfc_key).reveal());
    std::vector<std::vector<bool>> dark; // by line, two of them a text line
    std::string_view text = drawn.reveal();
    while (!text.empty()) {
        std::vector<bool> upper;
        std::vector<bool> lower;
        for (auto line = text.substr(0, text.find('\n')); !line.empty();) {
            const bool blank = line.front() == ' ';
            const auto sign = line.substr(0, blank ? 1 : 3);
            upper.push_back(blank || sign == "▄");
            lower.push_back(blank || sign == "▀");
            line.remove_prefix(sign.size());
        }
        dark.push_back(upper);
        dark.push_back(lower);
        text.remove_prefix(text.find('\n') + 1);
    }
    const auto width = dark.front().size();
    ASSERT_GE(dark.size(), width);
    for (const auto& line : dark) EXPECT_EQ(line.size(), width);
    // Finder patterns: a dark ring of 7, a light ring of 5, a dark square of 3; two modules of margin.
    const auto eye = [&](std::size_t top, std::size_t left) {
        for (std::size_t y = 0; y < 7; ++y)
            for (std::size_t x = 0; x < 7; ++x) {
                const bool ring = y == 0 || y == 6 || x == 0 || x == 6;
                const bool middle = y >= 2 && y <= 4 && x >= 2 && x <= 4;
                if (dark[top + y][left + x] != (ring || middle)) return false;
            }
        return true;
    };
    EXPECT_TRUE(eye(2, 2));
    EXPECT_TRUE(eye(2, width - 9));
    EXPECT_TRUE(eye(width - 9, 2));
}

} // namespace
} // namespace irislink::sandbox
