#pragma once
// A mail server for one test: takes mails on a free loopback port and keeps them. One thread; ends with
// its destructor.

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace irislink::test {

struct received_mail {
    std::string from;
    std::string to;
    std::string text;  // header and body
    std::string login; // "user password" of AUTH PLAIN, when there was one
    bool protected_line{false};
};

enum class smtp_stub_mode { plain, starttls, refuses_recipients, silent };

class smtp_stub {
public:
    explicit smtp_stub(smtp_stub_mode mode = smtp_stub_mode::plain);
    ~smtp_stub();
    smtp_stub(const smtp_stub&) = delete;
    smtp_stub& operator=(const smtp_stub&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    // The certificate of mode starttls, for localhost and 127.0.0.1, written as PEM.
    void write_certificate(const std::filesystem::path& file) const;

    [[nodiscard]] std::vector<received_mail> mails() const;
    // Every line a client sent, whether its mail was finished or not.
    [[nodiscard]] std::string transcript() const;

private:
    class line;
    void run();
    void serve(int socket);
    void converse(line& with);

    smtp_stub_mode mode_;
    int listener_{-1};
    std::uint16_t port_{0};
    std::atomic<bool> stopping_{false};
    std::shared_ptr<SSL_CTX> tls_;
    std::shared_ptr<X509> certificate_;
    mutable std::mutex mutex_;
    std::vector<received_mail> mails_;
    std::string transcript_;
    std::thread thread_;
};

} // namespace irislink::test
