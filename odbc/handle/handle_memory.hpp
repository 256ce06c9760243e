#pragma once
// Memory of handles, which is used for handles of the same kind alone and never given back. Programs call functions with handles that they have freed; what
// such a handle points to is then still a handle's memory, with no tag in it (handle.hpp), and no other object's. Freed memory is used again as late as
// possible. Thread-safe.

#include <deque>
#include <mutex>
#include <new>

namespace irislink::odbc {

class handle_memory {
public:
    handle_memory() = default;

    handle_memory(const handle_memory&) = delete;
    handle_memory& operator=(const handle_memory&) = delete;

    [[nodiscard]] void* take(std::size_t size) {
        {
            const std::lock_guard lock(mutex_);
            if (free_.size() > kept_unused) {
                void* const out = free_.front();
                free_.pop_front();
                return out;
            }
        }
        return ::operator new(size);
    }

    void give_back(void* memory) noexcept {
        const std::lock_guard lock(mutex_);
        try {
            free_.push_back(memory);
        } catch (const std::bad_alloc&) {
            // It stays unused.
        }
    }

private:
    static constexpr std::size_t kept_unused = 64;

    std::mutex mutex_;
    std::deque<void*> free_;
};

// A base of handle classes that have such memory; `Handle` is the class itself.
template <class Handle> class in_handle_memory {
public:
    static void* operator new(std::size_t size) { return memory().take(size); }

    static void operator delete(void* gone) noexcept { memory().give_back(gone); }

private:
    static handle_memory& memory() {
        // Programs free handles in the destructors of their own global objects: it outlives those.
        static auto& one = *new handle_memory;
        return one;
    }
};

} // namespace irislink::odbc
