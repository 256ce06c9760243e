// Every row of the login matrix (scripts/demo shows it) through the real driver manager: who one is when it
// must succeed; SQLSTATE, native error, the step that failed and the words when it must not. No secret is
// ever part of what is said.

#include "tests/integration/odbc/login_world.hpp"
#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

using world = odbc_login_world;

class OdbcLogin : public OdbcHandles {
protected:
    static void SetUpTestSuite() {
        in = std::make_unique<world>(std::vector<std::string>{
            "by_token", "by_command", "by_narrow", "by_wide", "by_tls", "wrong", "wrong_attribute", "again", "forgotten", "cut"});
    }

    static void TearDownTestSuite() { in.reset(); }

    static std::string by_password(const std::string& user, const std::string& password = world::password) {
        return in->open() + "UID=" + user + ";PWD=" + password + ";";
    }

    static std::string by_ticket(const std::string& server, int level, const std::string& cache) {
        return server + "Security Level=" + std::to_string(level) + ";Service Principal Name=iris/localhost;KerberosCcache=" + cache + ";";
    }

    SQLRETURN open(const std::string& target) {
        return SQLDriverConnect(connection_, nullptr, text(target), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
    }

    [[nodiscard]] std::string why_not() const {
        auto out = problems(SQL_HANDLE_DBC, connection_);
        EXPECT_EQ(out.find("zQ7"), std::string::npos) << out;
        return out;
    }

    // Connected, and the server takes us for `user`.
    void expect_to_be(const std::string& user) {
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS) << why_not();
        EXPECT_EQ(ask("select lower($USERNAME)"), user);
    }

    void expect_login(const std::string& target, const std::string& user) {
        ASSERT_EQ(open(target), SQL_SUCCESS) << why_not();
        expect_to_be(user);
    }

    // The first record begins with state, native code and prefix, then says the step and `words`.
    void expect_record(const std::string& beginning, const std::string& step, const std::string& words) {
        const auto said = why_not();
        EXPECT_TRUE(said.starts_with(beginning + " [irislink][ODBC driver]")) << said;
        EXPECT_NE(said.find("] at " + step + ": "), std::string::npos) << said;
        EXPECT_NE(said.find(words), std::string::npos) << said;
    }

    void expect_refusal(const std::string& target, const std::string& beginning, const std::string& step, const std::string& words) {
        ASSERT_EQ(open(target), SQL_ERROR);
        expect_record(beginning, step, words);
        EXPECT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_ERROR) << "there is no connection";
        EXPECT_EQ(state_of(SQL_HANDLE_DBC, connection_), "08003");
        statement_ = nullptr;
    }

    // Connected as far as ODBC is concerned; the code is due.
    void expect_code_to_be_due(const std::string& user) {
        ASSERT_EQ(open(by_password(user)), SQL_SUCCESS_WITH_INFO);
        EXPECT_NE(why_not().find("1002"), std::string::npos) << why_not();
        SQLINTEGER narrow = -1;
        ASSERT_EQ(SQLGetConnectAttr(connection_, 1002, &narrow, SQL_IS_INTEGER, nullptr), SQL_SUCCESS) << why_not();
        EXPECT_EQ(narrow, 1);
        SQLINTEGER wide = -1;
        ASSERT_EQ(SQLGetConnectAttrW(connection_, 1002, &wide, SQL_IS_INTEGER, nullptr), SQL_SUCCESS) << why_not();
        EXPECT_EQ(wide, 1);
    }

    void expect_dead_line() {
        SQLUINTEGER dead = SQL_CD_FALSE;
        ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_CONNECTION_DEAD, &dead, 0, nullptr), SQL_SUCCESS);
        EXPECT_EQ(dead, SQLUINTEGER{SQL_CD_TRUE});
    }

    static inline std::unique_ptr<world> in;
};

TEST_F(OdbcLogin, Password) {
    expect_login(by_password("demo"), "demo");
}

TEST_F(OdbcLogin, WrongPassword) {
    expect_refusal(by_password("demo", world::wrong_password), "28000 417", "login", "Access Denied (Check user name, password");
}

TEST_F(OdbcLogin, VerifiedTls) {
    expect_login(by_password("demo") + in->verified(), "demo");
}

TEST_F(OdbcLogin, UnknownAuthority) {
    expect_refusal(by_password("demo") + in->verified(in->strange_authority()), "08S01 459", "TLS", "comes from an unknown CA");
}

TEST_F(OdbcLogin, WrongHost) {
    expect_refusal(by_password("demo") + in->verified() + "TlsHostName=iris.example.com;", "08S01 459", "TLS", "is not for 'iris.example.com'");
}

TEST_F(OdbcLogin, MutualTls) {
    const auto target = in->mutual() + "UID=demo;PWD=" + world::password + ";" + in->verified();
    expect_login(target + "TlsCertFile=" + in->client().certificate_file() + ";TlsKeyFile=" + in->client().key_file() + ";", "demo");
}

