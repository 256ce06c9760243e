#include "wire/messages/catalog.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

TEST(Catalog, TablesOfTheSpecificationBothWays) {
    const auto body = bytes_of_hex("03 04 01 03 04 03 04 01 54 25 0c 01 54 41 42 4c 45 2c 56 49 45 57 09 01 53 51 4c 55 73 65 72");
    const auto got = decoded<catalog_request>(body);
    EXPECT_EQ(got, (catalog_request{1, {"T%", "TABLE,VIEW", "SQLUser"}}));
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(Catalog, NoArguments) {
    EXPECT_EQ(body_of(catalog_request{}), "03 04 01 02 04");
    EXPECT_EQ(decoded<catalog_request>(bytes_of_hex("03 04 01 02 04")), catalog_request{});
}

TEST(Catalog, ArgumentsMayBeNumbersOrNull) {
    const auto got = decoded<catalog_request>(bytes_of_hex("03 04 01 03 04 03 03 04 0c 02 01 03 01 00"));
    EXPECT_EQ(got.arguments, (std::vector<std::string>{"12", "", ""}));
}

TEST(Catalog, ArgumentListsAreBounded) {
    std::string hex = "03 04 01 03 04 11";
    for (int i = 0; i < 17; ++i) hex += "01";
    EXPECT_EQ(decode_error<catalog_request>(hex), wire_errc::limit_exceeded);
}

TEST(Catalog, ReplyIsAnIntegerAndColumns) {
    const auto body = bytes_of_hex("02 04 03 04 01 03 01 61 03 04 0c 03 04 32 02 04 03 04 01 03 01 61 03 01 00 03 01 00 03 01 00"
                                   "0e 01 00 00 00 00 00 00 00 00 00 00 00 00");
    const auto got = decoded<catalog_reply>(body);
    EXPECT_EQ(got.columns.at(0).name, "a");
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(Catalog, ItemsBehindTheColumnsAreSteppedOver) {
    const auto body = bytes_of_hex("03 04 01 02 04 02 04 03 01 61");
    const auto got = decoded<catalog_reply>(body);
    EXPECT_EQ(hex_of(got.trailing), "02 04 03 01 61");
    EXPECT_EQ(body_of(got), hex_of(body));
    EXPECT_EQ(decode_error<catalog_reply>("03 04 01 02 04 02"), wire_errc::truncated);
}

} // namespace
} // namespace irislink::wire
