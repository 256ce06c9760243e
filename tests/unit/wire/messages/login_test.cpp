// wire-session 4.4 to 4.8, with the CN fixtures of its appendix.

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

// "_SYSTEM" and "SYS", scrambled.
constexpr const char* who = "09 01 5D 7C BE FE 40 3F DF  05 01 9E FF DE";

struct login_fixture {
    const char* client;
    std::string body;
    const char* user;
    const char* password;
    const char* application;
    const char* client_info; // field 7 as an item
    const char* address;
    std::int64_t isolation;
    std::uint32_t features;
};

std::vector<login_fixture> fixtures() {
    const std::string user = who;
    const std::string odbc_tail = "07 01 61 6C 69 63 65 06 01 77 6B 73 31 16 01 6C 69 62 69 72 69 73 6F 64 62 63 75 72 36 34 33 35"
                                  "2E 73 6F 02 04 0B 01 31 32 37 2E 30 2E 30 2E 31 03 01 00 03 04 01 02 04 03 04 03";
    return {
        {"Python",
         "06 01 55 53 45 52" + user +
             "07 01 61 6C 69 63 65 06 01 77 6B 73 31 14 01 5F 49 52 49 53 43 6F 6E 6E 65 63 74 69 6F 6E"
             "2E 70 79 0E 01 00 00 00 00 00 00 00 00 00 00 00 00 0B 01 31 32 37 2E 30 2E 30 2E 31 03 01 00"
             "03 04 01 03 04 01 03 04 20",
         "_SYSTEM", "SYS", "_IRISConnection.py", "0e 01 00 00 00 00 00 00 00 00 00 00 00 00", "127.0.0.1", 1, 32},
        {"ODBC", "06 01 55 53 45 52" + user + odbc_tail, "_SYSTEM", "SYS", "libirisodbcur6435.so", "02 04", "127.0.0.1", 0, 3},
        {"ODBC after Kerberos", "06 01 55 53 45 52 02 01 02 01" + odbc_tail, "", "", "libirisodbcur6435.so", "02 04", "127.0.0.1", 0, 3},
        {"JDBC",
         "06 01 55 53 45 52" + user +
             "07 01 61 6C 69 63 65 06 01 77 6B 73 31 06 01 4D 61 69 6E"
             "5C 01 06 01 4A 44 42 43 1E 01 69 6E 74 65 72 73 79 73 74 65 6D 73 2D 6A 64 62 63 2D 33 2E 31"
             "30 2E 32 2E 6A 61 72 0A 01 33 2E 31 30 2E 32 2E 30 0B 01 4C 69 6E 75 78 5C 36 2E 31 21 01 4F"
             "70 65 6E 4A 44 4B 20 36 34 2D 42 69 74 20 53 65 72 76 65 72 20 56 4D 5C 31 37 2E 30 2E 31"
             "0B 01 53 48 4D 7C 7C 7C 7C 7C 31 03 01 00 03 04 01 03 04 01 03 04 3B",
         "_SYSTEM", "SYS", "Main", nullptr, "SHM|||||1", 1, 59},
    };
}

TEST(Login, FixturesOfTheOfficialClientsBothWays) {
    for (const auto& each : fixtures()) {
        SCOPED_TRACE(each.client);
        const auto body = bytes_of_hex(each.body);
        const auto got = decoded<login_request>(body);
        EXPECT_EQ(got.name_space, "USER");
        EXPECT_EQ(got.user.reveal(), each.user);
        EXPECT_EQ(got.password.reveal(), each.password);
        EXPECT_EQ(got.os_user, "alice");
        EXPECT_EQ(got.machine, "wks1");
        EXPECT_EQ(got.application, each.application);
        if (each.client_info != nullptr) {
            EXPECT_EQ(hex_of(got.client_info), each.client_info);
        }
        EXPECT_EQ(got.address, each.address);
        EXPECT_EQ(got.event_class, "");
        EXPECT_TRUE(got.autocommit);
        EXPECT_EQ(got.isolation, each.isolation);
        EXPECT_EQ(got.features, each.features);
        EXPECT_EQ(got.field_count, 12U);
        EXPECT_EQ(body_of(got), hex_of(body));
    }
}

