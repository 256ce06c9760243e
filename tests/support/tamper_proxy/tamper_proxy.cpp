#include "tests/support/tamper_proxy/tamper_proxy.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace irislink::test {
namespace {

void send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return; // the other side is gone: its business
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

} // namespace

void proxy_line::pass(heading where, std::string_view bytes) const {
    send_all(where == heading::server ? server_ : client_, bytes);
}

void proxy_line::end(heading where) const {
    ::shutdown(where == heading::server ? server_ : client_, SHUT_WR);
}

void proxy_line::close() const {
    ::shutdown(client_, SHUT_RDWR);
    ::shutdown(server_, SHUT_RDWR);
}

tamper_proxy::tamper_proxy(std::uint16_t server, tamper change, greeting opened) : server_(server), change_(std::move(change)), opened_(std::move(opened)) {
    start([this](int client, std::size_t number) { open(client, number); });
}

tamper_proxy::~tamper_proxy() {
    stop();
}

std::string tamper_proxy::recorded(heading where) const {
    const std::lock_guard lock(mutex_);
    const auto found = recorded_.find(where);
    return found == recorded_.end() ? std::string() : found->second;
}

void tamper_proxy::open(int client, std::size_t number) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback_address(server_);
    const int one = 1;
    ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    const bool there = ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    if (!there) ::shutdown(client, SHUT_RDWR);
    serve({client, server}, [this, client, server, number, there] {
        if (there) relay({*this, client, server, number});
    });
}

void tamper_proxy::relay(proxy_line line) {
    if (opened_) opened_(line);
    std::array<pollfd, 2> ends{pollfd{line.client_, POLLIN, 0}, pollfd{line.server_, POLLIN, 0}};
    std::array<char, 16384> piece{};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (::poll(ends.data(), ends.size(), -1) < 0) return;
        for (std::size_t i = 0; i < ends.size(); ++i) {
            if (ends[i].fd < 0 || ends[i].revents == 0) continue;
            const auto where = i == 0 ? heading::server : heading::client;
            const auto got = ::recv(ends[i].fd, piece.data(), piece.size(), 0);
            if (got <= 0) {
                ends[i].fd = -1;
                line.end(where);
                continue;
            }
            const std::string_view bytes(piece.data(), static_cast<std::size_t>(got));
            {
                const std::lock_guard lock(mutex_);
                recorded_[where].append(bytes);
            }
            if (change_) {
                change_(line, where, bytes);
            } else {
                line.pass(where, bytes);
            }
        }
    }
}

void packet_reader::feed(std::string_view bytes, const std::function<void(std::size_t, std::string)>& got) {
    pending_.append(bytes);
    while (true) {
        std::size_t size = 5;
        if (!preamble_) {
            if (pending_.size() < 4) return;
            size = 0;
            for (std::size_t i = 0; i < 4; ++i) size = size << 8U | static_cast<unsigned char>(pending_[i]);
            size += 4;
        }
        if (pending_.size() < size) return;
        auto packet = pending_.substr(0, size);
        pending_.erase(0, size);
        preamble_ = false;
        got(next_++, std::move(packet));
    }
}

} // namespace irislink::test
