#include "samples/sandbox/server/tls_acceptor.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <climits>
#include <new>

#include "samples/sandbox/config/config.hpp"
#include "samples/sandbox/server/line.hpp"

namespace irislink::sandbox {
namespace {

// The innermost reason OpenSSL has, which says most.
std::string openssl_reason() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) return "closed or out of time";
    const char* const text = ERR_reason_error_string(code);
    return text != nullptr ? text : "error " + std::to_string(code);
}

void check(bool good, const std::string& setting) {
    if (!good) throw config_error("[tls] " + setting + ": " + openssl_reason());
}

// Never asks on a terminal: without a password an encrypted key is an error.
int give_password(char* into, int size, int /*writing*/, void* settings) {
    const auto& password = static_cast<const tls_settings*>(settings)->key_password;
    if (!password || password->reveal().size() > static_cast<std::size_t>(size)) return -1;
    std::ranges::copy(password->reveal(), into);
    return static_cast<int>(password->reveal().size());
}

int version_number(const std::string& text, const char* setting) {
    if (text == "1.2") return TLS1_2_VERSION;
    if (text == "1.3") return TLS1_3_VERSION;
    throw config_error(std::string("[tls] ") + setting + " must be 1.2 or 1.3");
}

// The line as OpenSSL sees it: blocking, with the deadline of the call under way. OpenSSL then never
// has to be asked again, and shut_down() never has to touch its objects.
struct line_end {
    std::unique_ptr<transport> line;
    deadline until;
};

int line_read(BIO* bio, char* into, int size) {
    auto& end = *static_cast<line_end*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    return static_cast<int>(end.line->read(std::as_writable_bytes(std::span(into, static_cast<std::size_t>(std::max(size, 0)))), end.until));
}

int line_write(BIO* bio, const char* data, int size) {
    auto& end = *static_cast<line_end*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    return end.line->write(std::as_bytes(std::span(data, static_cast<std::size_t>(std::max(size, 0)))), end.until) ? size : -1;
}

long line_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* line_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "line");
        if (made == nullptr) throw std::bad_alloc();
        BIO_meth_set_read(made, &line_read);
        BIO_meth_set_write(made, &line_write);
        BIO_meth_set_ctrl(made, &line_control);
        return made;
    }();
    return method;
}

