#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/integration/sandbox/line_client.hpp"
#include "tests/support/certificates/certificates.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

struct TlsLine : testing::Test {
    std::string section(const std::string& mode, const std::string& more = {}) {
        return "[tls]\nmode = \"" + mode + "\"\ncertificate = \"" + own.certificate_file() + "\"\nkey = \"" + own.key_file() + "\"\n" + more;
    }

    std::string asks(const std::string& rule, const std::string& more = {}) {
        return section("enabled", "client_certificate = \"" + rule + "\"\nca_file = \"" + folder.ca_file() + "\"\n" + more);
    }

    tls_choice trusting() const { return {{}, {}, folder.ca_file(), 0, {}}; }

    tls_choice with(const identity& client, int version = 0) const { return {client.certificate_file(), client.key_file(), folder.ca_file(), version, {}}; }

    static std::string refusal(const std::string& toml) {
        try {
            line_server server(toml);
        } catch (const sandbox::config_error& error) {
            return error.what();
        }
        return "started";
    }

    certificate_folder folder;
    identity own = folder.server();
};

TEST_F(TlsLine, EnabledServesBothKindsOfClient) {
    line_server server(section("enabled"));
    tls_client protected_client(server.port(), trusting());
    EXPECT_EQ(protected_client.log_in(), 0);
    EXPECT_EQ(protected_client.version(), "TLSv1.3");
    line_client plain(server.port());
    EXPECT_EQ(plain.log_in(), 0);
}

TEST_F(TlsLine, AStatementEndsWithItsClient) {
    line_server server(section("required"));
    {
        tls_client client(server.port(), trusting());
        ASSERT_EQ(client.log_in(), 0);
        ASSERT_TRUE(client.begin_endless());
    }
    EXPECT_TRUE(server.empties());
}

TEST_F(TlsLine, DisabledAnswersAClientHelloWithAnAlert) {
    line_server server("");
    line_client raw(server.port());
    const unsigned char hello[] = {0x16, 0x03, 0x01, 0x00, 0x40, 0x01, 0x00};
    raw.send_raw(std::as_bytes(std::span(hello)));
    EXPECT_EQ(raw.rest_raw(), std::string("\x15\x03\x03\x00\x02\x02\x28", 7));
    tls_client real(server.port(), trusting());
    EXPECT_FALSE(real.connected());
    line_client plain(server.port());
    EXPECT_EQ(plain.log_in(), 0);
}

TEST_F(TlsLine, RequiredRefusesAClearHelloInWordsAndCloses) {
    line_server server(section("required"));
    line_client plain(server.port());
    const auto answered = plain.ask(wire::hello_request{}, 1);
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->status(), 417);
    EXPECT_NE(wire::as_text(answered->body).find("TLS is required"), std::string_view::npos);
    EXPECT_EQ(plain.rest_raw(), "");
    tls_client real(server.port(), trusting());
    EXPECT_EQ(real.log_in(), 0);
}

TEST_F(TlsLine, RequiredClosesAfterAKerberosPreamble) {
    line_server server(section("required"));
    line_client raw(server.port());
    raw.send_raw(wire::as_bytes(std::string_view("\0\0\x7F\1\3", 5)));
    EXPECT_EQ(raw.rest_raw(), "");
}

TEST_F(TlsLine, ClientCertificatesFollowTheRule) {
    const auto good = folder.client();
    certificate_folder elsewhere;
    const auto foreign = elsewhere.client();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        tls_choice without = trusting();
        without.version = version;
        line_server none(section("enabled"));
        EXPECT_EQ(tls_client(none.port(), with(foreign, version)).log_in(), 0) << "none asks for nothing";
        line_server request(asks("request"));
        EXPECT_EQ(tls_client(request.port(), without).log_in(), 0);
        EXPECT_EQ(tls_client(request.port(), with(good, version)).log_in(), 0);
        EXPECT_EQ(tls_client(request.port(), with(foreign, version)).log_in(), -1);
        line_server require(asks("require"));
        EXPECT_EQ(tls_client(require.port(), without).log_in(), -1);
        EXPECT_EQ(tls_client(require.port(), with(good, version)).log_in(), 0);
        EXPECT_EQ(tls_client(require.port(), with(foreign, version)).log_in(), -1);
    }
}

TEST_F(TlsLine, ARevokedClientCertificateIsRefused) {
    const auto good = folder.client("good");
    const auto bad = folder.client("bad");
    line_server server(asks("require", "crl_file = \"" + folder.revocation_list(folder.ca(), {bad}) + "\"\n"));
    EXPECT_EQ(tls_client(server.port(), with(good)).log_in(), 0);
    EXPECT_EQ(tls_client(server.port(), with(bad)).log_in(), -1);
}

TEST_F(TlsLine, VersionsAndCiphersAreThoseOfTheFile) {
    auto old = trusting();
    old.version = TLS1_2_VERSION;
    auto young = trusting();
    young.version = TLS1_3_VERSION;
    line_server only13(section("enabled", "min_version = \"1.3\"\n"));
    EXPECT_FALSE(tls_client(only13.port(), old).connected());
    EXPECT_EQ(tls_client(only13.port(), young).log_in(), 0);
    line_server only12(section("enabled", "max_version = \"1.2\"\ncipher_list = \"ECDHE-ECDSA-AES256-GCM-SHA384\"\n"));
    EXPECT_FALSE(tls_client(only12.port(), young).connected());
    EXPECT_EQ(tls_client(only12.port(), old).log_in(), 0);
    old.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
    EXPECT_FALSE(tls_client(only12.port(), old).connected());
}

