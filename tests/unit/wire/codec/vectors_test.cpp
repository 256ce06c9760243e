// The recorded items of tests/golden/vectors: what an official client's encoder made of a value is what
// ours makes of it, and reads back as the value.

#include <openssl/evp.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/wire/wire_fixture.hpp"

namespace irislink::wire {
namespace {

using namespace test;
using nlohmann::json;

json load_items() {
    std::ifstream in(IRISLINK_SOURCE_DIR "/tests/golden/vectors/list-items.json");
    EXPECT_TRUE(in) << "the vectors are missing";
    return json::parse(in).at("items");
}

session_format format_of(const json& entry) {
    session_format out{
        .unicode = entry.at("unicode").get<bool>(),
        .compact_double = entry.at("compact_double").get<bool>(),
    };
    static const std::map<std::string, charset> locales{
        {"latin-1", charset::latin1},
        {"cp1251", charset::cp1251},
        {"iso8859_7", charset::latin_greek},
        {"iso8859_15", charset::latin9},
    };
    out.locale = locales.at(entry.at("locale").get<std::string>());
    return out;
}

std::string value_text(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    std::string out;
    const auto repeat = value.at("repeat").get<std::string>();
    for (auto left = value.at("times").get<std::size_t>(); left > 0; --left) out += repeat;
    return out;
}

double real_of_hex(const std::string& hex) {
    const auto bytes = bytes_of_hex(hex);
    std::uint64_t bits = 0;
    for (const auto byte : bytes) bits = bits << 8U | std::to_integer<std::uint64_t>(byte);
    return std::bit_cast<double>(bits);
}

std::string sha256(const byte_buffer& data) {
    byte_buffer digest(32);
    unsigned size = 0;
    EXPECT_EQ(EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(), nullptr), 1);
    std::string out;
    for (const char c : hex_of(digest))
        if (c != ' ') out.push_back(c);
    return out;
}

// Is `bytes` the recorded encoding? Long ones are recorded by length, head, tail and digest.
void expect_recorded(const byte_buffer& bytes, const json& entry) {
    if (entry.contains("hex")) {
        EXPECT_EQ(hex_of(bytes), plain_hex(entry.at("hex").get<std::string>())) << entry;
        return;
    }
    EXPECT_EQ(bytes.size(), entry.at("hex_length").get<std::size_t>()) << entry;
    const auto head = bytes_of_hex(entry.at("hex_head").get<std::string>());
    ASSERT_GE(bytes.size(), head.size());
    EXPECT_EQ(hex_of(bytes_view(bytes).first(head.size())), hex_of(head)) << entry;
    EXPECT_EQ(sha256(bytes), entry.at("sha256").get<std::string>()) << entry;
}

void encode_value(writer& out, const json& entry) {
    const auto kind = entry.at("kind").get<std::string>();
    const auto& value = entry.at("value");
    if (kind == "null") {
        out.null();
    } else if (kind == "integer") {
        out.integer(std::stoll(value.get<std::string>()));
    } else if (kind == "decimal") {
        out.number(parse_decimal(value.get<std::string>()).value());
    } else if (kind == "double") {
        out.real(real_of_hex(value.get<std::string>()));
    } else if (kind == "string") {
        out.text(value_text(value));
    } else if (kind == "bytes") {
        out.binary(bytes_of_hex(value_text(value)));
    } else {
        FAIL() << "a kind this test does not know: " << kind;
    }
}

void expect_value(const item& in, const session_format& format, const json& entry) {
    const auto kind = entry.at("kind").get<std::string>();
    const auto& value = entry.at("value");
    if (kind == "null") {
        EXPECT_TRUE(in.is_null());
    } else if (kind == "integer") {
        std::int64_t got = 0;
        EXPECT_EQ(to_integer(in, got), coercion::ok) << entry;
        EXPECT_EQ(std::to_string(got), value.get<std::string>());
    } else if (kind == "decimal") {
        decimal got;
        EXPECT_EQ(to_decimal(in, got), coercion::ok) << entry;
        EXPECT_EQ(got, parse_decimal(value.get<std::string>())) << entry;
    } else if (kind == "double") {
        double got = 0;
        EXPECT_EQ(to_real(in, got), coercion::ok) << entry;
        const auto expected = real_of_hex(value.get<std::string>());
        EXPECT_EQ(std::bit_cast<std::uint64_t>(got), std::bit_cast<std::uint64_t>(expected)) << entry;
    } else if (kind == "string") {
        std::string got;
        EXPECT_EQ(to_text(in, format, got), coercion::ok) << entry;
        EXPECT_EQ(got, value_text(value)) << entry;
    } else {
        std::string storage;
        bytes_view got;
        EXPECT_EQ(to_bytes(in, storage, got), coercion::ok) << entry;
        EXPECT_EQ(hex_of(got), plain_hex(value_text(value))) << entry;
    }
}

bool is_zero_decimal(const json& entry) {
    return entry.at("kind") == "decimal" && parse_decimal(entry.at("value").get<std::string>()).value().mantissa == 0;
}

TEST(Vectors, EveryRecordedItemBothWays) {
    const auto items = load_items();
    EXPECT_EQ(items.size(), 180U);
    for (const auto& entry : items) {
        SCOPED_TRACE(entry.dump());
        const auto format = format_of(entry);
        byte_buffer bytes;
        writer out(bytes, format);
        encode_value(out, entry);
        ASSERT_FALSE(out.failed()) << out.error().message();
        const auto in_hand = bytes;
        if (is_zero_decimal(entry)) { // that client writes the mantissa 0 as a byte; ours as none
            bytes.push_back(std::byte{0});
            ++reinterpret_cast<unsigned char&>(bytes[0]);
            expect_value(item_of(bytes), format, entry);
        }
        expect_recorded(bytes, entry);
        bytes = in_hand;
        expect_value(item_of(bytes), format, entry);
    }
}

} // namespace
} // namespace irislink::wire
