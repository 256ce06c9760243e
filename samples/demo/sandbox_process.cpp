#include "samples/demo/sandbox_process.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "samples/demo/process.hpp"

namespace demo {
namespace {

std::string content_of(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

// What stands between two words.
std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto found = text.find(before);
    if (found == std::string::npos) throw std::runtime_error("no '" + before + "' in what was printed");
    const auto start = found + before.size();
    return text.substr(start, text.find(after, start) - start);
}

} // namespace

sandbox_process::sandbox_process(const std::filesystem::path& programs, std::filesystem::path folder, const std::string& settings)
    : program_(programs / "irislink-sandbox"), folder_(std::move(folder)), config_(folder_ / "sandbox.toml"), log_(folder_ / "log") {
    std::filesystem::create_directories(folder_ / "outbox");
    (void)run({program_, "init", "--config", config_}, {}, log_);
    // A locked account is to stay locked for as long as the matrix runs.
    auto text = content_of(config_);
    const std::string waits = "disable_account = false";
    const auto found = text.find(waits);
    if (found == std::string::npos) throw std::runtime_error("the starting file has no '" + waits + "'");
    text.replace(found, waits.size(), "disable_account = true");
    std::ofstream(config_) << text << "\n[two_factor]\ntotp = true\nsms = true\noutbox = \"" << (folder_ / "outbox").string() << "\"\n" << settings;
}

sandbox_process::~sandbox_process() {
    end();
}

void sandbox_process::end() noexcept {
    if (const auto child = child_.exchange(-1); child > 0) stop(child);
}

std::string sandbox_process::run_user(const std::vector<std::string>& arguments, const std::string& input) const {
    std::vector<std::string> command{program_, "user"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"--config", config_});
    return run(command, input, log_);
}

void sandbox_process::add_user(const std::string& name, const std::string& password, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"add", name, "--password-stdin"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    (void)run_user(arguments, password);
}

std::string sandbox_process::add_totp(const std::string& name) {
    return between(run_user({"totp", name}), "key ", "\n");
}

void sandbox_process::add_text_messages(const std::string& name) {
    (void)run_user({"sms", name, "--phone", "5550100", "--provider", "Verizon"});
}

void sandbox_process::start() {
    const auto child = spawn({program_, "--config", config_, "--port", "0"}, {}, log_);
    child_ = child.id;
    std::string line;
    pollfd entry{child.output, POLLIN, 0};
    while (line.find('\n') == std::string::npos && ::poll(&entry, 1, 10'000) > 0) {
        std::array<char, 256> text{};
        const auto got = ::read(child.output, text.data(), text.size());
        if (got <= 0) break;
        line.append(text.data(), static_cast<std::size_t>(got));
    }
    ::close(child.output);
    const auto colon = line.rfind(':');
    if (!line.starts_with("listening ") || colon == std::string::npos) throw std::runtime_error("the sandbox did not start; see " + log_);
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

std::string sandbox_process::newest_code() const {
    std::filesystem::path newest;
    for (const auto& each : std::filesystem::directory_iterator(folder_ / "outbox"))
        if (each.path().extension() == ".eml" && each.path() > newest) newest = each.path();
    if (newest.empty()) throw std::runtime_error("no text message was sent");
    return between(content_of(newest), " code: ", "\n").substr(0, 6);
}

} // namespace demo
