#pragma once
// Bytes written as hex in tests; blanks and newlines are free, anything else is a mistake in the test.

#include <stdexcept>
#include <string>
#include <string_view>

#include "wire/codec/bytes.hpp"

namespace irislink::test {

inline int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    throw std::invalid_argument(std::string("not a hex digit: ") + c);
}

inline wire::byte_buffer bytes_of_hex(std::string_view hex) {
    wire::byte_buffer out;
    int high = -1;
    for (const char c : hex) {
        if (c == ' ' || c == '\n' || c == '|') continue;
        const int digit = hex_digit(c);
        if (high < 0) {
            high = digit;
        } else {
            out.push_back(static_cast<std::byte>(high * 16 + digit));
            high = -1;
        }
    }
    if (high >= 0) throw std::invalid_argument("odd number of hex digits");
    return out;
}

inline std::string hex_of(wire::bytes_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        const auto value = std::to_integer<unsigned>(byte);
        if (!out.empty()) out.push_back(' ');
        out.push_back(digits[value >> 4U]);
        out.push_back(digits[value & 0xFU]);
    }
    return out;
}

inline bool same_bytes(wire::bytes_view left, wire::bytes_view right) {
    return wire::as_text(left) == wire::as_text(right);
}

} // namespace irislink::test
