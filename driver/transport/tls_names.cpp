#include "driver/transport/tls_names.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string_view>

namespace irislink::driver {
namespace {

constexpr std::size_t longest_name = 200;
constexpr std::size_t most_names = 10;

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, longest_name)) out.push_back(c >= 0x20 && c < 0x7F ? c : '?');
    return out;
}

std::string text_of(const X509_NAME* name) {
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    if (!memory || name == nullptr) return "?";
    X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_RFC2253);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &data);
    return size > 0 ? printable({data, static_cast<std::size_t>(size)}) : "(no name)";
}

std::string date_of(const ASN1_TIME* time) {
    std::tm parts{};
    std::array<char, 40> out{};
    if (ASN1_TIME_to_tm(time, &parts) != 1 || std::strftime(out.data(), out.size(), "%Y-%m-%d %H:%M:%S UTC", &parts) == 0) return "an unreadable date";
    return out.data();
}

std::string common_names(X509* certificate) {
    std::string out;
    auto* const subject = X509_get_subject_name(certificate);
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;) {
        unsigned char* utf8 = nullptr;
        const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
        if (size < 0) continue;
        out += (out.empty() ? "" : ", ") + printable({reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size)});
        OPENSSL_free(utf8);
    }
    return out;
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
    const auto* const data = ASN1_STRING_get0_data(bytes);
    if (ASN1_STRING_length(bytes) == 4) {
        boost::asio::ip::address_v4::bytes_type four{};
        std::copy_n(data, four.size(), four.begin());
        return boost::asio::ip::address_v4(four).to_string();
    }
    if (ASN1_STRING_length(bytes) != 16) return {};
    boost::asio::ip::address_v6::bytes_type sixteen{};
    std::copy_n(data, sixteen.size(), sixteen.begin());
    return boost::asio::ip::address_v6(sixteen).to_string();
}

} // namespace

std::string subject_of(X509* certificate) {
    return text_of(X509_get_subject_name(certificate));
}

std::string issuer_of(X509* certificate) {
    return text_of(X509_get_issuer_name(certificate));
}

bool has_alternative_names(X509* certificate) {
    return X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1) >= 0;
}

std::string names_of(X509* certificate) {
    if (!has_alternative_names(certificate)) {
        const auto names = common_names(certificate);
        return names.empty() ? "none at all" : names;
    }
    const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)), GENERAL_NAMES_free
    );
    std::string out;
    std::size_t count = 0;
    const int all = names ? sk_GENERAL_NAME_num(names.get()) : 0;
    for (int i = 0; i < all; ++i) {
        const auto* const one = sk_GENERAL_NAME_value(names.get(), i);
        std::string text;
        if (one->type == GEN_DNS) {
            text =
                printable({reinterpret_cast<const char*>(ASN1_STRING_get0_data(one->d.dNSName)), static_cast<std::size_t>(ASN1_STRING_length(one->d.dNSName))});
        } else if (one->type == GEN_IPADD) {
            text = address_text(one->d.iPAddress);
        }
        if (text.empty()) continue;
        if (++count > most_names) return out + ", ...";
        out += (out.empty() ? "" : ", ") + text;
    }
    return out.empty() ? "none that a host can have" : out;
}

std::string key_pin_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) return {};
    std::array<unsigned char, 32> digest{};
    const bool made = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), nullptr, EVP_sha256(), nullptr) == 1;
    OPENSSL_free(der);
    if (!made) return {};
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto each : digest) {
        out.push_back(digits[each >> 4U]);
        out.push_back(digits[each & 15U]);
    }
    return out;
}

