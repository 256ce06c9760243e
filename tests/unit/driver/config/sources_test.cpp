#include "driver/config/sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "driver/config/secret_file.hpp"

namespace irislink::driver {
namespace {

using testing::ElementsAre;
using testing::Pair;

using plain_pairs = std::vector<std::pair<std::string, std::string>>;

plain_pairs plain(const setting_pairs& in) {
    plain_pairs out;
    for (const auto& [key, value] : in) out.emplace_back(key, value.reveal());
    return out;
}

struct good_case {
    const char* text;
    plain_pairs pairs;
};

class ConnectionString : public testing::TestWithParam<good_case> {};

INSTANTIATE_TEST_SUITE_P(
    All, ConnectionString,
    testing::Values(
        good_case{"", {}}, good_case{";;", {}}, good_case{"UID=demo", {{"UID", "demo"}}}, good_case{"UID=demo;PWD=x;", {{"UID", "demo"}, {"PWD", "x"}}},
        good_case{" UID = demo ; PWD = x ", {{"UID", "demo"}, {"PWD", "x"}}}, good_case{"PWD={a;b}", {{"PWD", "a;b"}}},
        good_case{"PWD={a}}b}", {{"PWD", "a}b"}}}, good_case{"PWD={}}}", {{"PWD", "}"}}}, good_case{"PWD={}", {{"PWD", ""}}},
        good_case{"PWD={ x };UID=a", {{"PWD", " x "}, {"UID", "a"}}}, good_case{"PWD=a=b", {{"PWD", "a=b"}}}, good_case{"PWD=", {{"PWD", ""}}},
        good_case{"PWD=a{b}c", {{"PWD", "a{b}c"}}}, good_case{"SECURITY LEVEL=10", {{"SECURITY LEVEL", "10"}}},
        good_case{"UID=пользователь", {{"UID", "пользователь"}}}, good_case{"DRIVER={irislink};SERVER=h", {{"DRIVER", "irislink"}, {"SERVER", "h"}}}
    )
);

TEST_P(ConnectionString, IsSplit) {
    parse_failure failure;
    const auto pairs = parse_connection_string(GetParam().text, failure);
    ASSERT_TRUE(pairs) << failure.text;
    EXPECT_EQ(plain(*pairs), GetParam().pairs);
}

class BadConnectionString : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(
    All, BadConnectionString, testing::Values("UID", "=x", ";=x;", "UID=a;oops;PWD=geheim", "PWD={geheim", "PWD={geheim}x", "PWD={geheim}}", "  =  ")
);

TEST_P(BadConnectionString, IsRefusedWithoutShowingValues) {
    parse_failure failure;
    EXPECT_FALSE(parse_connection_string(GetParam(), failure));
    EXPECT_FALSE(failure.text.empty());
    EXPECT_EQ(failure.text.find("geheim"), std::string::npos);
}

class Uri : public testing::TestWithParam<good_case> {};

INSTANTIATE_TEST_SUITE_P(
    All, Uri,
    testing::Values(
        good_case{"iris://", {}}, good_case{"iris://h", {{"Server", "h"}}}, good_case{"IRIS://h:1973/NS", {{"Server", "h:1973"}, {"Database", "NS"}}},
        good_case{"iris://u@h/%25SYS", {{"UID", "u"}, {"Server", "h"}, {"Database", "%SYS"}}},
        good_case{"iris://h:1972/NS?UID=a@B", {{"Server", "h:1972"}, {"Database", "NS"}, {"UID", "a@B"}}},
        good_case{"iris://[::1]?UID=a@B", {{"Server", "[::1]"}, {"UID", "a@B"}}},
        good_case{"iris://u:p@h?KerberosPrincipal=a@B", {{"UID", "u"}, {"PWD", "p"}, {"Server", "h"}, {"KerberosPrincipal", "a@B"}}},
        good_case{"iris://u:p%40ss%3A@h", {{"UID", "u"}, {"PWD", "p@ss:"}, {"Server", "h"}}},
        good_case{"iris://u@dom:p@h", {{"UID", "u@dom"}, {"PWD", "p"}, {"Server", "h"}}},
        good_case{"iris://u:@h", {{"UID", "u"}, {"PWD", ""}, {"Server", "h"}}}, good_case{"iris://u:a:b@h", {{"UID", "u"}, {"PWD", "a:b"}, {"Server", "h"}}},
        good_case{"iris://[::1]:1972/USER", {{"Server", "[::1]:1972"}, {"Database", "USER"}}},
        good_case{"iris://h1,h2:1973/USER", {{"Server", "h1,h2:1973"}, {"Database", "USER"}}},
        good_case{"iris://h?TlsMode=require&Security%20Level=10", {{"Server", "h"}, {"TlsMode", "require"}, {"Security Level", "10"}}},
        good_case{"iris://h?TraceFile=/a/b", {{"Server", "h"}, {"TraceFile", "/a/b"}}}, good_case{"iris:///USER", {{"Database", "USER"}}},
        good_case{"iris://h/?&", {{"Server", "h"}}}
    )
);

TEST_P(Uri, IsSplit) {
    parse_failure failure;
    const auto pairs = parse_uri(GetParam().text, failure);
    ASSERT_TRUE(pairs) << failure.text;
    EXPECT_EQ(plain(*pairs), GetParam().pairs);
}

INSTANTIATE_TEST_SUITE_P(
    Jdbc, Uri,
    testing::Values(
        good_case{"jdbc:IRIS://", {}}, good_case{"jdbc:IRIS://127.0.0.1:1972/User", {{"Server", "127.0.0.1:1972"}, {"Database", "User"}}},
        good_case{"JDBC:iris://h", {{"Server", "h"}}}, good_case{"jdbc:IRIS:///NS", {{"Database", "NS"}}},
        good_case{"jdbc:IRIS://[::1]:1/%SYS", {{"Server", "[::1]:1"}, {"Database", "%SYS"}}},
        good_case{"jdbc:IRIS://h:1972/USER/:::true", {{"Server", "h:1972"}, {"Database", "USER"}, {"SSL", "true"}}},
        good_case{"jdbc:IRIS://h//:::true", {{"Server", "h"}, {"SSL", "true"}}},
        good_case{"jdbc:IRIS://h/NS//tmp/jdbc.log", {{"Server", "h"}, {"Database", "NS"}, {"Log File", "/tmp/jdbc.log"}}},
        good_case{
            "jdbc:IRIS://h/NS/+a.log:My.Class:false:false",
            {{"Server", "h"}, {"Database", "NS"}, {"Log File", "+a.log"}, {"Event Class", "My.Class"}, {"Tcp Nodelay", "false"}, {"SSL", "false"}}},
        good_case{"jdbc:IRIS://h/NS?username=u&password=p%41ss=/:", {{"Server", "h"}, {"Database", "NS"}, {"username", "u"}, {"password", "p%41ss=/:"}}},
        good_case{"jdbc:IRIS://h?connection security level=10", {{"Server", "h"}, {"connection security level", "10"}}}
    )
);

class BadUri : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(
    All, BadUri,
    testing::Values(
        "", "http://h", "iris:/h", "iris://%zz@h", "iris://u:geheim%4@h", "iris://h/a/b", "iris://h?x", "iris://h/%", "iris://h?PWD=geheim%",
        "jdbc:", "jdbc:IRIS:", "jdbc:IRIS:/h", "jdbc:Cache://h:1972/USER", "jdbc:IRIS://u:geheim@h/USER", "iris://u:geheim/ss@h", "iris://u:ge/geheim@h/NS",
        "iris://u:pa?geheim=y@h", "iris://u:pa?x=geheim@h", "iris://u:geh@geheim/x@h", "jdbc:IRIS://u:geheim/ss@h", "jdbc:IRIS://u:pa/geheim/x@h/NS",
        "jdbc:IRIS://h/NS/:::true:geheim", "jdbc:IRIS://h?geheim"
    )
);

TEST_P(BadUri, IsRefusedWithoutShowingValues) {
    parse_failure failure;
    EXPECT_FALSE(parse_uri(GetParam(), failure));
    EXPECT_FALSE(failure.text.empty());
    EXPECT_EQ(failure.text.find("geheim"), std::string::npos);
}

TEST(SecretFile, APipeIsRefusedAtOnce) {
    std::string folder = (std::filesystem::temp_directory_path() / "irislink-pipe-XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    const auto pipe = folder + "/token";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto got = read_secret_file(pipe, 100);
    std::filesystem::remove_all(folder);
    EXPECT_EQ(got.state, secret_file::outcome::unreadable);
}

// The kernel's files have a size of 0 and content.
TEST(SecretFile, AFileWithoutASizeIsRead) {
    const auto got = read_secret_file("/proc/self/stat", 10000);
    ASSERT_EQ(got.state, secret_file::outcome::read);
    EXPECT_EQ(got.text.reveal().substr(0, got.text.reveal().find(' ')), std::to_string(::getpid()));
    EXPECT_EQ(read_secret_file("/proc/self/stat", 3).state, secret_file::outcome::too_large);
}

constexpr auto ini = R"([ODBC Data Sources]
iris1 = irislink

; a comment
[iris1]
Driver = irislink
Host=db1
# another
Password = with = sign
 Security Level = 2

[Iris Two]
host=db2
[iris1]
Host=never
)";

TEST(IniSection, HoldsItsKeysInOrder) {
    EXPECT_THAT(
        plain(*parse_ini_section(ini, "IRIS1")),
        ElementsAre(Pair("Driver", "irislink"), Pair("Host", "db1"), Pair("Password", "with = sign"), Pair("Security Level", "2"))
    );
    EXPECT_THAT(plain(*parse_ini_section(ini, "iris two")), ElementsAre(Pair("host", "db2")));
    EXPECT_FALSE(parse_ini_section(ini, "iris3"));
    EXPECT_FALSE(parse_ini_section("", "iris1"));
    EXPECT_THAT(plain(*parse_ini_section("[a]\r\nx=1\r\n", "a")), ElementsAre(Pair("x", "1")));
}

TEST(IniSection, ValuesInBracesAreTakenOut) {
    const std::string braced = "[a]\nP={ se;c}}ret }\nopen={x\nafter={x} y\ninside=a{b}\nwhole={}}}\nnothing={}\n";
    EXPECT_THAT(
        plain(*parse_ini_section(braced, "a")),
        ElementsAre(Pair("P", " se;c}ret "), Pair("open", "{x"), Pair("after", "{x} y"), Pair("inside", "a{b}"), Pair("whole", "}"), Pair("nothing", ""))
    );
}

class QuotedValue : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(All, QuotedValue, testing::Values("", "plain", "a;b", "a}b", "{", "}", " a ", "a=b", "{a}", "}}{{", "@", "a,b"));

TEST_P(QuotedValue, ComesBackAsItWas) {
    parse_failure failure;
    const auto pairs = parse_connection_string("X=" + quote_value(GetParam()) + ";Y=1", failure);
    ASSERT_TRUE(pairs);
    EXPECT_THAT(plain(*pairs), ElementsAre(Pair("X", GetParam()), Pair("Y", "1")));
}

TEST_P(QuotedValue, ComesBackFromAnIniFile) {
    const std::string line(written_ini_value(GetParam()).reveal());
    EXPECT_THAT(plain(*parse_ini_section("[a]\nX = " + line + "\n", "a")), ElementsAre(Pair("X", GetParam())));
}

} // namespace
} // namespace irislink::driver
