#pragma once
// A superserver that does what a script says: the hostile peer of the client's tests. One thread per
// connection; the script is a function that reads requests and writes bytes, right or wrong.
//
//     scripted_peer peer([](peer_line& line) {
//         line.log_in();
//         const auto request = line.read();
//         line.send_raw("...");
//     });
//
// Ends its threads when it goes: a script that waits for its client is woken by the closed socket.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/line_server/line_server.hpp"
#include "wire/frame/frame.hpp"
#include "wire/messages/message.hpp"

namespace irislink::test {

// The client went away; ends a script.
struct line_closed {};

class peer_line {
public:
    peer_line(int socket, std::size_t number) : socket_(socket), number_(number) {}

    struct request {
        wire::frame_header header;
        wire::byte_buffer body;

        [[nodiscard]] std::string code() const { return header.code.name(); }
    };

    // Connections are numbered from 0 in the order they came.
    [[nodiscard]] std::size_t number() const noexcept { return number_; }

    [[nodiscard]] request read();
    void send_raw(wire::bytes_view bytes);
    // In pieces of `piece` bytes with a pause between them.
    void send_slowly(wire::bytes_view bytes, std::size_t piece, std::chrono::milliseconds pause);
    void close();
    // Waits until the client closes; what it sends is dropped.
    void drain();

    template <wire::reply_message M> [[nodiscard]] static wire::byte_buffer reply_to(const request& to, const M& message, std::uint16_t status = 0) {
        wire::byte_buffer out;
        if (wire::append_reply(out, message, to.header.id, to.header.statement, status, wire::default_format)) throw line_closed{};
        return out;
    }

    template <wire::reply_message M> void answer(const request& to, const M& message, std::uint16_t status = 0) { send_raw(reply_to(to, message, status)); }

    void answer_empty(const request& to, std::uint16_t status = 0);
    // HS and CN as a well-behaved server answers them. Gives back the CN request.
    request log_in();
    // A ROWS frame with integers, one column.
    [[nodiscard]] static wire::byte_buffer rows(const request& to, const std::vector<std::int64_t>& values, std::uint16_t status);
    // The first message of a DQ answer: one INTEGER column N.
    [[nodiscard]] static wire::byte_buffer columns(const request& to, std::size_t parameters = 0);
    // Answers an OE.
    void explain(const std::string& text);

private:
    int socket_;
    std::size_t number_;
};

class scripted_peer : public line_server {
public:
    explicit scripted_peer(std::function<void(peer_line&)> script);
    ~scripted_peer();
    scripted_peer(const scripted_peer&) = delete;
    scripted_peer& operator=(const scripted_peer&) = delete;

    [[nodiscard]] std::string uri(const std::string& query = {}) const;

private:
    std::function<void(peer_line&)> script_;
};

} // namespace irislink::test
