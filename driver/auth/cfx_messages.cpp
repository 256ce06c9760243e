#include "driver/auth/cfx_messages.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "driver/auth/gss_errc.hpp"

namespace irislink::driver {
namespace {

constexpr std::size_t header_size = 16;
constexpr std::size_t confounder_size = 16;
constexpr std::size_t checksum_size = 12; // of HMAC-SHA1, cut to 96 bits

constexpr std::uint8_t sent_by_acceptor = 1;
constexpr std::uint8_t is_sealed = 2;
constexpr std::uint8_t by_acceptor_subkey = 4;

// RFC 4121, 2: what a key is for. Both kinds of Wrap token use the numbers for sealing.
constexpr std::uint32_t acceptor_seal = 22;
constexpr std::uint32_t initiator_seal = 24;

// 0: a kind that is not known.
constexpr std::size_t key_size(int enctype) {
    return enctype == 17 ? 16 : enctype == 18 ? 32 : 0;
}

template <auto Release> struct releases {
    template <class T> void operator()(T* what) const noexcept { Release(what); }
};

using cipher_handle = std::unique_ptr<EVP_CIPHER, releases<EVP_CIPHER_free>>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, releases<EVP_CIPHER_CTX_free>>;
using mac_handle = std::unique_ptr<EVP_MAC, releases<EVP_MAC_free>>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, releases<EVP_MAC_CTX_free>>;
using kdf_handle = std::unique_ptr<EVP_KDF, releases<EVP_KDF_free>>;
using kdf_context = std::unique_ptr<EVP_KDF_CTX, releases<EVP_KDF_CTX_free>>;

unsigned char* raw(std::byte* bytes) {
    return reinterpret_cast<unsigned char*>(bytes);
}

const unsigned char* raw(const std::byte* bytes) {
    return reinterpret_cast<const unsigned char*>(bytes);
}

OSSL_PARAM word(const char* name, std::string& value) {
    return OSSL_PARAM_construct_utf8_string(name, value.data(), 0);
}

// DK of RFC 3961, 5.1: a key for one use of one direction. Empty: OpenSSL failed.
std::vector<unsigned char> derive(const wire::secret& key, std::uint32_t usage, std::uint8_t kind) {
    const kdf_handle kdf(EVP_KDF_fetch(nullptr, "KRB5KDF", nullptr));
    const kdf_context work(kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr);
    if (!work) return {};
    const auto text = key.reveal();
    std::vector<unsigned char> base(text.begin(), text.end());
    std::vector<unsigned char> out(base.size());
    std::string cipher = base.size() == 32 ? "AES-256-CBC" : "AES-128-CBC";
    std::array<unsigned char, 5> constant{
        static_cast<unsigned char>(usage >> 24), static_cast<unsigned char>(usage >> 16), static_cast<unsigned char>(usage >> 8),
        static_cast<unsigned char>(usage), kind};
    const std::array<OSSL_PARAM, 4> params{
        word(OSSL_KDF_PARAM_CIPHER, cipher), OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, base.data(), base.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_CONSTANT, constant.data(), constant.size()), OSSL_PARAM_construct_end()};
    const bool made = EVP_KDF_derive(work.get(), out.data(), out.size(), params.data()) == 1;
    OPENSSL_cleanse(base.data(), base.size());
    if (!made) out.clear();
    return out;
}

mac_context keyed_mac(const wire::secret& key, std::uint32_t usage, std::uint8_t kind) {
    auto derived = derive(key, usage, kind);
    const mac_handle mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    mac_context out(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr);
    std::string digest = "SHA1";
    const std::array<OSSL_PARAM, 2> params{word(OSSL_MAC_PARAM_DIGEST, digest), OSSL_PARAM_construct_end()};
    if (derived.empty() || !out || EVP_MAC_init(out.get(), derived.data(), derived.size(), params.data()) != 1) out.reset();
    OPENSSL_cleanse(derived.data(), derived.size());
    return out;
}

// AES with ciphertext stealing as Kerberos has it: the last two blocks change places always (CS3).
cipher_context keyed_cipher(const wire::secret& key, std::uint32_t usage, bool encrypt) {
    auto derived = derive(key, usage, 0xAA);
    const cipher_handle cipher(EVP_CIPHER_fetch(nullptr, derived.size() == 32 ? "AES-256-CBC-CTS" : "AES-128-CBC-CTS", nullptr));
    cipher_context out(EVP_CIPHER_CTX_new());
    std::string mode = "CS3";
    const std::array<OSSL_PARAM, 2> params{word(OSSL_CIPHER_PARAM_CTS_MODE, mode), OSSL_PARAM_construct_end()};
    const std::array<unsigned char, 16> iv{};
    if (derived.empty() || !cipher || !out || EVP_CipherInit_ex2(out.get(), cipher.get(), derived.data(), iv.data(), encrypt ? 1 : 0, params.data()) != 1)
        out.reset();
    OPENSSL_cleanse(derived.data(), derived.size());
    return out;
}

void put(std::byte* at, std::uint64_t number, std::size_t octets) {
    for (std::size_t i = octets; i-- > 0; number >>= 8) at[i] = static_cast<std::byte>(number);
}

std::uint64_t get(wire::bytes_view from) {
    std::uint64_t out = 0;
    for (const auto each : from) out = out << 8 | std::to_integer<std::uint64_t>(each);
    return out;
}

} // namespace

