// What protecting the line costs: logins and bulk reads over TLS and Kerberos, as ratios to the plain line
// in the same run. The replay server stands behind the sandbox's acceptor, so its part of the encryption is
// done in its own threads, and the processor time of this one is the client's alone.

#include <chrono>
#include <memory>
#include <stdexcept>

#include "tests/bench/bench.hpp"
#include "tests/bench/replay_server.hpp"
#include "tests/support/certificates/certificates.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::bench {
namespace {

constexpr std::uint64_t rows_measured = 500'000;
constexpr std::uint64_t sandbox_rows = 100'000;
constexpr int login_rounds = 25;
constexpr int fetch_rounds = 7;

struct level {
    std::string name;
    connect_options options;
    double wanted; // of the plain line's rate of bulk reads; 0: for information
};

std::shared_ptr<const sandbox::line_acceptor> acceptor(const test::identity& server, const std::string& ca_file, const std::string& keytab) {
    sandbox::tls_settings tls;
    tls.mode = sandbox::tls_mode::enabled;
    tls.certificate = server.certificate_file();
    tls.key = server.key_file();
    if (!ca_file.empty()) {
        tls.ca_file = ca_file;
        tls.client_certificate = sandbox::client_certificate_rule::require;
    }
    sandbox::kerberos_settings kerberos;
    kerberos.keytab = keytab;
    return std::make_shared<const sandbox::line_acceptor>(tls, kerberos);
}

double seconds_of_login(const connect_options& options) {
    const auto start = std::chrono::steady_clock::now();
    { connection db(options); }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

void run_protected(std::vector<figure>& out) {
    const test::small_kdc kdc;
    test::certificate_folder certificates;
    const auto server = certificates.server();
    const auto client = certificates.client();
    const replay_server open(32768, 0, acceptor(server, {}, kdc.keytab()));
    const replay_server mutual(32768, 0, acceptor(server, certificates.ca_file(), {}));
    const auto options = [](const replay_server& to, int security_level) {
        connect_options out("iris://demo:demo@localhost:" + std::to_string(to.port()) + "/USER");
        out.set("Security Level", std::to_string(security_level));
        return out;
    };
    const auto tls = [&](const replay_server& to) { return options(to, 10).set("TlsCaFile", certificates.ca_file()); };
    const auto kerberos = [&](int security_level) { return options(open, security_level).set("KerberosCcache", kdc.cache()); };
    const std::vector<level> levels{
        {"plain line", options(open, 0), 0},
        {"TLS 1.3", tls(open), 0},
        {"TLS 1.3, both sides with certificates", tls(mutual).set("TlsCertFile", client.certificate_file()).set("TlsKeyFile", client.key_file()), 0},
        {"Kerberos 1 (identity)", kerberos(1), 0},
        {"Kerberos 2 (integrity)", kerberos(2), 0},
        {"Kerberos 3 (encryption)", kerberos(3), 0}};

    std::vector<std::vector<double>> logins(levels.size());
    for (const auto& each : levels) (void)seconds_of_login(each.options); // tickets are fetched once
    for (int i = 0; i < login_rounds; ++i)
        for (std::size_t k = 0; k < levels.size(); ++k) logins[k].push_back(seconds_of_login(levels[k].options));
    const auto plain_login = median(logins[0]);
    for (std::size_t k = 0; k < levels.size(); ++k) {
        const auto took = median(logins[k]);
        out.push_back({"login, " + levels[k].name, took * 1e6, "us", k == 0 ? "" : "plain line", k == 0 ? 0 : took / plain_login, 0, false});
    }

    std::uint64_t sink = 0;
    std::vector<connection> lines;
    std::vector<std::function<void()>> works;
    for (const auto& each : levels) lines.emplace_back(each.options);
    for (auto& db : lines) {
        expect_count(fetch_variables(db, rows_measured, sink), rows_measured);
        works.emplace_back([&db, &sink] { (void)fetch_variables(db, rows_measured, sink); });
    }
    const auto measured = compare(fetch_rounds, rows_measured, works);
    for (std::size_t k = 0; k < levels.size(); ++k) {
        const auto add = [&](const std::string& how, double rate, double plain, double wanted) {
            out.push_back({"bulk read, " + levels[k].name + how, rate, "rows/s", k == 0 ? "" : "plain line", k == 0 ? 0 : rate / plain, wanted, false});
        };
        add(", processor time", measured[k].cpu, measured[0].cpu, levels[k].wanted);
        add(", elapsed time", measured[k].wall, measured[0].wall, 0);
    }
    if (sink == 1) out.clear(); // never: the results are used
}

void run_protected_sandbox(std::vector<figure>& out) {
    const test::small_kdc kdc;
    test::certificate_folder certificates;
    const auto server = certificates.server();
    const test::sandbox_runner runner(
        {}, "\n[tls]\nmode = \"enabled\"\ncertificate = \"" + server.certificate_file() + "\"\nkey = \"" + server.key_file() + "\"\n[kerberos]\nkeytab = \"" +
                kdc.keytab() + "\"\n[users.alice]\npassword = \"\"\n"
    );
    const auto options = [&](int security_level) {
        connect_options out("iris://demo:demo@localhost:" + std::to_string(runner.port()) + "/USER");
        out.set("Security Level", std::to_string(security_level));
        if (security_level == 10) out.set("TlsCaFile", certificates.ca_file());
        if (security_level == 3) out.set("KerberosCcache", kdc.cache());
        return out;
    };
    {
        connection db(options(0));
        db.execute("CREATE TABLE Bulk (Id INTEGER, Big BIGINT, Amount NUMERIC(15,2), Name VARCHAR(20), At TIMESTAMP)");
        for (std::int64_t first = 0; first < static_cast<std::int64_t>(sandbox_rows); first += 10'000) {
            std::vector<std::vector<value>> sets;
            for (auto i = first; i < first + 10'000; ++i)
                sets.push_back(
                    {i, i * 1'000'003, decimal{i * 7919 % 10'000'000, -2}, std::string("Ada Lovelace, London"),
                     timestamp{{2026, 3, 14}, {9, static_cast<std::uint8_t>(i / 60 % 60), static_cast<std::uint8_t>(i % 60), 123'456'000}}}
                );
            (void)db.batch("INSERT INTO Bulk VALUES (?, ?, ?, ?, ?)", sets);
        }
    }
    const std::vector<level> levels{{"plain line", options(0), 0}, {"TLS 1.3", options(10), 0.7}, {"Kerberos 3 (encryption)", options(3), 0.4}};
    std::uint64_t sink = 0;
    std::vector<connection> lines;
    std::vector<std::function<void()>> works;
    for (const auto& each : levels) lines.emplace_back(each.options);
    for (auto& db : lines) works.emplace_back([&db, &sink] { expect_count(fetch_variables(db.query("SELECT * FROM Bulk"), sink), sandbox_rows); });
    (void)compare(1, sandbox_rows, works);
    const auto measured = compare(fetch_rounds, sandbox_rows, works);
    for (std::size_t k = 0; k < levels.size(); ++k)
        out.push_back(
            {"bulk read from the sandbox, " + levels[k].name + ", elapsed time", measured[k].wall, "rows/s", k == 0 ? "" : "plain line",
             k == 0 ? 0 : measured[k].wall / measured[0].wall, levels[k].wanted, false}
        );
    if (sink == 1) out.clear(); // never: the results are used
}

} // namespace irislink::bench
