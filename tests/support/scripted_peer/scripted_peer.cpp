#include "tests/support/scripted_peer/scripted_peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"

namespace irislink::test {
namespace {

void receive(int socket, std::byte* at, std::size_t size) {
    while (size > 0) {
        const auto got = ::recv(socket, at, size, 0);
        if (got <= 0) throw line_closed{};
        at += got;
        size -= static_cast<std::size_t>(got);
    }
}

} // namespace

peer_line::request peer_line::read() {
    request out;
    std::array<std::byte, wire::frame_header_size> header{};
    receive(socket_, header.data(), header.size());
    out.header = wire::decode_header(header);
    out.body.resize(out.header.length);
    receive(socket_, out.body.data(), out.body.size());
    return out;
}

void peer_line::send_raw(wire::bytes_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw line_closed{};
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

void peer_line::send_slowly(wire::bytes_view bytes, std::size_t piece, std::chrono::milliseconds pause) {
    while (!bytes.empty()) {
        const auto now = bytes.first(std::min(piece, bytes.size()));
        send_raw(now);
        bytes = bytes.subspan(now.size());
        std::this_thread::sleep_for(pause);
    }
}

void peer_line::close() {
    ::shutdown(socket_, SHUT_RDWR);
}

void peer_line::drain() {
    std::array<std::byte, 4096> buffer{};
    while (::recv(socket_, buffer.data(), buffer.size(), 0) > 0) {
    }
}

void peer_line::answer_empty(const request& to, std::uint16_t status) {
    answer(to, wire::empty_reply{}, status);
}

peer_line::request peer_line::log_in() {
    answer(read(), wire::hello_reply{});
    auto login = read();
    wire::login_reply accepted;
    accepted.server_version = "Scripted IRIS Version 2024.1.0.1 xDBC Protocol Version 69";
    accepted.job = 4711;
    answer(login, accepted);
    return login;
}

wire::byte_buffer peer_line::rows(const request& to, const std::vector<std::int64_t>& values, std::uint16_t status) {
    wire::byte_buffer items;
    wire::writer out(items);
    for (const auto each : values) out.integer(each);
    return reply_to(to, wire::rows_reply{items}, status);
}

wire::byte_buffer peer_line::columns(const request& to, std::size_t parameters) {
    wire::query_reply out;
    wire::column n;
    n.name = n.label = "N";
    n.type = 4;
    out.columns.push_back(n);
    out.parameters.parameters.resize(parameters);
    return reply_to(to, out);
}

void peer_line::explain(const std::string& text) {
    const auto asked = read();
    if (asked.code() != "OE") throw std::runtime_error("OE was expected, " + asked.code() + " came");
    answer(asked, wire::text_reply{text});
}

scripted_peer::scripted_peer(std::function<void(peer_line&)> script) : script_(std::move(script)) {
    start([this](int socket, std::size_t number) {
        serve({socket}, [this, socket, number] {
            peer_line line(socket, number);
            try {
                script_(line);
            } catch (const line_closed&) {
                // The usual end of a script.
            }
            ::shutdown(socket, SHUT_WR);
        });
    });
}

scripted_peer::~scripted_peer() {
    stop();
}

std::string scripted_peer::uri(const std::string& query) const {
    return "iris://demo:demo@127.0.0.1:" + std::to_string(port()) + "/USER" + (query.empty() ? "" : "?" + query);
}

} // namespace irislink::test
