// Somebody between client and server who reads everything, answers in the server's place, puts bytes in,
// lowers levels and waits for the second connection. What must not leave is looked for in the bytes that
// he recorded.

#include <atomic>
#include <thread>

#include "irislink/connection_pool.hpp"
#include "tests/integration/driver/middle_fixture.hpp"
#include "wire/messages/hello.hpp"
#include "wire/messages/second_factor.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

class ManInTheMiddle : public MiddleFixture {
protected:
    static std::string packet(const std::string& content) {
        std::string out;
        for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(content.size() >> static_cast<unsigned>(shift) & 0xFFU));
        return out + content;
    }

    // Swallows what the client says and answers with `bytes`, once.
    static tamper_proxy::tamper answer_with(const std::string& bytes) {
        return [bytes, done = std::make_shared<bool>(false)](proxy_line& line, heading where, std::string_view) {
            if (where == heading::client || std::exchange(*done, true)) return;
            line.pass(heading::client, bytes);
            line.end(heading::client);
        };
    }
};

// What is recorded is what went over the line: without protection the password is there to be found.
TEST_F(ManInTheMiddle, TheRecordingShowsWhatAnUnprotectedLineGivesAway) {
    {
        tamper_proxy proxy(server());
        connection db(options(proxy, "Security Level=0"));
        EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "demo");
        EXPECT_EQ(shown(shared->secrets.found_in(proxy.recorded(heading::server))), "password (scrambled); ");
    }
    {
        tamper_proxy proxy(server());
        auto from = options(proxy, "Security Level=0;TwoFactorToken=" + shared->code);
        from.set("UID", "coded");
        EXPECT_EQ(failure_of([&] { connection db(from); }).native, 417);
        EXPECT_EQ(shown(shared->secrets.found_in(proxy.recorded(heading::server))), "password (scrambled); code (plain); ");
    }
    {
        tamper_proxy proxy(server());
        EXPECT_EQ(failure_of([&] { connection db(options(proxy, "Security Level=0;AccessToken=" + shared->token)); }).native, 417);
        EXPECT_EQ(shown(shared->secrets.found_in(proxy.recorded(heading::server))), "token (scrambled); ");
    }
    for (const auto& protection : {tls(), kerberos(1), kerberos(2), kerberos(3)}) {
        tamper_proxy proxy(server());
        connection db(options(proxy, protection));
        EXPECT_EQ(flat(db.query("SELECT $USERNAME")), protection == tls() ? "demo" : "alice");
        nothing_secret_left(proxy);
    }
}

TEST_F(ManInTheMiddle, TlsAskedAndAnsweredOtherwise) {
    // In clear; in clear with another length; by Kerberos; with an alert that says it does not matter; not at all.
    for (const auto& bytes : {plain_hello(), plain_hello().substr(0, 5), packet(std::string(60, 'x')), "\x15\x03\x03\0\2\1\0"s, ""s}) {
        tamper_proxy proxy(server(), answer_with(bytes));
        (void)refused(proxy, options(proxy, tls()), "08S01", 459, step::tls);
        EXPECT_EQ(proxy.recorded(heading::server).substr(0, 2), "\x16\x03");
        EXPECT_EQ(proxy.connections(), 1U) << "there is no second try with less";
    }
}

