#pragma once
// A block of bytes that grows, at the alignment that Arrow recommends. Fresh bytes are zero where Arrow
// has a use for it (bitmaps); values are not touched twice.
//
// Large blocks are pages of their own: they grow without being copied, and some that were given back are kept for the
// next batch, since having the system make pages costs as much as filling them. Any thread may free a block.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace irislink::columnar {

class memory {
public:
    static constexpr std::size_t alignment = 64;
    // From this size on a block is pages.
    static constexpr std::size_t paged = std::size_t{1} << 18U;
    // What is kept at most, of all blocks together.
    static constexpr std::size_t kept_bytes = std::size_t{32} << 20U;

    memory() = default;

    memory(memory&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

    memory& operator=(memory&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }

    memory(const memory&) = delete;
    memory& operator=(const memory&) = delete;

    ~memory() { release(); }

    // At least `size` bytes, of which those there were are kept. Throws std::bad_alloc.
    void grow(std::size_t size) {
        if (size > size_) enlarge(size);
    }

    // The same; the bytes that are new are all `fill`.
    void grow_filled(std::size_t size, unsigned char fill) {
        const auto before = size_;
        grow(size);
        if (size_ > before) std::memset(data_ + before, fill, size_ - before);
    }

    [[nodiscard]] std::byte* data() const noexcept { return data_; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    void enlarge(std::size_t size);
    void release() noexcept;

    std::byte* data_{nullptr};
    std::size_t size_{0};
};

} // namespace irislink::columnar
