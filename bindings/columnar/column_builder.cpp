#include "bindings/columnar/column_builder.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "bindings/columnar/column_plan.hpp"

namespace irislink::columnar {
namespace {

std::size_t bitmap_bytes(std::size_t rows) noexcept {
    return rows / 8 + 1;
}

} // namespace

column_builder::column_builder(const column_plan& plan_of, const std::size_t* row_of) : plan(&plan_of), row(row_of) {
    if (plan->dictionary) words = std::make_unique<dictionary>();
}

void column_builder::reserve(std::size_t rows) {
    if (rows <= capacity) return;
    switch (plan->layout) {
    case layout::bits: values.grow_filled(bitmap_bytes(rows), 0); break;
    case layout::fixed: values.grow(rows * plan->width); break;
    case layout::bytes:
    case layout::large:
        values.grow((rows + 1) * plan->width);
        if (capacity == 0) std::memset(values.data(), 0, plan->width);
        data.grow(1);
        break;
    }
    if (validity.size() > 0) validity.grow_filled(bitmap_bytes(rows), 0xFF);
    capacity = rows;
}

void column_builder::set_null() {
    if (validity.size() == 0) validity.grow_filled(bitmap_bytes(capacity), 0xFF);
    validity.data()[*row / 8] &= ~(std::byte{1} << (*row % 8));
    switch (plan->layout) {
    case layout::bits: put_bit(false); break;
    case layout::fixed: std::memset(values.data() + *row * plan->width, 0, plan->width); break;
    case layout::bytes: (void)put_at<std::int32_t>(nullptr, 0); break;
    case layout::large: (void)put_at<std::int64_t>(nullptr, 0); break;
    }
}

template <class Offset> bool column_builder::put_at(const void* from, std::size_t size) {
    auto* const offsets = reinterpret_cast<Offset*>(values.data()) + *row;
    const auto begin = static_cast<std::size_t>(offsets[0]);
    if (size > static_cast<std::size_t>(std::numeric_limits<Offset>::max()) - begin) return false;
    const auto end = begin + size;
    if (end > data.size()) [[unlikely]]
        data.grow(std::max(end, 2 * data.size()));
    if (size > 0) std::memcpy(data.data() + begin, from, size);
    offsets[1] = static_cast<Offset>(end);
    return true;
}

bool column_builder::put_ascii(const std::byte* from, std::size_t size) {
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    auto* const offsets = reinterpret_cast<std::int32_t*>(values.data()) + *row;
    const auto begin = static_cast<std::size_t>(offsets[0]);
    if (size > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) - begin) return false;
    if (begin + size > data.size()) [[unlikely]]
        data.grow(std::max(begin + size, 2 * data.size()));
    auto* const to = data.data() + begin;
    std::uint64_t seen = 0;
    const auto copy_word = [&](std::size_t at) {
        std::uint64_t word = 0;
        std::memcpy(&word, from + at, sizeof word);
        seen |= word;
        std::memcpy(to + at, &word, sizeof word);
    };
    if (size >= sizeof seen) {
        for (std::size_t at = 0; at + sizeof seen < size; at += sizeof seen) copy_word(at);
        copy_word(size - sizeof seen); // the last ones, of which some were copied already
    } else {
        for (std::size_t at = 0; at < size; ++at) {
            seen |= std::to_integer<unsigned>(from[at]);
            to[at] = from[at];
        }
    }
    if ((seen & high_bits) != 0) return false;
    offsets[1] = static_cast<std::int32_t>(begin + size);
    return true;
}

bool column_builder::put_bytes(const void* from, std::size_t size) {
    return plan->layout == layout::large ? put_at<std::int64_t>(from, size) : put_at<std::int32_t>(from, size);
}

bool column_builder::put_text(std::string_view text) {
    if (!words) return put_bytes(text.data(), text.size());
    const auto number = words->number_of(text);
    if (number < 0) return false;
    put(number);
    return true;
}

std::int64_t column_builder::nulls_of(std::size_t rows) const noexcept {
    if (validity.size() == 0) return 0;
    auto valid = std::int64_t{0};
    const auto bits = [this](std::size_t at) { return std::to_integer<unsigned>(validity.data()[at]); };
    for (std::size_t i = 0; i < rows / 8; ++i) valid += std::popcount(bits(i));
    if (rows % 8 != 0) valid += std::popcount(bits(rows / 8) & ((1U << rows % 8) - 1));
    return static_cast<std::int64_t>(rows) - valid;
}

std::size_t column_builder::bytes_of(std::size_t rows) const noexcept {
    if (words) return words->bytes();
    if (plan->layout == layout::bytes) return static_cast<std::size_t>(reinterpret_cast<const std::int32_t*>(values.data())[rows]);
    if (plan->layout == layout::large) return static_cast<std::size_t>(reinterpret_cast<const std::int64_t*>(values.data())[rows]);
    return 0;
}

} // namespace irislink::columnar
