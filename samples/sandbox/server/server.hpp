#pragma once
// The listening server: one thread per connection. Sessions block in SQL and in locks, and hundreds
// of threads cost little; a slow statement never delays the others or a cancel.
//
// start() returns when the port is open; stop() ends every session and waits for them.

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "samples/sandbox/server/line.hpp"
#include "samples/sandbox/session/session.hpp"

namespace irislink::sandbox {

class server final : public session_host {
public:
    // The database is made here. Throws config_error or sql_error.
    explicit server(sandbox_config config);
    ~server() override;

    void start();
    void stop();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    [[nodiscard]] std::size_t sessions() const;

    [[nodiscard]] const sandbox_config& config() const noexcept override { return config_; }

    [[nodiscard]] const login_policy& policy() const noexcept override { return policy_; }

    [[nodiscard]] second_factor& factors() noexcept override { return factors_; }

    [[nodiscard]] audit_log& audit() noexcept override { return audit_; }

    [[nodiscard]] sql::database& database() noexcept override { return database_; }

    bool cancel(std::int64_t job, std::uint32_t statement, const std::string& user) override;

private:
    void accept_loop();
    void serve(int socket, std::string peer, std::int64_t job);

    sandbox_config config_;
    login_policy policy_;
    second_factor factors_;
    audit_log audit_;
    line_acceptor lines_;
    sql::database database_;
    int listener_{-1};
    std::uint16_t port_{0};
    std::atomic<bool> stopping_{false};
    std::thread acceptor_;
    mutable std::mutex mutex_;
    std::condition_variable idle_;
    std::map<std::int64_t, std::shared_ptr<transport>> sockets_; // to end them, handshakes included
    std::map<std::int64_t, session*> sessions_;
    std::size_t running_{0};
    std::int64_t next_job_{1001};
};

} // namespace irislink::sandbox
