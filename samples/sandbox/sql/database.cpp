#include "samples/sandbox/sql/database.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "samples/sandbox/sql/plan.hpp"

namespace irislink::sandbox::sql {

bool write_lock::acquire(clock::time_point until, const std::function<bool()>& give_up) {
    std::unique_lock lock(mutex_);
    if (!taken_) {
        taken_ = true;
        return true;
    }
    waiter self;
    waiting_.push_back(&self);
    while (!self.mine) {
        self.granted.wait_for(lock, std::chrono::milliseconds(20));
        if (!self.mine && (clock::now() >= until || give_up())) {
            waiting_.erase(std::ranges::find(waiting_, &self));
            return false;
        }
    }
    return true;
}

void write_lock::release() noexcept {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
        taken_ = false;
        return;
    }
    auto* const next = waiting_.front();
    waiting_.pop_front();
    next->mine = true;
    next->granted.notify_one();
}

std::shared_ptr<const plan> plan_cache::find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->second;
}

void plan_cache::store(const std::string& key, std::shared_ptr<const plan> made) {
    const std::lock_guard lock(mutex_);
    if (index_.contains(key)) return;
    order_.emplace_front(key, std::move(made));
    index_.emplace(order_.front().first, order_.begin());
    if (order_.size() > limit) {
        index_.erase(order_.back().first);
        order_.pop_back();
    }
}

database_file::database_file(const std::string& wanted) : path(wanted) {
    if (!path.empty()) return;
    auto pattern = (std::filesystem::temp_directory_path() / "irislink-sandbox-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw sql_error(400, "Cannot make a temporary folder");
    folder = pattern;
    path = folder + "/database";
}

database_file::~database_file() {
    if (folder.empty()) return;
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

// A private database need not survive a power failure.
database::state::state(options given)
    : settings(std::move(given)), file(settings.path), readers(file.path, settings.audit, settings.lock_timeout_ms, file.folder.empty(), true),
      writers(file.path, settings.audit, settings.lock_timeout_ms, file.folder.empty(), false) {
    keeper = writers.borrow(nullptr);
    catalog::initialise(keeper->db());
}

std::shared_ptr<const catalog> database::state::committed_tables(connection& on) {
    const auto version = catalog::version(on);
    {
        const std::lock_guard lock(tables_mutex_);
        if (tables_ && tables_->loaded_version() == version) return tables_;
    }
    const bool alone = sqlite3_get_autocommit(on.db()) != 0;
    if (alone) on.run("BEGIN"); // one snapshot for all the reads
    std::shared_ptr<const catalog> loaded;
    try {
        loaded = catalog::load(on.db());
    } catch (...) {
        if (alone) on.run("ROLLBACK");
        throw;
    }
    if (alone) on.run("COMMIT");
    const std::lock_guard lock(tables_mutex_);
    if (!tables_ || tables_->loaded_version() < loaded->loaded_version()) tables_ = loaded;
    return loaded;
}

database::database(options settings) : state_(std::make_unique<state>(std::move(settings))) {}

database::~database() = default;

} // namespace irislink::sandbox::sql