struct cfx_messages::direction {
    direction(const cfx_keys& keys, std::uint32_t usage, bool encrypt, std::uint64_t first)
        : cipher(keyed_cipher(keys.key, usage, encrypt)), seal(keyed_mac(keys.key, usage, 0x55)), sign(keyed_mac(keys.key, usage, 0x99)), sequence(first) {}

    [[nodiscard]] bool good() const { return cipher && seal && sign; }

    [[nodiscard]] bool crypt(const std::byte* from, std::size_t size, std::byte* to) const {
        int done = 0;
        const std::array<unsigned char, 16> iv{};
        return EVP_CipherInit_ex2(cipher.get(), nullptr, nullptr, iv.data(), -1, nullptr) == 1 &&
               EVP_CipherUpdate(cipher.get(), raw(to), &done, raw(from), static_cast<int>(size)) == 1 && static_cast<std::size_t>(done) == size;
    }

    // The first 96 bits of the HMAC over both parts.
    [[nodiscard]] static bool checksum(const mac_context& key, wire::bytes_view first, wire::bytes_view second, std::byte* to) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> whole{};
        std::size_t size = 0;
        if (EVP_MAC_init(key.get(), nullptr, 0, nullptr) != 1 || EVP_MAC_update(key.get(), raw(first.data()), first.size()) != 1 ||
            EVP_MAC_update(key.get(), raw(second.data()), second.size()) != 1 || EVP_MAC_final(key.get(), whole.data(), &size, whole.size()) != 1 ||
            size < checksum_size)
            return false;
        std::memcpy(to, whole.data(), checksum_size);
        return true;
    }

    [[nodiscard]] static bool agrees(const mac_context& key, wire::bytes_view first, wire::bytes_view second, wire::bytes_view with) {
        std::array<std::byte, checksum_size> own{};
        return checksum(key, first, second, own.data()) && CRYPTO_memcmp(own.data(), with.data(), checksum_size) == 0;
    }

    cipher_context cipher;
    mac_context seal; // Ki
    mac_context sign; // Kc
    std::uint64_t sequence;
};

cfx_messages::cfx_messages() = default;

cfx_messages::~cfx_messages() {
    OPENSSL_cleanse(opened_.data(), opened_.size());
}

bool cfx_messages::knows(int enctype) {
    const auto tried = [](int kind) {
        cfx_keys keys;
        keys.enctype = kind;
        keys.key = wire::secret(std::string(key_size(kind), '\0'));
        return make(keys) != nullptr;
    };
    static const bool aes128 = tried(17);
    static const bool aes256 = tried(18);
    return (enctype == 17 && aes128) || (enctype == 18 && aes256);
}

std::unique_ptr<cfx_messages> cfx_messages::make(const cfx_keys& keys) {
    const auto wanted = key_size(keys.enctype);
    if (wanted == 0 || keys.key.reveal().size() != wanted) return nullptr;
    std::unique_ptr<cfx_messages> out(new cfx_messages);
    out->out_ = std::make_unique<direction>(keys, keys.initiator ? initiator_seal : acceptor_seal, true, keys.send_sequence);
    out->in_ = std::make_unique<direction>(keys, keys.initiator ? acceptor_seal : initiator_seal, false, keys.receive_sequence);
    if (!out->out_->good() || !out->in_->good()) return nullptr;
    out->flags_out_ = static_cast<std::uint8_t>((keys.initiator ? 0 : sent_by_acceptor) | (keys.acceptor_subkey ? by_acceptor_subkey : 0));
    out->flag_in_ = keys.initiator ? sent_by_acceptor : 0;
    return out;
}

