// SQLBrowseConnect as a dialogue: what it asks for and in which words, what it takes, how it ends.

#include "tests/integration/odbc/odbc_module.hpp"
#include "tests/support/scripted_peer/factor_peer.hpp"

namespace irislink::test {
namespace {

constexpr const char* first_question = "SERVER:Server=?;*PORT:Port=?;*DATABASE:Namespace=?;*SECURITY LEVEL:Protection of the line={0,1,2,3,10}";

class OdbcBrowse : public OdbcTest {
protected:
    SQLRETURN browse(const std::string& request) {
        SQLCHAR out[1024]{};
        SQLSMALLINT length = -1;
        const auto done = SQLBrowseConnect(connection_, text(request), SQL_NTS, out, sizeof out, &length);
        result_ = reinterpret_cast<char*>(out);
        EXPECT_EQ(length, static_cast<SQLSMALLINT>(done == SQL_ERROR ? -1 : result_.size()));
        EXPECT_EQ(result_.find("zQ7"), std::string::npos) << result_;
        EXPECT_EQ(why_not().find("zQ7"), std::string::npos) << why_not();
        return done;
    }

    [[nodiscard]] std::string where() const { return "SERVER=127.0.0.1;PORT=" + std::to_string(server_.port()); }

    void expect_to_work() {
        ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS) << why_not();
        EXPECT_EQ(ask("select lower($USERNAME)"), "demo");
    }

    std::string result_;
};

TEST_F(OdbcBrowse, FromNothingButTheDriver) {
    ASSERT_EQ(browse("DRIVER={irislink}"), SQL_NEED_DATA) << why_not();
    EXPECT_EQ(result_, first_question);
    ASSERT_EQ(browse(where()), SQL_NEED_DATA) << why_not();
    EXPECT_EQ(result_, "UID:User name=?;PWD:Password=?;*DATABASE:Namespace=?");
    ASSERT_EQ(browse("UID=demo"), SQL_NEED_DATA) << why_not();
    EXPECT_EQ(result_, "PWD:Password=?;*DATABASE:Namespace=?");
    ASSERT_EQ(browse("PWD={demo}"), SQL_SUCCESS) << why_not();
    EXPECT_NE(result_.find("Server=127.0.0.1;"), std::string::npos) << result_;
    EXPECT_NE(result_.find("UID=demo;"), std::string::npos) << result_;
    EXPECT_EQ(result_.find("PWD"), std::string::npos) << result_;
    expect_to_work();
    // What came out connects again.
    SQLFreeHandle(SQL_HANDLE_STMT, std::exchange(statement_, nullptr));
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS);
    ASSERT_EQ(SQLDriverConnect(connection_, nullptr, text(result_ + "PWD=demo"), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_SUCCESS)
        << result_ << why_not();
}

TEST_F(OdbcBrowse, DataSourceLacksThePasswordAlone) {
    ASSERT_EQ(browse("DSN=" + dsn_), SQL_NEED_DATA) << why_not();
    EXPECT_EQ(result_, "PWD:Password=?");
    ASSERT_EQ(browse("PWD=demo"), SQL_SUCCESS) << why_not();
    expect_to_work();
}

TEST_F(OdbcBrowse, NothingIsMissing) {
    ASSERT_EQ(browse(target()), SQL_SUCCESS) << why_not();
    expect_to_work();
    EXPECT_EQ(browse(target()), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "08002");
}

TEST_F(OdbcBrowse, WideAndCut) {
    SQLWCHAR out[8]{};
    SQLSMALLINT length = 0;
    const std::u16string first(u"DRIVER={irislink}");
    ASSERT_EQ(SQLBrowseConnectW(connection_, wide(first), SQL_NTS, out, 8, &length), SQL_NEED_DATA) << why_not();
    EXPECT_EQ(why_not().substr(0, 5), "01004");
    EXPECT_EQ(from_wide(out), u"SERVER:");
    EXPECT_EQ(length, static_cast<SQLSMALLINT>(std::string(first_question).size()));
    const auto where_wide = where() + ";";
    ASSERT_EQ(SQLBrowseConnectW(connection_, wide(std::u16string(where_wide.begin(), where_wide.end())), SQL_NTS, nullptr, 0, &length), SQL_NEED_DATA);
    ASSERT_EQ(SQLBrowseConnectW(connection_, wide(u"UID=demo;PWD=demo"), SQL_NTS, nullptr, 0, &length), SQL_SUCCESS) << why_not();
    EXPECT_GT(length, 20);
    expect_to_work();
}

TEST_F(OdbcBrowse, WhatWasNotAskedForIsLeftOut) {
    ASSERT_EQ(browse("DRIVER={irislink};Servr=127.0.0.1"), SQL_NEED_DATA);
    EXPECT_EQ(why_not().substr(0, 5), "01S00") << why_not();
    ASSERT_EQ(browse(where() + ";UID=demo;LoginTimeout=3;Prot=4"), SQL_NEED_DATA);
    const auto said = why_not();
    EXPECT_EQ(said.substr(0, 5), "01S00") << said;
    for (const auto* const each : {"'UID'", "'LoginTimeout'", "'Prot'"}) EXPECT_NE(said.find(each), std::string::npos) << said;
    EXPECT_EQ(result_, "UID:User name=?;PWD:Password=?;*DATABASE:Namespace=?") << "UID was not taken";
    ASSERT_EQ(browse("UID=demo;PWD=demo;DATABASE=USER"), SQL_SUCCESS) << why_not();
    EXPECT_EQ(result_.find("LoginTimeout"), std::string::npos) << result_;
}

TEST_F(OdbcBrowse, AnEmptyAnswerIsAskedForAgain) {
    ASSERT_EQ(browse("DRIVER={irislink}"), SQL_NEED_DATA);
    ASSERT_EQ(browse("SERVER=;PORT="), SQL_NEED_DATA);
    EXPECT_EQ(result_, first_question);
    ASSERT_EQ(browse(""), SQL_NEED_DATA);
    EXPECT_EQ(result_, first_question);
}

TEST_F(OdbcBrowse, LevelsOfKerberosNeedNeitherNameNorPassword) {
    ASSERT_EQ(browse("DRIVER={irislink};KerberosCcache=FILE:/nowhere"), SQL_NEED_DATA);
    ASSERT_EQ(browse(where() + ";SECURITY LEVEL=3"), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "08S01") << why_not();
    EXPECT_NE(why_not().find("at Kerberos: "), std::string::npos) << why_not();
}

TEST_F(OdbcBrowse, RefusedPasswordEndsTheDialogue) {
    ASSERT_EQ(browse("DRIVER={irislink};" + where()), SQL_NEED_DATA);
    ASSERT_EQ(browse("UID=demo;PWD=zQ7canary"), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 9), "28000 417") << why_not();
    // Nothing is remembered.
    ASSERT_EQ(browse("DRIVER={irislink}"), SQL_NEED_DATA);
    EXPECT_EQ(result_, first_question);
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS) << why_not();
    ASSERT_EQ(browse(target()), SQL_SUCCESS) << why_not();
}

