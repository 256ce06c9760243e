#pragma once
// Errors of the protocol core. One category, one enumerator per kind of malformed input, so that a
// caller can say exactly what was wrong with the peer's bytes.

#include <system_error>

namespace irislink::wire {

enum class wire_errc {
    truncated = 1,       // the input ends inside an element
    trailing_bytes,      // bytes are left after the last field of a message
    bad_item,            // an item header that no encoder writes (length 0 of a long form, ...)
    unknown_item_code,   // a type code outside the table of wire-sql 1.2
    bad_value,           // an item whose content does not fit its code or its field
    out_of_range,        // a number outside the range its field allows
    bad_text,            // text that is not valid UTF-8 / UTF-16 where it must be
    limit_exceeded,      // a length or count above the configured limit
    unexpected_message,  // a message that is not legal in this state
    sequence_mismatch,   // message id or statement id of a reply differ from the request's (452)
    bad_continuation,    // frames of one message disagree, or a zero-length frame announces more
    unsupported_version, // the protocol version in force is outside 57..69
};

[[nodiscard]] const std::error_category& wire_category() noexcept;

[[nodiscard]] std::error_code make_error_code(wire_errc code) noexcept;

} // namespace irislink::wire

template <> struct std::is_error_code_enum<irislink::wire::wire_errc> : std::true_type {};
