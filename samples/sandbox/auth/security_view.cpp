#include "samples/sandbox/auth/security_view.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {

using sql::to_upper;

security_view::security_view(const sandbox_config& config)
    : rules(config.security), users(config.users), namespaces(config.namespaces), roles(rules.roles, namespaces), work(config.hash_iterations),
      new_work(config.hash_iterations) {
    if (rules.public_resources) {
        for (const auto& each : *rules.public_resources) public_resources.insert(to_upper(each));
    } else {
        public_resources.insert(to_upper(service_resource));
        for (const auto& each : namespaces) public_resources.insert(to_upper(namespace_resource(each)));
    }
    for (const auto& [key, each] : users) work = std::max(work, hash_work(each.password));
    if (const auto* const everybody = find(public_user)) public_roles = everybody->roles;
}

const account* security_view::find(std::string_view name) const {
    const auto found = users.find(to_upper(name));
    return found == users.end() ? nullptr : &found->second;
}

bool security_view::may(const std::vector<std::string>& held, std::string_view resource) const {
    return public_resources.contains(to_upper(resource)) || roles.grants(held, resource);
}

security_directory::security_directory(const sandbox_config& config) : file_(config.file), config_(config) {
    if (!file_.empty()) seen_ = look();
    view_ = std::make_shared<const security_view>(config);
}

security_directory::stamp security_directory::look() const {
    std::error_code ignored;
    return {std::filesystem::last_write_time(file_, ignored), std::filesystem::file_size(file_, ignored)};
}

std::shared_ptr<const security_view> security_directory::current() {
    const std::lock_guard lock(mutex_);
    if (file_.empty()) return view_;
    const auto now = look();
    if (now == seen_) return view_;
    seen_ = now;
    try {
        take(std::make_shared<const security_view>(load_config(file_)));
    } catch (const std::exception& error) {
        spdlog::error("the rules of before stay in force: {}", error.what());
    }
    return view_;
}

void security_directory::take(std::shared_ptr<const security_view> made) {
    view_ = std::move(made);
    if (listener_) listener_(*view_);
}

void security_directory::set_listener(listener heard) {
    const std::lock_guard lock(mutex_);
    listener_ = std::move(heard);
}

void security_directory::set_password(std::string_view name, std::string_view password, std::int64_t now) {
    const auto change = [hash = hash_password(password, current()->new_work), now](account& user) {
        user.password = hash;
        user.password_changed = now;
        user.change_password = false;
    };
    if (!file_.empty()) {
        (void)change_user(file_, name, change); // seen by the next look
        return;
    }
    const std::lock_guard lock(mutex_);
    const auto found = config_.users.find(to_upper(name));
    if (found == config_.users.end()) throw config_error("no user '" + std::string(name) + "'");
    change(found->second);
    take(std::make_shared<const security_view>(config_));
}

} // namespace irislink::sandbox
