#pragma once
// A man in the middle for tests: hands the first connection on to a server, byte for byte, and does what it
// likes with all later ones. Shows whether a second connection of the client asks for less than the first.

#include <poll.h>

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <thread>

#include "tests/integration/driver/tls_fixture.hpp"

namespace irislink::test {

class relay {
public:
    // `later` gets the line of every connection but the first, each in a thread of its own.
    relay(std::uint16_t server, std::function<void(int)> later) : later_(std::move(later)) {
        peer_.emplace([this, server](int line) { take(::dup(line), server); });
    }

    ~relay() {
        over_ = true;
        peer_.reset(); // nobody comes any more
        for (auto& each : threads_) each.join();
    }

    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return peer_->port(); }

    [[nodiscard]] int connections() const noexcept { return peer_->connections(); }

private:
    void take(int line, std::uint16_t server) {
        const bool first = threads_.empty();
        threads_.emplace_back([this, first, line, server] {
            if (first) {
                pass_on(line, server);
            } else {
                later_(line);
            }
            ::shutdown(line, SHUT_RDWR);
            ::close(line);
        });
    }

    void pass_on(int line, std::uint16_t server) const {
        const int there = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(server);
        bool open = ::connect(there, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0;
        while (open && !over_) {
            pollfd both[] = {{line, POLLIN, 0}, {there, POLLIN, 0}};
            if (::poll(both, 2, 50) <= 0) continue;
            for (const int from : {0, 1}) {
                if (both[from].revents == 0) continue;
                char piece[16384];
                const auto got = ::recv(both[from].fd, piece, sizeof(piece), 0);
                open = open && got > 0 && ::send(both[1 - from].fd, piece, static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
            }
        }
        ::close(there);
    }

    std::function<void(int)> later_;
    std::atomic<bool> over_{false};
    std::list<std::thread> threads_; // the peer's thread's, while there is one
    std::optional<tls_peer> peer_;
};

// Makes a table, and gives a statement over it that takes minutes.
inline std::string endless_query(connection& db) {
    db.execute("CREATE TABLE IF NOT EXISTS N (N INTEGER)");
    for (int i = 0; i < 10; ++i) db.execute("INSERT INTO N VALUES (?)", i);
    return "SELECT COUNT(*) FROM N a, N b, N c, N d, N e, N f, N g, N h, N i, N j WHERE a.N + b.N + j.N < 0";
}

// Cancels what runs, once something does; what went wrong with that.
inline diagnostic failure_of_cancel(connection& db) {
    return failure_of([&db] {
        for (int i = 0; i < 1000 && !db.cancel(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
}

} // namespace irislink::test
