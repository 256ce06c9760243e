// Two realms, and tickets whose time is over or has not come: who gets in, as whom, and what the rest is
// told.

#include <fstream>
#include <memory>

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

class kdc_with_tickets : public small_kdc {
public:
    using small_kdc::small_kdc;

    // kinit with these arguments; the cache's name.
    [[nodiscard]] std::string log_in(const std::string& principal, const std::string& password, const std::string& more = {}) const {
        const auto cache = "FILE:" + path("cache-" + principal);
        const auto command = "echo " + password + " | kinit " + more + " -c " + cache + " " + principal + " >/dev/null 2>&1";
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
        return cache;
    }

    [[nodiscard]] std::string section(const std::string& more = {}) const { return "[kerberos]\nkeytab = \"" + keytab() + "\"\n" + more; }
};

connect_options options_for(const sandbox_runner& server, const std::string& cache, int level = 3) {
    connect_options out("iris://localhost:" + std::to_string(server.port()) + "/USER");
    out.set("Security Level", std::to_string(level)).set("KerberosCcache", cache).set("Service Principal Name", "iris/localhost@SANDBOX.TEST");
    return out;
}

diagnostic refused_by_kerberos(const connect_options& from) {
    auto why = failure_of([&] { connection db(from); });
    EXPECT_EQ(why.sqlstate, "08S01") << why.message();
    EXPECT_EQ(why.native, 459) << why.message();
    EXPECT_EQ(why.step, step::kerberos) << why.message();
    return why;
}

// bob is in both realms, and not the same person.
class TwoRealms : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        kdc = std::make_unique<kdc_with_tickets>(kdc_plan{{"OTHER.TEST"}, {}});
        kdc->kadmin("addprinc -pw bob bob\n");
        kdc->kadmin("addprinc -pw other bob\n", "OTHER.TEST");
    }

    static void TearDownTestSuite() { kdc.reset(); }

    // OTHER.TEST's tickets are good for SANDBOX.TEST from here on.
    static void trust() {
        const std::string key = "addprinc -pw between krbtgt/SANDBOX.TEST@OTHER.TEST\n";
        kdc->kadmin(key);
        kdc->kadmin(key, "OTHER.TEST");
    }

    static void distrust() {
        const std::string key = "delprinc -force krbtgt/SANDBOX.TEST@OTHER.TEST\n";
        kdc->kadmin(key);
        kdc->kadmin(key, "OTHER.TEST");
    }

    static std::string many_domains() {
        return "[security]\nmulti_domain = true\ndefault_domain = \"SANDBOX.TEST\"\n" + kdc->section("multi_domain = true\n") +
               "[users.\"bob@OTHER.TEST\"]\n[users.\"bob@SANDBOX.TEST\"]\n[users.\"alice@SANDBOX.TEST\"]\n";
    }

    static inline std::unique_ptr<kdc_with_tickets> kdc;
};

TEST_F(TwoRealms, WithoutTrustTheOtherRealmIsRefusedAndBothAreNamed) {
    const sandbox_runner server(many_domains(), whole_config);
    const auto why = refused_by_kerberos(options_for(server, kdc->log_in("bob@OTHER.TEST", "other")));
    EXPECT_NE(why.text.find("krbtgt/SANDBOX.TEST@OTHER.TEST"), std::string::npos) << why.text;
    EXPECT_NE(why.hint.find("OTHER.TEST"), std::string::npos) << why.hint;
    EXPECT_NE(why.hint.find("SANDBOX.TEST"), std::string::npos) << why.hint;
    EXPECT_NE(why.hint.find("trust"), std::string::npos) << why.hint;
    // Within a realm it is the service's name that is wrong.
    auto unknown = options_for(server, kdc->log_in("bob", "bob"));
    unknown.set("Service Principal Name", "iris/nowhere");
    EXPECT_NE(refused_by_kerberos(unknown).hint.find("Service Principal Name"), std::string::npos);
}

// Decision 5: in a multi-domain instance the account is the whole principal.
TEST_F(TwoRealms, WithTrustEverybodyIsTheAccountOfTheWholePrincipal) {
    trust();
    const sandbox_runner server(many_domains(), whole_config);
    const auto other = kdc->log_in("bob@OTHER.TEST", "other");
    const auto own = kdc->log_in("bob", "bob");
    for (const int level : {1, 2, 3}) {
        SCOPED_TRACE(level);
        connection stranger(options_for(server, other, level));
        EXPECT_EQ(stranger.server().kerberos_principal, "bob@OTHER.TEST");
        EXPECT_EQ(flat(stranger.query("SELECT $USERNAME")), "bob@OTHER.TEST");
        connection native(options_for(server, own, level));
        EXPECT_EQ(flat(native.query("SELECT $USERNAME")), "bob@SANDBOX.TEST");
    }
    distrust();
}

