#include "driver/transport/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <exception>

#include "driver/transport/tls_stream.hpp"

namespace irislink::driver {
namespace {

using file_ptr = std::unique_ptr<BIO, int (*)(BIO*)>;

constexpr const char* spell_ciphers = "Write it as the openssl ciphers command does, or remove it.";

file_ptr open_file(const std::string& keyword, const std::string& path) {
    errno = 0;
    file_ptr out(BIO_new_file(path.c_str(), "r"), BIO_free);
    if (out) return out;
    const int why = errno;
    ERR_clear_error();
    throw tls_fault(
        keyword + ": the file '" + path + "' cannot be read: " + (why != 0 ? std::strerror(why) : "unknown reason"),
        "Check the path in " + keyword + " and the rights of the file."
    );
}

int no_password(char*, int, int, void*) {
    return -1;
}

// Whether the reader stopped at the end of the file and not at damage.
bool at_end() {
    const auto last = ERR_peek_last_error();
    const bool out = ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
    if (out) ERR_clear_error();
    return out;
}

template <class Read> void read_all(const std::string& keyword, const std::string& path, const std::string& what, Read read) {
    const auto file = open_file(keyword, path);
    ERR_clear_error();
    std::size_t count = 0;
    while (read(file.get())) ++count;
    const std::string hint = "Name a PEM file with " + what + " in " + keyword + ".";
    if (!at_end()) throw tls_fault(keyword + ": the file '" + path + "' is damaged: " + openssl_words(), hint);
    if (count == 0) throw tls_fault(keyword + ": the file '" + path + "' holds no " + what, hint);
}

void trust(SSL_CTX* context, const tls_settings& in) {
    if (in.check == tls_check::none) return;
    auto* const store = SSL_CTX_get_cert_store(context);
    if (in.ca_file.empty()) {
        if (SSL_CTX_set_default_verify_paths(context) != 1)
            throw tls_fault("The system's certificate store cannot be used: " + openssl_words(), "Set TlsCaFile.");
    } else {
        read_all("TlsCaFile", in.ca_file, "certificates", [store](BIO* file) {
            const std::unique_ptr<X509, void (*)(X509*)> one(PEM_read_bio_X509_AUX(file, nullptr, no_password, nullptr), X509_free);
            return one && X509_STORE_add_cert(store, one.get()) == 1;
        });
    }
    if (in.crl_file.empty()) return;
    read_all("TlsCrlFile", in.crl_file, "revocation lists", [store](BIO* file) {
        const std::unique_ptr<X509_CRL, void (*)(X509_CRL*)> one(PEM_read_bio_X509_CRL(file, nullptr, no_password, nullptr), X509_CRL_free);
        return one && X509_STORE_add_crl(store, one.get()) == 1;
    });
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

// What the reader of a key wants to know, and what became of it. Exceptions must not cross the library.
struct key_question {
    const tls_settings* settings;
    bool asked{false};
    bool unanswered{false};
    std::exception_ptr failure;
};

int give_password(char* into, int size, int, void* question) {
    auto& state = *static_cast<key_question*>(question);
    state.asked = true;
    try {
        wire::secret word = state.settings->key_password.clone();
        if (word.empty() && state.settings->key_password_provider) {
            auto text = state.settings->key_password_provider();
            word = wire::secret(text);
            wire::secure_zero(text.data(), text.size());
        }
        const auto bytes = word.reveal();
        state.unanswered = bytes.empty();
        if (bytes.empty() || bytes.size() > static_cast<std::size_t>(size)) return -1;
        std::memcpy(into, bytes.data(), bytes.size());
        return static_cast<int>(bytes.size());
    } catch (...) {
        state.failure = std::current_exception();
        return -1;
    }
}

// The library keeps the passphrase in a buffer on the stack while it decrypts, and leaves it there. This
// takes the same part of the stack and overwrites it.
[[gnu::noinline]] void overwrite_stack() {
    std::array<char, std::size_t{32} << 10U> below; // as deep as the library goes, and deeper
    wire::secure_zero(below.data(), below.size());
}

void present(SSL_CTX* context, const tls_settings& in) {
    if (in.certificate_file.empty()) return;
    (void)open_file("TlsCertFile", in.certificate_file);
    if (SSL_CTX_use_certificate_chain_file(context, in.certificate_file.c_str()) != 1)
        throw tls_fault(
            "TlsCertFile: the file '" + in.certificate_file + "' holds no usable certificate: " + openssl_words(),
            "Name a PEM file with the client's certificate, followed by its chain."
        );
    const bool own_file = !in.key_file.empty();
    const std::string keyword = own_file ? "TlsKeyFile" : "TlsCertFile";
    const auto& path = own_file ? in.key_file : in.certificate_file;
    const auto file = open_file(keyword, path);
    key_question question{&in, false, false, nullptr};
    ERR_clear_error();
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(PEM_read_bio_PrivateKey(file.get(), nullptr, give_password, &question), EVP_PKEY_free);
    if (question.asked) overwrite_stack();
    if (question.failure) std::rethrow_exception(question.failure);
    if (!key) {
        if (question.unanswered) {
            ERR_clear_error();
            throw tls_fault("The key in '" + path + "' is encrypted and no passphrase is set", "Set TlsKeyPassword.");
        }
        if (question.asked) {
            ERR_clear_error();
            throw tls_fault("The key in '" + path + "' cannot be decrypted: the passphrase is wrong", "Correct TlsKeyPassword.");
        }
        throw tls_fault(
            keyword + ": the file '" + path + "' holds no usable key: " + openssl_words(), "Name a PEM file with the key of TlsCertFile in TlsKeyFile."
        );
    }
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
        ERR_clear_error();
        throw tls_fault(
            "The key in '" + path + "' does not belong to the certificate in '" + in.certificate_file + "'", "Set TlsCertFile and TlsKeyFile to a pair."
        );
    }
}

tls_context make_context(const tls_settings& in) {
    ERR_clear_error();
    tls_context out(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    if (!out) throw tls_fault("OpenSSL cannot be used: " + openssl_words(), "");
    auto* const context = out.get();
    SSL_CTX_set_default_passwd_cb(context, no_password);
    // Compression and renegotiation have a history and no use here.
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    // 112 bits whatever the build's default; old versions, asked for in so many words, need signatures
    // that are weaker than that. A cipher list with @SECLEVEL has the last word.
    SSL_CTX_set_security_level(context, in.lowest < tls_version::tls12 ? 0 : 2);
    if (SSL_CTX_set_min_proto_version(context, static_cast<int>(in.lowest)) != 1 || SSL_CTX_set_max_proto_version(context, static_cast<int>(in.highest)) != 1)
        throw tls_fault("OpenSSL does not offer these TLS versions: " + openssl_words(), "Change TlsMinVersion and TlsMaxVersion.");
    if (!in.cipher_list.empty() && SSL_CTX_set_cipher_list(context, in.cipher_list.c_str()) != 1)
        throw tls_fault("TlsCipherList cannot be used: " + openssl_words(), spell_ciphers);
    if (!in.ciphersuites.empty() && SSL_CTX_set_ciphersuites(context, in.ciphersuites.c_str()) != 1)
        throw tls_fault("TlsCiphersuites cannot be used: " + openssl_words(), spell_ciphers);
    SSL_CTX_set_cert_verify_callback(context, verify_server, nullptr);
    SSL_CTX_set_cert_cb(context, note_certificate_request, nullptr);
    trust(context, in);
    present(context, in);
    return out;
}

} // namespace

std::string openssl_words() {
    const auto last = ERR_peek_last_error();
    const char* const words = last != 0 ? ERR_reason_error_string(last) : nullptr;
    ERR_clear_error();
    return words != nullptr ? words : "unknown reason";
}

tls_context tls_context_keeper::get(const tls_settings& settings) {
    const std::lock_guard hold(mutex_);
    if (!context_) context_ = make_context(settings);
    return context_;
}

} // namespace irislink::driver
