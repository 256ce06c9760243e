#include "tests/support/line_server/line_server.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace irislink::test {

sockaddr_in loopback_address(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
}

line_server::line_server() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    auto address = loopback_address(0);
    socklen_t size = sizeof(address);
    auto* const raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 64) != 0 || ::getsockname(listener_, raw, &size) != 0) {
        ::close(listener_);
        throw std::runtime_error("no port on loopback");
    }
    port_ = ntohs(address.sin_port);
}

line_server::~line_server() {
    stop();
    ::close(listener_);
}

void line_server::start(std::function<void(int, std::size_t)> accepted) {
    acceptor_ = std::thread([this, accepted = std::move(accepted)] {
        while (!stopping_) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (socket < 0) return;
            const int one = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
            accepted(socket, accepted_++);
        }
    });
}

void line_server::serve(const std::vector<int>& sockets, std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    sockets_.insert(sockets_.end(), sockets.begin(), sockets.end());
    lines_.emplace_back(std::move(work));
}

void line_server::stop() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    {
        const std::lock_guard lock(mutex_);
        for (const int each : sockets_) ::shutdown(each, SHUT_RDWR);
    }
    // Nothing is added any more: the thread that accepts has ended.
    for (auto& each : lines_) each.join();
    lines_.clear();
    for (const int each : sockets_) ::close(each);
    sockets_.clear();
}

} // namespace irislink::test
