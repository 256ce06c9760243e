#pragma once
// A superserver that only replays: every block of rows was encoded before the first client came, so
// a benchmark against it measures the client. `SELECT ... replay_<n>` answers with n rows of five
// columns (integer, 64-bit, decimal, 20-character text, timestamp); any other statement is an update
// that counts one row per parameter set. Not a test double for anything but speed.
//
// One thread per connection. With `lines`, the sandbox's own acceptor, it is reached over TLS and Kerberos
// as well, and the server's part of their work is that of another thread than the client's.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "samples/sandbox/server/line.hpp"
#include "wire/codec/bytes.hpp"

namespace irislink::bench {

// The pre-encoded result: whole ROWS blocks of about block_bytes, and how many rows each holds.
struct replay_rows {
    struct block {
        wire::byte_buffer items;
        std::uint32_t rows{0};
    };

    std::vector<block> blocks; // 100 000 rows together
    std::uint64_t bytes{0};
};

inline constexpr std::uint64_t rows_per_cycle = 100'000;

[[nodiscard]] replay_rows encode_replay_rows(std::size_t block_bytes);

class replay_server {
public:
    explicit replay_server(std::size_t block_bytes = 32768, std::uint16_t port = 0, std::shared_ptr<const sandbox::line_acceptor> lines = {});
    ~replay_server();
    replay_server(const replay_server&) = delete;
    replay_server& operator=(const replay_server&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // Client messages that got an answer since the start: round trips, for counting them.
    [[nodiscard]] std::uint64_t round_trips() const noexcept { return round_trips_.load(); }

    // Waits until stop() is called elsewhere (the stand-alone program).
    void wait();
    void stop() noexcept;

private:
    void accept_loop();
    void serve(int socket);

    replay_rows rows_;
    std::shared_ptr<const sandbox::line_acceptor> lines_;
    int listener_{-1};
    std::uint16_t port_{0};
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> round_trips_{0};
    std::mutex mutex_;
    std::condition_variable idle_; // sockets_ is empty
    std::vector<int> sockets_;
    std::thread acceptor_;
};

} // namespace irislink::bench
