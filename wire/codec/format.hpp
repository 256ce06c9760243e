#pragma once
// What HS and CN agreed about the encoding of everything that follows (wire-session 4.2, 4.9).
// Readers and writers carry a pointer to it; the session owns it.

#include <cstdint>

#include "wire/codec/charset.hpp"

namespace irislink::wire {

inline constexpr std::uint16_t oldest_protocol = 57;
inline constexpr std::uint16_t newest_protocol = 69;

// Feature option bits of CN (wire-session 4.9).
namespace feature {
inline constexpr std::uint32_t fast_select = 1;
inline constexpr std::uint32_t fast_insert = 2;
inline constexpr std::uint32_t durable_transactions = 4;
inline constexpr std::uint32_t not_nullable = 8;
inline constexpr std::uint32_t columnar_insert = 16;
inline constexpr std::uint32_t redirect_output = 32;
} // namespace feature

struct session_format {
    std::uint16_t protocol{newest_protocol};
    bool unicode{true};
    bool compact_double{false};
    charset locale{charset::latin1}; // of 8-bit text items
    std::uint32_t features{0};       // granted, not offered
};

inline constexpr session_format default_format{};

} // namespace irislink::wire
