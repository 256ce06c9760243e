#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

TEST(SecondFactor, ExchangeOfTheSpecification) {
    byte_buffer out;
    ASSERT_FALSE(append_request(out, second_factor_query{}, 5, 0, unicode_format));
    EXPECT_EQ(hex_of(out), plain_hex("00 00 00 00 05 00 00 00 00 00 00 00 32 45"));
    out.clear();
    second_factor_token token;
    token.token = secret("123456");
    ASSERT_FALSE(append_request(out, token, 7, 0, unicode_format));
    EXPECT_EQ(hex_of(out), plain_hex("08 00 00 00 07 00 00 00 00 00 00 00 32 46 08 01 31 32 33 34 35 36"));
    out.clear();
    ASSERT_FALSE(append_reply(out, second_factor_query_reply{true}, 5, 0, 0, unicode_format));
    EXPECT_EQ(hex_of(out), plain_hex("03 00 00 00 05 00 00 00 00 00 00 00 00 00 03 04 01"));
}

TEST(SecondFactor, OnlyOneMeansRequired) {
    EXPECT_TRUE(decoded<second_factor_query_reply>(bytes_of_hex("03 04 01")).required);
    EXPECT_FALSE(decoded<second_factor_query_reply>(bytes_of_hex("02 04")).required);
    EXPECT_FALSE(decoded<second_factor_query_reply>(bytes_of_hex("03 04 02")).required);
    EXPECT_EQ(decode_error<second_factor_query_reply>(""), wire_errc::truncated);
}

TEST(SecondFactor, TokensAreReadInAnyTextForm) {
    EXPECT_EQ(decoded<second_factor_token>(bytes_of_hex("08 01 31 32 33 34 35 36")).token.reveal(), "123456");
    EXPECT_EQ(decoded<second_factor_token>(bytes_of_hex("0e 02 31 00 32 00 33 00 34 00 35 00 36 00")).token.reveal(), "123456");
    EXPECT_TRUE(decoded<second_factor_token>(bytes_of_hex("03 01 00")).token.empty());
    EXPECT_EQ(decode_error<second_factor_token>("04 02 00 d8"), wire_errc::bad_text);
}

} // namespace
} // namespace irislink::wire
