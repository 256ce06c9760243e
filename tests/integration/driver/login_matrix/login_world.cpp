#include "tests/integration/driver/login_matrix/login_world.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "irislink/irislink.hpp"
#include "tests/support/accounts/accounts.hpp"

namespace irislink::test::matrix {
namespace {

using namespace std::chrono_literals;

// The servers wait this long for a code. What is late comes behind it, and before the two seconds are over
// that the server keeps the line for a late answer.
constexpr auto code_time = 3s;
constexpr auto late_after = 3500ms;

constexpr std::size_t at_once = 4;          // cells that compute
constexpr std::size_t waiting_at_once = 96; // cells that sleep

std::string content_of(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file).rdbuf();
    return out.str();
}

// A telephone number per account.
std::string phone_of(const cell& in) {
    return std::to_string(5'550'000 + in.account);
}

const char* yes_or_no(bool value) {
    return value ? "true" : "false";
}

// Runs `work` for every one of `jobs` in this many threads.
template <class Work> void side_by_side(const std::vector<std::size_t>& jobs, std::size_t threads, std::vector<std::thread>& into, Work work) {
    const auto next = std::make_shared<std::atomic<std::size_t>>(0);
    for (std::size_t i = 0; i < std::min(threads, jobs.size()); ++i)
        into.emplace_back([next, &jobs, work] {
            for (auto at = next->fetch_add(1); at < jobs.size(); at = next->fetch_add(1)) work(jobs[at]);
        });
}

} // namespace

login_world::login_world()
    : password_(planted_text("Pw-", 20)), wrong_password_(planted_text("Wr-", 20)), canary_(planted_text("Tk-", 24)), hash_(password_hash(password_)),
      server_certificate_(authority_.server({"localhost"})), key_(signing_key::ed25519()), other_key_(signing_key::ed25519()), servers_(policies().size()) {
    const auto expiry = std::to_string(std::time(nullptr) + 3600);
    for (std::size_t i = 0; i < cells_per_policy(); ++i) {
        const auto& each = cells()[i];
        totp_keys_.push_back(totp_key());
        tokens_.push_back(make_token(
            each.by == proof::forged_token ? other_key_ : key_,
            R"({"iss":"matrix","aud":"iris","exp":)" + expiry + R"(,"sub":")" + each.user() + R"(","canary":")" + canary_ + R"("})"
        ));
    }
    secrets_.add("password", password_);
    secrets_.add("wrong password", wrong_password_);
    secrets_.add("token's claim", canary_);
    secrets_.add("token", std::string_view(tokens_.front()).substr(0, 40)); // all begin alike
    make_tickets();
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < servers_.size(); ++i) all.push_back(i);
    std::vector<std::thread> threads;
    std::atomic<bool> broken{false};
    side_by_side(all, 3, threads, [this, &broken](std::size_t i) {
        try {
            start_server(i);
        } catch (const std::exception& failed) {
            std::fprintf(stderr, "%s\n", failed.what());
            broken = true;
        }
    });
    for (auto& each : threads) each.join();
    if (broken) throw std::runtime_error("a server of the matrix did not start");
}

// A principal, and a ticket of it, for every cell on a line of levels 1 to 3.
void login_world::make_tickets() {
    std::string requests;
    std::string log_in;
    for (std::size_t i = 0; i < cells_per_policy(); ++i) {
        const auto& each = cells()[i];
        if (!each.kerberos_line()) continue;
        requests += "addprinc -randkey " + each.user() + "\nktadd -k " + kdc_.path("users.keytab") + " " + each.user() + "\n";
        log_in += "kinit -k -t " + kdc_.path("users.keytab") + " -c " + cache_of(each) + " " + each.user() + " || exit 1\n";
    }
    kdc_.kadmin(requests);
    std::ofstream(kdc_.path("log-in")) << log_in;
    if (std::system(("sh " + kdc_.path("log-in") + " >" + kdc_.path("log-in.out") + " 2>&1").c_str()) != 0)
        throw std::runtime_error("a principal of the matrix has no ticket: " + content_of(kdc_.path("log-in.out")));
}

