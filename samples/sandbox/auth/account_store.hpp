#pragma once
// What logins do to accounts: failures in a row, last login, lockout, the reason of the last failure.
// Kept in an SQLite file, so that a lockout survives a restart and `user unlock` reaches a running
// server; in memory without a path. Thread-safe. Sources: security-behaviour 3.6, decisions 21 and 23.
//
// Names that are no account have a row too: what happens to an account after many failures must not
// tell that it exists (decision 24). Of those only the newest are kept.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox {

// The invalid-login limit and what happens at it.
struct failure_rule {
    int limit{5};        // failures in a row; 0: none
    bool disable{false}; // the account at the limit; otherwise every attempt has to wait, longer each time
    std::chrono::milliseconds first_delay{1000};

    static constexpr int longest_doubling = 6; // 1 s to 64 s

    [[nodiscard]] std::chrono::milliseconds delay(int failures) const noexcept;
};

struct account_state {
    int failures{0};
    std::int64_t last_failure{0};           // unix time in microseconds
    std::optional<std::int64_t> last_login; // unix time
    bool disabled{false};                   // by the limit
    std::string reason;                     // for failing to log in, the last one
};

class account_store {
public:
    // Throws std::runtime_error when the file cannot be used: starting from nothing would lift lockouts.
    explicit account_store(const std::filesystem::path& file);

    [[nodiscard]] account_state state(std::string_view name) const;

    // One attempt to prove who one is. Attempts on a name queue up where their number could exceed the
    // limit, and wait for the delay that failures have earned. `refusal` is empty, or says why the
    // attempt may not be made at all. Ends with its destruction, after its failure was noted.
    class attempt {
    public:
        attempt(account_store& store, std::string_view name, const failure_rule& rule);
        ~attempt();
        attempt(const attempt&) = delete;
        attempt& operator=(const attempt&) = delete;

        [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }

    private:
        account_store* store_;
        std::string key_;
        std::string refusal_;
        bool counted_{false};
    };

    // `known`: there is such an account.
    void note_failure(std::string_view name, bool known, const failure_rule& rule, std::string_view reason);
    // Refusals that say nothing about the proof (disabled, no right to the namespace) count nothing.
    void note_refusal(std::string_view name, std::string_view reason);
    void note_success(std::string_view name, std::int64_t now);

    void unlock(std::string_view name); // as if it had never failed, nor been away
    void forget(std::string_view name);

    // A number that the server keeps between its runs; `fresh` is stored when there is none, or when the
    // `of` it belongs to has changed.
    [[nodiscard]] std::int64_t remember(std::string_view what, std::string_view of, std::int64_t fresh);

    // Ends the waiting of attempts; later ones do not wait. For the end of the server.
    void stop();

private:
    static constexpr int most_waiting = 32;         // attempts in delay, of all names
    static constexpr int most_unknown_names = 4096; // rows, and what is written between two looks
    static constexpr unsigned writes_between_prunes = 64;

    [[nodiscard]] std::string enter(const std::string& key, const failure_rule& rule);
    [[nodiscard]] account_state read(const std::string& key) const;
    void write(const std::string& key, const account_state& state, bool known);

    sql::sqlite_handle db_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, int> running_; // attempts by name
    int waiting_{0};
    unsigned writes_{0};
    bool stopping_{false};
};

} // namespace irislink::sandbox
