#pragma once
// A sandbox of one's own: configuration and users in a temporary folder, a free port, ended and
// removed with the object.

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>

namespace demo {

class sandbox_process {
public:
    // `programs` is the folder with irislink-sandbox. Throws std::runtime_error.
    explicit sandbox_process(const std::filesystem::path& programs);
    ~sandbox_process();
    sandbox_process(const sandbox_process&) = delete;
    sandbox_process& operator=(const sandbox_process&) = delete;

    // Ends the server and removes the folder. Any thread; the second call finds nothing to do.
    void end() noexcept;

    void add_user(const std::string& name, const std::string& password);
    void start();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    [[nodiscard]] std::string uri(const std::string& user, const std::string& password) const;

private:
    std::filesystem::path program_;
    std::filesystem::path folder_;
    std::filesystem::path config_;
    std::atomic<pid_t> child_{-1};
    std::uint16_t port_{0};
};

} // namespace demo