TEST_F(OdbcLogin, MutualTlsWithoutACertificate) {
    expect_refusal(in->mutual() + "UID=demo;PWD=" + world::password + ";" + in->verified(), "08S01 459", "TLS", "certificate");
}

TEST_F(OdbcLogin, KerberosLevels) {
    for (const int level : {1, 2, 3}) {
        SCOPED_TRACE(level);
        expect_login(by_ticket(in->open("localhost"), level, in->tickets()), "alice");
        SQLFreeHandle(SQL_HANDLE_STMT, std::exchange(statement_, nullptr));
        ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS);
    }
}

TEST_F(OdbcLogin, KerberosBelowTheServersLevel) {
    expect_refusal(by_ticket(in->sealed(), 2, in->tickets()), "08S01 459", "Kerberos", "ended the connection during the Kerberos login");
}

TEST_F(OdbcLogin, NoTicket) {
    expect_refusal(by_ticket(in->open("localhost"), 3, in->no_tickets()), "08S01 459", "Kerberos", "No Kerberos credentials");
}

TEST_F(OdbcLogin, CodeByToken) {
    expect_login(by_password("by_token") + "TwoFactorToken=" + in->code_of("by_token") + ";", "by_token");
}

TEST_F(OdbcLogin, CodeByCommand) {
    expect_login(by_password("by_command") + "TwoFactorCommand={" + in->command_of("by_command") + "};", "by_command");
}

TEST_F(OdbcLogin, CodeByNarrowAttribute) {
    expect_code_to_be_due("by_narrow");
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text(in->code_of("by_narrow")), SQL_NTS), SQL_SUCCESS) << why_not();
    expect_to_be("by_narrow");
}

TEST_F(OdbcLogin, CodeByWideAttribute) {
    expect_code_to_be_due("by_wide");
    const auto code = in->code_of("by_wide");
    // Lengths of attributes count bytes.
    ASSERT_EQ(SQLSetConnectAttrW(connection_, 1002, wide(std::u16string(code.begin(), code.end())), static_cast<SQLINTEGER>(2 * code.size())), SQL_SUCCESS)
        << why_not();
    expect_to_be("by_wide");
}

TEST_F(OdbcLogin, CodeOverTls) {
    expect_login(by_password("by_tls") + in->verified() + "TwoFactorToken=" + in->code_of("by_tls") + ";", "by_tls");
}

TEST_F(OdbcLogin, WrongCode) {
    const auto code = in->wrong_code_of("wrong");
    expect_refusal(by_password("wrong") + "TwoFactorToken=" + code + ";", "28000 417", "second factor", "Access Denied (Connect again with a new code");
    EXPECT_EQ(why_not().find(code), std::string::npos);
}

TEST_F(OdbcLogin, WrongCodeByAttribute) {
    expect_code_to_be_due("wrong_attribute");
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text(in->wrong_code_of("wrong_attribute")), SQL_NTS), SQL_ERROR);
    expect_record("28000 417", "second factor", "Access Denied (Connect again with a new code");
    expect_dead_line();
}

TEST_F(OdbcLogin, CodeUsedAgain) {
    const auto target = by_password("again") + "TwoFactorToken=" + in->code_of("again") + ";";
    expect_login(target, "again");
    SQLFreeHandle(SQL_HANDLE_STMT, std::exchange(statement_, nullptr));
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS);
    expect_refusal(target, "28000 417", "second factor", "Access Denied (Connect again with a new code");
}

TEST_F(OdbcLogin, CodeForgotten) {
    expect_code_to_be_due("forgotten");
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS);
    EXPECT_EQ(SQLExecDirect(statement_, text("select 1"), SQL_NTS), SQL_ERROR);
    EXPECT_EQ(state(), "28000");
    EXPECT_NE(why().find("] at second factor: "), std::string::npos) << why();
    // Nothing was sent: the code still works.
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text(in->code_of("forgotten")), SQL_NTS), SQL_SUCCESS) << why_not();
    EXPECT_EQ(ask("select lower($USERNAME)"), "forgotten");
}

TEST_F(OdbcLogin, CodeByTextMessage) {
    expect_code_to_be_due("sms");
    ASSERT_EQ(SQLSetConnectAttr(connection_, 1002, text(in->message_code()), SQL_NTS), SQL_SUCCESS) << why_not();
    expect_to_be("sms");
}

TEST_F(OdbcLogin, LockedAfterFiveFailures) {
    for (int i = 0; i < 5; ++i) ASSERT_EQ(open(by_password("guessed", world::wrong_password)), SQL_ERROR);
    // The right password does not help any more, and nobody is told that it was right.
    expect_refusal(by_password("guessed"), "28000 417", "login", "Access Denied (Check user name, password");
}

TEST_F(OdbcLogin, PasswordChangeRequired) {
    expect_refusal(by_password("new"), "28000 90023", "login", "Password change required");
}

} // namespace
} // namespace irislink::test
