#pragma once
// The rules and accounts that logins are judged by, as the file has them now: changes to users count at
// the next login, to the service at the next connection (security-behaviour 3.5). A file that became
// unreadable, or wrong, leaves the old rules in force.
//
// A view is immutable; the directory is thread-safe.

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "samples/sandbox/auth/roles.hpp"
#include "samples/sandbox/config/config.hpp"

namespace irislink::sandbox {

struct security_view {
    security_config rules;
    account_table users;
    std::vector<std::string> namespaces;
    role_table roles;
    std::set<std::string> public_resources; // in capitals
    std::vector<std::string> public_roles;  // of _PUBLIC
    int work{0};                            // iterations that every check of a password costs
    int new_work{0};                        // of new hashes

    explicit security_view(const sandbox_config& config);

    [[nodiscard]] const account* find(std::string_view name) const;

    [[nodiscard]] bool may(const std::vector<std::string>& roles, std::string_view resource) const;
};

class security_directory {
public:
    using listener = std::function<void(const security_view&)>;

    explicit security_directory(const sandbox_config& config);

    [[nodiscard]] std::shared_ptr<const security_view> current();

    // Hears of every new set of rules, from whatever thread found it.
    void set_listener(listener heard);

    // Stores the hash of a new password, in the file when there is one. Throws config_error.
    void set_password(std::string_view name, std::string_view password, std::int64_t now);

private:
    struct stamp {
        std::filesystem::file_time_type written;
        std::uintmax_t size{0};

        friend bool operator==(const stamp&, const stamp&) = default;
    };

    [[nodiscard]] stamp look() const;
    void take(std::shared_ptr<const security_view> made);

    std::string file_;
    std::mutex mutex_;
    sandbox_config config_; // without a file: what changes are made to
    stamp seen_;
    std::shared_ptr<const security_view> view_;
    listener listener_;
};

} // namespace irislink::sandbox
