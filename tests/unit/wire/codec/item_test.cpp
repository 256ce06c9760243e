#include "wire/codec/item.hpp"

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using test::bytes_of_hex;
using test::item_of;

struct parsed {
    item value;
    item_status status{};
    std::ptrdiff_t used{-1}; // -1: refused
};

parsed parse(const byte_buffer& bytes) {
    parsed out;
    const auto* const end = parse_item(bytes.data(), bytes.data() + bytes.size(), out.value, out.status);
    if (end != nullptr) out.used = end - bytes.data();
    return out;
}

TEST(Item, ShortFormHoldsCodeAndData) {
    const auto bytes = bytes_of_hex("05 01 61 62 63 ff");
    const auto got = parse(bytes);
    EXPECT_EQ(got.used, 5);
    EXPECT_EQ(got.value.code, item_code::text8);
    EXPECT_EQ(as_text(got.value.data), "abc");
}

TEST(Item, LoneOneIsOmittedAndNull) {
    const auto bytes = bytes_of_hex("01 02");
    const auto got = parse(bytes);
    EXPECT_EQ(got.used, 1);
    EXPECT_TRUE(got.value.omitted);
    EXPECT_TRUE(got.value.is_null());
}

TEST(Item, NullsAndTheEmptyStringAreKeptApart) {
    const auto null = bytes_of_hex("02 01");
    const auto placeholder = bytes_of_hex("02 00");
    const auto empty = bytes_of_hex("03 01 00");
    const auto zero = bytes_of_hex("02 04");
    EXPECT_TRUE(item_of(null).is_null());
    EXPECT_TRUE(item_of(placeholder).is_null());
    EXPECT_FALSE(item_of(empty).is_null());
    EXPECT_TRUE(item_of(empty).is_empty_text());
    EXPECT_TRUE(item_of(empty).text_data().empty());
    EXPECT_FALSE(item_of(zero).is_null());
}

TEST(Item, MediumAndLongFormsAreReadEvenWhenNotMinimal) {
    for (const auto* hex : {"05 01 61 62 63", "00 04 00 01 61 62 63", "00 00 00 04 00 00 00 01 61 62 63"}) {
        const auto bytes = bytes_of_hex(hex);
        const auto got = parse(bytes);
        EXPECT_EQ(got.used, static_cast<std::ptrdiff_t>(bytes.size())) << hex;
        EXPECT_EQ(as_text(got.value.data), "abc") << hex;
    }
}

TEST(Item, A255ByteStringIsMediumAlthoughItsLowLengthByteIsZero) {
    auto bytes = bytes_of_hex("00 00 01 01");
    bytes.resize(4 + 255, std::byte{'x'});
    const auto got = parse(bytes);
    EXPECT_EQ(got.used, 259);
    EXPECT_EQ(got.value.data.size(), 255U);
}

TEST(Item, EveryPrefixIsTruncated) {
    for (const auto* hex : {"05 01 61 62 63", "00 04 00 01 61 62 63", "00 00 00 04 00 00 00 01 61 62 63", "02 04"}) {
        const auto whole = bytes_of_hex(hex);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const byte_buffer cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const auto got = parse(cut);
            EXPECT_EQ(got.used, -1) << hex << " cut to " << size;
            EXPECT_EQ(got.status, item_status::truncated) << hex << " cut to " << size;
        }
    }
}

TEST(Item, LongFormOfLengthZeroIsMalformed) {
    const auto got = parse(bytes_of_hex("00 00 00 00 00 00 00"));
    EXPECT_EQ(got.used, -1);
    EXPECT_EQ(got.status, item_status::malformed);
}

TEST(Item, LengthsBeyondTheMessageAreTruncatedWhateverTheirSize) {
    for (const auto* hex : {"ff 01 61", "00 ff ff 01 61", "00 00 00 ff ff ff ff 01 61"}) {
        EXPECT_EQ(parse(bytes_of_hex(hex)).used, -1) << hex;
    }
}

TEST(Item, ByReferenceBitIsTakenOffTheCode) {
    const auto bytes = bytes_of_hex("04 21 69 6e");
    const auto got = parse(bytes);
    EXPECT_TRUE(got.value.by_reference);
    EXPECT_EQ(got.value.code, item_code::text8);
    EXPECT_EQ(as_text(got.value.data), "in");
}

TEST(Item, ObjectCodesAreNotByReference) {
    const auto bytes = bytes_of_hex("0c 19 31 40 4d 79 2e 43 6c 61 73 73");
    const auto got = parse(bytes);
    EXPECT_FALSE(got.value.by_reference);
    EXPECT_EQ(got.value.code, item_code::object8);
    EXPECT_EQ(as_text(got.value.data), "1@My.Class");
}

TEST(Item, KnownCodesAreThoseOfTheTable) {
    for (unsigned value = 0; value < 256; ++value) {
        const bool expected = value <= 9 || value == 0x19 || value == 0x1A || value == 0xFB || value == 0xFC;
        EXPECT_EQ(known_item_code(static_cast<item_code>(value)), expected) << value;
    }
}

TEST(Item, NestedListIsAnItemWhoseDataIsItems) {
    const auto bytes = bytes_of_hex("03 01 78 08 01 03 01 61 03 04 01");
    reader in(bytes);
    EXPECT_EQ(in.text(), "x");
    const auto list = in.next();
    EXPECT_FALSE(in.finish());
    reader nested(list.data);
    EXPECT_EQ(nested.text(), "a");
    EXPECT_EQ(nested.integer(), 1);
    EXPECT_FALSE(nested.finish());
}

} // namespace
} // namespace irislink::wire
