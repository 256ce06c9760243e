// The setup library as odbcinst loads it: SQLConfigDataSource of the driver manager's library, `Setup=` in a private
// odbcinst.ini.

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <odbcinst.h>
#include <odbcinstext.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace irislink::test {
namespace {

constexpr const char* canary = "zQ7canary-geheim";

class OdbcSetup : public ::testing::Test {
protected:
    // One folder per process: the library remembers where it looked.
    struct ini_folder {
        ini_folder() {
            char name[] = "/tmp/irislink-setup-XXXXXX";
            path = mkdtemp(name);
            std::filesystem::create_directory(path / "system");
            std::ofstream(path / "system" / "odbcinst.ini")
                << "[irislink]\nDescription=irislink\nDriver=" IRISLINK_ODBC_DRIVER "\nSetup=" IRISLINK_ODBC_SETUP "\n";
            setenv("ODBCSYSINI", (path / "system").c_str(), 1);
            setenv("ODBCINI", (path / "mine.ini").c_str(), 1);
            setenv("HOME", path.c_str(), 1);
        }

        ~ini_folder() { std::filesystem::remove_all(path); }

        ini_folder(const ini_folder&) = delete;
        ini_folder& operator=(const ini_folder&) = delete;

        std::filesystem::path path;
    };

    OdbcSetup() {
        static const ini_folder made;
        folder_ = made.path;
        std::filesystem::remove(folder_ / "mine.ini");
        std::filesystem::remove(folder_ / "system" / "odbc.ini");
    }

    // Pairs with a '|' between them, which stands for the zero.
    static bool configure(WORD request, std::string attributes) {
        attributes += "|";
        for (auto& c : attributes)
            if (c == '|') c = '\0';
        return SQLConfigDataSource(nullptr, request, "irislink", attributes.c_str()) != 0;
    }

    static std::string read(const std::filesystem::path& file) {
        std::ostringstream out;
        out << std::ifstream(file).rdbuf();
        return out.str();
    }

    [[nodiscard]] std::string user_file() const { return read(folder_ / "mine.ini"); }

    [[nodiscard]] std::string system_file() const { return read(folder_ / "system" / "odbc.ini"); }

    // What the driver manager finds, which is what a connection will.
    static std::string value(const char* section, const char* key) {
        char out[1000]{};
        SQLGetPrivateProfileString(section, key, "", out, sizeof out, "odbc.ini");
        return out;
    }

    static std::string problems(DWORD* first = nullptr) {
        std::string out;
        for (WORD i = 1; i <= 8; ++i) {
            DWORD code = 0;
            char text[512]{};
            WORD length = 0;
            if (!SQL_SUCCEEDED(SQLInstallerError(i, &code, text, sizeof text, &length))) break;
            if (i == 1 && first != nullptr) *first = code;
            out += std::string(text) + "\n";
        }
        return out;
    }

