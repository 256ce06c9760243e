#include "driver/transport/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <climits>
#include <memory>
#include <new>
#include <optional>

#include "driver/transport/tls_context.hpp"
#include "driver/transport/tls_names.hpp"

namespace irislink::driver {
namespace {

namespace asio = boost::asio;

constexpr unsigned int host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;

std::string without_dot(std::string name) {
    if (name.size() > 1 && name.back() == '.') name.pop_back();
    return name;
}

bool is_address(const std::string& host) {
    boost::system::error_code failed;
    (void)asio::ip::make_address(host, failed);
    return !failed;
}

// More than one record in one read of the socket.
constexpr std::size_t read_size = 65'536 + 4'096;

// Where OpenSSL reads from after the handshake: what Asio's own pair of BIOs still holds, then the socket
// itself. Asio's way would copy every byte twice more and wake the caller for each record.
struct line_source {
    BIO* left_over{nullptr};
    asio::ip::tcp::socket* socket{nullptr}; // asked for its descriptor each time: it may have been closed
};

int source_read(BIO* bio, char* into, int size) {
    auto& source = *static_cast<line_source*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    if (BIO_pending(source.left_over) > 0) return BIO_read(source.left_over, into, size);
    while (true) {
        const auto got = ::recv(source.socket->native_handle(), into, static_cast<std::size_t>(std::max(size, 0)), MSG_DONTWAIT);
        if (got >= 0) return static_cast<int>(got);
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) BIO_set_retry_read(bio);
        return -1;
    }
}

long source_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* source_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
        if (made == nullptr) throw std::bad_alloc();
        BIO_meth_set_read(made, &source_read);
        BIO_meth_set_ctrl(made, &source_control);
        return made;
    }();
    return method;
}

} // namespace

struct tls_stream::impl {
    impl(asio::ip::tcp::socket socket, const tls_settings& in, const std::string& target)
        : settings(in), host(without_dot(in.host_name.empty() ? target : in.host_name)), context(make_tls_context(in).release()),
          stream(std::move(socket), context) {
        SSL_CTX_set_cert_verify_callback(context.native_handle(), &impl::verify, this);
        auto* const ssl = stream.native_handle();
        SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
        SSL_set_read_ahead(ssl, 1);
        SSL_set_default_read_buffer_len(ssl, read_size);
        SSL_set_verify_depth(ssl, in.verify_depth);
        const bool address = is_address(host);
        // Addresses are never sent (RFC 6066).
        bool set = address || SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
        if (in.check == tls_check::chain_and_host) {
            auto* const rules = SSL_get0_param(ssl);
            X509_VERIFY_PARAM_set_hostflags(rules, host_flags);
            set =
                set && (address ? X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1 : X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size()) == 1);
        }
        ERR_clear_error();
        if (!set || host.empty()) throw tls_fault("'" + host.substr(0, 100) + "' cannot be a host name", "Correct Server or TlsHostName.");
    }

    // All of what is checked, before the client's part of the handshake goes out.
    static int verify(X509_STORE_CTX* chain, void* self) {
        auto& me = *static_cast<impl*>(self);
        try {
            me.refused = me.judge(chain);
        } catch (...) {
            me.refused.emplace("The server's certificate could not be checked", "");
        }
        if (!me.refused) return 1;
        if (X509_STORE_CTX_get_error(chain) == X509_V_OK) X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
        return 0;
    }

    std::optional<tls_fault> judge(X509_STORE_CTX* chain) {
        auto* const server = X509_STORE_CTX_get0_cert(chain);
        if (server == nullptr) return tls_fault("The server sent no certificate", "");
        if (settings.check != tls_check::none) {
            // The level of the protocol may be lower for the sake of old versions; that of keys is not.
            if (settings.cipher_list.find("@SECLEVEL") == std::string::npos) X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(chain), 2);
            if (X509_verify_cert(chain) != 1) return certificate_fault(X509_STORE_CTX_get_error(chain), X509_STORE_CTX_get_current_cert(chain), server, host);
            note_chain(X509_STORE_CTX_get0_chain(chain));
        }
        // The library looks at the CN also when there are alternative names, as long as none is a DNS
        // name. RFC 6125 has it that any of them rules the CN out.
        if (settings.check == tls_check::chain_and_host && !is_address(host) && has_alternative_names(server) &&
            X509_check_host(server, host.c_str(), host.size(), host_flags | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) != 1) {
            X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
            return certificate_fault(X509_V_ERR_HOSTNAME_MISMATCH, server, server, host);
        }
        if (!settings.pins.empty()) {
            const auto pin = key_pin_of(server);
            if (std::find(settings.pins.begin(), settings.pins.end(), pin) == settings.pins.end())
                return tls_fault(
                    "The server's public key is not the pinned one (pin mismatch): its SHA-256 is " + pin,
                    "If the server was given a new key, change TlsPin; if not, somebody else answers in its place."
                );
        }
        return std::nullopt;
    }

    void note_chain(const STACK_OF(X509) * certificates) {
        facts.chain.clear();
        for (int i = 0; certificates != nullptr && i < sk_X509_num(certificates) && i < 20; ++i)
            facts.chain.push_back(subject_of(sk_X509_value(certificates, i)));
    }

    void note_facts() {
        auto* const ssl = stream.native_handle();
        // Ciphers without certificates would pass all checks by not having any.
        if (SSL_get0_peer_certificate(ssl) == nullptr && (settings.check != tls_check::none || !settings.pins.empty()))
            throw tls_fault("The server sent no certificate", "Remove anonymous ciphers from TlsCipherList.");
        if (facts.chain.empty()) note_chain(SSL_get_peer_cert_chain(ssl));
        facts.version = SSL_get_version(ssl);
        facts.cipher = SSL_get_cipher_name(ssl);
        switch (settings.check) {
        case tls_check::none: facts.check = "the certificate is not checked"; break;
        case tls_check::chain: facts.check = "the chain is good; the name is not checked"; break;
        case tls_check::chain_and_host: facts.check = "the chain is good, and the certificate is for " + host; break;
        }
        if (!settings.pins.empty()) facts.check += "; the public key is the pinned one";
    }

    void read_from_socket() {
        auto* const ssl = stream.native_handle();
        BIO* const bio = BIO_new(source_method());
        if (bio == nullptr) throw std::bad_alloc();
        source = {SSL_get_rbio(ssl), &stream.next_layer()};
        BIO_up_ref(source.left_over); // SSL_set0_rbio() gives its own reference back
        kept.reset(source.left_over);
        BIO_set_data(bio, &source);
        BIO_set_init(bio, 1);
        SSL_set0_rbio(ssl, bio);
    }

    // What OpenSSL says of a read that gave nothing; no error when it waits for more bytes.
    boost::system::error_code outcome(int got) {
        switch (SSL_get_error(stream.native_handle(), got)) {
        case SSL_ERROR_WANT_READ: return {};
        case SSL_ERROR_ZERO_RETURN: return asio::error::eof;
        case SSL_ERROR_SYSCALL:
            if (errno != 0) return {errno, boost::system::system_category()};
            return asio::ssl::error::stream_truncated;
        default: break;
        }
        const auto code = ERR_get_error();
        if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return asio::ssl::error::stream_truncated;
        return {static_cast<int>(code), asio::error::get_ssl_category()};
    }

    const tls_settings& settings; // of the session, which outlives its stream
    line_source source;           // used by `stream`, so it goes after it
    std::unique_ptr<BIO, decltype(&BIO_free)> kept{nullptr, &BIO_free};
    std::string host;
    asio::ssl::context context;
    asio::ssl::stream<asio::ip::tcp::socket> stream;
    std::optional<tls_fault> refused;
    tls_facts facts;
    bool heard{false};
    boost::system::error_code ended; // why nothing more will come
};

