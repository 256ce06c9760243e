#include "driver/config/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace irislink::driver {
namespace {

class open_file {
public:
    // Not blocking: a pipe without a writer would hold the program up with no deadline.
    explicit open_file(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}

    ~open_file() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    [[nodiscard]] int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

} // namespace

secret_file read_secret_file(const std::string& path, std::size_t limit) {
    const open_file file(path);

    struct stat facts {};

    if (file.get() < 0 || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
    // Room for all of it beforehand, and one byte more by which its end is known: nothing grows. The kernel's
    // own files do not say how long they are.
    const auto size = facts.st_size > 0 ? std::min(static_cast<std::size_t>(facts.st_size), limit) : limit;
    std::vector<char> room(size + 1);
    std::size_t have = 0;
    bool broken = false;
    while (have < room.size()) {
        const auto got = ::read(file.get(), room.data() + have, room.size() - have);
        if (got < 0 && errno == EINTR) continue;
        broken = got < 0;
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
    }
    secret_file out;
    if (have == room.size()) {
        out.state = secret_file::outcome::too_large;
    } else if (!broken) {
        out.state = secret_file::outcome::read;
        out.text = wire::secret({room.data(), have});
    }
    wire::secure_zero(room.data(), room.size());
    return out;
}

} // namespace irislink::driver
