#include "wire/error/errc.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace irislink::wire {
namespace {

TEST(WireErrc, EveryEnumeratorHasItsOwnText) {
    std::set<std::string> texts;
    for (int value = 1; value <= static_cast<int>(wire_errc::unsupported_version); ++value)
        texts.insert(make_error_code(static_cast<wire_errc>(value)).message());
    EXPECT_EQ(texts.size(), static_cast<std::size_t>(wire_errc::unsupported_version));
    EXPECT_FALSE(texts.contains("unknown protocol error"));
    EXPECT_EQ(make_error_code(static_cast<wire_errc>(999)).message(), "unknown protocol error");
}

TEST(WireErrc, ComparesAsAnErrorCode) {
    const std::error_code error = wire_errc::truncated;
    EXPECT_TRUE(error);
    EXPECT_EQ(error, wire_errc::truncated);
    EXPECT_NE(error, wire_errc::bad_item);
    EXPECT_STREQ(error.category().name(), "irislink.wire");
}

} // namespace
} // namespace irislink::wire
