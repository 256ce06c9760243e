// Every kind of server certificate, good and bad, against the client's checks: one row each.

#include "tests/integration/driver/driver_fixture.hpp"
#include "tests/integration/driver/tls_fixture.hpp"

namespace irislink::test {
namespace {

using namespace std::chrono_literals;

// What the server shows and what the client is told.
struct scene {
    std::string chain_file;
    std::string key_file;
    std::string query; // after TlsMode
    std::string mode{"verify-full"};
};

scene shows(const identity& server, const std::string& query) {
    return {server.certificate_file(), server.key_file(), query};
}

scene issued(certificate_folder& in, const certificate_profile& profile, const std::string& more = {}) {
    return shows(in.issue(profile, in.ca()), "&TlsCaFile=" + in.ca_file() + more);
}

certificate_profile for_names(std::vector<std::string> dns, std::vector<std::string> ips = {}) {
    certificate_profile out;
    out.dns = std::move(dns);
    out.ips = std::move(ips);
    return out;
}

scene below_intermediate(certificate_folder& in, bool sent, bool in_ca_file) {
    const auto middle = in.authority("irislink middle CA", in.ca());
    const auto server = in.issue(for_names({}, {"127.0.0.1"}), middle);
    return {
        sent ? in.bundle({server, middle}) : server.certificate_file(), server.key_file(),
        "&TlsCaFile=" + (in_ca_file ? in.bundle({in.ca(), middle}) : in.ca_file())};
}

struct row {
    const char* name;
    bool good;
    const char* word; // of the text, for bad ones
    std::function<scene(certificate_folder&)> make;
};

// By its name, not by its bytes: they are addresses, which differ from run to run.
void PrintTo(const row& one, std::ostream* out) {
    *out << one.name;
}

const row rows[] = {
    {"UnknownCa", false, "unknown CA", [](auto& in) { return shows(in.server(), "&TlsCaFile=" + in.authority("another CA").certificate_file()); }},
    {"SelfSigned", false, "self-signed", [](auto& in) { return shows(in.self_signed(for_names({}, {"127.0.0.1"})), "&TlsCaFile=" + in.ca_file()); }},
    {"Expired", false, "has expired on 20",
     [](auto& in) {
         auto profile = for_names({}, {"127.0.0.1"});
         profile.valid_from = -48h;
         profile.valid_until = -24h;
         return issued(in, profile);
     }},
    {"NotYetValid", false, "not yet valid, it begins on 20",
     [](auto& in) {
         auto profile = for_names({}, {"127.0.0.1"});
         profile.valid_from = 24h;
         profile.valid_until = 48h;
         return issued(in, profile);
     }},
    {"WrongHost", false, "names a.example.test, 192.0.2.1",
     [](auto& in) { return issued(in, for_names({"a.example.test"}, {"192.0.2.1"}), "&TlsHostName=b.example.test"); }},
    {"RightHost", true, "", [](auto& in) { return issued(in, for_names({"b.example.test"}), "&TlsHostName=b.example.test"); }},
    {"WrongHostIsNotLookedAtByVerifyCa", true, "",
     [](auto& in) {
         auto out = issued(in, for_names({"a.example.test"}));
         out.mode = "verify-ca";
         return out;
     }},
    {"NothingIsCheckedByRequire", true, "",
     [](auto& in) {
         auto out = shows(in.self_signed(for_names({"elsewhere"})), "");
         out.mode = "require";
         return out;
     }},
    {"Wildcard", true, "", [](auto& in) { return issued(in, for_names({"*.example.test"}), "&TlsHostName=db.example.test"); }},
    {"WildcardForOneLabelOnly", false, "names *.example.test",
     [](auto& in) { return issued(in, for_names({"*.example.test"}), "&TlsHostName=db.eu.example.test"); }},
    {"WildcardTooWide", false, "names *.test", [](auto& in) { return issued(in, for_names({"*.test"}), "&TlsHostName=example.test"); }},
    {"WildcardForPartOfALabel", false, "names d*.example.test",
     [](auto& in) { return issued(in, for_names({"d*.example.test"}), "&TlsHostName=db.example.test"); }},
    {"IpInSan", true, "", [](auto& in) { return issued(in, for_names({}, {"127.0.0.1"})); }},
    {"IpMissing", false, "names localhost", [](auto& in) { return issued(in, for_names({"localhost"})); }},
    {"IpAsDnsName", false, "names 127.0.0.1", [](auto& in) { return issued(in, for_names({"127.0.0.1"})); }},
    {"CnOnly", true, "",
     [](auto& in) {
         certificate_profile profile;
         profile.common_name = "db.example.test";
         return issued(in, profile, "&TlsHostName=db.example.test");
     }},
    {"CnIgnoredBesideDnsNames", false, "names other.example.test",
     [](auto& in) {
         auto profile = for_names({"other.example.test"});
         profile.common_name = "db.example.test";
         return issued(in, profile, "&TlsHostName=db.example.test");
     }},
    {"CnIgnoredBesideAddresses", false, "names 192.0.2.1",
     [](auto& in) {
         auto profile = for_names({}, {"192.0.2.1"});
         profile.common_name = "db.example.test";
         return issued(in, profile, "&TlsHostName=db.example.test");
     }},
    {"CnIsNoAddress", false, "names 127.0.0.1",
     [](auto& in) {
         certificate_profile profile;
         profile.common_name = "127.0.0.1";
         return issued(in, profile);
     }},
    {"MissingIntermediate", false, "unknown CA", [](auto& in) { return below_intermediate(in, false, false); }},
    {"IntermediateSent", true, "", [](auto& in) { return below_intermediate(in, true, false); }},
    {"IntermediateInCaFile", true, "", [](auto& in) { return below_intermediate(in, false, true); }},
    {"ClientCertificate", false, "not meant for servers",
     [](auto& in) {
         auto profile = for_names({}, {"127.0.0.1"});
         profile.extended_key_usage = "clientAuth";
         return issued(in, profile);
     }},
    {"Revoked", false, "is revoked",
     [](auto& in) {
         const auto server = in.server();
         return shows(server, "&TlsCaFile=" + in.ca_file() + "&TlsCrlFile=" + in.revocation_list(in.ca(), {server}));
     }},
    {"NotRevoked", true, "",
     [](auto& in) { return shows(in.server(), "&TlsCaFile=" + in.ca_file() + "&TlsCrlFile=" + in.revocation_list(in.ca(), {in.client()})); }},
    {"ListOfAnotherCa", false, "no revocation list",
     [](auto& in) {
         const auto other = in.authority("another CA");
         return shows(in.server(), "&TlsCaFile=" + in.ca_file() + "&TlsCrlFile=" + in.revocation_list(other, {}));
     }},
    {"WeakKey", false, "too weak",
     [](auto& in) {
         auto profile = for_names({}, {"127.0.0.1"});
         profile.key = key_kind::rsa_1024;
         return issued(in, profile);
     }},
    {"PinMatch", true, "",
     [](auto& in) {
         const auto server = in.server();
         return shows(server, "&TlsCaFile=" + in.ca_file() + "&TlsPin=" + server.key_pin());
     }},
    {"PinMismatch", false, "pin mismatch", [](auto& in) { return shows(in.server(), "&TlsCaFile=" + in.ca_file() + "&TlsPin=" + in.ca().key_pin()); }},
    {"PinMismatchCountsWithRequire", false, "pin mismatch",
     [](auto& in) {
         auto out = shows(in.server(), "&TlsPin=" + in.ca().key_pin());
         out.mode = "require";
         return out;
     }},
    {"PinDoesNotReplaceTheChain", false, "unknown CA",
     [](auto& in) {
         const auto server = in.server();
         return shows(server, "&TlsCaFile=" + in.authority("another CA").certificate_file() + "&TlsPin=" + server.key_pin());
     }},
    {"UnreadableCaFile", false, "/does/not/exist.pem' cannot be read: No such file",
     [](auto& in) { return shows(in.server(), "&TlsCaFile=/does/not/exist.pem"); }},
    {"CaFileWithoutCertificates", false, "holds no certificates",
     [](auto& in) { return shows(in.server(), "&TlsCaFile=" + in.file("empty.pem", "nothing here\n")); }},
    {"DamagedCaFile", false, "is damaged",
     [](auto& in) { return shows(in.server(), "&TlsCaFile=" + in.file("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")); }},
};

class CertificateMatrix : public ::testing::TestWithParam<row> {
protected:
    certificate_folder folder_;
};

TEST_P(CertificateMatrix, Outcome) {
    const auto& expected = GetParam();
    const auto seen = expected.make(folder_);
    const auto query = "TlsMode=" + seen.mode + seen.query;
    if (expected.good) {
        const sandbox_runner server({}, tls_section(seen.chain_file, seen.key_file));
        connection db(server.uri(query));
        EXPECT_EQ(flat(db.query("select 1")), "1");
        return;
    }
    const tls_peer server(show_certificate(seen.chain_file, seen.key_file));
    const auto why = failure_of([&] { connection db(server.uri(query)); });
    EXPECT_EQ(why.code, errc::tls_failed);
    EXPECT_EQ(why.sqlstate, "08S01");
    EXPECT_EQ(why.native, 459);
    EXPECT_EQ(why.step, step::tls);
    EXPECT_TRUE(why.fatal);
    EXPECT_NE(why.text.find(expected.word), std::string::npos) << why.text;
    EXPECT_FALSE(why.hint.empty());
}

INSTANTIATE_TEST_SUITE_P(All, CertificateMatrix, ::testing::ValuesIn(rows), [](const auto& each) { return std::string(each.param.name); });

} // namespace
} // namespace irislink::test
