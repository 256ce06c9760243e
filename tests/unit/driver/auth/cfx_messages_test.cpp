// Our Kerberos messages against the Kerberos library's own cipher: what it seals we open, and the other way round.
#include "driver/auth/cfx_messages.hpp"

#include <gtest/gtest.h>
#include <krb5.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "driver/auth/gss_errc.hpp"

namespace irislink::driver {
namespace {

using wire::byte_buffer;
using wire::bytes_view;

constexpr std::size_t header_size = 16;
constexpr std::uint64_t our_first = 0x1122334455667788;
constexpr std::uint64_t peers_first = 0xFFFFFFFE; // passes 32 bits after two messages

byte_buffer some_bytes(std::size_t size) {
    std::mt19937 numbers(static_cast<unsigned>(size) + 1);
    byte_buffer out(size);
    for (auto& each : out) each = static_cast<std::byte>(numbers());
    return out;
}

// The other end of the line, by krb5_c_*.
class peer {
public:
    explicit peer(int enctype) : enctype_(enctype), key_(some_bytes(enctype == 17 ? 16 : 32)) { krb5_init_context(&context_); }

    ~peer() { krb5_free_context(context_); }

    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;

    [[nodiscard]] cfx_keys keys(bool initiator = true) const {
        cfx_keys out;
        out.enctype = enctype_;
        out.key = wire::secret({reinterpret_cast<const char*>(key_.data()), key_.size()});
        out.acceptor_subkey = true;
        out.initiator = initiator;
        out.send_sequence = our_first;
        out.receive_sequence = peers_first;
        return out;
    }

    static byte_buffer header(unsigned flags, unsigned extra, unsigned rotation, std::uint64_t sequence) {
        byte_buffer out{std::byte{5}, std::byte{4}, static_cast<std::byte>(flags), std::byte{0xFF}};
        out.push_back(static_cast<std::byte>(extra >> 8));
        out.push_back(static_cast<std::byte>(extra));
        out.push_back(static_cast<std::byte>(rotation >> 8));
        out.push_back(static_cast<std::byte>(rotation));
        for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::byte>(sequence >> shift));
        return out;
    }

    // A Wrap token of the acceptor, as RFC 4121 describes it.
    byte_buffer seal(bytes_view plain, std::uint64_t sequence, std::size_t filler = 0, std::size_t rotation = 0, unsigned flags = 7) const {
        byte_buffer inner(plain.begin(), plain.end());
        inner.insert(inner.end(), filler, std::byte{0});
        const auto copy = header(flags, static_cast<unsigned>(filler), 0, sequence);
        inner.insert(inner.end(), copy.begin(), copy.end());
        const auto block = key();
        std::size_t size = 0;
        EXPECT_EQ(krb5_c_encrypt_length(context_, enctype_, inner.size(), &size), 0);
        byte_buffer body(size);
        const auto in = data(inner);
        krb5_enc_data out{};
        out.ciphertext = data(body);
        EXPECT_EQ(krb5_c_encrypt(context_, &block, 22, nullptr, &in, &out), 0);
        return whole(header(flags, static_cast<unsigned>(filler), static_cast<unsigned>(rotation), sequence), body, rotation);
    }

    byte_buffer sign(bytes_view plain, std::uint64_t sequence, std::size_t rotation = 0) const {
        byte_buffer covered(plain.begin(), plain.end());
        const auto copy = header(5, 0, 0, sequence);
        covered.insert(covered.end(), copy.begin(), copy.end());
        const auto sum = checksum(covered, 22);
        byte_buffer body(plain.begin(), plain.end());
        body.insert(body.end(), sum.begin(), sum.end());
        return whole(header(5, static_cast<unsigned>(sum.size()), static_cast<unsigned>(rotation), sequence), body, rotation);
    }

    // The inside of our sealed token: data and header.
    byte_buffer open(bytes_view token) const {
        byte_buffer body(token.begin() + header_size, token.end());
        byte_buffer inner(body.size());
        krb5_enc_data in{};
        in.enctype = enctype_;
        in.ciphertext = data(body);
        auto out = data(inner);
        const auto block = key();
        EXPECT_EQ(krb5_c_decrypt(context_, &block, 24, nullptr, &in, &out), 0);
        inner.resize(out.length);
        return inner;
    }

