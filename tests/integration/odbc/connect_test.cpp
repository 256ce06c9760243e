// Connecting: by DSN, by connection string, and what is refused.

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

class OdbcConnect : public OdbcTest {};

TEST_F(OdbcConnect, ByDataSource) {
    connect();
    EXPECT_EQ(ask("select 1 + 1"), "2");
}

TEST_F(OdbcConnect, ByWideDataSource) {
    ASSERT_EQ(SQLConnectW(connection_, wide(std::u16string(dsn_.begin(), dsn_.end())), SQL_NTS, wide(u"demo"), SQL_NTS, wide(u"demo"), SQL_NTS), SQL_SUCCESS)
        << why_not();
}

TEST_F(OdbcConnect, CompletedStringConnectsAgainAndHoldsNoSecret) {
    ASSERT_EQ(driver_connect(target() + "LoginTimeout=7;"), SQL_SUCCESS) << why_not();
    EXPECT_NE(completed_.find("LoginTimeout=7"), std::string::npos) << completed_;
    EXPECT_EQ(completed_.find("PWD"), std::string::npos) << completed_;
    SQLDisconnect(connection_);
    ASSERT_EQ(driver_connect(completed_ + "PWD=demo"), SQL_SUCCESS) << completed_ << why_not();
}

TEST_F(OdbcConnect, SettingsOfTheDataSourceAreWeakerThanTheString) {
    write_dsn("PWD=wrong\nLoginTimeout=9\n");
    ASSERT_EQ(driver_connect("DSN=" + dsn_ + ";PWD=demo;"), SQL_SUCCESS) << why_not();
    EXPECT_NE(completed_.find("LoginTimeout=9"), std::string::npos) << completed_;
}

TEST_F(OdbcConnect, WrongPasswordIs28000AndIsNotShown) {
    ASSERT_EQ(driver_connect(target() + "PWD=zQ7canary;"), SQL_SUCCESS) << "the first PWD counts" << why_not();
    SQLDisconnect(connection_);
    const auto port = std::to_string(server_.port());
    ASSERT_EQ(driver_connect("DRIVER={irislink};Server=127.0.0.1;Port=" + port + ";UID=demo;PWD=zQ7canary;"), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "28000");
    EXPECT_EQ(why_not().find("zQ7canary"), std::string::npos) << why_not();
}

TEST_F(OdbcConnect, NobodyListensIs08001) {
    server_.kill();
    ASSERT_EQ(driver_connect(target()), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "08001") << why_not();
}

TEST_F(OdbcConnect, UnknownKeywordIsAWarning) {
    ASSERT_EQ(driver_connect(target() + "LoginTimout=3;"), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(why_not().substr(0, 5), "01S00") << why_not();
    EXPECT_NE(why_not().find("LoginTimeout"), std::string::npos) << why_not();
}

TEST_F(OdbcConnect, ContradictingSettingsAreRefused) {
    ASSERT_EQ(driver_connect(target() + "Security Level=10;Authentication Method=1;"), SQL_ERROR);
    EXPECT_NE(why_not().find("contradicts"), std::string::npos) << why_not();
}

TEST_F(OdbcConnect, AttributesBeforeAndAfter) {
    ASSERT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_AUTOCOMMIT, reinterpret_cast<SQLPOINTER>(SQL_AUTOCOMMIT_OFF), 0), SQL_SUCCESS);
    ASSERT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_LOGIN_TIMEOUT, reinterpret_cast<SQLPOINTER>(5), 0), SQL_SUCCESS);
    connect();
    SQLUINTEGER number = 77;
    ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_AUTOCOMMIT, &number, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(number, SQLUINTEGER{SQL_AUTOCOMMIT_OFF});
    ASSERT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_TXN_ISOLATION, reinterpret_cast<SQLPOINTER>(SQL_TXN_READ_COMMITTED), 0), SQL_SUCCESS) << why_not();
    ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_TXN_ISOLATION, &number, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(number, SQLUINTEGER{SQL_TXN_READ_COMMITTED});
    EXPECT_EQ(SQLSetConnectAttr(connection_, SQL_ATTR_TXN_ISOLATION, reinterpret_cast<SQLPOINTER>(SQL_TXN_SERIALIZABLE), 0), SQL_ERROR);
    EXPECT_EQ(state_of(SQL_HANDLE_DBC, connection_), "HYC00");
    ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_CONNECTION_DEAD, &number, 0, nullptr), SQL_SUCCESS);
    EXPECT_EQ(number, SQLUINTEGER{SQL_CD_FALSE});
    SQLCHAR catalog[20]{};
    SQLINTEGER length = 0;
    ASSERT_EQ(SQLGetConnectAttr(connection_, SQL_ATTR_CURRENT_CATALOG, catalog, sizeof catalog, &length), SQL_SUCCESS);
    EXPECT_STREQ(reinterpret_cast<char*>(catalog), "USER");
    EXPECT_EQ(length, 4);
    SQLWCHAR wide_catalog[3]{};
    ASSERT_EQ(SQLGetConnectAttrW(connection_, SQL_ATTR_CURRENT_CATALOG, wide_catalog, sizeof wide_catalog, &length), SQL_SUCCESS_WITH_INFO);
    EXPECT_EQ(from_wide(wide_catalog), u"US");
    EXPECT_EQ(length, 8);
}

