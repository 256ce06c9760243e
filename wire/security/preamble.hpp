#pragma once
// What the first bytes of a connection say: the Kerberos preamble in both directions, and how a server
// tells the transports apart on its one port (wire-session 2.1 and 3.2).

#include <array>
#include <cstdint>
#include <system_error>

#include "wire/codec/bytes.hpp"

namespace irislink::wire {

// Level 1 authenticates only, level 2 adds integrity, level 3 encryption. Nothing but the preamble says
// which: the flags of the GSS context are the same at all three.
enum class gss_level : std::uint8_t { authentication = 1, integrity = 2, encryption = 3 };

inline constexpr std::size_t preamble_size = 5;

[[nodiscard]] std::array<std::byte, preamble_size> encode_preamble(gss_level level) noexcept;

// The first preamble_size bytes of `bytes`. Fewer: truncated. Other bytes: bad_value. A level that does
// not exist: out_of_range. `level` is touched on success only.
[[nodiscard]] std::error_code decode_preamble(bytes_view bytes, gss_level& level) noexcept;

enum class line_start : std::uint8_t {
    undecided,      // more bytes are needed, at most first_bytes_size of them
    tls,            // a TLS record with a handshake
    kerberos,       // the preamble with a level that exists
    hello,          // HS in the clear
    namespace_list, // CI in the clear
    unknown,        // close
};

inline constexpr std::size_t first_bytes_size = 14;

// Five bytes are needed at least, and tell TLS and Kerberos; HS and CI are told by a whole frame header.
// A decision never changes with more bytes. Nothing beyond first_bytes_size is looked at.
[[nodiscard]] line_start classify_first_bytes(bytes_view bytes) noexcept;

} // namespace irislink::wire