    byte_buffer checksum(const byte_buffer& over, krb5_keyusage usage) const {
        const auto block = key();
        const auto in = data(const_cast<byte_buffer&>(over));
        krb5_checksum sum{};
        EXPECT_EQ(krb5_c_make_checksum(context_, enctype_ == 17 ? CKSUMTYPE_HMAC_SHA1_96_AES128 : CKSUMTYPE_HMAC_SHA1_96_AES256, &block, usage, &in, &sum), 0);
        byte_buffer out(sum.length);
        std::copy_n(reinterpret_cast<const std::byte*>(sum.contents), sum.length, out.begin());
        krb5_free_checksum_contents(context_, &sum);
        return out;
    }

private:
    static krb5_data data(byte_buffer& bytes) {
        krb5_data out{};
        out.data = reinterpret_cast<char*>(bytes.data());
        out.length = static_cast<unsigned>(bytes.size());
        return out;
    }

    static byte_buffer whole(byte_buffer token, byte_buffer body, std::size_t rotation) {
        std::rotate(body.begin(), body.end() - static_cast<std::ptrdiff_t>(rotation % body.size()), body.end());
        token.insert(token.end(), body.begin(), body.end());
        return token;
    }

    [[nodiscard]] krb5_keyblock key() const {
        krb5_keyblock out{};
        out.enctype = enctype_;
        out.length = static_cast<unsigned>(key_.size());
        out.contents = reinterpret_cast<krb5_octet*>(const_cast<std::byte*>(key_.data()));
        return out;
    }

