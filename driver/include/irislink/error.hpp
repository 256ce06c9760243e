#pragma once
// Errors of irislink: what failed, at which step, in the server's words, and what to do about it.
//
// Functions come in two forms: one throws irislink::error; one takes std::error_code& and diagnostics&
// as its last arguments, which say what became of that call: no code and no record, or the error's. The
// value it returns then is empty. Both carry the same facts.

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace irislink {

// The step of a connection's life at which something failed.
enum class step {
    settings,
    resolve,
    connect,
    tls,
    kerberos,
    hello,
    login,
    second_factor,
    statement,
    fetch,
    cancel,
    disconnect,
};

[[nodiscard]] std::string_view to_string(step value) noexcept;

// Why an operation failed, as a std::error_code of category "irislink".
enum class errc {
    bad_settings = 1,
    resolve_failed,
    connect_failed,
    tls_failed,
    kerberos_failed,
    protocol_error, // the peer's bytes make no sense; the connection is dead
    connection_lost,
    login_refused,
    second_factor_required,
    second_factor_refused,
    timed_out,
    cancelled,
    server_error, // the statement failed; the connection lives
    not_connected,
    bad_argument,   // of a call: wrong parameter count, column that does not exist
    bad_conversion, // a value that does not fit the type asked for
    out_of_sequence,
    password_change_required, // the account has to change its password before it may log in
};

[[nodiscard]] const std::error_category& error_category() noexcept;
[[nodiscard]] std::error_code make_error_code(errc value) noexcept;

struct diagnostic {
    errc code{errc::server_error};
    std::string sqlstate{"HY000"};
    int native{0}; // SQLCODE as documented: negative for server errors, status otherwise
    irislink::step step{irislink::step::statement};
    std::string text;   // ours, or the server's words untouched
    std::string hint;   // what to do about it; may be empty
    bool fatal{false};  // the connection cannot be used any more
    std::size_t row{0}; // 1-based row or parameter set; 0: none

    // One line for people: "[42S02] SQLCODE -30 at statement: ...".
    [[nodiscard]] std::string message() const;
};

// What there is to say about one call or one set of options: an error, or warnings.
class diagnostics {
public:
    [[nodiscard]] bool empty() const noexcept { return records_.empty(); }

    [[nodiscard]] const diagnostic& front() const { return records_.front(); }

    [[nodiscard]] const std::vector<diagnostic>& records() const noexcept { return records_; }

    void add(diagnostic record) { records_.push_back(std::move(record)); }

    void clear() noexcept { records_.clear(); }

private:
    std::vector<diagnostic> records_;
};

class error : public std::system_error {
public:
    explicit error(diagnostic record) : std::system_error(make_error_code(record.code)), record_(std::move(record)), what_(record_.message()) {}

    // diagnostic::message(), without the category's words that std::system_error would add.
    [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

    [[nodiscard]] const std::string& sqlstate() const noexcept { return record_.sqlstate; }

    [[nodiscard]] int native_code() const noexcept { return record_.native; }

    [[nodiscard]] irislink::step step() const noexcept { return record_.step; }

    [[nodiscard]] const std::string& text() const noexcept { return record_.text; }

    [[nodiscard]] const std::string& hint() const noexcept { return record_.hint; }

    [[nodiscard]] bool is_fatal() const noexcept { return record_.fatal; }

    [[nodiscard]] const irislink::diagnostic& record() const noexcept { return record_; }

private:
    irislink::diagnostic record_;
    std::string what_;
};

namespace detail {

// The second form of every function: runs its first. Anything but irislink::error, such as the
// exception of a caller's own callback, passes.
template <class Work> auto returning_errors(std::error_code& failed, diagnostics& why, const Work& work) -> decltype(work()) {
    failed.clear();
    why.clear();
    try {
        return work();
    } catch (const error& known) {
        failed = known.code();
        why.add(known.record());
    }
    return decltype(work())();
}

} // namespace detail
} // namespace irislink

template <> struct std::is_error_code_enum<irislink::errc> : std::true_type {};
