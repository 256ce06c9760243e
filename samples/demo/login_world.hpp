#pragma once
// What the login matrix needs, made in a temporary folder and gone with the object: a throw-away
// certificate authority, a real KDC, three sandboxes and their users, an ODBC driver manager that knows the
// driver. Environment variables that Kerberos, the driver manager and Python read are set for this process. Failures throw std::runtime_error.

#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "samples/demo/sandbox_process.hpp"

namespace demo {

class login_world {
public:
    login_world(const std::filesystem::path& programs, const std::filesystem::path& odbc_driver, const std::filesystem::path& python);
    ~login_world();
    login_world(const login_world&) = delete;
    login_world& operator=(const login_world&) = delete;

    // Ends what was started and removes the folder. Any thread; the second call finds nothing to do.
    void end() noexcept;

    // TLS and Kerberos of all levels beside clear text.
    [[nodiscard]] const sandbox_process& open() const noexcept { return *open_; }

    // TLS alone, and a client certificate.
    [[nodiscard]] const sandbox_process& mutual() const noexcept { return *mutual_; }

    // Kerberos from level 3 on.
    [[nodiscard]] const sandbox_process& sealed() const noexcept { return *sealed_; }

    // A file of the folder: ca.pem, other-ca.pem, client.pem, client.key.
    [[nodiscard]] std::string file(const std::string& name) const { return (folder_ / name).string(); }

    // Credential caches: one with a ticket, one that does not exist.
    [[nodiscard]] std::string tickets() const { return "FILE:" + file("tickets"); }

    [[nodiscard]] std::string no_tickets() const { return "FILE:" + file("no-tickets"); }

    // The user of this kind that belongs to one front alone.
    [[nodiscard]] static std::string user_of(const std::string& kind, const std::string& front) { return kind + "_" + front; }

    // The code of this moment, or a wrong one.
    [[nodiscard]] std::string code_of(const std::string& user) const;
    [[nodiscard]] std::string wrong_code_of(const std::string& user) const;
    // A new file with the code of this moment.
    [[nodiscard]] std::string file_with_code_of(const std::string& user) const;

private:
    void make_certificates();
    void start_kdc();
    void add_users();

    std::filesystem::path folder_;
    std::string log_;
    std::atomic<pid_t> kdc_{-1};
    std::unique_ptr<sandbox_process> open_;
    std::unique_ptr<sandbox_process> mutual_;
    std::unique_ptr<sandbox_process> sealed_;
    std::map<std::string, std::string> keys_;
};

} // namespace demo
