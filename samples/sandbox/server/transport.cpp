#include "samples/sandbox/server/transport.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace irislink::sandbox {
namespace {

class socket_transport final : public transport {
public:
    explicit socket_transport(int socket) : socket_(socket) {}

    ~socket_transport() override { ::close(socket_); }

    std::size_t read(std::span<std::byte> into, deadline until) override {
        while (true) {
            const auto got = ::recv(socket_, into.data(), into.size(), MSG_DONTWAIT);
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno == EINTR) continue;
            if ((errno != EAGAIN && errno != EWOULDBLOCK) || !wait(POLLIN, until)) return 0;
        }
    }

    bool write(wire::bytes_view data, deadline until) override {
        while (!data.empty()) {
            const auto sent = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent > 0) {
                data = data.subspan(static_cast<std::size_t>(sent));
                continue;
            }
            if (errno == EINTR) continue;
            if ((errno != EAGAIN && errno != EWOULDBLOCK) || !wait(POLLOUT, until)) return false;
        }
        return true;
    }

    void shut_down() noexcept override { ::shutdown(socket_, SHUT_RDWR); }

    bool peer_gone() noexcept override {
        pollfd entry{socket_, POLLRDHUP, 0};
        return ::poll(&entry, 1, 0) > 0;
    }

private:
    bool wait(short events, deadline until) const {
        pollfd entry{socket_, events, 0};
        while (true) {
            int milliseconds = -1;
            if (until) {
                const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
                if (left.count() <= 0) return false;
                milliseconds = static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60'000));
            }
            const int ready = ::poll(&entry, 1, milliseconds);
            if (ready > 0) return true;
            if (ready < 0 && errno != EINTR) return false;
        }
    }

    int socket_;
};

} // namespace

std::unique_ptr<transport> make_socket_transport(int socket) {
    return std::make_unique<socket_transport>(socket);
}

} // namespace irislink::sandbox
