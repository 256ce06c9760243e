#pragma once
// What the tests of the protocol core share: items by hex, session formats, one-line comparisons.

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/wire/exchanges.hpp"
#include "tests/support/wire/hex.hpp"

namespace irislink::test {

inline constexpr wire::session_format unicode_format{};
inline constexpr wire::session_format compact_format{.compact_double = true};
inline constexpr wire::session_format fast_select_format{.features = wire::feature::fast_select};

inline wire::session_format eight_bit_format(wire::charset set) {
    return {.unicode = false, .locale = set};
}

// What a writer makes of some calls, as hex.
inline std::string written(const std::function<void(wire::writer&)>& calls, const wire::session_format& format = unicode_format) {
    wire::byte_buffer out;
    wire::writer to(out, format);
    calls(to);
    EXPECT_FALSE(to.failed()) << to.error().message();
    return hex_of(out);
}

// The first item of the bytes; they must outlive it.
inline wire::item item_of(const wire::byte_buffer& bytes) {
    wire::item out;
    wire::item_status status{};
    const auto* const end = bytes.data() + bytes.size();
    EXPECT_EQ(wire::parse_item(bytes.data(), end, out, status), end) << hex_of(bytes);
    return out;
}

// Encodes one message to hex.
template <class M> std::string body_of(const M& message, const wire::session_format& format = unicode_format) {
    wire::byte_buffer out;
    EXPECT_FALSE(encode_as(message, format, out));
    return hex_of(out);
}

inline std::string plain_hex(std::string_view hex) {
    return hex_of(bytes_of_hex(hex));
}

// Decodes a body that must be accepted. The bytes are kept alive by the caller.
template <class M> M decoded(const wire::byte_buffer& body, const wire::session_format& format = unicode_format, std::uint64_t outputs = 0) {
    M out;
    const auto error = decode_as(out, body, format, outputs);
    EXPECT_FALSE(error) << error.message() << " in " << hex_of(body);
    return out;
}

template <class M> std::error_code decode_error(std::string_view hex, const wire::session_format& format = unicode_format) {
    const auto body = bytes_of_hex(hex);
    M out;
    return decode_as(out, body, format);
}

} // namespace irislink::test
