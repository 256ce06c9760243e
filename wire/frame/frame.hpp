#pragma once
// Frames: 14-byte header and payload (wire-session 1.1, 1.4).

#include <array>
#include <cstdint>

#include "wire/codec/bytes.hpp"
#include "wire/frame/function_code.hpp"

namespace irislink::wire {

inline constexpr std::size_t frame_header_size = 14;
inline constexpr std::uint32_t continuation_bit = 0x80000000U;

struct frame_header {
    std::uint32_t length{0};    // of the payload
    std::uint32_t id{0};        // message id; a reply repeats the request's
    std::uint32_t statement{0}; // bits 0-30
    bool more{false};           // bit 31: the message goes on in another frame
    function_code code{};       // or the status, in replies

    friend bool operator==(const frame_header&, const frame_header&) = default;
};

[[nodiscard]] frame_header decode_header(std::span<const std::byte, frame_header_size> in) noexcept;
void encode_header(const frame_header& header, std::span<std::byte, frame_header_size> out) noexcept;

// One whole message: the header fields and the payload of all its frames. The body is a view; who
// owns it, and for how long, is said where the message comes from (frame_assembler).
struct message {
    std::uint32_t id{0};
    std::uint32_t statement{0};
    function_code code{};
    bytes_view body{};

    [[nodiscard]] std::uint16_t status() const noexcept { return code.value; }
};

// Builds one message at the end of `out`: begin() leaves room for the header, the caller appends the
// payload, end() fills the header in. With `max_chunk` > 0 a longer payload is cut into frames of
// that size joined by the continuation bit; the default sends one frame of any size.
class message_builder {
public:
    explicit message_builder(byte_buffer& out) noexcept : out_(&out) {}

    void begin(std::uint32_t id, std::uint32_t statement, function_code code);
    void end(std::size_t max_chunk = 0);

private:
    byte_buffer* out_;
    std::size_t start_{0};
    frame_header header_{};
};

} // namespace irislink::wire
