#pragma once
// Which one-time codes were used: the last step of every user, so that a code works once, also over a
// restart when there is a file to keep them in. Thread-safe.

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace irislink::sandbox {

class used_codes {
public:
    // An empty path: kept in memory alone. Throws std::runtime_error when the file is there and not
    // readable: starting from nothing would let old codes in again.
    explicit used_codes(std::filesystem::path file);

    [[nodiscard]] std::int64_t last(const std::string& user) const;

    // Records a step. False when it, or a later one, was recorded before, by a second login at the same
    // moment too, and when it cannot be written down.
    [[nodiscard]] bool use(const std::string& user, std::int64_t step);

private:
    std::filesystem::path file_;
    mutable std::mutex mutex_;
    std::map<std::string, std::int64_t> steps_;
};

} // namespace irislink::sandbox