std::string login_world::config_of(std::size_t policy, const server& made) const {
    const auto& rules = policies()[policy];
    const auto on = [&](switched each) { return yes_or_no(rules.off != each); };
    static constexpr std::array modes{"disabled", "enabled", "required"};
    std::string levels;
    for (const int each : rules.levels) levels += (levels.empty() ? "" : ", ") + std::to_string(each);
    std::ostringstream out;
    out << "[server]\nbind = \"127.0.0.1\"\nmax_sessions = 1000\nlogin_timeout = 30\nhash_iterations = 1000\n"
        << "[security]\nunauthenticated = true\npassword = true\nkerberos = true\naccess_token = true\n"
        << "[service]\nenabled = " << on(switched::service) << "\npassword = " << on(switched::password) << "\nkerberos = " << on(switched::kerberos)
        << "\naccess_token = " << on(switched::token) << "\nunauthenticated = " << on(switched::unauthenticated) << "\n"
        << "[two_factor]\ntotp = true\nsms = true\nservice_totp = " << on(switched::totp) << "\nservice_sms = " << on(switched::sms)
        << "\nrequired = " << yes_or_no(rules.off == switched::factor_required) << "\ntimeout = " << code_time.count() << "\noutbox = \"" << made.outbox
        << "\"\n"
        << "[audit]\nfile = \"" << made.audit_file << "\"\n"
        << "[access_tokens]\nissuer = \"matrix\"\naudience = \"iris\"\npublic_keys = [\"" << (authority_.path() / "token.pem").string() << "\"]\n"
        << "[tls]\nmode = \"" << modes[static_cast<std::size_t>(rules.tls)] << "\"\ncertificate = \"" << server_certificate_.certificate_file()
        << "\"\nkey = \"" << server_certificate_.key_file() << "\"\n"
        << "[kerberos]\nkeytab = \"" << kdc_.keytab() << "\"\ninstance_levels = [" << levels << "]\n"
        << "[users.auditor]\npassword = \"" << hash_ << "\"\nroles = [\"%All\"]\n";
    for (std::size_t i = 0; i < cells_per_policy(); ++i) {
        const auto& each = cells()[i];
        out << "[users." << each.user() << "]\npassword = \"" << hash_ << "\"\n";
        if (each.factor == factor_kind::totp) out << "two_factor = \"totp\"\ntotp_key = \"" << totp_keys_[i] << "\"\n";
        if (each.factor == factor_kind::sms) out << "two_factor = \"sms\"\nphone = \"" << phone_of(each) << "\"\nprovider = \"Verizon\"\n";
    }
    return out.str();
}

void login_world::start_server(std::size_t policy) {
    auto& made = servers_[policy];
    const auto folder = authority_.path() / policies()[policy].name();
    std::filesystem::create_directories(folder);
    made.outbox = folder / "outbox";
    made.audit_file = folder / "audit.jsonl";
    {
        const std::lock_guard lock(mutex_);
        if (const auto file = authority_.path() / "token.pem"; !std::filesystem::exists(file)) std::ofstream(file) << key_.pem();
    }
    made.process = std::make_unique<sandbox_runner>(config_of(policy, made), whole_config);
}

std::string login_world::connection_string(const cell& in) const {
    // Linux takes both for its own; the client has to take the second for another machine's.
    const std::string host = in.line == line_kind::near_clear ? "127.0.0.1" : "[::ffff:127.0.0.1]";
    std::string out = "Server=" + host + ";Port=" + std::to_string(servers_[in.policy].process->port()) + ";Database=USER;ConnectTimeout=30;LoginTimeout=30;";
    if (in.kerberos_line())
        out += "Security Level=" + std::to_string(in.level()) + ";Service Principal Name=iris/localhost;KerberosCcache=" + cache_of(in) + ";";
    if (in.line == line_kind::tls) out += "TlsMode=verify-full;TlsHostName=localhost;TlsCaFile=" + authority_.ca_file() + ";";
    switch (in.by) {
    case proof::password: out += "UID=" + in.user() + ";PWD=" + password_ + ";"; break;
    case proof::wrong_password: out += "UID=" + in.user() + ";PWD=" + wrong_password_ + ";"; break;
    case proof::kerberos: out += "Authentication Method=1;"; break;
    case proof::token:
    case proof::forged_token: out += "AccessToken=" + tokens_[in.account] + ";"; break;
    case proof::nothing: out += "UID=;PWD=;"; break;
    }
    if (in.by == proof::kerberos && in.level() == 0) out += "Security Level=0;";
    return out;
}

// The newest message for the telephone of this account.
std::string login_world::text_message(const cell& in) const {
    std::vector<std::filesystem::path> all;
    for (const auto& each : std::filesystem::directory_iterator(servers_[in.policy].outbox))
        if (each.path().extension() == ".eml") all.push_back(each.path());
    std::ranges::sort(all, std::greater<>());
    for (const auto& each : all) {
        const auto text = content_of(each);
        if (text.find("To: " + phone_of(in) + "@") == std::string::npos) continue;
        const auto at = text.find(" code: ");
        if (at != std::string::npos) return text.substr(at + 7, 6);
    }
    throw std::runtime_error("no text message came");
}

