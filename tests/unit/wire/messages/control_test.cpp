// wire-session 6 and wire-sql 3.12: the small messages.

#include "wire/messages/control.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

template <class M> std::string request_hex(const M& request, std::uint32_t id, std::uint32_t statement = 0) {
    byte_buffer out;
    EXPECT_FALSE(append_request(out, request, id, statement, unicode_format));
    return hex_of(out);
}

TEST(Control, RequestsWithoutFieldsAreAHeader) {
    EXPECT_EQ(request_hex(disconnect_request{}, 0), plain_hex("00 00 00 00 00 00 00 00 00 00 00 00 44 43"));
    EXPECT_EQ(request_hex(ping_request{}, 9), plain_hex("00 00 00 00 09 00 00 00 00 00 00 00 50 47"));
    EXPECT_EQ(decode_error<ping_request>(""), std::error_code{});
    EXPECT_EQ(decode_error<ping_request>("01"), wire_errc::trailing_bytes);
    EXPECT_EQ(decode_error<empty_reply>("02 04"), wire_errc::trailing_bytes);
}

TEST(Control, ResetOfAPool) {
    EXPECT_EQ(request_hex(reset_request{}, 0), plain_hex("05 00 00 00 00 00 00 00 00 00 00 00 52 4E 03 04 01 02 04"));
}

TEST(Control, IsolationIsSetAndAsked) {
    EXPECT_EQ(request_hex(isolation_request{2}, 11), plain_hex("03 00 00 00 0B 00 00 00 00 00 00 00 49 4C 03 04 02"));
    EXPECT_EQ(request_hex(isolation_request{0}, 4), plain_hex("02 00 00 00 04 00 00 00 00 00 00 00 49 4C 02 04"));
    EXPECT_EQ(decoded<integer_reply>(bytes_of_hex("03 04 20")).value, 32);
}

TEST(Control, ErrorTextExchange) {
    EXPECT_EQ(request_hex(error_text_request{402}, 11), plain_hex("04 00 00 00 0B 00 00 00 00 00 00 00 4F 45 04 04 92 01"));
    const auto body = bytes_of_hex("1B 01 49 6E 76 61 6C 69 64 20 55 73 65 72 6E 61 6D 65 2F 50 61 73 73 77 6F 72 64");
    const auto reply = decoded<text_reply>(body);
    EXPECT_EQ(reply.text, "Invalid Username/Password");
    EXPECT_EQ(body_of(reply), hex_of(body));
}

TEST(Control, CancelNamesJobAndStatement) {
    const cancel_request request{.job = 1234, .statement = 1};
    EXPECT_EQ(request_hex(request, 5), plain_hex("07 00 00 00 05 00 00 00 00 00 00 00 45 49 04 04 D2 04 03 04 01"));
    EXPECT_EQ(decoded<cancel_request>(bytes_of_hex("06 01 31 32 33 34 03 04 01")), request);
    EXPECT_EQ(decode_error<cancel_request>("02 04 02 05"), wire_errc::out_of_range);
}

TEST(Control, ClientInformationExample) {
    const client_info_request request{.announced = 1, .entries = {{13, "app"}}};
    EXPECT_EQ(body_of(request), "03 04 01 03 04 0d 05 01 61 70 70");
    EXPECT_EQ(decoded<client_info_request>(bytes_of_hex("03 04 01 03 04 0d 05 01 61 70 70")), request);
}

TEST(Control, ClientInformationEndsWithThePayloadNotWithTheCount) {
    const auto body = bytes_of_hex("03 04 03 03 04 0d 05 01 61 70 70 03 04 0b 03 01 75");
    const auto got = decoded<client_info_request>(body);
    EXPECT_EQ(got.announced, 3);
    EXPECT_EQ(got.entries.size(), 2U);
    EXPECT_EQ(body_of(got), hex_of(body));
    EXPECT_EQ(decode_error<client_info_request>("03 04 01 03 04 0d"), wire_errc::truncated);
}

TEST(Control, ClientInformationIsBounded) {
    std::string hex = "02 04";
    for (int i = 0; i < 257; ++i) hex += "02 04 01";
    EXPECT_EQ(decode_error<client_info_request>(hex), wire_errc::limit_exceeded);
}

TEST(Control, BenchmarkKeepsItsFiller) {
    const auto body = bytes_of_hex("03 04 03 02 04 02 04 03 04 02 03 01 61 03 01 62");
    const auto got = decoded<benchmark_request>(body);
    EXPECT_EQ(got.flavour, 3);
    EXPECT_EQ(hex_of(got.filler), "03 04 02 03 01 61 03 01 62");
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(Control, StatementsToForget) {
    const drop_statements_request two{{1, 300}};
    EXPECT_EQ(body_of(two), "03 04 02 03 04 01 04 04 2c 01");
    EXPECT_EQ(decoded<drop_statements_request>(bytes_of_hex("03 04 02 03 04 01 04 04 2c 01")), two);
    EXPECT_EQ(body_of(drop_statements_request{}), "02 04");
    EXPECT_TRUE(decoded<drop_statements_request>(bytes_of_hex("02 04")).statements.empty());
    EXPECT_EQ(decode_error<drop_statements_request>("06 04 ff ff ff 7f 03 04 01"), wire_errc::truncated);
    EXPECT_EQ(decode_error<drop_statements_request>("03 04 01 02 05"), wire_errc::out_of_range);
}

} // namespace
} // namespace irislink::wire
