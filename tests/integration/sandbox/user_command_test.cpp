// irislink-sandbox user totp and user sms, as a person runs them.

#include <gtest/gtest.h>

#include <fstream>

#include "samples/sandbox/auth/totp.hpp"
#include "samples/sandbox/config/config.hpp"
#include "tests/support/sandbox_runner/sandbox_command.hpp"

namespace irislink::sandbox {
namespace {

class UserCommand : public ::testing::Test, protected test::sandbox_command {
protected:
    UserCommand() {
        run("init");
        std::ofstream(config, std::ios::app) << "\n[two_factor]\ntotp = true\nsms = true\nissuer = \"Lab\"\noutbox = \"" << (folder / "box").string()
                                             << "\"\n[two_factor.providers]\n\"My Gateway\" = \"sms.example.com\"\n";
        run("user add alice --password-stdin", "secret");
    }

    [[nodiscard]] factor_setup alice() const { return load_config(config).users.at("ALICE").factor; }
};

TEST_F(UserCommand, TotpPrintsTheKeyItStores) {
    const auto out = run("user totp alice");
    ASSERT_EQ(code, 0) << out;
    const auto made = alice();
    EXPECT_EQ(made.active, factor_kind::totp);
    EXPECT_TRUE(is_totp_key(made.totp_key));
    EXPECT_NE(out.find("key " + made.totp_key + "\n"), std::string::npos);
    EXPECT_NE(out.find("uri otpauth://totp/Lab:alice?secret=" + made.totp_key + "&issuer=Lab&"), std::string::npos);
    EXPECT_EQ(out.find("█"), std::string::npos) << "no picture into a pipe";
    const auto drawn = run("user totp alice --qr");
    EXPECT_NE(alice().totp_key, made.totp_key) << "a new key each time";
    EXPECT_NE(drawn.find(qr_code(totp_uri("Lab", "alice", alice().totp_key).reveal()).reveal()), std::string::npos);
}

TEST_F(UserCommand, SmsChecksNumberAndProvider) {
    run("user sms alice --phone '+1 555 0100' --provider 'my gateway'");
    ASSERT_EQ(code, 0);
    EXPECT_EQ(alice().active, factor_kind::sms);
    EXPECT_EQ(alice().phone, "+1 555 0100");
    for (const auto* const bad :
         {"--phone 12 --provider Verizon", "--phone 5550100 --provider Nobody", "--phone '5550100,x@y.z' --provider Verizon", "--phone 5550100"}) {
        run(std::string("user sms alice ") + bad);
        EXPECT_NE(code, 0) << bad;
    }
    EXPECT_EQ(alice().phone, "+1 555 0100");
}

TEST_F(UserCommand, OneKindIsActiveAndCanBeSwitchedOff) {
    run("user totp alice");
    run("user sms alice --phone 5550100 --provider Verizon");
    EXPECT_EQ(alice().active, factor_kind::sms);
    run("user totp alice --off");
    EXPECT_EQ(alice().active, factor_kind::sms) << "off means its own kind";
    run("user sms alice --off");
    EXPECT_EQ(alice().active, factor_kind::none);
    run("user passwd alice --password-stdin", "other");
    EXPECT_EQ(alice().phone, "5550100") << "other commands keep what is there";
    run("user totp nobody");
    EXPECT_EQ(code, 2);
}

TEST(FactorConfig, FaultsAreNamed) {
    for (const auto* const text :
         {"[two_factor]\ntopt = true", "[two_factor]\ntotp = 1", "[two_factor]\ntimeout = 0", "[two_factor.smtp]\ntls = \"maybe\"",
          "[two_factor.smtp]\nport = 70000", "[two_factor.providers]\nx = \"a b\"", "[access_tokens]\nissuers = \"x\"", "[access_tokens]\npublic_keys = \"x\"",
          "[users.a]\ntwo_factor = \"fax\"", "[users.a]\ntwo_factor = \"totp\"\ntotp_key = \"short\""})
        EXPECT_THROW((void)parse_config(text), config_error) << text;
}

} // namespace
} // namespace irislink::sandbox