TEST_F(ManInTheMiddle, KerberosAskedAndAnsweredOtherwise) {
    for (const int level : {1, 2, 3})
        for (const auto& bytes : {plain_hello(), packet(plain_hello()), packet("x"), "\x15\x03\x03\0\2\2\x28"s, packet(std::string(65'536, 'x')), ""s}) {
            tamper_proxy proxy(server(), answer_with(bytes));
            (void)refused(proxy, options(proxy, kerberos(level)), "08S01", 459, step::kerberos);
            EXPECT_EQ(proxy.recorded(heading::server).find("\0\0\0\0HS"s), std::string::npos);
            EXPECT_EQ(proxy.connections(), 1U);
        }
}

// The level is one unprotected byte. Whoever changes it makes the two sides disagree, and gets nothing.
TEST_F(ManInTheMiddle, AChangedLevelIsNoticed) {
    for (const int asked : {1, 2, 3})
        for (const int told : {1, 2, 3}) {
            if (asked == told) continue;
            SCOPED_TRACE(std::to_string(asked) + " told as " + std::to_string(told));
            tamper_proxy proxy(server(), [told, first = true](proxy_line& line, heading where, std::string_view bytes) mutable {
                std::string out(bytes);
                if (where == heading::server && std::exchange(first, false)) out[4] = static_cast<char>(told);
                line.pass(where, out);
            });
            const auto why = refused(proxy, options(proxy, kerberos(asked)), "08S01", 461, step::hello);
            // A server at level 2 takes sealed messages, and answers in a way that anybody can read.
            if (asked == 3 && told == 2) {
                EXPECT_NE(why.text.find("unencrypted"), std::string::npos) << why.text;
            }
        }
    // Values that are no level.
    for (const char told : {'\0', '\4', '\x0A', '\xFF'}) {
        tamper_proxy proxy(server(), [told, first = true](proxy_line& line, heading where, std::string_view bytes) mutable {
            std::string out(bytes);
            if (where == heading::server && std::exchange(first, false)) out[4] = told;
            line.pass(where, out);
        });
        (void)refused(proxy, options(proxy, kerberos(3)), "08S01", 459, step::kerberos);
    }
}

TEST_F(ManInTheMiddle, BytesBeforeAHandshakeEndIt) {
    wire::byte_buffer hello;
    ASSERT_FALSE(wire::append_request(hello, wire::hello_request{}, 1, 0, wire::default_format));
    const std::string request(wire::as_text(hello));
    for (const auto& bytes : {plain_hello(), request, "\0"s, "\x16\x03\x03\0\1\0"s, packet("injected")})
        for (const auto where : {heading::server, heading::client}) {
            SCOPED_TRACE(testing::PrintToString(bytes) + (where == heading::server ? " to the server" : " to the client"));
            const auto inject = [&](proxy_line& line) { line.pass(where, bytes); };
            tamper_proxy with_tls(server(), {}, inject);
            (void)refused(with_tls, options(with_tls, tls()), "08S01", 459, step::tls);
            for (const int level : {1, 2, 3}) {
                tamper_proxy with_kerberos(server(), {}, inject);
                auto from = options(with_kerberos, kerberos(level));
                // Two sides of which each waits for the other end with the client's time.
                from.set("ConnectTimeout", "2").set("LoginTimeout", "2");
                const auto why = failure_of([&] { connection db(from); });
                EXPECT_TRUE(why.step == step::kerberos) << why.message();
                EXPECT_TRUE(why.sqlstate == "08S01" || why.sqlstate == "HYT00") << why.message();
                nothing_secret_left(with_kerberos);
            }
        }
}

// Bytes that come together with the end of the handshake were not sent by a server that speaks in turn.
TEST_F(ManInTheMiddle, BytesBehindTheHandshakeAreNotTakenForTheServers) {
    for (const int level : {1, 2, 3}) {
        tamper_proxy proxy(server(), [first = true](proxy_line& line, heading where, std::string_view bytes) mutable {
            std::string out(bytes);
            if (where == heading::client && std::exchange(first, false)) out += plain_hello();
            line.pass(where, out);
        });
        const auto why = refused(proxy, options(proxy, kerberos(level)), "08S01", 459, step::kerberos);
        EXPECT_NE(why.text.find("behind"), std::string::npos) << why.text;
    }
}

// Decision 18. The man in the middle may ask for a code himself.
TEST_F(ManInTheMiddle, CodesAndTokensDoNotCrossAnUnprotectedLine) {
    for (const auto& protection : {"Security Level=0"s, kerberos(1), kerberos(2)}) {
        SCOPED_TRACE(protection);
        tamper_proxy proxy(server());
        const auto why = failure_of([&] { connection db(options(proxy, protection + ";AccessToken=" + shared->token, true)); });
        EXPECT_EQ(why.sqlstate, "28000") << why.message();
        EXPECT_EQ(why.native, 90022) << why.message();
        EXPECT_EQ(to_string(why.step), "login");
        nothing_secret_in(why);
        nothing_secret_left(proxy);
    }
    // demo has no second factor; it is the proxy that says so, on a line that anybody can write to.
    for (const auto& protection : {"Security Level=0"s, kerberos(1)}) {
        SCOPED_TRACE(protection);
        tamper_proxy proxy(server(), [](proxy_line& line, heading where, std::string_view bytes) {
            std::string out(bytes);
            if (where == heading::server && bytes.size() == wire::frame_header_size && bytes.substr(12) == "2E") {
                wire::second_factor_query_reply due;
                due.required = true;
                wire::byte_buffer forged;
                const auto asked = wire::decode_header(wire::as_bytes(bytes).first<wire::frame_header_size>());
                EXPECT_FALSE(wire::append_reply(forged, due, asked.id, 0, 0, wire::default_format));
                line.pass(heading::client, wire::as_text(forged));
                return;
            }
            line.pass(where, out);
        });
        auto from = options(proxy, protection + ";TwoFactorToken=" + shared->code, true);
        const auto why = failure_of([&] { connection db(from); });
        EXPECT_EQ(why.sqlstate, "28000") << why.message();
        EXPECT_EQ(why.native, 90022) << why.message();
        EXPECT_EQ(to_string(why.step), "second factor");
        nothing_secret_in(why);
        const auto found = shown(shared->secrets.found_in(proxy.recorded(heading::server)));
        EXPECT_EQ(found, protection == "Security Level=0" ? "password (scrambled); " : "") << "level 0 gives the password away, and no code";
    }
}

// The second connection is worth as much as the first: for a cancel, for a new try, in a pool.
TEST_F(ManInTheMiddle, ALaterConnectionIsNotTalkedIntoLess) {
    for (const auto& protection : {tls(), kerberos(3)}) {
        SCOPED_TRACE(protection);
        const auto at = protection == tls() ? step::tls : step::kerberos;
        // The first connection is left alone, until its requests no longer arrive; the later ones are
        // answered in clear.
        const auto hold = std::make_shared<std::atomic<bool>>(false);
        const auto only_the_first = [hold](proxy_line& line, heading where, std::string_view bytes) {
            if (line.number() == 0) {
                if (where == heading::client || !*hold) line.pass(where, bytes);
            } else if (where == heading::server) {
                line.pass(heading::client, plain_hello());
                line.end(heading::client);
            }
        };
        {
            auto proxy = std::make_unique<tamper_proxy>(server(), only_the_first);
            const auto from = options(*proxy, protection);
            connection db(from);
            *hold = true;
            std::thread statement([&db] { EXPECT_EQ(failure_of([&] { (void)db.query("SELECT 1"); }).sqlstate, "08S01"); });
            // A cancel has a line of its own.
            std::optional<diagnostic> why;
            for (int i = 0; i < 1000 && !why; ++i) {
                try {
                    if (!db.cancel()) std::this_thread::sleep_for(10ms);
                } catch (const error& failed) {
                    why = failed.record();
                }
            }
            EXPECT_TRUE(why);
            if (why) {
                EXPECT_EQ(why->sqlstate, "08S01") << why->message();
                EXPECT_EQ(why->native, 459) << why->message();
                nothing_secret_in(*why);
            }
            (void)refused(*proxy, from, "08S01", 459, at);
            proxy.reset(); // ends the line that is held
            statement.join();
        }
        *hold = false;
        tamper_proxy proxy(server(), only_the_first);
        connection_pool pool(options(proxy, protection));
        const auto first = pool.acquire();
        EXPECT_EQ(flat(first->query("SELECT 1")), "1");
        const auto why = failure_of([&] { (void)pool.acquire(); });
        EXPECT_EQ(why.native, 459) << why.message();
        EXPECT_EQ(to_string(why.step), to_string(at));
        nothing_secret_left(proxy);
    }
}

} // namespace
} // namespace irislink::test
