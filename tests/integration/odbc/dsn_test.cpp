// Data sources and file DSNs as the driver manager hands them on, with values that need braces.

#include "tests/integration/odbc/odbc_fixture.hpp"

namespace irislink::test {
namespace {

// What separates pairs, what opens and closes values, and blanks at both ends.
constexpr const char* odd = "{ ap{p;l}}i=c }";
// The driver manager takes the braces of a file DSN off, and puts none back: these are for what needs none.
constexpr const char* plain = "{a b=c}";

class OdbcDsn : public OdbcTest {
protected:
    static std::filesystem::path file() { return folder().path / "sandbox.dsn"; }

    static std::string content() {
        std::ostringstream out;
        out << std::ifstream(file()).rdbuf();
        return out.str();
    }

    // The file DSN, each value as it is to be read.
    void write_file_dsn(const std::string& more) const {
        std::ofstream(file()) << "[ODBC]\nDRIVER=irislink\nServer=127.0.0.1\nPort=" << server_.port() << "\nDatabase=USER\nUID=demo\n" << more;
    }

    void TearDown() override {
        OdbcTest::TearDown();
        std::filesystem::remove(file());
    }

    // What the driver was given, as the completed string shows it again.
    void expect_setting(const std::string& setting) const { EXPECT_NE(completed_.find(setting), std::string::npos) << completed_; }
};

TEST_F(OdbcDsn, ValuesInBracesMeanTheSameInStringAndDataSource) {
    const auto setting = std::string("ApplicationName=") + odd;
    ASSERT_EQ(driver_connect(target() + setting + ";"), SQL_SUCCESS) << why_not();
    expect_setting(setting + ";");
    SQLDisconnect(connection_);
    write_dsn("PWD=demo\n" + setting + "\n");
    ASSERT_EQ(driver_connect("DSN={" + dsn_ + "}"), SQL_SUCCESS) << why_not();
    expect_setting(setting + ";");
}

TEST_F(OdbcDsn, TheServerGetsTheValueThatWasMeant) {
    write_dsn("PWD={de{m;o}\n");
    ASSERT_EQ(driver_connect("DSN=" + dsn_), SQL_ERROR);
    EXPECT_EQ(why_not().substr(0, 5), "28000") << why_not();
    ASSERT_EQ(driver_connect("DSN=" + dsn_ + ";PWD={demo}"), SQL_SUCCESS) << why_not();
}

TEST_F(OdbcDsn, FromAFile) {
    const auto setting = std::string("ApplicationName=") + plain;
    write_file_dsn(setting + "\nPWD={demo}\n");
    ASSERT_EQ(driver_connect("FILEDSN=" + file().string()), SQL_SUCCESS) << why_not();
    expect_setting(setting + ";");
}

TEST_F(OdbcDsn, TheStringIsStrongerThanTheFile) {
    write_file_dsn("LoginTimeout=9\nPWD=wrong\n");
    ASSERT_EQ(driver_connect("FILEDSN=" + file().string() + ";PWD=demo;"), SQL_SUCCESS) << why_not();
    expect_setting("LoginTimeout=9;");
}

TEST_F(OdbcDsn, AMissingFileIsAnError) {
    ASSERT_EQ(driver_connect("FILEDSN=" + file().string() + ";PWD=demo;"), SQL_ERROR);
    EXPECT_FALSE(why_not().empty());
}

TEST_F(OdbcDsn, ASavedFileConnectsAgainAndHoldsNoSecret) {
    ASSERT_EQ(driver_connect("SAVEFILE=" + file().string() + ";" + target() + "LoginTimeout=9;TlsKeyPassword=zQ7canary;ApplicationName=" + plain), SQL_SUCCESS)
        << why_not();
    const auto saved = content();
    EXPECT_NE(saved.find("LoginTimeout"), std::string::npos) << saved;
    EXPECT_EQ(saved.find("PWD"), std::string::npos) << saved;
    EXPECT_EQ(saved.find("zQ7canary"), std::string::npos) << saved;
    SQLDisconnect(connection_);
    ASSERT_EQ(driver_connect("FILEDSN=" + file().string() + ";PWD=demo;"), SQL_SUCCESS) << why_not() << saved;
    expect_setting("LoginTimeout=9;");
    expect_setting(std::string("ApplicationName=") + plain + ";");
    expect_setting("Port=" + std::to_string(server_.port()) + ";");
}

} // namespace
} // namespace irislink::test
