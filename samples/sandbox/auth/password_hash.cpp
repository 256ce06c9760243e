#include "samples/sandbox/auth/password_hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>
#include <stdexcept>
#include <vector>

namespace irislink::sandbox {
namespace {

constexpr std::string_view scheme = "pbkdf2-sha512$";
constexpr std::size_t hash_size = 64;
constexpr std::size_t salt_size = 16;

using octets = std::vector<unsigned char>;

std::string to_hex(const octets& bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 0xFU]);
    }
    return out;
}

bool from_hex(std::string_view text, octets& out) {
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
        if (error != std::errc{} || end != text.data() + i + 2) return false;
        out.push_back(static_cast<unsigned char>(value));
    }
    return true;
}

octets derive(std::string_view password, const octets& salt, int iterations) {
    octets out(hash_size);
    if (PKCS5_PBKDF2_HMAC(
            password.data(), static_cast<int>(password.size()), salt.data(), static_cast<int>(salt.size()), iterations, EVP_sha512(),
            static_cast<int>(out.size()), out.data()
        ) != 1)
        throw std::runtime_error("PBKDF2 is not available");
    return out;
}

octets random_octets(std::size_t size) {
    octets out(size);
    if (RAND_bytes(out.data(), static_cast<int>(size)) != 1) throw std::runtime_error("no random numbers");
    return out;
}

} // namespace

std::string hash_password(std::string_view password, int iterations) {
    const auto salt = random_octets(salt_size);
    return std::string(scheme) + std::to_string(iterations) + "$" + to_hex(salt) + "$" + to_hex(derive(password, salt, iterations));
}

std::string dummy_hash(int iterations) {
    return std::string(scheme) + std::to_string(iterations) + "$" + to_hex(random_octets(salt_size)) + "$" + to_hex(octets(hash_size));
}

bool verify_password(std::string_view password, std::string_view hash) {
    if (hash.substr(0, scheme.size()) != scheme) return false;
    hash.remove_prefix(scheme.size());
    const auto first = hash.find('$');
    const auto second = first == std::string_view::npos ? first : hash.find('$', first + 1);
    if (second == std::string_view::npos) return false;
    int iterations = 0;
    const auto [end, error] = std::from_chars(hash.data(), hash.data() + first, iterations);
    octets salt;
    octets wanted;
    if (error != std::errc{} || end != hash.data() + first || iterations < 1 || iterations > 10'000'000 ||
        !from_hex(hash.substr(first + 1, second - first - 1), salt) || !from_hex(hash.substr(second + 1), wanted) || wanted.size() != hash_size)
        return false;
    const auto got = derive(password, salt, iterations);
    return CRYPTO_memcmp(got.data(), wanted.data(), got.size()) == 0;
}

} // namespace irislink::sandbox
