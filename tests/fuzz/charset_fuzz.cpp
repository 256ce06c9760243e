// Text in every encoding: what comes out is valid UTF-8, and what was valid goes back to the same bytes.
//
// Input: character set, then text.

#include <string>

#include "tests/fuzz/fuzz_support.hpp"
#include "wire/codec/charset.hpp"
#include "wire/codec/charset_tables.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace irislink;
    using fuzz::require;
    fuzz::input in(data, size);
    const auto set = static_cast<wire::charset>(in.byte() % wire::charset_tables.size());
    const auto bytes = in.rest();
    const std::string_view text = wire::as_text(bytes);

    std::string from_set;
    wire::append_utf8(from_set, bytes, set);
    require(wire::utf16_length(from_set) == bytes.size(), "8-bit text has one character per byte");
    wire::byte_buffer back;
    require(wire::append_charset(back, from_set, set), "decoded text is valid UTF-8");
    require(back.size() == bytes.size(), "no byte is lost");
    std::string again;
    wire::append_utf8(again, back, set);
    for (std::size_t a = 0, b = 0; a < from_set.size();) {
        const auto left = wire::next_utf8(from_set, a);
        const auto right = wire::next_utf8(again, b);
        require(left == right || (left == U'\uFFFD' && right == U'?'), "only undefined bytes change");
    }

    std::string from_wide;
    const bool whole = wire::append_utf8_from_utf16(from_wide, bytes);
    require(wire::utf16_length(from_wide).has_value(), "text from UTF-16 is valid UTF-8");
    back.clear();
    require(wire::append_utf16(back, from_wide), "text from UTF-16 goes back");
    if (whole) require(wire::as_text(back) == text, "valid UTF-16 survives");

    back.clear();
    const auto units = wire::utf16_length(text);
    require(wire::append_utf16(back, text) == units.has_value(), "one opinion on what is UTF-8");
    require(wire::fits_latin1(text).has_value() == units.has_value(), "one opinion on what is UTF-8");
    if (units) {
        require(back.size() == 2 * *units, "the length is that of the text");
        std::string utf8;
        require(wire::append_utf8_from_utf16(utf8, back) && utf8 == text, "valid UTF-8 survives");
    }
    (void)wire::charset_of_locale(text);
    return 0;
}
