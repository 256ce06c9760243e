#include "samples/sandbox/auth/allowed_addresses.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace irislink::sandbox {
namespace {

bool allows(const std::string& entry, std::string_view address) {
    return allowed_addresses({entry}).allows(address);
}

TEST(AllowedAddresses, AnEmptyListAllowsEverybody) {
    EXPECT_TRUE(allowed_addresses{}.allows("192.0.2.7"));
    EXPECT_TRUE(allowed_addresses(std::vector<std::string>{}).allows("2001:db8::1"));
}

TEST(AllowedAddresses, OneAddressIsOneAddress) {
    EXPECT_TRUE(allows("192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(allows("192.0.2.7", "192.0.2.70"));
    EXPECT_TRUE(allows("2001:db8::1", "2001:0DB8:0:0:0:0:0:1"));
    EXPECT_FALSE(allows("2001:db8::1", "2001:db8::2"));
}

TEST(AllowedAddresses, AMappedAddressIsItsIpv4Address) {
    EXPECT_TRUE(allows("192.0.2.7", "::ffff:192.0.2.7"));
    EXPECT_TRUE(allows("::ffff:192.0.2.7", "192.0.2.7"));
    EXPECT_TRUE(allows("10.0.0.0/8", "::ffff:10.1.2.3"));
}

TEST(AllowedAddresses, BlocksEndAtTheirLastBit) {
    EXPECT_TRUE(allows("10.1.0.0/16", "10.1.255.255"));
    EXPECT_FALSE(allows("10.1.0.0/16", "10.2.0.0"));
    EXPECT_TRUE(allows("192.0.2.128/25", "192.0.2.200"));
    EXPECT_FALSE(allows("192.0.2.128/25", "192.0.2.127"));
    EXPECT_TRUE(allows("192.0.2.4/30", "192.0.2.7"));
    EXPECT_FALSE(allows("192.0.2.4/30", "192.0.2.8"));
    EXPECT_TRUE(allows("fe80::/10", "febf::1%eth0"));
    EXPECT_FALSE(allows("fe80::/10", "fec0::1"));
    EXPECT_TRUE(allows("0.0.0.0/0", "203.0.113.9"));
    EXPECT_FALSE(allows("0.0.0.0/0", "2001:db8::1")) << "all of IPv4 is not all";
}

TEST(AllowedAddresses, PlacesMayBeOpenOrRanges) {
    EXPECT_TRUE(allows("10.1.*.*", "10.1.9.200"));
    EXPECT_FALSE(allows("10.1.*.*", "10.2.9.200"));
    EXPECT_TRUE(allows("10.1.2.1-20", "10.1.2.20"));
    EXPECT_FALSE(allows("10.1.2.1-20", "10.1.2.21"));
    EXPECT_FALSE(allows("10.1.2.1-20", "10.1.2.0"));
    EXPECT_FALSE(allows("*.*.*.*", "2001:db8::1"));
}

TEST(AllowedAddresses, NamesAreLookedUp) {
    EXPECT_TRUE(allows("localhost", "127.0.0.1"));
    EXPECT_FALSE(allows("localhost", "192.0.2.7"));
    EXPECT_FALSE(allows("no-such-machine.invalid", "127.0.0.1"));
}

TEST(AllowedAddresses, AnyEntryIsEnough) {
    const allowed_addresses several({"192.0.2.7", "10.0.0.0/8", "2001:db8::/32"});
    EXPECT_TRUE(several.allows("10.9.9.9"));
    EXPECT_TRUE(several.allows("2001:db8:1::5"));
    EXPECT_FALSE(several.allows("192.0.2.8"));
    EXPECT_FALSE(several.allows("not an address"));
}

TEST(AllowedAddresses, WhatMeansNothingIsRefused) {
    for (const auto* const entry :
         {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "fe80::/129", "256.1.1.1", "10.1.2", "10.1.2.20-1", "10.1.2.*5", "10..2.3", "-host", "ho st",
          "1.2.3.4.5", "*"})
        EXPECT_THROW(allowed_addresses({entry}), std::invalid_argument) << entry;
}

} // namespace
} // namespace irislink::sandbox