login_request our_login() {
    login_request out;
    out.name_space = "USER";
    out.user = secret("_SYSTEM");
    out.password = secret("SYS");
    out.os_user = "alice";
    out.machine = "wks1";
    out.application = "myapp";
    out.address = "127.0.0.1";
    out.isolation = 1;
    return out;
}

TEST(Login, WorkedExampleOfTheSpecification) {
    byte_buffer out;
    ASSERT_FALSE(append_request(out, our_login(), 3, 0, unicode_format));
    EXPECT_EQ(
        hex_of(out), plain_hex("41 00 00 00  03 00 00 00  00 00 00 00  43 4E  06 01 55 53 45 52"
                               "09 01 5D 7C BE FE 40 3F DF  05 01 9E FF DE  07 01 61 6C 69 63 65  06 01 77 6B 73 31"
                               "07 01 6D 79 61 70 70  03 01 00  0B 01 31 32 37 2E 30 2E 30 2E 31  03 01 00  03 04 01"
                               "03 04 01  02 04")
    );
}

TEST(Login, AutocommitOffIsTwo) {
    auto request = our_login();
    request.autocommit = false;
    const auto hex = body_of(request);
    EXPECT_TRUE(hex.ends_with("03 01 00 03 04 02 03 04 01 02 04")) << hex;
    const auto body = bytes_of_hex(hex);
    EXPECT_FALSE(decoded<login_request>(body).autocommit);
}

TEST(Login, MissingTrailingFieldsAreDefaults) {
    const std::string head = "06 01 55 53 45 52" + std::string(who) + "03 01 61 03 01 62 03 01 63 02 04 03 01 64";
    const char* const tails[] = {"", "03 01 65", "03 04 02", "03 04 20", "03 04 03"};
    std::string hex = head;
    for (std::size_t extra = 0; extra < std::size(tails); ++extra) {
        hex += tails[extra];
        const auto body = bytes_of_hex(hex);
        const auto got = decoded<login_request>(body);
        EXPECT_EQ(got.field_count, 8 + extra);
        EXPECT_EQ(got.event_class, extra >= 1 ? "e" : "");
        EXPECT_EQ(got.autocommit, extra < 2);
        EXPECT_EQ(got.isolation, extra >= 3 ? 32 : 0);
        EXPECT_EQ(got.features, extra >= 4 ? 3U : 0U);
        EXPECT_EQ(body_of(got), hex_of(body));
    }
    EXPECT_EQ(decode_error<login_request>(hex + "02 04"), wire_errc::trailing_bytes);
}

TEST(Login, FieldSevenMayBeAnyItem) {
    for (const auto* field : {"01", "02 01", "03 01 00", "03 04 05", "0a 08 00 00 00 00 00 00 f0 3f", "06 02 41 04 42 04"}) {
        const auto body = bytes_of_hex("06 01 55 53 45 52" + std::string(who) + "03 01 61 03 01 62 03 01 63" + field + "03 01 64");
        const auto got = decoded<login_request>(body);
        EXPECT_EQ(hex_of(got.client_info), plain_hex(field));
        EXPECT_EQ(body_of(got), hex_of(body));
    }
}

TEST(Login, ATokenTravelsAsThePasswordOfNobody) {
    login_request request;
    const std::string token(1200, 'j');
    request.password = secret(token);
    byte_buffer body;
    ASSERT_FALSE(encode_as(request, unicode_format, body));
    const auto got = decoded<login_request>(body);
    EXPECT_TRUE(got.user.empty());
    EXPECT_EQ(got.password.reveal(), token);
}

