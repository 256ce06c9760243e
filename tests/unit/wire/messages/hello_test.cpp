#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

TEST(Hello, RequestIsTheRawVersion) {
    EXPECT_EQ(body_of(hello_request{.protocol = 65}), "41 00");
    EXPECT_EQ(body_of(hello_request{.protocol = 69}), "45 00");
    EXPECT_EQ(decoded<hello_request>(bytes_of_hex("45 00")).protocol, 69);
}

TEST(Hello, ReplyOfTheSpecification) {
    const auto body = bytes_of_hex("41 00 03 00 09 01 55 6E 69 63 6F 64 65");
    const auto reply = decoded<hello_reply>(body);
    EXPECT_EQ(reply.protocol, 65);
    EXPECT_EQ(reply.flags, 3);
    EXPECT_EQ(reply.locale, "Unicode");
    EXPECT_EQ(body_of(reply), hex_of(body));
    const auto format = reply.format();
    EXPECT_EQ(format.protocol, 65);
    EXPECT_TRUE(format.unicode);
    EXPECT_TRUE(format.compact_double);
    EXPECT_EQ(format.locale, charset::latin1);
}

TEST(Hello, FlagsBelow65AreOneBoolean) {
    EXPECT_TRUE((hello_reply{.protocol = 64, .flags = 2}).format().unicode);
    EXPECT_FALSE((hello_reply{.protocol = 64, .flags = 3}).format().compact_double);
    EXPECT_FALSE((hello_reply{.protocol = 64, .flags = 0}).format().unicode);
    EXPECT_FALSE((hello_reply{.protocol = 65, .flags = 2}).format().unicode);
    EXPECT_TRUE((hello_reply{.protocol = 65, .flags = 2}).format().compact_double);
}

TEST(Hello, TheLocaleRulesEightBitSessionsOnly) {
    EXPECT_EQ((hello_reply{.protocol = 65, .flags = 0, .locale = "cp1251"}).format().locale, charset::cp1251);
    EXPECT_EQ((hello_reply{.protocol = 65, .flags = 1, .locale = "CP1251"}).format().locale, charset::latin1);
    EXPECT_EQ((hello_reply{.protocol = 65, .flags = 0, .locale = "KLINGON"}).format().locale, charset::latin1);
}

TEST(Hello, LeftoverBytesAreRefused) {
    EXPECT_EQ(decode_error<hello_request>("45 00 00"), wire_errc::trailing_bytes);
    EXPECT_EQ(decode_error<hello_request>("45"), wire_errc::truncated);
    EXPECT_EQ(decode_error<hello_reply>("41 00 03 00"), wire_errc::truncated);
}

} // namespace
} // namespace irislink::wire
