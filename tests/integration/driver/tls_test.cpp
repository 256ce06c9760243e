// The client's TLS: what is negotiated and presented, what the line carries, and how it fails.

#include <thread>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/integration/driver/tls_fixture.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class Tls : public client_tls {};

TEST_F(Tls, LoginWithEitherVersionAndItsFacts) {
    const sandbox_runner server({}, section());
    for (const std::string version : {"1.2", "1.3"}) {
        connection db(server.uri(checked("&TlsMinVersion=" + version + "&TlsMaxVersion=" + version)));
        EXPECT_EQ(flat(db.query("select 1")), "1");
        const auto facts = db.server();
        EXPECT_EQ(facts.tls_version, "TLSv" + version);
        EXPECT_FALSE(facts.tls_cipher.empty());
        ASSERT_EQ(facts.tls_chain.size(), 2U);
        EXPECT_NE(facts.tls_chain[1].find("irislink test CA"), std::string::npos) << facts.tls_chain[1];
        EXPECT_NE(facts.tls_check.find("127.0.0.1"), std::string::npos) << facts.tls_check;
    }
}

TEST_F(Tls, CiphersAreThoseAskedFor) {
    const sandbox_runner server({}, section());
    connection old(server.uri(checked("&TlsMaxVersion=1.2&TlsCipherList=ECDHE-ECDSA-AES128-GCM-SHA256")));
    EXPECT_EQ(old.server().tls_cipher, "ECDHE-ECDSA-AES128-GCM-SHA256");
    connection young(server.uri(checked("&TlsCiphersuites=TLS_CHACHA20_POLY1305_SHA256")));
    EXPECT_EQ(young.server().tls_cipher, "TLS_CHACHA20_POLY1305_SHA256");
    expect_tls(refusal(server.uri(checked("&TlsCipherList=NONE-SUCH"))), "TlsCipherList");
}

TEST_F(Tls, VersionsThatDoNotMeet) {
    const tls_peer young(show_certificate(own_.certificate_file(), own_.key_file(), TLS1_3_VERSION));
    expect_tls(refusal(young.uri(checked("&TlsMaxVersion=1.2"))), "version");
    const tls_peer old(show_certificate(own_.certificate_file(), own_.key_file(), TLS1_2_VERSION, TLS1_2_VERSION));
    expect_tls(refusal(old.uri(checked("&TlsMinVersion=1.3"))), "version");
}

TEST_F(Tls, ClientCertificateGoodMissingAndRefused) {
    const sandbox_runner server({}, require_clients());
    const auto good = folder_.client();
    certificate_folder elsewhere;
    const auto foreign = elsewhere.client();
    for (const std::string version : {"&TlsMaxVersion=1.2", "&TlsMinVersion=1.3"}) {
        connection db(server.uri(with(good, version)));
        EXPECT_EQ(flat(db.query("select 1")), "1");
        // A server may reset the line before its alert is read: the text says what is known.
        for (int i = 0; i < 5; ++i) {
            expect_tls(refusal(server.uri(checked(version))), "server");
            expect_tls(refusal(server.uri(with(foreign, version))), "server");
        }
    }
}

