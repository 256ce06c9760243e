#pragma once
// A TLS server in a thread, for what the sandbox never does: shows any chain, speaks HTTP, says nothing.
// It ends its handshake and goes.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/certificates/certificates.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"

namespace irislink::test {

// The sandbox's [tls] section.
inline std::string tls_section(const std::string& chain_file, const std::string& key_file, const std::string& more = {}) {
    return "\n[tls]\nmode = \"required\"\ncertificate = \"" + chain_file + "\"\nkey = \"" + key_file + "\"\n" + more;
}

// Accepts connections one after the other and hands each to `behave`, which must not block for ever.
class tls_peer {
public:
    explicit tls_peer(std::function<void(int)> behave) : behave_(std::move(behave)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(here);
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&here), size) != 0 || ::listen(listener_, 16) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
            throw std::runtime_error("no listener");
        port_ = ntohs(here.sin_port);
        thread_ = std::thread([this] {
            // The client has to do without a mask of ours; OpenSSL's own sockets here need one.
            sigset_t broken_pipe;
            ::sigemptyset(&broken_pipe);
            ::sigaddset(&broken_pipe, SIGPIPE);
            ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
            for (int line = 0; (line = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
                ++connections_;
                // Nothing of a test takes longer; a peer that is stuck must not hang it.
                const timeval limit{10, 0};
                ::setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
                behave_(line);
                ::close(line);
            }
        });
    }

    ~tls_peer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    tls_peer(const tls_peer&) = delete;
    tls_peer& operator=(const tls_peer&) = delete;

    [[nodiscard]] std::string uri(const std::string& query, const std::string& host = "127.0.0.1") const {
        return "iris://demo:demo@" + host + ":" + std::to_string(port_) + "/USER?" + query;
    }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    [[nodiscard]] int connections() const noexcept { return connections_; }

private:
    std::function<void(int)> behave_;
    int listener_;
    std::uint16_t port_{0};
    std::atomic<int> connections_{0};
    std::thread thread_;
};

// What there is until the client closes.
inline std::string read_to_end(int line) {
    std::string out;
    char piece[512];
    for (ssize_t got = 0; (got = ::recv(line, piece, sizeof(piece), 0)) > 0 && out.size() < 100'000;) out.append(piece, static_cast<std::size_t>(got));
    return out;
}

// A handshake with this chain, whatever OpenSSL thinks of it; then hangs up.
inline std::function<void(int)>
show_certificate(const std::string& chain_file, const std::string& key_file, int lowest = TLS1_2_VERSION, int highest = TLS1_3_VERSION) {
    return [=](int line) {
        const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
        SSL_CTX_set_security_level(context.get(), 0);
        SSL_CTX_set_min_proto_version(context.get(), lowest);
        SSL_CTX_set_max_proto_version(context.get(), highest);
        if (SSL_CTX_use_certificate_chain_file(context.get(), chain_file.c_str()) != 1 ||
            SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
            std::abort();
        const std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(context.get()), SSL_free);
        SSL_set_fd(ssl.get(), line);
        if (SSL_accept(ssl.get()) == 1) SSL_shutdown(ssl.get());
        ERR_clear_error();
        (void)read_to_end(line);
    };
}

// A server certificate for loopback, URIs that check it, and what a failure of TLS looks like.
class client_tls : public ::testing::Test {
protected:
    std::string section(const std::string& more = {}) { return tls_section(own_.certificate_file(), own_.key_file(), more); }

    std::string require_clients() { return section("client_certificate = \"require\"\nca_file = \"" + folder_.ca_file() + "\"\n"); }

    std::string checked(const std::string& more = {}) { return "TlsMode=verify-full&TlsCaFile=" + folder_.ca_file() + more; }

    std::string with(const identity& client, const std::string& more = {}) {
        return checked("&TlsCertFile=" + client.certificate_file() + "&TlsKeyFile=" + client.key_file() + more);
    }

    static diagnostic refusal(const std::string& uri) {
        return failure_of([&] { connection db(uri); });
    }

    static void expect_tls(const diagnostic& why, const std::string& word) {
        EXPECT_EQ(why.code, errc::tls_failed);
        EXPECT_EQ(why.sqlstate, "08S01");
        EXPECT_EQ(why.native, 459);
        EXPECT_EQ(why.step, step::tls);
        EXPECT_TRUE(why.fatal);
        EXPECT_NE(why.text.find(word), std::string::npos) << why.text;
        EXPECT_FALSE(why.hint.empty());
    }

    certificate_folder folder_;
    identity own_ = folder_.server();
};

} // namespace irislink::test
