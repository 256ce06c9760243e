#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "samples/sandbox/auth/password_hash.hpp"
#include "samples/sandbox/auth/totp.hpp"
#include "samples/sandbox/server/server.hpp"
#include "tests/integration/sandbox/raw_client.hpp"
#include "tests/support/access_token/token_maker.hpp"
#include "tests/support/smtp_stub/smtp_stub.hpp"
#include "tests/support/temporary_folder/temporary_folder.hpp"
#include "wire/messages/control.hpp"
#include "wire/messages/execute.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {
namespace {

using sandbox::factor_kind;
using namespace std::chrono_literals;

constexpr std::string_view key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

std::string code_of_step(std::int64_t offset) {
    return std::string(sandbox::totp_code(key, std::time(nullptr) / 30 + offset).reveal());
}

class SecondFactor : public ::testing::Test {
protected:
    SecondFactor() {
        config.port = 0;
        config.used_codes = (folder / "used").string();
        config.second_factor.totp = true;
        config.second_factor.sms = true;
        config.second_factor.outbox = (folder / "outbox").string();
        for (const auto* const user : {"plain", "alice", "bob"}) {
            sandbox::account made;
            made.name = user;
            made.password = sandbox::hash_password("demo", 1000);
            if (made.name == "alice") made.factor = {factor_kind::totp, std::string(key), {}, {}};
            if (made.name == "bob") made.factor = {factor_kind::sms, {}, "+1 555 0100", "Verizon"};
            config.users[user == std::string("plain") ? "PLAIN" : user == std::string("alice") ? "ALICE" : "BOB"] = made;
        }
        // Codes of the last two steps are right: a test must not straddle the end of one.
        if (std::time(nullptr) % 30 >= 26) std::this_thread::sleep_for(5s);
    }

    ~SecondFactor() override { server.reset(); }

    void start() {
        server.reset();
        server = std::make_unique<sandbox::server>(config);
        server->start();
    }

    // With text messages that go by mail.
    void start_with(const smtp_stub& mail) {
        config.second_factor.outbox.clear();
        config.second_factor.smtp.server = "127.0.0.1";
        config.second_factor.smtp.port = mail.port();
        config.second_factor.smtp.from = "iris@db.example";
        start();
    }

    // Status of the login message alone.
    int log_in(raw_client& client, std::string_view user, std::string_view password = "demo") const {
        client.request(wire::hello_request{}, 1);
        (void)client.receive();
        wire::login_request login;
        login.name_space = "USER";
        login.user = wire::secret(user);
        login.password = wire::secret(password);
        client.request(login, 3);
        const auto answer = client.receive(10'000);
        if (!answer) return -1;
        if (answer->status() == 0) {
            wire::login_reply reply;
            if (wire::decode_body(answer->body, client.format(), reply)) return -2;
            job = reply.job;
        }
        return answer->status();
    }

    static int status(raw_client& client) {
        const auto answer = client.receive();
        return answer ? answer->status() : -1;
    }

    static int send_code(raw_client& client, std::string_view code) {
        client.request(wire::second_factor_token{wire::secret(code)}, 7);
        return status(client);
    }

    static bool asked(raw_client& client) {
        client.request(wire::second_factor_query{}, 5);
        const auto answer = client.receive();
        wire::second_factor_query_reply reply;
        EXPECT_TRUE(answer && answer->status() == 0 && !wire::decode_body(answer->body, client.format(), reply));
        return reply.required;
    }

    static int query(raw_client& client) {
        wire::direct_query_request request;
        request.sql.text = "SELECT 1";
        client.request(request, 9, 1);
        return status(client);
    }

    [[nodiscard]] std::vector<std::string> messages() const {
        std::vector<std::string> out;
        if (!std::filesystem::exists(folder / "outbox")) return out;
        std::vector<std::filesystem::path> files;
        for (const auto& each : std::filesystem::directory_iterator(folder / "outbox")) files.push_back(each.path());
        std::sort(files.begin(), files.end());
        for (const auto& each : files) {
            std::ostringstream text;
            text << std::ifstream(each).rdbuf();
            out.push_back(text.str());
        }
        return out;
    }

    static std::string code_in(const std::string& message) {
        const auto at = message.find("code: ");
        return at == std::string::npos ? "" : message.substr(at + 6, 6);
    }

    // What a refused client sees: 417 was read by the caller, the text follows, then the end.
    static void expect_end(raw_client& client) {
        client.request(wire::error_text_request{417}, 11);
        const auto text = client.receive();
        ASSERT_TRUE(text);
        EXPECT_NE(wire::as_text(text->body).find("Access Denied"), std::string_view::npos);
        EXPECT_TRUE(client.closed());
    }

    temporary_folder folder;
    sandbox::sandbox_config config;
    std::unique_ptr<sandbox::server> server;
    mutable std::int64_t job{0};
};

TEST_F(SecondFactor, NotNeededAnswersZeroAndTakesAnyCode) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "plain"), 0);
    EXPECT_FALSE(asked(client));
    EXPECT_EQ(send_code(client, "whatever"), 0);
    EXPECT_EQ(query(client), 0);
}

