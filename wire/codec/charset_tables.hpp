#pragma once
// Data of wire/codec/charset.cpp, one row per enumerator of charset, in its order.

#include <array>
#include <cstdint>
#include <string_view>

namespace irislink::wire {

struct charset_table {
    std::string_view locale;
    std::array<char16_t, 128> upper;
};

extern const std::array<charset_table, 19> charset_tables;

} // namespace irislink::wire
