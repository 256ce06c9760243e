#pragma once
// The two byte types used everywhere: a borrowed view and an owned, growing buffer.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace irislink::wire {

using bytes_view = std::span<const std::byte>;
using byte_buffer = std::vector<std::byte>;

// Views of the same memory as text or bytes; nothing is copied.
[[nodiscard]] inline std::string_view as_text(bytes_view bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[nodiscard]] inline bytes_view as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// Little-endian loads and stores; the caller has checked that the bytes are there.
[[nodiscard]] inline std::uint16_t load_u16(const std::byte* at) noexcept {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(at[0]) | std::to_integer<unsigned>(at[1]) << 8U);
}

[[nodiscard]] inline std::uint32_t load_u32(const std::byte* at) noexcept {
    return static_cast<std::uint32_t>(load_u16(at)) | static_cast<std::uint32_t>(load_u16(at + 2)) << 16U;
}

inline void store_u16(std::byte* at, std::uint16_t value) noexcept {
    at[0] = static_cast<std::byte>(value & 0xFFU);
    at[1] = static_cast<std::byte>(value >> 8U);
}

inline void store_u32(std::byte* at, std::uint32_t value) noexcept {
    store_u16(at, static_cast<std::uint16_t>(value & 0xFFFFU));
    store_u16(at + 2, static_cast<std::uint16_t>(value >> 16U));
}

} // namespace irislink::wire
