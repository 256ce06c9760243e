#pragma once
// Makes keys, key sets and access tokens, right and wrong ones. Header only; needs OpenSSL.

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace irislink::test {

inline std::string base64url(std::string_view data) {
    std::string out((data.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<const unsigned char*>(data.data()), static_cast<int>(data.size()));
    out.resize(static_cast<std::size_t>(size));
    while (!out.empty() && out.back() == '=') out.pop_back();
    for (auto& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return out;
}

class signing_key {
public:
    static signing_key rsa(unsigned bits = 2048) { return signing_key("RS256", EVP_RSA_gen(bits)); }

    static signing_key ec(const char* group = "P-256") { return signing_key("ES256", EVP_EC_gen(group)); }

    static signing_key ed25519() { return signing_key("EdDSA", EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

    [[nodiscard]] const std::string& algorithm() const { return algorithm_; }

    [[nodiscard]] std::string pem() const {
        BIO* out = BIO_new(BIO_s_mem());
        PEM_write_bio_PUBKEY(out, key_.get());
        char* text = nullptr;
        const long size = BIO_get_mem_data(out, &text);
        std::string kept(text, static_cast<std::size_t>(size));
        BIO_free(out);
        return kept;
    }

    // One JSON web key; `more` is appended inside the object, beginning with a comma.
    [[nodiscard]] std::string jwk(const std::string& id, const std::string& more = {}) const {
        const auto start = "{" + (id.empty() ? "" : R"("kid":")" + id + R"(",)");
        if (algorithm_ == "RS256") return start + R"("kty":"RSA","n":")" + number("n") + R"(","e":")" + number("e") + '"' + more + "}";
        if (algorithm_ == "ES256") return start + R"("kty":"EC","crv":"P-256","x":")" + number("qx", 32) + R"(","y":")" + number("qy", 32) + '"' + more + "}";
        std::string raw(32, '\0');
        std::size_t size = raw.size();
        EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
        return start + R"("kty":"OKP","crv":"Ed25519","x":")" + base64url(raw) + '"' + more + "}";
    }

    [[nodiscard]] std::string sign(std::string_view text) const {
        std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
        std::size_t size = 0;
        if (EVP_DigestSignInit_ex(context.get(), nullptr, algorithm_ == "EdDSA" ? nullptr : "SHA256", nullptr, nullptr, key_.get(), nullptr) != 1 ||
            EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1)
            throw std::runtime_error("cannot sign");
        std::string out(size, '\0');
        if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data, text.size()) != 1) throw std::runtime_error("cannot sign");
        out.resize(size);
        return algorithm_ == "ES256" ? flat(out) : out;
    }

private:
    signing_key(std::string algorithm, EVP_PKEY* key) : algorithm_(std::move(algorithm)), key_(key, &EVP_PKEY_free) {
        if (key == nullptr) throw std::runtime_error("no key");
    }

    [[nodiscard]] std::string number(const char* name, int size = 0) const {
        BIGNUM* value = nullptr;
        if (EVP_PKEY_get_bn_param(key_.get(), name, &value) != 1) throw std::runtime_error("no such number");
        std::string out(static_cast<std::size_t>(size == 0 ? BN_num_bytes(value) : size), '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
        BN_free(value);
        return base64url(out);
    }

    static std::string flat(const std::string& der) {
        const auto* at = reinterpret_cast<const unsigned char*>(der.data());
        ECDSA_SIG* made = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
        std::string out(64, '\0');
        BN_bn2binpad(ECDSA_SIG_get0_r(made), reinterpret_cast<unsigned char*>(out.data()), 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(made), reinterpret_cast<unsigned char*>(out.data()) + 32, 32);
        ECDSA_SIG_free(made);
        return out;
    }

    std::string algorithm_;
    std::shared_ptr<EVP_PKEY> key_;
};

// Header and payload are JSON as the test writes it.
inline std::string make_token_with(std::string_view header, const signing_key& key, std::string_view payload) {
    const auto text = base64url(header) + "." + base64url(payload);
    return text + "." + base64url(key.sign(text));
}

inline std::string make_token(const signing_key& key, std::string_view payload, const std::string& id = {}) {
    const auto header = R"({"alg":")" + key.algorithm() + R"(","typ":"JWT")" + (id.empty() ? "" : R"(,"kid":")" + id + '"') + "}";
    return make_token_with(header, key, payload);
}

inline std::string make_shared_token(std::string_view secret, std::string_view header, std::string_view payload) {
    const auto text = base64url(header) + "." + base64url(payload);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
    return text + "." + base64url(std::string_view(reinterpret_cast<const char*>(mac), size));
}

inline std::string make_key_set(const std::vector<std::string>& keys) {
    std::string out = R"({"keys":[)";
    for (std::size_t i = 0; i < keys.size(); ++i) out += (i > 0 ? "," : "") + keys[i];
    return out + "]}";
}

} // namespace irislink::test
