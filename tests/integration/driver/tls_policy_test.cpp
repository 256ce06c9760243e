// What a settings object fixes for all of its connections, when its files are read, and what is said about a
// server that ends the line right after the handshake.

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/integration/driver/pool_use.hpp"
#include "tests/integration/driver/relay.hpp"
#include "tests/integration/driver/tls_fixture.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class TlsPolicy : public client_tls {
protected:
    // Its log, next to the failure.
    static diagnostic logged_refusal(const std::string& uri, std::string& log) {
        connect_options from(uri);
        from.log([&log](int, std::string_view line) { log += std::string(line) + "\n"; });
        return failure_of([&] { connection db(from); });
    }

    // An environment variable for one test.
    struct environment {
        environment(const char* variable, const std::string& value) : name(variable) { ::setenv(name, value.c_str(), 1); }

        ~environment() { ::unsetenv(name); }

        environment(const environment&) = delete;
        environment& operator=(const environment&) = delete;
        const char* name;
    };

    // A handshake that asks for a client certificate (or does not), then a reset; `gone` is set after it.
    std::function<void(int)> reset_after_handshake(bool ask, std::atomic<bool>& gone) {
        return [this, ask, &gone](int line) {
            const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
            SSL_CTX_use_certificate_file(context.get(), own_.certificate_file().c_str(), SSL_FILETYPE_PEM);
            SSL_CTX_use_PrivateKey_file(context.get(), own_.key_file().c_str(), SSL_FILETYPE_PEM);
            if (ask) SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
            const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
            SSL_set_fd(ssl.get(), line);
            EXPECT_EQ(SSL_accept(ssl.get()), 1);
            ERR_clear_error();
            // As a crash of the machine: a reset, without a word.
            sockaddr nowhere{};
            nowhere.sa_family = AF_UNSPEC;
            ::connect(line, &nowhere, sizeof(nowhere));
            gone = true;
        };
    }

    // Connects to it, and sends the hello no sooner than the reset is there.
    diagnostic refused_after_handshake(bool ask, const std::string& more = {}) {
        std::atomic<bool> gone{false};
        const tls_peer peer(reset_after_handshake(ask, gone));
        connect_options from(peer.uri(checked("&TlsMinVersion=1.3" + more)));
        from.log([&gone](int, std::string_view line) {
            if (line.find("tls version=") == std::string_view::npos) return;
            for (int i = 0; i < 500 && !gone; ++i) std::this_thread::sleep_for(1ms);
            std::this_thread::sleep_for(20ms);
        });
        return failure_of([&] { connection db(from); });
    }
};

TEST_F(TlsPolicy, AResetWhileTheHelloIsWritten) {
    for (int i = 0; i < 5; ++i) {
        const auto why = refused_after_handshake(false);
        EXPECT_EQ(why.code, errc::connection_lost) << why.text;
        EXPECT_EQ(why.sqlstate, "08S01");
        EXPECT_EQ(why.native, 461);
        EXPECT_EQ(why.step, step::hello);
        EXPECT_TRUE(why.fatal);
        EXPECT_NE(why.text.find("while sending"), std::string::npos) << why.text;
        EXPECT_NE(why.hint.find("TLS itself is well"), std::string::npos) << why.hint;
    }
}

TEST_F(TlsPolicy, AnEndAfterTheHandshakeIsNotCalledPartOfIt) {
    const auto none = refused_after_handshake(true);
    expect_tls(none, "after the TLS handshake, having asked for a client certificate and got none");
    EXPECT_NE(none.hint.find("TlsCertFile"), std::string::npos) << none.hint;
    const auto client = folder_.client();
    const auto sent = refused_after_handshake(true, "&TlsCertFile=" + client.certificate_file() + "&TlsKeyFile=" + client.key_file());
    expect_tls(sent, "after the TLS handshake, having been sent the client certificate of TlsCertFile");
    const sandbox_runner server({}, require_clients());
    // Before TLS 1.3 the refusal is part of the handshake.
    EXPECT_EQ(refusal(server.uri(checked("&TlsMaxVersion=1.2"))).text.find("fter the TLS handshake"), std::string::npos);
    for (int i = 0; i < 5; ++i) expect_tls(refusal(server.uri(checked("&TlsMinVersion=1.3"))), "fter the TLS handshake");
}

TEST_F(TlsPolicy, FilesAreCheckedBeforeAnyConnection) {
    const tls_peer peer([](int) {});
    const auto client = folder_.client();
    const auto garbage = folder_.file("garbage.pem", "-----BEGIN CERTIFICATE-----\nnot base 64!\n-----END CERTIFICATE-----\n");
    expect_tls(refusal(peer.uri("TlsMode=verify-full&TlsCaFile=/does/not/exist")), "TlsCaFile: the file '/does/not/exist' cannot be read");
    expect_tls(refusal(peer.uri("TlsMode=verify-full&TlsCaFile=" + garbage)), "is damaged");
    expect_tls(refusal(peer.uri("TlsMode=verify-full&TlsCaFile=" + client.key_file())), "holds no certificates");
    expect_tls(refusal(peer.uri(checked("&TlsCrlFile=/does/not/exist"))), "TlsCrlFile");
    expect_tls(refusal(peer.uri(checked("&TlsCertFile=" + client.certificate_file() + "&TlsKeyFile=/does/not/exist"))), "TlsKeyFile");
    EXPECT_EQ(peer.connections(), 0);
}

