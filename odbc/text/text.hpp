#pragma once
// Text at the C boundary. Inside the driver all text is UTF-8. Narrow functions take and give UTF-8,
// whatever the locale; wide ones UTF-16, or UTF-32 where SQLWCHAR has four bytes. A character that does
// not fit is left out whole: no half surrogate pair, no half sequence. Thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "odbc/diag/odbc_error.hpp"
#include "odbc/text/odbc_types.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::odbc {

// `length` counts bytes or SQL_NTS; a null pointer is empty text. Throws HY090 for other negative lengths.
// For what programs name and say, not for data: NULs at the end that `length` counts are left out.
[[nodiscard]] std::string to_utf8(const SQLCHAR* text, SQLLEN length);
// `length` counts SQLWCHARs or SQL_NTS. Lone surrogates become U+FFFD.
[[nodiscard]] std::string to_utf8(const SQLWCHAR* text, SQLLEN length);

// The same for text that is or holds a password or a code: no copy of it is left behind unwiped.
[[nodiscard]] wire::secret to_secret(const SQLCHAR* text, SQLLEN length);
[[nodiscard]] wire::secret to_secret(const SQLWCHAR* text, SQLLEN length);

struct copied_text {
    std::int64_t units{0}; // of the whole text, without terminator
    bool whole{true};
};

// Copies with a terminator into room for `capacity` units; nothing is written when `to` is null or the
// room is none.
[[nodiscard]] copied_text copy_text(std::string_view utf8, SQLCHAR* to, std::int64_t capacity) noexcept;
[[nodiscard]] copied_text copy_text(std::string_view utf8, SQLWCHAR* to, std::int64_t capacity) noexcept;

// What lengths of a function count, which is for each function's page of the reference to say.
enum class length_unit : std::uint8_t { characters, bytes };

// An output argument: buffer, its length, and where the whole text's length goes. False when cut.
template <class Char, class Length> [[nodiscard]] bool put_text(std::string_view utf8, void* data, std::int64_t capacity, Length* length, length_unit unit) {
    static_assert(std::is_same_v<Char, SQLCHAR> || std::is_same_v<Char, SQLWCHAR>);
    if (data != nullptr && capacity < 0) fail("HY090", "The buffer length " + std::to_string(capacity) + " is negative");
    const auto size = static_cast<std::int64_t>(unit == length_unit::bytes ? sizeof(Char) : 1);
    const auto done = copy_text(utf8, static_cast<Char*>(data), capacity / size);
    if (length != nullptr) *length = static_cast<Length>(done.units * size);
    return done.whole || data == nullptr;
}

} // namespace irislink::odbc