// Decision 5 and section 3.5: in a single-domain instance another domain is refused, above all where an
// account has the name without its domain.
TEST_F(TwoRealms, WithTrustASingleDomainInstanceRefusesTheOtherRealm) {
    trust();
    const sandbox_runner server("[audit]\nfile = \"" + kdc->path("audit.jsonl") + "\"\n" + kdc->section() + "[users.bob]\n[users.alice]\n", whole_config);
    connection native(options_for(server, kdc->log_in("bob", "bob")));
    EXPECT_EQ(flat(native.query("SELECT $USERNAME")), "bob");
    const auto other = kdc->log_in("bob@OTHER.TEST", "other");
    const auto why = failure_of([&] { connection db(options_for(server, other)); });
    EXPECT_EQ(why.sqlstate, "28000") << why.message();
    EXPECT_EQ(why.native, 417);
    EXPECT_EQ(why.step, step::login);
    EXPECT_EQ(why.text, "Access Denied");
    std::ostringstream audit;
    audit << std::ifstream(kdc->path("audit.jsonl")).rdbuf();
    EXPECT_NE(audit.str().find(R"("user":"bob@OTHER.TEST")"), std::string::npos) << audit.str();
    EXPECT_NE(audit.str().find("Username bob@OTHER.TEST is invalid"), std::string::npos) << audit.str();
    distrust();
}

class TicketTimes : public ::testing::Test {
protected:
    static std::string users(const kdc_with_tickets& kdc) { return kdc.section() + "[users.alice]\n"; }
};

TEST_F(TicketTimes, AnExpiredTicketIsRefusedBeforeAByteIsSentAndALineThatStandsGoesOn) {
    const kdc_with_tickets kdc;
    sandbox_runner server(users(kdc), whole_config);
    const auto from = options_for(server, kdc.log_in("alice", "alice", "-l 3s"));
    connection db(from);
    EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
    std::this_thread::sleep_for(4500ms);
    const auto why = refused_by_kerberos(from);
    EXPECT_NE(why.text.find("expired"), std::string::npos) << why.text;
    EXPECT_NE(why.hint.find("kinit"), std::string::npos) << why.hint;
    // The context was made while the ticket was good.
    EXPECT_EQ(flat(db.query("SELECT $USERNAME")), "alice");
    // Nothing reached the server but a connection without a word.
    EXPECT_TRUE(server.end());
    EXPECT_EQ(server.log().find("Kerberos level"), std::string::npos) << server.log();
}

TEST_F(TicketTimes, APostdatedTicketIsNotValidYet) {
    const kdc_with_tickets kdc;
    const sandbox_runner server(users(kdc), whole_config);
    const auto why = refused_by_kerberos(options_for(server, kdc.log_in("alice", "alice", "-s 1h")));
    EXPECT_NE(why.text.find("not yet valid"), std::string::npos) << why.text;
    EXPECT_NE(why.hint.find("not valid yet"), std::string::npos) << why.hint;
}

// The client goes by the KDC's clock and finds the ticket good; the server goes by its own and does not.
TEST_F(TicketTimes, TheServerRefusesTicketsOfAnotherTime) {
    for (const std::string clock : {"+2h", "-2h"}) {
        SCOPED_TRACE(clock);
        const kdc_with_tickets kdc(kdc_plan{{}, clock});
        sandbox_runner server(users(kdc), whole_config);
        for (const int level : {1, 2, 3}) {
            SCOPED_TRACE(level);
            const auto why = refused_by_kerberos(options_for(server, kdc.cache(), level));
            EXPECT_NE(why.hint.find("clock"), std::string::npos) << why.message() << " / " << why.hint;
        }
        EXPECT_TRUE(server.end());
        EXPECT_NE(server.log().find("Kerberos level 3 failed"), std::string::npos) << server.log();
        EXPECT_EQ(server.log().find("login"), std::string::npos) << server.log();
    }
}

} // namespace
} // namespace irislink::test
