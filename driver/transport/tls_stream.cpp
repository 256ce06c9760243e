#include "driver/transport/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
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

} // namespace

struct tls_stream::impl {
    impl(asio::ip::tcp::socket socket, const tls_context& context, const tls_settings& in, const std::string& target)
        : settings(in), host(without_dot(in.host_name.empty() ? target : in.host_name)), stream(std::move(socket), SSL_new(context.get())) {
        auto* const ssl = stream.native_handle();
        SSL_set_ex_data(ssl, index(), this);
        SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
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

    // The context belongs to all connections of the settings; this is how its callbacks find theirs.
    static int index() {
        static const int made = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
        return made;
    }

    static impl& of(const SSL* ssl) { return *static_cast<impl*>(SSL_get_ex_data(ssl, index())); }

    // All of what is checked, before the client's part of the handshake goes out.
    static int verify(X509_STORE_CTX* chain) {
        auto& me = of(static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx())));
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
        if (certificate_wanted)
            facts.client_certificate = settings.certificate_file.empty() ? "the server asked for one, and got none" : "sent, from " + settings.certificate_file;
    }

    const tls_settings& settings; // of the session, which outlives its stream
    std::string host;
    asio::ssl::stream<asio::ip::tcp::socket> stream;
    std::optional<tls_fault> refused;
    tls_facts facts;
    bool established{false};
    bool certificate_wanted{false}; // of the client
    bool heard{false};
};

int verify_server(X509_STORE_CTX* chain, void*) {
    return tls_stream::impl::verify(chain);
}

// Called when the server asks for a client certificate; what is sent is up to the context.
int note_certificate_request(SSL* ssl, void*) {
    tls_stream::impl::of(ssl).certificate_wanted = true;
    return 1;
}

tls_stream::tls_stream(asio::ip::tcp::socket socket, const tls_settings& settings, const std::string& host)
    : impl_(std::make_unique<impl>(std::move(socket), settings.contexts->get(settings), settings, host)) {}

tls_stream::~tls_stream() = default;
tls_stream::tls_stream(tls_stream&&) noexcept = default;
tls_stream& tls_stream::operator=(tls_stream&&) noexcept = default;

asio::awaitable<void> tls_stream::handshake() {
    boost::system::error_code failed;
    co_await impl_->stream.async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted) throw boost::system::system_error(failed);
    if (impl_->refused) throw tls_fault(*impl_->refused);
    if (failed) throw explain(failed);
    impl_->established = true;
    impl_->note_facts();
}

asio::awaitable<std::size_t> tls_stream::async_read_some(asio::mutable_buffer into, asio::use_awaitable_t<>) {
    const auto got = co_await impl_->stream.async_read_some(into, asio::use_awaitable);
    impl_->heard = impl_->heard || got > 0;
    co_return got;
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

bool tls_stream::is_end(const boost::system::error_code& failed) noexcept {
    return failed == asio::error::eof || is_truncation(failed) || failed == asio::error::connection_reset || failed == asio::error::broken_pipe;
}

bool tls_stream::certificate_wanted() const noexcept {
    return impl_->certificate_wanted;
}

tls_fault tls_stream::explain(const boost::system::error_code& failed) const {
    const auto code = static_cast<unsigned long>(failed.value());
    const bool none_sent = impl_->settings.certificate_file.empty();
    if (failed.category() == asio::error::get_ssl_category() && ERR_GET_LIB(code) == ERR_LIB_SSL) {
        auto fault = handshake_fault(ERR_GET_REASON(code));
        return impl_->established ? tls_fault("After the TLS handshake: " + std::string(fault.what()), fault.hint()) : fault;
    }
    if (is_end(failed)) {
        const auto how = "(" + std::string(is_truncation(failed) ? "end of stream" : failed.message()) + ")";
        if (!impl_->established)
            return {
                "The server closed the connection during the TLS handshake " + how,
                "It may not offer TLS on this port, refuse this address, or want another client certificate (TlsCertFile): its log says which."};
        return {
            "The server closed the connection after the TLS handshake, having " +
                std::string(none_sent ? "asked for a client certificate and got none " : "been sent the client certificate of TlsCertFile ") + how,
            none_sent ? "Set TlsCertFile and TlsKeyFile; the server's log has the reason."
                      : "It may refuse that certificate: its log has the reason. Check TlsCertFile and TlsKeyFile."};
    }
    return {"TLS failed: " + failed.message(), "Run `irislink doctor` on the same target."};
}

} // namespace irislink::driver
