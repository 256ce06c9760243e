#include "driver/config/ssl_defs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace irislink::driver {
namespace {

ssl_defs parsed(std::string_view text) {
    ssl_defs_error failure;
    auto out = parse_ssl_defs(text, failure);
    EXPECT_TRUE(out) << failure.text;
    return out ? *std::move(out) : ssl_defs{};
}

struct outcome {
    std::map<std::string, std::string> settings;
    std::vector<std::string> warnings;
    std::string failure;
};

outcome meaning_of(const std::string& body) {
    const auto file = parsed("[x]\n" + body);
    outcome out;
    ssl_defs_error failure;
    auto meaning = interpret_ssl_defs(file.sections.front(), failure);
    if (!meaning) {
        out.failure = failure.text;
        return out;
    }
    for (const auto& [key, value] : meaning->settings) out.settings[key] = std::string(value.reveal());
    out.warnings = meaning->warnings;
    return out;
}

constexpr auto sample = R"(; two servers
[the first, and best]
Address=db1.example.com
Port=1972
SSLConfig= verified

[v6]
Address=[2001:DB8::1]
Port = 51773
SSLConfig=verified
[Verified]
TLSMinVersion=16
TLSMaxVersion=32
VerifyPeer=1
VerifyHost=1
CAfile=/etc/ssl/my ca.pem
CertFile=/a/cert.pem
KeyFile=/a/key.pem
KeyType=2
Password=geheim
)";

TEST(SslDefs, SectionsAndKeysWithoutCaseAndBlanks) {
    const auto file = parsed(sample);
    ASSERT_EQ(file.sections.size(), 3U);
    EXPECT_EQ(file.sections[0].name, "the first, and best");
    EXPECT_EQ(file.sections[0].line, 2U);
    EXPECT_NE(file.find("verified"), nullptr);
    EXPECT_NE(file.find("THEFIRST,ANDBEST"), nullptr);
    EXPECT_EQ(file.find("other"), nullptr);
    EXPECT_EQ(file.find("verified")->text("cafile"), "/etc/ssl/my ca.pem");
    EXPECT_EQ(file.find("verified")->find("tls min version")->line, 12U);
}

TEST(SslDefs, FirstOfTwoValuesAndSectionsCounts) {
    const auto file = parsed("[a]\nPort=1\nPort=2\n[a]\nPort=3\n");
    EXPECT_EQ(file.find("a")->text("Port"), "1");
}

TEST(SslDefs, CarriageReturnsByteOrderMarkAndMissingLastLineEnd) {
    EXPECT_EQ(parsed("\xEF\xBB\xBF[a]\r\nPort=1").find("a")->text("Port"), "1");
}

struct bad_file {
    const char* text;
    const char* says;
};

class BadSslDefs : public testing::TestWithParam<bad_file> {};

INSTANTIATE_TEST_SUITE_P(
    All, BadSslDefs,
    testing::Values(
        bad_file{"Port=1", "line 1: a key before"}, bad_file{"[a]\nPort", "line 2: neither"}, bad_file{"[a]\n=geheim", "line 2: neither"},
        bad_file{"[a\nx=1", "line 1: a section is written"}, bad_file{"[]", "line 1: a section is written"}
    )
);

TEST_P(BadSslDefs, NamesTheLine) {
    ssl_defs_error failure;
    EXPECT_FALSE(parse_ssl_defs(GetParam().text, failure));
    EXPECT_THAT(failure.text, testing::HasSubstr(GetParam().says));
    EXPECT_THAT(failure.text, testing::Not(testing::HasSubstr("geheim")));
}

TEST(SslDefs, LongLinesAndZeroBytesAreRefused) {
    ssl_defs_error failure;
    EXPECT_FALSE(parse_ssl_defs("[a]\nx=" + std::string(5000, 'y'), failure));
    EXPECT_FALSE(parse_ssl_defs(std::string("[a]\nx=\0", 7), failure));
}

struct match_case {
    const char* host;
    std::uint16_t port;
    const char* section; // empty: none
};

class SslDefsMatch : public testing::TestWithParam<match_case> {};

INSTANTIATE_TEST_SUITE_P(
    All, SslDefsMatch,
    testing::Values(
        match_case{"db1.example.com", 1972, "the first, and best"}, match_case{"DB1.Example.COM.", 1972, "the first, and best"},
        match_case{"db1.example.com", 1973, ""}, match_case{"db1", 1972, ""}, match_case{"2001:db8:0:0::1", 51773, "v6"},
        match_case{"[2001:db8::1]", 51773, "v6"}, match_case{"2001:db8::2", 51773, ""}, match_case{"", 1972, ""}
    )
);

TEST_P(SslDefsMatch, ByAddressAndPort) {
    const auto file = parsed(sample);
    const auto* const found = match_ssl_defs(file, GetParam().host, GetParam().port);
    EXPECT_EQ(found == nullptr ? "" : found->name, GetParam().section);
}

TEST(SslDefsMatch, FirstMatchWins) {
    const auto file = parsed("[a]\nAddress=h\nPort=1\n[b]\nAddress=H\nPort=1\n");
    EXPECT_EQ(match_ssl_defs(file, "h", 1)->name, "a");
}

TEST(SameHost, ComparesLiteralsByValueAndNamesByText) {
    EXPECT_TRUE(same_host("127.0.0.1", "127.0.0.1"));
    EXPECT_TRUE(same_host("::ffff:127.0.0.1", "127.0.0.1"));
    EXPECT_TRUE(same_host("[::1]", "0:0:0:0:0:0:0:1"));
    EXPECT_FALSE(same_host("localhost", "127.0.0.1"));
    EXPECT_FALSE(same_host("", ""));
}

