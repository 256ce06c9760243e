#pragma once
// The byte stream under a server session: plain TCP here, the seam where TLS and GSS go. Blocking,
// with a deadline for each call; one thread uses it, shut_down() may come from any.

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "wire/codec/bytes.hpp"

namespace irislink::sandbox {

using deadline = std::optional<std::chrono::steady_clock::time_point>;

class transport {
public:
    transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport() = default;

    // Bytes read; 0 at the end of the stream, on an error and when the time is over.
    [[nodiscard]] virtual std::size_t read(std::span<std::byte> into, deadline until) = 0;
    // False when not everything could be sent.
    [[nodiscard]] virtual bool write(wire::bytes_view data, deadline until) = 0;
    virtual void shut_down() noexcept = 0;
    // True once the client has closed its side, even where bytes of it are still unread. Does not wait.
    [[nodiscard]] virtual bool peer_gone() noexcept = 0;
};

// Takes the socket over.
[[nodiscard]] std::unique_ptr<transport> make_socket_transport(int socket);

} // namespace irislink::sandbox
