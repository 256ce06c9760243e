#include "samples/sandbox/auth/access_token.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/access_token/token_maker.hpp"
#include "tests/support/temporary_folder/temporary_folder.hpp"

namespace irislink::sandbox {
namespace {

using test::base64url;
using test::make_key_set;
using test::make_shared_token;
using test::make_token;
using test::make_token_with;
using test::signing_key;

constexpr double now = 1'700'000'000;
constexpr std::string_view good_claims = R"({"iss":"https://id.example","aud":"iris","sub":"alice","exp":1700000300})";
constexpr std::string_view shared_secret = "0123456789abcdef0123456789abcdef-more";

// Keys are slow to make: one of each kind for all tests.
const signing_key& rsa() {
    static const auto key = signing_key::rsa();
    return key;
}

const signing_key& ec() {
    static const auto key = signing_key::ec();
    return key;
}

const signing_key& ed() {
    static const auto key = signing_key::ed25519();
    return key;
}

class AccessToken : public ::testing::Test {
protected:
    AccessToken() {
        settings.issuer = "https://id.example";
        settings.audience = "iris";
        settings.key_set = put("keys.json", make_key_set({rsa().jwk("r"), ec().jwk("e"), ed().jwk("d")}));
    }

    std::filesystem::path put(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name) << text;
        return folder / name;
    }

    [[nodiscard]] token_verdict check(const std::string& token, double at = now) const { return token_checker(settings).check(token, at); }

    void refuses(const std::string& token, std::string_view reason, double at = now) const {
        const auto verdict = check(token, at);
        EXPECT_FALSE(verdict.accepted) << token;
        EXPECT_TRUE(verdict.account.empty());
        EXPECT_NE(verdict.reason.find(reason), std::string::npos) << verdict.reason;
    }

    test::temporary_folder folder;
    access_token_settings settings;
};

TEST_F(AccessToken, TheThreePublicKeyAlgorithmsAreAccepted) {
    for (const auto& [key, id] : {std::pair{&rsa(), "r"}, std::pair{&ec(), "e"}, std::pair{&ed(), "d"}}) {
        const auto named = check(make_token(*key, good_claims, id));
        EXPECT_TRUE(named.accepted) << named.reason;
        EXPECT_EQ(named.account, "alice");
        EXPECT_TRUE(check(make_token(*key, good_claims)).accepted) << "no key id: every fitting key is tried";
    }
}

TEST_F(AccessToken, EveryDamagedSignatureIsRefused) {
    for (const auto* const key : {&rsa(), &ec(), &ed()}) {
        const auto text = base64url(R"({"alg":")" + key->algorithm() + "\"}") + "." + base64url(good_claims);
        const auto signature = key->sign(text);
        for (std::size_t i = 0; i < signature.size(); i += 7) {
            auto damaged = signature;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
            refuses(text + "." + base64url(damaged), "signature");
        }
        refuses(text + ".", "signature");
        refuses(text + "." + base64url(signature.substr(1)), "signature");
        refuses(text + "." + base64url(signature + "x"), "signature");
        // The payload of another token under this signature.
        refuses(
            base64url(R"({"alg":")" + key->algorithm() + "\"}") + "." +
                base64url(R"({"iss":"https://id.example","aud":"iris","sub":"root","exp":1700000300})") + "." + base64url(signature),
            "signature"
        );
    }
}

TEST_F(AccessToken, AKeyOfSomebodyElseIsRefused) {
    refuses(make_token(signing_key::ec(), good_claims, "e"), "signature");
    refuses(make_token(ec(), good_claims, "zz"), "not known");
    refuses(make_token(ec(), good_claims, "r"), "no key fits");
}

TEST_F(AccessToken, NoneIsNeverAccepted) {
    for (const auto* const name : {"none", "None", "NONE", "nOnE", "", "RS512", "PS256", "es256"}) {
        const auto header = std::string(R"({"alg":")") + name + "\"}";
        refuses(base64url(header) + "." + base64url(good_claims) + ".", "not accepted");
        refuses(make_token_with(header, rsa(), good_claims), "not accepted");
    }
    refuses(base64url(R"({"typ":"JWT"})") + "." + base64url(good_claims) + ".", "not accepted");
}

TEST_F(AccessToken, APublicKeyIsNoSharedSecret) {
    // The classic: HS256 with the text of the public key, which everybody has.
    for (const auto& secret : {rsa().pem(), rsa().jwk("r"), rsa().jwk("")})
        refuses(make_shared_token(secret, R"({"alg":"HS256","kid":"r"})", good_claims), "no key fits");
    settings.key_set.clear();
    settings.public_keys = {put("key.pem", rsa().pem())};
    EXPECT_TRUE(check(make_token(rsa(), good_claims)).accepted);
    refuses(make_shared_token(rsa().pem(), R"({"alg":"HS256"})", good_claims), "no key fits");
}