std::string login_world::code_for(const cell& in, bool right) const {
    if (in.factor == factor_kind::sms) {
        auto code = text_message(in);
        if (!right) code.back() = code.back() == '9' ? '0' : static_cast<char>(code.back() + 1);
        return code;
    }
    const auto& key = totp_keys_[in.account];
    return right ? totp_code(key, std::time(nullptr)) : wrong_totp_code(key);
}

void login_world::connect(const cell& in, std::size_t number, factor_fate fate, observation& out) {
    out.logged_in = false;
    try {
        connect_options options(connection_string(in));
        options.set("ApplicationName", "cell-" + std::to_string(number)).set("TraceFile", (authority_.path() / ("trace-" + std::to_string(number))).string());
        options.log([&out](int, std::string_view line) { out.log += std::string(line) + "\n"; });
        if (in.factor != factor_kind::none && fate != factor_fate::missing)
            options.two_factor([&] {
                // What is used again was used by the login before this one.
                auto code = fate == factor_fate::reused ? out.codes.front() : code_for(in, fate != factor_fate::wrong);
                if (fate == factor_fate::late) std::this_thread::sleep_for(late_after);
                out.codes.push_back(code);
                return code;
            });
        connection db(options);
        auto rows = db.query("SELECT $USERNAME");
        if (rows.next()) out.user = rows.current().text(0).value_or("");
        out.logged_in = true;
    } catch (const error& failed) {
        out.refusal = failed.record();
    }
}

void login_world::try_cell(std::size_t number) {
    const auto& in = cells()[number];
    observation out;
    try {
        if (in.factor == factor_kind::none || in.fate != factor_fate::reused) {
            connect(in, number, in.fate, out);
        } else {
            connect(in, number, factor_fate::right, out);
            if (out.logged_in) connect(in, number, factor_fate::reused, out);
        }
    } catch (const std::exception& broken) {
        out.refusal.text = std::string("not an error of irislink: ") + broken.what();
    }
    out.trace = content_of(authority_.path() / ("trace-" + std::to_string(number)));
    const std::lock_guard lock(mutex_);
    seen_[number] = std::move(out);
}

void login_world::read_table(std::size_t policy) {
    const auto& rules = policies()[policy];
    if (rules.off == switched::service || rules.off == switched::password || rules.off == switched::factor_required) return;
    cell auditor;
    auditor.policy = policy;
    auditor.line = rules.tls == tls_mode::required ? line_kind::tls : line_kind::near_clear;
    auditor.by = proof::nothing;
    connect_options options(connection_string(auditor));
    options.set("UID", "auditor").set("PWD", password_).set("ApplicationName", "auditor");
    connection db(options);
    auto rows = db.query("SELECT Event, Username, Authentication, SecurityLevel, Status, Description FROM %SYS.Audit ORDER BY AuditIndex");
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : "|") + row.text(i).value_or("");
        servers_[policy].table.push_back(line);
    }
}

void login_world::run(const std::vector<std::size_t>& wanted) {
    std::vector<std::size_t> quick;
    std::vector<std::size_t> sleepers;
    for (const auto each : wanted) {
        const bool sleeps = cells()[each].fate == factor_fate::late && expect(cells()[each]).code_due;
        (sleeps ? sleepers : quick).push_back(each);
    }
    std::vector<std::thread> threads;
    const auto work = [this](std::size_t number) { try_cell(number); };
    side_by_side(sleepers, waiting_at_once, threads, work);
    side_by_side(quick, at_once, threads, work);
    for (auto& each : threads) each.join();
    for (std::size_t policy = 0; policy < servers_.size(); ++policy) {
        auto& server = servers_[policy];
        read_table(policy);
        if (!server.process->end()) throw std::runtime_error("a server of the matrix did not end");
        server.log = server.process->log();
        std::istringstream lines(content_of(server.audit_file));
        for (std::string line; std::getline(lines, line);) {
            auto json = nlohmann::json::parse(line);
            const std::string event = json["event"];
            audit_line made{
                event.substr(event.rfind('/') + 1),
                json["user"],
                json["authentication"],
                json["level"],
                json["address"],
                json["executable"],
                json["job"],
                json["status"],
                json["description"],
                {}};
            json.erase("time");
            made.all_but_time = json.dump();
            if (made.executable.starts_with("cell-")) seen_[std::stoul(made.executable.substr(5))].records.push_back(made);
            server.audit.push_back(std::move(made));
        }
    }
    // Two connections of one cell: the end of the first may be written after the start of the second.
    for (auto& [number, each] : seen_) std::ranges::stable_sort(each.records, {}, &audit_line::job);
}

} // namespace irislink::test::matrix
