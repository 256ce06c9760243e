// What goes wrong with Kerberos around a connection: clocks, tickets of another time, keys and files, as the
// library and `irislink doctor` say it.

#include <sys/stat.h>

#include <cstdio>

#include "tests/integration/driver/kerberos_fixture.hpp"

namespace irislink::test {
namespace {

// The KDC's clock is two hours behind this machine's.
class KerberosClock : public kerberos_fixture {
protected:
    static void SetUpTestSuite() { kdc = std::make_unique<small_kdc>(kdc_plan{{}, "-2h"}); }

    static void expect_clocks(const diagnostic& why) {
        EXPECT_NE(why.text.find("lock skew too great"), std::string::npos) << why.text;
        EXPECT_NE(why.hint.find("clocks"), std::string::npos) << why.hint;
    }
};

// The client goes by the KDC's time, which the ticket brings; the server has its own.
TEST_F(KerberosClock, TheServerSaysThatTheClocksDiffer) {
    const sandbox_runner server({}, section());
    const auto why = refused(options(server.port(), 3));
    expect_clocks(why);
    EXPECT_NE(why.text.find("iris/localhost"), std::string::npos) << why.text;
}

TEST_F(KerberosClock, TheClientDoesWhenItMustGoByItsOwn) {
    const kerberos_config more(kdc->path("more.conf"), "[libdefaults]\nkdc_timesync = 0\n");
    connect_options from("iris://alice:alice@localhost:1/USER");
    from.set("Security Level", "3");
    expect_clocks(refused(from));
}

class KerberosFault : public kerberos_fixture {
protected:
    // What `irislink doctor` prints, and its exit status.
    static std::pair<std::string, int> doctor(const std::string& target, const std::string& as = {}) {
        const auto command = as + "timeout 60 " IRISLINK_BIN_DIR "/irislink doctor '" + target + "' 2>&1 </dev/null";
        std::string out;
        auto* const pipe = ::popen(command.c_str(), "r");
        char piece[4096];
        for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof(piece), pipe)) > 0;) out.append(piece, got);
        return {out, WEXITSTATUS(::pclose(pipe))};
    }

    // The advice of a doctor whose patient fails at Kerberos.
    static std::string advice(const std::string& target, const std::string& as = {}) {
        const auto [text, status] = doctor(target, as);
        EXPECT_EQ(status, 1) << text;
        EXPECT_NE(text.find("\nKerberos\n"), std::string::npos) << text;
        EXPECT_NE(text.find("FAILED at Kerberos"), std::string::npos) << text;
        EXPECT_NE(text.find("SQLSTATE 08S01, native code 459"), std::string::npos) << text;
        const auto at = text.find("What to do: ");
        EXPECT_NE(at, std::string::npos) << text;
        return at == std::string::npos ? text : text.substr(at);
    }

    static std::string target(std::uint16_t port, const std::string& more) {
        return "Server=localhost;Port=" + std::to_string(port) + ";Security Level=3;" + more;
    }
};

TEST_F(KerberosFault, APostdatedTicketIsNotValidYet) {
    kdc->ticket("alice", "alice", "postdated", "-s 1h");
    const sandbox_runner server({}, section());
    auto from = options(server.port(), 3);
    from.set("KerberosCcache", "FILE:" + kdc->path("postdated"));
    const auto why = refused(from);
    EXPECT_NE(why.hint.find("not valid yet"), std::string::npos) << why.text << " / " << why.hint;
}

TEST_F(KerberosFault, DoctorShowsAGoodTicket) {
    const sandbox_runner server({}, section());
    const auto [text, status] = doctor(target(server.port(), "KerberosCcache=" + kdc->cache()));
    EXPECT_EQ(status, 0) << text;
    EXPECT_NE(text.find("ticket of alice@SANDBOX.TEST for iris/localhost"), std::string::npos) << text;
}

TEST_F(KerberosFault, DoctorShowsTheTicketBeforeALoginThatFails) {
    const sandbox_runner server({}, section());
    const auto [text, status] = doctor(target(server.port(), "Database=NOSUCH;KerberosCcache=" + kdc->cache()));
    EXPECT_EQ(status, 1) << text;
    EXPECT_EQ(text.find("no user is set"), std::string::npos) << text;
    const auto ticket = text.find("ticket of alice@SANDBOX.TEST for iris/localhost");
    const auto login = text.find("FAILED at login");
    EXPECT_NE(login, std::string::npos) << text;
    EXPECT_LT(ticket, login) << text;
}

TEST_F(KerberosFault, DoctorSaysWhatToDoAboutTickets) {
    const sandbox_runner server({}, section());
    const auto port = server.port();
    EXPECT_NE(advice(target(port, "KerberosCcache=FILE:" + kdc->path("none"))).find("run kinit, or set KerberosCcache"), std::string::npos);
    const auto wrong = advice(target(port, "KerberosCcache=" + kdc->cache() + ";Service Principal Name=iris/nowhere.test"));
    EXPECT_NE(wrong.find("does not know the server as 'iris/nowhere.test'"), std::string::npos) << wrong;
    const auto other = advice(target(port, "KerberosKeytab=" + kdc->path("other.keytab") + ";KerberosPrincipal=iris/absent"));
    EXPECT_NE(other.find("klist -k"), std::string::npos) << other;
}

TEST_F(KerberosFault, DoctorNamesAKeytabThatMayNotBeRead) {
    const sandbox_runner server({}, section());
    const auto keytab = kdc->path("private.keytab");
    kdc->admin("ktadd -norandkey -k " + keytab + " iris/other");
    ASSERT_EQ(::chmod(keytab.c_str(), 0), 0);
    // Rights do not hold root back. The rest of the folder must be open to whoever takes its place.
    ASSERT_EQ(::chmod(kdc->path("").c_str(), 0755), 0);
    const auto text = advice(target(server.port(), "KerberosKeytab=" + keytab), ::geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : "");
    EXPECT_NE(text.find("rights of the file"), std::string::npos) << text;
}

TEST_F(KerberosFault, AServerWithAnOldKeyIsTold) {
    // Last: the KDC gets a key that the server has not.
    const sandbox_runner server({}, section());
    kdc->admin("addprinc -randkey iris/rekeyed");
    const auto keytab = kdc->path("rekeyed.keytab");
    kdc->admin("ktadd -k " + keytab + " iris/rekeyed");
    const sandbox_runner stale({}, "\n[kerberos]\nkeytab = \"" + keytab + "\"\n\n[users.alice]\npassword = \"\"\n");
    kdc->admin("cpw -randkey iris/rekeyed");
    auto from = options(stale.port(), 3);
    from.set("Service Principal Name", "iris/rekeyed");
    const auto why = refused(from);
    EXPECT_NE(why.hint.find("keytab"), std::string::npos) << why.text << " / " << why.hint;
}

} // namespace
} // namespace irislink::test
