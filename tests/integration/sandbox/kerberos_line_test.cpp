#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "samples/sandbox/server/gss_acceptor.hpp"
#include "tests/integration/sandbox/line_client.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

struct KerberosLine : testing::Test {
    static void SetUpTestSuite() { kdc = new small_kdc; }

    static void TearDownTestSuite() {
        delete kdc;
        kdc = nullptr;
    }

    static std::string section(const std::string& more = {}) { return "[kerberos]\nkeytab = \"" + kdc->keytab() + "\"\n" + more; }

    static std::string levels(const std::string& instance, const std::string& service) {
        return section("instance_levels = [" + instance + "]\nservice_levels = [" + service + "]\n");
    }

    static std::unique_ptr<gss_client> connect(const line_server& server, int level, OM_uint32 flags = gss_client::every_flag) {
        return std::make_unique<gss_client>(server.port(), level, "iris/localhost", kdc->cache(), flags);
    }

    static std::string refusal(const std::string& toml) {
        try {
            line_server server(toml);
        } catch (const sandbox::config_error& error) {
            return error.what();
        }
        return "started";
    }

    static small_kdc* kdc;
};

small_kdc* KerberosLine::kdc = nullptr;

TEST_F(KerberosLine, EveryLevelLogsInAndCarriesAMegabyte) {
    line_server server(section());
    line_client plain(server.port());
    ASSERT_EQ(plain.log_in(), 0);
    const auto expected = plain.big_query(1'000'000);
    ASSERT_GT(expected.size(), 1'000'000U);
    for (const int level : {1, 2, 3}) {
        const auto client = connect(server, level);
        ASSERT_TRUE(client->connected()) << level;
        ASSERT_EQ(client->log_in(), 0) << level;
        EXPECT_TRUE(client->big_query(1'000'000) == expected) << level;
        EXPECT_EQ(client->every_answer_sealed(), level != 2) << level;
    }
}

TEST_F(KerberosLine, AStatementEndsWithItsClient) {
    line_server server(section());
    {
        const auto client = connect(server, 3);
        ASSERT_EQ(client->log_in(), 0);
        ASSERT_TRUE(client->begin_endless());
    }
    EXPECT_TRUE(server.empties());
}

TEST_F(KerberosLine, ALevelCountsInTheSetOrAboveItsLowest) {
    const struct {
        const char* instance;
        const char* service;
        int lowest; // 4: none
    } rows[] = {{"1, 2, 3", "1, 2, 3", 1}, {"2", "1, 2, 3", 2}, {"1, 3", "3", 3}, {"1, 2", "2", 2}, {"1", "1", 1}, {"1", "3", 4}, {"", "1, 2, 3", 4}};

    for (const auto& row : rows) {
        line_server server(levels(row.instance, row.service));
        for (const int level : {1, 2, 3})
            EXPECT_EQ(connect(server, level)->connected(), level >= row.lowest) << row.instance << " / " << row.service << " level " << level;
        for (const char wrong : {'\0', '\4', '\x0A'}) {
            line_client raw(server.port());
            raw.send_raw(wire::as_bytes(std::string("\0\0\x7F\1", 4) + wrong));
            EXPECT_EQ(raw.rest_raw(), "");
        }
    }
}

TEST_F(KerberosLine, WithoutAKeytabThePreambleIsClosed) {
    line_server server("");
    EXPECT_FALSE(connect(server, 3)->connected());
}

TEST_F(KerberosLine, AClearHelloPasses) {
    line_server server(section());
    line_client plain(server.port());
    const auto greeted = plain.ask(wire::hello_request{}, 1);
    ASSERT_TRUE(greeted);
    EXPECT_EQ(greeted->status(), 0);
}

TEST_F(KerberosLine, SequenceIsNotDemandedAndMutualIs) {
    line_server server(section());
    EXPECT_EQ(connect(server, 2, gss_client::every_flag & ~static_cast<OM_uint32>(GSS_C_SEQUENCE_FLAG))->log_in(), 0);
    EXPECT_EQ(connect(server, 2, GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)->log_in(), -1);
}

TEST_F(KerberosLine, AnUnsealedMessageEndsLevelThreeAndNotLevelTwo) {
    line_server server(section());
    const auto sealed = connect(server, 3);
    sealed->send_token(sealed->wrap(sealed->encode(wire::hello_request{}, 1), false));
    EXPECT_EQ(sealed->rest_raw(), "");
    const auto open = connect(server, 2);
    open->send_token(open->wrap(open->encode(wire::hello_request{}, 1), true));
    EXPECT_TRUE(open->answer());
}