bool cfx_messages::wrap(wire::bytes_view plain, bool sealed, wire::byte_buffer& out) {
    std::array<std::byte, header_size> header{std::byte{5}, std::byte{4}, static_cast<std::byte>(flags_out_ | (sealed ? is_sealed : 0)), std::byte{0xFF}};
    put(header.data() + 8, out_->sequence++, 8);
    const auto start = out.size();
    // At once: a buffer that grows leaves what is not yet encrypted in the memory that it gives back.
    out.reserve(start + header_size + confounder_size + plain.size() + header_size + checksum_size);
    out.insert(out.end(), header.begin(), header.end());
    if (!sealed) {
        out.insert(out.end(), plain.begin(), plain.end());
        out.resize(out.size() + checksum_size);
        if (!direction::checksum(out_->sign, plain, header, out.data() + out.size() - checksum_size)) return false;
        put(out.data() + start + 4, checksum_size, 2);
        return true;
    }
    // What is encrypted lies where it will lie encrypted; the cipher works in place.
    out.resize(out.size() + confounder_size);
    auto* const confounder = out.data() + start + header_size;
    if (RAND_bytes(raw(confounder), confounder_size) != 1) return false;
    out.insert(out.end(), plain.begin(), plain.end());
    out.insert(out.end(), header.begin(), header.end());
    out.resize(out.size() + checksum_size);
    auto* const body = out.data() + start + header_size;
    const auto size = confounder_size + plain.size() + header_size;
    return direction::checksum(out_->seal, {body, size}, {}, body + size) && out_->crypt(body, size, body);
}

std::byte* cfx_messages::room(std::size_t size) {
    if (opened_.size() < size) {
        OPENSSL_cleanse(opened_.data(), opened_.size());
        opened_.resize(size);
    } else if (size < used_) {
        OPENSSL_cleanse(opened_.data() + size, used_ - size);
    }
    used_ = size;
    return opened_.data();
}

bool cfx_messages::open_sealed(wire::bytes_view header, wire::bytes_view body, std::size_t filler, wire::bytes_view& plain) {
    if (body.size() < confounder_size + header_size + checksum_size || filler > body.size() - confounder_size - header_size - checksum_size) return false;
    const auto size = body.size() - checksum_size;
    auto* const into = room(size);
    if (!in_->crypt(body.data(), size, into) || !direction::agrees(in_->seal, {into, size}, {}, body.subspan(size))) return false;
    // The copy of the header has no rotation in it (4.2.4).
    std::array<std::byte, header_size> own{};
    std::ranges::copy(header, own.begin());
    put(own.data() + 6, 0, 2);
    const auto end = size - header_size;
    if (!std::equal(own.begin(), own.end(), into + end)) return false;
    plain = {into + confounder_size, end - confounder_size - filler};
    return true;
}

bool cfx_messages::open_signed(wire::bytes_view header, wire::bytes_view body, std::size_t checksum, wire::bytes_view& plain) const {
    if (checksum != checksum_size || body.size() < checksum_size) return false;
    std::array<std::byte, header_size> own{};
    std::ranges::copy(header, own.begin());
    put(own.data() + 4, 0, 4);
    const auto size = body.size() - checksum_size;
    if (!direction::agrees(in_->sign, body.first(size), own, body.subspan(size))) return false;
    plain = body.first(size);
    return true;
}

std::error_code cfx_messages::unwrap(wire::bytes_view token, bool sealed, wire::bytes_view& plain) {
    plain = {};
    if (token.size() < header_size || token[0] != std::byte{5} || token[1] != std::byte{4} || token[3] != std::byte{0xFF}) return gss_errc::damaged;
    const auto flags = std::to_integer<std::uint8_t>(token[2]);
    if ((flags & sent_by_acceptor) != flag_in_) return gss_errc::damaged;
    if (sealed && (flags & is_sealed) == 0) return gss_errc::not_sealed;
    const auto extra = static_cast<std::size_t>(get(token.subspan(4, 2)));
    const auto rotation = static_cast<std::size_t>(get(token.subspan(6, 2)));
    // TCP neither repeats nor reorders: whatever is not next in turn was repeated, left out or put in.
    if (get(token.subspan(8, 8)) != in_->sequence) return gss_errc::damaged;
    const auto header = token.first(header_size);
    auto body = token.subspan(header_size);
    if (rotation != 0 && !body.empty()) {
        turned_.assign(body.begin(), body.end());
        std::rotate(turned_.begin(), turned_.begin() + static_cast<std::ptrdiff_t>(rotation % turned_.size()), turned_.end());
        body = turned_;
    }
    const bool good = (flags & is_sealed) != 0 ? open_sealed(header, body, extra, plain) : open_signed(header, body, extra, plain);
    if (!good) {
        plain = {};
        return gss_errc::damaged;
    }
    ++in_->sequence;
    return {};
}

} // namespace irislink::driver
