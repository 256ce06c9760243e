#include "driver/session/policy.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

#include "driver/auth/kerberos_tickets.hpp"

namespace irislink::driver {
namespace {

using digest_key = std::array<unsigned char, 32>;

const digest_key& process_key() {
    static const digest_key key = [] {
        digest_key out{};
        if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) throw std::runtime_error("no random bytes");
        return out;
    }();
    return key;
}

// Every field with its length, so that no two lists of fields look alike.
class field_list {
public:
    ~field_list() { wire::secure_zero(bytes_.data(), bytes_.size()); }

    field_list() { bytes_.reserve(std::size_t{256} << 10U); }

    field_list(const field_list&) = delete;
    field_list& operator=(const field_list&) = delete;

    void add(std::string_view text) {
        add(static_cast<std::int64_t>(text.size()));
        // A vector that grows by itself would leave a copy behind.
        if (bytes_.size() + text.size() > bytes_.capacity()) {
            std::vector<char> larger;
            larger.reserve(2 * (bytes_.size() + text.size()));
            larger.insert(larger.end(), bytes_.begin(), bytes_.end());
            wire::secure_zero(bytes_.data(), bytes_.size());
            bytes_.swap(larger);
        }
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }

    void add(const wire::secret& text) { add(text.reveal()); }

    void add(std::int64_t number) {
        for (unsigned shift = 0; shift < 64; shift += 8) bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift));
    }

    void add(const std::vector<std::string>& all) {
        add(static_cast<std::int64_t>(all.size()));
        for (const auto& each : all) add(std::string_view(each));
    }

    [[nodiscard]] std::string digest() const {
        std::array<unsigned char, 32> out{};
        unsigned size = 0;
        const auto& key = process_key();
        if (HMAC(
                EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size(), out.data(), &size
            ) == nullptr)
            throw std::runtime_error("no digest");
        static constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (const auto each : out) {
            text += digits[each >> 4U];
            text += digits[each & 15U];
        }
        return text;
    }

private:
    std::vector<char> bytes_;
};

} // namespace

std::string policy_fingerprint(const connection_settings& in) {
    field_list all;
    all.add(static_cast<std::int64_t>(in.endpoints.size()));
    for (const auto& each : in.endpoints) {
        all.add(std::string_view(each.host));
        all.add(std::int64_t{each.port});
    }
    for (const auto* const text :
         {&in.name_space, &in.user, &in.access_token_file, &in.application, &in.tls.ca_file, &in.tls.crl_file, &in.tls.certificate_file, &in.tls.key_file,
          &in.tls.host_name, &in.tls.cipher_list, &in.tls.ciphersuites, &in.kerberos.service_principal, &in.kerberos.principal, &in.kerberos.ccache,
          &in.kerberos.keytab})
        all.add(std::string_view(*text));
    for (const auto* const hidden : {&in.password, &in.access_token, &in.tls.key_password, &in.two_factor_token}) all.add(*hidden);
    for (const std::int64_t number :
         {static_cast<std::int64_t>(in.level), static_cast<std::int64_t>(in.tls.check), static_cast<std::int64_t>(in.tls.lowest),
          static_cast<std::int64_t>(in.tls.highest), std::int64_t{in.tls.verify_depth}, std::int64_t{in.autocommit}, std::int64_t{in.isolation},
          std::int64_t{in.feature_option}, std::int64_t{in.allow_token_in_clear}, in.fetch_bytes, static_cast<std::int64_t>(in.kerberos.source)})
        all.add(number);
    all.add(in.tls.pins);
    all.add(in.two_factor_command);
    const bool callbacks = in.two_factor || in.two_factor_async || in.access_token_provider || in.tls.key_password_provider ||
                           (in.kerberos.tickets && in.kerberos.tickets->asks());
    all.add(callbacks ? static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(&in)) : 0);
    return all.digest();
}

} // namespace irislink::driver
