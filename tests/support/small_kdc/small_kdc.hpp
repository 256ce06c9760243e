#pragma once
// A KDC of its own for one test: private configuration, database and ports on loopback, gone with the
// object. Sets KRB5_CONFIG for this process. Throws std::runtime_error.
//
// Realm SANDBOX.TEST has alice (password alice), iris/localhost and iris/other. Further realms are empty
// until kadmin() fills them; one process serves all of them.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace irislink::test {

// More of krb5.conf, for as long as it lives; beats what the KDC's own file says.
class kerberos_config {
public:
    kerberos_config(const std::string& file, const std::string& text) : before_(::getenv("KRB5_CONFIG")) {
        std::ofstream(file) << text;
        ::setenv("KRB5_CONFIG", (file + ":" + before_).c_str(), 1);
    }

    ~kerberos_config() { ::setenv("KRB5_CONFIG", before_.c_str(), 1); }

    kerberos_config(const kerberos_config&) = delete;
    kerberos_config& operator=(const kerberos_config&) = delete;

private:
    std::string before_;
};

struct kdc_plan {
    std::vector<std::string> more_realms;
    std::string clock; // how far the KDC's clock is off, for libfaketime: "-2h"
};

class small_kdc {
public:
    explicit small_kdc(const kdc_plan& plan = {}) {
        std::string name = (std::filesystem::temp_directory_path() / "irislink-kdc-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = name;
        const auto port = std::to_string(free_port());
        std::vector<std::string> realms{own_realm};
        realms.insert(realms.end(), plan.more_realms.begin(), plan.more_realms.end());
        std::ofstream client(folder_ / "krb5.conf");
        client << "[libdefaults]\ndefault_realm = " << own_realm
               << "\ndns_lookup_kdc = false\ndns_lookup_realm = false\nrdns = false\ndns_canonicalize_hostname = false\n[realms]\n";
        std::ofstream server(folder_ / "kdc.conf");
        server << "[kdcdefaults]\nkdc_listen = 127.0.0.1:" << port << "\nkdc_tcp_listen = 127.0.0.1:" << port << "\n[logging]\nkdc = FILE:" << path("log")
               << "\n[realms]\n";
        for (const auto& each : realms) {
            client << each << " = {\n kdc = 127.0.0.1:" << port << "\n}\n";
            server << each << " = {\n database_name = " << path("principal-" + each) << "\n key_stash_file = " << path("stash-" + each) << "\n}\n";
        }
        client.close();
        server.close();
        ::setenv("KRB5_CONFIG", path("krb5.conf").c_str(), 1);
        ::setenv("KRB5_KDC_PROFILE", path("kdc.conf").c_str(), 1);
        ::setenv("KRB5RCACHEDIR", folder_.c_str(), 1);
        for (const auto& each : realms) run("kdb5_util -r " + each + " create -s -P master");
        kadmin(
            "addprinc -pw alice alice\naddprinc -randkey iris/localhost\naddprinc -randkey iris/other\nktadd -k " + keytab() + " iris/localhost\nktadd -k " +
            path("other.keytab") + " iris/other\n"
        );
        std::vector<std::string> command{"krb5kdc", "-n"};
        for (const auto& each : realms) command.insert(command.end(), {"-r", each});
        std::vector<char*> arguments;
        for (auto& each : command) arguments.push_back(each.data());
        arguments.push_back(nullptr);
        kdc_ = ::fork();
        if (kdc_ == 0) {
            if (!plan.clock.empty()) {
                ::setenv("LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1", 1);
                ::setenv("FAKETIME", plan.clock.c_str(), 1);
                ::setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
            }
            const int out = ::open(path("out").c_str(), O_WRONLY | O_CREAT, 0600);
            ::dup2(out, 1);
            ::dup2(out, 2);
            ::execv("/usr/sbin/krb5kdc", arguments.data());
            ::_exit(127);
        }
        for (int i = 0; i < 50; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            if (std::system(("echo alice | KRB5CCNAME=" + cache() + " kinit alice >>" + path("out") + " 2>&1").c_str()) == 0) return;
        }
        end();
        throw std::runtime_error("the KDC does not answer");
    }

    ~small_kdc() { end(); }

    small_kdc(const small_kdc&) = delete;
    small_kdc& operator=(const small_kdc&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

    // A line for kadmin.
    void admin(const std::string& line) const { run("kadmin.local -r SANDBOX.TEST " + line); }

    // A ticket of `name` in the file `cache`; `options` are kinit's.
    void ticket(const std::string& name, const std::string& password, const std::string& cache, const std::string& options = {}) const {
        run("echo " + password + " | kinit " + options + " -c FILE:" + path(cache) + " " + name);
    }

    [[nodiscard]] std::string keytab() const { return path("iris.keytab"); }

    [[nodiscard]] std::string cache() const { return "FILE:" + path("cache"); }

    // Requests to kadmin.local, one a line. It does not say by its status whether they were right.
    void kadmin(const std::string& requests, const std::string& realm = own_realm) const {
        std::ofstream(path("requests")) << requests;
        run("kadmin.local -r " + realm + " <" + path("requests"));
    }

private:
    static constexpr const char* own_realm = "SANDBOX.TEST";

    static int free_port() {
        const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address);
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
        ::close(probe);
        return ntohs(address.sin_port);
    }

    void run(const std::string& command) const {
        if (std::system(("PATH=$PATH:/usr/sbin " + command + " >>" + path("out") + " 2>&1").c_str()) != 0) throw std::runtime_error(command + " failed");
    }

    void end() {
        if (kdc_ > 0) {
            ::kill(kdc_, SIGKILL);
            ::waitpid(kdc_, nullptr, 0);
        }
        kdc_ = 0;
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    std::filesystem::path folder_;
    pid_t kdc_{0};
};

} // namespace irislink::test
