#include "wire/types/guid.hpp"

#include <gtest/gtest.h>

namespace irislink::wire {
namespace {

constexpr const char* text = "6F9619FF-8B86-d011-B42D-00C04FC964FF";

TEST(Guid, BytesAreInTheOrderOfTheDigits) {
    const auto parsed = parse_guid(text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ((*parsed)[0], std::byte{0x6F});
    EXPECT_EQ((*parsed)[7], std::byte{0x11});
    EXPECT_EQ((*parsed)[15], std::byte{0xFF});
    EXPECT_EQ(parse_guid("  {" + std::string(text) + "} "), parsed);
}

TEST(Guid, WhatIsNoneIsRefused) {
    for (const auto* const bad :
         {"", "6F9619FF", "6F9619FF8B86-D011-B42D-00C04FC964FF-", "6F9619FG-8B86-D011-B42D-00C04FC964FF", "{6F9619FF-8B86-D011-B42D-00C04FC964FF",
          "6F9619FF-8B86-D011-B42D-00C04FC964FF0"})
        EXPECT_FALSE(parse_guid(bad)) << bad;
}

TEST(Guid, FromItems) {
    guid narrow;
    guid wide;
    EXPECT_EQ(to_guid({item_code::text8, false, false, as_bytes(text)}, narrow), coercion::ok);
    byte_buffer utf16;
    ASSERT_TRUE(append_utf16(utf16, text));
    EXPECT_EQ(to_guid({item_code::text16, false, false, utf16}, wide), coercion::ok);
    EXPECT_EQ(narrow, wide);
    ASSERT_TRUE(append_utf16(utf16, std::string(100, ' ')));
    EXPECT_EQ(to_guid({item_code::text16, false, false, utf16}, wide), coercion::bad_literal);
    EXPECT_EQ(to_guid({}, wide), coercion::null);
    EXPECT_EQ(to_guid({item_code::positive, false, false, as_bytes("1")}, wide), coercion::not_convertible);
}

} // namespace
} // namespace irislink::wire