TEST_F(TlsPolicy, FilesAreReadOncePerSettings) {
    const sandbox_runner server({}, require_clients());
    const auto locked = folder_.client("locked", "open sesame");
    connect_options from(server.uri(with(locked)));
    int asked = 0;
    from.key_password([&asked] {
        ++asked;
        return std::string("open sesame");
    });
    connection_pool pool(from, {.max_size = 3});
    const auto first = pool.acquire();
    const auto ca = std::filesystem::path(folder_.ca_file());
    std::filesystem::rename(ca, ca.string() + ".away");
    std::filesystem::remove(locked.key_file());
    const auto second = pool.acquire();
    EXPECT_EQ(flat(second->query("select 1")), "1");
    EXPECT_EQ(asked, 1);
    // New settings see what there is now.
    expect_tls(refusal(server.uri(checked())), "cannot be read");
    std::filesystem::copy_file(folder_.authority("another CA").certificate_file(), ca);
    expect_tls(refusal(server.uri(checked())), "unknown CA");
    const auto third = pool.acquire();
    EXPECT_EQ(flat(third->query("select 1")), "1");
}

TEST_F(TlsPolicy, AFileThatIsMendedIsReadByTheSameSettings) {
    const sandbox_runner server({}, section());
    const auto late = (folder_.path() / "late.pem").string();
    const auto settings = connect_options(server.uri("TlsMode=verify-full&TlsCaFile=" + late)).resolve();
    expect_tls(failure_of([&] { connection().connect(settings); }), "cannot be read");
    std::filesystem::copy_file(folder_.ca_file(), late);
    connection db;
    db.connect(settings);
    EXPECT_EQ(flat(db.query("select 1")), "1");
}

TEST_F(TlsPolicy, DepthCountsIntermediates) {
    const auto one = folder_.authority("irislink CA one", folder_.ca());
    const auto two = folder_.authority("irislink CA two", one);
    const auto three = folder_.authority("irislink CA three", two);
    certificate_profile profile;
    profile.ips = {"127.0.0.1"};
    const auto deep = folder_.issue(profile, three);
    const sandbox_runner server({}, tls_section(folder_.bundle({deep, three, two, one}), deep.key_file()));
    EXPECT_EQ(connection(server.uri(checked())).server().tls_chain.size(), 5U);
    EXPECT_EQ(connection(server.uri(checked("&TlsVerifyDepth=3"))).server().tls_chain.size(), 5U);
    const auto why = refusal(server.uri(checked("&TlsVerifyDepth=2")));
    expect_tls(why, "too long");
    EXPECT_NE(why.hint.find("TlsVerifyDepth"), std::string::npos);
}

TEST_F(TlsPolicy, OldVersionsOnlyWhenAskedFor) {
    const std::tuple<int, std::string, std::string> versions[] = {{TLS1_VERSION, "1.0", "tls version=TLSv1 "}, {TLS1_1_VERSION, "1.1", "tls version=TLSv1.1 "}};
    for (const auto& [number, name, line] : versions) {
        SCOPED_TRACE(name);
        const tls_peer old(show_certificate(own_.certificate_file(), own_.key_file(), number, number));
        std::string log;
        expect_tls(logged_refusal(old.uri(checked()), log), "version");
        EXPECT_EQ(log.find("tls version"), std::string::npos) << log;
        // Its peer goes away after the handshake, which is what counts.
        log.clear();
        EXPECT_NE(logged_refusal(old.uri(checked("&TlsMinVersion=" + name)), log).step, step::tls);
        EXPECT_NE(log.find(line), std::string::npos) << log;
        EXPECT_NE(log.find("below 1.2"), std::string::npos) << log;
        // Weak signatures of the old protocol are one thing, the certificate another.
        expect_tls(refusal(old.uri("TlsMode=verify-full&TlsMinVersion=" + name + "&TlsCaFile=" + folder_.authority("x").certificate_file())), "unknown CA");
    }
}

TEST_F(TlsPolicy, TheSystemsStoreIsTrustedWithoutACaFile) {
    const sandbox_runner server({}, section());
    const environment no_folder("SSL_CERT_DIR", "/does/not/exist");
    const auto query = std::string("TlsMode=verify-full");
    {
        const environment store("SSL_CERT_FILE", folder_.ca_file());
        EXPECT_EQ(flat(connection(server.uri(query)).query("select 1")), "1");
        EXPECT_EQ(flat(connection(server.uri(query + "&TlsCaFile=%25OSCertificateStore")).query("select 1")), "1");
        // A file that is named is all that is trusted.
        expect_tls(refusal(server.uri(query + "&TlsCaFile=" + folder_.authority("x").certificate_file())), "unknown CA");
    }
    const environment store("SSL_CERT_FILE", folder_.authority("y").certificate_file());
    expect_tls(refusal(server.uri(query)), "unknown CA");
}

