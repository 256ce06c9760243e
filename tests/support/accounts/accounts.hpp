#pragma once
// What accounts of a sandbox's file are made of, for tests that write the file themselves. Header only;
// needs OpenSSL and liboath, and nothing of the sandbox's own.

#include <liboath/oath.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <string_view>

namespace irislink::test {

// What the sandbox's file has for a password.
inline std::string password_hash(std::string_view password) {
    constexpr int iterations = 1000; // the fewest the sandbox takes
    const std::array<unsigned char, 16> salt{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    std::array<unsigned char, 64> out{};
    if (PKCS5_PBKDF2_HMAC(
            password.data(), static_cast<int>(password.size()), salt.data(), static_cast<int>(salt.size()), iterations, EVP_sha512(),
            static_cast<int>(out.size()), out.data()
        ) != 1)
        throw std::runtime_error("no PBKDF2");
    std::string text = "pbkdf2-sha512$" + std::to_string(iterations) + "$";
    const auto add = [&text](const auto& bytes) {
        static constexpr char digits[] = "0123456789abcdef";
        for (const unsigned each : bytes) {
            text.push_back(digits[each >> 4U]);
            text.push_back(digits[each & 15U]);
        }
    };
    add(salt);
    text += "$";
    add(out);
    return text;
}

// 160 bits in base 32.
inline std::string totp_key() {
    std::array<unsigned char, 32> random{};
    if (RAND_bytes(random.data(), random.size()) != 1) throw std::runtime_error("no random numbers");
    std::string out;
    for (const unsigned each : random) out.push_back("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[each % 32]);
    return out;
}

inline std::string totp_code(const std::string& key, std::time_t when) {
    char* raw = nullptr;
    std::size_t size = 0;
    std::array<char, 7> code{};
    if (::oath_base32_decode(key.data(), key.size(), &raw, &size) != OATH_OK) throw std::runtime_error("no base 32");
    const int failed = ::oath_totp_generate(raw, size, when, 30, OATH_TOTP_DEFAULT_START_TIME, 6, code.data());
    std::free(raw);
    if (failed != OATH_OK) throw std::runtime_error("no code");
    return code.data();
}

// None of the codes that are good now, or soon.
inline std::string wrong_totp_code(const std::string& key) {
    const auto now = std::time(nullptr);
    for (unsigned guess = 100'000;; ++guess) {
        const auto text = std::to_string(guess);
        bool good = false;
        for (int step = -2; step <= 2; ++step) good = good || text == totp_code(key, now + step * 30);
        if (!good) return text;
    }
}

} // namespace irislink::test
