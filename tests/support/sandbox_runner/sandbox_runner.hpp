#pragma once
// Runs the irislink-sandbox binary of the build as a process of its own, on a free loopback port, with
// a private folder that goes away with it. Throws std::runtime_error when it does not get ready.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace irislink::test {

// Says that a text is all of a sandbox.toml, for tests that are about the settings.
enum class config_text : unsigned char { whole };
inline constexpr auto whole_config = config_text::whole;

class sandbox_runner {
public:
    // `changes` are lines for the [server] table; they replace the line with the same key.
    // `sections` is what comes after them, such as a [tls] table.
    explicit sandbox_runner(const std::vector<std::string>& changes = {}, const std::string& sections = {});
    // The server with exactly this file, and its log, of level debug, in log().
    sandbox_runner(const std::string& config, config_text);
    ~sandbox_runner();
    sandbox_runner(const sandbox_runner&) = delete;
    sandbox_runner& operator=(const sandbox_runner&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // 0 when it has ended.
    [[nodiscard]] pid_t process() const noexcept { return server_; }

    // user demo, password demo
    [[nodiscard]] std::string uri(const std::string& query = {}) const;
    // What the second constructor's server has written to its log so far.
    [[nodiscard]] std::string log() const;
    // Ends the server at once, as a crash would.
    void kill();
    // Ends it as an administrator would: sessions end, and what they have to say of it is written. False
    // when it had to be killed.
    [[nodiscard]] bool end();
    // Freezes and thaws it: a peer that is there and says nothing.
    void stop();
    void resume();

private:
    void make_folder();
    void start(const std::string& log_level, int log);

    std::filesystem::path folder_;
    pid_t server_{0};
    std::uint16_t port_{0};
};

} // namespace irislink::test
