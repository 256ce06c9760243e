#include "irislink/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "driver/config/environment.hpp"
#include "driver/config/options_impl.hpp"
#include "driver/session/settings.hpp"

namespace irislink {
namespace {

using driver::security_level;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A private home and odbc.ini, so that the machine's own settings count for nothing.
class Options : public testing::Test {
protected:
    void SetUp() override {
        std::string made = (std::filesystem::temp_directory_path() / "irislink-options-XXXXXX").string();
        ASSERT_NE(::mkdtemp(made.data()), nullptr);
        folder_ = made;
        set("HOME", made);
        set("ODBCINI", made + "/odbc.ini");
        set("ODBCSYSINI", made);
        set("ISC_SSLconfigurations", "");
        for (const auto& each : driver::environment_settings()) set(each.variable, "");
    }

    void TearDown() override {
        for (const auto& [name, value] : before_) {
            if (value) {
                ::setenv(name.c_str(), value->c_str(), 1);
            } else {
                ::unsetenv(name.c_str());
            }
        }
        std::filesystem::remove_all(folder_);
    }

    void set(const std::string& name, const std::string& value) {
        const char* old = std::getenv(name.c_str());
        before_.emplace(name, old == nullptr ? std::nullopt : std::optional<std::string>(old));
        ::setenv(name.c_str(), value.c_str(), 1);
    }

    std::string write(const std::string& name, const std::string& text) const {
        const auto path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }

    static std::string origin_of(const connect_options& in, const std::string& keyword) {
        for (const auto& each : in.settings())
            if (each.keyword == keyword) return each.origin;
        return "absent";
    }

    static std::string shown(const connect_options& in, const std::string& keyword) {
        for (const auto& each : in.settings())
            if (each.keyword == keyword) return each.shown;
        return "absent";
    }

    // The error of `target`, or one of code "none".
    static diagnostic failure_of(const std::string& target) {
        try {
            (void)connect_options(target).resolve();
        } catch (const error& failed) {
            return failed.record();
        }
        diagnostic none;
        none.sqlstate = "none";
        return none;
    }

