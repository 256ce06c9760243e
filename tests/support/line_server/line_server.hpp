#pragma once
// What peers of tests have in common: a listener on a free loopback port, and a thread of its own for each line
// that comes in. A base class; the derived one ends it while its own members still live.

#include <netinet/in.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace irislink::test {

[[nodiscard]] sockaddr_in loopback_address(std::uint16_t port);

class line_server {
public:
    line_server(const line_server&) = delete;
    line_server& operator=(const line_server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // How many lines came so far.
    [[nodiscard]] std::size_t connections() const noexcept { return accepted_; }

protected:
    line_server(); // throws std::runtime_error when there is no port
    ~line_server();

    // Calls `accepted(socket, number)` for each line, numbers from 0, on the thread that accepts.
    void start(std::function<void(int, std::size_t)> accepted);
    // Keeps sockets until the end, at which they are shut down, and runs `work` on a thread of its own.
    void serve(const std::vector<int>& sockets, std::function<void()> work);
    // Ends the lines and waits for their threads.
    void stop();

private:
    int listener_{-1};
    std::uint16_t port_{0};
    std::atomic<bool> stopping_{false};
    std::atomic<std::size_t> accepted_{0};
    std::mutex mutex_;
    std::vector<int> sockets_;
    std::vector<std::thread> lines_;
    std::thread acceptor_;
};

} // namespace irislink::test