// The alert arrives, and the line stays open: what is read is the reason itself.
TEST_F(Tls, LateAlertIsExplained) {
    const tls_peer server([&](int line) {
        const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
        SSL_CTX_use_certificate_file(context.get(), own_.certificate_file().c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(context.get(), own_.key_file().c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
        SSL_set_fd(ssl.get(), line);
        (void)SSL_accept(ssl.get());
        ERR_clear_error();
        (void)read_to_end(line);
    });
    expect_tls(refusal(server.uri(checked("&TlsMinVersion=1.3"))), "wants a client certificate and got none");
    const auto foreign = folder_.self_signed({});
    expect_tls(refusal(server.uri(with(foreign, "&TlsMinVersion=1.3"))), "refused the client certificate: unknown CA");
}

TEST_F(Tls, EncryptedKey) {
    const sandbox_runner server({}, require_clients());
    const auto locked = folder_.client("locked", "open sesame");
    connection db(server.uri(with(locked, "&TlsKeyPassword=open%20sesame")));
    EXPECT_EQ(flat(db.query("select 1")), "1");
    const auto wrong = refusal(server.uri(with(locked, "&TlsKeyPassword=geheim-canary")));
    expect_tls(wrong, "passphrase is wrong");
    EXPECT_EQ(wrong.message().find("geheim-canary"), std::string::npos);
    expect_tls(refusal(server.uri(with(locked))), "no passphrase is set");
    connect_options asking(server.uri(with(locked)));
    int asked = 0;
    asking.key_password([&] {
        ++asked;
        return std::string("open sesame");
    });
    EXPECT_EQ(flat(connection(asking).query("select 1")), "1");
    EXPECT_EQ(asked, 1);
}

TEST_F(Tls, KeyFilesThatDoNotFit) {
    const sandbox_runner server({}, section());
    const auto one = folder_.client();
    const auto other = folder_.client();
    const auto pair = [&](const std::string& certificate, const std::string& key) {
        return refusal(server.uri(checked("&TlsCertFile=" + certificate + (key.empty() ? "" : "&TlsKeyFile=" + key))));
    };
    expect_tls(pair(one.certificate_file(), other.key_file()), "does not belong");
    expect_tls(pair(one.certificate_file(), "/does/not/exist"), "TlsKeyFile: the file '/does/not/exist' cannot be read");
    expect_tls(pair("/does/not/exist", one.key_file()), "TlsCertFile: the file '/does/not/exist' cannot be read");
    expect_tls(pair(one.certificate_file(), ""), "holds no usable key");
    expect_tls(pair(one.key_file(), one.key_file()), "holds no usable certificate");
}

TEST_F(Tls, SilentPeerEndsWithConnectTimeout) {
    const tls_peer silent([](int line) { (void)read_to_end(line); });
    const stopwatch time;
    const auto why = refusal(silent.uri(checked("&ConnectTimeout=1&LoginTimeout=60")));
    EXPECT_EQ(why.code, errc::timed_out);
    EXPECT_EQ(why.sqlstate, "HYT00");
    EXPECT_EQ(why.step, step::tls);
    EXPECT_GE(time.elapsed(), 900ms);
    EXPECT_LT(time.elapsed(), 8s);
}

TEST_F(Tls, PeerThatHangsUp) {
    const tls_peer closing([](int line) {
        char hello[4096];
        (void)::recv(line, hello, sizeof(hello), 0);
    });
    expect_tls(refusal(closing.uri(checked())), "closed the connection");
}

// Nothing but a ClientHello reaches a peer that answers in clear, and there is no second try.
TEST_F(Tls, ClearTextAnswerGetsNothing) {
    for (const std::string& answer :
         {std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("\x20\0\0\0\1\0\0\0\0\0\0\0\0\0", 14) + std::string(32, 'x')}) {
        std::string received;
        {
            const tls_peer clear([&](int line) {
                char hello[4096];
                const auto got = ::recv(line, hello, sizeof(hello), 0);
                if (got > 0) received.append(hello, static_cast<std::size_t>(got));
                (void)::send(line, answer.data(), answer.size(), MSG_NOSIGNAL);
                received += read_to_end(line);
            });
            expect_tls(refusal("iris://someuser:somesecret@127.0.0.1:" + clear.uri("").substr(clear.uri("").rfind(':') + 1) + checked()), "does not speak TLS");
            EXPECT_EQ(clear.connections(), 1);
        }
        ASSERT_FALSE(received.empty());
        EXPECT_EQ(received[0], 0x16);
        EXPECT_EQ(received.find("someuser"), std::string::npos);
        EXPECT_EQ(received.find("somesecret"), std::string::npos);
        EXPECT_EQ(received.find("HS"), std::string::npos);
    }
}

// RFC 6066: names are sent, addresses never are.
TEST_F(Tls, NamesAreSentAndAddressesAreNot) {
    std::string received;
    const auto hello_for = [&](const std::string& more) {
        received.clear();
        {
            const tls_peer peer([&](int line) {
                char hello[4096];
                const auto got = ::recv(line, hello, sizeof(hello), 0);
                if (got > 0) received.assign(hello, static_cast<std::size_t>(got));
            });
            (void)refusal(peer.uri(checked(more)));
        }
        return received;
    };
    EXPECT_NE(hello_for("&TlsHostName=db.example.test.").find("db.example.test"), std::string::npos);
    EXPECT_EQ(received.find("db.example.test."), std::string::npos);
    const auto address = hello_for("");
    EXPECT_FALSE(address.empty());
    EXPECT_EQ(address.find("127.0.0.1"), std::string::npos);
}

TEST_F(Tls, ClearClientOfATlsServerIsTold) {
    const sandbox_runner server({}, section());
    const auto why = refusal(server.uri());
    EXPECT_EQ(why.step, step::hello);
    EXPECT_NE(why.text.find("TLS is required"), std::string::npos) << why.text;
}

TEST_F(Tls, CancelOverTls) {
    const sandbox_runner server({}, section());
    connection db(server.uri(checked()));
    db.execute("create table T (N integer)");
    std::vector<std::tuple<int>> sets;
    for (int i = 0; i < 1000; ++i) sets.emplace_back(i);
    db.batch("insert into T values (?)", sets);
    std::thread killer([&] {
        std::this_thread::sleep_for(200ms);
        while (!db.cancel()) std::this_thread::sleep_for(10ms);
    });
    const auto why = failure_of([&] { (void)db.query("select count(*) from T a, T b, T c where a.N + b.N + c.N < 0"); });
    killer.join();
    EXPECT_EQ(why.sqlstate, "HY008");
    EXPECT_FALSE(why.fatal);
    EXPECT_EQ(flat(db.query("select 7")), "7");
}

TEST_F(Tls, BulkTextGoesBothWays) {
    const sandbox_runner server({}, section());
    connection db(server.uri(checked()));
    db.execute("create table L (N integer, T varchar(32000))");
    std::vector<std::tuple<int, std::string>> sets;
    for (int i = 0; i < 60; ++i) sets.emplace_back(i, std::string(30'000, static_cast<char>('a' + i % 26)));
    EXPECT_EQ(db.batch("insert into L values (?, ?)", sets).total(), 60);
    std::size_t bytes = 0;
    int next = 0;
    for (const auto& row : db.query("select N, T from L order by N")) {
        ASSERT_EQ(row.get<std::int64_t>(0), next);
        ASSERT_EQ(row.get<std::string>(1), std::get<1>(sets[static_cast<std::size_t>(next)]));
        bytes += 30'000;
        ++next;
    }
    EXPECT_GT(bytes, 1U << 20U);
}

TEST_F(Tls, AServerThatDiesEndsTheStatementAndNotTheProcess) {
    sandbox_runner server({}, section());
    connection db(server.uri(checked()));
    server.kill();
    const auto first = failure_of([&] { db.ping(); });
    EXPECT_EQ(first.sqlstate, "08S01");
    EXPECT_EQ(first.code, errc::connection_lost);
    EXPECT_TRUE(first.fatal);
    EXPECT_EQ(failure_of([&] { db.ping(); }).sqlstate, "08S01");
}

TEST_F(Tls, SettingsFileSection) {
    const sandbox_runner server({}, section());
    const auto file = folder_.file(
        "SSLDefs.ini",
        "[here]\nVerifyPeer=1\nCAfile=" + folder_.ca_file() + "\n[strange]\nVerifyPeer=1\nCAfile=" + folder_.authority("x").certificate_file() + "\n"
    );
    ASSERT_EQ(::setenv("ISC_SSLconfigurations", file.c_str(), 1), 0);
    const auto good = [&] { return connection(server.uri("TlsConfig=here")).server().tls_check; };
    EXPECT_NO_THROW(EXPECT_NE(good().find("127.0.0.1"), std::string::npos));
    expect_tls(refusal(server.uri("TlsConfig=strange")), "unknown CA");
    ::unsetenv("ISC_SSLconfigurations");
}

} // namespace
} // namespace irislink::test