TEST_F(OdbcConnect, NothingIsDueWhereTheServerWantsNoFactor) {
    SQLINTEGER due = 7;
    connect();
    ASSERT_EQ(SQLGetConnectAttr(connection_, 1002, &due, sizeof due, nullptr), SQL_SUCCESS) << why_not();
    EXPECT_EQ(due, 0);
    EXPECT_EQ(SQLSetConnectAttr(connection_, 1002, text("123456"), SQL_NTS), SQL_SUCCESS) << "nothing is due, nothing is sent";
    EXPECT_EQ(ask("select 5"), "5");
}

TEST_F(OdbcConnect, InformationOfTheConnection) {
    connect();
    SQLCHAR out[100]{};
    SQLSMALLINT length = 0;
    const auto info = [&](SQLUSMALLINT id) {
        EXPECT_EQ(SQLGetInfo(connection_, id, out, sizeof out, &length), SQL_SUCCESS) << id;
        return std::string(reinterpret_cast<char*>(out));
    };
    EXPECT_EQ(info(SQL_DATA_SOURCE_NAME), dsn_);
    EXPECT_EQ(info(SQL_DBMS_NAME), "InterSystems IRIS");
    EXPECT_EQ(info(SQL_IDENTIFIER_QUOTE_CHAR), "\"");
    EXPECT_EQ(info(SQL_USER_NAME), "demo");
    EXPECT_EQ(info(SQL_SEARCH_PATTERN_ESCAPE), "\\");
    SQLUINTEGER number = 0;
    ASSERT_EQ(SQLGetInfo(connection_, SQL_GETDATA_EXTENSIONS, &number, sizeof number, &length), SQL_SUCCESS);
    EXPECT_EQ(number, SQLUINTEGER{SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BOUND | SQL_GD_BLOCK | SQL_GD_OUTPUT_PARAMS});
    EXPECT_EQ(SQLGetInfo(connection_, 9999, out, sizeof out, &length), SQL_ERROR);
    EXPECT_EQ(state_of(SQL_HANDLE_DBC, connection_), "HY096");
    SQLUSMALLINT there = SQL_FALSE;
    ASSERT_EQ(SQLGetFunctions(connection_, SQL_API_SQLFETCHSCROLL, &there), SQL_SUCCESS);
    EXPECT_EQ(there, SQL_TRUE);
    ASSERT_EQ(SQLGetFunctions(connection_, SQL_API_SQLSETPOS, &there), SQL_SUCCESS);
    EXPECT_EQ(there, SQL_TRUE);
}

} // namespace
} // namespace irislink::test
