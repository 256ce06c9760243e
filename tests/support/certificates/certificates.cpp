#include "tests/support/certificates/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>

namespace irislink::test {
namespace {

[[noreturn]] void fail(const std::string& what) {
    std::array<char, 256> words{};
    ERR_error_string_n(ERR_get_error(), words.data(), words.size());
    throw std::runtime_error("certificates: " + what + ": " + words.data());
}

void must(bool ok, const char* what) {
    if (!ok) fail(what);
}

std::shared_ptr<EVP_PKEY> new_key(key_kind kind) {
    EVP_PKEY* key = nullptr;
    switch (kind) {
    case key_kind::ec: key = EVP_EC_gen("P-256"); break;
    case key_kind::rsa: key = EVP_RSA_gen(2048); break;
    case key_kind::rsa_1024: key = EVP_RSA_gen(1024); break;
    case key_kind::ed25519: key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
    }
    must(key != nullptr, "key");
    return {key, EVP_PKEY_free};
}

void extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    must(made != nullptr, value.c_str());
    const bool added = X509_add_ext(certificate, made, -1) == 1;
    X509_EXTENSION_free(made);
    must(added, "extension");
}

bool is_address(const std::string& text) {
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

std::string hexadecimal(const unsigned char* bytes, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
        std::array<char, 3> pair{};
        std::snprintf(pair.data(), pair.size(), "%02x", static_cast<unsigned>(bytes[i]));
        out += pair.data();
    }
    return out;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

// Ed25519 has its digest built in.
const EVP_MD* digest_for(EVP_PKEY* key) {
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

} // namespace

std::string identity::pem() const {
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    must(PEM_write_bio_X509(memory.get(), certificate_.get()) == 1, "PEM");
    return text_of(memory.get());
}

std::string identity::certificate_pin() const {
    std::array<unsigned char, 32> digest{};
    unsigned int size = 0;
    must(X509_digest(certificate_.get(), EVP_sha256(), digest.data(), &size) == 1, "digest");
    return hexadecimal(digest.data(), size);
}

std::string identity::key_pin() const {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate_.get()), &der);
    must(size > 0, "public key");
    std::array<unsigned char, 32> digest{};
    unsigned int length = 0;
    const bool ok = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), &length, EVP_sha256(), nullptr) == 1;
    OPENSSL_free(der);
    must(ok, "digest");
    return hexadecimal(digest.data(), length);
}

certificate_folder::certificate_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "irislink-certificates-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("certificates: no temporary folder");
    path_ = pattern;
    ca_ = authority("irislink test CA");
}

certificate_folder::~certificate_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

identity certificate_folder::server(const std::vector<std::string>& names) {
    certificate_profile profile;
    profile.extended_key_usage = "serverAuth";
    for (const auto& name : names) (is_address(name) ? profile.ips : profile.dns).push_back(name);
    return issue(profile, ca_);
}

identity certificate_folder::client(const std::string& common_name, const std::string& passphrase) {
    certificate_profile profile;
    profile.common_name = common_name;
    profile.extended_key_usage = "clientAuth";
    profile.passphrase = passphrase;
    return issue(profile, ca_);
}

identity certificate_folder::issue(const certificate_profile& profile, const identity& issuer) {
    return make(profile, &issuer);
}

identity certificate_folder::self_signed(const certificate_profile& profile) {
    return make(profile, nullptr);
}

identity certificate_folder::authority(const std::string& common_name) {
    certificate_profile profile;
    profile.common_name = common_name;
    profile.authority = true;
    profile.valid_from = std::chrono::hours(-24 * 365);
    profile.valid_until = std::chrono::hours(24 * 365);
    return make(profile, nullptr);
}

identity certificate_folder::authority(const std::string& common_name, const identity& issuer) {
    certificate_profile profile;
    profile.common_name = common_name;
    profile.authority = true;
    profile.valid_from = std::chrono::hours(-24 * 365);
    profile.valid_until = std::chrono::hours(24 * 365);
    return make(profile, &issuer);
}

