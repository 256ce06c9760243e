#pragma once
// Tickets that are got with a name and a password, or that a callback points to: one keeper per settings
// object, so that a pool, a reconnect and a cancel connection use what the first connection got, ask the
// KDC once and a person once. Tickets are in memory alone and are destroyed with the last user.
//
// Any thread; every function may block for a person or the KDC, so none belongs on an executor's thread.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "irislink/options.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {

// A credential cache in the memory of this process, gone with the object.
class memory_cache {
public:
    memory_cache();
    ~memory_cache();
    memory_cache(const memory_cache&) = delete;
    memory_cache& operator=(const memory_cache&) = delete;

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

private:
    std::string name_; // "MEMORY:..."
};

// The cache to use, kept for as long as it is used. No name: the one that the settings say.
struct kerberos_lease {
    std::string ccache;
    std::shared_ptr<const memory_cache> keeper; // none when the cache is somebody else's
};

class kerberos_tickets {
public:
    using callback = std::function<kerberos_credentials()>;

    // `principal` and `password` of the settings, `ask` of the program; each may be empty.
    kerberos_tickets(std::string principal, wire::secret password, callback ask);

    // Whether ask() may have to wait for a person.
    [[nodiscard]] bool asks() const noexcept { return ask_ != nullptr; }

    // Calls the callback unless there are tickets or an answer already; one call at a time. Throws what it
    // throws, and kerberos_fault for an answer that says nothing.
    void ask();
    // Tickets that are good for a while yet, or new ones from the KDC. Empty when the callback has to be
    // asked first. Throws kerberos_fault.
    [[nodiscard]] std::optional<kerberos_lease> obtain();
    // These proved useless: they are not handed out again.
    void forget(const kerberos_lease& useless);

private:
    [[nodiscard]] bool good() const; // mutex_ held

    const std::string principal_;
    const wire::secret password_;
    const callback ask_;
    std::mutex asking_;    // held while a person thinks; before the others
    std::mutex obtaining_; // held while the KDC is asked; before mutex_
    std::mutex mutex_;     // of what follows; never held while anything waits

    struct answer {
        std::string principal;
        wire::secret password;
    };

    std::optional<answer> answer_; // of the callback, until the KDC has judged it
    std::optional<kerberos_lease> lease_;
    std::chrono::steady_clock::time_point until_; // of tickets of ours
};

} // namespace irislink::driver
