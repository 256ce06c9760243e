#pragma once
// The floor of every reading benchmark.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include "wire/frame/frame_assembler.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/fetch.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/login.hpp"

namespace irislink::bench {

// The floor: the same requests over the same loopback at the same moments (the next block is asked for
// when the header of this one has come, as the client does), but of each item only its length and
// type are read. Nothing that delivers values can be faster.
class floor_client {
public:
    explicit floor_client(std::uint16_t port) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw std::runtime_error("cannot connect");
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        wire::hello_reply hello;
        const auto greeted = ask(wire::hello_request{}, 0);
        if (wire::decode_body(greeted.body, wire::default_format, hello)) throw std::runtime_error("no hello");
        format_ = hello.format();
        wire::login_request login;
        login.name_space = "USER";
        (void)ask(login, 0);
    }

    ~floor_client() { ::close(socket_); }

    floor_client(const floor_client&) = delete;
    floor_client& operator=(const floor_client&) = delete;

    // Items walked; `sink` keeps the compiler honest.
    std::uint64_t walk(std::uint64_t rows, std::uint64_t& sink) {
        wire::direct_query_request query;
        query.sql.text = "SELECT * FROM replay_" + std::to_string(rows);
        send(query, 1);
        (void)receive();
        std::uint64_t items = 0;
        while (true) {
            const auto block = receive_block();
            const bool last = block.status() == wire::status::end_of_data;
            const auto* at = block.body.data();
            const auto* const end = at + block.body.size();
            wire::item item;
            wire::item_status status{};
            while (at != end) {
                at = wire::parse_item(at, end, item, status);
                if (at == nullptr) throw std::runtime_error("malformed row");
                sink += item.data.size() + static_cast<std::uint64_t>(item.code);
                ++items;
            }
            if (last) return items;
        }
    }

private:
    static constexpr std::size_t read_size = 256 * 1024; // no slower than the client's reads

    template <class M> void send(const M& request, std::uint32_t statement) {
        out_.clear();
        (void)wire::append_request(out_, request, id_ += 2, statement, format_);
        if (::send(socket_, out_.data(), out_.size(), 0) != static_cast<ssize_t>(out_.size())) throw std::runtime_error("cannot send");
    }

    wire::message receive() {
        wire::message in;
        std::error_code error;
        while (!assembler_.next(in, error)) {
            if (error) throw std::runtime_error(error.message());
            const auto room = assembler_.prepare(read_size);
            const auto got = ::recv(socket_, room.data(), room.size(), 0);
            if (got <= 0) throw std::runtime_error("closed");
            assembler_.commit(static_cast<std::size_t>(got));
        }
        return in;
    }

    wire::message receive_block() {
        wire::message in;
        std::error_code error;
        bool asked = false;
        while (!assembler_.next(in, error)) {
            if (error) throw std::runtime_error(error.message());
            wire::frame_header head;
            if (!asked && assembler_.peek_header(head) && head.code.value == wire::status::ok) {
                send(wire::fetch_request{}, 1);
                asked = true;
            }
            const auto room = assembler_.prepare(read_size);
            const auto got = ::recv(socket_, room.data(), room.size(), 0);
            if (got <= 0) throw std::runtime_error("closed");
            assembler_.commit(static_cast<std::size_t>(got));
        }
        if (!asked && in.status() == wire::status::ok) send(wire::fetch_request{}, 1);
        return in;
    }

    template <class M> wire::message ask(const M& request, std::uint32_t statement) {
        send(request, statement);
        return receive();
    }

    int socket_{-1};
    std::uint32_t id_{1};
    wire::byte_buffer out_;
    wire::session_format format_;
    wire::frame_assembler assembler_;
};

} // namespace irislink::bench
