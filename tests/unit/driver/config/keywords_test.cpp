#include "driver/config/keywords.hpp"

#include "driver/config/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace irislink::driver {
namespace {

struct spelling {
    const char* given;
    const char* keyword;
};

class KeywordSpelling : public testing::TestWithParam<spelling> {};

// Every keyword of wire-session 7 and of the product contract, in a spelling somebody uses.
INSTANTIATE_TEST_SUITE_P(
    All, KeywordSpelling,
    testing::Values(
        spelling{"SERVER", "Server"}, spelling{"host", "Server"}, spelling{"Port", "Port"}, spelling{"DATABASE", "Database"}, spelling{"Namespace", "Database"},
        spelling{"uid", "UID"}, spelling{"User ID", "UID"}, spelling{"UserID", "UID"}, spelling{"user", "UID"}, spelling{"Password", "PWD"},
        spelling{"pwd", "PWD"}, spelling{"ACCESSTOKEN", "AccessToken"}, spelling{"AccessTokenFile", "AccessTokenFile"},
        spelling{"AUTHENTICATION METHOD", "Authentication Method"}, spelling{"authenticationmethod", "Authentication Method"},
        spelling{"Security Level", "Security Level"}, spelling{"connection security level", "Security Level"}, spelling{"SecurityLevel", "Security Level"},
        spelling{"SERVICE PRINCIPAL NAME", "Service Principal Name"}, spelling{"serviceprincipalname", "Service Principal Name"},
        spelling{"Principal Name", "Service Principal Name"}, spelling{"SSL SERVER NAME", "TlsConfig"}, spelling{"SSLServerName", "TlsConfig"},
        spelling{"SSL configuration name", "TlsConfig"}, spelling{"key recovery password", "TlsKeyPassword"}, spelling{"Query Timeout", "Query Timeout"},
        spelling{"QUERY  TIMEOUT", "Query Timeout"}, spelling{"QueryTimeout", "QueryTimeout"}, spelling{"DISABLE QUERY TIMEOUT", "Disable Query Timeout"},
        spelling{"Static Cursors", "Static Cursors"}, spelling{"UNICODE SQLTYPES", "Unicode SQLTypes"}, spelling{"SQLDialect", "SQLDialect"},
        spelling{"StreamPrefetch", "StreamPrefetch"}, spelling{"RecvBufferSize", "RecvBufferSize"}, spelling{"SO_SNDBUF", "SendBufferSize"},
        spelling{"TCP_NODELAY", "TCP_NODELAY"}, spelling{"TransactionIsolationLevel", "Isolation"}, spelling{"FeatureOption", "FeatureOption"},
        spelling{"LOGFILE", "DEBUG"}, spelling{"SharedMemory", "SharedMemory"}, spelling{"APP", "ApplicationName"}, spelling{"DRIVER", "Driver"},
        spelling{"Description", "Description"}, spelling{"TlsMode", "TlsMode"}, spelling{"TLSCAFILE", "TlsCaFile"}, spelling{"TlsPin", "TlsPin"},
        spelling{"TlsHostName", "TlsHostName"}, spelling{"KerberosCcache", "KerberosCcache"}, spelling{"KerberosKeytab", "KerberosKeytab"},
        spelling{"KerberosPrincipal", "KerberosPrincipal"}, spelling{"TwoFactorToken", "TwoFactorToken"}, spelling{"TwoFactorCommand", "TwoFactorCommand"},
        spelling{"AllowTokenInClear", "AllowTokenInClear"}, spelling{"Trace", "Trace"}, spelling{"TraceFile", "TraceFile"},
        spelling{"Connection Timeout", "ConnectTimeout"}, spelling{"KeepAlive", "KeepAlive"}, spelling{"FetchBytes", "FetchBytes"},
        spelling{"CommitTimeout", "CommitTimeout"}, spelling{"Pooling", "Pooling"}
    )
);

TEST_P(KeywordSpelling, FindsItsRow) {
    const auto* const row = find_keyword(GetParam().given);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->name, GetParam().keyword);
}

TEST(Keywords, NoSpellingBelongsToTwoRows) {
    for (const auto& row : keywords()) {
        EXPECT_EQ(find_keyword(row.name), &row) << row.name;
        std::string_view rest = row.aliases;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            EXPECT_EQ(find_keyword(rest.substr(0, end)), &row) << rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
}

// Mechanically, from the table: no spelling is without its variable.
TEST(Keywords, EverySpellingIsAnEnvironmentVariable) {
    for (const auto& row : keywords()) {
        std::string_view rest = row.aliases;
        std::string_view spelling = row.name;
        while (true) {
            EXPECT_EQ(find_environment_keyword(environment_name(spelling)), &row) << environment_name(spelling);
            if (rest.empty()) break;
            spelling = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(spelling.size() + 1, rest.size()));
        }
    }
    EXPECT_EQ(environment_name("Security Level"), "IRISLINK_SECURITY_LEVEL");
    EXPECT_EQ(find_environment_keyword("IRISLINK_TLS_MODE"), find_keyword("TlsMode"));
    EXPECT_EQ(find_environment_keyword("IRISLINK_"), nullptr);
    EXPECT_EQ(find_environment_keyword("HOST"), nullptr);
    EXPECT_EQ(find_environment_keyword("OTHER_HOST"), nullptr);
}

TEST(Keywords, UnknownOnesAreNotFoundAndNameTheNearest) {
    EXPECT_EQ(find_keyword("Sever"), nullptr);
    EXPECT_EQ(nearest_keyword("Sever"), "Server");
    EXPECT_EQ(nearest_keyword("Pasword"), "Password");
    EXPECT_EQ(nearest_keyword("TlsCaFiel"), "TlsCaFile");
    EXPECT_EQ(nearest_keyword("namspace"), "Namespace");
    EXPECT_EQ(nearest_keyword("twofactortokne"), "TwoFactorToken");
    EXPECT_EQ(nearest_keyword("authentication methd"), "Authentication Method");
    EXPECT_FALSE(nearest_keyword(std::string(100'000, 'x')).empty());
}

TEST(Keywords, SecretsAreMarked) {
    std::set<std::string_view> secrets;
    for (const auto& row : keywords())
        if (row.type == keyword_type::secret) secrets.insert(row.name);
    EXPECT_THAT(secrets, testing::UnorderedElementsAre("PWD", "AccessToken", "TlsKeyPassword", "TwoFactorToken"));
}

TEST(Keywords, EveryRowIsDescribed) {
    for (const auto& row : keywords()) {
        EXPECT_FALSE(row.values.empty()) << row.name;
        EXPECT_FALSE(row.description.empty()) << row.name;
        EXPECT_FALSE(row.since.empty()) << row.name;
        // The table is Markdown: a bar would break it.
        EXPECT_EQ(row.description.find('|'), std::string_view::npos) << row.name;
    }
}

TEST(Keywords, DocumentIsUpToDate) {
    std::ifstream in(IRISLINK_SOURCE_DIR "/docs/configuration.md", std::ios::binary);
    ASSERT_TRUE(in) << "docs/configuration.md is missing";
    const std::string committed{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(committed, keywords_markdown()) << "irislink keywords --markdown > docs/configuration.md";
}

} // namespace
} // namespace irislink::driver
