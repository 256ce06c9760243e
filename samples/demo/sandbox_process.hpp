#pragma once
// A sandbox of one's own: configuration and users in a folder, a free port, ended with the object.

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace demo {

class sandbox_process {
public:
    // `programs` is the folder with irislink-sandbox; `settings` are sections added to the starting file;
    // `folder` is made, and belongs to the caller. Throws std::runtime_error.
    sandbox_process(const std::filesystem::path& programs, std::filesystem::path folder, const std::string& settings = {});
    ~sandbox_process();
    sandbox_process(const sandbox_process&) = delete;
    sandbox_process& operator=(const sandbox_process&) = delete;

    // Ends the server. Any thread; the second call finds nothing to do.
    void end() noexcept;

    void add_user(const std::string& name, const std::string& password, const std::vector<std::string>& more = {});
    // The key of the user's authenticator program, in base 32.
    [[nodiscard]] std::string add_totp(const std::string& name);
    void add_text_messages(const std::string& name);
    void start();

    // The code of the newest text message.
    [[nodiscard]] std::string newest_code() const;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    [[nodiscard]] std::string run_user(const std::vector<std::string>& arguments, const std::string& input = {}) const;

    std::string program_;
    std::filesystem::path folder_;
    std::string config_;
    std::string log_;
    std::atomic<pid_t> child_{-1};
    std::uint16_t port_{0};
};

} // namespace demo
