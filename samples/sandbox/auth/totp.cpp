#include "samples/sandbox/auth/totp.hpp"

#include <liboath/oath.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <qrencode.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace irislink::sandbox {
namespace {

constexpr unsigned totp_digits = 6;
constexpr std::size_t shortest_key = 16; // RFC 4226: 128 bits
constexpr std::size_t longest_text = 256;

// What liboath allocates holds secrets: it is wiped before it is freed.
class key_octets {
public:
    explicit key_octets(std::string_view base32) {
        if (base32.size() > longest_text) return;
        if (::oath_base32_decode(base32.data(), base32.size(), &data_, &size_) != OATH_OK) data_ = nullptr;
        if (data_ == nullptr) size_ = 0;
    }

    ~key_octets() {
        if (data_ != nullptr) OPENSSL_cleanse(data_, size_);
        std::free(data_);
    }

    key_octets(const key_octets&) = delete;
    key_octets& operator=(const key_octets&) = delete;

    [[nodiscard]] bool usable() const noexcept { return size_ >= shortest_key; }

    [[nodiscard]] const char* data() const noexcept { return data_; }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    char* data_{nullptr};
    std::size_t size_{0};
};

void append_escaped(std::string& out, std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' ||
                           byte == '_' || byte == '~';
        if (plain) {
            out.push_back(c);
        } else {
            out.push_back('%');
            out.push_back(digits[byte >> 4U]);
            out.push_back(digits[byte & 0xFU]);
        }
    }
}

} // namespace

wire::secret make_totp_key() {
    std::array<unsigned char, totp_key_octets> key{};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) throw std::runtime_error("no random numbers");
    char* text = nullptr;
    std::size_t size = 0;
    const int failed = ::oath_base32_encode(reinterpret_cast<const char*>(key.data()), key.size(), &text, &size);
    OPENSSL_cleanse(key.data(), key.size());
    if (failed != OATH_OK) throw std::runtime_error("no memory for a key");
    // 160 bits are 32 characters exactly: there is no padding.
    wire::secret out(std::string_view(text, size));
    OPENSSL_cleanse(text, size);
    std::free(text);
    return out;
}

bool is_totp_key(std::string_view key) {
    return key_octets(key).usable();
}

wire::secret totp_code(std::string_view key, std::int64_t step) {
    const key_octets octets(key);
    if (!octets.usable() || step < 0) return {};
    std::array<char, totp_digits + 1> text{};
    if (::oath_hotp_generate(octets.data(), octets.size(), static_cast<std::uint64_t>(step), totp_digits, false, OATH_HOTP_DYNAMIC_TRUNCATION, text.data()) !=
        OATH_OK)
        return {};
    wire::secret out(std::string_view(text.data(), totp_digits));
    OPENSSL_cleanse(text.data(), text.size());
    return out;
}

std::optional<std::int64_t> match_totp(std::string_view key, std::string_view code, std::int64_t now, std::int64_t last_used) {
    if (now < 0) return std::nullopt;
    const auto current = now / totp_step_seconds;
    std::optional<std::int64_t> found;
    // Both steps are always tried, the older one first: the time says nothing about which it was.
    for (auto step = current - 1; step <= current; ++step) {
        const auto wanted = totp_code(key, step);
        const bool same =
            code.size() == totp_digits && wanted.reveal().size() == totp_digits && CRYPTO_memcmp(wanted.reveal().data(), code.data(), totp_digits) == 0;
        if (same && step > last_used) found = step;
    }
    return found;
}

wire::secret totp_uri(std::string_view issuer, std::string_view account, std::string_view key) {
    std::string out = "otpauth://totp/";
    append_escaped(out, issuer);
    out += ':';
    append_escaped(out, account);
    out += "?secret=";
    out += key;
    out += "&issuer=";
    append_escaped(out, issuer);
    out += "&algorithm=SHA1&digits=6&period=30";
    wire::secret kept(out);
    wire::secure_zero(out.data(), out.size());
    return kept;
}

wire::secret qr_code(std::string_view text) {
    std::string ended(text);
    const std::unique_ptr<QRcode, decltype(&::QRcode_free)> code(::QRcode_encodeString8bit(ended.c_str(), 0, QR_ECLEVEL_M), &::QRcode_free);
    wire::secure_zero(ended.data(), ended.size());
    if (!code) throw std::runtime_error("the text is too long for a QR code");
    constexpr int quiet = 2; // modules of margin
    const auto dark = [&](int x, int y) { return x >= 0 && y >= 0 && x < code->width && y < code->width && (code->data[y * code->width + x] & 1U) != 0; };
    // Terminals are mostly dark: the light modules are what is drawn.
    std::string out;
    for (int y = -quiet; y < code->width + quiet; y += 2) {
        for (int x = -quiet; x < code->width + quiet; ++x) {
            const bool upper = !dark(x, y);
            const bool lower = y + 1 < code->width + quiet && !dark(x, y + 1);
            out += upper && lower ? "█" : upper ? "▀" : lower ? "▄" : " ";
        }
        out += '\n';
    }
    wire::secret kept(out);
    wire::secure_zero(out.data(), out.size());
    return kept;
}

} // namespace irislink::sandbox
