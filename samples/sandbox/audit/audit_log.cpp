#include "samples/sandbox/audit/audit_log.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sqlite3.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace irislink::sandbox {
namespace {

// The columns of IRIS's own %SYS.Audit that mean something here, and the level beside them.
constexpr const char* schema = "PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=NORMAL;"
                               "CREATE TABLE IF NOT EXISTS audit (AuditIndex INTEGER PRIMARY KEY AUTOINCREMENT, UTCTimeStamp TEXT NOT NULL,"
                               " EventSource TEXT NOT NULL, EventType TEXT NOT NULL, Event TEXT NOT NULL, Username TEXT NOT NULL,"
                               " Roles TEXT NOT NULL, Authentication TEXT NOT NULL, SecurityLevel INTEGER NOT NULL,"
                               " ClientIPAddress TEXT NOT NULL, OSUsername TEXT NOT NULL, ClientMachine TEXT NOT NULL,"
                               " ClientExecutableName TEXT NOT NULL, JobId INTEGER NOT NULL, Namespace TEXT NOT NULL,"
                               " Status INTEGER NOT NULL, Description TEXT NOT NULL);"
                               "CREATE TABLE IF NOT EXISTS settings (text TEXT NOT NULL);";

std::string show(const audit_settings& settings) {
    nlohmann::ordered_json out;
    out["enabled"] = settings.enabled;
    out["login"] = settings.login;
    out["login_failure"] = settings.login_failure;
    out["logout"] = settings.logout;
    out["user_change"] = settings.user_change;
    out["file"] = settings.file;
    out["table_rows"] = settings.table_rows;
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void make_private(const std::filesystem::path& file) {
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made < 0) throw std::runtime_error("the audit table " + file.string() + " cannot be opened");
    ::close(made);
}

} // namespace

audit_log::audit_log(const std::filesystem::path& table, const audit_settings& settings) : table_(table), settings_(settings) {
    if (table_.empty()) {
        auto pattern = (std::filesystem::temp_directory_path() / "irislink-audit-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder for the audit table");
        folder_ = pattern;
        table_ = folder_ / "audit";
    }
    try {
        if (settings_.enabled && !settings_.file.empty()) {
            file_ = open_file(settings_.file);
            if (file_ < 0) throw std::runtime_error("the audit file " + settings_.file + " cannot be opened");
        }
        open_table();
    } catch (...) {
        std::error_code ignored;
        if (file_ >= 0) ::close(file_);
        db_.reset();
        if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
        throw;
    }
}

audit_log::~audit_log() {
    if (file_ >= 0) ::close(file_);
    db_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

void audit_log::open_table() {
    make_private(table_);
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(table_.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    db_.reset(raw);
    if (opened != SQLITE_OK) throw std::runtime_error("the audit table " + table_.string() + " cannot be opened");
    sqlite3_busy_timeout(raw, 5000);
    try {
        sql::execute_sql(raw, schema);
        // What was changed while the server was down is an event too. A first start is none.
        const auto stored = sql::prepare_sql(raw, "SELECT text FROM settings");
        const bool known = sql::step(stored.get());
        const auto before = known ? sql::column_text(stored.get(), 0) : std::string();
        const auto now = show(settings_);
        sqlite3_reset(stored.get());
        if (before == now) return;
        sql::execute_sql(raw, "DELETE FROM settings");
        const auto change = sql::prepare_sql(raw, "INSERT INTO settings VALUES (?1)");
        sqlite3_bind_text64(change.get(), 1, now.data(), now.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        (void)sql::step(change.get());
        if (!known) return;
        audit_record record;
        record.time = std::chrono::system_clock::now();
        record.event = audit_event::audit_change;
        record.description = "from " + before + " to " + now;
        append(record);
    } catch (const sql::sql_error& error) {
        throw std::runtime_error("the audit table " + table_.string() + " cannot be used: " + error.message);
    }
}

int audit_log::open_file(const std::string& name) {
    return ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
}

bool audit_log::wants(audit_event event) const noexcept {
    if (event == audit_event::audit_change) return true;
    if (!settings_.enabled) return false;
    switch (event) {
    case audit_event::login: return settings_.login;
    case audit_event::login_failure: return settings_.login_failure;
    case audit_event::logout: return settings_.logout;
    default: return settings_.user_change;
    }
}

void audit_log::write(audit_record record) {
    const std::lock_guard lock(mutex_);
    if (!wants(record.event)) return;
    record.time = std::chrono::system_clock::now();
    try {
        append(record);
    } catch (const std::exception& error) {
        spdlog::error("an audit event could not be written: {}", error.what());
    }
}

void audit_log::append(const audit_record& record) {
    const auto name = name_of(record.event);
    const auto time = show_time(record.time);
    const auto insert = sql::prepare_sql(
        db_.get(), "INSERT INTO audit (UTCTimeStamp, EventSource, EventType, Event, Username, Roles, Authentication, SecurityLevel,"
                   " ClientIPAddress, OSUsername, ClientMachine, ClientExecutableName, JobId, Namespace, Status, Description)"
                   " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)"
    );
    const auto text = [&](int index, std::string_view value) {
        sqlite3_bind_text64(insert.get(), index, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    };
    text(1, time);
    text(2, name.source);
    text(3, name.type);
    text(4, name.name);
    text(5, record.user);
    text(6, record.roles);
    text(7, record.authentication);
    sqlite3_bind_int(insert.get(), 8, record.level);
    text(9, record.address);
    text(10, record.os_user);
    text(11, record.machine);
    text(12, record.executable);
    sqlite3_bind_int64(insert.get(), 13, record.job);
    text(14, record.name_space);
    sqlite3_bind_int(insert.get(), 15, record.status);
    text(16, record.description);
    (void)sql::step(insert.get());
    const auto index = sqlite3_last_insert_rowid(db_.get());
    const auto prune = sql::prepare_sql(db_.get(), "DELETE FROM audit WHERE AuditIndex <= ?1");
    sqlite3_bind_int64(prune.get(), 1, index - settings_.table_rows);
    (void)sql::step(prune.get());
    if (file_ < 0) return;
    // One write, so that lines of several processes never mix.
    const auto line = to_json(record, index) + "\n";
    if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::runtime_error("the audit file " + settings_.file + " cannot be written");
}

void audit_log::configure(const audit_settings& settings) {
    const std::lock_guard lock(mutex_);
    if (settings == settings_) return;
    try {
        int opened = -1;
        if (settings.enabled && !settings.file.empty()) {
            opened = open_file(settings.file);
            if (opened < 0) throw std::runtime_error("the audit file " + settings.file + " cannot be opened");
        }
        // Those who watch the old file are to see that it ends.
        note_change(settings_, settings);
        if (file_ >= 0) ::close(file_);
        file_ = opened;
        settings_ = settings;
    } catch (const std::exception& error) {
        spdlog::error("the audit goes on as before: {}", error.what());
    }
}

void audit_log::note_change(const audit_settings& before, const audit_settings& after) {
    audit_record record;
    record.time = std::chrono::system_clock::now();
    record.event = audit_event::audit_change;
    record.description = "from " + show(before) + " to " + show(after);
    append(record);
    const auto text = show(after);
    const auto change = sql::prepare_sql(db_.get(), "UPDATE settings SET text = ?1");
    sqlite3_bind_text64(change.get(), 1, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    (void)sql::step(change.get());
}

} // namespace irislink::sandbox
