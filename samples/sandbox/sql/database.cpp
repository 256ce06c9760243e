#include "samples/sandbox/sql/database.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "samples/sandbox/sql/catalog.hpp"

namespace irislink::sandbox::sql {

bool write_lock::acquire(
    const void* owner, clock::time_point until, const std::function<bool()>& give_up
) {
    std::unique_lock lock(mutex_);
    waiting_.push_back(owner);
    while (owner_ != nullptr || waiting_.front() != owner) {
        changed_.wait_for(lock, std::chrono::milliseconds(20));
        const bool mine = owner_ == nullptr && waiting_.front() == owner;
        if (!mine && (clock::now() >= until || give_up())) {
            waiting_.erase(std::ranges::find(waiting_, owner));
            changed_.notify_all();
            return false;
        }
    }
    waiting_.pop_front();
    owner_ = owner;
    return true;
}

void write_lock::release(const void* owner) noexcept {
    const std::lock_guard lock(mutex_);
    if (owner_ != owner) return;
    owner_ = nullptr;
    changed_.notify_all();
}

database::state::state(options given) : settings(std::move(given)) {
    path = settings.path;
    if (path.empty()) {
        auto pattern = (std::filesystem::temp_directory_path() / "irislink-sandbox-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw sql_error(400, "Cannot make a temporary folder");
        folder = pattern;
        path = folder + "/database";
    }
    keeper = connect(false);
    catalog::initialise(keeper.get());
}

database::state::~state() {
    keeper.reset();
    if (!folder.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
}

sqlite_handle database::state::connect(bool read_only) const {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int result = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    sqlite_handle db(raw);
    if (result != SQLITE_OK) throw sql_error(400, "Cannot open the database file of the sandbox");
    sqlite3_busy_timeout(raw, settings.lock_timeout_ms);
    // A private database need not survive a power failure.
    const std::string synchronous = folder.empty() ? "NORMAL" : "OFF";
    execute_sql(raw, "PRAGMA journal_mode=WAL; PRAGMA synchronous=" + synchronous +
                         "; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY");
    register_functions(raw);
    if (read_only) execute_sql(raw, "PRAGMA query_only=ON");
    return db;
}

database::database(options settings) : state_(std::make_unique<state>(std::move(settings))) {}

database::~database() = default;

}  // namespace irislink::sandbox::sql
