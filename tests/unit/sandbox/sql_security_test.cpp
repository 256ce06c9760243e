// What SQL sees of a login: $USERNAME, $ROLES, the audit table, and ALTER USER.

#include "samples/sandbox/audit/audit_log.hpp"
#include "tests/unit/sandbox/sql_fixture.hpp"

namespace irislink::sandbox::sql::test {
namespace {

class password_book final : public account_service {
public:
    void change_password(std::string_view user, std::string_view password) override {
        if (password == "refused") throw sql_error(400, "no", "ServerLoop");
        changes.emplace_back(user, password);
    }

    std::vector<std::pair<std::string, std::string>> changes;
};

class SqlSecurity : public sql_fixture {
protected:
    SqlSecurity()
        : log({},
              [] {
                  audit_settings settings;
                  settings.enabled = true;
                  return settings;
              }()),
          audited(database::options{{}, 1000, log.table().string()}), manager(audited, "Manager", "USER", {"%Manager,%SQL", true}, &book),
          other(audited, "other", "%SYS", {"%SQL", false}) {
        audit_record record;
        record.event = audit_event::login_failure;
        record.user = "alice";
        record.description = "User alice does not exist";
        record.status = 417;
        log.write(record);
    }

    audit_log log;
    password_book book;
    database audited;
    session manager;
    session other;
};

TEST_F(SqlSecurity, ALoginCanBeAskedAbout) {
    EXPECT_EQ(run(manager, "SELECT $USERNAME, $ROLES, $NAMESPACE"), "'Manager','%Manager,%SQL','USER'");
    EXPECT_EQ(run(other, "select $username, $roles, $namespace"), "'other','%SQL','%SYS'");
    EXPECT_EQ(run("SELECT $ROLES, $USERNAME"), "'','demo'");
    EXPECT_EQ(run(manager, "SELECT 1 WHERE $ROLES LIKE '%Manager%'"), "1");
}

TEST_F(SqlSecurity, TheSameNameWithOtherRolesSeesItsOwn) {
    session again(audited, "Manager", "USER", {"%SQL", false}, nullptr);
    EXPECT_EQ(run(manager, "SELECT $ROLES FROM %SYS.Audit"), "'%Manager,%SQL'");
    EXPECT_EQ(run(again, "SELECT $ROLES"), "'%SQL'");
    EXPECT_EQ(run(again, "SELECT $ROLES FROM %SYS.Audit"), "error 99") << "a plan of before is not for everybody";
}

TEST_F(SqlSecurity, TheAuditIsATableForThoseWhoMayReadIt) {
    EXPECT_EQ(run(manager, "SELECT Event, Username, Status, Description FROM %SYS.Audit"), "'LoginFailure','alice',417,'User alice does not exist'");
    EXPECT_EQ(run(manager, "SELECT COUNT(*) FROM %SYS.Audit WHERE UTCTimeStamp > '2020-01-01 00:00:00'"), "1");
    EXPECT_EQ(run(manager, "SELECT COUNT(*) FROM %SYS.Audit WHERE UTCTimeStamp > DATEADD('DD', 1, CURRENT_TIMESTAMP)"), "0");
    for (const auto* const sql :
         {"SELECT * FROM %SYS.Audit", "SELECT 1 WHERE EXISTS (SELECT 1 FROM %SYS.Audit)", "SELECT (SELECT MAX(AuditIndex) FROM \"%SYS\".\"Audit\")",
          "WITH a AS (SELECT * FROM %SYS.Audit) SELECT * FROM a", "SELECT 1 UNION ALL SELECT AuditIndex FROM %SYS.Audit"}) {
        EXPECT_EQ(run(other, sql), "error 99") << sql;
    }
    EXPECT_EQ(run(other, "CREATE TABLE T (a INTEGER)"), "0 rows");
    EXPECT_EQ(run(other, "INSERT INTO T SELECT AuditIndex FROM %SYS.Audit"), "error 99");
}

TEST_F(SqlSecurity, AViewGivesNoRightThatItsReaderLacks) {
    EXPECT_EQ(run(manager, "CREATE VIEW Failures AS SELECT Username FROM %SYS.Audit"), "0 rows");
    EXPECT_EQ(run(manager, "SELECT * FROM Failures"), "'alice'");
    EXPECT_EQ(run(other, "SELECT * FROM Failures"), "error 99");
}

TEST_F(SqlSecurity, TheAuditCannotBeChanged) {
    for (const auto* const sql :
         {"DELETE FROM %SYS.Audit", "UPDATE %SYS.Audit SET Username = 'x'", "INSERT INTO %SYS.Audit (Username) VALUES ('x')", "TRUNCATE TABLE %SYS.Audit",
          "DROP TABLE %SYS.Audit"})
        EXPECT_EQ(run(manager, sql).substr(0, 5), "error") << sql;
    EXPECT_EQ(run(manager, "SELECT COUNT(*) FROM %SYS.Audit"), "1");
}

TEST_F(SqlSecurity, AnOpenTransactionDoesNotHoldUpTheAudit) {
    manager.set_autocommit(false);
    EXPECT_EQ(run(manager, "CREATE TABLE Held (a INTEGER)"), "0 rows");
    EXPECT_EQ(run(manager, "SELECT COUNT(*) FROM %SYS.Audit"), "1");
    const auto begin = std::chrono::steady_clock::now();
    log.write({});
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
    manager.rollback();
    EXPECT_EQ(run(manager, "SELECT COUNT(*) FROM %SYS.Audit"), "2");
}

TEST_F(SqlSecurity, WithoutAnAuditThereIsNoTable) {
    EXPECT_EQ(run("SELECT * FROM %SYS.Audit"), "error 30");
}

TEST_F(SqlSecurity, AlterUserTakesEveryFormOfAPassword) {
    using changes = std::vector<std::pair<std::string, std::string>>;
    EXPECT_EQ(run(manager, "ALTER USER alice IDENTIFY BY 'it''s new'"), "0 rows");
    EXPECT_EQ(run(manager, "ALTER USER \"_SYSTEM\" IDENTIFIED BY pw4AUser;"), "0 rows");
    EXPECT_EQ(run(manager, "alter user Bob identify by 12345"), "0 rows");
    EXPECT_EQ(run(manager, "ALTER USER carol IDENTIFY BY ?", {std::string("given")}), "0 rows");
    EXPECT_EQ(book.changes, (changes{{"alice", "it's new"}, {"_SYSTEM", "pw4AUser"}, {"Bob", "12345"}, {"carol", "given"}}));
}

TEST_F(SqlSecurity, AlterUserRefusals) {
    EXPECT_EQ(run(manager, "ALTER USER alice IDENTIFY BY 'refused'"), "error 400");
    EXPECT_EQ(run(other, "ALTER USER other IDENTIFY BY 'new'"), "error 400") << "a session without the service";
    EXPECT_EQ(run(manager, "ALTER USER alice IDENTIFY BY ?"), "error 400");
    EXPECT_EQ(run(manager, "ALTER USER alice IDENTIFY BY ?", {std::int64_t{5}}), "error 400");
    EXPECT_TRUE(book.changes.empty());
}

TEST_F(SqlSecurity, FaultsOfAlterUserShowNothingOfThePassword) {
    for (const auto* const sql :
         {"ALTER USER alice IDENTIFY BY hunter2 hunter2", "ALTER USER alice IDENTIFY hunter2", "ALTER USER alice PASSWORD 'hunter2'",
          "ALTER USER alice IDENTIFY BY = hunter2", "ALTER USER alice IDENTIFY BY hunter2, hunter2", "ALTER USER alice IDENTIFY BY"}) {
        last_message.clear();
        EXPECT_EQ(run(manager, sql).substr(0, 5), "error") << sql;
        EXPECT_NE(last_message, "");
        EXPECT_EQ(last_message.find("hunter2"), std::string::npos) << last_message;
    }
}

TEST_F(SqlSecurity, PlansWithPasswordsAreNotKept) {
    const auto first = manager.prepare("ALTER USER alice IDENTIFY BY 'secret'");
    const auto second = manager.prepare("ALTER USER alice IDENTIFY BY 'secret'");
    EXPECT_NE(first->shared(), second->shared());
    const auto query = manager.prepare("SELECT 1");
    EXPECT_EQ(query->shared(), manager.prepare("SELECT 1")->shared()) << "others are";
}

} // namespace
} // namespace irislink::sandbox::sql::test
