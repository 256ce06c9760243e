#pragma once
// What every message struct offers: its code (requests), encode() and a decode() function, both
// directions in one place. Requests without fields are empty_request<code>.

#include <concepts>
#include <system_error>

#include "wire/codec/reader.hpp"
#include "wire/codec/writer.hpp"
#include "wire/frame/frame.hpp"

namespace irislink::wire {

template <class M>
concept request_message = requires(const M& in, M& out, writer& w, reader& r) {
    { M::code } -> std::convertible_to<function_code>;
    in.encode(w);
    { decode(r, out) } -> std::same_as<std::error_code>;
};

template <class M>
concept reply_message = requires(const M& in, M& out, writer& w, reader& r) {
    in.encode(w);
    { decode(r, out) } -> std::same_as<std::error_code>;
};

// A request that is its code and nothing else. Extra bytes are an error.
template <function_code Code> struct empty_request {
    static constexpr function_code code = Code;

    void encode(writer&) const {}

    friend bool operator==(const empty_request&, const empty_request&) = default;
};

template <function_code Code> [[nodiscard]] std::error_code decode(reader& in, empty_request<Code>&) {
    return in.finish();
}

// Appends a whole message under `code`: a request's, or a reply's status. On an encoding error `out` is
// left as it was.
template <reply_message M>
[[nodiscard]] std::error_code append_message(
    byte_buffer& out, const M& message, function_code code, std::uint32_t id, std::uint32_t statement, const session_format& format, std::size_t max_chunk = 0
) {
    const auto before = out.size();
    message_builder builder(out);
    builder.begin(id, statement, code);
    writer body(out, format);
    message.encode(body);
    if (body.failed()) {
        out.resize(before);
        return body.error();
    }
    builder.end(max_chunk);
    return {};
}

template <request_message M>
[[nodiscard]] std::error_code
append_request(byte_buffer& out, const M& request, std::uint32_t id, std::uint32_t statement, const session_format& format, std::size_t max_chunk = 0) {
    return append_message(out, request, M::code, id, statement, format, max_chunk);
}

template <reply_message M>
[[nodiscard]] std::error_code
append_reply(byte_buffer& out, const M& reply, std::uint32_t id, std::uint32_t statement, std::uint16_t reply_status, const session_format& format) {
    return append_message(out, reply, function_code{reply_status}, id, statement, format);
}

// Decodes a message body that must be exactly one M.
template <class M> [[nodiscard]] std::error_code decode_body(bytes_view body, const session_format& format, M& out) {
    reader in(body, format);
    return decode(in, out);
}

} // namespace irislink::wire
