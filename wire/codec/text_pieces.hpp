#pragma once
// Text that arrives in pieces cut anywhere: UTF-8 or CESU-8 in, whole characters of UTF-8 out
// (wire-sql 4.2). A server may cut between the halves of a surrogate pair or inside a sequence.

#include <string>
#include <string_view>

#include "wire/codec/bytes.hpp"

namespace irislink::wire {

class text_pieces {
public:
    // Appends the characters that are complete; what is not is kept for the next piece. What can never
    // become a character is U+FFFD, and malformed() says so from then on.
    void add(std::string& out, bytes_view piece);
    // The end of the text: an unfinished character is malformed.
    void finish(std::string& out);

    [[nodiscard]] bool malformed() const noexcept { return malformed_; }

private:
    void take(std::string& out, std::string_view text, bool last);
    void put(std::string& out, char32_t unit);
    void bad(std::string& out);

    std::string kept_; // the beginning of a sequence: at most 3 bytes
    char32_t high_{0}; // a high surrogate waiting for its other half
    bool malformed_{false};
};

// Appends UTF-16LE as CESU-8, every code unit on its own: how clients store text (wire-sql 4.3).
void append_cesu8(byte_buffer& out, bytes_view utf16);

} // namespace irislink::wire