TEST_F(OdbcBrowse, DisconnectAfterAFailure) {
    ASSERT_EQ(browse("DSN=" + dsn_), SQL_NEED_DATA);
    ASSERT_EQ(browse("PWD=zQ7canary"), SQL_ERROR);
    // The driver manager takes the dialogue for open still.
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS) << why_not();
    connect();
}

TEST_F(OdbcBrowse, DisconnectEndsTheDialogue) {
    ASSERT_EQ(browse("DRIVER={irislink}"), SQL_NEED_DATA);
    EXPECT_EQ(SQLDriverConnect(connection_, nullptr, text(target()), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "08002");
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS) << why_not();
    connect();
    EXPECT_EQ(ask("select 1"), "1");
}

TEST_F(OdbcBrowse, ErrorsOfTheFirstRequest) {
    EXPECT_EQ(browse("DRIVER={irislink};Server=127.0.0.1;Security Level=10;Authentication Method=1"), SQL_ERROR);
    EXPECT_NE(why_not().find("contradicts"), std::string::npos) << why_not();
    EXPECT_EQ(SQLBrowseConnect(connection_, text("DSN=x"), -5, nullptr, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "HY090");
}

TEST_F(OdbcBrowse, NobodyListens) {
    server_.kill();
    ASSERT_EQ(browse("DSN=" + dsn_), SQL_NEED_DATA) << "nothing is sent before all is there";
    ASSERT_EQ(browse("PWD=demo"), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "08001") << why_not();
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS);
}

// The server asks for a code when name and password were right.
class OdbcBrowseCode : public OdbcHandles {
protected:
    SQLRETURN browse(const std::string& request) {
        SQLCHAR out[1024]{};
        const auto done = SQLBrowseConnect(connection_, text(request), SQL_NTS, out, sizeof out, nullptr);
        result_ = reinterpret_cast<char*>(out);
        return done;
    }

    void ask_for_code() {
        ASSERT_EQ(browse(target_at(peer_.peer.port())), SQL_NEED_DATA) << why_not();
        EXPECT_EQ(result_, "TwoFactorToken:One-time code=?");
    }

    std::string result_;
    factor_peer peer_;
};

TEST_F(OdbcBrowseCode, IsAskedForLast) {
    ask_for_code();
    ASSERT_EQ(browse("UID=other"), SQL_NEED_DATA) << "a code is wanted, and nothing else";
    EXPECT_EQ(why_not().substr(0, 5), "01S00") << why_not();
    EXPECT_EQ(result_, "TwoFactorToken:One-time code=?");
    EXPECT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_ERROR) << "not connected yet";
    statement_ = nullptr;
    EXPECT_EQ(peer_.codes, 0);
    ASSERT_EQ(browse("TwoFactorToken=246810"), SQL_SUCCESS) << why_not();
    EXPECT_EQ(peer_.codes, 1);
    EXPECT_EQ(result_.find("246810"), std::string::npos) << result_;
    SQLINTEGER due = 0;
    ASSERT_EQ(SQLGetConnectAttr(connection_, 1002, &due, sizeof due, nullptr), SQL_SUCCESS);
    ASSERT_EQ(SQLAllocHandle(SQL_HANDLE_STMT, connection_, &statement_), SQL_SUCCESS) << why_not();
}

