#include "wire/messages/batch.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

// raw count 2, [0], then text and values of each.
constexpr const char* two_statements = "02 00 00 00 02 04  03 04 01 03 01 61 03 04 01 02 04  03 04 01 03 01 62 03 04 01 03 04 01 03 01 35";

TEST(Batch, BothWays) {
    const auto body = bytes_of_hex(two_statements);
    const auto got = decoded<statement_batch_request>(body);
    ASSERT_EQ(got.entries.size(), 2U);
    EXPECT_EQ(got.entries[0].sql.text, "a");
    EXPECT_EQ(got.entries[0].values.count, 0U);
    EXPECT_EQ(got.entries[1].sql.text, "b");
    EXPECT_EQ(hex_of(got.entries[1].values.items), "03 01 35");
    EXPECT_EQ(body_of(got), hex_of(body));
}

TEST(Batch, CountsThatCannotBeTrueAreRefused) {
    EXPECT_EQ(decode_error<statement_batch_request>("ff ff ff ff 02 04 03 01 00"), wire_errc::truncated);
    EXPECT_EQ(decode_error<statement_batch_request>("02 00 00 00 02 04 02 01 03 04 01 02 04"), wire_errc::truncated);
    EXPECT_EQ(decode_error<statement_batch_request>("02 00 00"), wire_errc::truncated);
    // A million and one empty statements of five bytes.
    auto body = bytes_of_hex("41 42 0f 00 02 04");
    for (int i = 0; i < 1'000'001; ++i)
        for (const auto byte : {2, 1, 2, 4, 1}) body.push_back(static_cast<std::byte>(byte));
    statement_batch_request out;
    EXPECT_EQ(decode_as(out, body, unicode_format), wire_errc::limit_exceeded);
    EXPECT_TRUE(out.entries.empty());
}

} // namespace
} // namespace irislink::wire