TEST_F(SecondFactor, TheRightTotpCodeOpensTheSession) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "alice"), 0);
    EXPECT_TRUE(asked(client));
    EXPECT_EQ(send_code(client, code_of_step(0)), 0);
    EXPECT_FALSE(asked(client));
    EXPECT_EQ(query(client), 0);
}

TEST_F(SecondFactor, ThePreviousStepIsGoodAndOlderOnesAreNot) {
    start();
    raw_client previous(server->port());
    ASSERT_EQ(log_in(previous, "alice"), 0);
    EXPECT_EQ(send_code(previous, code_of_step(-1)), 0);
    raw_client older(server->port());
    ASSERT_EQ(log_in(older, "alice"), 0);
    EXPECT_EQ(send_code(older, code_of_step(-2)), 417);
    raw_client future(server->port());
    ASSERT_EQ(log_in(future, "alice"), 0);
    EXPECT_EQ(send_code(future, code_of_step(1)), 417);
}

TEST_F(SecondFactor, ACodeWorksOnceEvenOverARestart) {
    start();
    const auto code = code_of_step(0);
    raw_client first(server->port());
    ASSERT_EQ(log_in(first, "alice"), 0);
    EXPECT_EQ(send_code(first, code), 0);
    raw_client second(server->port());
    ASSERT_EQ(log_in(second, "alice"), 0);
    EXPECT_EQ(send_code(second, code), 417);
    start();
    raw_client third(server->port());
    ASSERT_EQ(log_in(third, "alice"), 0);
    EXPECT_EQ(send_code(third, code), 417);
}

TEST_F(SecondFactor, AWrongCodeIsToldAndEndsTheConnection) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "alice"), 0);
    EXPECT_EQ(send_code(client, "abcdef"), 417);
    expect_end(client);
    // There is no second answer.
    raw_client again(server->port());
    ASSERT_EQ(log_in(again, "alice"), 0);
    EXPECT_EQ(send_code(again, ""), 417);
    again.request(wire::second_factor_token{wire::secret(code_of_step(0))}, 9);
    EXPECT_FALSE(again.receive());
    EXPECT_TRUE(again.closed());
}

TEST_F(SecondFactor, ARefusedClientThatStaysSilentIsClosedSoon) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "alice"), 0);
    EXPECT_EQ(send_code(client, "abcdef"), 417);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(client.closed());
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
}

TEST_F(SecondFactor, AMalformedCodeIsAWrongOne) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "alice"), 0);
    wire::byte_buffer broken;
    wire::message_builder builder(broken);
    builder.begin(7, 0, wire::second_factor_token::code);
    broken.push_back(std::byte{200});
    builder.end();
    client.send(broken);
    EXPECT_EQ(status(client), 417);
    expect_end(client);
}

TEST_F(SecondFactor, AnythingElseWhileItIsDueIsRefused) {
    start();
    raw_client sql(server->port());
    ASSERT_EQ(log_in(sql, "alice"), 0);
    EXPECT_EQ(query(sql), 417);
    expect_end(sql);
    raw_client unknown(server->port());
    ASSERT_EQ(log_in(unknown, "alice"), 0);
    unknown.request(wire::empty_request<wire::function_code{'X' | 'Q' << 8}>{}, 5);
    EXPECT_EQ(status(unknown), 417);
    unknown.request(wire::second_factor_token{wire::secret(code_of_step(0))}, 9);
    EXPECT_TRUE(unknown.closed());
}