TEST_F(OdbcBrowseCode, WrongCodeEndsTheDialogue) {
    ask_for_code();
    ASSERT_EQ(browse("TwoFactorToken=987123"), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 9), "28000 417") << why_not();
    EXPECT_NE(why_not().find("at second factor: "), std::string::npos) << why_not();
    EXPECT_EQ(why_not().find("987123"), std::string::npos) << why_not();
    ask_for_code();
    ASSERT_EQ(SQLDisconnect(connection_), SQL_SUCCESS) << "and gives up the line";
}

TEST_F(OdbcBrowseCode, GivenBeforehandIsNotAskedFor) {
    ASSERT_EQ(browse(target_at(peer_.peer.port(), "TwoFactorToken=246810;")), SQL_SUCCESS) << why_not();
    EXPECT_EQ(peer_.codes, 1);
}

// What a driver manager would not let through.
class OdbcBrowseInside : public OdbcInside {
protected:
    SQLRETURN browse(const std::string& request) { return IN_DRIVER(SQLBrowseConnect, inner_connection_, text(request), SQL_NTS, nullptr, 0, nullptr); }

    [[nodiscard]] std::string inner_state() const {
        SQLCHAR state[6]{};
        (void)IN_DRIVER(SQLGetDiagRec, SQL_HANDLE_DBC, inner_connection_, 1, state, nullptr, nullptr, 0, nullptr);
        return reinterpret_cast<char*>(state);
    }
};

TEST_F(OdbcBrowseInside, FunctionsOutOfSequence) {
    ASSERT_EQ(browse("DRIVER=irislink"), SQL_NEED_DATA);
    SQLUINTEGER number = 0;
    SQLHANDLE made = nullptr;
    EXPECT_EQ(IN_DRIVER(SQLSetConnectAttr, inner_connection_, SQL_ATTR_LOGIN_TIMEOUT, reinterpret_cast<SQLPOINTER>(5), 0), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY010");
    EXPECT_EQ(IN_DRIVER(SQLGetConnectAttr, inner_connection_, SQL_ATTR_LOGIN_TIMEOUT, &number, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY010");
    EXPECT_EQ(IN_DRIVER(SQLFreeHandle, SQL_HANDLE_DBC, inner_connection_), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY010");
    EXPECT_EQ(IN_DRIVER(SQLConnect, inner_connection_, text("x"), SQL_NTS, nullptr, 0, nullptr, 0), SQL_ERROR);
    EXPECT_EQ(inner_state(), "08002");
    EXPECT_EQ(IN_DRIVER(SQLAllocHandle, SQL_HANDLE_STMT, inner_connection_, &made), SQL_ERROR);
    EXPECT_EQ(inner_state(), "08003");
    EXPECT_EQ(IN_DRIVER(SQLGetInfo, inner_connection_, SQL_DBMS_NAME, nullptr, 0, nullptr), SQL_ERROR);
    EXPECT_EQ(inner_state(), "08003");
    EXPECT_EQ(IN_DRIVER(SQLEndTran, SQL_HANDLE_DBC, inner_connection_, SQL_COMMIT), SQL_ERROR);
    EXPECT_EQ(inner_state(), "08003");
    EXPECT_EQ(browse(""), SQL_NEED_DATA) << "the dialogue goes on";
    EXPECT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_SUCCESS);
    EXPECT_EQ(IN_DRIVER(SQLDisconnect, inner_connection_), SQL_ERROR);
    EXPECT_EQ(inner_state(), "08003");
}

TEST_F(OdbcBrowseInside, MalformedRequests) {
    EXPECT_EQ(browse("DRIVER=irislink;SERVER={127"), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY024");
    ASSERT_EQ(browse("DRIVER=irislink"), SQL_NEED_DATA);
    EXPECT_EQ(browse("SERVER={127"), SQL_ERROR);
    EXPECT_EQ(inner_state(), "HY024");
}

TEST_F(OdbcBrowseInside, AfterAFailureThereIsNoDialogue) {
    ASSERT_EQ(browse("DRIVER=irislink"), SQL_NEED_DATA);
    ASSERT_EQ(browse("SERVER=127.0.0.1;PORT=seven"), SQL_ERROR);
    EXPECT_EQ(IN_DRIVER(SQLSetConnectAttr, inner_connection_, SQL_ATTR_LOGIN_TIMEOUT, reinterpret_cast<SQLPOINTER>(5), 0), SQL_SUCCESS);
}

} // namespace
} // namespace irislink::test
