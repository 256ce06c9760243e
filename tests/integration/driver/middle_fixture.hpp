#pragma once
// A sandbox that takes every line, with a man in the middle before it, and secrets whose way is watched.

#include <memory>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/accounts/accounts.hpp"
#include "tests/support/certificates/certificates.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/secret_hunt/secret_hunt.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"
#include "tests/support/tamper_proxy/tamper_proxy.hpp"
#include "wire/messages/hello.hpp"

namespace irislink::test {

class MiddleFixture : public ::testing::Test {
protected:
    struct world {
        certificate_folder authority;
        small_kdc kdc;
        std::string password{planted_text("Pw-", 20)};
        std::string token{planted_text("Tk-", 40)};
        std::string code{"271828"}; // never the right one: what counts is whether it leaves
        secret_hunt secrets;
        std::unique_ptr<sandbox_runner> server;

        world() {
            secrets.add("password", password);
            secrets.add("token", token);
            secrets.add("code", code);
            const auto own = authority.server({"localhost"});
            const auto hash = password_hash(password);
            server = std::make_unique<sandbox_runner>(
                "[server]\nhash_iterations = 1000\nlogin_timeout = 30\n[tls]\nmode = \"enabled\"\ncertificate = \"" + own.certificate_file() + "\"\nkey = \"" +
                    own.key_file() + "\"\n[kerberos]\nkeytab = \"" + kdc.keytab() + "\"\n[two_factor]\ntotp = true\n[users.demo]\npassword = \"" + hash +
                    "\"\n[users.alice]\n[users.coded]\npassword = \"" + hash + "\"\ntwo_factor = \"totp\"\ntotp_key = \"" + totp_key() + "\"\n",
                whole_config
            );
        }
    };

    static void SetUpTestSuite() {
        if (!shared) shared = std::make_unique<world>();
    }

    // The host is this machine all the same; `far` is one the client cannot know to be.
    static connect_options options(const tamper_proxy& proxy, const std::string& more, bool far = false) {
        const std::string host = far ? "[::ffff:127.0.0.1]" : "127.0.0.1";
        connect_options out("Server=" + host + ";Port=" + std::to_string(proxy.port()) + ";Database=USER;ConnectTimeout=10;LoginTimeout=10;" + more);
        out.set("UID", "demo").set("PWD", shared->password);
        return out;
    }

    static std::string tls() { return "TlsMode=verify-full;TlsHostName=localhost;TlsCaFile=" + shared->authority.ca_file(); }

    static std::string kerberos(int level) {
        return "Service Principal Name=iris/localhost;KerberosCcache=" + shared->kdc.cache() + ";Security Level=" + std::to_string(level);
    }

    // The answer of a server that has heard a hello in clear.
    static std::string plain_hello() {
        wire::byte_buffer out;
        EXPECT_FALSE(wire::append_reply(out, wire::hello_reply{}, 1, 0, 0, wire::default_format));
        return std::string(wire::as_text(out));
    }

    static std::string shown(const std::vector<std::string>& all) {
        std::string out;
        for (const auto& each : all) out += each + "; ";
        return out;
    }

    // Nothing of password, token or code was in what the client sent, nor in what came back.
    static void nothing_secret_left(const tamper_proxy& proxy) {
        EXPECT_EQ(shown(shared->secrets.found_in(proxy.recorded(heading::server))), "");
        EXPECT_EQ(shown(shared->secrets.found_in(proxy.recorded(heading::client))), "");
    }

    static void nothing_secret_in(const diagnostic& why) { EXPECT_EQ(shown(shared->secrets.found_in(why.message() + why.hint)), ""); }

    // The client refuses at this step, with this code, and has given nothing away.
    static diagnostic refused(const tamper_proxy& proxy, const connect_options& from, const std::string& sqlstate, int native, step at) {
        auto why = failure_of([&] { connection db(from); });
        EXPECT_EQ(why.sqlstate, sqlstate) << why.message();
        EXPECT_EQ(why.native, native) << why.message();
        EXPECT_EQ(to_string(why.step), to_string(at)) << why.message();
        EXPECT_FALSE(why.hint.empty()) << why.message();
        nothing_secret_in(why);
        nothing_secret_left(proxy);
        return why;
    }

    static std::uint16_t server() { return shared->server->port(); }

    static inline std::unique_ptr<world> shared;
};

} // namespace irislink::test