    std::filesystem::path folder_;
};

TEST_F(OdbcSetup, AddChangeAndRemoveOfTheUsers) {
    ASSERT_TRUE(configure(ODBC_ADD_DSN, "DSN=box|Server=db1|Port=1973|UID=demo|Description=ä 😀")) << problems();
    EXPECT_EQ(value("box", "Driver"), "irislink");
    EXPECT_EQ(value("box", "Server"), "db1");
    EXPECT_EQ(value("box", "Description"), "ä 😀");
    EXPECT_EQ(system_file().find("box"), std::string::npos);
    ASSERT_TRUE(configure(ODBC_CONFIG_DSN, "DSN=box|Host=db2|Database=DATA")) << problems();
    EXPECT_EQ(value("box", "Host"), "db2");
    EXPECT_EQ(value("box", "Server"), "") << "another spelling of Host";
    EXPECT_EQ(value("box", "Port"), "1973") << "what was not named stays";
    EXPECT_EQ(value("box", "Driver"), "irislink");
    ASSERT_TRUE(configure(ODBC_REMOVE_DSN, "DSN=box")) << problems();
    EXPECT_EQ(user_file().find("box"), std::string::npos) << user_file();
    DWORD code = 0;
    EXPECT_FALSE(configure(ODBC_REMOVE_DSN, "DSN=box"));
    EXPECT_NE(problems(&code).find("no data source 'box'"), std::string::npos);
    EXPECT_EQ(code, DWORD{ODBC_ERROR_INVALID_DSN});
}

TEST_F(OdbcSetup, TheSystemsGoElsewhere) {
    ASSERT_TRUE(configure(ODBC_ADD_SYS_DSN, "DSN=all|Server=db1")) << problems();
    EXPECT_NE(system_file().find("[all]"), std::string::npos);
    EXPECT_EQ(user_file().find("[all]"), std::string::npos);
    EXPECT_FALSE(configure(ODBC_REMOVE_DSN, "DSN=all")) << "it is not the user's";
    ASSERT_TRUE(configure(ODBC_CONFIG_SYS_DSN, "DSN=all|Port=1973")) << problems();
    EXPECT_EQ(value("all", "Port"), "1973");
    ASSERT_TRUE(configure(ODBC_REMOVE_SYS_DSN, "DSN=all")) << problems();
    EXPECT_EQ(system_file().find("[all]"), std::string::npos);
}

TEST_F(OdbcSetup, BadRequestsSayWhyAndChangeNothing) {
    const std::map<std::string, DWORD> wrong{
        {"DSN=a]b|Server=db1", ODBC_ERROR_INVALID_KEYWORD_VALUE},
        {"Server=db1", ODBC_ERROR_INVALID_KEYWORD_VALUE},
        {"DSN=box|Port=99999", ODBC_ERROR_INVALID_KEYWORD_VALUE},
        {"DSN=box|Server", ODBC_ERROR_INVALID_KEYWORD_VALUE},
        {"DSN=box|Server=a|Host=b", ODBC_ERROR_INVALID_KEYWORD_VALUE},
        {"DSN=box|TwoFactorToken=123456", ODBC_ERROR_INVALID_KEYWORD_VALUE},
        {"DSN=box|Security Level=10|Authentication Method=1", ODBC_ERROR_INVALID_KEYWORD_VALUE},
    };
    for (const auto& [attributes, expected] : wrong) {
        DWORD code = 0;
        EXPECT_FALSE(configure(ODBC_ADD_DSN, attributes + "|PWD=" + canary)) << attributes;
        const auto why = problems(&code);
        EXPECT_EQ(code, expected) << attributes << "\n" << why;
        EXPECT_FALSE(why.empty());
        EXPECT_EQ(why.find(canary), std::string::npos);
        EXPECT_EQ(user_file().find("Driver"), std::string::npos) << user_file();
    }
}

TEST_F(OdbcSetup, UnknownKeywordIsLeftOutWithTheNearestOne) {
    ASSERT_TRUE(configure(ODBC_ADD_DSN, "DSN=box|Servre=db1|Port=1973"));
    EXPECT_NE(problems().find("Did you mean 'Server'"), std::string::npos) << problems();
    EXPECT_EQ(value("box", "Servre"), "");
    EXPECT_EQ(value("box", "Port"), "1973");
}

TEST_F(OdbcSetup, APasswordMakesTheFileTheUsersAlone) {
    ASSERT_TRUE(configure(ODBC_ADD_DSN, std::string("DSN=box|UID=demo|PWD={ ") + canary + "; }")) << problems();
    EXPECT_EQ(value("box", "PWD"), std::string("{ ") + canary + "; }");

    struct stat facts {};

    ASSERT_EQ(stat((folder_ / "mine.ini").c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

// The library itself, where the driver manager's is in the way.
class setup_library {
public:
    setup_library() : handle_(dlopen(IRISLINK_ODBC_SETUP, RTLD_NOW | RTLD_LOCAL)) { EXPECT_NE(handle_, nullptr) << dlerror(); }

    ~setup_library() { dlclose(handle_); }

    setup_library(const setup_library&) = delete;
    setup_library& operator=(const setup_library&) = delete;

    template <class Function> [[nodiscard]] Function* find(const char* name) const { return reinterpret_cast<Function*>(dlsym(handle_, name)); }

private:
    void* handle_;
};

// By its type alone: without optimisation an address taken would have to be linked.
#define FIND(library, function) library.find<decltype(function)>(#function)

// The driver manager's own SQLConfigDataSourceW keeps the lower half of each unit.
TEST_F(OdbcSetup, WideNamesAreWhole) {
    const setup_library library;
    auto* const config = FIND(library, ConfigDSNW);
    ASSERT_NE(config, nullptr);
    const auto* const driver = reinterpret_cast<LPCWSTR>(u"irislink");
    const std::u16string attributes = std::u16string(u"DSN=bäx") + u'\0' + u"Description=😀" + u'\0' + u'\0';
    EXPECT_NE(config(nullptr, ODBC_ADD_DSN, driver, reinterpret_cast<LPCWSTR>(attributes.c_str())), 0) << problems();
    EXPECT_EQ(value("bäx", "Description"), "😀");
    EXPECT_EQ(config(nullptr, ODBC_ADD_DSN, nullptr, nullptr), 0);
    EXPECT_EQ(config(nullptr, ODBC_ADD_DSN, driver, nullptr), 0) << "no name";
    EXPECT_EQ(config(nullptr, 99, driver, nullptr), 0);
}

// The SQLConfigDriver of unixODBC 2.3.11 for 64 bits gives up where it has found a setup library.
TEST_F(OdbcSetup, TheDriverMayComeAndGo) {
    const setup_library library;
    auto* const narrow = FIND(library, ConfigDriver);
    auto* const wide = FIND(library, ConfigDriverW);
    ASSERT_TRUE(narrow != nullptr && wide != nullptr);
    for (const WORD request : {ODBC_INSTALL_DRIVER, ODBC_REMOVE_DRIVER, ODBC_CONFIG_DRIVER}) {
        char message[20] = "untouched";
        WCHAR wide_message[2]{7, 7};
        WORD length = 99;
        EXPECT_NE(narrow(nullptr, request, "irislink", nullptr, message, sizeof message, &length), 0);
        EXPECT_EQ(length, 0);
        EXPECT_STREQ(message, "");
        EXPECT_NE(wide(nullptr, request, nullptr, nullptr, wide_message, 2, nullptr), 0);
        EXPECT_EQ(wide_message[0], 0);
    }
    EXPECT_EQ(narrow(nullptr, 0, "irislink", nullptr, nullptr, 0, nullptr), 0);
    EXPECT_EQ(wide(nullptr, 99, nullptr, nullptr, nullptr, 0, nullptr), 0);
}

TEST_F(OdbcSetup, PropertiesForProgramsWithWindows) {
    char driver[] = "irislink";
    HODBCINSTPROPERTY first = nullptr;
    ASSERT_EQ(ODBCINSTConstructProperties(driver, &first), ODBCINST_SUCCESS) << problems();
    std::map<std::string, HODBCINSTPROPERTY> all;
    for (auto* each = first; each != nullptr; each = each->pNext) EXPECT_TRUE(all.emplace(each->szName, each).second) << each->szName << " is there twice";
    ASSERT_TRUE(all.contains("Server") && all.contains("PWD") && all.contains("AutoCommit") && all.contains("TlsCaFile"));
    EXPECT_EQ(all["Server"]->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT);
    EXPECT_NE(std::string(all["Server"]->pszHelp).find("127.0.0.1"), std::string::npos);
    EXPECT_EQ(all["PWD"]->nPromptType, ODBCINST_PROMPTTYPE_TEXTEDIT_PASSWORD);
    EXPECT_EQ(all["TlsCaFile"]->nPromptType, ODBCINST_PROMPTTYPE_FILENAME);
    EXPECT_EQ(all["AutoCommit"]->nPromptType, ODBCINST_PROMPTTYPE_LISTBOX);
    EXPECT_STREQ(all["AutoCommit"]->aPromptData[2], "1");
    EXPECT_EQ(all["AutoCommit"]->aPromptData[3], nullptr);
    EXPECT_FALSE(all.contains("TwoFactorToken"));
    EXPECT_FALSE(all.contains("DEBUG")) << "it has no effect";
    EXPECT_EQ(ODBCINSTDestructProperties(&first), ODBCINST_SUCCESS);
}

} // namespace
} // namespace irislink::test