std::string subject_of(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    if (!out) return {};
    X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

class tls_line final : public transport {
public:
    tls_line(SSL_CTX* context, std::unique_ptr<transport> line) : ssl_(SSL_new(context), &SSL_free), end_{std::move(line), {}} {
        BIO* const bio = BIO_new(line_method());
        if (!ssl_ || bio == nullptr) throw std::bad_alloc();
        BIO_set_data(bio, &end_);
        BIO_set_init(bio, 1);
        SSL_set_bio(ssl_.get(), bio, bio);
    }

    ~tls_line() override {
        if (!alive_) return;
        end_.until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }

    [[nodiscard]] bool handshake(deadline until) {
        end_.until = until;
        ERR_clear_error();
        alive_ = SSL_accept(ssl_.get()) == 1;
        return alive_;
    }

    void describe(connection_facts& facts) const {
        facts.protection = line_protection::tls;
        facts.tls_version = SSL_get_version(ssl_.get());
        facts.tls_cipher = SSL_get_cipher_name(ssl_.get());
        if (X509* const certificate = SSL_get0_peer_certificate(ssl_.get())) {
            facts.client_certificate = true;
            facts.client_certificate_subject = subject_of(certificate);
        }
    }

    void await_end(deadline until) { let_go(*end_.line, until); }

    std::size_t read(std::span<std::byte> into, deadline until) override {
        if (!alive_ || into.empty()) return 0;
        end_.until = until;
        ERR_clear_error();
        const int got = SSL_read(ssl_.get(), into.data(), static_cast<int>(std::min<std::size_t>(into.size(), INT_MAX)));
        if (got > 0) return static_cast<std::size_t>(got);
        // After an error OpenSSL must not be used any more, not even for a farewell.
        alive_ = SSL_get_error(ssl_.get(), got) == SSL_ERROR_ZERO_RETURN;
        return 0;
    }

    bool write(wire::bytes_view data, deadline until) override {
        end_.until = until;
        while (!data.empty()) {
            if (!alive_) return false;
            ERR_clear_error();
            const int sent = SSL_write(ssl_.get(), data.data(), static_cast<int>(std::min<std::size_t>(data.size(), 1U << 20U)));
            alive_ = sent > 0;
            if (alive_) data = data.subspan(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void shut_down() noexcept override { end_.line->shut_down(); }

    bool peer_gone() noexcept override { return end_.line->peer_gone(); }

private:
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    line_end end_;
    bool alive_{false};
};

} // namespace

tls_acceptor::tls_acceptor(const tls_settings& settings) : context_(SSL_CTX_new(TLS_server_method())) {
    if (!context_) throw std::bad_alloc();
    SSL_CTX* const context = context_.get();
    ERR_clear_error();
    if (settings.certificate.empty() || settings.key.empty()) throw config_error("[tls] certificate and key are needed unless mode is \"disabled\"");
    const int lowest = version_number(settings.min_version, "min_version");
    const int highest = version_number(settings.max_version, "max_version");
    if (lowest > highest) throw config_error("[tls] min_version is above max_version");
    check(SSL_CTX_set_min_proto_version(context, lowest) == 1, "min_version");
    check(SSL_CTX_set_max_proto_version(context, highest) == 1, "max_version");
    if (!settings.cipher_list.empty()) check(SSL_CTX_set_cipher_list(context, settings.cipher_list.c_str()) == 1, "cipher_list");
    if (!settings.ciphersuites.empty()) check(SSL_CTX_set_ciphersuites(context, settings.ciphersuites.c_str()) == 1, "ciphersuites");
    check(SSL_CTX_use_certificate_chain_file(context, settings.certificate.c_str()) == 1, "certificate '" + settings.certificate + "'");
    const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(settings.key.c_str(), "r"), &BIO_free);
    check(file != nullptr, "key '" + settings.key + "'");
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        PEM_read_bio_PrivateKey(file.get(), nullptr, &give_password, const_cast<tls_settings*>(&settings)), &EVP_PKEY_free
    );
    check(key != nullptr, "key '" + settings.key + "' or its key_password");
    check(
        SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1, "key '" + settings.key + "' does not fit the certificate"
    );
    // A resumed session would skip the look at the client's certificate. What was read is not to stay in the
    // library's buffer: the login message was.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1);
    if (settings.client_certificate == client_certificate_rule::none) {
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
        return;
    }
    if (settings.ca_file.empty()) throw config_error("[tls] ca_file is needed to check client certificates");
    check(SSL_CTX_load_verify_file(context, settings.ca_file.c_str()) == 1, "ca_file '" + settings.ca_file + "'");
    auto* const names = SSL_load_client_CA_file(settings.ca_file.c_str());
    check(names != nullptr, "ca_file '" + settings.ca_file + "'");
    SSL_CTX_set_client_CA_list(context, names);
    if (!settings.crl_file.empty()) {
        auto* const store = SSL_CTX_get_cert_store(context);
        auto* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
        check(lookup != nullptr && X509_load_crl_file(lookup, settings.crl_file.c_str(), X509_FILETYPE_PEM) > 0, "crl_file '" + settings.crl_file + "'");
        check(X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK) == 1, "crl_file");
    }
    const bool require = settings.client_certificate == client_certificate_rule::require;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | (require ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
}

std::unique_ptr<transport> tls_acceptor::accept(std::unique_ptr<transport> line, deadline until, connection_facts& facts) const {
    auto made = std::make_unique<tls_line>(context_.get(), std::move(line));
    if (!made->handshake(until)) {
        spdlog::warn("peer={} TLS failed: {}", facts.address, openssl_reason());
        made->await_end(until);
        return nullptr;
    }
    made->describe(facts);
    return made;
}

} // namespace irislink::sandbox
