#pragma once
// The scrambling of user name and password in CN (wire-session 4.4.1), which is not encryption, and
// the fields that carry a secret as it is.

#include <string_view>

#include "wire/codec/reader.hpp"
#include "wire/codec/secret.hpp"
#include "wire/codec/writer.hpp"

namespace irislink::wire {

// Writes the scrambled text as an item; empty text becomes NULL. Every temporary is overwritten.
void write_obfuscated(writer& out, std::string_view utf8);

// Reads it back; NULL and '' give an empty secret.
[[nodiscard]] secret read_obfuscated(reader& in);

// The same care for secrets that travel in clear (2F, CI): an ordinary text item, no unwiped copies.
void write_secret_text(writer& out, std::string_view utf8);
[[nodiscard]] secret read_secret_text(reader& in);

} // namespace irislink::wire