TEST(Login, ThePasswordIsNowhereInTheBytes) {
    byte_buffer body;
    auto request = our_login();
    request.password = secret("correct horse");
    ASSERT_FALSE(encode_as(request, unicode_format, body));
    EXPECT_EQ(as_text(body).find("correct"), std::string_view::npos);
}

TEST(Login, FeatureBitsOutsideTheirRangeAreRefused) {
    const std::string head = "06 01 55 53 45 52" + std::string(who) + "03 01 61 03 01 62 03 01 63 02 04 03 01 64 03 01 00 03 04 01 02 04";
    EXPECT_EQ(decode_error<login_request>(head + "02 05"), wire_errc::out_of_range);
    EXPECT_EQ(decode_error<login_request>(head + "07 04 00 00 00 00 01"), wire_errc::out_of_range);
    EXPECT_FALSE(decode_error<login_request>(head + "06 04 ff ff ff ff"));
}

TEST(LoginReply, ExampleOfTheSpecification) {
    const auto body = bytes_of_hex("19 01 49 52 49 53 20 56 65 72 73 69 6F 6E 20 31 2E 30 20 28 74 65 73 74 29"
                                   "03 04 01 02 04 03 04 23 06 01 31 32 33 34 03 04 01 02 04");
    const auto got = decoded<login_reply>(body);
    EXPECT_EQ(
        got, (login_reply{
                 .server_version = "IRIS Version 1.0 (test)",
                 .delimited_identifiers = true,
                 .reserved = 0,
                 .isolation_levels = 35,
                 .job = 1234,
                 .empty_text_code = 1,
                 .features = 0,
             })
    );
    // The job is written as an integer; a server may send it as text.
    EXPECT_EQ(
        body_of(got), plain_hex("19 01 49 52 49 53 20 56 65 72 73 69 6F 6E 20 31 2E 30 20 28 74 65 73 74 29"
                                "03 04 01 02 04 03 04 23 04 04 d2 04 03 04 01 02 04")
    );
}

TEST(LoginReply, FeaturesMayBeMissing) {
    const auto body = bytes_of_hex("03 01 76 03 04 01 02 04 03 04 23 03 04 07 02 04");
    EXPECT_EQ(decoded<login_reply>(body).features, 0U);
}

TEST(Refusal, OneTextOrNothing) {
    const auto body = bytes_of_hex("0f 01 41 63 63 65 73 73 20 44 65 6e 69 65 64");
    EXPECT_EQ(decoded<refusal_reply>(body).text, "Access Denied");
    EXPECT_EQ(decoded<refusal_reply>({}).text, "");
    // Clients of the vendor crash on a refusal without a text, so one is always written.
    EXPECT_EQ(body_of(refusal_reply{}), hex_of(body));
    EXPECT_EQ(body_of(refusal_reply{.text = "no"}), "04 01 6e 6f");
    EXPECT_EQ(decode_error<refusal_reply>("03 01 61 03 01 62"), wire_errc::trailing_bytes);
}

TEST(Reset, PayloadOfAPool) {
    EXPECT_EQ(body_of(reset_request{}), "03 04 01 02 04");
    EXPECT_EQ(decoded<reset_request>(bytes_of_hex("03 04 02 03 04 20")), (reset_request{2, 32}));
}

TEST(NamespaceList, ExampleOfTheSpecification) {
    const auto body = bytes_of_hex("09 01 5F 53 59 53 54 45 4D  05 01 53 59 53");
    const auto got = decoded<namespace_list_request>(body);
    EXPECT_EQ(got.user, "_SYSTEM");
    EXPECT_EQ(got.password.reveal(), "SYS");
    EXPECT_EQ(body_of(got), hex_of(body));
    EXPECT_EQ(body_of(namespace_list_reply{.names = {"USER", "%SYS"}}), "03 04 02 06 01 55 53 45 52 06 01 25 53 59 53");
}

} // namespace
} // namespace irislink::wire
