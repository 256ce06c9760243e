#include "samples/sandbox/auth/used_codes.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace irislink::sandbox {
namespace {

bool write_whole(const std::filesystem::path& file, const std::string& text) {
    auto temporary = file;
    temporary += ".new";
    const int out = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out < 0) return false;
    const bool written = ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(out) == 0;
    return (::close(out) == 0) && written && ::rename(temporary.c_str(), file.c_str()) == 0;
}

} // namespace

used_codes::used_codes(std::filesystem::path file) : file_(std::move(file)) {
    if (file_.empty() || !std::filesystem::exists(file_)) return;
    std::ifstream in(file_);
    const auto root = nlohmann::json::parse(in, nullptr, false);
    if (!root.is_object()) throw std::runtime_error(file_.string() + " does not hold the used codes it should");
    for (const auto& [user, step] : root.items()) {
        if (!step.is_number_integer()) throw std::runtime_error(file_.string() + " does not hold the used codes it should");
        steps_[user] = step.get<std::int64_t>();
    }
}

std::int64_t used_codes::last(const std::string& user) const {
    const std::lock_guard lock(mutex_);
    const auto found = steps_.find(user);
    return found == steps_.end() ? -1 : found->second;
}

bool used_codes::use(const std::string& user, std::int64_t step) {
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = steps_.try_emplace(user, step);
    if (!fresh && at->second >= step) return false;
    at->second = step;
    return file_.empty() || write_whole(file_, nlohmann::json(steps_).dump());
}

} // namespace irislink::sandbox
