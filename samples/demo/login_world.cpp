#include "samples/demo/login_world.hpp"

#include <liboath/oath.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "samples/demo/front.hpp"
#include "samples/demo/process.hpp"

namespace demo {
namespace {

constexpr unsigned time_step = 30;

std::string code_at(const std::string& base32, std::time_t when) {
    char* key = nullptr;
    std::size_t size = 0;
    if (::oath_base32_decode(base32.data(), base32.size(), &key, &size) != OATH_OK) throw std::runtime_error("the key is not base 32");
    std::array<char, 7> code{};
    const int failed = ::oath_totp_generate(key, size, when, time_step, OATH_TOTP_DEFAULT_START_TIME, 6, code.data());
    std::free(key);
    if (failed != OATH_OK) throw std::runtime_error("no code can be made");
    return code.data();
}

} // namespace

login_world::login_world(const std::filesystem::path& programs, const std::filesystem::path& odbc_driver, const std::filesystem::path& python) {
    auto pattern = (std::filesystem::temp_directory_path() / "irislink-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    folder_ = pattern;
    log_ = file("log");
    try {
        declare_odbc_driver(std::filesystem::absolute(odbc_driver), folder_);
#ifdef IRISLINK_DEMO_PYTHON_FRONT
        declare_python_module(std::filesystem::absolute(python), log_);
#else
        (void)python;
#endif
        make_certificates();
        start_kdc();
        const auto tls = "\n[tls]\ncertificate = \"" + file("server.pem") + "\"\nkey = \"" + file("server.key") + "\"\n";
        const auto kerberos = "\n[kerberos]\nkeytab = \"" + file("iris.keytab") + "\"\n";
        open_ = std::make_unique<sandbox_process>(programs, folder_ / "open", tls + "mode = \"enabled\"\n" + kerberos);
        mutual_ = std::make_unique<sandbox_process>(
            programs, folder_ / "mutual", tls + "mode = \"required\"\nclient_certificate = \"require\"\nca_file = \"" + file("ca.pem") + "\"\n"
        );
        sealed_ = std::make_unique<sandbox_process>(programs, folder_ / "sealed", kerberos + "instance_levels = [3]\n");
        add_users();
        open_->start();
        mutual_->start();
        sealed_->start();
    } catch (...) {
        end();
        throw;
    }
}

login_world::~login_world() {
    end();
}

void login_world::end() noexcept {
    for (const auto* const each : {&open_, &mutual_, &sealed_})
        if (*each) (*each)->end();
    if (const auto kdc = kdc_.exchange(-1); kdc > 0) stop(kdc);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void login_world::make_certificates() {
    std::ofstream(file("openssl.cnf")) << "[req]\ndistinguished_name = name\n[name]\n"
                                          "[authority]\nbasicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n"
                                          "subjectKeyIdentifier = hash\n"
                                          "[server]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = serverAuth\n"
                                          "subjectAltName = DNS:localhost,IP:127.0.0.1\n"
                                          "[client]\nbasicConstraints = critical,CA:FALSE\nextendedKeyUsage = clientAuth\n";
    const auto make = [this](const std::string& name, const std::string& kind, const std::string& issuer) {
        std::vector<std::string> command{
            "openssl",
            "req",
            "-x509",
            "-config",
            file("openssl.cnf"),
            "-extensions",
            kind,
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=irislink demo " + name,
            "-keyout",
            file(name + ".key"),
            "-out",
            file(name + ".pem")};
        if (!issuer.empty()) command.insert(command.end(), {"-CA", file(issuer + ".pem"), "-CAkey", file(issuer + ".key")});
        (void)run(command, {}, log_);
    };
    make("ca", "authority", "");
    make("other-ca", "authority", "");
    make("server", "server", "ca");
    make("client", "client", "ca");
}

void login_world::start_kdc() {
    const std::string realm = "DEMO.TEST";
    const auto port = std::to_string(free_port());
    std::ofstream(file("krb5.conf")) << "[libdefaults]\ndefault_realm = " << realm
                                     << "\ndns_lookup_kdc = false\ndns_lookup_realm = false\nrdns = false\ndns_canonicalize_hostname = false\n[realms]\n"
                                     << realm << " = {\n kdc = 127.0.0.1:" << port << "\n}\n";
    std::ofstream(file("kdc.conf")) << "[kdcdefaults]\nkdc_listen = 127.0.0.1:" << port << "\nkdc_tcp_listen = 127.0.0.1:" << port << "\n[realms]\n"
                                    << realm << " = {\n database_name = " << file("principal") << "\n key_stash_file = " << file("stash") << "\n}\n";
    ::setenv("KRB5_CONFIG", file("krb5.conf").c_str(), 1);
    ::setenv("KRB5_KDC_PROFILE", file("kdc.conf").c_str(), 1);
    ::setenv("KRB5RCACHEDIR", folder_.c_str(), 1);
    // kdb5_util and the KDC live where ordinary users do not look.
    const char* const path = std::getenv("PATH");
    ::setenv("PATH", ((path != nullptr ? std::string(path) + ":" : std::string()) + "/usr/sbin:/sbin").c_str(), 1);
    (void)run({"kdb5_util", "-r", realm, "create", "-s", "-P", "irislink-demo"}, {}, log_);
    const std::array<std::string, 3> requests{
        "addprinc -pw demo-password demo", "addprinc -randkey iris/localhost", "ktadd -k " + file("iris.keytab") + " iris/localhost"};
    for (const auto& each : requests) (void)run({"kadmin.local", "-r", realm, "-q", each}, {}, log_);
    const auto kdc = spawn({"krb5kdc", "-n", "-r", realm}, {}, log_);
    kdc_ = kdc.id;
    ::close(kdc.output);
    for (int tries = 0;; ++tries) {
        try {
            (void)run({"kinit", "-c", tickets(), "demo"}, "demo-password\n", log_);
            return;
        } catch (const std::runtime_error&) {
            if (tries == 50) throw std::runtime_error("the KDC does not answer; see " + log_);
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
    }
}

void login_world::add_users() {
    open_->add_user("demo", "demo-password");
    mutual_->add_user("demo", "demo-password");
    sealed_->add_user("demo", "demo-password");
    // A code works once and a locked account stays so: whoever uses one has a user of his own.
    for (const auto& each : fronts()) {
        if (!each.open) continue;
        for (const std::string name : {"totp", "totp_wrong", "totp_again", "totp_tls"}) {
            const auto user = user_of(name, each.tag);
            open_->add_user(user, "demo-password");
            keys_[user] = open_->add_totp(user);
        }
        open_->add_user(user_of("guessed", each.tag), "demo-password");
    }
    open_->add_user("sms", "demo-password");
    open_->add_text_messages("sms");
    open_->add_user("new", "demo-password", {"--change-password"});
}

std::string login_world::file_with_code_of(const std::string& user) const {
    auto name = file("code-of-" + user);
    std::ofstream(name) << code_of(user) << "\n";
    return name;
}

std::string login_world::code_of(const std::string& user) const {
    return code_at(keys_.at(user), std::time(nullptr));
}

std::string login_world::wrong_code_of(const std::string& user) const {
    // None of the codes that are good now, or soon.
    const auto now = std::time(nullptr);
    for (unsigned guess = 0;; ++guess) {
        auto text = std::to_string(100'000 + guess);
        bool good = false;
        for (int step = -2; step <= 2; ++step) good = good || text == code_at(keys_.at(user), now + std::time_t{step} * static_cast<std::time_t>(time_step));
        if (!good) return text;
    }
}

} // namespace demo
