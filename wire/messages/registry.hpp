#pragma once
// One table of every client message: who answers it and what it is called. The server's one-way
// rule, the trace decoder and docs/protocol all follow from it.

#include <cstdint>
#include <span>
#include <string_view>

#include "wire/frame/function_code.hpp"

namespace irislink::wire {

enum class message_family : std::uint8_t { session, statement, fetch, procedure, stream, catalog };

struct message_kind {
    function_code code;
    std::string_view name; // "HELLO", "DIRECT QUERY"
    message_family family;
    // Messages in an answer: 0 one-way, 1, or at most 2 (DQ and its like, fewer after an error). FR in
    // the mode that closes has none.
    std::uint8_t replies;
    bool carries_secret;       // never dumped
    std::string_view document; // section of docs/protocol
};

[[nodiscard]] std::span<const message_kind> all_messages() noexcept;
[[nodiscard]] const message_kind* find_message(function_code code) noexcept;
[[nodiscard]] bool is_one_way(function_code code) noexcept;

} // namespace irislink::wire
