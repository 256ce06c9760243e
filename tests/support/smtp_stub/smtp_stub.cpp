#include "tests/support/smtp_stub/smtp_stub.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace irislink::test {

class smtp_stub::line {
public:
    line(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(&stopping) {}

    ~line() {
        SSL_free(ssl_);
        ::close(socket_);
    }

    line(const line&) = delete;
    line& operator=(const line&) = delete;

    void say(std::string text) {
        text += "\r\n";
        if (ssl_ != nullptr) {
            (void)SSL_write(ssl_, text.data(), static_cast<int>(text.size()));
        } else {
            (void)::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        }
    }

    // A line without its end; false when the client is gone.
    bool hear(std::string& out) {
        out.clear();
        while (true) {
            char c = 0;
            if (!one(c)) return false;
            if (c == '\n') break;
            if (c != '\r') out.push_back(c);
        }
        return true;
    }

    bool protect(SSL_CTX* context) {
        ssl_ = SSL_new(context);
        SSL_set_fd(ssl_, socket_);
        return SSL_accept(ssl_) == 1;
    }

    [[nodiscard]] bool is_protected() const { return ssl_ != nullptr; }

private:
    bool one(char& c) {
        while (ssl_ == nullptr || SSL_pending(ssl_) == 0) {
            pollfd entry{socket_, POLLIN, 0};
            if (*stopping_) return false;
            if (::poll(&entry, 1, 50) > 0) break;
        }
        return ssl_ != nullptr ? SSL_read(ssl_, &c, 1) == 1 : ::recv(socket_, &c, 1, 0) == 1;
    }

    int socket_;
    const std::atomic<bool>* stopping_;
    SSL* ssl_{nullptr};
};

namespace {

std::string from_base64(const std::string& text) {
    std::string out(text.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    out.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    while (!out.empty() && out.back() == '\0') out.pop_back();
    return out;
}

} // namespace

smtp_stub::smtp_stub(smtp_stub_mode mode) : mode_(mode) {
    if (mode == smtp_stub_mode::starttls) {
        const std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
        certificate_.reset(X509_new(), &X509_free);
        auto* const made = certificate_.get();
        X509_set_version(made, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
        X509_gmtime_adj(X509_getm_notBefore(made), -60);
        X509_gmtime_adj(X509_getm_notAfter(made), 3600);
        X509_set_pubkey(made, key.get());
        auto* const name = X509_get_subject_name(made);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
        X509_set_issuer_name(made, name);
        auto* const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
        X509_add_ext(made, names, -1);
        X509_EXTENSION_free(names);
        X509_sign(made, key.get(), EVP_sha256());
        tls_.reset(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
        if (SSL_CTX_use_certificate(tls_.get(), made) != 1 || SSL_CTX_use_PrivateKey(tls_.get(), key.get()) != 1) throw std::runtime_error("no certificate");
    }
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no port for a mail server");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

smtp_stub::~smtp_stub() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void smtp_stub::write_certificate(const std::filesystem::path& file) const {
    std::FILE* const out = std::fopen(file.c_str(), "w");
    if (out == nullptr || !certificate_) throw std::runtime_error("no certificate to write");
    PEM_write_X509(out, certificate_.get());
    std::fclose(out);
}

std::vector<received_mail> smtp_stub::mails() const {
    const std::lock_guard lock(mutex_);
    return mails_;
}

std::string smtp_stub::transcript() const {
    const std::lock_guard lock(mutex_);
    return transcript_;
}

void smtp_stub::run() {
    while (!stopping_) {
        pollfd entry{listener_, POLLIN, 0};
        if (::poll(&entry, 1, 50) <= 0) continue;
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket >= 0) serve(socket);
    }
}

void smtp_stub::serve(int socket) {
    line with(socket, stopping_);
    converse(with);
}

void smtp_stub::converse(line& with) {
    if (mode_ != smtp_stub_mode::silent) with.say("220 stub ready");
    received_mail mail;
    std::string said;
    while (with.hear(said)) {
        {
            const std::lock_guard lock(mutex_);
            transcript_ += said + "\n";
        }
        if (mode_ == smtp_stub_mode::silent) continue;
        if (said.starts_with("EHLO")) {
            if (mode_ == smtp_stub_mode::starttls && !with.is_protected()) with.say("250-STARTTLS");
            with.say("250 AUTH PLAIN");
        } else if (said == "STARTTLS" && mode_ == smtp_stub_mode::starttls) {
            with.say("220 go on");
            if (!with.protect(tls_.get())) return;
            mail.protected_line = true;
        } else if (said.starts_with("AUTH PLAIN ")) {
            auto login = from_base64(said.substr(11)); // \0user\0password
            if (!login.empty()) login.erase(0, 1);
            for (auto& c : login)
                if (c == '\0') c = ' ';
            mail.login = login;
            with.say("235 welcome");
        } else if (said == "AUTH PLAIN") {
            with.say("334 ");
            if (!with.hear(said)) return;
            auto login = from_base64(said);
            if (!login.empty()) login.erase(0, 1);
            for (auto& c : login)
                if (c == '\0') c = ' ';
            mail.login = login;
            with.say("235 welcome");
        } else if (said.starts_with("MAIL FROM:")) {
            mail.from = said.substr(10);
            with.say("250 ok");
        } else if (said.starts_with("RCPT TO:")) {
            mail.to = said.substr(8);
            with.say(mode_ == smtp_stub_mode::refuses_recipients ? "550 no such phone" : "250 ok");
        } else if (said == "DATA") {
            with.say("354 go on");
            while (with.hear(said) && said != ".") mail.text += said + "\n";
            const std::lock_guard lock(mutex_);
            mails_.push_back(mail);
            with.say("250 taken");
        } else if (said == "QUIT") {
            with.say("221 bye");
            return;
        } else {
            with.say("502 not known here");
        }
    }
}

} // namespace irislink::test