    std::filesystem::path folder_;
    std::map<std::string, std::optional<std::string>> before_;
};

TEST_F(Options, DefaultsAreThoseOfTheTable) {
    const auto got = connect_options("iris://").resolve();
    ASSERT_EQ(got->endpoints.size(), 1U);
    EXPECT_EQ(got->endpoints[0].host, "127.0.0.1");
    EXPECT_EQ(got->endpoints[0].port, 1972);
    EXPECT_EQ(got->name_space, "USER");
    EXPECT_EQ(got->level, security_level::password);
    EXPECT_EQ(got->connect_timeout.count(), 10'000);
    EXPECT_TRUE(got->autocommit);
    EXPECT_FALSE(got->allow_token_in_clear);
    EXPECT_FALSE(got->trace);
}

TEST_F(Options, UriWithSeveralHostsAndIpv6) {
    const auto got = connect_options("iris://u:p%3B@[::1]:1,db2,db3:3/NS?Port=2").resolve();
    ASSERT_EQ(got->endpoints.size(), 3U);
    EXPECT_EQ(got->endpoints[0].host, "::1");
    EXPECT_EQ(got->endpoints[0].port, 1);
    EXPECT_EQ(got->endpoints[1].host, "db2");
    EXPECT_EQ(got->endpoints[1].port, 2);
    EXPECT_EQ(got->endpoints[2].port, 3);
    EXPECT_EQ(got->password.reveal(), "p;");
    EXPECT_EQ(got->name_space, "NS");
}

TEST_F(Options, EachLayerBeatsTheNext) {
    write("odbc.ini", "[d]\nHost=dsn\nPort=11\nNamespace=DSN\nUID=dsnuser\nPassword=geheim1\n");
    connect_options got("DSN=d;Port=12;UID=stringuser");
    got.set("UID", "explicituser").set("uid", "corrected");
    const auto made = got.resolve();
    EXPECT_EQ(made->endpoints[0].host, "dsn");
    EXPECT_EQ(made->endpoints[0].port, 12);
    EXPECT_EQ(made->user, "corrected");
    EXPECT_EQ(made->password.reveal(), "geheim1");
    EXPECT_EQ(origin_of(got, "Server"), "DSN d");
    EXPECT_EQ(origin_of(got, "Port"), "connection string");
    EXPECT_EQ(origin_of(got, "UID"), "explicit");
    EXPECT_EQ(origin_of(got, "LoginTimeout"), "default");
    EXPECT_EQ(shown(got, "PWD"), "(set)");
}

TEST_F(Options, FirstValueOfAStringCountsWhateverItsSpelling) {
    EXPECT_EQ(connect_options("SERVER=a;HOST=b").resolve()->endpoints[0].host, "a");
    EXPECT_EQ(connect_options("PWD=a;Password=b").resolve()->password.reveal(), "a");
}

TEST_F(Options, DsnByNameExplicitlyAndThroughAnotherSource) {
    write("odbc.ini", "[my dsn]\nHost=h1\n");
    EXPECT_EQ(connect_options("my dsn").resolve()->endpoints[0].host, "h1");
    EXPECT_EQ(connect_options().set("DSN", "MY DSN").resolve()->endpoints[0].host, "h1");

    class fixed final : public driver::dsn_source {
    public:
        [[nodiscard]] std::optional<driver::setting_pairs> section(std::string_view name) const override {
            if (name != "x") return std::nullopt;
            driver::setting_pairs out;
            out.emplace_back("Host", wire::secret("h2"));
            return out;
        }

        [[nodiscard]] std::string where() const override { return "nowhere"; }
    };

    const fixed source;
    EXPECT_EQ(driver::options_access::from("x", source).resolve()->endpoints[0].host, "h2");
    EXPECT_THROW((void)driver::options_access::from("y", source), error);
}

TEST_F(Options, MissingDsnIsIM002AndSaysWhereItLooked) {
    const auto why = failure_of("nosuch");
    EXPECT_EQ(why.sqlstate, "IM002");
    EXPECT_EQ(why.step, step::settings);
    EXPECT_THAT(why.hint, HasSubstr(folder_.string()));
}

TEST_F(Options, UnknownKeywordsAreWarningsWithANeighbour) {
    const connect_options got("Servr=x;UID=a;Pasword=geheim");
    ASSERT_EQ(got.warnings().records().size(), 2U);
    EXPECT_EQ(got.warnings().records()[0].sqlstate, "01S00");
    EXPECT_THAT(got.warnings().records()[0].hint, HasSubstr("Server"));
    EXPECT_THAT(got.warnings().records()[1].message(), Not(HasSubstr("geheim")));
    (void)got.resolve();
}

struct level_case {
    const char* target;
    int level;
};

class OptionsLevel : public Options, public testing::WithParamInterface<level_case> {};

INSTANTIATE_TEST_SUITE_P(
    All, OptionsLevel,
    testing::Values(
        level_case{"UID=a", 0}, level_case{"Authentication Method=0", 0}, level_case{"Security Level=0", 0},
        level_case{"Authentication Method=2", 10}, // the vendor's driver would be in clear text here
        level_case{"Authentication Method=2;Security Level=10", 10}, level_case{"Authentication Method=2;Security Level=2", 10},
        level_case{"Security Level=10", 10}, level_case{"Security Level=1", 1}, level_case{"Security Level=2", 2}, level_case{"Security Level=3", 3},
        level_case{"Authentication Method=1", 2}, level_case{"Authentication Method=1;Security Level=3", 3}, level_case{"TlsMode=require", 10},
        level_case{"TlsMode=verify-full", 10}, level_case{"TlsMode=disable", 0}, level_case{"SSL=true", 10}, level_case{"SSL=0", 0},
        level_case{"Authentication Method=0;TlsMode=verify-full", 10}, level_case{"Security Level=", 0}, level_case{"Authentication Method=;UID=a", 0}
    )
);

TEST_P(OptionsLevel, IsDerived) {
    EXPECT_EQ(static_cast<int>(connect_options(GetParam().target).resolve()->level), GetParam().level);
}

class OptionsContradiction : public Options, public testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(
    All, OptionsContradiction,
    testing::Values(
        "Authentication Method=0;Security Level=3", "Authentication Method=0;Security Level=10", "Authentication Method=0;Security Level=2",
        "Authentication Method=1;Security Level=10", "Authentication Method=1;Security Level=0", "Authentication Method=2;Security Level=0",
        "Authentication Method=2;Security Level=1", "Authentication Method=2;Security Level=3", "Authentication Method=1;TlsMode=require",
        "Security Level=3;TlsMode=verify-ca", "TlsMode=disable;Authentication Method=2", "TlsMode=disable;Security Level=10", "TlsMode=disable;SSL=1",
        "Security Level=0;TlsMode=verify-full", "TlsCaFile=/ca", "TlsPin=x", "TlsHostName=h", "TlsMode=require;TlsKeyFile=/k",
        "TlsMode=require;TlsMinVersion=1.3;TlsMaxVersion=1.2", "AccessToken=a;AccessTokenFile=b", "TwoFactorToken=1;TwoFactorCommand=x",
        "Security Level=2;TlsConfig=x", "Authentication Method=0;TlsConfig=x", "Security Level=3;KerberosCredentials=password",
        "Security Level=3;KerberosCredentials=password;PWD=p", "Security Level=3;KerberosCredentials=cache-then-password;UID=u",
        "Security Level=3;KerberosCredentials=password;UID=u;PWD=p;KerberosCcache=FILE:/c",
        "Security Level=3;KerberosCredentials=cache-then-password;UID=u;PWD=p;KerberosKeytab=/k"
    )
);

TEST_P(OptionsContradiction, IsAnErrorBeforeConnecting) {
    const auto why = failure_of(GetParam());
    EXPECT_EQ(why.sqlstate, "HY000") << why.text;
    EXPECT_EQ(why.native, 90002);
    EXPECT_EQ(why.step, step::settings);
    EXPECT_THAT(why.hint, Not(IsEmpty()));
}

class OptionsBadValue : public Options, public testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(
    All, OptionsBadValue,
    testing::Values(
        "Security Level=3;UID=u;PWD=p;KerberosCredentials=ticket", "Port=0", "Port=65536", "Port=x", "Port=1 2", "Port=-1", "Server=h:", "Server=h:x",
        "Server=,", "Server=a,,b", "Server=[::1", "Server=[::1]x", "Server=", "Authentication Method=3", "Authentication Method=Kerberos", "Security Level=4",
        "Security Level=11", "Security Level=high", "TlsMode=verify", "TlsMode=require;TlsMinVersion=2", "TlsMode=require;TlsPin=abc",
        "TlsMode=require;TlsVerifyDepth=0", "LoginTimeout=-1", "LoginTimeout=1000001", "KeepAlive=maybe", "FetchBytes=x", "Isolation=3", "Isolation=4",
        "FeatureOption=2", "Trace=1", "StatementCache=-1", "SSL=perhaps", "UID=a;oops", "PWD={a", "TwoFactorCommand=a \"b", "Query Timeout=x", "iris://h/a/b",
        "iris://h:99999"
    )
);

TEST_P(OptionsBadValue, IsAnErrorBeforeConnecting) {
    const auto why = failure_of(GetParam());
    EXPECT_EQ(why.sqlstate, "HY024") << why.text;
    EXPECT_EQ(why.step, step::settings);
    EXPECT_THAT(why.hint, Not(IsEmpty()));
}

TEST_F(Options, InstallersLevelTwoInADsnMeansNothingWithoutKerberos) {
    write(
        "odbc.ini", "[p]\nAuthentication Method=0\nSecurity Level=2\nService Principal Name=iris/x\n[t]\nAuthentication Method=2\nSecurity Level=2\n"
                    "[k]\nAuthentication Method=1\nSecurity Level=2\nService Principal Name=iris/x\n[bad]\nAuthentication Method=0\nSecurity Level=3\n"
    );
    EXPECT_EQ(connect_options("p").resolve()->level, security_level::password);
    EXPECT_EQ(connect_options("t").resolve()->level, security_level::tls);
    EXPECT_EQ(connect_options("k").resolve()->level, security_level::integrity);
    EXPECT_EQ(connect_options("k").resolve()->kerberos.service_principal, "iris/x");
    EXPECT_EQ(failure_of("bad").native, 90002);
}

TEST_F(Options, TlsSettingsAreRead) {
    const auto got =
        connect_options("iris://h?TlsMode=verify-ca&TlsCaFile=/ca&TlsCertFile=/c&TlsKeyFile=/k&TlsKeyPassword=geheim&TlsMinVersion=1.3&TlsHostName=other"
                        "&TlsPin=sha256/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
            .resolve();
    EXPECT_EQ(got->tls.check, driver::tls_check::chain);
    EXPECT_EQ(got->tls.ca_file, "/ca");
    EXPECT_EQ(got->tls.key_file, "/k");
    EXPECT_EQ(got->tls.key_password.reveal(), "geheim");
    EXPECT_EQ(got->tls.lowest, driver::tls_version::tls13);
    EXPECT_EQ(got->tls.host_name, "other");
    EXPECT_THAT(got->tls.pins, testing::ElementsAre("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    const auto plain = connect_options("iris://h?Security%20Level=10").resolve();
    EXPECT_EQ(plain->tls.check, driver::tls_check::chain_and_host);
    EXPECT_EQ(plain->tls.lowest, driver::tls_version::tls12);
    EXPECT_EQ(plain->tls.ca_file, "");
    EXPECT_EQ(connect_options("TlsMode=require;TlsMaxVersion=TLSv1.1").resolve()->tls.lowest, driver::tls_version::tls11);
}

TEST_F(Options, WeakTlsIsAWarningInTheLog) {
    const auto logged = [](connect_options options) {
        std::string out;
        options.log([&out](int severity, std::string_view line) { out += std::to_string(severity) + " " + std::string(line) + "\n"; });
        (void)options.resolve();
        return out;
    };
    EXPECT_THAT(logged(connect_options("TlsMode=require")), HasSubstr("1 event=settings warning=\"TlsMode=require"));
    EXPECT_THAT(logged(connect_options("TlsMode=verify-ca;TlsMinVersion=1.0")), HasSubstr("below 1.2"));
    set("ISC_SSLconfigurations", write("weak.ini", "[w]\nVerifyPeer=0\nProtocols=24\n"));
    EXPECT_THAT(logged(connect_options("TlsConfig=w")), testing::AllOf(HasSubstr("not checked"), HasSubstr("below 1.2")));
    EXPECT_THAT(logged(connect_options("TlsMode=verify-full")), IsEmpty());
    EXPECT_THAT(logged(connect_options("UID=a")), IsEmpty());
}

TEST_F(Options, VendorsQueryTimeoutSwitch) {
    EXPECT_TRUE(connect_options("UID=a").resolve()->honour_query_timeout);
    EXPECT_FALSE(connect_options("Query Timeout=0").resolve()->honour_query_timeout);
    EXPECT_TRUE(connect_options("QUERY TIMEOUT=1").resolve()->honour_query_timeout);
    EXPECT_EQ(connect_options("QUERY TIMEOUT=1").resolve()->query_timeout.count(), 0);
    EXPECT_EQ(connect_options("Query Timeout=30").resolve()->query_timeout.count(), 30'000);
    EXPECT_FALSE(connect_options("Disable Query Timeout=1").resolve()->honour_query_timeout);
    EXPECT_EQ(connect_options("QueryTimeout=5").resolve()->query_timeout.count(), 5'000);
    EXPECT_EQ(connect_options("QueryTimeout=5;Query Timeout=0").resolve()->query_timeout.count(), 0);
}

TEST_F(Options, OutputStringHasNoSecretsAndReadsBack) {
    const connect_options got(
        "UID=a;PWD=geheim;AccessToken=geheim;TwoFactorToken=geheim;TlsMode=require;TlsKeyPassword=geheim;Database={N;S};ApplicationName={a}}b}"
    );
    const auto text = got.to_string();
    EXPECT_THAT(text, Not(HasSubstr("geheim")));
    for (const auto& each : got.settings()) EXPECT_THAT(each.shown, Not(HasSubstr("geheim"))) << each.keyword;
    const auto again = connect_options(text).resolve();
    EXPECT_EQ(again->name_space, "N;S");
    EXPECT_EQ(again->application, "a}b");
    EXPECT_EQ(again->level, security_level::tls);
}

TEST_F(Options, ErrorsNeverShowSecrets) {
    for (const auto* const target :
         {"PWD={geheim", "iris://u:geheim%@h", "iris://u:geheim/ss@h", "iris://u:pa?geheim=y@h", "TwoFactorToken=geheim;Port=x", "PWD=geheim;TlsPin=1"})
        EXPECT_THAT(failure_of(target).message(), Not(HasSubstr("geheim"))) << target;
}

// --- the TLS settings file ------------------------------------------------------------------------

constexpr auto defs = "[here]\nAddress=db1\nPort=1972\nSSLConfig=good\n[there]\nAddress=db2\nPort=1972\nSSLConfig=nosuch\n"
                      "[good]\nVerifyPeer=1\nCAfile=/file/ca.pem\nTLSMinVersion=32\nTLSMaxVersion=32\n[weak]\nVerifyPeer=0\n[broken]\nVerifyPeer=1\n";

TEST_F(Options, SettingsFileMatchSwitchesTlsOn) {
    const auto file = write("defs.ini", defs);
    set("ISC_SSLconfigurations", file);
    const connect_options options("iris://DB1.");
    const auto got = options.resolve();
    EXPECT_EQ(got->level, security_level::tls);
    EXPECT_EQ(got->tls.ca_file, "/file/ca.pem");
    EXPECT_EQ(got->tls.lowest, driver::tls_version::tls13);
    EXPECT_EQ(origin_of(options, "TlsCaFile"), "settings file " + file + " [good]");
    EXPECT_EQ(connect_options("iris://db1:1973").resolve()->level, security_level::password);
    EXPECT_EQ(connect_options("Server=db1;Authentication Method=0").resolve()->level, security_level::tls);
    EXPECT_EQ(connect_options("Server=db9,db1").resolve()->level, security_level::tls);
}

TEST_F(Options, EverythingBeatsTheSettingsFile) {
    set("ISC_SSLconfigurations", write("defs.ini", defs));
    const auto got = connect_options("iris://db1?TlsCaFile=/mine&TlsMode=verify-ca").resolve();
    EXPECT_EQ(got->tls.ca_file, "/mine");
    EXPECT_EQ(got->tls.check, driver::tls_check::chain);
    EXPECT_EQ(got->tls.lowest, driver::tls_version::tls13);
    EXPECT_EQ(connect_options("iris://db1?TlsMode=disable").resolve()->level, security_level::password);
}

TEST_F(Options, SettingsFileByName) {
    set("ISC_SSLconfigurations", write("defs.ini", defs));
    EXPECT_EQ(connect_options("Server=x;SSL Server Name=GOOD").resolve()->tls.ca_file, "/file/ca.pem");
    EXPECT_EQ(connect_options("Server=x;TlsConfig=here").resolve()->tls.ca_file, "/file/ca.pem");
    EXPECT_EQ(connect_options("Server=x;TlsConfig=weak").resolve()->tls.check, driver::tls_check::none);
}

// Decision 7.
TEST_F(Options, WherePasswordsGetTickets) {
    using driver::kerberos_source;
    const auto source = [](const std::string& more) { return connect_options("Security Level=3;" + more).resolve()->kerberos.source; };
    EXPECT_EQ(source("UID=u"), kerberos_source::cache);
    EXPECT_EQ(source("PWD=p"), kerberos_source::cache);
    EXPECT_EQ(source("UID=u;PWD="), kerberos_source::cache);
    EXPECT_EQ(source("UID=u;PWD=p"), kerberos_source::password);
    EXPECT_EQ(source("KerberosPrincipal=u;PWD=p"), kerberos_source::password);
    EXPECT_EQ(source("UID=u;PWD=p;KerberosCcache=FILE:/c"), kerberos_source::cache);
    EXPECT_EQ(source("UID=u;PWD=p;KerberosKeytab=/k"), kerberos_source::cache);
    EXPECT_EQ(source("UID=u;PWD=p;KerberosCredentials=cache"), kerberos_source::cache);
    EXPECT_EQ(source("UID=u;PWD=p;KerberosCcache=FILE:/c;KerberosCredentials=cache-then-password"), kerberos_source::cache_then_password);
    const auto asking = [](const std::string& more) {
        return connect_options("Security Level=3;" + more).kerberos([] { return kerberos_credentials{}; }).resolve()->kerberos.source;
    };
    EXPECT_EQ(asking(""), kerberos_source::password);
    EXPECT_EQ(asking("KerberosCcache=FILE:/c"), kerberos_source::cache);
    EXPECT_EQ(asking("KerberosCredentials=cache-then-password"), kerberos_source::cache_then_password);
    const auto odbc = [](const std::string& more) {
        return driver::options_access::from("Security Level=3;UID=u;PWD=p;" + more, driver::ini_dsn_source()).resolve()->kerberos.source;
    };
    EXPECT_EQ(odbc(""), kerberos_source::cache);
    EXPECT_EQ(odbc("KerberosCredentials=password"), kerberos_source::password);
    EXPECT_EQ(connect_options("UID=u;PWD=p").resolve()->kerberos.tickets, nullptr);
}

TEST_F(Options, SettingsFileWithKerberosIsRefused) {
    set("ISC_SSLconfigurations", write("defs.ini", defs));
    EXPECT_EQ(failure_of("Server=db1;Authentication Method=1").native, 90002);
    EXPECT_EQ(failure_of("Server=db9;Authentication Method=1").sqlstate, "none");
}

TEST_F(Options, UnusableSettingsFileIsAnErrorAndNeverClearText) {
    const auto file = write("defs.ini", defs);
    set("ISC_SSLconfigurations", file);
    for (const auto* const target : {"iris://db2", "iris://x?TlsConfig=nosuch", "iris://x?TlsConfig=broken"}) {
        const auto why = failure_of(target);
        EXPECT_EQ(why.native, 90005) << target;
        EXPECT_EQ(why.sqlstate, "08S01");
        EXPECT_THAT(why.text, HasSubstr(file));
    }
    set("ISC_SSLconfigurations", file + ".missing");
    EXPECT_EQ(failure_of("iris://x").native, 90005);
    EXPECT_EQ(failure_of("iris://x?TlsMode=disable").sqlstate, "none");
    set("ISC_SSLconfigurations", write("bad.ini", "Port=1\n"));
    EXPECT_EQ(failure_of("iris://x?Security%20Level=10").native, 90005);
}

TEST_F(Options, SettingsFileInTheHomeFolder) {
    EXPECT_EQ(failure_of("iris://x?TlsConfig=good").native, 90005);
    write(".irislink/SSLdefs.ini", defs);
    EXPECT_EQ(connect_options("iris://db1").resolve()->level, security_level::tls);
}

TEST_F(Options, VendorDsnKeepsItsSslServerNameWithMethodZero) {
    write("odbc.ini", "[d]\nHost=x\nAuthentication Method=0\nSSL Server Name=good\n[e]\nHost=x\nSSL Server Name=good\n");
    set("ISC_SSLconfigurations", write("defs.ini", defs));
    EXPECT_EQ(connect_options("d").resolve()->level, security_level::password);
    EXPECT_EQ(connect_options("e").resolve()->level, security_level::tls);
}

TEST_F(Options, RevocationListsNeedACheckedCertificate) {
    EXPECT_EQ(connect_options("iris://x?TlsMode=verify-ca&TlsCrlFile=/a").resolve()->tls.crl_file, "/a");
    EXPECT_EQ(failure_of("iris://x?TlsMode=require&TlsCrlFile=/a").native, 90002);
    EXPECT_EQ(failure_of("iris://x?TlsCrlFile=/a").native, 90002);
}

// --- JDBC URLs --------------------------------------------------------------------------------

TEST_F(Options, JdbcUrlsAreTargets) {
    const connect_options target("jdbc:IRIS://db1:1973/NS/jdbc.log::false:true?username=u&password=p%41");
    const auto got = target.resolve();
    ASSERT_EQ(got->endpoints.size(), 1U);
    EXPECT_EQ(got->endpoints[0].host, "db1");
    EXPECT_EQ(got->endpoints[0].port, 1973);
    EXPECT_EQ(got->name_space, "NS");
    EXPECT_EQ(got->user, "u");
    EXPECT_EQ(got->password.reveal(), "p%41");
    EXPECT_EQ(got->level, security_level::tls);
    EXPECT_EQ(got->tls.check, driver::tls_check::chain_and_host);
    EXPECT_FALSE(got->tcp_no_delay);
    EXPECT_EQ(origin_of(target, "Server"), "URI");
    EXPECT_TRUE(target.warnings().empty());
    EXPECT_EQ(connect_options("jdbc:IRIS://h/USER/:::false").resolve()->level, security_level::password);
    EXPECT_EQ(failure_of("jdbc:IRIS://h/USER/:::maybe").sqlstate, "HY024");
    EXPECT_EQ(failure_of("jdbc:IRIS://h/USER/:::true?connection security level=0").sqlstate, "HY000");
}

// --- the environment --------------------------------------------------------------------------

TEST_F(Options, EnvironmentIsTheWeakestSource) {
    set("IRISLINK_HOST", "environment-host");
    set("IRISLINK_PORT", "11");
    set("IRISLINK_NAMESPACE", "ENV");
    set("IRISLINK_USER", "envuser");
    set("IRISLINK_LOGIN_TIMEOUT", "7");
    set("IRISLINK_TCP_NODELAY", "0");
    write("odbc.ini", "[d]\nPort=12\n");
    connect_options got("DSN=d;Database=STRING");
    got.set("UID", "explicituser");
    const auto made = got.resolve();
    EXPECT_EQ(made->endpoints[0].host, "environment-host");
    EXPECT_EQ(made->endpoints[0].port, 12);
    EXPECT_EQ(made->name_space, "STRING");
    EXPECT_EQ(made->user, "explicituser");
    EXPECT_EQ(made->login_timeout.count(), 7000);
    EXPECT_FALSE(made->tcp_no_delay);
    EXPECT_EQ(origin_of(got, "Server"), "environment IRISLINK_HOST");
    EXPECT_EQ(origin_of(got, "Port"), "DSN d");
    EXPECT_EQ(origin_of(got, "Database"), "connection string");
    EXPECT_EQ(origin_of(got, "UID"), "explicit");
    EXPECT_EQ(origin_of(got, "LoginTimeout"), "environment IRISLINK_LOGIN_TIMEOUT");
    EXPECT_TRUE(got.warnings().empty());
}

TEST_F(Options, EnvironmentGivesWayToTheSettingsFile) {
    const auto file = write("ssl.ini", "[A]\nAddress=db1\nPort=1972\nSSLConfig=B\n[B]\nVerifyPeer=1\nCAfile=/from/file.pem\n");
    set("ISC_SSLconfigurations", file);
    set("IRISLINK_SERVER", "db1");
    set("IRISLINK_TLSCAFILE", "/from/environment.pem");
    set("IRISLINK_TLS_CRL_FILE", "/from/environment.crl");
    const connect_options got;
    const auto made = got.resolve();
    EXPECT_EQ(made->level, security_level::tls);
    EXPECT_EQ(made->tls.ca_file, "/from/file.pem");
    EXPECT_EQ(made->tls.crl_file, "/from/environment.crl");
    EXPECT_THAT(origin_of(got, "TlsCaFile"), HasSubstr("settings file"));
}

TEST_F(Options, EnvironmentSecretsAreUsedAndNeverShown) {
    set("IRISLINK_PASSWORD", "geheim-1");
    set("IRISLINK_ACCESSTOKEN", "geheim-2");
    const connect_options got("iris://u@h");
    EXPECT_EQ(got.resolve()->password.reveal(), "geheim-1");
    EXPECT_EQ(got.resolve()->access_token.reveal(), "geheim-2");
    EXPECT_EQ(shown(got, "PWD"), "(set)");
    EXPECT_EQ(origin_of(got, "PWD"), "environment IRISLINK_PASSWORD");
    EXPECT_THAT(got.to_string(), Not(HasSubstr("geheim")));
    set("IRISLINK_PORT", "geheim-3");
    EXPECT_EQ(failure_of("iris://h").sqlstate, "HY024");
    EXPECT_THAT(failure_of("iris://h").message(), Not(HasSubstr("geheim-1")));
}

// A password that was given is what logs in, not the token of the environment, which would beat it.
TEST_F(Options, EnvironmentHasNoSayWhereAWayToLogInWasGiven) {
    set("IRISLINK_ACCESSTOKEN", "geheim");
    set("IRISLINK_PWD", "geheim");
    const auto with_password = connect_options("iris://u:p@h").resolve();
    EXPECT_EQ(with_password->password.reveal(), "p");
    EXPECT_TRUE(with_password->access_token.empty());
    const auto with_file = connect_options("iris://h?AccessTokenFile=/run/token").resolve();
    EXPECT_TRUE(with_file->access_token.empty());
    EXPECT_TRUE(with_file->password.empty());
    EXPECT_EQ(origin_of(connect_options("iris://u:p@h"), "AccessToken"), "absent");
    EXPECT_EQ(connect_options("iris://u@h").resolve()->access_token.reveal(), "geheim");
}

TEST_F(Options, EmptyEnvironmentVariablesCountAsNotSet) {
    set("IRISLINK_PWD", "");
    set("IRISLINK_HOST", "");
    const connect_options got("iris://u@");
    EXPECT_EQ(origin_of(got, "PWD"), "absent");
    EXPECT_EQ(origin_of(got, "Server"), "default");
}

// "Query Timeout" is the vendor's switch, "QueryTimeout" ours.
TEST_F(Options, EnvironmentKeepsKeywordsApartThatDifferInABlank) {
    set("IRISLINK_QUERYTIMEOUT", "9");
    EXPECT_EQ(connect_options("iris://h").resolve()->query_timeout.count(), 9000);
    EXPECT_EQ(origin_of(connect_options("iris://h"), "Query Timeout"), "default");
    set("IRISLINK_QUERY_TIMEOUT", "0");
    EXPECT_EQ(connect_options("iris://h").resolve()->query_timeout.count(), 0);
}

// It may be somebody else's variable: a line of the log, not a warning of the connection.
TEST_F(Options, UnknownEnvironmentVariablesAreLoggedWithANeighbour) {
    set("IRISLINK_SECURTY_LEVEL", "geheim");
    std::string log;
    connect_options got("iris://h");
    got.log([&](int, std::string_view line) { log += line; });
    (void)got.resolve();
    EXPECT_TRUE(got.warnings().empty());
    EXPECT_THAT(log, HasSubstr("IRISLINK_SECURTY_LEVEL; did you mean IRISLINK_SECURITY_LEVEL?"));
    EXPECT_THAT(log, Not(HasSubstr("geheim")));
}

// Nothing in the environment lowers what was asked for, and contradictions are errors from there too.
TEST_F(Options, EnvironmentProtectionIsHeldToTheSameRules) {
    set("IRISLINK_SECURITY_LEVEL", "0");
    EXPECT_EQ(connect_options("iris://h?Security Level=10").resolve()->level, security_level::tls);
    EXPECT_EQ(failure_of("iris://h?TlsMode=verify-full").sqlstate, "HY000");
    set("IRISLINK_SECURITY_LEVEL", "2");
    EXPECT_EQ(failure_of("iris://h?Authentication Method=0").sqlstate, "HY000");
    set("IRISLINK_SECURITY_LEVEL", "10");
    EXPECT_EQ(connect_options("iris://h").resolve()->level, security_level::tls);
}

TEST_F(Options, DsnOfTheEnvironmentIsForThoseWhoNameNothing) {
    write("odbc.ini", "[d]\nHost=dsnhost\nPassword=geheim\n[e]\nHost=other\n");
    set("IRISLINK_DSN", "d");
    EXPECT_EQ(connect_options().resolve()->endpoints[0].host, "dsnhost");
    EXPECT_EQ(origin_of(connect_options(), "Server"), "DSN d");
    EXPECT_EQ(connect_options("UID=u").resolve()->password.reveal(), "geheim");
    // Its password does not follow to another server.
    EXPECT_EQ(connect_options("iris://u@h").resolve()->endpoints[0].host, "h");
    EXPECT_TRUE(connect_options("iris://u@h").resolve()->password.empty());
    EXPECT_EQ(connect_options("e").resolve()->endpoints[0].host, "other");
    EXPECT_TRUE(connect_options("e").resolve()->password.empty());
    EXPECT_EQ(connect_options().set("Server", "h").resolve()->endpoints[0].host, "h");
    set("IRISLINK_DSN", "no-such");
    EXPECT_EQ(failure_of("UID=u").sqlstate, "IM002");
    EXPECT_EQ(failure_of("iris://h").sqlstate, "none");
    EXPECT_EQ(origin_of(connect_options(), "Port"), "default"); // the list shows the rest
}

// Options made anew do not make a code good for a second login (decision 17).
TEST_F(Options, OneTimeCodeOfTheEnvironmentIsOneForTheProcess) {
    set("IRISLINK_TWOFACTORTOKEN", "123456");
    const auto first = connect_options("iris://h").resolve();
    const auto second = connect_options("iris://h").resolve();
    EXPECT_EQ(first->token_used, second->token_used);
    EXPECT_NE(first->token_used, connect_options("iris://h?TwoFactorToken=123456").resolve()->token_used);
    set("IRISLINK_TWOFACTORTOKEN", "654321");
    EXPECT_NE(first->token_used, connect_options("iris://h").resolve()->token_used);
}

} // namespace
} // namespace irislink
