#pragma once
// What the login tests through ODBC share: a certificate authority, a KDC and three sandboxes with the
// accounts of the login matrix. Made once for all of them, and gone with the object.

#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/accounts/accounts.hpp"
#include "tests/support/certificates/certificates.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::test {

class odbc_login_world {
public:
    static constexpr const char* password = "zQ7-right-password";
    static constexpr const char* wrong_password = "zQ7-wrong-password";

    // `codes`: names of accounts with a time-based code. A code works once: whoever uses one has an account
    // of its own.
    explicit odbc_login_world(const std::vector<std::string>& codes) {
        kdc_.ticket("alice", "alice", "tickets");
        for (const auto& each : codes) keys_[each] = totp_key();
        const auto hash = password_hash(password);
        const auto account = [&hash](const std::string& name, const std::string& more = {}) {
            return "[users." + name + "]\npassword = \"" + hash + "\"\n" + more;
        };
        const auto tls = "[tls]\ncertificate = \"" + server_.certificate_file() + "\"\nkey = \"" + server_.key_file() + "\"\n";
        const auto kerberos = "[kerberos]\nkeytab = \"" + kdc_.keytab() + "\"\n";
        const std::string all = "[server]\nhash_iterations = 1000\n";
        std::filesystem::create_directories(outbox());
        std::string everybody = account("demo") + account("guessed") + account("new", "change_password_on_next_login = true\n") +
                                account("sms", "two_factor = \"sms\"\nphone = \"5550100\"\nprovider = \"Verizon\"\n") + "[users.alice]\npassword = \"\"\n";
        for (const auto& [name, key] : keys_) everybody += account(name, "two_factor = \"totp\"\ntotp_key = \"" + key + "\"\n");
        open_ = std::make_unique<sandbox_runner>(
            all + "[security]\ninvalid_login_limit = 5\ndisable_account = true\n[two_factor]\ntotp = true\nsms = true\noutbox = \"" + outbox() + "\"\n" + tls +
                "mode = \"enabled\"\n" + kerberos + everybody,
            whole_config
        );
        mutual_ = std::make_unique<sandbox_runner>(
            all + tls + "mode = \"required\"\nclient_certificate = \"require\"\nca_file = \"" + authority_.ca_file() + "\"\n" + account("demo"), whole_config
        );
        sealed_ = std::make_unique<sandbox_runner>(all + kerberos + "instance_levels = [3]\n[users.alice]\npassword = \"\"\n", whole_config);
    }

    // Everything but Kerberos below level 1 to 3 and TLS is as it comes: "Server=...;Port=...;".
    [[nodiscard]] std::string open(const std::string& host = "127.0.0.1") const { return address(*open_, host); }

    // Clients show a certificate.
    [[nodiscard]] std::string mutual() const { return address(*mutual_, "127.0.0.1"); }

    // Kerberos at level 3 alone.
    [[nodiscard]] std::string sealed() const { return address(*sealed_, "localhost"); }

    [[nodiscard]] std::string verified(const std::string& authority = {}) const {
        return "TlsMode=verify-full;TlsMinVersion=1.3;TlsCaFile=" + (authority.empty() ? authority_.ca_file() : authority) + ";";
    }

    [[nodiscard]] const std::string& strange_authority() const { return strange_.certificate_file(); }

    [[nodiscard]] const identity& client() const { return client_; }

    [[nodiscard]] std::string tickets() const { return "FILE:" + kdc_.path("tickets"); }

    [[nodiscard]] std::string no_tickets() const { return "FILE:" + kdc_.path("nothing-here"); }

    [[nodiscard]] std::string code_of(const std::string& name) const { return totp_code(keys_.at(name), std::time(nullptr)); }

    [[nodiscard]] std::string wrong_code_of(const std::string& name) const { return wrong_totp_code(keys_.at(name)); }

    // A program that prints the code of the moment.
    [[nodiscard]] std::string command_of(const std::string& name) const { return "oathtool --totp -b " + keys_.at(name); }

    // Of the newest text message.
    [[nodiscard]] std::string message_code() const {
        std::filesystem::path newest;
        for (const auto& each : std::filesystem::directory_iterator(outbox()))
            if (each.path().extension() == ".eml" && each.path() > newest) newest = each.path();
        std::ostringstream text;
        text << std::ifstream(newest).rdbuf();
        const auto at = text.str().find(" code: ");
        if (at == std::string::npos) throw std::runtime_error("no text message came");
        return text.str().substr(at + 7, 6);
    }

private:
    [[nodiscard]] std::string outbox() const { return (authority_.path() / "outbox").string(); }

    static std::string address(const sandbox_runner& of, const std::string& host) {
        return "DRIVER={irislink};Server=" + host + ";Port=" + std::to_string(of.port()) + ";Database=USER;ConnectTimeout=10;";
    }

    certificate_folder authority_;
    small_kdc kdc_;
    identity server_{authority_.server()};
    identity client_{authority_.client()};
    identity strange_{authority_.authority("somebody else")};
    std::map<std::string, std::string> keys_;
    std::unique_ptr<sandbox_runner> open_;
    std::unique_ptr<sandbox_runner> mutual_;
    std::unique_ptr<sandbox_runner> sealed_;
};

} // namespace irislink::test
