#include "bindings/columnar/memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace irislink::columnar {
namespace {

constexpr std::size_t page = 4096;

struct block {
    void* data{nullptr};
    std::size_t size{0};
};

// Blocks that were given back. Whoever finds it in use does without: nobody waits, and a child of fork() whose parent
// was in here loses nothing.
class store {
public:
    // The smallest that is large enough; nothing when there is none.
    block take(std::size_t size) noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock) return {};
        auto best = free_.end();
        for (auto each = free_.begin(); each != free_.end(); ++each)
            if (each->size >= size && (best == free_.end() || each->size < best->size)) best = each;
        if (best == free_.end()) return {};
        const auto out = *best;
        held_ -= out.size;
        free_.erase(best);
        return out;
    }

    // False: it was not taken.
    bool give(block back) noexcept {
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock || back.size > memory::kept_bytes - held_ || free_.size() == free_.capacity()) return false;
        free_.push_back(back);
        held_ += back.size;
        return true;
    }

private:
    static constexpr std::size_t most = memory::kept_bytes / memory::paged;

    std::mutex mutex_;
    std::vector<block> free_ = [] {
        std::vector<block> out;
        out.reserve(most);
        return out;
    }();
    std::size_t held_{0};
};

// Never destroyed: consumers of Arrow data may be the last to go.
store& kept() {
    static auto* const one = new store;
    return *one;
}

} // namespace

void memory::enlarge(std::size_t size) {
    // Rounded first: what a block is made of is told by its size afterwards.
    if (const auto small = (size + alignment - 1) / alignment * alignment; small < paged) {
        size = small;
        auto* const bigger = std::aligned_alloc(alignment, size);
        if (bigger == nullptr) throw std::bad_alloc();
        if (size_ > 0) std::memcpy(bigger, data_, size_);
        std::free(data_);
        data_ = static_cast<std::byte*>(bigger);
        size_ = size;
        return;
    }
    size = (size + page - 1) / page * page;
    auto bigger = kept().take(size);
    if (bigger.data == nullptr) {
        bigger.data =
            size_ < paged ? ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : ::mremap(data_, size_, size, MREMAP_MAYMOVE);
        if (bigger.data == MAP_FAILED) throw std::bad_alloc();
        bigger.size = size;
        if (size_ >= paged) {
            data_ = static_cast<std::byte*>(bigger.data);
            size_ = size;
            return;
        }
    }
    if (size_ > 0) std::memcpy(bigger.data, data_, size_);
    release();
    data_ = static_cast<std::byte*>(bigger.data);
    size_ = bigger.size;
}

void memory::release() noexcept {
    if (size_ < paged) {
        std::free(data_);
    } else if (!kept().give({data_, size_})) {
        ::munmap(data_, size_);
    }
}

} // namespace irislink::columnar