TEST_F(SecondFactor, PingAndErrorTextAndOneWayMessagesAreFine) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "alice"), 0);
    client.request(wire::ping_request{}, 5);
    EXPECT_EQ(status(client), 0);
    client.request(wire::error_text_request{417}, 7);
    EXPECT_EQ(status(client), 0);
    client.request(wire::empty_request<wire::function_code{'A' | 'F' << 8}>{}, 9); // remembered
    EXPECT_EQ(send_code(client, code_of_step(0)), 0);
    wire::direct_update_request update;
    update.sql.text = "CREATE TABLE F.T (n INTEGER)";
    client.request(update, 11, 1);
    EXPECT_EQ(status(client), 0);
    client.request(wire::empty_request<wire::function_code{'I' | 'T' << 8}>{}, 13);
    EXPECT_EQ(status(client), 1) << "auto-commit was off from the start";
}

TEST_F(SecondFactor, ALateCodeIsRefused) {
    config.second_factor.timeout = 1s;
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "alice"), 0);
    std::this_thread::sleep_for(1200ms);
    EXPECT_EQ(send_code(client, code_of_step(0)), 417);
    raw_client sms(server->port());
    ASSERT_EQ(log_in(sms, "bob"), 0);
    std::this_thread::sleep_for(1200ms);
    EXPECT_EQ(send_code(sms, code_in(messages().back())), 417);
    raw_client silent(server->port());
    ASSERT_EQ(log_in(silent, "alice"), 0);
    EXPECT_TRUE(silent.closed());
}

TEST_F(SecondFactor, ATextMessageCarriesTheCodeOnceForEachLogin) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "bob"), 0);
    ASSERT_EQ(messages().size(), 1U);
    EXPECT_NE(messages()[0].find("To: 15550100@vtext.com"), std::string::npos);
    EXPECT_TRUE(asked(client));
    EXPECT_TRUE(asked(client));
    EXPECT_EQ(messages().size(), 1U);
    const auto code = code_in(messages()[0]);
    EXPECT_EQ(send_code(client, code), 0);
    EXPECT_EQ(query(client), 0);
    raw_client other(server->port());
    ASSERT_EQ(log_in(other, "bob"), 0);
    ASSERT_EQ(messages().size(), 2U);
    if (code_in(messages()[1]) != code) {
        EXPECT_EQ(send_code(other, code), 417) << "the code of another login";
    }
    raw_client wrong(server->port());
    EXPECT_EQ(log_in(wrong, "bob", "wrong"), 417);
    EXPECT_EQ(messages().size(), 2U) << "no message without the password";
}

TEST_F(SecondFactor, ATextMessageGoesByMail) {
    smtp_stub mail;
    start_with(mail);
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "bob"), 0);
    ASSERT_EQ(mail.mails().size(), 1U);
    EXPECT_EQ(send_code(client, code_in(mail.mails()[0].text)), 0);
}

TEST_F(SecondFactor, AMessageThatCannotBeSentRefusesTheLogin) {
    smtp_stub mail(smtp_stub_mode::refuses_recipients);
    start_with(mail);
    raw_client client(server->port());
    EXPECT_EQ(log_in(client, "bob"), 417);
    EXPECT_TRUE(client.closed());
}

TEST_F(SecondFactor, SwitchesOfInstanceServiceAndUser) {
    config.second_factor.service_totp = false;
    start();
    raw_client service_off(server->port());
    ASSERT_EQ(log_in(service_off, "alice"), 0);
    EXPECT_FALSE(asked(service_off));
    EXPECT_EQ(query(service_off), 0);
    config.second_factor.service_totp = true;
    config.second_factor.totp = false;
    start();
    raw_client instance_off(server->port());
    ASSERT_EQ(log_in(instance_off, "alice"), 0);
    EXPECT_FALSE(asked(instance_off));
    config.second_factor.required = true;
    start();
    for (const auto* const user : {"plain", "alice"}) {
        raw_client refused(server->port());
        EXPECT_EQ(log_in(refused, user), 417) << user;
    }
    raw_client has_one(server->port());
    EXPECT_EQ(log_in(has_one, "bob"), 0);
}

TEST_F(SecondFactor, CancellingNeedsAVerifiedTargetOfTheSameUser) {
    start();
    const auto cancel = [&](raw_client& from, std::int64_t target) {
        wire::cancel_request request;
        request.job = target;
        request.statement = 1;
        from.request(request, 5);
        return status(from);
    };
    raw_client target(server->port());
    ASSERT_EQ(log_in(target, "alice"), 0);
    const auto alice = job;
    raw_client early(server->port());
    ASSERT_EQ(log_in(early, "alice"), 0);
    EXPECT_EQ(cancel(early, alice), 417) << "the target itself is not verified yet";
    ASSERT_EQ(send_code(target, code_of_step(0)), 0);
    raw_client same(server->port());
    ASSERT_EQ(log_in(same, "alice"), 0);
    EXPECT_EQ(cancel(same, alice), 0) << "a cancel connection never sends a code";
    raw_client other(server->port());
    ASSERT_EQ(log_in(other, "bob"), 0);
    EXPECT_EQ(cancel(other, alice), 417);
}