tls_stream::tls_stream(asio::ip::tcp::socket socket, const tls_settings& settings, const std::string& host)
    : impl_(std::make_unique<impl>(std::move(socket), settings, host)) {}

tls_stream::~tls_stream() = default;
tls_stream::tls_stream(tls_stream&&) noexcept = default;
tls_stream& tls_stream::operator=(tls_stream&&) noexcept = default;

asio::awaitable<void> tls_stream::handshake() {
    boost::system::error_code failed;
    co_await impl_->stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
    if (impl_->refused) throw tls_fault(*impl_->refused);
    if (failed) throw explain(failed);
    impl_->note_facts();
    impl_->read_from_socket();
}

asio::awaitable<std::size_t> tls_stream::async_read_some(asio::mutable_buffer into, asio::use_awaitable_t<>) {
    auto& me = *impl_;
    auto* const ssl = me.stream.native_handle();
    std::size_t total = 0;
    // Record after record straight into the caller's memory, as long as any are here.
    while (total < into.size() && !me.ended) {
        ERR_clear_error();
        errno = 0;
        const auto room = std::min<std::size_t>(into.size() - total, INT_MAX);
        const int got = SSL_read(ssl, static_cast<char*>(into.data()) + total, static_cast<int>(room));
        if (got > 0) {
            me.heard = true;
            total += static_cast<std::size_t>(got);
            continue;
        }
        if (const auto failed = me.outcome(got)) {
            me.ended = failed;
            break;
        }
        if (total > 0) break;
        co_await me.stream.next_layer().async_wait(asio::ip::tcp::socket::wait_read, asio::use_awaitable);
    }
    // What came before the end is given out first.
    if (total == 0 && me.ended) throw boost::system::system_error(me.ended);
    co_return total;
}

asio::awaitable<void> tls_stream::write(asio::const_buffer data) {
    co_await asio::async_write(impl_->stream, data, asio::use_awaitable);
}

bool tls_stream::heard() const noexcept {
    return impl_->heard;
}

const tls_facts& tls_stream::facts() const noexcept {
    return impl_->facts;
}

asio::ip::tcp::socket& tls_stream::lowest() noexcept {
    return impl_->stream.next_layer();
}

bool tls_stream::is_truncation(const boost::system::error_code& failed) noexcept {
    return failed == asio::ssl::error::stream_truncated;
}

bool tls_stream::is_tls(const boost::system::error_code& failed) noexcept {
    return failed.category() == asio::error::get_ssl_category() || failed.category() == asio::ssl::error::get_stream_category();
}

tls_fault tls_stream::explain(const boost::system::error_code& failed) const {
    const auto code = static_cast<unsigned long>(failed.value());
    if (failed.category() == asio::error::get_ssl_category() && ERR_GET_LIB(code) == ERR_LIB_SSL) return handshake_fault(ERR_GET_REASON(code));
    if (failed == asio::error::eof || is_truncation(failed) || failed == asio::error::connection_reset || failed == asio::error::broken_pipe)
        return {
            "The server closed the connection during the TLS handshake (" + std::string(is_truncation(failed) ? "end of stream" : failed.message()) + ")",
            "It may not offer TLS on this port, refuse this address, or want another client certificate (TlsCertFile): its log says which."};
    return {"TLS failed: " + failed.message(), "Run `irislink doctor` on the same target."};
}

} // namespace irislink::driver
