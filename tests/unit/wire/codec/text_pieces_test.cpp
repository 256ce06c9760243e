#include "wire/codec/text_pieces.hpp"

#include "tests/unit/wire/wire_fixture.hpp"
#include "wire/codec/charset.hpp"

namespace irislink::wire {
namespace {

using namespace test;

std::string joined(const std::vector<std::string_view>& pieces, bool* malformed = nullptr) {
    text_pieces text;
    std::string out;
    for (const auto each : pieces) text.add(out, as_bytes(each));
    text.finish(out);
    if (malformed != nullptr) *malformed = text.malformed();
    return out;
}

const std::string sample = "aé日😀z\U0010FFFF\U00010000";
const std::string cesu = "a\xC3\xA9日\xED\xA0\xBD\xED\xB8\x80z\xED\xAF\xBF\xED\xBF\xBF\xED\xA0\x80\xED\xB0\x80";

// Wherever the text is cut into three, nothing is lost and nothing is added.
TEST(TextPieces, CutAnywhere) {
    for (const auto& whole : {sample, cesu}) {
        const std::string_view view = whole;
        for (std::size_t first = 0; first <= view.size(); ++first)
            for (std::size_t second = first; second <= view.size(); ++second) {
                bool malformed = true;
                EXPECT_EQ(joined({view.substr(0, first), view.substr(first, second - first), view.substr(second)}, &malformed), sample)
                    << first << " " << second;
                EXPECT_FALSE(malformed);
            }
    }
}

// Every piece handed out is whole characters.
TEST(TextPieces, NeverHandsOutHalfACharacter) {
    text_pieces text;
    for (const char c : cesu) {
        std::string out;
        text.add(out, as_bytes(std::string_view(&c, 1)));
        EXPECT_TRUE(utf16_length(out).has_value());
    }
}

TEST(TextPieces, MalformedTextIsMarked) {
    const std::string_view bad[] = {
        "\x80", "\xC0\x80", "\xFF", "\xE6\x97", "\xF0\x9F\x98", "\xED\xA0\xBD", "\xED\xB8\x80", "\xED\xA0\xBDx", "\xF4\x90\x80\x80", "\xE6x\xA5",
    };
    for (const auto each : bad) {
        for (std::size_t cut = 0; cut <= each.size(); ++cut) {
            bool malformed = false;
            const auto out = joined({"(", each.substr(0, cut), each.substr(cut), ")"}, &malformed);
            EXPECT_TRUE(malformed) << hex_of(as_bytes(each));
            EXPECT_TRUE(utf16_length(out).has_value());
            EXPECT_NE(out.find("\uFFFD"), std::string::npos);
            EXPECT_EQ(out.front(), '(');
            EXPECT_EQ(out.back(), ')');
        }
    }
    bool malformed = false;
    EXPECT_EQ(joined({"\xE6\x97"}, &malformed), "\uFFFD\uFFFD");
    EXPECT_TRUE(malformed);
}

TEST(TextPieces, Cesu8IsWhatClientsStore) {
    byte_buffer utf16;
    ASSERT_TRUE(append_utf16(utf16, sample));
    byte_buffer out;
    append_cesu8(out, utf16);
    EXPECT_EQ(as_text(out), cesu);
}

} // namespace
} // namespace irislink::wire