class TokenLogin : public SecondFactor {
protected:
    TokenLogin() {
        std::ofstream(folder / "keys.json") << make_key_set({signer().jwk("k")});
        config.access_tokens.enabled = true;
        config.access_tokens.issuer = "https://id.example";
        config.access_tokens.audience = "iris";
        config.access_tokens.key_set = folder / "keys.json";
    }

    static const signing_key& signer() {
        static const auto made = signing_key::ec();
        return made;
    }

    static std::string token(const std::string& user, int life = 300, const std::string& issuer = "https://id.example", const std::string& audience = "iris") {
        return make_token(
            signer(),
            R"({"iss":")" + issuer + R"(","aud":")" + audience + R"(","sub":")" + user + R"(","exp":)" + std::to_string(std::time(nullptr) + life) + "}", "k"
        );
    }

    int offer(const std::string& value) const {
        raw_client client(server->port());
        return log_in(client, "", value);
    }
};

TEST_F(TokenLogin, AGoodTokenIsTheUserItNames) {
    start();
    raw_client client(server->port());
    ASSERT_EQ(log_in(client, "", token("plain")), 0);
    EXPECT_EQ(query(client), 0);
    // The second factor is the user's, whatever the first one was.
    raw_client second(server->port());
    ASSERT_EQ(log_in(second, "", token("alice")), 0);
    EXPECT_TRUE(asked(second));
    EXPECT_EQ(query(second), 417);
}

TEST_F(TokenLogin, EveryBadTokenIsRefused) {
    start();
    const auto good = token("plain");
    EXPECT_EQ(offer(token("plain", -120)), 417);
    EXPECT_EQ(offer(token("nobody")), 417);
    EXPECT_EQ(offer(token("plain", 300, "https://evil.example")), 417);
    EXPECT_EQ(offer(token("plain", 300, "https://id.example", "other")), 417);
    EXPECT_EQ(offer(good.substr(0, good.size() - 3)), 417);
    EXPECT_EQ(offer(base64url(R"({"alg":"none"})") + good.substr(good.find('.'), good.rfind('.') - good.find('.')) + "."), 417);
    EXPECT_EQ(offer(make_token(signer(), R"({"sub":"plain"})", "unknown")), 417);
    EXPECT_EQ(
        offer(make_shared_token(signer().pem(), R"({"alg":"HS256"})", R"({"iss":"https://id.example","aud":"iris","sub":"plain","exp":9999999999})")), 417
    );
    EXPECT_EQ(offer(std::string(20'000, 'a')), 417);
    EXPECT_EQ(offer("demo"), 417);
    config.users["PLAIN"].enabled = false;
    start();
    EXPECT_EQ(offer(good), 417);
    config.access_tokens.enabled = false;
    config.users["PLAIN"].enabled = true;
    start();
    EXPECT_EQ(offer(good), 417);
}

TEST_F(TokenLogin, OnlyOverLinesThatKeepItSecret) {
    const sandbox::login_policy policy(config);
    wire::login_request request;
    request.name_space = "USER";
    request.password = wire::secret(token("plain"));
    sandbox::connection_facts facts;
    facts.address = "192.0.2.7";
    EXPECT_FALSE(policy.decide(request, facts).accepted);
    facts.protection = sandbox::line_protection::kerberos;
    facts.kerberos_level = 2;
    EXPECT_FALSE(policy.decide(request, facts).accepted);
    facts.kerberos_level = 3;
    EXPECT_TRUE(policy.decide(request, facts).accepted);
    facts.protection = sandbox::line_protection::tls;
    facts.kerberos_level = 0;
    EXPECT_TRUE(policy.decide(request, facts).accepted);
    facts.protection = sandbox::line_protection::clear;
    config.access_tokens.over_clear = true;
    EXPECT_TRUE(sandbox::login_policy(config).decide(request, facts).accepted);
}

} // namespace
} // namespace irislink::test
