#pragma once
// What the tests of the client's Kerberos share: a KDC per suite, and connections that ask for its levels.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/integration/driver/tls_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::test {

class kerberos_fixture : public ::testing::Test {
protected:
    static void SetUpTestSuite() { kdc = std::make_unique<small_kdc>(); }

    static void TearDownTestSuite() { kdc.reset(); }

    static std::string section(const std::string& more = {}) {
        return "\n[kerberos]\nkeytab = \"" + kdc->keytab() + "\"\n" + more + "\n[users.alice]\npassword = \"\"\n";
    }

    // User and password are set on purpose: at these levels they must not count, nor be sent.
    static connect_options options(std::uint16_t port, int level) {
        connect_options out("iris://nobody:canary-password@localhost:" + std::to_string(port) + "/USER");
        out.set("Security Level", std::to_string(level)).set("KerberosCcache", kdc->cache()).set("ConnectTimeout", "5");
        return out;
    }

    static diagnostic refused(const connect_options& from) {
        auto why = failure_of([&] { connection db(from); });
        EXPECT_EQ(why.sqlstate, "08S01") << why.text;
        EXPECT_EQ(why.native, 459) << why.text;
        EXPECT_EQ(why.step, step::kerberos) << why.text;
        EXPECT_FALSE(why.hint.empty()) << why.text;
        EXPECT_EQ(why.message().find("canary"), std::string::npos);
        return why;
    }

    // A peer that takes what comes first and answers with `bytes`; what it got is in `heard`.
    static diagnostic refused_by_peer(const std::string& bytes, std::string& heard, int level = 3) {
        tls_peer peer([&](int line) {
            char piece[8192];
            const auto got = ::recv(line, piece, sizeof(piece), 0);
            if (got > 0) heard.append(piece, static_cast<std::size_t>(got));
            (void)::send(line, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            ::shutdown(line, SHUT_WR);
            heard += read_to_end(line);
        });
        auto from = options(peer.port(), level);
        from.set("Service Principal Name", "iris/localhost");
        return refused(from);
    }

    static inline std::unique_ptr<small_kdc> kdc;
};

} // namespace irislink::test
