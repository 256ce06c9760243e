#include "samples/sandbox/auth/json_web_key.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace irislink::sandbox {
namespace {

constexpr std::size_t most_keys = 64;
constexpr std::size_t longest_file = std::size_t{256} * 1024;
constexpr std::size_t shortest_shared = 32; // RFC 7518 3.2: as long as the hash
constexpr int weakest_rsa = 2048;
constexpr int strongest_rsa = 8192; // beyond it a token costs its sender nothing and the server much

template <auto Free> struct freed {
    template <class T> void operator()(T* value) const { Free(value); }
};

using bignum = std::unique_ptr<BIGNUM, freed<&BN_free>>;
using builder = std::unique_ptr<OSSL_PARAM_BLD, freed<&OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, freed<&OSSL_PARAM_free>>;
using key_context = std::unique_ptr<EVP_PKEY_CTX, freed<&EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freed<&EVP_MD_CTX_free>>;

const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

// What OpenSSL noted of a failure here says nothing to later calls of this thread.
struct error_guard {
    error_guard() = default;
    error_guard(const error_guard&) = delete;
    error_guard& operator=(const error_guard&) = delete;

    ~error_guard() { ERR_clear_error(); }
};

std::optional<token_algorithm> algorithm_of(EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        const int bits = EVP_PKEY_get_bits(key);
        if (bits < weakest_rsa) throw std::invalid_argument("an RSA key of " + std::to_string(bits) + " bits is too weak");
        if (bits > strongest_rsa) throw std::invalid_argument("an RSA key of " + std::to_string(bits) + " bits is too long");
        return token_algorithm::rs256;
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        std::array<char, 64> group{};
        std::size_t size = 0;
        if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) return std::nullopt;
        if (std::string_view(group.data(), size) != SN_X9_62_prime256v1) return std::nullopt;
        return token_algorithm::es256;
    }
    if (EVP_PKEY_is_a(key, "ED25519") == 1) return token_algorithm::eddsa;
    return std::nullopt;
}

std::string text_member(const nlohmann::json& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end()) return {};
    if (!found->is_string()) throw std::invalid_argument(std::string("'") + name + "' of a key is not a text");
    return found->get<std::string>();
}

std::string octets_member(const nlohmann::json& from, const char* name) {
    const auto decoded = decode_base64url(text_member(from, name));
    if (!decoded || decoded->empty()) throw std::invalid_argument(std::string("'") + name + "' of a key is missing or not base64url");
    return *decoded;
}

std::shared_ptr<EVP_PKEY> from_parameters(const char* kind, OSSL_PARAM_BLD* made) {
    const parameters data(OSSL_PARAM_BLD_to_param(made));
    const key_context context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!data || !context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, data.get()) != 1)
        throw std::invalid_argument(std::string("the ") + kind + " key is malformed");
    std::shared_ptr<EVP_PKEY> out(key, &EVP_PKEY_free);
    // Above all: is the point on the curve?
    const key_context check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) throw std::invalid_argument(std::string("the ") + kind + " key is malformed");
    return out;
}