TEST_F(KerberosLine, TokenBoundariesCarryNoMeaning) {
    line_server server(section());
    const auto client = connect(server, 3);
    const auto hello = client->encode(wire::hello_request{}, 1);
    client->send_token(client->wrap({}, true));
    for (const auto& each : hello) client->send_token(client->wrap({&each, 1}, true));
    const auto greeted = client->answer();
    ASSERT_TRUE(greeted);
    EXPECT_EQ(greeted->status(), 0);
}

TEST_F(KerberosLine, AFlippedBitAnywhereEndsTheSession) {
    line_server server(section(), 20);
    for (const int level : {2, 3}) {
        const auto size = [&] {
            const auto client = connect(server, level);
            return client->wrap(client->encode(wire::hello_request{}, 1), level == 3).size();
        }();
        for (std::size_t at = 0; at < size; ++at) {
            const auto client = connect(server, level);
            auto token = client->wrap(client->encode(wire::hello_request{}, 1), level == 3);
            token[at] ^= std::byte{0x08};
            client->send_token(token);
            EXPECT_EQ(client->rest_raw(), "") << "level " << level << " byte " << at;
        }
    }
}

TEST_F(KerberosLine, AReplayedMessageEndsTheSession) {
    line_server server(section());
    const auto client = connect(server, 2);
    const auto token = client->wrap(client->encode(wire::hello_request{}, 1), false);
    client->send_token(token);
    ASSERT_TRUE(client->answer());
    client->send_token(token);
    EXPECT_EQ(client->rest_raw(), "");
}

TEST_F(KerberosLine, BadLengthsAndGarbageAreClosed) {
    line_server server(section(), 1);
    using namespace std::string_literals;
    for (const auto& bytes : {"\xFF\xFF\xFF\xFF"s, "\0\0\0\0"s, "\0\1\0\1"s, "\0\0\0\x10 0123456789abcde"s, "\0\0\1\0short"s}) {
        line_client raw(server.port());
        raw.send_raw(wire::as_bytes("\0\0\x7F\1\3"s + bytes));
        EXPECT_LT(raw.rest_raw().size(), 300U) << "an error token at most";
    }
    for (const auto& bytes : {"\xFF\xFF\xFF\xFF"s, "\1\0\0\1"s, "\0\0\0\0"s}) {
        const auto client = connect(server, 3);
        ASSERT_TRUE(client->connected());
        client->send_raw(wire::as_bytes(bytes));
        EXPECT_EQ(client->rest_raw(), "");
    }
}

TEST_F(KerberosLine, ATicketForAnotherServiceGetsAnErrorToken) {
    line_server server(section());
    gss_client client(server.port(), 3, "iris/other", kdc->cache());
    EXPECT_FALSE(client.connected());
    EXPECT_EQ(client.rest_raw(), "");
}

TEST_F(KerberosLine, StoppingEndsIdleAndHalfOpenLinesPromptly) {
    line_server server(section(), 60);
    const auto idle = connect(server, 3);
    ASSERT_EQ(idle->log_in(), 0);
    line_client half(server.port());
    half.send_raw(wire::as_bytes(std::string_view("\0\0\x7F\1\3\0\0", 7)));
    std::this_thread::sleep_for(100ms);
    EXPECT_LT(server.stop(), 3s);
}

TEST_F(KerberosLine, MistakesInTheSettingsStopTheStart) {
    EXPECT_NE(refusal("[kerberos]\nkeytab = \"/does/not/exist\"\n").find("/does/not/exist"), std::string::npos);
    EXPECT_NE(refusal("[kerberos]\n").find("keytab"), std::string::npos);
    EXPECT_NE(refusal(section("principal = \"iris/unknown\"\n")).find("keytab"), std::string::npos);
    EXPECT_EQ(refusal(section("principal = \"iris/localhost\"\n")), "started");
    EXPECT_NE(refusal(section("instance_levels = [0]\n")).find("instance_levels"), std::string::npos);
    EXPECT_NE(refusal(section("colour = 1\n")).find("colour"), std::string::npos);
}

TEST(KerberosAccount, IsThePrincipalWithoutTheRealmOfTheService) {
    EXPECT_EQ(sandbox::account_of("alice@A.TEST", "iris/host@A.TEST", false), "alice");
    EXPECT_EQ(sandbox::account_of("alice@A.TEST", "iris/host@A.TEST", true), "alice@A.TEST");
    EXPECT_EQ(sandbox::account_of("alice@B.TEST", "iris/host@A.TEST", false), "alice@B.TEST");
    EXPECT_EQ(sandbox::account_of("alice@A.TEST", "", false), "alice@A.TEST");
    EXPECT_EQ(sandbox::account_of("", "iris/host@A.TEST", false), "");
}

} // namespace
} // namespace irislink::test
