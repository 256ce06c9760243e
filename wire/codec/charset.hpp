#pragma once
// Text: UTF-8 inside, and on the wire either UTF-16LE or one of the 8-bit character sets that a
// server names in its handshake (wire-session 4.2). Pure functions, thread-safe.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wire/codec/bytes.hpp"

namespace irislink::wire {

enum class charset : std::uint8_t {
    latin1,
    latin2,
    latin3,
    latin_cyrillic,
    latin_arabic,
    latin_greek,
    latin_hebrew,
    latin_thai,
    latin7,
    latin9,
    cp866,
    cp874,
    cp1250,
    cp1251,
    cp1252,
    cp1253,
    cp1255,
    cp1256,
    cp1257,
};

// What stands for text that is malformed.
inline constexpr char32_t replacement_character = 0xFFFD;

// The character set of a locale name as the server spells it; unknown names are Latin-1, as the
// vendor's clients have it. Case does not matter.
[[nodiscard]] charset charset_of_locale(std::string_view locale_name) noexcept;

// The locale name a server announces for a character set ("LATIN2", "CP1251", ...).
[[nodiscard]] std::string_view locale_of_charset(charset set) noexcept;

// Appends 8-bit text as UTF-8. Bytes that the set leaves undefined become U+FFFD.
void append_utf8(std::string& out, bytes_view text, charset set);

// Appends UTF-16LE text as UTF-8. A lone surrogate or an odd byte makes it return false; what is
// malformed is replaced by U+FFFD, so that nothing is lost silently when the caller goes on.
bool append_utf8_from_utf16(std::string& out, bytes_view text);

// Length in UTF-16 code units of valid UTF-8, or nothing when the text is not valid UTF-8.
[[nodiscard]] std::optional<std::size_t> utf16_length(std::string_view utf8) noexcept;

// True if every character is U+00FF or below (the condition for an 8-bit item in a unicode session).
// Invalid UTF-8 gives nothing.
[[nodiscard]] std::optional<bool> fits_latin1(std::string_view utf8) noexcept;

// Appends UTF-8 as UTF-16LE / as 8-bit text. Unmappable characters become '?' in 8-bit text. Both
// return false, leaving `out` as it was, when the input is not valid UTF-8.
bool append_utf16(byte_buffer& out, std::string_view utf8);
bool append_charset(byte_buffer& out, std::string_view utf8, charset set);

// One UTF-8 character at `at` (advanced past it); nothing for a malformed sequence.
[[nodiscard]] std::optional<char32_t> next_utf8(std::string_view text, std::size_t& at) noexcept;
void append_utf8(std::string& out, char32_t character);

} // namespace irislink::wire
