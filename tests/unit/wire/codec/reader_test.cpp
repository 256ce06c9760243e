#include "wire/codec/reader.hpp"

#include <array>

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;

TEST(Reader, FieldsInOrderThenEnd) {
    const auto bytes = bytes_of_hex("04 01 61 62  03 04 07  02 01  34 12  78 56 34 12  ff");
    reader in(bytes);
    EXPECT_EQ(in.text(), "ab");
    EXPECT_EQ(in.integer(), 7);
    EXPECT_EQ(in.nullable_text(), std::nullopt);
    EXPECT_EQ(in.raw_u16(), 0x1234);
    EXPECT_EQ(in.raw_u32(), 0x12345678U);
    EXPECT_EQ(in.remaining(), 1U);
    EXPECT_EQ(in.rest().size(), 1U);
    EXPECT_TRUE(in.at_end());
    EXPECT_FALSE(in.finish());
}

TEST(Reader, TheFirstErrorSticksAndLaterReadsAreEmpty) {
    const auto bytes = bytes_of_hex("03 04 07 09 01 61");
    reader in(bytes);
    EXPECT_EQ(in.integer(), 7);
    EXPECT_EQ(in.text(), "");
    EXPECT_EQ(in.error(), wire_errc::truncated);
    EXPECT_EQ(in.integer(), 0);
    EXPECT_EQ(in.raw_u32(), 0U);
    EXPECT_TRUE(in.rest().empty());
    EXPECT_TRUE(in.next_raw().empty());
    EXPECT_TRUE(in.at_end());
    EXPECT_EQ(in.finish(), wire_errc::truncated);
}

TEST(Reader, TrailingBytesAreAnError) {
    const auto bytes = bytes_of_hex("03 04 07 01");
    reader in(bytes);
    EXPECT_EQ(in.integer(), 7);
    EXPECT_EQ(in.finish(), wire_errc::trailing_bytes);
}

TEST(Reader, UnknownCodesAreRefused) {
    for (const auto* hex : {"02 0a", "03 0d 00", "03 10 00", "03 40 00", "03 80 00", "03 fa 00", "03 ff 00"}) {
        const auto bytes = bytes_of_hex(hex);
        reader in(bytes);
        (void)in.next();
        EXPECT_EQ(in.error(), wire_errc::unknown_item_code) << hex;
    }
}

TEST(Reader, TextsAndNumbersAreTakenForEachOther) {
    const auto bytes = bytes_of_hex("06 01 31 32 33 34  04 04 d2 04  04 06 ff 0f  02 01  03 01 00");
    reader in(bytes);
    EXPECT_EQ(in.integer(), 1234);
    EXPECT_EQ(in.text(), "1234");
    EXPECT_EQ(in.text(), "1.5");
    EXPECT_EQ(in.integer(), 0);
    EXPECT_EQ(in.integer(), 0);
    EXPECT_FALSE(in.finish());
}

TEST(Reader, AFractionIsNotAnIntegerField) {
    const auto bytes = bytes_of_hex("04 06 ff 0f");
    reader in(bytes);
    (void)in.integer();
    EXPECT_EQ(in.error(), wire_errc::bad_value);
}

TEST(Reader, IntegerRangesAreKept) {
    const auto bytes = bytes_of_hex("03 04 05  03 04 05");
    reader in(bytes);
    EXPECT_EQ(in.integer_in(5, 5), 5);
    (void)in.integer_in(6, 9);
    EXPECT_EQ(in.error(), wire_errc::out_of_range);
    const auto wide = bytes_of_hex("0b 04 01 02 03 04 05 06 07 08 09");
    reader too_wide(wide);
    (void)too_wide.integer();
    EXPECT_EQ(too_wide.error(), wire_errc::out_of_range);
}

TEST(Reader, CountsThatCannotBeTrueAreRefused) {
    const auto negative = bytes_of_hex("02 05");
    reader a(negative);
    EXPECT_EQ(a.count(), 0U);
    EXPECT_EQ(a.error(), wire_errc::out_of_range);
    const auto three_of_two = bytes_of_hex("03 04 03 01 01 01 01 01");
    reader b(three_of_two);
    EXPECT_EQ(b.count(2), 0U);
    EXPECT_EQ(b.error(), wire_errc::truncated);
    reader c(three_of_two);
    EXPECT_EQ(c.count(1), 3U);
    EXPECT_FALSE(c.failed());
    const auto huge = bytes_of_hex("0a 04 ff ff ff ff ff ff ff 7f 01");
    reader d(huge);
    EXPECT_EQ(d.count(), 0U);
    EXPECT_TRUE(d.failed());
}

TEST(Reader, MalformedUtf16IsBadText) {
    for (const auto* hex : {"05 02 61 00 62", "04 02 00 d8", "04 02 00 dc", "06 02 00 d8 61 00"}) {
        const auto bytes = bytes_of_hex(hex);
        reader in(bytes);
        EXPECT_EQ(in.text(), "") << hex;
        EXPECT_EQ(in.error(), wire_errc::bad_text) << hex;
    }
}

TEST(Reader, BinaryTakesTheDataAsItStands) {
    const auto bytes = bytes_of_hex("05 01 00 ff 41  02 01  03 01 00  03 04 05");
    reader in(bytes);
    EXPECT_EQ(hex_of(in.binary()), "00 ff 41");
    EXPECT_TRUE(in.binary().empty());
    EXPECT_EQ(hex_of(in.binary()), "00");
    EXPECT_TRUE(in.binary().empty());
    EXPECT_EQ(in.error(), wire_errc::bad_value);
}

TEST(Reader, RawItemsKeepTheirHeader) {
    const auto bytes = bytes_of_hex("00 04 00 01 61 62 63  01");
    reader in(bytes);
    EXPECT_EQ(hex_of(in.next_raw()), "00 04 00 01 61 62 63");
    EXPECT_EQ(hex_of(in.next_raw()), "01");
    EXPECT_FALSE(in.finish());
}

TEST(Reader, RawBytesBeyondTheEndAreTruncated) {
    const std::array<std::byte, 3> three{};
    reader in(three);
    EXPECT_TRUE(in.raw(4).empty());
    EXPECT_EQ(in.error(), wire_errc::truncated);
    reader short_number(bytes_view(three).first(1));
    (void)short_number.raw_u16();
    EXPECT_EQ(short_number.error(), wire_errc::truncated);
}

TEST(Reader, EightBitTextIsReadInTheLocale) {
    const auto bytes = bytes_of_hex("04 01 c6 ff");
    const auto format = eight_bit_format(charset::cp1251);
    reader in(bytes, format);
    EXPECT_EQ(in.text(), "Жя");
}

} // namespace
} // namespace irislink::wire