TEST_F(AccessToken, SharedKeysWorkOnlyWhereTheyAreConfigured) {
    const auto token = make_shared_token(shared_secret, R"({"alg":"HS256"})", good_claims);
    refuses(token, "no key fits");
    // Not even when the key set brings one along.
    settings.key_set = put("oct.json", make_key_set({R"({"kty":"oct","k":")" + base64url(shared_secret) + "\"}", rsa().jwk("r")}));
    refuses(token, "no key fits");
    settings.shared_key = put("shared", std::string(shared_secret) + "\n");
    EXPECT_TRUE(check(token).accepted);
    refuses(make_shared_token("another", R"({"alg":"HS256"})", good_claims), "signature");
    settings.shared_key = put("short", "too short\n");
    EXPECT_THROW(token_checker{settings}, std::invalid_argument);
}

TEST_F(AccessToken, TimesCountWithAMinuteOfGrace) {
    const auto token = make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"a","exp":1700000300,"nbf":1700000000})");
    EXPECT_TRUE(check(token, 1700000359).accepted);
    refuses(token, "expired", 1700000360);
    EXPECT_TRUE(check(token, 1699999940).accepted);
    refuses(token, "not valid yet", 1699999939);
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"a"})"), "no expiry");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"a","exp":"1700000300"})"), "malformed");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"a","exp":1700000300,"nbf":null})"), "malformed");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"a","exp":1e999})"), "");
}

TEST_F(AccessToken, IssuerAndAudienceMustMatchExactly) {
    refuses(make_token(ec(), R"({"iss":"https://id.example/","aud":"iris","sub":"a","exp":1700000300})"), "issuer");
    refuses(make_token(ec(), R"({"aud":"iris","sub":"a","exp":1700000300})"), "issuer");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"irish","sub":"a","exp":1700000300})"), "audience");
    refuses(make_token(ec(), R"({"iss":"https://id.example","sub":"a","exp":1700000300})"), "audience");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":[],"sub":"a","exp":1700000300})"), "audience");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":[1],"sub":"a","exp":1700000300})"), "malformed");
    EXPECT_TRUE(check(make_token(ec(), R"({"iss":"https://id.example","aud":["other","iris"],"sub":"a","exp":1700000300})")).accepted);
}

TEST_F(AccessToken, TheAccountIsTheConfiguredClaim) {
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","exp":1700000300})"), "no claim 'sub'");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":7,"exp":1700000300})"), "malformed");
    settings.account_claim = "preferred_username";
    refuses(make_token(ec(), good_claims), "no claim 'preferred_username'");
    const auto verdict = check(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"x","preferred_username":"bob","exp":1700000300})"));
    EXPECT_EQ(verdict.account, "bob");
}

