#include "samples/sandbox/sql/connection.hpp"

#include <algorithm>

#include "samples/sandbox/sql/catalog.hpp"
#include "samples/sandbox/sql/functions_support.hpp"

namespace irislink::sandbox::sql {
namespace {

// Of any value: what a client can fetch in one piece, with room for what is made of several.
constexpr int value_limit = 128 << 20;

connection_user* user_of(sqlite3_context* context) {
    return static_cast<connection*>(owner_of(context))->user();
}

// A path in SQLite's URI form.
std::string uri_of(const std::string& path, std::string_view query) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "file:";
    for (const char c : path) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' || c == '-' || c == '_') {
            out.push_back(c);
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
        }
    }
    return out.append(query);
}

void last_identity(sqlite3_context* context, int, sqlite3_value**) {
    const auto* const user = user_of(context);
    if (const auto value = user == nullptr ? std::nullopt : user->identity()) sqlite3_result_int64(context, *value);
}

void query_plan(sqlite3_context* context, int, sqlite3_value** values) {
    auto* const user = user_of(context);
    if (user == nullptr) return;
    try {
        return_text(context, user->explain(text_argument(values[0])));
    } catch (const sql_error& error) {
        raise(context, error.code, error.message);
    }
}

} // namespace

cached_statement::cached_statement(connection& owner, std::string key, sqlite_statement statement)
    : owner_(&owner), key_(std::move(key)), statement_(std::move(statement)) {}

cached_statement::cached_statement(cached_statement&& other) noexcept
    : owner_(other.owner_), key_(std::move(other.key_)), statement_(std::move(other.statement_)) {}

cached_statement& cached_statement::operator=(cached_statement&& other) noexcept {
    if (this != &other) {
        release();
        owner_ = other.owner_;
        key_ = std::move(other.key_);
        statement_ = std::move(other.statement_);
    }
    return *this;
}

cached_statement::~cached_statement() {
    release();
}

void cached_statement::release() noexcept {
    if (statement_) owner_->keep(std::move(key_), std::move(statement_));
    statement_.reset();
}

connection::connection(sqlite_handle db) : db_(std::move(db)) {
    const auto progress = [](void* self) {
        auto* const user = static_cast<connection*>(self)->user_;
        return user != nullptr && user->must_stop() ? 1 : 0;
    };
    sqlite3_progress_handler(db_.get(), 1000, progress, this);
    register_function(db_.get(), "iris_last_identity", 0, last_identity, this);
    register_function(db_.get(), "iris_query_plan", 1, query_plan, this);
}

cached_statement connection::statement(std::string_view sql) {
    const auto found = std::ranges::find(idle_, sql, &std::pair<std::string, sqlite_statement>::first);
    if (found != idle_.end()) {
        auto key = std::move(found->first);
        auto made = std::move(found->second);
        idle_.erase(found);
        return {*this, std::move(key), std::move(made)};
    }
    return {*this, std::string(sql), prepare_sql(db_.get(), sql)};
}

void connection::run(std::string_view sql) {
    const auto made = statement(sql);
    while (step(made.get())) {
    }
}

void connection::keep(std::string key, sqlite_statement statement) noexcept {
    sqlite3_reset(statement.get());
    sqlite3_clear_bindings(statement.get());
    try {
        idle_.emplace_front(std::move(key), std::move(statement));
    } catch (const std::bad_alloc&) {
        return;
    }
    if (idle_.size() > cache_limit) idle_.pop_back();
}

std::shared_ptr<connection> connection_pool::borrow(connection_user* user) {
    std::unique_ptr<connection> found;
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            found = std::move(idle_.back());
            idle_.pop_back();
        }
    }
    if (!found) found = std::make_unique<connection>(open());
    found->set_user(user);
    return {found.release(), [this](connection* used) { give_back(std::unique_ptr<connection>(used)); }};
}

void connection_pool::give_back(std::unique_ptr<connection> used) noexcept {
    used->set_user(nullptr);
    if (sqlite3_get_autocommit(used->db()) == 0) return; // should not be; the next user must not inherit it
    const std::lock_guard lock(mutex_);
    if (idle_.size() >= idle_limit) return;
    try {
        idle_.push_back(std::move(used));
    } catch (const std::bad_alloc&) {
        used.reset();
    }
}

void connection_pool::clear() {
    const std::lock_guard lock(mutex_);
    idle_.clear();
}

sqlite_handle connection_pool::open() const {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (audit_.empty() ? 0 : SQLITE_OPEN_URI);
    const int result = sqlite3_open_v2(audit_.empty() ? path_.c_str() : uri_of(path_, "").c_str(), &raw, flags, nullptr);
    sqlite_handle db(raw);
    if (result != SQLITE_OK) throw sql_error(400, "Cannot open the database file of the sandbox");
    sqlite3_busy_timeout(raw, busy_timeout_ms_);
    sqlite3_limit(raw, SQLITE_LIMIT_LENGTH, value_limit);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute_sql(
        raw, std::string("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA synchronous=") + (durable_ ? "NORMAL" : "OFF")
    );
    register_functions(raw);
    // For reading alone: a transaction would lock it against those who write it otherwise.
    if (!audit_.empty()) execute_sql(raw, "ATTACH DATABASE " + quote_text(uri_of(audit_, "?mode=ro")) + " AS iris_audit");
    if (read_only_) execute_sql(raw, "PRAGMA query_only=ON");
    return db;
}

} // namespace irislink::sandbox::sql
