// Blocks that grow, and those that are kept for the next one.

#include "bindings/columnar/memory.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "bindings/columnar/column_builder.hpp"
#include "bindings/columnar/column_plan.hpp"

namespace irislink::columnar {
namespace {

void fill(memory& in, std::size_t from) {
    for (auto i = from; i < in.size(); ++i) in.data()[i] = static_cast<std::byte>(i * 7 + i / 4096);
}

bool holds(const memory& in, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
        if (in.data()[i] != static_cast<std::byte>(i * 7 + i / 4096)) return false;
    return true;
}

// What is rounded up to the size of pages is pages.
TEST(Memory, TheLastSizesBeforePages) {
    for (const auto size : {memory::paged - memory::alignment, memory::paged - memory::alignment + 1, memory::paged - 1, memory::paged}) {
        memory one;
        one.grow(size);
        fill(one, 0);
        const auto before = one.size();
        one.grow(4 * memory::paged);
        EXPECT_TRUE(holds(one, before)) << size;
    }
}

// From malloc to pages of its own and on, with other blocks given back in between.
TEST(Memory, KeepsItsContentAsItGrows) {
    for (int round = 0; round < 3; ++round) {
        std::vector<memory> others(3);
        memory one;
        for (std::size_t size = 100; size < 8 * memory::paged; size = size * 3 / 2) {
            const auto before = one.size();
            one.grow(size);
            ASSERT_GE(one.size(), size);
            ASSERT_EQ(reinterpret_cast<std::uintptr_t>(one.data()) % memory::alignment, 0U);
            ASSERT_TRUE(holds(one, before)) << size;
            fill(one, before);
            auto& other = others[size % others.size()];
            other = memory();
            other.grow(size);
        }
        const auto size = one.size();
        one.grow(1);
        EXPECT_EQ(one.size(), size);
    }
}

TEST(Memory, FillsWhatIsNewInBlocksThatWereUsedBefore) {
    for (int round = 0; round < 3; ++round) {
        memory one;
        one.grow(4 * memory::paged);
        fill(one, 0);
    }
    memory one;
    one.grow_filled(100, 0xFF);
    one.grow_filled(3 * memory::paged, 0);
    EXPECT_EQ(one.data()[99], std::byte{0xFF});
    for (std::size_t i = memory::alignment * 2; i < one.size(); ++i) ASSERT_EQ(one.data()[i], std::byte{0}) << i;
}

TEST(Memory, OfManyThreads) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (std::size_t round = 0; round < 50; ++round) {
                memory one;
                one.grow(memory::paged * (1 + round % 5));
                one.data()[0] = std::byte{1};
                one.data()[one.size() - 1] = std::byte{2};
                one.grow(one.size() * 2);
                EXPECT_EQ(one.data()[0], std::byte{1});
            }
        });
    for (auto& each : threads) each.join();
}

TEST(ColumnBuilder, AsciiIsCopiedAndNothingElseIs) {
    column_plan plan;
    plan.layout = layout::bytes;
    plan.width = 4;
    std::size_t row = 0;
    column_builder column(plan, &row);
    column.reserve(1000);
    std::string all;
    for (std::size_t size = 0; size < 40; ++size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('!' + (size + i) % 90);
        const auto bytes = [&text] { return reinterpret_cast<const std::byte*>(text.data()); };
        for (std::size_t wrong = 0; wrong < size; ++wrong) {
            const auto kept = std::exchange(text[wrong], '\xE4');
            EXPECT_FALSE(column.put_ascii(bytes(), size)) << size << " " << wrong;
            text[wrong] = kept;
        }
        ASSERT_TRUE(column.put_ascii(bytes(), size));
        all += text;
        ++row;
        EXPECT_EQ(column.bytes_of(row), all.size());
    }
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(column.data.data()), all.size()), all);
}

} // namespace
} // namespace irislink::columnar
