#pragma once
// A block of bytes that grows, at the alignment that Arrow recommends. Fresh bytes are zero where Arrow
// has a use for it (bitmaps); values are not touched twice.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace irislink::columnar {

class memory {
public:
    static constexpr std::size_t alignment = 64;

    memory() = default;

    memory(memory&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

    memory& operator=(memory&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }

    memory(const memory&) = delete;
    memory& operator=(const memory&) = delete;

    ~memory() { std::free(data_); }

    // At least `size` bytes, of which those there were are kept. Throws std::bad_alloc.
    void grow(std::size_t size) {
        size = (size + alignment - 1) / alignment * alignment;
        if (size <= size_) return;
        auto* const bigger = std::aligned_alloc(alignment, size);
        if (bigger == nullptr) throw std::bad_alloc();
        if (size_ > 0) std::memcpy(bigger, data_, size_);
        std::free(data_);
        data_ = static_cast<std::byte*>(bigger);
        size_ = size;
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
    std::byte* data_{nullptr};
    std::size_t size_{0};
};

} // namespace irislink::columnar
