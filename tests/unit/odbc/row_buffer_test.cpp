// Rows that are kept come back as they were, whatever their form and size.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "odbc/bind/row_buffer.hpp"

namespace irislink::odbc {
namespace {

wire::item item_of(wire::item_code code, std::string_view data) {
    wire::item out;
    out.code = code;
    out.data = wire::as_bytes(data);
    return out;
}

TEST(RowBuffer, GivesRowsBackInAnyOrder) {
    row_buffer kept(0);
    const std::string large(70'000, 'x');
    const std::string huge(3'000'000, 'y');
    constexpr std::size_t rows = 2000;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto number = std::to_string(i);
        wire::item omitted;
        omitted.omitted = true;
        const std::array row{
            item_of(wire::item_code::text8, number), item_of(wire::item_code::text8, ""), omitted,
            item_of(
                wire::item_code::text8, i % 500 == 3   ? huge
                                        : i % 100 == 7 ? large
                                                       : number
            )};
        ASSERT_TRUE(kept.add(row));
    }
    ASSERT_EQ(kept.rows(), rows);
    std::array<wire::item, 4> row;
    for (std::size_t i = 0; i < rows; ++i) {
        const auto index = i * 1237 % rows;
        kept.read(index, row);
        EXPECT_EQ(wire::as_text(row[0].data), std::to_string(index));
        EXPECT_TRUE(row[1].is_null());
        EXPECT_TRUE(row[2].is_null());
        const auto size = index % 500 == 3 ? huge.size() : index % 100 == 7 ? large.size() : std::to_string(index).size();
        ASSERT_EQ(row[3].data.size(), size) << index;
    }
}

TEST(RowBuffer, KeepsToItsLimit) {
    row_buffer kept(1000);
    const std::string text(90, 'x'); // 92 with its header, 100 with its place
    const std::array row{item_of(wire::item_code::text8, text)};
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(kept.add(row)) << i;
    EXPECT_FALSE(kept.add(row));
    EXPECT_EQ(kept.rows(), 10U);
    std::array<wire::item, 1> read;
    kept.read(9, read);
    EXPECT_EQ(wire::as_text(read[0].data), text);
}

} // namespace
} // namespace irislink::odbc
