#pragma once
// Where audit events go: a table in an SQLite file of its own, which SQL reads as %SYS.Audit, and a file
// of JSON lines when one is named. Both have mode 0600. The table is not part of the database, so that a
// login never waits for somebody's transaction, nor is rolled back with it. Thread-safe.
//
// Without a path the table lives in a temporary folder as long as the log.

#include <filesystem>
#include <mutex>
#include <string>

#include "samples/sandbox/audit/audit_record.hpp"
#include "samples/sandbox/config/security_config.hpp"
#include "samples/sandbox/sql/sqlite.hpp"

namespace irislink::sandbox {

class audit_log {
public:
    // Throws std::runtime_error when the table or the file cannot be used: an audit that is asked for and
    // not written is worse than no server.
    audit_log(const std::filesystem::path& table, const audit_settings& settings);
    ~audit_log();
    audit_log(const audit_log&) = delete;
    audit_log& operator=(const audit_log&) = delete;

    // Does nothing for events that are switched off. An event that cannot be written is an error in the log.
    void write(audit_record record);

    // Takes new settings; a difference is an event of its own, whatever is switched off now. What
    // cannot be used leaves the old settings in force and is an error in the log.
    void configure(const audit_settings& settings);

    // Of the table, for those who read it.
    [[nodiscard]] const std::filesystem::path& table() const noexcept { return table_; }

private:
    [[nodiscard]] bool wants(audit_event event) const noexcept;
    void open_table();
    [[nodiscard]] static int open_file(const std::string& name);
    void note_change(const audit_settings& before, const audit_settings& after);
    void append(const audit_record& record);

    std::filesystem::path folder_; // of a private table
    std::filesystem::path table_;
    std::mutex mutex_;
    audit_settings settings_;
    sql::sqlite_handle db_;
    int file_{-1};
};

} // namespace irislink::sandbox