std::shared_ptr<EVP_PKEY> read_rsa(const nlohmann::json& from) {
    const auto modulus = octets_member(from, "n");
    const auto exponent = octets_member(from, "e");
    if (modulus.size() > strongest_rsa / 8 + 1 || exponent.size() > 8) throw std::invalid_argument("an RSA key is too long");
    const bignum n(BN_bin2bn(octets(modulus), static_cast<int>(modulus.size()), nullptr));
    const bignum e(BN_bin2bn(octets(exponent), static_cast<int>(exponent.size()), nullptr));
    if (BN_num_bits(n.get()) < weakest_rsa) throw std::invalid_argument("an RSA key of " + std::to_string(BN_num_bits(n.get())) + " bits is too weak");
    if (BN_is_odd(e.get()) != 1 || BN_is_one(e.get()) == 1) throw std::invalid_argument("the exponent of an RSA key is not one");
    const builder made(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(made.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(made.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    return from_parameters("RSA", made.get());
}

std::shared_ptr<EVP_PKEY> read_ec(const nlohmann::json& from) {
    const auto x = octets_member(from, "x");
    const auto y = octets_member(from, "y");
    if (x.size() != 32 || y.size() != 32) throw std::invalid_argument("the coordinates of a P-256 key have 32 octets");
    const auto point = "\x04" + x + y;
    const builder made(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(made.get(), OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0);
    OSSL_PARAM_BLD_push_octet_string(made.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    return from_parameters("EC", made.get());
}

std::shared_ptr<EVP_PKEY> read_ed25519(const nlohmann::json& from) {
    const auto x = octets_member(from, "x");
    if (x.size() != 32) throw std::invalid_argument("an Ed25519 key has 32 octets");
    auto* const key = EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, octets(x), x.size());
    if (key == nullptr) throw std::invalid_argument("the Ed25519 key is malformed");
    return {key, &EVP_PKEY_free};
}

std::optional<web_key> read_key(const nlohmann::json& from, bool with_shared) {
    if (!from.is_object()) throw std::invalid_argument("a key is not an object");
    const auto kind = text_member(from, "kty");
    const auto use = text_member(from, "use");
    const auto algorithm = text_member(from, "alg");
    const auto curve = text_member(from, "crv");
    if (!use.empty() && use != "sig") return std::nullopt;
    if (kind != "oct" && from.contains("d")) throw std::invalid_argument("a private key is in the key set: put the public part there alone");
    web_key out;
    out.id = text_member(from, "kid");
    if (kind == "RSA") {
        if (!algorithm.empty() && algorithm != "RS256") return std::nullopt;
        out.key = read_rsa(from);
    } else if (kind == "EC" && curve == "P-256") {
        out.key = read_ec(from);
    } else if (kind == "OKP" && curve == "Ed25519") {
        out.key = read_ed25519(from);
    } else if (kind == "oct" && with_shared) {
        auto bytes = octets_member(from, "k");
        const auto id = out.id;
        out = make_shared_key(bytes);
        out.id = id;
        wire::secure_zero(bytes.data(), bytes.size());
    } else {
        return std::nullopt;
    }
    if (out.key) {
        const auto fits = algorithm_of(out.key.get());
        if (!fits) return std::nullopt;
        out.algorithm = *fits;
    }
    if (!algorithm.empty() && find_token_algorithm(algorithm) != out.algorithm) return std::nullopt;
    return out;
}

bool verify_hmac(std::string_view key, std::string_view text, std::string_view signature) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> wanted{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), octets(text), text.size(), wanted.data(), &size) == nullptr) return false;
    return signature.size() == size && CRYPTO_memcmp(wanted.data(), signature.data(), size) == 0;
}

// JOSE carries r and s as two numbers of 32 octets; OpenSSL wants them as DER.
std::optional<std::string> signature_as_der(std::string_view raw) {
    if (raw.size() != 64) return std::nullopt;
    const std::unique_ptr<ECDSA_SIG, freed<&ECDSA_SIG_free>> made(ECDSA_SIG_new());
    bignum r(BN_bin2bn(octets(raw), 32, nullptr));
    bignum s(BN_bin2bn(octets(raw) + 32, 32, nullptr));
    if (!made || !r || !s || ECDSA_SIG_set0(made.get(), r.get(), s.get()) != 1) return std::nullopt;
    (void)r.release();
    (void)s.release();
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(made.get(), &der);
    if (size <= 0) return std::nullopt;
    std::string out(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

} // namespace

std::optional<token_algorithm> find_token_algorithm(std::string_view name) {
    if (name == "RS256") return token_algorithm::rs256;
    if (name == "ES256") return token_algorithm::es256;
    if (name == "EdDSA") return token_algorithm::eddsa;
    if (name == "HS256") return token_algorithm::hs256;
    return std::nullopt;
}

bool verify_signature(const web_key& key, std::string_view text, std::string_view signature) {
    const error_guard guard;
    if (key.algorithm == token_algorithm::hs256) return key.shared && verify_hmac(key.shared->reveal(), text, signature);
    // The key itself is asked once more: whatever the fields say, it is used for its own algorithm alone.
    if (!key.key || algorithm_of(key.key.get()) != key.algorithm) return false;
    std::string der;
    if (key.algorithm == token_algorithm::es256) {
        const auto converted = signature_as_der(signature);
        if (!converted) return false;
        der = *converted;
        signature = der;
    }
    const digest_context context(EVP_MD_CTX_new());
    const char* const digest = key.algorithm == token_algorithm::eddsa ? nullptr : "SHA256";
    return context && EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr, key.key.get(), nullptr) == 1 &&
           EVP_DigestVerify(context.get(), octets(signature), signature.size(), octets(text), text.size()) == 1;
}

key_set read_jwks(std::string_view text, bool with_shared) {
    const error_guard guard;
    if (text.size() > longest_file) throw std::invalid_argument("the key set is too long");
    const auto root = nlohmann::json::parse(text, nullptr, false);
    if (!root.is_object()) throw std::invalid_argument("the key set is not a JSON object");
    const auto keys = root.find("keys");
    if (keys == root.end() || !keys->is_array()) throw std::invalid_argument("the key set has no list 'keys'");
    if (keys->size() > most_keys) throw std::invalid_argument("the key set has more than " + std::to_string(most_keys) + " keys");
    key_set out;
    for (const auto& each : *keys) {
        auto key = read_key(each, with_shared);
        if (!key) continue;
        for (const auto& other : out)
            if (!key->id.empty() && other.id == key->id && other.algorithm == key->algorithm)
                throw std::invalid_argument("two keys are called '" + key->id + "'");
        out.push_back(std::move(*key));
    }
    return out;
}

key_set read_pem_keys(std::string_view text) {
    const error_guard guard;
    if (text.size() > longest_file) throw std::invalid_argument("the key file is too long");
    if (text.find("PRIVATE KEY-----") != std::string_view::npos)
        throw std::invalid_argument("the key file holds a private key: put the public part there alone");
    const std::unique_ptr<BIO, freed<&BIO_free>> source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    key_set out;
    while (source) {
        auto* const key = PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr);
        if (key == nullptr) break;
        web_key made;
        made.key.reset(key, &EVP_PKEY_free);
        const auto fits = algorithm_of(key);
        if (!fits) throw std::invalid_argument("a key is none of RSA, P-256 and Ed25519");
        made.algorithm = *fits;
        out.push_back(std::move(made));
        if (out.size() > most_keys) throw std::invalid_argument("the key file has more than " + std::to_string(most_keys) + " keys");
    }
    if (out.empty()) throw std::invalid_argument("the key file holds no PEM public key");
    return out;
}

web_key make_shared_key(std::string_view secret) {
    if (secret.size() < shortest_shared) throw std::invalid_argument("a shared key for HS256 has at least 32 octets");
    web_key out;
    out.algorithm = token_algorithm::hs256;
    out.shared = std::make_shared<const wire::secret>(secret);
    return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3 + 2);
    unsigned bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        unsigned value = 0;
        if (c >= 'A' && c <= 'Z') {
            value = static_cast<unsigned>(c - 'A');
        } else if (c >= 'a' && c <= 'z') {
            value = static_cast<unsigned>(c - 'a') + 26;
        } else if (c >= '0' && c <= '9') {
            value = static_cast<unsigned>(c - '0') + 52;
        } else if (c == '-' || c == '_') {
            value = c == '-' ? 62 : 63;
        } else {
            return std::nullopt;
        }
        bits = bits << 6U | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out.push_back(static_cast<char>(bits >> held & 0xFFU));
        }
    }
    if ((bits & ((1U << held) - 1U)) != 0) return std::nullopt;
    return out;
}

} // namespace irislink::sandbox
