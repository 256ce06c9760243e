#pragma once
// frame_assembler: bytes as they come from a transport in, whole messages out. Knows no I/O.
//
//   auto room = assembler.prepare();      // read into it
//   assembler.commit(n);
//   while (assembler.next(msg, ec)) ...   // msg.body is valid until the next prepare()/next()
//
// Lengths announced by the peer are judged against the limit before memory is taken, and memory
// grows with what has arrived, not with what was announced. After an error the stream is dead.

#include <cstdint>
#include <system_error>

#include "wire/codec/bytes.hpp"
#include "wire/frame/frame.hpp"

namespace irislink::wire {

inline constexpr std::size_t default_message_limit = std::size_t{256} << 20U;

class frame_assembler {
public:
    explicit frame_assembler(std::size_t message_limit = default_message_limit) noexcept : limit_(message_limit) {}

    // Servers keep it small until the login is done.
    void set_message_limit(std::size_t limit) noexcept { limit_ = limit; }

    // Room for at least `wanted` more bytes (or what the current message still lacks, within reason).
    [[nodiscard]] std::span<std::byte> prepare(std::size_t wanted = 16384);
    void commit(std::size_t size) noexcept;

    // The next whole message, or false: more bytes are needed, or `error` is set.
    [[nodiscard]] bool next(message& out, std::error_code& error);

    // True when the header of the next message has arrived and says status 0 / 100 etc., before the
    // body is complete: what a client needs to ask for the following block early (wire-sql 3.5.1).
    [[nodiscard]] bool peek_header(frame_header& out) const noexcept;

    // Bytes received and not yet handed out: must be 0 before a transport is changed.
    [[nodiscard]] std::size_t buffered() const noexcept { return end_ - begin_; }

    // Those bytes, for an owner that lets the last message keep this assembler's memory and goes on with
    // another one.
    [[nodiscard]] bytes_view pending() const noexcept { return bytes_view(buffer_).subspan(begin_, end_ - begin_); }

    // Overwrites what was received so far (login replies, prompts) and forgets it.
    void wipe() noexcept;

    [[nodiscard]] std::size_t capacity() const noexcept { return buffer_.size() + joined_.capacity(); }

private:
    byte_buffer buffer_;
    std::size_t begin_{0};
    std::size_t end_{0};
    byte_buffer joined_; // payload of a message that came in several frames
    frame_header first_{};
    bool joining_{false};
    std::size_t limit_;
};

} // namespace irislink::wire