TEST_F(TlsPolicy, ClientCertificateOfTheSettingsFile) {
    const sandbox_runner server({}, require_clients());
    const auto open = folder_.client();
    const auto locked = folder_.client("locked", "opensesame");
    const auto part = [&](const std::string& name, const identity& client, const std::string& more) {
        return "[" + name + "]\nVerifyPeer=1\nCAfile=" + folder_.ca_file() + "\nCertFile=" + client.certificate_file() + "\nKeyFile=" + client.key_file() +
               "\nKeyType=2\n" + more;
    };
    const environment file(
        "ISC_SSLconfigurations",
        folder_.file(
            "SSLDefs.ini", part("open", open, "") + part("locked", locked, "Password=opensesame\n") + part("wrong", locked, "Password=canary-word\n") +
                               "[none]\nVerifyPeer=1\nCAfile=" + folder_.ca_file() + "\n"
        )
    );
    connection db(server.uri("TlsConfig=open"));
    EXPECT_EQ(flat(db.query("select 1")), "1");
    EXPECT_NE(db.server().tls_client_certificate.find(open.certificate_file()), std::string::npos);
    EXPECT_EQ(flat(connection(server.uri("TlsConfig=locked")).query("select 1")), "1");
    expect_tls(refusal(server.uri("TlsConfig=none")), "client certificate");
    const auto wrong = refusal(server.uri("TlsConfig=wrong"));
    expect_tls(wrong, "passphrase is wrong");
    EXPECT_EQ(wrong.message().find("canary"), std::string::npos);
}

// The server that a cancel meets is not the one of the connection, or has lost its TLS: the cancel fails,
// and nothing goes out but a ClientHello.
TEST_F(TlsPolicy, ACancelIsNeverWeakerThanItsConnection) {
    const sandbox_runner server({}, section());
    const std::string hello("\x0D\0\0\0\1\0\0\0\0\0\0\0\0\0\x45\0\3\0\x09\1Unicode", 27);
    certificate_folder elsewhere;
    const auto foreign = elsewhere.server();
    std::string heard;
    const auto in_clear = [&](int line) {
        char piece[4096];
        const auto got = ::recv(line, piece, sizeof(piece), 0);
        if (got > 0) heard.append(piece, static_cast<std::size_t>(got));
        (void)::send(line, hello.data(), hello.size(), MSG_NOSIGNAL);
        ::shutdown(line, SHUT_WR);
        heard += read_to_end(line);
    };
    const std::pair<std::function<void(int)>, std::string> second_servers[] = {
        {in_clear, "does not speak TLS"}, {show_certificate(foreign.certificate_file(), foreign.key_file()), "unknown CA"}};
    for (const auto& [behave, word] : second_servers) {
        SCOPED_TRACE(word);
        std::optional<relay> between(std::in_place, server.port(), behave);
        connection db("iris://demo:demo@127.0.0.1:" + std::to_string(between->port()) + "/USER?" + checked());
        std::thread running([&db] { EXPECT_THROW((void)db.query(endless_query(db)), error); });
        const auto why = failure_of_cancel(db);
        expect_tls(why, word);
        EXPECT_EQ(between->connections(), 2);
        between.reset(); // the statement ends with its line
        running.join();
    }
    ASSERT_FALSE(heard.empty());
    EXPECT_EQ(heard[0], 0x16);
    EXPECT_EQ(heard.find("HS"), std::string::npos);
}

TEST_F(TlsPolicy, APoolIsSharedByThreadsAndByCoroutines) {
    const sandbox_runner server({}, section());
    const connect_options from(server.uri(checked()));
    use_from_threads(from);
    use_from_coroutines(from);
}

TEST_F(TlsPolicy, APoolsNextConnectionIsNeverWeakerThanItsFirst) {
    const sandbox_runner server({}, section());
    std::string heard;
    std::optional<relay> between(std::in_place, server.port(), [&heard](int line) {
        (void)::shutdown(line, SHUT_WR);
        heard += read_to_end(line);
    });
    connection_pool pool(connect_options("iris://demo:demo@127.0.0.1:" + std::to_string(between->port()) + "/USER?" + checked()), {.max_size = 2});
    auto first = pool.acquire();
    EXPECT_EQ(flat(first->query("select 1")), "1");
    expect_tls(failure_of([&] { (void)pool.acquire(); }), "closed the connection during the TLS handshake");
    EXPECT_EQ(flat(first->query("select 1")), "1");
    EXPECT_EQ(between->connections(), 2);
    between.reset(); // and its threads
    EXPECT_EQ(heard.find("HS"), std::string::npos);
}

} // namespace
} // namespace irislink::test
