#pragma once
// Kerberos messages as RFC 4121 (4.2.4 to 4.2.6) has them, for AES contexts (RFC 3961, RFC 3962), with OpenSSL's ciphers:
// the Kerberos library's own take some eight times as long. Knows keys and sequence numbers alone; one thread at a time.

#include <array>
#include <cstdint>
#include <memory>
#include <system_error>

#include "wire/codec/bytes.hpp"
#include "wire/codec/secret.hpp"

namespace irislink::driver {

// What a fresh context knows. `key` is the acceptor's subkey where there is one, or else the context's.
struct cfx_keys {
    int enctype{0}; // 17: aes128-cts-hmac-sha1-96, 18: aes256-cts-hmac-sha1-96
    wire::secret key;
    bool acceptor_subkey{false};
    bool initiator{true};
    std::uint64_t send_sequence{0};
    std::uint64_t receive_sequence{0};
};

class cfx_messages {
public:
    // Whether make() has something for keys of this kind here. Derives nothing after the first time.
    [[nodiscard]] static bool knows(int enctype);
    // Nothing when the key is of another kind, or OpenSSL lacks what it takes (a restricted provider).
    [[nodiscard]] static std::unique_ptr<cfx_messages> make(const cfx_keys& keys);

    ~cfx_messages();
    cfx_messages(const cfx_messages&) = delete;
    cfx_messages& operator=(const cfx_messages&) = delete;

    // Appends one token to `out`, encrypted or in the clear with a checksum. False: OpenSSL failed.
    [[nodiscard]] bool wrap(wire::bytes_view plain, bool sealed, wire::byte_buffer& out);
    // `plain` is replaced by a view of memory of this object or, in the clear, of the token: good until the next unwrap()
    // and no longer than the token. gss_errc::damaged for
    // anything but a whole, untouched token of the peer in its turn, not_sealed for one in the clear where `sealed`.
    [[nodiscard]] std::error_code unwrap(wire::bytes_view token, bool sealed, wire::bytes_view& plain);

private:
    struct direction;

    cfx_messages();

    [[nodiscard]] bool open_sealed(wire::bytes_view header, wire::bytes_view body, std::size_t filler, wire::bytes_view& plain);
    [[nodiscard]] bool open_signed(wire::bytes_view header, wire::bytes_view body, std::size_t checksum, wire::bytes_view& plain) const;
    [[nodiscard]] std::byte* room(std::size_t size);

    std::unique_ptr<direction> out_;
    std::unique_ptr<direction> in_;
    std::uint8_t flags_out_{0};
    std::uint8_t flag_in_{0};
    wire::byte_buffer opened_; // only ever grows; wiped where a shorter message leaves the end of a longer one
    std::size_t used_{0};
    wire::byte_buffer turned_; // a token that the peer rotated, put right
};

} // namespace irislink::driver