TEST(SslDefsMeaning, WholeSection) {
    const auto file = parsed(sample);
    ssl_defs_error failure;
    const auto meaning = interpret_ssl_defs(*file.find("verified"), failure);
    ASSERT_TRUE(meaning) << failure.text;
    std::map<std::string, std::string> got;
    for (const auto& [key, value] : meaning->settings) got[key] = std::string(value.reveal());
    const std::map<std::string, std::string> wanted{
        {"TlsMinVersion", "16"},        {"TlsMaxVersion", "32"},      {"TlsMode", "verify-full"},   {"TlsCaFile", "/etc/ssl/my ca.pem"},
        {"TlsCertFile", "/a/cert.pem"}, {"TlsKeyFile", "/a/key.pem"}, {"TlsKeyPassword", "geheim"},
    };
    EXPECT_EQ(got, wanted);
    EXPECT_TRUE(meaning->warnings.empty());
}

struct version_case {
    const char* body;
    const char* low;
    const char* high;
};

class SslDefsVersions : public testing::TestWithParam<version_case> {};

INSTANTIATE_TEST_SUITE_P(
    All, SslDefsVersions,
    testing::Values(
        version_case{"", "16", "32"}, version_case{"Protocols=24\n", "8", "16"}, version_case{"Protocols=16\n", "16", "16"},
        version_case{"Protocols=48\n", "16", "32"}, version_case{"Protocols=28\n", "4", "16"}, version_case{"Protocols=3\nTLSMinVersion=16\n", "16", "32"},
        version_case{"Protocols=4\nTLSMinVersion=16\nTLSMaxVersion=16\n", "16", "16"}, version_case{"TLSMinVersion=32\n", "32", "32"},
        version_case{"TLSMaxVersion=16\n", "16", "16"}, version_case{"TLSMaxVersion=8\n", "8", "8"}, version_case{"Protocols=63\n", "4", "32"}
    )
);

TEST_P(SslDefsVersions, MinAndMaxBeatProtocols) {
    const auto got = meaning_of("CAfile=/ca\n" + std::string(GetParam().body));
    ASSERT_EQ(got.failure, "");
    EXPECT_EQ(got.settings.at("TlsMinVersion"), GetParam().low);
    EXPECT_EQ(got.settings.at("TlsMaxVersion"), GetParam().high);
}

struct check_case {
    const char* body;
    const char* mode; // empty: refused
    const char* failure;
};

class SslDefsVerification : public testing::TestWithParam<check_case> {};

INSTANTIATE_TEST_SUITE_P(
    All, SslDefsVerification,
    testing::Values(
        check_case{"CAfile=/ca\n", "verify-full", ""}, check_case{"VerifyPeer=1\nCAfile=/ca\n", "verify-full", ""},
        check_case{"VerifyPeer=1\nVerifyHost=0\nCAfile=/ca\n", "verify-ca", ""}, check_case{"VerifyPeer=1\nVerifyHost=2\nCAfile=/ca\n", "verify-full", ""},
        check_case{"VerifyPeer=1\nCAfile=%OSCertificateStore\n", "verify-full", ""}, check_case{"VerifyPeer=0\n", "require", ""},
        check_case{"VerifyPeer=0\nVerifyHost=0\n", "require", ""}, check_case{"VerifyPeer=1\n", "", "line 2: VerifyPeer=1 needs CAfile"},
        check_case{"VerifyPeer=yes\nCAfile=/ca\n", "", "line 2: VerifyPeer is not a number"}, check_case{"VerifyPeer=2\nCAfile=/ca\n", "", "must be 0 or 1"},
        check_case{"VerifyPeer=0\nVerifyHost=1\n", "", "line 3: VerifyHost needs VerifyPeer=1"}, check_case{"CAfile=/ca\nVerifyDepth=0\n", "", "VerifyDepth"},
        check_case{"CAfile=/ca\nTLSMinVersion=32\nTLSMaxVersion=16\n", "", "above"}, check_case{"CAfile=/ca\nTLSMinVersion=5\n", "", "must be 4, 8, 16 or 32"},
        check_case{"CAfile=/ca\nProtocols=3\n", "", "no version that can be used"}, check_case{"CAfile=/ca\nKeyFile=/k\n", "", "KeyFile without CertFile"}
    )
);

TEST_P(SslDefsVerification, FollowsTheDecisions) {
    const auto got = meaning_of(GetParam().body);
    if (*GetParam().mode == '\0') {
        EXPECT_THAT(got.failure, testing::HasSubstr(GetParam().failure));
    } else {
        ASSERT_EQ(got.failure, "");
        EXPECT_EQ(got.settings.at("TlsMode"), GetParam().mode);
    }
}

TEST(SslDefsMeaning, OddAndUnknownKeysAreWarnings) {
    EXPECT_THAT(meaning_of("CAfile=/ca\nVerfyHost=1\n").warnings, testing::ElementsAre(testing::HasSubstr("line 3: unknown key 'VerfyHost'")));
    EXPECT_THAT(meaning_of("CAfile=/ca\nCertFile=/c\nKeyType=7\n").warnings, testing::ElementsAre(testing::HasSubstr("KeyType")));
    EXPECT_EQ(meaning_of("CAfile=/ca\nCipherList= A : B \nCiphersuites=X\n").settings.at("TlsCipherList"), "A:B");
}

} // namespace
} // namespace irislink::driver