tls_fault certificate_fault(int verify_error, X509* concerned, X509* server, const std::string& host) {
    if (concerned == nullptr) concerned = server;
    const auto who = "the certificate of " + subject_of(concerned);
    switch (verify_error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return {
            "The server's certificate is not for '" + printable(host) + "': it names " + names_of(server),
            "Connect by a name that the certificate carries, or set TlsHostName to it."};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return {
            "The server's certificate is self-signed and not trusted: " + who,
            "If it is the right server, put its certificate in the file that TlsCaFile names, or pin its key with TlsPin and TlsMode=require."};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return {
            "The server's certificate comes from an unknown CA: " + subject_of(concerned) + " is not trusted",
            "If it is the right CA, name a PEM file with its certificate in TlsCaFile."};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return {
            "The server's certificate comes from an unknown CA: " + issuer_of(concerned) + ", the issuer of " + subject_of(concerned) +
                ", is neither trusted nor was it sent",
            "Name a PEM file with the CA's certificate in TlsCaFile; a missing intermediate belongs in the server's chain file, or in TlsCaFile too."};
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {
            who + " has expired on " + date_of(X509_get0_notAfter(concerned)), "Renew the certificate on the server, or correct the clock of this machine."};
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {
            who + " is not yet valid, it begins on " + date_of(X509_get0_notBefore(concerned)),
            "Correct the clock of this machine, or the certificate of the server."};
    case X509_V_ERR_CERT_REVOKED: return {who + " is revoked", "The list in TlsCrlFile says so: the server needs a new certificate."};
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return {"There is no revocation list of " + issuer_of(concerned), "TlsCrlFile must hold a list of the CA that issued the server's certificate."};
    case X509_V_ERR_CRL_HAS_EXPIRED: return {"The revocation list of " + issuer_of(concerned) + " has expired", "Get a new list for TlsCrlFile."};
    case X509_V_ERR_INVALID_PURPOSE:
        return {who + " is not meant for servers (key usage)", "Give the server a certificate whose extended key usage has serverAuth."};
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return {who + " has a key that is too weak", "Give the server a certificate with RSA of 2048 bits or more, or an elliptic curve."};
    case X509_V_ERR_CA_MD_TOO_WEAK: return {who + " has a signature that is too weak", "Have it issued again with SHA-256 or better."};
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: return {"The server's chain of certificates is too long", "Raise TlsVerifyDepth."};
    default:
        return {
            "The server's certificate is refused: " + std::string(X509_verify_cert_error_string(verify_error)) + ": " + who,
            "Check the server's certificate and TlsCaFile."};
    }
}

tls_fault handshake_fault(int reason) {
    const char* const own_certificate = "Check TlsCertFile and TlsKeyFile: the server decides which client certificates it takes.";
    switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
        return {
            "The server does not speak TLS: it answered in clear text",
            "Check that the port is that of a superserver with TLS. The driver never goes on without it; TlsMode=disable asks for a line in clear."};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
        return {"There is no TLS protocol version that both sides allow", "Change TlsMinVersion and TlsMaxVersion, or the versions of the server."};
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_NO_CIPHERS_AVAILABLE:
        return {
            "The server refused the TLS handshake (handshake failure): TLS is off there, or there is no cipher that both sides allow, or it wants a client "
            "certificate",
            "Check that the server offers TLS, TlsCipherList and TlsCiphersuites, and TlsCertFile."};
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED: return {"The server wants a client certificate and got none", "Set TlsCertFile and TlsKeyFile."};
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: return {"The server refused the client certificate: it is not accepted", own_certificate};
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA: return {"The server refused the client certificate: unknown CA", own_certificate};
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED: return {"The server refused the client certificate: it has expired", "Renew the certificate in TlsCertFile."};
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED: return {"The server refused the client certificate: it is revoked", "Get a new certificate for TlsCertFile."};
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED: return {"The server refused the client certificate: access denied", own_certificate};
    case SSL_R_TLSV1_UNRECOGNIZED_NAME: return {"The server has no certificate for the name asked for", "Set TlsHostName to a name that the server knows."};
    default: {
        const char* const words = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
        return {"TLS failed: " + std::string(words != nullptr ? words : "unknown reason"), "Run `irislink doctor` on the same target."};
    }
    }
}

} // namespace irislink::driver
