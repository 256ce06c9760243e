#include "wire/security/preamble.hpp"

#include <gtest/gtest.h>

#include "tests/support/wire/hex.hpp"
#include "wire/error/errc.hpp"

namespace irislink::wire {
namespace {

using test::bytes_of_hex;

line_start start_of(std::string_view hex) {
    return classify_first_bytes(bytes_of_hex(hex));
}

constexpr auto client_hello = "16 03 01 02 00 01 00 01 FC 03 03 00 00 00";
constexpr auto hello = "02 00 00 00 01 00 00 00 00 00 00 00 48 53";
constexpr auto namespace_list = "10 00 00 00 00 00 00 00 00 00 00 00 43 49";

TEST(Preamble, GoldenBytesBothWays) {
    for (const unsigned number : {1U, 2U, 3U}) {
        const auto level = static_cast<gss_level>(number);
        const auto bytes = encode_preamble(level);
        EXPECT_EQ(byte_buffer(bytes.begin(), bytes.end()), bytes_of_hex("00 00 7F 01 0" + std::to_string(number)));
        gss_level read{};
        EXPECT_FALSE(decode_preamble(bytes, read));
        EXPECT_EQ(read, level);
    }
}

TEST(Preamble, EveryOtherByteIsRefused) {
    gss_level level = gss_level::integrity;
    for (std::size_t at = 0; at < preamble_size; ++at) {
        for (unsigned value = 0; value < 256; ++value) {
            auto bytes = bytes_of_hex("00 00 7F 01 03");
            const auto same = bytes[at] == static_cast<std::byte>(value);
            bytes[at] = static_cast<std::byte>(value);
            const bool valid = same || (at == 4 && value >= 1 && value <= 3);
            gss_level ignored{};
            EXPECT_EQ(!decode_preamble(bytes, ignored), valid) << at << " " << value;
        }
    }
    EXPECT_EQ(decode_preamble(bytes_of_hex("00 00 7F 01 00"), level), wire_errc::out_of_range);
    EXPECT_EQ(decode_preamble(bytes_of_hex("00 00 7F 01 0A"), level), wire_errc::out_of_range);
    EXPECT_EQ(decode_preamble(bytes_of_hex("00 00 7E 01 01"), level), wire_errc::bad_value);
    EXPECT_EQ(level, gss_level::integrity);
}

TEST(Preamble, TruncatedAtEveryLength) {
    const auto whole = encode_preamble(gss_level::encryption);
    gss_level level{};
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_EQ(decode_preamble(bytes_view(whole).first(size), level), wire_errc::truncated) << size;
}

TEST(FirstBytes, EveryTransportIsTold) {
    EXPECT_EQ(start_of(client_hello), line_start::tls);
    EXPECT_EQ(start_of("16 03 03 00 F8"), line_start::tls);
    for (const auto* const level : {"01", "02", "03"}) EXPECT_EQ(start_of(std::string("00 00 7F 01 ") + level), line_start::kerberos);
    EXPECT_EQ(start_of(hello), line_start::hello);
    EXPECT_EQ(start_of(namespace_list), line_start::namespace_list);
    // A list request whose length reads like a TLS version, or like the length of HS.
    EXPECT_EQ(start_of("16 03 01 00 00 00 00 00 00 00 00 00 43 49"), line_start::namespace_list);
    EXPECT_EQ(start_of("02 00 00 00 00 00 00 00 00 00 00 00 43 49"), line_start::namespace_list);
}

TEST(FirstBytes, AnythingElseIsUnknown) {
    for (const auto* const other :
         {"47 45 54 20 2F", // HTTP
          "00 00 7F 01 00", // levels that do not exist
          "00 00 7F 01 04", "00 00 7F 01 0A",
          "16 03 05 00 F8",                            // no such TLS
          "16 03 01 FF FF",                            // nor such a record
          "15 03 01 00 02",                            // an alert
          "02 00 00 00 01 00 00 00 01 00 00 00 48 53", // HS about a statement
          "02 00 00 00 01 00 00 00 00 00 00 00 43 4E", // CN first
          "02 00 00 00 01 00 00 00 00 00 00 00 43 49", // CI with an id
          "03 00 00 00 01 00 00 00 00 00 00 00 48 53"})
        EXPECT_EQ(start_of(other), line_start::unknown) << other;
}

TEST(FirstBytes, NeedFiveBytesAndForFramesFourteen) {
    for (const auto* const whole : {client_hello, hello, namespace_list, "00 00 7F 01 02"}) {
        const auto bytes = bytes_of_hex(whole);
        for (std::size_t size = 0; size < preamble_size; ++size) EXPECT_EQ(classify_first_bytes(bytes_view(bytes).first(size)), line_start::undecided);
    }
    for (std::size_t size = preamble_size; size <= first_bytes_size; ++size) {
        const auto tls = bytes_of_hex(client_hello);
        EXPECT_EQ(classify_first_bytes(bytes_view(tls).first(size)), line_start::tls) << size;
        const auto of_frames = size < first_bytes_size ? line_start::undecided : line_start::hello;
        const auto bytes = bytes_of_hex(hello);
        EXPECT_EQ(classify_first_bytes(bytes_view(bytes).first(size)), of_frames) << size;
    }
}

} // namespace
} // namespace irislink::wire
