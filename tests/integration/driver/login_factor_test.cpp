// Second factor, access token and password change: what is sent, how often, and what is refused.

#include <atomic>
#include <thread>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/scripted_peer/factor_peer.hpp"
#include "wire/messages/login.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

TEST(LoginFactor, PendingFactorStopsOtherCallsBeforeAByteIsSent) {
    factor_peer server;
    connection db(server.peer.uri());
    EXPECT_TRUE(db.two_factor_required());
    for (const auto& call : std::vector<std::function<void()>>{
             [&] { db.ping(); }, [&] { (void)db.query("select 1"); }, [&] { db.commit(); }, [&] { db.reset(); }, [&] { db.set_autocommit(false); }}) {
        const auto why = failure_of(call);
        EXPECT_EQ(why.sqlstate, "28000");
        EXPECT_EQ(why.native, 90020);
        EXPECT_NE(why.hint.find("TwoFactorToken"), std::string::npos);
    }
    EXPECT_EQ(server.others, 0);
    db.send_two_factor("246810");
    db.ping();
    EXPECT_EQ(server.others, 1);
}

// What the options ask of the session waits for the code too.
TEST(LoginFactor, SettingsAreSentAfterTheCode) {
    factor_peer server;
    connection db(server.peer.uri("FetchBytes=4096"));
    EXPECT_EQ(server.others, 0);
    EXPECT_EQ(failure_of([&] { db.ping(); }).native, 90020);
    db.send_two_factor("246810");
    EXPECT_EQ(server.others, 1);
}

TEST(LoginFactor, StoredTokenIsSentOnce) {
    factor_peer server;
    connect_options options(server.peer.uri("TwoFactorToken=246810"));
    const auto copy = options;
    { connection db(options); }
    EXPECT_EQ(server.codes, 1);
    for (const auto& each : {options, copy}) {
        const auto why = failure_of([&] { connection db(each); });
        EXPECT_EQ(why.sqlstate, "28000");
        EXPECT_EQ(why.step, step::second_factor);
        EXPECT_NE(why.text.find("used"), std::string::npos);
    }
    EXPECT_EQ(server.codes, 1);
    options.set("TwoFactorToken", "246810");
    { connection db(options); }
    EXPECT_EQ(server.codes, 2);
}

TEST(LoginFactor, RefusedCodeKillsTheConnectionAndIsNotRepeated) {
    factor_peer server;
    connection db(server.peer.uri());
    EXPECT_TRUE(db.two_factor_required());
    const auto why = failure_of([&] { db.send_two_factor("111111"); });
    EXPECT_EQ(why.sqlstate, "28000");
    EXPECT_EQ(why.native, 417);
    EXPECT_TRUE(why.fatal);
    EXPECT_FALSE(db.is_open());
    EXPECT_EQ(failure_of([&] { db.send_two_factor("246810"); }).sqlstate, "08S01");
    EXPECT_EQ(server.codes, 1);
}

TEST(LoginFactor, CallbackMayAnswerLaterFromAnotherThread) {
    factor_peer server;
    std::thread person;
    connect_options options(server.peer.uri("LoginTimeout=1"));
    options.two_factor_async([&](std::function<void(std::string)> give) {
        person = std::thread([give = std::move(give)] {
            std::this_thread::sleep_for(1500ms); // longer than LoginTimeout: a person types
            give("246810");
            give("999999");
        });
    });
    connection db(options);
    db.ping();
    person.join();
    EXPECT_EQ(server.codes, 1);
}

TEST(LoginFactor, TokenCallbackIsAskedForEveryLoginAndBeatsThePassword) {
    std::atomic<int> right{0};
    scripted_peer peer([&](peer_line& line) {
        const auto request = line.log_in();
        wire::login_request seen;
        if (!wire::decode_body(request.body, wire::default_format, seen) && seen.user.empty() &&
            seen.password.reveal() == "token-of-" + std::to_string(line.number()))
            ++right;
        line.drain();
    });
    connect_options options(peer.uri());
    int asked = 0;
    options.access_token([&] { return "token-of-" + std::to_string(asked++); });
    { connection db(options); }
    { connection db(options); }
    EXPECT_EQ(asked, 2);
    // The peer looks after it has answered.
    for (int i = 0; i < 500 && right < 2; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(right, 2);
    options.access_token([] { return std::string(); });
    EXPECT_EQ(failure_of([&] { connection db(options); }).step, step::login);
}

} // namespace
} // namespace irislink::test