identity certificate_folder::make(const certificate_profile& profile, const identity* issuer) {
    identity out;
    out.key_ = new_key(profile.key);
    out.certificate_ = {X509_new(), X509_free};
    X509* const certificate = out.certificate_.get();
    X509* const signer = issuer != nullptr ? issuer->certificate() : certificate;
    EVP_PKEY* const signing_key = issuer != nullptr ? issuer->key() : out.key_.get();

    must(X509_set_version(certificate, X509_VERSION_3) == 1, "version");
    // Serials are unique within the folder, and across runs: browsers are not the only ones who remember.
    const auto now = std::time(nullptr);
    must(
        ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (static_cast<std::uint64_t>(now) << 20U) + static_cast<std::uint64_t>(next_)) == 1, "serial"
    );
    must(ASN1_TIME_adj(X509_getm_notBefore(certificate), now, 0, static_cast<long>(profile.valid_from.count())) != nullptr, "notBefore");
    must(ASN1_TIME_adj(X509_getm_notAfter(certificate), now, 0, static_cast<long>(profile.valid_until.count())) != nullptr, "notAfter");
    X509_NAME* const name = X509_get_subject_name(certificate);
    const auto add = [name](const char* field, const std::string& value) {
        must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0) == 1, "subject");
    };
    add("O", "irislink tests");
    if (!profile.common_name.empty()) add("CN", profile.common_name);
    must(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1, "issuer");
    must(X509_set_pubkey(certificate, out.key_.get()) == 1, "public key");

    extension(certificate, signer, NID_basic_constraints, profile.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    auto usage = profile.key_usage;
    if (usage.empty()) usage = profile.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature";
    extension(certificate, signer, NID_key_usage, usage);
    if (!profile.extended_key_usage.empty()) extension(certificate, signer, NID_ext_key_usage, profile.extended_key_usage);
    extension(certificate, signer, NID_subject_key_identifier, "hash");
    extension(certificate, signer, NID_authority_key_identifier, "keyid");
    std::string names;
    for (const auto& dns : profile.dns) names += (names.empty() ? "DNS:" : ",DNS:") + dns;
    for (const auto& ip : profile.ips) names += (names.empty() ? "IP:" : ",IP:") + ip;
    if (!names.empty()) extension(certificate, signer, NID_subject_alt_name, names);
    must(X509_sign(certificate, signing_key, digest_for(signing_key)) > 0, "signature");

    const auto base = next_name("");
    out.certificate_file_ = file(base + ".pem", out.pem());
    out.passphrase_ = profile.passphrase;
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    auto secret = profile.passphrase;
    must(
        PEM_write_bio_PKCS8PrivateKey(
            memory.get(), out.key_.get(), secret.empty() ? nullptr : EVP_aes_256_cbc(), secret.empty() ? nullptr : secret.data(),
            static_cast<int>(secret.size()), nullptr, nullptr
        ) == 1,
        "key file"
    );
    out.key_file_ = file(base + "-key.pem", text_of(memory.get()));
    std::filesystem::permissions(out.key_file_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return out;
}

std::string certificate_folder::bundle(const std::vector<identity>& certificates) {
    std::string text;
    for (const auto& one : certificates) text += one.pem();
    return file(next_name("-bundle.pem"), text);
}

std::string certificate_folder::revocation_list(const identity& issuer, const std::vector<identity>& revoked) {
    const std::unique_ptr<X509_CRL, void (*)(X509_CRL*)> list(X509_CRL_new(), X509_CRL_free);
    must(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1, "CRL version");
    must(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.certificate())) == 1, "CRL issuer");
    const auto now = std::time(nullptr);
    const std::unique_ptr<ASN1_TIME, void (*)(ASN1_TIME*)> before(ASN1_TIME_adj(nullptr, now, 0, -3600), ASN1_TIME_free);
    const std::unique_ptr<ASN1_TIME, void (*)(ASN1_TIME*)> after(ASN1_TIME_adj(nullptr, now, 1, 0), ASN1_TIME_free);
    must(X509_CRL_set1_lastUpdate(list.get(), before.get()) == 1 && X509_CRL_set1_nextUpdate(list.get(), after.get()) == 1, "CRL times");
    for (const auto& one : revoked) {
        X509_REVOKED* entry = X509_REVOKED_new();
        must(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one.certificate())) == 1, "CRL serial");
        must(X509_REVOKED_set_revocationDate(entry, before.get()) == 1, "CRL date");
        must(X509_CRL_add0_revoked(list.get(), entry) == 1, "CRL entry");
    }
    must(X509_CRL_sort(list.get()) == 1, "CRL order");
    must(X509_CRL_sign(list.get(), issuer.key(), digest_for(issuer.key())) > 0, "CRL signature");
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    must(PEM_write_bio_X509_CRL(memory.get(), list.get()) == 1, "CRL file");
    return file(next_name("-crl.pem"), text_of(memory.get()));
}

std::string certificate_folder::file(const std::string& name, const std::string& text) {
    const auto where = path_ / name;
    std::ofstream out(where, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) throw std::runtime_error("certificates: " + where.string() + " could not be written");
    return where.string();
}

std::string certificate_folder::next_name(const std::string& ending) {
    return std::to_string(next_++) + ending;
}

} // namespace irislink::test
