#include "samples/sandbox/auth/password_hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <charconv>
#include <optional>
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

thread_local std::uint64_t work_done = 0;

octets derive(std::string_view password, const octets& salt, int iterations) {
    octets out(hash_size);
    work_done += static_cast<std::uint64_t>(iterations);
    if (PKCS5_PBKDF2_HMAC(
            password.data(), static_cast<int>(password.size()), salt.data(), static_cast<int>(salt.size()), iterations, EVP_sha512(),
            static_cast<int>(out.size()), out.data()
        ) != 1)
        throw std::runtime_error("PBKDF2 is not available");
    return out;
}

struct hash_parts {
    int iterations{0};
    octets salt;
    octets result;
};

std::optional<hash_parts> read_hash(std::string_view hash) {
    if (hash.substr(0, scheme.size()) != scheme) return std::nullopt;
    hash.remove_prefix(scheme.size());
    const auto first = hash.find('$');
    const auto second = first == std::string_view::npos ? first : hash.find('$', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    hash_parts out;
    const auto [end, error] = std::from_chars(hash.data(), hash.data() + first, out.iterations);
    if (error != std::errc{} || end != hash.data() + first || out.iterations < 1 || out.iterations > 10'000'000 ||
        !from_hex(hash.substr(first + 1, second - first - 1), out.salt) || !from_hex(hash.substr(second + 1), out.result) || out.result.size() != hash_size)
        return std::nullopt;
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

bool verify_password(std::string_view password, std::string_view hash, int work) {
    const auto parts = read_hash(hash);
    if (!parts) return false;
    const auto got = derive(password, parts->salt, parts->iterations);
    if (work > parts->iterations) (void)derive(password, parts->salt, work - parts->iterations);
    return CRYPTO_memcmp(got.data(), parts->result.data(), got.size()) == 0;
}

int hash_work(std::string_view hash) {
    const auto parts = read_hash(hash);
    return parts ? parts->iterations : 0;
}

std::uint64_t hash_work_done() noexcept {
    return work_done;
}

} // namespace irislink::sandbox
