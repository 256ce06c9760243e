#include "samples/sandbox/auth/secret_file.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>
#include <vector>

namespace irislink::sandbox {
namespace {

// Memory that is overwritten before it goes, also when it grows.
class wiped_buffer {
public:
    wiped_buffer() = default;
    wiped_buffer(const wiped_buffer&) = delete;
    wiped_buffer& operator=(const wiped_buffer&) = delete;

    ~wiped_buffer() { wire::secure_zero(bytes_.data(), bytes_.size()); }

    void grow() {
        std::vector<char> larger(std::max<std::size_t>(4096, 2 * bytes_.size()));
        std::ranges::copy(bytes_, larger.begin());
        wire::secure_zero(bytes_.data(), bytes_.size());
        bytes_.swap(larger);
    }

    [[nodiscard]] char* data() noexcept { return bytes_.data(); }

    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }

private:
    std::vector<char> bytes_;
};

} // namespace

std::optional<wire::secret> read_secret_file(const std::filesystem::path& file) {
    std::ifstream in;
    in.rdbuf()->pubsetbuf(nullptr, 0); // the stream's own buffer would keep a copy
    in.open(file, std::ios::binary);
    if (!in) return std::nullopt;
    wiped_buffer text;
    std::size_t used = 0;
    while (in) {
        if (used == text.size()) text.grow();
        in.read(text.data() + used, static_cast<std::streamsize>(text.size() - used));
        used += static_cast<std::size_t>(in.gcount());
    }
    if (in.bad()) return std::nullopt; // a folder opens, and does not read
    return wire::secret(std::string_view(text.data(), used));
}

} // namespace irislink::sandbox
