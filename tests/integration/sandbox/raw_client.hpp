#pragma once
// A client that sends what a test wants, right or wrong, and reads what comes back.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"
#include "wire/messages/message.hpp"

namespace irislink::test {

class raw_client {
public:
    explicit raw_client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("cannot connect");
    }

    ~raw_client() { ::close(socket_); }

    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    void send(wire::bytes_view bytes) { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

    template <class M> void request(const M& message, std::uint32_t id, std::uint32_t statement = 0) {
        wire::byte_buffer out;
        if (wire::append_request(out, message, id, statement, format_)) throw std::runtime_error("cannot encode");
        send(out);
    }

    // The next message, or nothing when the server closes or says nothing for `milliseconds`.
    std::optional<wire::message> receive(int milliseconds = 5000) {
        wire::message in;
        std::error_code error;
        while (!assembler_.next(in, error)) {
            pollfd entry{socket_, POLLIN, 0};
            if (error || ::poll(&entry, 1, milliseconds) <= 0) return std::nullopt;
            const auto room = assembler_.prepare();
            const auto got = ::recv(socket_, room.data(), room.size(), 0);
            if (got <= 0) {
                closed_ = true;
                return std::nullopt;
            }
            assembler_.commit(static_cast<std::size_t>(got));
        }
        return in;
    }

    // True when the server has closed the line.
    [[nodiscard]] bool closed() {
        while (receive(5000)) {
        }
        return closed_;
    }

    // What the server said of itself.
    wire::hello_reply log_in(std::string_view user = "demo", std::string_view password = "demo", std::uint16_t protocol = wire::newest_protocol) {
        request(wire::hello_request{protocol}, 1);
        wire::hello_reply hello;
        const auto greeted = receive();
        if (!greeted || wire::decode_body(greeted->body, format_, hello)) throw std::runtime_error("no hello");
        format_ = hello.format();
        wire::login_request login;
        login.name_space = "USER";
        login.user = wire::secret(user);
        login.password = wire::secret(password);
        request(login, 3);
        const auto answered = receive();
        if (!answered || answered->status() != 0) throw std::runtime_error("login refused");
        return hello;
    }

    [[nodiscard]] const wire::session_format& format() const noexcept { return format_; }

private:
    int socket_;
    wire::session_format format_;
    wire::frame_assembler assembler_;
    bool closed_{false};
};

} // namespace irislink::test