TEST_F(TlsLine, AMegabyteGoesBothWaysUnchanged) {
    line_server server(section("enabled"));
    line_client plain(server.port());
    tls_client real(server.port(), trusting());
    ASSERT_EQ(plain.log_in(), 0);
    ASSERT_EQ(real.log_in(), 0);
    const auto expected = plain.big_query(1'000'000);
    ASSERT_GT(expected.size(), 1'000'000U) << expected.substr(0, 60);
    EXPECT_TRUE(real.big_query(1'000'000) == expected);
}

TEST_F(TlsLine, FiftySessionsAtOnce) {
    line_server server(section("enabled"), 20);
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 50; ++i)
        threads.emplace_back([&] {
            tls_client client(server.port(), trusting());
            if (client.log_in() == 0 && client.big_query(50'000).size() > 50'000) ++good;
        });
    for (auto& each : threads) each.join();
    EXPECT_EQ(good, 50);
}

TEST_F(TlsLine, ASilentClientIsDroppedByTheDeadlineAndOthersAreServed) {
    line_server server(section("enabled"), 1);
    const auto start = std::chrono::steady_clock::now();
    line_client silent(server.port());
    line_client half(server.port());
    half.send_raw(wire::as_bytes(std::string_view("\x16\x03\x01\x02\x00\x01", 6)));
    EXPECT_EQ(tls_client(server.port(), trusting()).log_in(), 0);
    EXPECT_EQ(silent.rest_raw(), "");
    (void)half.rest_raw();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 4s);
}

TEST_F(TlsLine, OtherFirstBytesAreClosed) {
    line_server server(section("enabled"));
    for (const std::string_view bytes :
         {std::string_view("GET / HTTP/1.1\r\n\r\n"), std::string_view("\x16\x02\x00\x00\x01", 5), std::string_view("\0\0\x7F\2\1", 5),
          std::string_view("\x0E\0\0\0\0\0\0\0\0\0\0\0\x43\x49\x09\x01_SYSTEM\x05\x01SYS", 28)}) {
        line_client raw(server.port());
        raw.send_raw(wire::as_bytes(bytes));
        EXPECT_EQ(raw.rest_raw(), "");
    }
}

TEST_F(TlsLine, ADamagedRecordEndsTheSession) {
    line_server server(section("enabled"));
    tls_client real(server.port(), trusting());
    ASSERT_EQ(real.log_in(), 0);
    std::string record("\x17\x03\x03\x00\x20", 5);
    record.append(32, 'z');
    real.send_raw(wire::as_bytes(record));
    EXPECT_LT(real.rest_raw().size(), 100U) << "an alert at most";
}

TEST_F(TlsLine, StoppingEndsIdleAndHalfOpenLinesPromptly) {
    line_server server(section("enabled"), 60);
    tls_client idle(server.port(), trusting());
    ASSERT_EQ(idle.log_in(), 0);
    line_client silent(server.port());
    line_client half(server.port());
    half.send_raw(wire::as_bytes(std::string_view("\x16\x03\x01\x02\x00\x01", 6)));
    std::this_thread::sleep_for(100ms);
    EXPECT_LT(server.stop(), 3s);
}

TEST_F(TlsLine, MistakesInTheSettingsStopTheStart) {
    EXPECT_NE(refusal("[tls]\nmode = \"enabled\"\n").find("certificate and key"), std::string::npos);
    EXPECT_NE(refusal(section("sometimes")).find("mode"), std::string::npos);
    EXPECT_NE(refusal(section("enabled", "colour = 1\n")).find("colour"), std::string::npos);
    EXPECT_NE(refusal(section("enabled", "min_version = \"1.1\"\n")).find("min_version"), std::string::npos);
    EXPECT_NE(refusal(section("enabled", "client_certificate = \"require\"\n")).find("ca_file"), std::string::npos);
    EXPECT_NE(refusal(section("enabled", "cipher_list = \"NONE-SUCH\"\n")).find("cipher_list"), std::string::npos);
    const auto other = folder.server();
    const auto pair = [&](const std::string& certificate, const std::string& key, const std::string& more = {}) {
        return "[tls]\nmode = \"enabled\"\ncertificate = \"" + certificate + "\"\nkey = \"" + key + "\"\n" + more;
    };
    EXPECT_NE(refusal(pair(own.certificate_file(), "/does/not/exist")).find("key"), std::string::npos);
    EXPECT_NE(refusal(pair("/does/not/exist", own.key_file())).find("certificate"), std::string::npos);
    EXPECT_NE(refusal(pair(own.certificate_file(), other.key_file())).find("fit"), std::string::npos);
    const auto locked = folder.client("locked", "open sesame");
    EXPECT_NE(refusal(pair(locked.certificate_file(), locked.key_file())).find("key_password"), std::string::npos);
    const auto wrong = refusal(pair(locked.certificate_file(), locked.key_file(), "key_password = \"wrong word\"\n"));
    EXPECT_NE(wrong.find("key_password"), std::string::npos);
    EXPECT_EQ(wrong.find("wrong word"), std::string::npos);
    EXPECT_EQ(refusal(pair(locked.certificate_file(), locked.key_file(), "key_password = \"open sesame\"\n")), "started");
}

} // namespace
} // namespace irislink::test
