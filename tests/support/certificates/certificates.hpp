#pragma once
// A throw-away certificate authority in a temporary folder: whatever a TLS test needs, good and bad,
// made with the OpenSSL library in milliseconds. Everything is PEM on disk; the folder goes with the
// object. Not thread-safe. Failures throw std::runtime_error.

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace irislink::test {

enum class key_kind { ec, rsa, rsa_1024, ed25519 };

// What a certificate says. The defaults are those of an ordinary server on loopback, apart from the
// names, which are none: certificate_folder::server() adds them.
struct certificate_profile {
    std::string common_name{"irislink test"};
    std::vector<std::string> dns; // subjectAltName, wildcards allowed
    std::vector<std::string> ips; // subjectAltName
    key_kind key{key_kind::ec};
    std::chrono::seconds valid_from{std::chrono::hours(-1)}; // from now; a CA's begins a year ago
    std::chrono::seconds valid_until{std::chrono::hours(24)};
    bool authority{false};
    std::string key_usage;          // OpenSSL's words ("critical,digitalSignature"); empty: what fits
    std::string extended_key_usage; // "serverAuth", "clientAuth"; empty: no such extension
    std::string passphrase;         // of the key file (AES-256); empty: not encrypted
};

// A certificate with its key. Cheap to copy.
class identity {
public:
    [[nodiscard]] const std::string& certificate_file() const noexcept { return certificate_file_; } // this one alone

    [[nodiscard]] const std::string& key_file() const noexcept { return key_file_; }

    [[nodiscard]] const std::string& passphrase() const noexcept { return passphrase_; }

    [[nodiscard]] X509* certificate() const noexcept { return certificate_.get(); }

    [[nodiscard]] EVP_PKEY* key() const noexcept { return key_.get(); }

    [[nodiscard]] std::string pem() const;
    // SHA-256, 64 lower-case hexadecimal digits: of the certificate, and of its public key (SPKI).
    [[nodiscard]] std::string certificate_pin() const;
    [[nodiscard]] std::string key_pin() const;

private:
    friend class certificate_folder;
    std::shared_ptr<X509> certificate_;
    std::shared_ptr<EVP_PKEY> key_;
    std::string certificate_file_;
    std::string key_file_;
    std::string passphrase_;
};

class certificate_folder {
public:
    certificate_folder(); // with a root CA in it
    ~certificate_folder();
    certificate_folder(const certificate_folder&) = delete;
    certificate_folder& operator=(const certificate_folder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

    [[nodiscard]] const identity& ca() const noexcept { return ca_; }

    [[nodiscard]] const std::string& ca_file() const noexcept { return ca_.certificate_file(); }

    // A server certificate of the CA for these names: "localhost", "*.example.test", "127.0.0.1", "::1".
    [[nodiscard]] identity server(const std::vector<std::string>& names = {"localhost", "127.0.0.1", "::1"});
    // A client certificate of the CA.
    [[nodiscard]] identity client(const std::string& common_name = "test client", const std::string& passphrase = {});

    // Anything else. An authority gets a chain without limit below it.
    [[nodiscard]] identity issue(const certificate_profile& profile, const identity& issuer);
    [[nodiscard]] identity self_signed(const certificate_profile& profile);
    // Another root, or an intermediate of `issuer`.
    [[nodiscard]] identity authority(const std::string& common_name);
    [[nodiscard]] identity authority(const std::string& common_name, const identity& issuer);

    // A PEM file with these certificates in this order: a chain file or a CA file.
    [[nodiscard]] std::string bundle(const std::vector<identity>& certificates);
    // A CRL of `issuer`, valid for a day, that names `revoked`.
    [[nodiscard]] std::string revocation_list(const identity& issuer, const std::vector<identity>& revoked);
    // Any text as a file of the folder.
    [[nodiscard]] std::string file(const std::string& name, const std::string& text);

private:
    [[nodiscard]] identity make(const certificate_profile& profile, const identity* issuer);
    [[nodiscard]] std::string next_name(const std::string& ending);

    std::filesystem::path path_;
    int next_{1};
    identity ca_;
};

} // namespace irislink::test
