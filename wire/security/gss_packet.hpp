#pragma once
// The framing of GSS tokens: a 4-byte big-endian length, then the token, while the context is made and
// around every token of levels 2 and 3 (wire-session 3.2 and 3.3).
//
//   auto room = splitter.prepare();          // read into it
//   splitter.commit(n);
//   while (splitter.next(token, ec)) ...     // valid until the next prepare() or wipe()
//
// A length is judged before memory is taken, and memory grows with what has arrived. After an error the
// stream is dead. One thread at a time.

#include <system_error>

#include "wire/codec/bytes.hpp"

namespace irislink::wire {

inline constexpr std::size_t gss_length_size = 4;
inline constexpr std::size_t largest_gss_token = std::size_t{16} << 20U;

// Appends length and token. bad_value for an empty token, limit_exceeded above largest_gss_token; `out`
// is untouched then.
[[nodiscard]] std::error_code append_gss_packet(byte_buffer& out, bytes_view token);

// For whoever makes the token in place: room for the length, then the token is appended at `begin`, which is what
// comes back, then end_gss_packet() fills in the length. Errors as of append_gss_packet(); what is in `out` is of no use then.
[[nodiscard]] std::size_t begin_gss_packet(byte_buffer& out);
[[nodiscard]] std::error_code end_gss_packet(byte_buffer& out, std::size_t begin);

class gss_packet_splitter {
public:
    explicit gss_packet_splitter(std::size_t token_limit = largest_gss_token) noexcept : limit_(token_limit) {}

    // Room for at least `wanted` more bytes. What is announced above the limit gets no memory.
    [[nodiscard]] std::span<std::byte> prepare(std::size_t wanted = 16384);
    void commit(std::size_t size) noexcept;

    // The next whole token, or false: more bytes are needed, or `error` is set. An empty token is an
    // error: no mechanism makes one, and a peer could send them for ever.
    [[nodiscard]] bool next(bytes_view& token, std::error_code& error) noexcept;

    // Bytes received and not yet handed out: must be 0 where the peer has nothing to say.
    [[nodiscard]] std::size_t buffered() const noexcept { return end_ - begin_; }

    // Overwrites what was received so far and forgets it.
    void wipe() noexcept;

    [[nodiscard]] std::size_t capacity() const noexcept { return buffer_.size(); }

private:
    [[nodiscard]] std::size_t announced() const noexcept;

    byte_buffer buffer_;
    std::size_t begin_{0};
    std::size_t end_{0};
    std::size_t limit_;
};

} // namespace irislink::wire
