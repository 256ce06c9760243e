#include "samples/sandbox/auth/sms_code.hpp"

#include <gtest/gtest.h>

#include <set>

namespace irislink::sandbox {
namespace {

using namespace std::chrono_literals;

const auto start = std::chrono::steady_clock::time_point(1000s);

TEST(SmsCode, SixDigitsThatDiffer) {
    std::set<std::string> seen;
    bool leading_zero = false;
    for (int i = 0; i < 400; ++i) {
        const auto code = sms_code::make(start, 60s);
        ASSERT_EQ(code.reveal().size(), 6U);
        EXPECT_EQ(code.reveal().find_first_not_of("0123456789"), std::string_view::npos);
        leading_zero = leading_zero || code.reveal().front() == '0';
        seen.emplace(code.reveal());
    }
    EXPECT_GT(seen.size(), 390U);
    EXPECT_TRUE(leading_zero) << "all of the million codes are possible";
}

TEST(SmsCode, GoodOnce) {
    auto code = sms_code::make(start, 60s);
    const std::string digits(code.reveal());
    EXPECT_TRUE(code.use(digits, start + 1s));
    EXPECT_FALSE(code.use(digits, start + 1s));
    EXPECT_FALSE(code.use("", start + 1s));
}

TEST(SmsCode, GoodUntilItsTimeIsOver) {
    auto in_time = sms_code::make(start, 60s);
    EXPECT_TRUE(in_time.use(std::string(in_time.reveal()), start + 59s));
    auto late = sms_code::make(start, 60s);
    EXPECT_FALSE(late.use(std::string(late.reveal()), start + 60s));
}

TEST(SmsCode, AWrongAnswerUsesItUp) {
    auto code = sms_code::make(start, 60s);
    const std::string digits(code.reveal());
    auto wrong = digits;
    wrong[5] = wrong[5] == '9' ? '0' : static_cast<char>(wrong[5] + 1);
    EXPECT_FALSE(code.use(wrong, start));
    EXPECT_FALSE(code.use(digits, start));
}

TEST(SmsCode, WhatIsLongerOrShorterIsWrong) {
    for (const auto* const more : {" ", "0"}) {
        auto code = sms_code::make(start, 60s);
        EXPECT_FALSE(code.use(std::string(code.reveal()) + more, start));
    }
    auto code = sms_code::make(start, 60s);
    EXPECT_FALSE(code.use(std::string(code.reveal().substr(0, 5)), start));
}

TEST(MessageAddress, TheDocumentedProvidersAreThere) {
    const auto providers = standard_providers();
    EXPECT_EQ(providers.size(), 7U);
    EXPECT_EQ(message_address(providers, "+1 (617) 555-0100", "AT&T Wireless"), "16175550100@txt.att.net");
    EXPECT_EQ(message_address(providers, "16175550100", "alltel"), "16175550100@message.alltel.com");
    EXPECT_EQ(message_address(providers, "16175550100", "Cellular One"), "16175550100@mobile.celloneusa.com");
    EXPECT_EQ(message_address(providers, "16175550100", "Nextel"), "16175550100@messaging.nextel.com");
    EXPECT_EQ(message_address(providers, "16175550100", "Sprint PCS"), "16175550100@messaging.sprintpcs.com");
    EXPECT_EQ(message_address(providers, "617.555.0100", "T-Mobile"), "6175550100@tmomail.net");
    EXPECT_EQ(message_address(providers, "6175550100", "VERIZON"), "6175550100@vtext.com");
}

TEST(MessageAddress, NothingThatCouldBreakAHeaderGetsThrough) {
    auto providers = standard_providers();
    for (const auto* const number :
         {"", "123", "1234567890123456", "555\r\nBcc: a@b.c", "555 0100@evil.example", "555,0100", "5550+100", "<5550100>", "555\t0100"})
        EXPECT_FALSE(message_address(providers, number, "Verizon")) << number;
    EXPECT_FALSE(message_address(providers, std::string_view("5550100\0", 8), "Verizon"));
    EXPECT_FALSE(message_address(providers, "5550100", "Nobody"));
    for (const auto* const gateway : {"", "a\r\nb", "a b", "a>b", "-a.example", "a-.example", "a..b", "a.", ".a", "a_b"}) {
        EXPECT_FALSE(is_gateway(gateway)) << gateway;
        providers["MINE"] = gateway;
        EXPECT_FALSE(message_address(providers, "5550100", "mine")) << gateway;
    }
    EXPECT_FALSE(is_gateway(std::string(64, 'a') + ".example"));
    providers["MINE"] = "sms-1.example.com";
    EXPECT_EQ(message_address(providers, "5550100", "Mine"), "5550100@sms-1.example.com");
}

} // namespace
} // namespace irislink::sandbox
