#pragma once
// HS: the protocol version (wire-session 4.1, 4.2).

#include <string>

#include "wire/messages/message.hpp"

namespace irislink::wire {

// HS request: raw u16 version.
struct hello_request {
    static constexpr function_code code = "HS"_fc;
    std::uint16_t protocol{newest_protocol};

    void encode(writer& out) const;
    friend bool operator==(const hello_request&, const hello_request&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, hello_request& out);

// HS reply: raw u16 version in force | raw u16 flags | [locale name].
struct hello_reply {
    static constexpr std::uint16_t unicode_flag = 1;
    static constexpr std::uint16_t compact_double_flag = 2;

    std::uint16_t protocol{newest_protocol};
    std::uint16_t flags{unicode_flag | compact_double_flag};
    std::string locale{"Unicode"};

    // The encoding rules that follow from this reply.
    [[nodiscard]] session_format format() const noexcept;

    void encode(writer& out) const;
    friend bool operator==(const hello_reply&, const hello_reply&) = default;
};

[[nodiscard]] std::error_code decode(reader& in, hello_reply& out);

} // namespace irislink::wire
