#pragma once
// What every ODBC handle begins with: a tag that tells handles from other memory, the lock that makes
// a handle safe to use from several threads, and its diagnostics.
//
// Order of locks: environment, connection, statement or descriptor, then connection::line and the small
// ones inside a connection. Most calls hold one handle's lock; freeing, disconnecting and ending the
// transactions of an environment hold a parent's and, one after the other, those below it.

#include <atomic>
#include <cstdint>
#include <mutex>

#include "odbc/diag/diag_area.hpp"
#include "odbc/handle/handle_memory.hpp"

namespace irislink::odbc {

enum class handle_tag : std::uint32_t {
    none = 0,
    environment = 0x49524531,
    connection = 0x49524331,
    statement = 0x49525331,
    descriptor = 0x49524431,
};

class handle {
public:
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;

    [[nodiscard]] handle_tag tag() const noexcept { return tag_.load(std::memory_order_acquire); }

    std::mutex mutex;
    diag_area diag;

protected:
    explicit handle(handle_tag tag) noexcept : tag_(tag) {}

    // A pointer kept by a program after the handle was freed finds no tag, as long as the memory is not
    // in use again (handle_memory.hpp).
    ~handle() { static_cast<volatile std::atomic<handle_tag>&>(tag_).store(handle_tag::none, std::memory_order_release); }

private:
    std::atomic<handle_tag> tag_;
};

// Null for null and for handles of another kind. `Handle` has a constant `kind`.
template <class Handle> [[nodiscard]] Handle* handle_cast(SQLHANDLE raw) noexcept {
    if (raw == nullptr) return nullptr;
    auto* const found = static_cast<handle*>(raw);
    return found->tag() == Handle::kind ? static_cast<Handle*>(found) : nullptr;
}

// What is handed to the program: always the base, so that handle_cast may start from there.
[[nodiscard]] inline SQLHANDLE to_raw(handle& in) noexcept {
    return &in;
}

} // namespace irislink::odbc