TEST_F(AccessToken, WhatIsNoTokenIsRefused) {
    const auto good = make_token(ec(), good_claims, "e");
    ASSERT_TRUE(check(good).accepted);
    for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(check(good.substr(0, size)).accepted) << size;
    refuses("", "three parts");
    refuses(good + ".x", "three parts");
    refuses(good + "=", "base64url");
    refuses(" " + good, "base64url");
    refuses(std::string(longest_access_token, 'a') + ".a.a", "longer");
    refuses(make_token_with(R"(["alg"])", ec(), good_claims), "JSON");
    refuses(make_token_with(R"({"alg":"ES256","alg":"ES256"})", ec(), good_claims), "JSON");
    refuses(make_token(ec(), R"({"iss":"https://id.example","aud":"iris","sub":"root","sub":"alice","exp":1700000300})"), "JSON");
    refuses(make_token(ec(), std::string(20, '[') + std::string(20, ']')), "JSON");
    refuses(make_token(ec(), R"({"deep":)" + std::string(3000, '[') + std::string(3000, ']') + "}"), "JSON");
    refuses(make_token(ec(), "{\"sub\":\"\xFF\"}"), "JSON");
    refuses(make_token_with(R"({"alg":"ES256","crit":["b64"],"b64":false})", ec(), good_claims), "extensions");
    refuses(make_token_with(R"({"alg":"ES256","typ":"dpop+jwt"})", ec(), good_claims), "header");
    refuses(make_token_with(R"({"alg":["ES256"]})", ec(), good_claims), "header");
}

TEST_F(AccessToken, RotatedKeysAreReadAnewAndABrokenFileChangesNothing) {
    const auto next = signing_key::ec();
    token_checker checker(settings);
    const auto token = make_token(next, good_claims, "n");
    EXPECT_FALSE(checker.check(token, now).accepted);
    const auto touch = [&](int minutes) {
        std::filesystem::last_write_time(settings.key_set, std::filesystem::file_time_type::clock::now() + std::chrono::minutes(minutes));
    };
    put("keys.json", make_key_set({next.jwk("n")}));
    touch(1);
    EXPECT_TRUE(checker.check(token, now).accepted);
    EXPECT_FALSE(checker.check(make_token(ec(), good_claims, "e"), now).accepted) << "the old key is out";
    put("keys.json", "{ broken");
    touch(2);
    EXPECT_TRUE(checker.check(token, now).accepted);
    std::filesystem::remove(settings.key_set);
    EXPECT_TRUE(checker.check(token, now).accepted);
}

TEST_F(AccessToken, SettingsThatCannotWorkAreRefusedAtTheStart) {
    auto changed = settings;
    changed.issuer.clear();
    EXPECT_THROW(token_checker{changed}, std::invalid_argument);
    changed = settings;
    changed.audience.clear();
    EXPECT_THROW(token_checker{changed}, std::invalid_argument);
    changed = settings;
    changed.key_set = folder / "missing.json";
    EXPECT_THROW(token_checker{changed}, std::invalid_argument);
    changed.key_set.clear();
    EXPECT_THROW(token_checker{changed}, std::invalid_argument);
}

TEST(WebKeys, WhatIsForAnotherPurposeIsPassedOver) {
    EXPECT_EQ(
        read_jwks(make_key_set({rsa().jwk("a", R"(,"use":"enc")"), rsa().jwk("b", R"(,"alg":"RS512")"), ec().jwk("c", R"(,"alg":"RS256")")}), false).size(), 0U
    );
    EXPECT_EQ(
        read_jwks(make_key_set({R"({"kty":"EC","crv":"P-521","x":"AA","y":"AA"})", R"({"kty":"new"})", ec().jwk("c", R"(,"use":"sig","alg":"ES256")")}), false)
            .size(),
        1U
    );
}

TEST(WebKeys, FaultsAreNamed) {
    const auto refuses = [](const std::string& keys, std::string_view reason) {
        try {
            (void)read_jwks(keys, false);
            ADD_FAILURE() << keys;
        } catch (const std::invalid_argument& fault) {
            EXPECT_NE(std::string_view(fault.what()).find(reason), std::string_view::npos) << fault.what();
        }
    };
    refuses("", "not a JSON object");
    refuses("[]", "not a JSON object");
    refuses("{}", "no list");
    refuses(make_key_set({"7"}), "not an object");
    refuses(make_key_set({signing_key::rsa(1024).jwk("weak")}), "weak");
    refuses(make_key_set({R"({"kty":"RSA","e":"AQAB"})"}), "'n'");
    refuses(make_key_set({R"({"kty":"RSA","n":"####","e":"AQAB"})"}), "base64url");
    refuses(make_key_set({ec().jwk("a"), signing_key::ec().jwk("a")}), "two keys");
    refuses(make_key_set({ec().jwk("a", R"(,"d":"AAAA")")}), "private key");
    refuses(
        make_key_set({R"({"kty":"EC","crv":"P-256","x":")" + base64url(std::string(32, '\x01')) + R"(","y":")" + base64url(std::string(32, '\x02')) + "\"}"}),
        "malformed"
    );
    refuses(make_key_set({R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"}), "32 octets");
    EXPECT_THROW((void)read_pem_keys("nothing"), std::invalid_argument);
    EXPECT_THROW((void)read_pem_keys(signing_key::rsa(1024).pem()), std::invalid_argument);
    EXPECT_THROW((void)read_pem_keys(signing_key::ec("P-384").pem()), std::invalid_argument);
    EXPECT_THROW((void)read_pem_keys("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), std::invalid_argument);
}

TEST(WebKeys, SeveralPemKeysInOneFile) {
    const auto keys = read_pem_keys(rsa().pem() + ec().pem() + ed().pem());
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_EQ(keys[0].algorithm, token_algorithm::rs256);
    EXPECT_EQ(keys[1].algorithm, token_algorithm::es256);
    EXPECT_EQ(keys[2].algorithm, token_algorithm::eddsa);
}

TEST(Base64Url, OnlyWhatAnEncoderMakes) {
    EXPECT_EQ(decode_base64url(""), "");
    EXPECT_EQ(decode_base64url("Zg"), "f");
    EXPECT_EQ(decode_base64url("Zm8"), "fo");
    EXPECT_EQ(decode_base64url("Zm9v"), "foo");
    EXPECT_EQ(decode_base64url("-_-_"), "\xFB\xFF\xBF");
    for (const auto* const text : {"Z", "Zm9vY", "Zh", "Zm9", "Zg==", "Zm+v", "Zm/v", "Zm 9", "Zm\n9v"}) EXPECT_FALSE(decode_base64url(text)) << text;
}

} // namespace
} // namespace irislink::sandbox