    int enctype_;
    byte_buffer key_;
    krb5_context context_{nullptr};
};

class CfxMessages : public testing::TestWithParam<int> {
protected:
    peer other{GetParam()};
};

byte_buffer copy(bytes_view from) {
    return {from.begin(), from.end()};
}

TEST_P(CfxMessages, WhatThePeerSealsIsOpened) {
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    std::uint64_t sequence = peers_first;
    // Each size around the cipher's blocks, where the last two change places, and a large one between small ones.
    for (std::size_t size = 0; size <= 100; ++size) {
        const auto text = some_bytes(size % 10 == 9 ? 48'000 + size : size);
        bytes_view plain;
        ASSERT_EQ(ours->unwrap(other.seal(text, sequence++), true, plain), std::error_code{}) << size;
        EXPECT_EQ(copy(plain), text) << size;
    }
}

TEST_P(CfxMessages, WhatThePeerSignsIsOpened) {
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    std::uint64_t sequence = peers_first;
    for (const std::size_t size : {0, 1, 15, 16, 17, 48'000}) {
        for (const std::size_t rotation : {0, 1, 12, 28, 65'535}) {
            const auto text = some_bytes(size);
            const auto token = other.sign(text, sequence++, rotation); // the view may be of it
            bytes_view plain;
            ASSERT_EQ(ours->unwrap(token, false, plain), std::error_code{}) << size << ' ' << rotation;
            EXPECT_EQ(copy(plain), text) << size;
        }
    }
}

// Other libraries turn the body round (RFC 4121, 4.2.5), and may fill up the last block.
TEST_P(CfxMessages, RotationAndFillerAreUndone) {
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    std::uint64_t sequence = peers_first;
    for (const std::size_t rotation : {1, 12, 28, 29, 1000, 65'535}) {
        for (const std::size_t filler : {0, 3, 16}) {
            const auto text = some_bytes(333);
            bytes_view plain;
            ASSERT_EQ(ours->unwrap(other.seal(text, sequence++, filler, rotation), true, plain), std::error_code{}) << rotation;
            EXPECT_EQ(copy(plain), text) << rotation << ' ' << filler;
        }
    }
}

TEST_P(CfxMessages, WhatWeSealThePeerOpens) {
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    for (std::size_t size = 0; size <= 70; ++size) {
        const auto text = some_bytes(size == 70 ? 48'000 : size);
        byte_buffer token;
        ASSERT_TRUE(ours->wrap(text, true, token));
        const auto header = peer::header(6, 0, 0, our_first + size);
        ASSERT_TRUE(std::equal(header.begin(), header.end(), token.begin())) << size;
        auto expected = text;
        expected.insert(expected.end(), header.begin(), header.end());
        EXPECT_EQ(other.open(token), expected) << size;
    }
}

TEST_P(CfxMessages, WhatWeSignThePeerAccepts) {
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    const auto text = some_bytes(1000);
    byte_buffer token;
    ASSERT_TRUE(ours->wrap(text, false, token));
    auto covered = text;
    const auto in_sum = peer::header(4, 0, 0, our_first);
    covered.insert(covered.end(), in_sum.begin(), in_sum.end());
    auto expected = peer::header(4, 12, 0, our_first);
    expected.insert(expected.end(), text.begin(), text.end());
    const auto sum = other.checksum(covered, 24);
    expected.insert(expected.end(), sum.begin(), sum.end());
    EXPECT_EQ(token, expected);
}

TEST_P(CfxMessages, TwoOfOursUnderstandEachOther) {
    auto theirs = other.keys(false);
    std::swap(theirs.send_sequence, theirs.receive_sequence);
    const auto initiator = cfx_messages::make(other.keys());
    const auto acceptor = cfx_messages::make(theirs);
    ASSERT_TRUE(initiator && acceptor);
    for (const bool sealed : {true, false, true}) {
        byte_buffer there;
        byte_buffer back;
        bytes_view plain;
        const auto text = some_bytes(500);
        ASSERT_TRUE(initiator->wrap(text, sealed, there));
        ASSERT_EQ(acceptor->unwrap(there, sealed, plain), std::error_code{});
        EXPECT_EQ(copy(plain), text);
        ASSERT_TRUE(acceptor->wrap(text, sealed, back));
        ASSERT_EQ(initiator->unwrap(back, sealed, plain), std::error_code{});
        EXPECT_EQ(copy(plain), text);
        // One's own token, sent back.
        EXPECT_EQ(initiator->unwrap(there, sealed, plain), gss_errc::damaged);
    }
}

TEST_P(CfxMessages, EveryChangedBitIsSeen) {
    const auto text = some_bytes(40);
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    for (const bool sealed : {true, false}) {
        const auto token = sealed ? other.seal(text, peers_first) : other.sign(text, peers_first);
        for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
            auto changed = token;
            changed[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
            bytes_view plain;
            const auto failed = ours->unwrap(changed, sealed, plain);
            EXPECT_TRUE(failed == gss_errc::damaged || (sealed && failed == gss_errc::not_sealed)) << sealed << ' ' << bit << ' ' << failed;
            EXPECT_TRUE(plain.empty());
        }
        for (std::size_t size = 0; size < token.size(); ++size) {
            bytes_view plain;
            EXPECT_EQ(ours->unwrap(bytes_view(token).first(size), sealed, plain), gss_errc::damaged) << size;
        }
    }
    bytes_view plain;
    EXPECT_EQ(ours->unwrap(other.seal(text, peers_first), true, plain), std::error_code{}) << "a refused token does not count";
}

TEST_P(CfxMessages, OutOfTurnOrInTheClearIsRefused) {
    const auto ours = cfx_messages::make(other.keys());
    ASSERT_NE(ours, nullptr);
    const auto text = some_bytes(40);
    bytes_view plain;
    EXPECT_EQ(ours->unwrap(other.sign(text, peers_first), true, plain), gss_errc::not_sealed);
    EXPECT_EQ(ours->unwrap(other.seal(text, peers_first + 1), true, plain), gss_errc::damaged) << "one was left out";
    const auto token = other.seal(text, peers_first);
    ASSERT_EQ(ours->unwrap(token, true, plain), std::error_code{});
    EXPECT_EQ(ours->unwrap(token, true, plain), gss_errc::damaged) << "repeated";
    EXPECT_EQ(ours->unwrap(other.seal(text, peers_first + 1, 0, 0, 6), true, plain), gss_errc::damaged) << "by an initiator";
    const auto sound = other.seal(text, peers_first + 1);
    auto filler = sound;
    filler[4] = std::byte{0xFF};
    EXPECT_EQ(ours->unwrap(filler, true, plain), gss_errc::damaged) << "more filler than there is";
}

INSTANTIATE_TEST_SUITE_P(Aes, CfxMessages, testing::Values(17, 18));

TEST(CfxMessages, OtherKindsOfKeysAreLeftToTheLibrary) {
    for (const int enctype : {0, 16, 19, 20, 23}) {
        cfx_keys keys;
        keys.enctype = enctype;
        keys.key = wire::secret(std::string(32, 'k'));
        EXPECT_EQ(cfx_messages::make(keys), nullptr) << enctype;
    }
    cfx_keys keys;
    keys.enctype = 18;
    keys.key = wire::secret(std::string(16, 'k'));
    EXPECT_EQ(cfx_messages::make(keys), nullptr) << "a key of the wrong length";
}

} // namespace
} // namespace irislink::driver
