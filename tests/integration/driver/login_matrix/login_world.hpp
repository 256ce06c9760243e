#pragma once
// What the login matrix runs in: a certificate authority, a KDC, one sandbox per policy with an account
// per cell, and the client that tries a cell. Everything is made once and gone with the object.
//
// run() tries many cells side by side and then ends the servers, so that audits and logs are whole when
// they are looked at.

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tests/integration/driver/login_matrix/login_cell.hpp"
#include "tests/support/access_token/token_maker.hpp"
#include "tests/support/certificates/certificates.hpp"
#include "tests/support/sandbox_runner/sandbox_runner.hpp"
#include "tests/support/secret_hunt/secret_hunt.hpp"
#include "tests/support/small_kdc/small_kdc.hpp"

namespace irislink::test::matrix {

struct audit_line {
    std::string event;
    std::string user;
    std::string authentication;
    int level{0};
    std::string address;
    std::string executable;
    int job{0};
    int status{0};
    std::string description;
    std::string all_but_time; // for the search for secrets
};

struct observation {
    bool logged_in{false};
    std::string user;
    diagnostic refusal;
    std::string log;                // the client's
    std::string trace;              // its wire trace
    std::vector<std::string> codes; // what it was given as one-time codes
    std::vector<audit_line> records;
};

class login_world {
public:
    login_world();
    login_world(const login_world&) = delete;
    login_world& operator=(const login_world&) = delete;

    // Cells by their number in cells(). Once.
    void run(const std::vector<std::size_t>& wanted);

    [[nodiscard]] const observation& seen(std::size_t cell) const { return seen_.at(cell); }

    // Of the servers, by policy, after run().
    [[nodiscard]] const std::string& log(std::size_t policy) const { return servers_[policy].log; }

    [[nodiscard]] const std::vector<audit_line>& audit(std::size_t policy) const { return servers_[policy].audit; }

    // What %SYS.Audit said of it, as "event|user|authentication|level|status|description" lines in order,
    // read by SQL before the end; empty where the policy lets no password in.
    [[nodiscard]] const std::vector<std::string>& audit_table(std::size_t policy) const { return servers_[policy].table; }

    // Passwords and tokens of every cell.
    [[nodiscard]] const secret_hunt& secrets() const noexcept { return secrets_; }

    [[nodiscard]] const std::string& password() const noexcept { return password_; }

private:
    struct server {
        std::unique_ptr<sandbox_runner> process;
        std::string outbox;
        std::string audit_file;
        std::string log;
        std::vector<audit_line> audit;
        std::vector<std::string> table;
    };

    void make_tickets();
    void start_server(std::size_t policy);
    [[nodiscard]] std::string config_of(std::size_t policy, const server& made) const;
    [[nodiscard]] std::string connection_string(const cell& in) const;
    void try_cell(std::size_t number);
    // One connection of a cell. `code`: what to send; empty: the right one of the moment.
    void connect(const cell& in, std::size_t number, factor_fate fate, observation& out);
    [[nodiscard]] std::string code_for(const cell& in, bool right) const;
    [[nodiscard]] std::string text_message(const cell& in) const;
    void read_table(std::size_t policy);

    [[nodiscard]] std::string cache_of(const cell& in) const { return "FILE:" + kdc_.path("cache-" + in.user()); }

    std::string password_;
    std::string wrong_password_;
    std::string canary_; // a claim of every token
    std::string hash_;
    secret_hunt secrets_;
    certificate_folder authority_;
    small_kdc kdc_;
    identity server_certificate_;
    signing_key key_;
    signing_key other_key_;
    std::vector<std::string> totp_keys_; // by account
    std::vector<std::string> tokens_;    // by account; forged ones for cells that want them
    std::vector<server> servers_;
    std::map<std::size_t, observation> seen_;
    mutable std::mutex mutex_;
};

} // namespace irislink::test::matrix
