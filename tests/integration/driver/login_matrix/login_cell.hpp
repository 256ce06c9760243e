#pragma once
// The login matrix: its dimensions, the product of them, and the model that says what each cell must end
// in. The model was written from docs/protocol/security-behaviour.md ("decision N" is section 1 there) and
// wire-session.md, not from the code on either side.

#include <optional>
#include <string>
#include <vector>

#include "irislink/error.hpp"

namespace irislink::test::matrix {

// near_clear is level 0 over loopback. All other lines go to the same server under an address that the
// client has to take for another machine's: decision 18 makes the difference.
enum class line_kind { near_clear, clear, level1, level2, level3, tls };

// What the client is told to prove itself with. With levels 1 to 3 there is a good ticket as well.
enum class proof { password, wrong_password, kerberos, token, forged_token, nothing };

enum class factor_kind { none, totp, sms };

// What becomes of the one-time code. missing: the client was given none.
enum class factor_fate { right, wrong, reused, late, missing };

enum class tls_mode { disabled, enabled, required };

// One deviation from a server on which everything is switched on.
enum class switched { nothing, service, password, kerberos, token, unauthenticated, totp, sms, factor_required };

struct server_policy {
    tls_mode tls{tls_mode::enabled};
    std::vector<int> levels{1, 2, 3}; // of the instance; the service has all
    switched off{switched::nothing};

    [[nodiscard]] std::string name() const;
};

struct cell {
    std::size_t policy{0}; // of policies()
    line_kind line{};
    proof by{};
    factor_kind factor{};
    factor_fate fate{};
    std::size_t account{0}; // of its own on this server: u0, u1, ...

    [[nodiscard]] std::string name() const;

    [[nodiscard]] std::string user() const { return "u" + std::to_string(account); }

    [[nodiscard]] bool kerberos_line() const noexcept { return line == line_kind::level1 || line == line_kind::level2 || line == line_kind::level3; }

    [[nodiscard]] int level() const noexcept; // 0, 1, 2, 3, 10
};

[[nodiscard]] const std::vector<server_policy>& policies();
// Cells of one server; as many accounts are needed on each.
[[nodiscard]] std::size_t cells_per_policy();
// The whole product.
[[nodiscard]] const std::vector<cell>& cells();

// One line of the audit. `description` is how the true reason begins.
struct expected_record {
    std::string event; // Login, LoginFailure, Logout
    std::string user;
    std::string authentication;
    int level{0};
    int status{0};
    std::string description;
};

struct expectation {
    bool logged_in{false};
    std::string user; // $USERNAME
    // Of the refusal
    std::string sqlstate;
    int native{0};
    irislink::step step{};
    std::vector<expected_record> records;
    bool hello_refused{false}; // audited without the client's name, which comes later
    bool code_due{false};      // the server asks for a code
};

[[nodiscard]] expectation expect(const cell& in);

} // namespace irislink::test::matrix
