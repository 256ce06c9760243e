#include "samples/sandbox/auth/account_store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "samples/sandbox/auth/account.hpp"
#include "samples/sandbox/sql/lexer.hpp"

namespace irislink::sandbox {
namespace {

// Two tables: one row an account, one row a thing to remember.
constexpr const char* account_schema = "PRAGMA journal_mode=WAL;"
                                       "PRAGMA synchronous=NORMAL;"
                                       "CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_failure INTEGER NOT NULL,"
                                       " last_login INTEGER, disabled INTEGER NOT NULL, reason TEXT NOT NULL, known INTEGER NOT NULL);"
                                       "CREATE INDEX IF NOT EXISTS by_age ON accounts (known, last_failure);"
                                       "CREATE TABLE IF NOT EXISTS remembered (what TEXT PRIMARY KEY, of_what TEXT NOT NULL, value INTEGER NOT NULL);";

std::int64_t now_in_microseconds() {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void bind_text(const sql::sqlite_statement& statement, int index, std::string_view text) {
    sqlite3_bind_text64(statement.get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

} // namespace

std::chrono::milliseconds failure_rule::delay(int failures) const noexcept {
    if (limit == 0 || disable || failures < limit) return std::chrono::milliseconds{0};
    return first_delay * (1 << std::min(failures - limit, longest_doubling));
}

account_store::account_store(const std::filesystem::path& file) {
    try {
        if (!file.empty()) {
            // Made here and not by SQLite: nobody else is to read who failed and when.
            const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
            if (made < 0) throw sql::sql_error(400, "it cannot be opened");
            ::close(made);
        }
        sqlite3* raw = nullptr;
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE;
        const int opened = sqlite3_open_v2(file.empty() ? ":memory:" : file.c_str(), &raw, flags, nullptr);
        db_.reset(raw);
        if (opened != SQLITE_OK) throw sql::sql_error(400, "it cannot be opened");
        sqlite3_busy_timeout(raw, 5000);
        sql::execute_sql(raw, account_schema);
    } catch (const sql::sql_error& error) {
        throw std::runtime_error(file.string() + ", the state of the accounts, cannot be used: " + error.message);
    }
}

account_state account_store::read(const std::string& key) const {
    const auto query = sql::prepare_sql(db_.get(), "SELECT failures, last_failure, last_login, disabled, reason FROM accounts WHERE name = ?1");
    bind_text(query, 1, key);
    account_state out;
    if (!sql::step(query.get())) return out;
    out.failures = sqlite3_column_int(query.get(), 0);
    out.last_failure = sqlite3_column_int64(query.get(), 1);
    if (sqlite3_column_type(query.get(), 2) != SQLITE_NULL) out.last_login = sqlite3_column_int64(query.get(), 2);
    out.disabled = sqlite3_column_int(query.get(), 3) != 0;
    out.reason = sql::column_text(query.get(), 4);
    return out;
}

void account_store::write(const std::string& key, const account_state& state, bool known) {
    const auto change = sql::prepare_sql(
        db_.get(), "INSERT INTO accounts (name, failures, last_failure, last_login, disabled, reason, known) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                   " ON CONFLICT (name) DO UPDATE SET failures = ?2, last_failure = ?3, last_login = ?4, disabled = ?5, reason = ?6, known = ?7"
    );
    bind_text(change, 1, key);
    sqlite3_bind_int(change.get(), 2, state.failures);
    sqlite3_bind_int64(change.get(), 3, state.last_failure);
    if (state.last_login) sqlite3_bind_int64(change.get(), 4, *state.last_login);
    sqlite3_bind_int(change.get(), 5, state.disabled ? 1 : 0);
    bind_text(change, 6, state.reason);
    sqlite3_bind_int(change.get(), 7, known ? 1 : 0);
    (void)sql::step(change.get());
    // Now and then, whatever the name, so that one nobody has costs what every other one does.
    if (++writes_ % writes_between_prunes != 0) return;
    const auto prune = sql::prepare_sql(
        db_.get(), "DELETE FROM accounts WHERE known = 0 AND name IN"
                   " (SELECT name FROM accounts WHERE known = 0 ORDER BY last_failure DESC LIMIT -1 OFFSET ?1)"
    );
    sqlite3_bind_int(prune.get(), 1, most_unknown_names);
    (void)sql::step(prune.get());
}

account_state account_store::state(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return read(sql::to_upper(name));
}

std::string account_store::enter(const std::string& key, const failure_rule& rule) {
    std::unique_lock lock(mutex_);
    bool delayed = false;
    std::string refusal;
    while (rule.limit > 0 && !stopping_) {
        const auto now = read(key);
        const auto at = running_.find(key);
        const int running = at == running_.end() ? 0 : at->second;
        // Guesses that run side by side must not be more than the limit allows one after the other.
        const bool full = running > 0 && now.failures + running >= rule.limit;
        const auto passed = std::chrono::microseconds(now_in_microseconds() - now.last_failure);
        const auto delay = rule.delay(now.failures);
        // A clock that was set back must not make a delay longer than it is.
        const auto rest = passed.count() < 0 ? std::chrono::microseconds(delay) : std::chrono::microseconds(delay) - passed;
        if (!full && rest.count() <= 0) break;
        if (delay.count() > 0 && !delayed) {
            if (waiting_ >= most_waiting) {
                refusal = "too many logins wait for the delay after failures";
                break;
            }
            ++waiting_;
            delayed = true;
        }
        if (full) {
            changed_.wait(lock);
        } else {
            // Not longer than a moment: another process may lift the delay.
            changed_.wait_for(lock, std::min<std::chrono::microseconds>(rest, std::chrono::seconds(1)));
        }
    }
    if (delayed) --waiting_;
    if (stopping_) refusal = "the server is stopping";
    if (refusal.empty()) ++running_[key];
    return refusal;
}

account_store::attempt::attempt(account_store& store, std::string_view name, const failure_rule& rule)
    : store_(&store), key_(sql::to_upper(name)), refusal_(store.enter(key_, rule)), counted_(refusal_.empty()) {}

account_store::attempt::~attempt() {
    if (!counted_) return;
    const std::lock_guard lock(store_->mutex_);
    const auto found = store_->running_.find(key_);
    if (--found->second == 0) store_->running_.erase(found);
    store_->changed_.notify_all();
}

void account_store::note_failure(std::string_view name, bool known, const failure_rule& rule, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    const auto key = sql::to_upper(name);
    auto now = read(key);
    ++now.failures;
    now.last_failure = now_in_microseconds();
    now.reason = reason;
    if (rule.disable && rule.limit > 0 && now.failures >= rule.limit) now.disabled = true;
    write(key, now, known);
    changed_.notify_all();
}

void account_store::note_refusal(std::string_view name, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    const auto key = sql::to_upper(name);
    auto now = read(key);
    now.reason = reason;
    write(key, now, true);
}

void account_store::note_success(std::string_view name, std::int64_t now) {
    const std::lock_guard lock(mutex_);
    account_state fresh;
    fresh.last_login = now;
    write(sql::to_upper(name), fresh, true);
    changed_.notify_all();
}

void account_store::unlock(std::string_view name) {
    const std::lock_guard lock(mutex_);
    write(sql::to_upper(name), {}, true);
    changed_.notify_all();
}

void account_store::forget(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto change = sql::prepare_sql(db_.get(), "DELETE FROM accounts WHERE name = ?1");
    bind_text(change, 1, sql::to_upper(name));
    (void)sql::step(change.get());
}

std::int64_t account_store::remember(std::string_view what, std::string_view of, std::int64_t fresh) {
    const std::lock_guard lock(mutex_);
    const auto query = sql::prepare_sql(db_.get(), "SELECT value FROM remembered WHERE what = ?1 AND of_what = ?2");
    bind_text(query, 1, what);
    bind_text(query, 2, of);
    if (sql::step(query.get())) return sqlite3_column_int64(query.get(), 0);
    const auto change = sql::prepare_sql(db_.get(), "INSERT OR REPLACE INTO remembered (what, of_what, value) VALUES (?1, ?2, ?3)");
    bind_text(change, 1, what);
    bind_text(change, 2, of);
    sqlite3_bind_int64(change.get(), 3, fresh);
    (void)sql::step(change.get());
    return fresh;
}

void account_store::stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
}

} // namespace irislink::sandbox
