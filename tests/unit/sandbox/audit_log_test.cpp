#include "samples/sandbox/audit/audit_log.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::sandbox {
namespace {

class AuditLog : public ::testing::Test {
protected:
    AuditLog() {
        settings.enabled = true;
        settings.file = (folder / "audit.jsonl").string();
    }

    static audit_record record(audit_event event, std::string user = "alice") {
        audit_record out;
        out.event = event;
        out.user = std::move(user);
        return out;
    }

    [[nodiscard]] std::vector<nlohmann::json> lines() const {
        std::vector<nlohmann::json> out;
        std::ifstream in(folder / "audit.jsonl");
        for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
        return out;
    }

    // "event user" of the table, oldest first
    static std::vector<std::string> rows(const audit_log& log) {
        sqlite3* raw = nullptr;
        EXPECT_EQ(sqlite3_open_v2(log.table().c_str(), &raw, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
        const sql::sqlite_handle db(raw);
        const auto query = sql::prepare_sql(raw, "SELECT Event || ' ' || Username FROM audit ORDER BY AuditIndex");
        std::vector<std::string> out;
        while (sql::step(query.get())) out.push_back(sql::column_text(query.get(), 0));
        return out;
    }

    static unsigned mode(const std::filesystem::path& file) {
        struct stat facts {};

        EXPECT_EQ(::stat(file.c_str(), &facts), 0);
        return facts.st_mode & 0777U;
    }

    test::temporary_folder folder;
    audit_settings settings;
};

TEST_F(AuditLog, OneRecordIsOneRowAndOneLine) {
    audit_log log(folder / "table", settings);
    auto made = record(audit_event::login_failure);
    made.roles = "%SQL,%Manager";
    made.authentication = "Password+TOTP";
    made.level = 10;
    made.address = "192.0.2.7";
    made.os_user = "al";
    made.machine = "box";
    made.executable = "tool";
    made.job = 1001;
    made.name_space = "USER";
    made.status = 417;
    made.description = "User alice \"does\"\nnot\xFF exist";
    log.write(made);
    ASSERT_EQ(lines().size(), 1U);
    const auto line = lines()[0];
    EXPECT_EQ(line["index"], 1);
    EXPECT_EQ(line["event"], "%System/%Login/LoginFailure");
    EXPECT_EQ(line["user"], "alice");
    EXPECT_EQ(line["roles"], "%SQL,%Manager");
    EXPECT_EQ(line["authentication"], "Password+TOTP");
    EXPECT_EQ(line["level"], 10);
    EXPECT_EQ(line["address"], "192.0.2.7");
    EXPECT_EQ(line["os_user"], "al");
    EXPECT_EQ(line["machine"], "box");
    EXPECT_EQ(line["executable"], "tool");
    EXPECT_EQ(line["job"], 1001);
    EXPECT_EQ(line["namespace"], "USER");
    EXPECT_EQ(line["status"], 417);
    EXPECT_EQ(line["description"], "User alice \"does\"\nnot\xEF\xBF\xBD exist");
    EXPECT_EQ(line["time"].get<std::string>().size(), 26U);
    EXPECT_EQ(rows(log), std::vector<std::string>{"LoginFailure alice"});
    EXPECT_EQ(mode(folder / "audit.jsonl"), 0600U);
    EXPECT_EQ(mode(folder / "table"), 0600U);
}

TEST_F(AuditLog, TimesHaveMicroseconds) {
    using namespace std::chrono;
    EXPECT_EQ(show_time(system_clock::time_point(microseconds(1'709'164'800'000'042))), "2024-02-29 00:00:00.000042");
}

TEST_F(AuditLog, EventsAreSwitchedOneByOne) {
    const std::vector<std::pair<audit_event, bool audit_settings::*>> switches{
        {audit_event::login, &audit_settings::login},
        {audit_event::login_failure, &audit_settings::login_failure},
        {audit_event::logout, &audit_settings::logout},
        {audit_event::user_change, &audit_settings::user_change}};
    for (const auto& [off, which] : switches) {
        auto some = settings;
        some.file.clear();
        some.*which = false;
        audit_log log({}, some);
        for (const auto& [event, ignored] : switches) log.write(record(event));
        EXPECT_EQ(rows(log).size(), 3U);
        for (const auto& row : rows(log)) EXPECT_NE(row, std::string(name_of(off).name) + " alice");
    }
}

TEST_F(AuditLog, NothingIsWrittenWhileItIsOff) {
    settings.enabled = false;
    audit_log log(folder / "table", settings);
    log.write(record(audit_event::login));
    EXPECT_TRUE(rows(log).empty());
    EXPECT_FALSE(std::filesystem::exists(settings.file));
}

TEST_F(AuditLog, ChangesOfTheAuditAreEvents) {
    audit_log log(folder / "table", settings);
    log.configure(settings);
    EXPECT_TRUE(rows(log).empty()) << "no change";
    auto less = settings;
    less.enabled = false;
    log.configure(less);
    log.write(record(audit_event::login));
    EXPECT_EQ(rows(log), std::vector<std::string>{"AuditChange "}) << "told although everything is off now";
    ASSERT_EQ(lines().size(), 1U);
    const auto text = lines()[0]["description"].get<std::string>();
    EXPECT_LT(text.find("\"enabled\":true"), text.find("\"enabled\":false"));
}

TEST_F(AuditLog, ChangesWhileTheServerWasDownAreEventsToo) {
    { audit_log log(folder / "table", settings); }
    { audit_log log(folder / "table", settings); }
    settings.logout = false;
    audit_log log(folder / "table", settings);
    EXPECT_EQ(rows(log), std::vector<std::string>{"AuditChange "});
    EXPECT_EQ(lines().size(), 1U);
}

TEST_F(AuditLog, TheTableKeepsTheNewest) {
    settings.table_rows = 3;
    audit_log log(folder / "table", settings);
    for (const auto* const user : {"a", "b", "c", "d", "e"}) log.write(record(audit_event::login, user));
    EXPECT_EQ(rows(log), (std::vector<std::string>{"Login c", "Login d", "Login e"}));
    EXPECT_EQ(lines().size(), 5U);
}

TEST_F(AuditLog, AnAuditThatCannotBeWrittenIsNoAudit) {
    auto bad = settings;
    bad.file = (folder / "no" / "such" / "place").string();
    EXPECT_THROW(audit_log(folder / "table", bad), std::runtime_error);
    EXPECT_THROW(audit_log(folder / "no" / "table", settings), std::runtime_error);
    std::filesystem::create_symlink(folder / "elsewhere", folder / "link");
    bad.file = (folder / "link").string();
    EXPECT_THROW(audit_log(folder / "table", bad), std::runtime_error) << "links are not followed";
    audit_log log(folder / "table", settings);
    log.configure(bad);
    log.write(record(audit_event::login));
    EXPECT_EQ(lines().back()["user"], "alice") << "what cannot be used leaves the old settings";
}

TEST_F(AuditLog, APrivateTableGoesWithItsLog) {
    std::filesystem::path table;
    {
        audit_log log({}, settings);
        table = log.table();
        EXPECT_TRUE(std::filesystem::exists(table));
    }
    EXPECT_FALSE(std::filesystem::exists(table.parent_path()));
}

} // namespace
} // namespace irislink::sandbox
